// One spelling to store, one folded form to match: the twin of tdteam/domain/vietnamese.py (tests/browser/test_phone_rules.py).
const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const BLANKS = new RegExp(`[${BLANK}]+`, "g");
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
const MARKS = /\p{Mn}/gu;
// eslint-disable-next-line no-control-regex
const ASCII = /^[\x00-\x7f]*$/;

const joined = (text) => text.replace(BLANKS, " ").replace(/^ | $/g, "");

function unmarked(text) {
  return text
    .replace(INVISIBLE, "")
    .replace(/\xad/g, "")
    .normalize("NFKD")
    .replace(MARKS, "")
    .toLowerCase()
    .replace(/[\u0111\xf0]/g, "d");
}

/** Lower case, no marks, the barred d as d, single spaces. Idempotent. */
export function fold(text) {
  return joined(ASCII.test(text) ? text.toLowerCase() : unmarked(unmarked(text)));
}

/** The stored spelling: composed letters, single spaces, none at the ends. */
export function nfc(text) {
  const plain = text.replace(/\0/g, "").replace(INVISIBLE, "").replace(/\xd0/g, "\u0110");
  return joined(joined(plain).normalize("NFC"));
}

/** A text of several lines as it is kept. */
export const stored = (text) => text.split("\n").map(nfc).join("\n").trim();

/** A name typed all in capitals, in the usual spelling; any other is somebody's own. */
export function titleName(text) {
  const name = nfc(text);
  if (name !== name.toUpperCase() || name === name.toLowerCase()) return name;
  return name
    .toLowerCase()
    .replace(/(^|[\s\-'\u2019(.])([\p{L}\p{N}_])/gu, (_, before, letter) => before + letter.toUpperCase());
}

const collator = new Intl.Collator("vi");

/** A person for sorting: given name (the last word), family name, what stands between. */
function parts(name) {
  const words = nfc(name).split(" ");
  const given = words.pop();
  return [given, words.shift() ?? "", words.join(" ")];
}

/** The list in the order of people's names. `of` gives the name of one. */
export function byName(list, of) {
  const keyed = list.map((one) => [parts(of(one) || "\uffff"), one]);
  keyed.sort(
    ([a], [b]) => collator.compare(a[0], b[0]) || collator.compare(a[1], b[1]) || collator.compare(a[2], b[2]),
  );
  return keyed.map(([, one]) => one);
}
