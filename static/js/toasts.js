// A word at the foot of the page with one button, for what can be taken back. It takes no focus and waits while the
// reader is on it; nothing is lost when it goes: the page itself offers the same.
const SECONDS = 12;

function expire(box) {
  let left = SECONDS;
  const tick = setInterval(() => {
    if (box.matches(":hover,:focus-within")) return;
    left -= 1;
    if (left <= 0) {
      clearInterval(tick);
      box.remove();
    }
  }, 1000);
}

/** Shows words and a button that runs `undo`. */
export function toast(words, label, undo) {
  const box = document.createElement("div");
  box.className = "toast";
  const text = document.createElement("span");
  text.textContent = words;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "b";
  button.textContent = label;
  button.addEventListener("click", () => {
    undo();
    box.remove();
  });
  box.append(text, button);
  document.querySelector(".toasts").replaceChildren(box);
  expire(box);
}

export function start() {
  for (const box of document.querySelectorAll("[data-toast]")) expire(box);
}
