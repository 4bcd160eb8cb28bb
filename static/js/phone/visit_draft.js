// A visit while it is written: one entry for each answer ("level 2 activated, for these two people"), and its way to and from
// the wire, where each person is an assist of their own (docs/sync.md). Pure.
import { newId } from "./canon.js";
import { correctsOf } from "./correction.js";
import { FILING_SUBMIT, outcomesOf } from "./judge.js";

const UNWILLING = "UNWILLING";

/** An empty visit to a household (or, without one, to somebody outside the list) of a village. */
export function newVisit({ home = null, village, team, member, today }) {
  return {
    target: null,
    village_id: village,
    team_id: team,
    household_id: home?.id ?? null,
    visited_on: today,
    place: "home",
    contact: "met",
    return_on: null,
    entries: [],
    member_ids: member ? [member] : [],
    minutes: null,
    note: "",
    satisfaction: null,
    photos: [],
  };
}

/** An answer about a kind of help. Where only one thing can come of it, that is it. */
export function newEntry(kind, refused = false) {
  const outcomes = outcomesOf(kind).map(([code]) => code);
  const outcome = refused ? "not_done" : outcomes.length === 1 ? outcomes[0] : null;
  return {
    kind: kind.code,
    outcome,
    cause: refused ? UNWILLING : null,
    residents: [],
    others: false,
    people: 1,
    filing: null,
  };
}

const helps = (draft) => draft.contact === "met" || draft.contact === "refused";

/** What is on the wire, and for each of its assists the entry it came from (flaws find their way back by it). */
export function bodyOf(draft) {
  const assists = [];
  const places = [];
  (helps(draft) ? draft.entries : []).forEach((entry, at) => {
    for (const assist of assistsOf(entry)) {
      assists.push(assist);
      places.push(at);
    }
  });
  const body = {
    village_id: draft.village_id,
    team_id: draft.team_id,
    member_ids: [...draft.member_ids],
    household_id: draft.household_id,
    visited_on: draft.visited_on,
    place: draft.place,
    contact: draft.contact,
    minutes: draft.minutes,
    return_on: draft.return_on,
    note: draft.note.trim(),
    photos: draft.photos.map((one) => one.sha256),
    assists,
  };
  if (draft.satisfaction && helps(draft)) body.satisfaction = draft.satisfaction;
  const corrects = correctsOf(draft.target);
  if (corrects) body.corrects = corrects;
  return { body, places };
}

function assistsOf(entry) {
  const told = { kind: entry.kind, outcome: entry.outcome, cause: entry.cause };
  const filing = filingOf(entry);
  const out = entry.residents.map((id) => ({ id: newId(), ...told, people: 1, resident_id: id, filing: null }));
  if (!out.length || entry.others) {
    out.push({ id: newId(), ...told, people: entry.people ?? 1, resident_id: null, filing: null });
  }
  if (filing) out[0].filing = filing;
  return out;
}

/** The filing of an entry, where something was told of it and the outcome leaves room for one. */
function filingOf({ kind, outcome, filing }) {
  if (!filing) return null;
  if (kind !== FILING_SUBMIT) return filing.id ? { id: filing.id } : null;
  const said = Object.entries(filing).filter(([, value]) => value != null && value !== "");
  return said.length && (outcome === "done" || outcome === "in_progress") ? Object.fromEntries(said) : null;
}

/** The draft that writes a visit (a body of the wire) anew. `target`: of targetOf in correction.js. */
export function draftOf(body, target) {
  const entries = [];
  for (const assist of body.assists ?? []) {
    const held = entries.find(
      (one) => one.kind === assist.kind && one.outcome === assist.outcome && one.cause === (assist.cause ?? null),
    );
    const entry = held ?? { ...told(assist), residents: [], others: false, people: 1, filing: null };
    if (!held) entries.push(entry);
    if (assist.resident_id) entry.residents.push(assist.resident_id);
    else {
      entry.people = entry.others ? entry.people + assist.people : assist.people;
      entry.others = true;
    }
    if (assist.filing) entry.filing = { ...assist.filing };
  }
  // Nobody named and one person is what the form begins with; more than one is shown, also where the household has a list.
  for (const entry of entries) if (!entry.residents.length && entry.people === 1) entry.others = false;
  return {
    target,
    village_id: body.village_id,
    team_id: body.team_id,
    household_id: body.household_id ?? null,
    visited_on: body.visited_on,
    place: body.place,
    contact: body.contact,
    return_on: body.return_on ?? null,
    entries,
    member_ids: [...(body.member_ids ?? [])],
    minutes: body.minutes ?? null,
    note: body.note ?? "",
    satisfaction: body.satisfaction ?? null,
    photos: (body.photos ?? []).map((sha256) => ({ sha256 })),
  };
}

const told = ({ kind, outcome, cause }) => ({ kind, outcome, cause: cause ?? null });

/** For each assist of a body the entry of a draft that tells of it; undefined where none does any more. */
export const placesOf = (body, draft) =>
  (body.assists ?? []).map(({ kind, outcome, cause }) => {
    const at = draft.entries.findIndex((one) => one.kind === kind && one.outcome === outcome && (one.cause ?? null) === (cause ?? null));
    return at < 0 ? undefined : at;
  });

/** Flaws of a body's assists as flaws of the draft's entries. */
export function backToEntries(flaws, places) {
  const seen = new Set();
  return flaws
    .map((one) => ({
      ...one,
      field: one.field.replace(/^assists\.(\d+)/, (said, place) => (places[Number(place)] === undefined ? said : `entries.${places[Number(place)]}`)),
    }))
    .filter((one) => !seen.has(one.field + one.code) && seen.add(one.field + one.code));
}

/** A household met on the road: another one is chosen, what was written stays; people of the first do not. */
export function moveTo(draft, home) {
  return {
    ...draft,
    village_id: home.village_id,
    household_id: home.id,
    entries: draft.entries.map((one) => ({ ...one, residents: [] })),
  };
}

/** Another contact: nobody who declined was helped. */
export function meet(draft, contact) {
  draft.contact = contact;
  if (contact !== "refused") return;
  for (const entry of draft.entries) Object.assign(entry, { outcome: "not_done", cause: entry.cause ?? UNWILLING });
}
