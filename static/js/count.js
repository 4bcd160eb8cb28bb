// How many letters a long text may still take, said once it matters.
import { number, t } from "./words.js";

function say(place, field) {
  const left = field.maxLength - field.value.length;
  place.textContent = left <= Math.max(30, field.maxLength / 5) ? t("letters_left", { count: number(left) }) : "";
}

export function start() {
  for (const place of document.querySelectorAll("[data-count-for]")) {
    const field = document.getElementById(place.dataset.countFor);
    if (!field || field.maxLength < 0) continue;
    say(place, field);
    field.addEventListener("input", () => say(place, field));
  }
}
