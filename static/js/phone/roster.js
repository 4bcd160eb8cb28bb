// The roster as it lies in the database, and as the screens read it.
import { got } from "./idb.js";

// Lists whose items come one by one as they change, and the field each is known by.
const CHANGING = {
  households: (one) => one.id,
  residents: (one) => one.id,
  filings: (one) => one.id,
  visits: (one) => one.id,
  proposals: (one) => one.id,
  month: (one) => `${one.team_id}.${one.period}`,
};
// What comes whole when it changed, and is left out of a page otherwise.
const WHOLE = ["villages", "teams", "members", "follow_ups", "catalogue", "targets", "outreach", "period", "cursor", "server_time"];
const EMPTY = { catalogue: null, period: null, cursor: null, server_time: null };

/** Take a page of GET /sync/roster into the store. */
export async function take(store, page, askedAt) {
  if (page.reset) await got(store.clear());
  for (const id of page.removed ?? []) {
    for (const list of Object.keys(CHANGING)) store.delete(`${list}/${id}`);
  }
  for (const [list, key] of Object.entries(CHANGING)) {
    for (const one of page[list] ?? []) store.put(one, `${list}/${key(one)}`);
  }
  for (const name of WHOLE) {
    if (page[name] !== undefined) store.put(page[name], name);
  }
  store.put(askedAt, "asked_at");
}

/** {villages, teams, members, households: Map, residents: Map, byHousehold: Map(household -> residents), followUps, filings,
 * visits, catalogue, targets, month, outreach, proposals, cursor, period, server_time, asked_at}. */
export async function snapshot(store) {
  const [keys, values] = await Promise.all([got(store.getAllKeys()), got(store.getAll())]);
  const out = { asked_at: null };
  for (const name of WHOLE) out[name] = name in EMPTY ? EMPTY[name] : [];
  for (const list of Object.keys(CHANGING)) out[list] = [];
  keys.forEach((key, at) => {
    const [list, id] = key.split("/");
    if (id === undefined) out[list] = values[at];
    else out[list].push(values[at]);
  });
  const { follow_ups: followUps, households, residents, ...rest } = out;
  return {
    ...rest,
    followUps,
    households: byId(households),
    residents: byId(residents),
    byHousehold: byHousehold(residents),
  };
}

export const byId = (list) => new Map(list.map((one) => [one.id, one]));

/** Household id -> its residents. */
export function byHousehold(residents) {
  const out = new Map();
  for (const one of residents) {
    if (!out.has(one.household_id)) out.set(one.household_id, []);
    out.get(one.household_id).push(one);
  }
  return out;
}
