// What to do next, computed on the phone: the twin of tdteam/domain/todo.py, whose rules 1 to 6 it keeps
// (tests/browser/test_phone_twins.py gives both the same worlds). Pure: a world in, a list out.
import { addDays, daysBetween } from "./days.js";
import { periodOf, START_DAY, yearOf } from "./periods.js";
import { byHousehold } from "./roster.js";
import { byDay, layOver, OPEN_FILINGS } from "./waiting.js";

const OPEN_OUTCOMES = ["in_progress", "referred"];
const EID2_KINDS = ["EID2_REFER", "EID2_ACTIVATE"];
const EID2 = "EID2";
const LEVEL2_AGE = 14;
const POOR = ["poor", "near_poor"];
const SOON_DAYS = 7;
export const GROUPS = ["overdue", "today", "soon", "outreach", "doing", "filings", "never", "level2", "later"];
const DATED = ["overdue", "today", "soon", "later"];
const KIND_ORDER = { outreach: 0, home: 1, visit: 1, filing: 2 };

const list = (value) => value ?? [];
const newLeft = (on = "") => ({ on, return_on: null, return_id: "", assists: [], moved: false });

// Rules 2 and 3: what is left to do.

const opened = (assist, visit) => ({
  kind: assist.kind,
  outcome: assist.outcome,
  resident_id: assist.resident_id ?? null,
  visit_id: visit,
});

function sameHelp(one, other) {
  const [first, second] = [one.resident_id, other.resident_id];
  return one.kind === other.kind && (first === second || !first || !second);
}

function fold(left, visit, corrects) {
  if (visit.visited_on < left.on && !corrects) return;
  if (visit.visited_on > left.on) left.on = visit.visited_on;
  const contact = visit.contact || "met";
  left.moved = contact === "moved";
  if (left.moved) left.assists = [];
  if (contact !== "nobody_home" || visit.return_on) left.return_on = visit.return_on ?? null;
  if (left.return_on && left.return_on === visit.return_on) left.return_id = visit.id;
  for (const assist of list(visit.assists)) {
    left.assists = left.assists.filter((one) => !sameHelp(one, assist));
    if (OPEN_OUTCOMES.includes(assist.outcome)) left.assists.push(opened(assist, visit.id));
  }
}

function takeOver(left, view, told) {
  const home = told.household_id;
  if (view.gone.has(view.roots.get(told.id) ?? told.id) || (home && !view.households.has(home))) return;
  const key = home || told.id;
  if (!left.has(key)) left.set(key, newLeft());
  const what = left.get(key);
  if (told.return_on && (what.return_on === null || told.return_on < what.return_on)) {
    what.return_on = told.return_on;
    what.return_id = told.id;
  }
  what.assists.push(...list(told.assists).map((one) => opened(one, told.id)));
}

function hasIt(assist, view) {
  const person = view.residents.get(assist.resident_id || "");
  return EID2_KINDS.includes(assist.kind) && list(person?.attained).includes(EID2);
}

/** Households met in the statutory year, by the roster or by what waits. */
export function reachedHouseholds(world, view, year) {
  const start = world.start_day || START_DAY;
  const reached = new Set();
  for (const [home, one] of view.households) if (one.reached_year) reached.add(home);
  for (const { household_id: home, contact, visited_on: day } of view.visits) {
    if (contact === "met" && view.households.has(home) && yearOf(periodOf(day, start)) === year) reached.add(home);
  }
  return reached;
}

function foldAll(world, view) {
  const left = new Map();
  for (const [home, household] of view.households) left.set(home, newLeft(household.last_visit || ""));
  for (const visit of byDay([...list(world.visits)])) {
    const what = view.gone.has(view.roots.get(visit.id)) ? null : left.get(visit.household_id);
    if (!what) continue;
    what.moved = visit.contact === "moved";
    if (visit.visited_on > what.on) what.on = visit.visited_on;
  }
  for (const told of list(world.follow_ups)) takeOver(left, view, told);
  for (const visit of view.visits) {
    const home = visit.household_id;
    if (home && !view.households.has(home)) continue;
    const key = home || visit.id;
    if (!left.has(key)) left.set(key, newLeft());
    fold(left.get(key), visit, visit.corrects);
  }
  for (const what of left.values()) what.assists = what.assists.filter((one) => !hasIt(one, view));
  return left;
}

// Rules 4 to 6: items and their order.

/** {adults, missing}: people of 14 years and over, and of these without level 2; null where nobody knows. */
export function level2Of(household, people, year) {
  const known = list(people).filter((one) => one.birth_year);
  if (known.length) {
    const adults = known.filter((one) => one.birth_year <= Number(year) - LEVEL2_AGE);
    return { adults: adults.length, missing: adults.filter((one) => !list(one.attained).includes(EID2)).length };
  }
  const { adults, eid2 } = household;
  return adults == null || eid2 == null ? null : { adults, missing: Math.max(0, adults - eid2) };
}

function itemOf(kind, thing, more) {
  const item = {
    key: `${kind}:${thing}`,
    household_id: null,
    filing_id: null,
    outreach_id: null,
    visit_id: null,
    village_id: null,
    due_on: null,
    late: 0,
    assists: [],
    missing: null,
    tags: [],
    group: "",
    ...more,
  };
  return { item, kind, thing, since: "" };
}

const helpOrder = ({ kind, outcome, resident_id }) => [kind, resident_id || "", outcome];

function told(left) {
  const out = left.assists.map(({ kind, outcome, resident_id }) => ({ kind, outcome, resident_id }));
  return out.sort((a, b) => compare(helpOrder(a), helpOrder(b)));
}

function ofHousehold(household, left, missing, reached) {
  const reasons = {
    return: left.return_on,
    assist: left.assists.length,
    never: !left.moved && !reached,
    level2: !left.moved && missing,
  };
  const made = itemOf("home", household.id, {
    household_id: household.id,
    village_id: household.village_id ?? null,
    due_on: left.return_on,
    assists: told(left),
    missing,
    tags: Object.keys(reasons).filter((tag) => reasons[tag]),
  });
  return { ...made, since: left.on };
}

function ofVisit(id, left) {
  const reasons = { return: left.return_on, assist: left.assists.length };
  const made = itemOf("visit", id, {
    visit_id: id,
    due_on: left.return_on,
    assists: told(left),
    tags: Object.keys(reasons).filter((tag) => reasons[tag]),
  });
  return { ...made, since: left.on };
}

const ofFiling = (filing) =>
  itemOf("filing", filing.id, {
    household_id: filing.household_id ?? null,
    filing_id: filing.id,
    village_id: filing.village_id ?? null,
    due_on: filing.due_on ?? null,
    tags: ["filing"],
  });

const ofOutreach = (plan) => ({
  ...itemOf("outreach", String(plan.id), { outreach_id: plan.id, due_on: plan.on, tags: ["outreach"] }),
  since: plan.from || "",
});

const UNDATED = { outreach: "outreach", filing: "filings" };

function setGroup({ item, kind }, today) {
  const due = item.due_on;
  if (due && due < today && kind !== "outreach") {
    item.group = "overdue";
    item.late = daysBetween(due, today);
  } else if (due === today) {
    item.group = "today";
  } else if (kind in UNDATED) {
    item.group = UNDATED[kind];
  } else if (due) {
    item.group = due <= addDays(today, SOON_DAYS) ? "soon" : "later";
  } else {
    item.group = item.tags[0] === "assist" ? "doing" : item.tags[0];
  }
}

/** Where an item stands. Within a group all keys have one shape. */
function orderOf({ item, kind, thing, since }, view) {
  const { group } = item;
  const place = GROUPS.indexOf(group);
  if (DATED.includes(group)) {
    return [place, item.due_on, KIND_ORDER[kind], kind === "outreach" ? since : "", thing];
  }
  if (group === "outreach") return [place, item.due_on, since, item.outreach_id];
  if (group === "doing") return [place, since, thing];
  if (group === "filings") {
    const filing = view.filings.get(thing);
    return [place, Number(filing.state !== "supplement"), item.due_on || "9999", filing.submitted_on || "", thing];
  }
  const poor = POOR.includes(view.households.get(thing).poverty);
  return [place, Number(!poor), -(item.missing ?? 0), thing];
}

function compare(a, b) {
  for (let at = 0; at < a.length; at += 1) {
    if (a[at] !== b[at]) return a[at] < b[at] ? -1 : 1;
  }
  return 0;
}

/**
 * The list of a world: {today, start_day, households, residents, follow_ups, filings, visits, outreach, records}, all
 * lists as on the wire. An item: {key, group, tags, household_id, filing_id, outreach_id, visit_id, village_id, due_on,
 * late, assists: [{kind, outcome, resident_id}], missing}.
 */
export function todo(world) {
  const view = layOver(world);
  const year = yearOf(periodOf(world.today, world.start_day || START_DAY));
  const reached = reachedHouseholds(world, view, year);
  const left = foldAll(world, view);
  const people = byHousehold([...view.residents.values()]);
  const made = [];
  for (const [home, household] of view.households) {
    const missing = level2Of(household, people.get(home), year)?.missing ?? null;
    made.push(ofHousehold(household, left.get(home), missing, reached.has(home)));
  }
  for (const [id, what] of left) if (!view.households.has(id)) made.push(ofVisit(id, what));
  for (const one of view.filings.values()) if (OPEN_FILINGS.includes(one.state)) made.push(ofFiling(one));
  for (const one of list(world.outreach)) if (one.on >= world.today) made.push(ofOutreach(one));
  const kept = made.filter(({ item }) => item.tags.length);
  for (const one of kept) {
    setGroup(one, world.today);
    one.order = orderOf(one, view);
  }
  return kept.sort((a, b) => compare(a.order, b.order)).map(({ item }) => item);
}

/** How many items carry each tag, and how many stand in each group. */
export function countTodo(items) {
  const counts = {};
  for (const { tags, group } of items) {
    for (const word of new Set([...tags, group])) counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}
