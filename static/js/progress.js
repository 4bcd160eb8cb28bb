// Long work that runs on the server: asks how far it is, then opens the page that shows it.
// <div data-progress="/imports/7/progress"><progress …><p data-progress-said role="status">…
// The server answers {"done": 1200, "total": 50000, "next": null | "/imports/7"}.
import { number, t } from "./words.js";

const PAUSE = 700;
const SLOWEST = 5000;

async function ask(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function follow(box) {
  const bar = box.querySelector("progress");
  const said = box.querySelector("[data-progress-said]");
  let pause = PAUSE;
  for (;;) {
    try {
      const { done, total, next } = await ask(box.dataset.progress);
      if (next) {
        location.replace(next);
        return;
      }
      bar.max = total || 1;
      bar.value = done;
      said.textContent = t("still_reading", { done: number(done), total: number(total) });
      pause = PAUSE;
    } catch {
      pause = Math.min(pause * 2, SLOWEST);
    }
    await new Promise((again) => setTimeout(again, pause));
  }
}

export function start() {
  for (const box of document.querySelectorAll("[data-progress]")) follow(box);
}
