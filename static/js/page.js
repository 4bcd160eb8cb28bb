// Small courtesies of every page: the summary of what to put right gets the focus, the Print button prints, a table that
// is wider than the screen can be scrolled by the keyboard.
function reach() {
  for (const box of document.querySelectorAll(".tw")) {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", box.querySelector("caption")?.textContent ?? document.title);
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    }
  }
}

export function start() {
  document.querySelector("[data-focus]")?.focus();
  reach();
  addEventListener("resize", reach);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
  });
}
