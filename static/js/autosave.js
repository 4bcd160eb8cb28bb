// Sends a form in the background while one types, and says so. <form data-autosave="/reports/12/2026-11/words">
// The server answers 204 or 200 (saved), 409 (somebody else saved since), 401 or
// 400 (nobody is signed in any more, or somebody anew), or anything else (not saved: tried again). The
// text stays whatever comes.
// A 200 may carry {"version": n}: the version now kept, from which the next save of this form starts (base_version).
import { clean } from "./guard.js";
import { clock, t } from "./words.js";

const PAUSE = 1200;
const LONGEST = 10_000;

async function follow(form, answer) {
  const base = form.elements.base_version;
  if (!base || !answer.headers.get("Content-Type")?.startsWith("application/json")) return;
  const { version } = await answer.json();
  if (version !== undefined) base.value = version;
}

const [SAVED, OVERTAKEN, LEFT, FAILED] = ["saved", "overtaken", "left", "failed"];

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
    if (answer.ok) await follow(form, answer);
    if (answer.ok) return SAVED;
    if (answer.status === 409) return OVERTAKEN;
    return answer.status === 400 || answer.status === 401 ? LEFT : FAILED;
  } catch {
    return FAILED;
  } finally {
    clearTimeout(timer);
  }
}

function watch(form) {
  const said = form.querySelector("[data-draft-said]") ?? document.createElement("span");
  let timer = 0;
  let typed = 0;
  let sending = false;
  const save = async () => {
    if (sending) return; // its answer brings the version from which the next one starts
    sending = true;
    const before = typed;
    said.textContent = t("saving");
    const end = await send(form);
    sending = false;
    clearTimeout(timer);
    if (end === SAVED && before === typed) {
      clean(form);
      said.textContent = t("saved_at", { clock: clock() });
      form.dispatchEvent(new CustomEvent("tdteam:saved", { bubbles: true }));
    } else if (end === SAVED) {
      timer = setTimeout(save, PAUSE);
    } else if (end === OVERTAKEN) {
      said.textContent = t("overtaken"); // the page's own Save shows what the other wrote
    } else if (end === LEFT) {
      said.textContent = t("signed_out"); // likewise: the page that answers it keeps the text
    } else {
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
