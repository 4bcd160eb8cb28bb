// Days are typed as dd/mm/yyyy. The button opens the browser's own calendar; leaving the box tidies what was typed.
import { two } from "./words.js";

const FORMS = [/^(\d{1,2})[/.\-\s]+(\d{1,2})[/.\-\s]+(\d{4}|\d{2})$/, /^(\d{2})(\d{2})(\d{4})$/];

function tidy(typed) {
  for (const form of FORMS) {
    const found = form.exec(typed.trim());
    if (!found) continue;
    const [, day, month, year] = found;
    return `${two(day)}/${two(month)}/${year.length === 2 ? `20${year}` : year}`;
  }
  return typed;
}

function iso(shown) {
  const found = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(tidy(shown));
  return found ? `${found[3]}-${found[2]}-${found[1]}` : "";
}

function calendar(box, field) {
  const picker = document.createElement("input");
  picker.type = "date";
  picker.tabIndex = -1;
  picker.setAttribute("aria-hidden", "true");
  picker.addEventListener("change", () => {
    if (!picker.value) return;
    const [year, month, day] = picker.value.split("-");
    field.value = `${day}/${month}/${year}`;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  box.append(picker);
  return picker;
}

function open(box) {
  const field = box.querySelector("input");
  const picker = box.querySelector("[type=date]") ?? calendar(box, field);
  picker.value = iso(field.value);
  picker.showPicker();
}

export function start() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-day-button]");
    if (button) open(button.closest("[data-day]"));
  });
  document.addEventListener("focusout", (event) => {
    const field = event.target;
    if (field.type === "text" && field.closest?.("[data-day]")) field.value = tidy(field.value);
  });
}
