// Keeps half-typed long forms on this computer until they are saved. Only fields marked data-keep, and never a field
// that may hold a person's data: the page says which. <form data-draft="report-12-2026-11">
import { clock, moment, t } from "./words.js";

const PREFIX = "tdteam.draft.";
const KEPT_DAYS = 14;

const fields = (form) => [...form.querySelectorAll("[data-keep]")];

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(form, key) {
  const values = Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }));
    const said = form.querySelector("[data-draft-said]");
    if (said) said.textContent = t("draft_kept", { clock: clock() });
  } catch {
    // Full or closed: the form still saves to the server.
  }
}

function differs(form, draft) {
  return fields(form).some((field) => field.name in draft.values && draft.values[field.name] !== field.value);
}

function restore(form, draft) {
  for (const field of fields(form)) if (field.name in draft.values) field.value = draft.values[field.name];
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function button(words, run) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "b";
  made.textContent = words;
  made.addEventListener("click", run);
  return made;
}

function offer(form, key, draft) {
  const note = document.createElement("div");
  note.className = "note wait bar2";
  note.setAttribute("role", "status");
  const words = document.createElement("span");
  words.textContent = t("draft_found", { when: moment(new Date(draft.at)) });
  const buttons = document.createElement("span");
  buttons.className = "bs";
  const done = () => note.remove();
  buttons.append(
    button(t("draft_restore"), () => (restore(form, draft), done())),
    button(t("draft_drop"), () => (localStorage.removeItem(key), done())),
  );
  note.append(words, buttons);
  form.prepend(note);
}

/** Removes drafts older than two weeks; all of them at sign-out. */
function sweep(all = false) {
  try {
    const old = Date.now() - KEPT_DAYS * 86_400_000;
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX) && (all || (read(key)?.at ?? 0) < old)) localStorage.removeItem(key);
    }
  } catch {
    // Closed storage holds nothing.
  }
}

function watch(form) {
  const key = PREFIX + form.dataset.draft;
  const draft = read(key);
  if (draft && differs(form, draft)) offer(form, key, draft);
  let timer = 0;
  form.addEventListener("input", (event) => {
    if (!event.target.matches?.("[data-keep]")) return;
    clearTimeout(timer);
    timer = setTimeout(() => write(form, key), 800);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    // Gone only once the page that follows says so: a refused form comes back with its draft and the typed text.
    write(form, key);
  });
}

export function start() {
  sweep();
  for (const form of document.querySelectorAll("form[data-draft]")) watch(form);
  // A page that shows what was saved names the draft it makes needless.
  for (const saved of document.querySelectorAll("[data-draft-done]")) {
    localStorage.removeItem(PREFIX + saved.dataset.draftDone);
  }
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-sign-out]")) sweep(true);
  });
}
