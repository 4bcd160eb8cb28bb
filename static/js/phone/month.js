// The team's figures: what the server counted and, apart, what waits on this phone. What a visit, gathering or filing adds
// is the twin of tdteam/domain/tallies.py, and FIGURES are the catalogue's own selectors (tests/browser/test_phone_twins.py).
import { lastDay, periodOf, START_DAY } from "./periods.js";
import { byHousehold } from "./roster.js";
import { level2Of, reachedHouseholds } from "./todo.js";
import { layOver } from "./waiting.js";

const HEADS = ["women", "youth", "elders"];
const FILING_SUBMIT = "FILING_SUBMIT";
const EID = ["EID2_REFER", "EID2_ACTIVATE", "VNEID_INSTALL", "VNEID_INTEGRATE"];
const PAYMENT = ["PAY_ACCOUNT", "PAY_QR"];

/** Indicator -> which tallies it sums. */
export const FIGURES = {
  VISITS: [{ measure: "visits" }],
  HOUSEHOLDS_REACHED: [{ measure: "reached" }],
  PEOPLE: [{ measure: "people" }],
  HELP_DONE: [{ measure: "people", outcome: ["done"] }],
  HELP_PENDING: [{ measure: "people", outcome: ["in_progress", "referred"] }],
  HELP_NOT_DONE: [{ measure: "people", outcome: ["not_done"] }],
  FILINGS: [{ measure: "filings" }, { measure: "filings_unlisted" }],
  GATHERINGS: [{ measure: "gatherings" }],
  ATTENDED: [{ measure: "attended" }],
  HELP_EID: [{ measure: "people", kind: EID }],
  HELP_PAYMENT: [{ measure: "people", kind: PAYMENT }],
  HELP_HEALTH: [{ measure: "people", kind: ["HEALTH_BOOK"] }],
  HELP_SAFETY: [{ measure: "people", kind: ["SAFETY"] }],
  HELP_COMMERCE: [{ measure: "people", kind: ["ECOMMERCE"] }],
  HELP_OTHER: [
    { measure: "people", kind_not: [...EID, FILING_SUBMIT, ...PAYMENT, "HEALTH_BOOK", "ECOMMERCE", "SAFETY"] },
  ],
};

const list = (value) => value ?? [];

/** A tally: [measure, kind, outcome] joined by "|" -> number. */
function add(deltas, value, measure, kind = "", outcome = "") {
  const key = `${measure}|${kind}|${outcome}`;
  deltas[key] = (deltas[key] ?? 0) + value;
}

function addAssists(deltas, assists) {
  for (const { kind, outcome, cause, people: told, filing } of list(assists)) {
    const people = told || 1;
    add(deltas, 1, "assists", kind, outcome);
    add(deltas, people, "people", kind, outcome);
    if (cause) add(deltas, people, "causes", kind, cause);
    if (kind === FILING_SUBMIT && outcome === "done") add(deltas, people - (filing ? 1 : 0), "filings_unlisted");
  }
}

/** What a visit adds, households reached apart. */
export function deltasOfVisit(visit) {
  const deltas = {};
  addAssists(deltas, visit.assists);
  add(deltas, 1, "visits", visit.contact || "met");
  if (visit.return_on) add(deltas, 1, "returns");
  return deltas;
}

/** What a gathering adds. Heads nobody counted add nothing. */
export function deltasOfGathering(gathering) {
  const deltas = {};
  const attended = gathering.attended || 0;
  addAssists(deltas, gathering.assists);
  add(deltas, 1, "gatherings");
  add(deltas, attended, "attended");
  for (const head of HEADS) {
    if (gathering[head] == null) continue;
    add(deltas, gathering[head], head);
    add(deltas, attended, `${head}_of`);
  }
  return deltas;
}

/** What a filing adds in the period it was submitted in. */
export function deltasOfFiling(filing) {
  const due = filing.fee_due ?? (filing.paid_online ? true : null);
  const deltas = {};
  add(deltas, 1, "filings", filing.procedure || "", filing.mode || "");
  add(deltas, due === true ? 1 : 0, "fees_due");
  add(deltas, due === true && filing.paid_online === true ? 1 : 0, "fees_paid_online");
  return deltas;
}

const picks = (selector, measure, kind, outcome) =>
  selector.measure === measure &&
  (!selector.kind || selector.kind.includes(kind)) &&
  !list(selector.kind_not).includes(kind) &&
  (!selector.outcome || selector.outcome.includes(outcome));

/** An indicator's sum over tallies. */
export function evaluate(code, deltas) {
  let sum = 0;
  for (const [key, value] of Object.entries(deltas)) {
    const [measure, kind, outcome] = key.split("|");
    if (FIGURES[code].some((selector) => picks(selector, measure, kind, outcome))) sum += value;
  }
  return sum;
}

function join(into, deltas, sign = 1) {
  for (const [key, value] of Object.entries(deltas)) into[key] = (into[key] ?? 0) + sign * value;
}

/** The last version of each gathering that waits; corrections of what the server already counts are left to it. */
function gatheringsOf(records) {
  const roots = new Map();
  const kept = new Map();
  for (const { id, kind, body } of records) {
    if (kind !== "gathering") continue;
    const older = body.voids || body.corrects;
    const root = older ? roots.get(older) : id;
    if (!root) continue;
    roots.set(id, root);
    kept.delete(root);
    if (!body.voids) kept.set(root, body);
  }
  return [...kept.values()];
}

/** Filings that waiting records tell of for the first time, each with its day. */
function newFilings(world, view) {
  const known = list(world.filings);
  const isNew = (filing) => !known.some((one) => one.id === filing.id || (filing.code && one.code === filing.code));
  const told = view.visits.flatMap((visit) =>
    list(visit.assists)
      .filter(({ kind, filing }) => kind === FILING_SUBMIT && filing && isNew(filing))
      .map(({ filing }) => ({ submitted_on: visit.visited_on, ...filing, team_id: visit.team_id })),
  );
  const alone = list(world.records).filter(({ kind, body }) => kind === "filing" && !body.set && isNew(body));
  return [...told, ...alone.map(({ body }) => body)];
}

/**
 * What waits on this phone for a team's period, as tallies. A correction counts the difference it makes, where the phone
 * still has what it corrects.
 */
export function waitingTallies(world, team, period) {
  const start = world.start_day || START_DAY;
  const here = (body, day) => body.team_id === team && periodOf(day, start) === period;
  const view = layOver(world);
  const counted = new Map(list(world.visits).map((visit) => [visit.root_id || visit.id, visit]));
  const own = new Set(list(world.records).map(({ id }) => id));
  const deltas = {};
  for (const visit of view.visits) {
    const root = view.roots.get(visit.id);
    const known = !visit.corrects || own.has(root) || counted.has(root);
    if (known && here(visit, visit.visited_on)) join(deltas, deltasOfVisit(visit));
  }
  for (const root of view.gone) {
    const older = counted.get(root);
    if (older?.team_id === team && (older.period ?? periodOf(older.visited_on, start)) === period) {
      join(deltas, deltasOfVisit(older), -1);
    }
  }
  for (const body of gatheringsOf(list(world.records))) {
    if (here(body, body.held_on)) join(deltas, deltasOfGathering(body));
  }
  for (const filing of newFilings(world, view)) {
    if (here(filing, filing.submitted_on)) join(deltas, deltasOfFiling(filing));
  }
  const reached = reachedHere(world, view, team, period, start);
  if (reached) add(deltas, reached, "reached");
  return deltas;
}

/** Households met in the period by what waits, that were not met in it before. */
function reachedHere(world, view, team, period, start) {
  const inPeriod = (day) => Boolean(day) && periodOf(day, start) === period;
  const before = new Set();
  for (const one of list(world.households)) if (inPeriod(one.last_visit)) before.add(one.id);
  for (const one of list(world.visits)) {
    if (one.contact === "met" && (one.period ?? periodOf(one.visited_on, start)) === period) before.add(one.household_id);
  }
  const met = view.visits.filter(
    (visit) => visit.household_id && (visit.contact || "met") === "met" && inPeriod(visit.visited_on),
  );
  return new Set(met.map((visit) => visit.household_id).filter((home) => !before.has(home))).size;
}

// The server's words for what a team's own tally keeps.
const COLUMNS = { VISITS: "visits", PEOPLE: "people", GATHERINGS: "gatherings", FILINGS: "filings" };

const monthOf = (world, team, period) => list(world.month).find((one) => one.team_id === team && one.period === period);

function countedOf(row, code) {
  if (code === "HOUSEHOLDS_REACHED") return row?.shares?.[code]?.part ?? null;
  return row?.figures?.[COLUMNS[code] ?? code] ?? null;
}

/** {code: {counted, waiting}}: counted is null where the server said nothing (missing is never 0). */
export function figuresOf(world, team, period) {
  const row = monthOf(world, team, period);
  const tallies = waitingTallies(world, team, period);
  const codes = Object.keys(FIGURES);
  return Object.fromEntries(codes.map((code) => [code, { counted: countedOf(row, code), waiting: evaluate(code, tallies) }]));
}

/** The figures a team confirms, by the server's words. */
export function toConfirm(figures) {
  const known = Object.keys(COLUMNS).filter((code) => totalOf(figures[code]) !== null);
  return Object.fromEntries(known.map((code) => [COLUMNS[code], totalOf(figures[code])]));
}

/** What is counted and waits together; null where neither is known. */
export const totalOf = ({ counted, waiting }) => (counted === null && !waiting ? null : (counted ?? 0) + waiting);

/** Whether anything at all was done: visits, gatherings, filings. */
export const isWork = (figures) => ["VISITS", "GATHERINGS", "FILINGS"].some((code) => totalOf(figures[code]));

/**
 * A team's word on a period: {state: "none" | "figures" | "zero", sent, at, more}. `more`: visits told after the word;
 * `sent` is false while it waits on this phone.
 */
export function wordOf(world, team, period, figures) {
  const own = list(world.records)
    .filter(({ kind, body }) => kind === "confirmation" && body.team_id === team && body.period === period)
    .pop();
  const kept = monthOf(world, team, period)?.confirmed;
  const word = own?.body ?? kept;
  if (!word) return { state: "none", sent: false, at: null, more: 0 };
  const then = word.figures?.visits ?? (word.kind === "zero" ? 0 : null);
  const more = then === null ? 0 : Math.max(0, (totalOf(figures.VISITS) ?? 0) - then);
  return { state: word.kind, sent: !own, at: own ? own.recorded_at : kept.at, more };
}

/** What a team may say of a period today: nothing before its cut-off day. */
export const mayConfirm = (period, today, startDay = START_DAY) => today >= lastDay(period, startDay);

const share = (part, whole) => ({ part, whole });

/** Shares of the registry as it stands with what waits: {indicator: {part, whole}}, null where nobody knows. */
export function sharesOf(world, villages) {
  const view = layOver(world);
  const year = periodOf(world.today, world.start_day || START_DAY).slice(0, 4);
  const homes = [...view.households.values()].filter((one) => villages.includes(one.village_id));
  const reached = reachedHouseholds(world, view, year);
  const phones = homes.filter((one) => one.smartphone != null);
  const shares = {
    HOUSEHOLDS_REACHED: share(homes.filter((one) => reached.has(one.id)).length, homes.length),
    SMARTPHONE_HOUSEHOLDS: share(phones.filter((one) => one.smartphone).length, phones.length),
    EID2_RESIDENTS: level2Share(homes, view, year),
  };
  return Object.fromEntries(Object.entries(shares).map(([code, one]) => [code, one.whole ? one : null]));
}

function level2Share(homes, view, year) {
  const people = byHousehold([...view.residents.values()]);
  const known = homes.map((home) => level2Of(home, people.get(home.id), year)).filter(Boolean);
  const whole = known.reduce((sum, { adults }) => sum + adults, 0);
  return share(known.reduce((sum, { adults, missing }) => sum + adults - missing, 0), whole);
}

/** How many more it takes to reach a target in hundredths of a percent; 0 once it is reached. */
export const shortOf = ({ part, whole }, target) => Math.max(0, Math.ceil((target * whole) / 10_000) - part);
