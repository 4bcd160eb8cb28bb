// Menus are <details>: they open by themselves. This closes them on Esc and on a click elsewhere, and folds the
// sections behind one button on narrow screens.
const open = () => document.querySelectorAll("details.menu[open]");

function fold(button) {
  const top = button.closest(".top");
  const shown = top.classList.toggle("open");
  button.setAttribute("aria-expanded", String(shown));
}

export function start() {
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  for (const button of document.querySelectorAll("[data-menu]")) {
    button.addEventListener("click", () => fold(button));
  }
}
