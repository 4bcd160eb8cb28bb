// The roster as it lies in the database, and as the screens read it.
import { got } from "./idb.js";

// Lists whose items come one by one as they change; all else comes whole when it changed, and is absent otherwise.
const CHANGING = ["households", "residents", "visits"];
const WHOLE = ["villages", "teams", "members", "follow_ups", "filings", "targets", "month", "outreach", "proposals"];
const SINGLE = ["catalogue", "period", "start_day", "cursor", "server_time"];

/** Take a page of GET /sync/roster into the store. */
export async function take(store, page, askedAt) {
  if (page.reset) await got(store.clear());
  for (const list of CHANGING) {
    for (const id of page.removed ?? []) store.delete(`${list}/${id}`);
    for (const one of page[list] ?? []) store.put(one, `${list}/${one.id}`);
  }
  for (const name of [...WHOLE, ...SINGLE]) {
    if (page[name] !== undefined) store.put(page[name], name);
  }
  store.put(askedAt, "asked_at");
}

/** {villages, teams, members, households: Map, residents: Map, byHousehold: Map(household -> residents), followUps, filings,
 * visits, catalogue, targets, month, outreach, proposals, cursor, period, start_day,
 * server_time, asked_at}. */
export async function snapshot(store) {
  const [keys, values] = await Promise.all([got(store.getAllKeys()), got(store.getAll())]);
  const out = { asked_at: null };
  for (const name of SINGLE) out[name] = null;
  for (const name of [...WHOLE, ...CHANGING]) out[name] = [];
  keys.forEach((key, at) => {
    const [list, id] = key.split("/");
    if (id === undefined) out[list] = values[at];
    else out[list].push(values[at]);
  });
  const { follow_ups: followUps, households, residents, ...rest } = out;
  return { ...rest, followUps, households: byId(households), residents: byId(residents), byHousehold: byHousehold(residents) };
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
