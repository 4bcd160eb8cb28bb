// Long work that runs on the server: asks how far it is and says so.
// The server answers {"done": 1200, "total": 50000, "said": "Reading…" | "", "next": null | "/imports/7"}.
// <div data-progress="/imports/7/progress"><progress …><p data-progress-said role="status">…
//   asks from the start, then opens the page that `next` names.
// <form data-progress-form="/imports/7/progress">…<div data-progress-box hidden><progress …>…
//   shows its box and asks while the browser waits for the answer to the form; without a script it is a plain form.
import { number, t } from "./words.js";

const PAUSE = 700;
const SLOWEST = 5000;

async function ask(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function follow(box, url, opens) {
  const bar = box.querySelector("progress");
  const place = box.querySelector("[data-progress-said]");
  let pause = PAUSE;
  for (;;) {
    try {
      const { done, total, said, next } = await ask(url);
      if (next) {
        if (opens) location.replace(next);
        return;
      }
      bar.max = total || 1;
      bar.value = done;
      if (said ?? true) place.textContent = said ?? t("still_reading", { done: number(done), total: number(total) });
      pause = PAUSE;
    } catch {
      pause = Math.min(pause * 2, SLOWEST);
    }
    await new Promise((again) => setTimeout(again, pause));
  }
}

function send(form) {
  const buttons = form.querySelectorAll("button");
  const box = form.querySelector("[data-progress-box]");
  // After the form is on its way: a disabled button would not be sent, and a second press must not be.
  setTimeout(() => {
    for (const button of buttons) button.disabled = true;
    box.hidden = false;
    follow(box, form.dataset.progressForm, false);
  });
  addEventListener("pageshow", () => {
    for (const button of buttons) button.disabled = false;
    box.hidden = true;
  });
}

export function start() {
  for (const box of document.querySelectorAll("[data-progress]")) follow(box, box.dataset.progress, true);
  for (const form of document.querySelectorAll("form[data-progress-form]")) {
    form.addEventListener("submit", () => send(form), { once: true });
  }
}
