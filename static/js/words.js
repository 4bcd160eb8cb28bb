// The sentences of scripts. They come with the page as JSON, from the same catalogue as the page itself.
const block = document.getElementById("words");
const words = block ? JSON.parse(block.textContent) : {};

/** More sentences than came with the page. */
export const addWords = (more) => Object.assign(words, more);

/** The sentence for a key, its %(name)s filled in. */
export function t(key, values = {}) {
  return (words[key] ?? key).replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
}

/** 14:05, of a Date. */
export function clock(when = new Date()) {
  return `${two(when.getHours())}:${two(when.getMinutes())}`;
}

/** 05/03 14:05, of a Date. */
export function moment(when) {
  return `${two(when.getDate())}/${two(when.getMonth() + 1)} ${clock(when)}`;
}

/** 1.234, of a whole number. */
export function number(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ".");
}

export function two(value) {
  return String(value).padStart(2, "0");
}
