// What a note may never hold: identity and card numbers, one-time codes, passwords. The twin of tdteam/domain/privacy.py,
// rule for rule (tests/browser/test_phone_rules.py asks both). Older Safari knows no lookbehind, so what must stand
// to the left of a match is looked at by hand.
export const NOTE_LENGTH = 2000;

const W = "[\\p{L}\\p{N}_]";
const YEAR = "(?:19|20)\\d\\d";
const BLANKS = /[\t\v-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;

const never = (bad) => (text, at) => !bad.test(text.slice(Math.max(0, at - 2), at));
const noEdge = never(/\d$|\d[ .-]$/);
const noDigit = never(/\d$/);
const EXEMPT = [
  [never(/[a-z0-9]$/i), "(?:\\d{3}\\.\\d\\d\\.\\d\\d\\.)?[a-z]\\d\\d(?:\\.\\d{1,3}){0,4}-\\d{6}-\\d{1,7}(?!\\d)"],
  [noEdge, `[0-3]?\\d([./-])[01]?\\d\\1${YEAR}(?![./-]?\\d)`],
  [noEdge, `${YEAR}-[01]\\d-[0-3]\\d(?![./-]?\\d)`],
  [noDigit, "(?:\\+?84|0)[235789]\\d{8}(?!\\d)"],
  [noEdge, "(?:\\+84 ?|0)[35789]\\d{1,2}[ .-]\\d{3}[ .-]\\d{3,4}(?![ .-]?\\d)"],
  [noEdge, `\\d{1,3}(?:\\.\\d{3})+(?= ?(?:\\u0111|dong(?!${W})|vn[d\\u0111]))`],
].map(([left, pattern]) => [left, new RegExp(pattern, "iuy")]);

const DIGITS = "(?<secret>\\d(?:[ .-]?\\d){3,7})(?![ .-]?\\d)";
const BESIDE = "(?:otp|pass(?:word|code)?|m\\u1eadt kh\\u1ea9u|mat khau|mk)";
const BEFORE =
  "m\\u00e3(?:\\s+(?:otp|pin|sms|l\\u00e0|s\\u1ed1|v\\u1ec1|g\\u1eedi|x\\u00e1c nh\\u1eadn|x\\u00e1c th\\u1ef1c" +
  "|b\\u1ea3o m\\u1eadt|k\\u00edch ho\\u1ea1t|\\u0111\\u0103ng nh\\u1eadp))*";
const [GAP, IS, CODE] = ["[\\s(:\\-]", "(?:l\\u00e0\\s+)", "(?:(?:m\\u00e3|ma)\\s+)"];
const word = new RegExp(`${W}$`, "u");
const wordStarts = (text, at) => !word.test(text.slice(Math.max(0, at - 2), at));
const SECRETS = [
  [wordStarts, `${BESIDE}(?!${W})[^\\d,;.\\n]{0,20}${DIGITS}`, "i"],
  [wordStarts, `${BEFORE}\\s*[:=(\\-]?\\s*${DIGITS}`, "i"],
  [wordStarts, `PIN(?!${W})\\s*[:=(\\-]?\\s*${DIGITS}(?! ?m?Ah)`, ""],
  [never(/[\d.]$/), `${DIGITS}(?:${GAP}+${IS}?${CODE}?|${IS}${CODE}?|${CODE})${BESIDE}(?!${W})`, "i"],
].map(([left, pattern, flags]) => [left, new RegExp(pattern, `${flags}udy`)]);
const YEAR_SAID = /n\u0103m\s*$/i;

/** Each match of [left, pattern] pairs from left to right, the first that fits at a place, as a regular expression finds them. */
function* matches(text, pairs) {
  for (let at = 0; at < text.length; ) {
    let found = null;
    for (const [left, pattern] of pairs) {
      pattern.lastIndex = at;
      found = left(text, at) ? pattern.exec(text) : null;
      if (found) break;
    }
    if (found) yield found;
    at += found?.[0].length || (text.codePointAt(at) > 0xffff ? 2 : 1);
  }
}

/** 0-9 for a digit of any script: the digits of a script stand in rows of ten, zero first. */
function digit(letter) {
  let at = letter.codePointAt(0);
  if (at < 0x80) return letter;
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(--at))) before += 1;
  return String(before % 10);
}

const plain = (text) =>
  text.normalize("NFKC").replace(/\p{Nd}/gu, digit).replace(/\p{Cf}/gu, "").replace(BLANKS, " ");

const sum = (sizes) => sizes.reduce((all, size) => all + size, 0);
const WINDOWS = [[3, 3, 3, 3], [3, 3, 3], [4, 4, 4]];

function judgeRun(run) {
  const groups = run.split(/[ .\-_]/);
  const sizes = groups.map((group) => group.length);
  const total = sum(sizes);
  const isIdentity = (size) => size === 9 || size === 12;
  if (sizes.some(isIdentity)) return "id_number";
  if (sizes.some((size) => size >= 13)) return "card_number";
  const years = groups.filter((group) => /^(?:19|20)\d\d$/.test(group));
  if (years.length && groups.every((group) => group.length <= 2 || years.includes(group))) return null;
  const isCard = total >= 13 && total <= 19;
  if (isCard && sizes.length >= 4 && sizes.slice(0, 4).every((size) => size === 4)) return "card_number";
  const holds = (window) => sizes.some((_, at) => window.every((size, step) => sizes[at + step] === size));
  if (isIdentity(total) || WINDOWS.some(holds)) return "id_number";
  return isCard ? "card_number" : null;
}

/** The code of the first forbidden thing in a text (id_number, card_number, secret_code), or null. */
export function findForbidden(text) {
  if (!text) return null;
  const words = plain(text);
  for (const pair of SECRETS) {
    for (const found of matches(words, [pair])) {
      if (!YEAR_SAID.test(words.slice(0, found.indices.groups.secret[0]))) return "secret_code";
    }
  }
  let left = "";
  let done = 0;
  for (const found of matches(words, EXEMPT)) {
    left += words.slice(done, found.index) + "x".repeat(found[0].length);
    done = found.index + found[0].length;
  }
  left += words.slice(done);
  for (const [run] of left.matchAll(/\d(?:[ .\-_]?\d)*/g)) {
    const code = judgeRun(run);
    if (code) return code;
  }
  return null;
}
