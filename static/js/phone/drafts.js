// Keeps what is being written, letter by letter, so that a flat battery, a killed browser or a new version loses nothing.
export const LIST = "visit.drafts";
export const OPEN = "visit.open";
const WAIT = 250; // milliseconds after the last letter

/** {touch, flush, stop, resume, drop}: writes `read()` under a key soon after each touch, at once when the page goes away. */
export function keepDraft(box, key, read) {
  let timer = null;
  let dirty = false;
  let stopped = false;
  const write = async () => {
    clearTimeout(timer);
    if (!dirty || stopped) return;
    dirty = false;
    try {
      await box.saveDraft(key, structuredClone(read()));
    } catch {
      dirty = true; // the text is still on the screen; the next touch tries again
    }
  };
  const hide = () => void write();
  addEventListener("pagehide", hide);
  document.addEventListener("visibilitychange", hide);
  const end = () => {
    removeEventListener("pagehide", hide);
    document.removeEventListener("visibilitychange", hide);
  };
  return {
    touch() {
      dirty = true;
      clearTimeout(timer);
      timer = setTimeout(write, WAIT);
    },
    async flush() {
      await write();
      end();
    },
    /** Nothing more is written: the record takes the draft's place. */
    async stop() {
      await write();
      stopped = true;
    },
    resume() {
      stopped = false;
      dirty = true;
    },
    async drop() {
      stopped = true;
      clearTimeout(timer);
      end();
      await box.dropDraft(key);
      await closeDraft({ box }, key);
    },
  };
}

/** Whether nothing was written yet of a visit that would be missed. */
export const isBlank = (draft) =>
  !draft.target &&
  draft.contact === "met" &&
  draft.place === "home" &&
  !draft.entries.length &&
  !draft.note.trim() &&
  !draft.photos.length &&
  !draft.minutes &&
  !draft.return_on;

/** Remembers that this draft is the one on the screen. */
export async function openDraft({ box }, key) {
  const list = (await box.setting(LIST)) ?? [];
  if (!list.includes(key)) await box.set(LIST, [...list, key].slice(-30));
  await box.set(OPEN, key);
}

export async function closeDraft({ box }, key) {
  const list = (await box.setting(LIST)) ?? [];
  await box.set(LIST, list.filter((one) => one !== key));
  if ((await box.setting(OPEN)) === key) await box.set(OPEN, null);
}
