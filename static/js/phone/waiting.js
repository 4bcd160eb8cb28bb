// The roster with what waits on the phone laid over it: rule 1 of tdteam/domain/todo.py, twin of domain/waiting.py.
export const OPEN_FILINGS = ["submitted", "supplement"];
const ATTAINED = "attained.";

const byId = (list) => new Map((list ?? []).map((one) => [one.id, { ...one }]));
const list = (value) => value ?? [];
export const byDay = (visits) =>
  visits.sort((a, b) => (a.visited_on < b.visited_on ? -1 : a.visited_on > b.visited_on ? 1 : 0));

function settled(filing) {
  if (filing.result_on && OPEN_FILINGS.includes(filing.state)) filing.state = "returned";
  return filing;
}

function layVisit(view, versions, id, body) {
  const older = body.voids || body.corrects;
  const root = older ? (view.roots.get(older) ?? older) : id;
  view.roots.set(id, root);
  versions.delete(root);
  if (older) view.gone.add(root);
  if (!body.voids) versions.set(root, { ...body, id, corrects: older });
}

function layHousehold(view, id, body) {
  if (!body.set) {
    view.households.set(id, { ...body, id, reached_year: false, last_visit: null });
  } else if (body.set.ended) {
    view.households.delete(body.household_id);
  } else if (view.households.has(body.household_id)) {
    Object.assign(view.households.get(body.household_id), body.set);
  }
}

function layResident(view, id, body) {
  if (!body.set) {
    view.residents.set(id, { ...body, id, attained: list(body.attained).map((one) => one.indicator) });
    return;
  }
  const person = view.residents.get(body.resident_id);
  if (body.set.ended) {
    view.residents.delete(body.resident_id);
  } else if (person) {
    const attained = list(person.attained).filter((code) => !(ATTAINED + code in body.set));
    for (const [name, told] of Object.entries(body.set)) {
      if (name.startsWith(ATTAINED) && told) attained.push(name.slice(ATTAINED.length));
    }
    Object.assign(person, body.set, { attained });
  }
}

function layFiling(view, id, body) {
  if (!body.set) {
    view.filings.set(id, settled({ state: "submitted", ...body, id }));
  } else if (view.filings.has(body.filing_id)) {
    settled(Object.assign(view.filings.get(body.filing_id), body.set));
  }
}

function layToldFilings(view, visit) {
  for (const { kind, filing } of list(visit.assists)) {
    if (!filing?.id || kind !== "FILING_SUBMIT" || view.filings.has(filing.id)) continue;
    view.filings.set(
      filing.id,
      settled({
        ...filing,
        state: filing.state || "submitted",
        submitted_on: filing.submitted_on || visit.visited_on,
        household_id: visit.household_id || filing.household_id,
        village_id: visit.village_id,
      }),
    );
  }
}

/** {households, residents, filings: Map by id; visits: waiting ones in force, by day; gone: roots replaced; roots: version -> root} */
export function layOver(world) {
  const view = {
    households: byId(world.households),
    residents: byId(world.residents),
    filings: byId(world.filings),
    visits: [],
    gone: new Set(),
    roots: new Map(list(world.visits).map((one) => [one.id, one.root_id || one.id])),
  };
  const versions = new Map();
  for (const { id, kind, body } of list(world.records)) {
    if (kind === "visit") layVisit(view, versions, id, body);
    else if (kind === "household") layHousehold(view, id, body);
    else if (kind === "resident") layResident(view, id, body);
    else if (kind === "filing") layFiling(view, id, body);
  }
  view.visits = byDay([...versions.values()]);
  for (const visit of view.visits) layToldFilings(view, visit);
  return view;
}

const TAKEN = ["accepted", "late", "duplicate"];

/** Records the roster does not tell of yet: what waits, and what was received after the roster was asked for; oldest first. */
export function untold(records, roster) {
  const isFresh = (one) => TAKEN.includes(one.verdict) && one.received_at >= (roster.asked_at ?? 0);
  return records
    .filter((one) => one.state === "waiting" || (one.state === "received" && isFresh(one)))
    .sort((a, b) => a.saved_at - b.saved_at || a.seq - b.seq);
}

/** The world that todo.js and month.js read, from the roster as it was fetched and the records of the box. */
export function worldOf(roster, records, today) {
  return {
    ...{ today, start_day: roster.start_day, follow_ups: roster.followUps, records: untold(records, roster) },
    ...{ households: [...roster.households.values()], residents: [...roster.residents.values()] },
    ...{ filings: roster.filings, visits: roster.visits, outreach: roster.outreach, month: roster.month },
  };
}
