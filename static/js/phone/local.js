// The roster as this person knows it: what still waits on the phone, or was received after the roster was asked for, laid over.
import { byHousehold } from "./roster.js";

/** {households: Map, residents: Map, byHousehold: Map}; items touched by a record of this phone carry `waiting: true` while it
 * waits. The roster itself is left alone. */
export function mergedHouseholds(roster, records) {
  const households = new Map(roster.households);
  const residents = new Map(roster.residents);
  const gone = new Set(records.filter((one) => one.state !== "refused").map((one) => one.body.corrects ?? one.body.voids));
  for (const record of [...records].sort((a, b) => a.saved_at - b.saved_at || a.seq - b.seq)) {
    if (!counts(record, roster)) continue;
    if (record.kind === "household") lay(households, record, record.body.household_id, newHousehold);
    else if (record.kind === "resident") lay(residents, record, record.body.resident_id, newResident);
    else if (record.kind === "visit" && !gone.has(record.id)) visited(households, record.body);
  }
  return { households, residents, byHousehold: byHousehold([...residents.values()]) };
}

function counts(record, roster) {
  if (record.state === "waiting") return true;
  const known = record.verdict === "accepted" || record.verdict === "late" || record.verdict === "duplicate";
  return record.state === "received" && known && record.received_at >= (roster.asked_at ?? 0);
}

function lay(things, record, target, made) {
  const waiting = record.state === "waiting";
  if (!record.body.set) {
    things.set(record.id, { ...made(record.body), ...things.get(record.id), id: record.id, waiting });
    return;
  }
  const thing = things.get(target);
  if (!thing) return;
  if (record.body.set.ended) things.delete(target);
  else things.set(target, { ...thing, ...fields(thing, record.body.set), waiting });
}

function fields(thing, set) {
  const out = {};
  const attained = new Set(thing.attained ?? []);
  for (const [name, value] of Object.entries(set)) {
    if (!name.startsWith("attained.")) out[name] = value;
    else if (value) attained.add(name.slice(9));
    else attained.delete(name.slice(9));
  }
  return thing.attained ? { ...out, attained: [...attained] } : out;
}

function newHousehold(body) {
  return { consent: null, ...body, version: null, reached_year: false, last_visit: null, done: [] };
}

function newResident({ attained, ...body }) {
  return { ...body, version: null, attained: (attained ?? []).map((one) => one.indicator) };
}

// A visit reaches a household only when somebody was met (decision 0004).
function visited(households, body) {
  const home = households.get(body.household_id);
  if (!home || body.contact !== "met") return;
  const done = (body.assists ?? []).filter((one) => one.outcome === "done").map((one) => one.kind);
  const last = body.visited_on > (home.last_visit ?? "") ? body.visited_on : home.last_visit;
  households.set(home.id, { ...home, reached_year: true, last_visit: last, done: [...new Set([...(home.done ?? []), ...done])] });
}
