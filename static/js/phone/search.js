// Finds households by the name of anybody in them, without diacritics, among thousands, between two keystrokes.
import { byName, fold } from "./fold.js";

/**
 * The index of a roster: one folded line a household. `households`: Map id -> household; `byHousehold`: Map id -> residents.
 * Made once a roster; a search only walks it.
 */
export function makeIndex(households, byHousehold) {
  const homes = byName([...households.values()], (home) => home.head);
  return homes.map((home) => {
    const people = byHousehold.get(home.id) ?? [];
    const lines = [home.head, ...people.map((one) => one.name)].map((name) => ` ${fold(name ?? "")}`);
    return { home, people, lines, phone: home.phone ?? "", all: `${lines.join("\n")}\n${home.phone ?? ""}` };
  });
}

/**
 * Households that hold every word of `typed`, words of one person first, heads before others:
 * [{home, person}], person being the resident who was found, when it is not the head.
 */
export function search(index, typed, limit = 30) {
  const words = fold(typed).split(" ").filter(Boolean);
  if (!words.length) return [];
  const whole = ` ${words.join(" ")}`;
  const digits = typed.replace(/[\s.\-+]/g, "");
  const ranks = [[], [], [], [], []];
  for (const entry of index) {
    if (!words.every((word) => entry.all.includes(word)) && !isPhone(entry, digits)) continue;
    const [rank, person] = nearness(entry, words, whole);
    ranks[rank].push({ home: entry.home, person });
    if (ranks[0].length >= limit) break;
  }
  return ranks.flat().slice(0, limit);
}

const isPhone = (entry, digits) => /^\d{4,}$/.test(digits) && entry.phone.includes(digits.replace(/^84/, "0"));

/** 0: the head's name holds the words as typed; 1: somebody else's does; 2, 3: each word starts one of theirs; 4: elsewhere. */
function nearness({ lines, people }, words, whole) {
  const starts = (line) => words.every((word) => line.includes(` ${word}`));
  for (const [rank, fits] of [
    [0, (line) => line.includes(whole)],
    [2, starts],
  ]) {
    const at = lines.findIndex(fits);
    if (at === 0) return [rank, null];
    if (at > 0) return [rank + 1, people[at - 1]];
  }
  return [4, null];
}
