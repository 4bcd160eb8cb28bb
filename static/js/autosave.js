// Sends a form in the background while one types, and says so. <form data-autosave="/reports/12/2026-11/words">
// The server answers 204 (saved) or anything else (not saved: the text stays, the next pause tries again).
import { clean } from "./guard.js";
import { clock, t } from "./words.js";

const PAUSE = 1200;
const LONGEST = 10_000;

async function send(form) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), LONGEST);
  try {
    const answer = await fetch(form.dataset.autosave, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      signal: abort.signal,
      redirect: "error",
    });
    return answer.ok;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function watch(form) {
  const said = form.querySelector("[data-draft-said]") ?? document.createElement("span");
  let timer = 0;
  let typed = 0;
  const save = async () => {
    const before = typed;
    said.textContent = t("saving");
    const done = await send(form);
    if (done && before === typed) {
      clean(form);
      said.textContent = t("saved_at", { clock: clock() });
      form.dispatchEvent(new CustomEvent("tdteam:saved", { bubbles: true }));
    } else if (!done) {
      said.textContent = t("not_saved");
      timer = setTimeout(save, LONGEST);
    }
  };
  form.addEventListener("input", () => {
    typed += 1;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}

export function start() {
  for (const form of document.querySelectorAll("form[data-autosave]")) watch(form);
}
