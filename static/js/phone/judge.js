// What is wrong with a visit, gathering or filing before it is saved: the twin of tdteam/domain/{visits,gatherings,assists,
// filings,occasions}.py (tests/browser/test_phone_rules.py asks both). Bodies have the shape of the wire (docs/sync.md); a flaw is
// {field, code, params}. The roster stands for what the server calls facts.
import { addDays, daysBetween } from "./days.js";
import { NOTE_LENGTH, findForbidden } from "./privacy.js";

export const FILING_SUBMIT = "FILING_SUBMIT";
export const FILING_KINDS = [FILING_SUBMIT, "FILING_TRACK", "FILING_PAY"];
export const PLACES = ["home", "culture_house", "office", "phone", "other"];
export const CONTACTS = ["met", "nobody_home", "refused", "moved"];
export const OUTCOMES = ["done", "referred", "in_progress", "not_done"];
const STATES = ["submitted", "supplement", "returned", "refused", "withdrawn"];
const EARLIEST = "2020-01-01";
const MOST_ASSISTS = 60;

export const flaw = (field, code, params = {}) => ({ field, code, params });
const when = (bad, field, code, params) => (bad ? [flaw(field, code, params)] : []);

/** A free text: too long, or holding what may not be kept. */
export function judgeText(field, text, most = NOTE_LENGTH) {
  if (!text) return [];
  if ([...text].length > most) return [flaw(field, "text_long", { most })];
  const code = findForbidden(text);
  return when(code, field, code);
}

export const judgeNumber = (field, value, low, high) =>
  when(value != null && (value < low || value > high), field, "number_range", { low, high });

export function judgeDay(field, day, today) {
  if (day > today) return [flaw(field, "date_future", { today })];
  return when(day < EARLIEST, field, "date_too_old", { earliest: EARLIEST });
}

const known = (field, value, list) =>
  value ? when(!list.some((one) => one.id === value), field, "not_found") : [flaw(field, "required")];

/** Where, who and when. `homes`: pairs of a field and a household's id. */
function judgeOccasion(body, dayField, homes, roster, today) {
  const day = body[dayField];
  const flaws = [
    ...known("village_id", body.village_id, roster.villages),
    ...known("team_id", body.team_id, roster.teams),
    ...(day ? judgeDay(dayField, day, today) : [flaw(dayField, "required")]),
  ];
  const team = roster.teams.find((one) => one.id === body.team_id);
  if (!flaws.length && !team.village_ids.includes(body.village_id)) flaws.push(flaw("team_id", "team_not_here"));
  return [...flaws, ...judgeHomes(homes, body.village_id, roster)];
}

function judgeHomes(homes, village, roster) {
  return homes.flatMap(([field, id]) => {
    if (!id) return [];
    const home = roster.households.get(id);
    if (!home) return [flaw(field, "not_found")];
    return when(village && home.village_id !== village, field, "household_elsewhere");
  });
}

export function judgeVisit(body, roster, today, own = []) {
  const flaws = [
    ...judgeOccasion(body, "visited_on", [["household_id", body.household_id]], roster, today),
    ...judgeMembers(body, roster),
    ...judgeMeeting(body),
    ...judgeReturn(body),
    ...judgeNumber("minutes", body.minutes, 1, 1440),
    ...judgeText("note", body.note),
  ];
  body.assists.forEach((assist, place) => {
    flaws.push(
      ...judgeAssist(place, assist, roster.catalogue),
      ...judgeResident(place, assist, body, roster),
      ...judgeFilingOf(place, assist, body, roster, today, own),
    );
  });
  return [...flaws, ...judgeTwice(body.assists)];
}

function judgeMembers(body, roster) {
  if (body.member_ids.length > 30) return [flaw("member_ids", "list_long", { most: 30 })];
  if (!body.team_id || !body.visited_on) return [];
  const ours = roster.members.filter((one) => one.team_id === body.team_id).map((one) => one.id);
  return when(body.member_ids.some((id) => !ours.includes(id)), "member_ids", "member_not_in_team");
}

function judgeMeeting(body) {
  const { contact, assists } = body;
  const flaws = when(!PLACES.includes(body.place), "place", "choice_unknown");
  if (!CONTACTS.includes(contact)) return [...flaws, flaw("contact", "choice_unknown")];
  return [
    ...flaws,
    ...when(contact !== "met" && !body.household_id, "household_id", "household_missing"),
    ...when((contact === "nobody_home" || contact === "moved") && assists.length, "contact", "assists_without_contact"),
    ...when(
      contact === "refused" && assists.some((one) => one.outcome !== "not_done"),
      "contact",
      "assists_after_refusal",
    ),
    ...when(assists.length > MOST_ASSISTS, "assists", "list_long", { most: MOST_ASSISTS }),
  ];
}

function judgeReturn({ return_on: back, visited_on: day }) {
  if (!back || !day) return [];
  if (back <= day) return [flaw("return_on", "return_before_visit")];
  return when(back > addDays(day, 366), "return_on", "date_too_far");
}

export function judgeAssist(place, assist, catalogue, causeRequired = true) {
  const at = `assists.${place}.`;
  if (!assist.kind) return [flaw(`${at}kind`, "required")];
  const kind = catalogue.kinds.find((one) => one.code === assist.kind);
  if (!kind) return [flaw(`${at}kind`, "choice_unknown")];
  const flaws = judgeNumber(`${at}people`, assist.people, 1, 2000);
  if (!assist.outcome) return [...flaws, flaw(`${at}outcome`, "required")];
  if (!OUTCOMES.includes(assist.outcome)) return [...flaws, flaw(`${at}outcome`, "choice_unknown")];
  if (!outcomesOf(kind).some(([code]) => code === assist.outcome)) {
    return [...flaws, flaw(`${at}outcome`, "outcome_not_allowed", { kind: kind.name })];
  }
  return [...flaws, ...judgeCause(`${at}cause`, assist, catalogue, causeRequired)];
}

/** What may come of a kind of help: pairs of a code and its words, in the order to offer them. */
export const outcomesOf = (kind) =>
  OUTCOMES.filter((code) => code in kind.outcomes).map((code) => [code, kind.outcomes[code]]);

function judgeCause(field, { cause, outcome }, catalogue, required) {
  if (!cause) return when(required && outcome === "not_done", field, "cause_missing");
  if (outcome !== "not_done" && outcome !== "in_progress") return [flaw(field, "cause_not_allowed")];
  return when(!catalogue.causes.some((one) => one.code === cause), field, "choice_unknown");
}

function judgeResident(place, assist, body, roster) {
  if (!assist.resident_id) return [];
  const field = `assists.${place}.resident_id`;
  const person = roster.residents.get(assist.resident_id);
  if (!person) return [flaw(field, "not_found")];
  const home = roster.households.get(person.household_id);
  const away = body.village_id && home?.village_id !== body.village_id;
  if ((body.household_id && person.household_id !== body.household_id) || away) {
    return [flaw(field, "resident_elsewhere")];
  }
  return when(assist.people !== 1, `assists.${place}.people`, "people_with_resident");
}

function judgeFilingOf(place, assist, body, roster, today, own) {
  const filing = assist.filing;
  if (!filing) return [];
  const at = `assists.${place}.filing`;
  if (!FILING_KINDS.includes(assist.kind)) return [flaw(at, "filing_not_here")];
  const held = findFiling(filing, roster);
  if (assist.kind !== FILING_SUBMIT) return when(!held, `${at}.code`, "filing_unknown");
  if (assist.outcome !== "done" && assist.outcome !== "in_progress") return [flaw(at, "filing_not_submitted")];
  const mine = held && held.village_id === body.village_id ? [...own, held.id] : own;
  const whole = settled({ ...filing, submitted_on: filing.submitted_on || body.visited_on });
  const home = body.household_id || filing.household_id;
  return [
    ...judgeHomes([[`${at}.household_id`, home]], body.village_id, roster),
    ...judgeFilingDetails(whole, roster, today, mine).map((one) => ({ ...one, field: `${at}.${one.field}` })),
  ];
}

export const cleanCode = (text) => (text ?? "").replace(/\s+/g, "").toUpperCase() || null;

function findFiling(filing, roster) {
  const code = cleanCode(filing.code);
  return (
    roster.filings.find((one) => filing.id && one.id === filing.id) ??
    roster.filings.find((one) => code && one.code === code)
  );
}

/** What follows from a filing's fields filled in: a fee paid was due; a day of the result means it was given back. */
export function settled(filing) {
  const fee = filing.paid_online && filing.fee_due == null ? true : filing.fee_due;
  const state = filing.state || "submitted";
  const open = state === "submitted" || state === "supplement";
  return {
    ...filing,
    code: cleanCode(filing.code),
    fee_due: fee,
    paid_online: fee === false ? null : filing.paid_online,
    state: filing.result_on && open ? "returned" : state,
  };
}

export function judgeFilingDetails(filing, roster, today, own = []) {
  const { catalogue } = roster;
  const procedures = catalogue.procedures.map((one) => one.code);
  return [
    ...judgeCode(filing, roster, own),
    ...when(filing.procedure && !procedures.includes(filing.procedure), "procedure", "choice_unknown"),
    ...when(filing.mode && !["full", "partial"].includes(filing.mode), "mode", "choice_unknown"),
    ...judgeFilingDays(filing, today),
    ...judgeResult(filing),
    ...judgeText("note", filing.note),
  ];
}

function judgeCode({ code }, roster, own) {
  if (!code) return [];
  if (code.length > 60) return [flaw("code", "text_long", { most: 60 })];
  // Dots and hyphens part the numbers of a code; only a bare run of digits in it can be a person's.
  const bare = /[A-Z]/.test(code) ? (code.match(/\d{9,}/g) ?? []) : [code];
  const holder = roster.filings.find((one) => one.code === code);
  return [
    ...judgeText("code", bare.join(" ")),
    ...when(holder && !own.includes(holder.id), "code", "filing_code_taken"),
  ];
}

function judgeFilingDays({ submitted_on: sent, due_on: due, result_on: result }, today) {
  const flaws = [];
  if (sent && due && due < sent) flaws.push(flaw("due_on", "due_before_submission"));
  else if (sent && due && daysBetween(sent, due) > 1098) flaws.push(flaw("due_on", "date_too_far"));
  if (!result) return flaws;
  return [
    ...flaws,
    ...judgeDay("result_on", result, today),
    ...when(sent && result < sent, "result_on", "result_before_submission"),
  ];
}

function judgeResult({ state, result_on: day, electronic_result: electronic }) {
  if (!STATES.includes(state)) return [flaw("state", "choice_unknown")];
  if (state === "returned" && !day) return [flaw("result_on", "result_day_missing")];
  if (day && state !== "returned" && state !== "refused") return [flaw("state", "result_without_state")];
  return when(electronic && state !== "returned", "electronic_result", "result_without_state");
}

/** Whether a dossier code has the form of the portals (unit-yymmdd-number): a doubt, never a reason to refuse. */
export function codeLooksRight(typed) {
  const found = /^(?:\d{3}\.\d{2}\.\d{2}\.)?[GH]\d{2}(?:\.\d{1,3}){0,4}-(\d{2})(\d{2})(\d{2})-\d{4,7}$/.exec(
    cleanCode(typed) ?? "",
  );
  if (!found) return false;
  const [year, month, day] = [2000 + Number(found[1]), Number(found[2]), Number(found[3])];
  const real = new Date(Date.UTC(year, month - 1, day));
  return real.getUTCMonth() === month - 1 && real.getUTCDate() === day && month > 0;
}

function judgeTwice(assists) {
  const seen = new Set();
  return assists.flatMap(({ kind, resident_id: who }, place) => {
    const key = `${kind} ${who}`;
    const again = who && !FILING_KINDS.includes(kind) && seen.has(key);
    seen.add(key);
    return when(again, `assists.${place}.kind`, "assist_twice");
  });
}

export function judgeGathering(body, roster, today) {
  const homes = body.household_ids.map((id) => ["household_ids", id]);
  const flaws = [
    ...judgeOccasion(body, "held_on", homes, roster, today),
    ...when(!PLACES.includes(body.place), "place", "choice_unknown"),
    ...judgeHeads(body),
    ...judgeText("topic", body.topic, 300),
    ...judgeText("note", body.note),
    ...when(body.assists.length > MOST_ASSISTS, "assists", "list_long", { most: MOST_ASSISTS }),
  ];
  body.assists.forEach((assist, place) => {
    const at = `assists.${place}.`;
    const { attended } = body;
    flaws.push(
      ...judgeAssist(place, assist, roster.catalogue, false),
      ...when(assist.resident_id || assist.filing, `${at}kind`, "crowd_has_no_names"),
      ...when(attended && assist.people && assist.people > attended, `${at}people`, "more_than_attended", { attended }),
    );
  });
  const seen = new Set();
  return flaws.filter(({ field, code }) => !seen.has(field + code) && seen.add(field + code));
}

function judgeHeads(body) {
  const { attended } = body;
  if (attended == null) return [flaw("attended", "required")];
  return [
    ...judgeNumber("attended", attended, 1, 5000),
    ...["women", "youth", "elders"].flatMap((field) => [
      ...judgeNumber(field, body[field], 0, 5000),
      ...when(body[field] != null && body[field] > attended, field, "more_than_attended", { attended }),
    ]),
  ];
}

/** The reason for voiding something. */
export const judgeWhy = (why) => (why ? judgeText("why", why, 500) : [flaw("why", "required")]);
