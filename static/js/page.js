// Small courtesies of every page: the summary of what to put right gets the focus, the Print button prints.
export function start() {
  document.querySelector("[data-focus]")?.focus();
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
  });
}
