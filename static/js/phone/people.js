// What is wrong with a household, resident, consent or phone as typed: the twin of tdteam/domain/{households,residents,persons,
// phones}.py (tests/browser/test_phone_rules.py asks both).
import { fold, nfc, titleName } from "./fold.js";
import { flaw, judgeText } from "./judge.js";
import { findForbidden } from "./privacy.js";

export const KINDS = ["household", "business", "cooperative"];
export const POVERTY = ["none", "poor", "near_poor"];
export const METHODS = ["spoken", "signed"];
export const HOUSEHOLD_ENDS = ["moved", "dissolved", "twin"];
export const RESIDENT_ENDS = ["moved", "died", "twin"];
export const EID2 = "EID2";
export const LEVEL2_AGE = 14;

const when = (bad, field, code, params) => (bad ? [flaw(field, code, params)] : []);
const year = (today) => Number(today.slice(0, 4));
const known = (field, value, list, needed = false) =>
  value ? when(!list.includes(value), field, "choice_unknown") : when(needed, field, "required");
const over = (part, whole) => part != null && whole != null && part > whole;

export function judgeName(field, name) {
  const clean = (name ?? "").trim();
  if (!clean) return [flaw(field, "required")];
  if ([...clean].length > 120) return [flaw(field, "text_long", { most: 120 })];
  const code = findForbidden(clean);
  if (code) return [flaw(field, code)];
  return when(/\p{Nd}/u.test(clean) || !/\p{L}/u.test(clean), field, "name_letters");
}

const judgeBirthYear = (field, born, low, high) =>
  when(born != null && (born < low || born > high), field, "birth_year", { low, high });

/** A household's body (docs/sync.md), tidied. */
export function tidyHousehold(body) {
  const phone = parsePhone(body.phone);
  const home = body.kind === "household";
  return {
    ...body,
    head: home ? titleName(body.head) : nfc(body.head),
    poverty: (home && body.poverty) || null,
    phone: phone?.code ? body.phone : phone,
    note: body.note.trim(),
  };
}

export function judgeHousehold(body, today) {
  const home = body.kind === "household";
  const { people, adults, eid2 } = body;
  const most = home ? 99 : 9999;
  const head = (body.head ?? "").trim() ? judgeText("head", body.head, 120) : [flaw("head", "required")];
  const phone = parsePhone(body.phone);
  return [
    ...when(!body.village_id, "village_id", "required"),
    ...known("kind", body.kind, KINDS, true),
    ...(home ? judgeName("head", body.head) : head),
    ...judgeBirthYear("birth_year", body.birth_year, year(today) - 120, year(today) - 10),
    ...when(people != null && (people < 1 || people > most), "people", "number_range", { low: 1, high: most }),
    ...when(over(adults, people), "adults", "adults_over_people", { people }),
    ...(over(eid2, adults)
      ? [flaw("eid2", "eid2_over_adults", { adults })]
      : when(adults == null && over(eid2, people), "eid2", "adults_over_people", { people })),
    ...known("poverty", body.poverty, POVERTY),
    ...when(phone?.code, "phone", phone?.code),
    ...judgeText("note", body.note),
  ];
}

/** Nothing is presumed: yes or no, how it was said, when. */
export function judgeConsent({ consent, method, on }, today) {
  return [
    ...when(consent == null, "consent", "required"),
    ...known("method", method, METHODS, true),
    ...judgeDayCome("consent_on", on, today),
  ];
}

const judgeDayCome = (field, on, today) =>
  on ? when(on > today, field, "date_future", { today }) : [flaw(field, "required")];

/** The end of a household or of a person's stay. */
export const judgeEnd = ({ why, on }, ends, today) => [
  ...known("why", why, ends, true),
  ...judgeDayCome("ended_on", on, today),
];

/** `attainable`: codes of what a person can attain. */
export function judgeResident(body, today, attainable) {
  const flaws = [
    ...judgeName("name", body.name),
    ...judgeBirthYear("birth_year", body.birth_year, year(today) - 120, year(today)),
    ...known("sex", body.sex, ["male", "female"]),
  ];
  body.attained.forEach(({ indicator, on, source }, place) => {
    const at = `attained.${place}.`;
    flaws.push(...known(`${at}indicator`, indicator, attainable, true));
    if (on && on > today) flaws.push(flaw(`${at}on`, "date_future", { today }));
    else if (on && body.birth_year && Number(on.slice(0, 4)) < body.birth_year) {
      flaws.push(flaw(`${at}on`, "before_birth", { year: body.birth_year }));
    }
    flaws.push(...judgeText(`${at}source`, source, 120));
  });
  return flaws;
}

const PREFIXES = Object.fromEntries(
  (
    "0162:032 0163:033 0164:034 0165:035 0166:036 0167:037 0168:038 0169:039 0120:070 0121:079 0122:077 0126:076 " +
    "0128:078 0123:083 0124:084 0125:085 0127:081 0129:082 0186:056 0188:058 0199:059 020:0214 029:0216"
  )
    .split(" ")
    .map((pair) => pair.split(":")),
);
const NOTHING = ["", "khong", "khong co", "ko", "ko co", "k", "chua co", "chua", "-", "--", "\u2014", "x"];
const NOISE = /[\s.\-()\u2013']+/g;

function canonical(typed) {
  let digits = typed.replace(NOISE, "").replace(/^(?:\+|00)?84(?=[1-9]\d{8,9}$|0\d{9,10}$)/, "");
  if (!/^\d+$/.test(digits)) return null;
  if (digits[0] !== "0") digits = `0${digits}`;
  if (/^0[35789]\d{8}$|^02\d{9}$/.test(digits)) return digits;
  if (/^01\d{9}$/.test(digits) && PREFIXES[digits.slice(0, 4)]) return PREFIXES[digits.slice(0, 4)] + digits.slice(4);
  return /^02[09]\d{7}$/.test(digits) ? PREFIXES[digits.slice(0, 3)] + digits.slice(3) : null;
}

/** The number as it is dialled, null where none is meant, else a flaw `phone_form` or `phone_two`. */
export function parsePhone(typed, field = "phone") {
  if (typed == null) return null;
  const text = fold([...typed].slice(0, 100).join("")).replace(
    /^(?:so dt|so|sdt|dt|dd|tel|phone|zalo)\s*[:.]?\s*/,
    "",
  );
  if (NOTHING.includes(text)) return null;
  const number = canonical(text);
  if (number) return number;
  const parts = text.split(/[/;,]|\s+-\s+|\bva\b|\bhoac\b|\s{2,}/).filter((part) => part.trim());
  return flaw(field, parts.length > 1 && parts.every(canonical) ? "phone_two" : "phone_form");
}

/** 0912 345 678. */
export const showPhone = (number) =>
  (number ?? "").replace(/^(\d{4})(\d{3,4})(\d{3})$/, "$1 $2 $3");

/** Households of a village whose head has the same name (marks aside) and whose birth years do not differ. */
export function findTwins(households, body, but = null) {
  const head = fold(body.head);
  const out = [];
  for (const one of households.values()) {
    const same = one.village_id === body.village_id && one.id !== but && fold(one.head ?? "") === head;
    const years = !body.birth_year || !one.birth_year || body.birth_year === one.birth_year;
    if (head && same && years) out.push(one);
  }
  return out.slice(0, 5);
}

/** Level 2 in a household: {have, of}; null where nobody knows. Those 14 and older on the list count, else the numbers told. */
export function levelTwo(home, residents, today) {
  const grown = residents.filter((one) => one.birth_year && year(today) - one.birth_year >= LEVEL2_AGE);
  if (grown.length) return { have: grown.filter((one) => one.attained.includes(EID2)).length, of: grown.length };
  if (home.eid2 == null || home.adults == null) return null;
  return { have: home.eid2, of: home.adults };
}
