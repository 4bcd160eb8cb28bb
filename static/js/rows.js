// Repeated rows (assists of a visit) come and go without a round trip. Without this script the same buttons submit.
import { toast } from "./toasts.js";
import { t } from "./words.js";

function add(list) {
  const template = list.querySelector("template");
  if (!template) return false;
  const n = list.dataset.rowsNext;
  list.dataset.rowsNext = Number(n) + 1;
  const holder = document.createElement("div");
  holder.innerHTML = template.innerHTML.replaceAll("__n__", n);
  const row = holder.firstElementChild;
  list.querySelector("[data-rows-here]").append(row);
  row.dispatchEvent(new CustomEvent("tdteam:row", { bubbles: true }));
  row.querySelector("input:not([type=hidden]),select,textarea")?.focus();
  return true;
}

function drop(row) {
  const next = row.nextElementSibling;
  const home = row.parentElement;
  row.remove();
  home.dispatchEvent(new Event("input", { bubbles: true }));
  toast(t("row_removed"), t("undo"), () => home.insertBefore(row, next));
}

export function start() {
  document.addEventListener("click", (event) => {
    const plus = event.target.closest("[data-rows-add]");
    if (plus && add(plus.closest("[data-rows]"))) event.preventDefault();
    const minus = event.target.closest("[data-rows-drop]");
    if (minus && minus.closest("[data-rows]").querySelector("template")) {
      event.preventDefault();
      drop(minus.closest("[data-row]"));
    }
  });
}
