// Whom the team helped lately, from the visits of the roster and those still on the phone. Pure.

/** Visits in force, newest first: corrected and voided ones are left out. */
export function visitsInForce(roster, records) {
  const byRoot = new Map();
  const rootOf = new Map();
  for (const visit of roster.visits) {
    rootOf.set(visit.id, visit.root_id ?? visit.id);
    const held = byRoot.get(rootOf.get(visit.id));
    if (!held || (held.version ?? 1) <= (visit.version ?? 1)) byRoot.set(rootOf.get(visit.id), visit);
  }
  const waiting = records.filter((one) => one.kind === "visit" && one.state !== "refused").sort((a, b) => a.seq - b.seq);
  for (const { id, body, version, state } of waiting) {
    const older = body.corrects ?? body.voids;
    const root = older ? (rootOf.get(older) ?? older) : id;
    const known = byRoot.get(root);
    rootOf.set(id, root);
    if (body.voids) byRoot.delete(root);
    // What the roster tells of a record that arrived is newer than what was sent.
    else if (!(known && state === "received" && known.id !== older)) {
      byRoot.set(root, { ...body, id, root_id: root, version: version ?? (older ? 2 : 1), waiting: state === "waiting" });
    }
  }
  return [...byRoot.values()].sort((a, b) => (a.visited_on < b.visited_on ? 1 : a.visited_on > b.visited_on ? -1 : a.id < b.id ? 1 : -1));
}

/** [{home, visit}]: households visited lately, then those with a date to come back, then any, until there are `count`. */
export function recentHomes(roster, records, count) {
  const out = new Map();
  const put = (id, visit) => {
    const home = roster.households.get(id);
    if (home && out.size < count && !out.has(id)) out.set(id, { home, visit });
  };
  for (const visit of visitsInForce(roster, records)) put(visit.household_id, visit);
  for (const one of roster.followUps) put(one.household_id, null);
  if (out.size < count) for (const id of roster.households.keys()) put(id, null);
  return [...out.values()];
}
