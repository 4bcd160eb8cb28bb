// A gathering while it is written, and its way to the wire (docs/sync.md). Pure.
import { newId } from "./canon.js";
import { correctsOf } from "./correction.js";
import { teamOf } from "./teams.js";

/** An empty gathering of the village of one's own team. */
export function newGathering(roster, ctx) {
  const own = roster.teams.find((team) => team.id === roster.members.find((one) => one.id === ctx.account.member_id)?.team_id);
  const village = own?.village_ids[0] ?? roster.villages[0].id;
  return {
    target: null,
    village_id: village,
    team_id: teamOf(roster, village, ctx.account)?.id ?? null,
    held_on: ctx.today(),
    place: "culture_house",
    topic: "",
    attended: null,
    women: null,
    youth: null,
    elders: null,
    household_ids: [],
    note: "",
    photos: [],
    entries: [],
  };
}

/** What is on the wire: people of a crowd have no names. */
export function bodyOf(draft) {
  const { entries, photos, topic, note: text, target, ...plain } = draft;
  const corrects = correctsOf(target);
  return {
    ...plain,
    ...(corrects && { corrects }),
    topic: topic.trim(),
    note: text.trim(),
    photos: photos.map((one) => one.sha256),
    assists: entries.map((one) => ({ id: newId(), ...one, resident_id: null, filing: null })),
  };
}

const TOLD = ["village_id", "team_id", "held_on", "place", "topic", "attended", "women", "youth", "elders", "note"];

/** The draft that writes a gathering (a body of the wire) anew. `target`: of targetOf in correction.js. */
export function draftOf(body, target) {
  return {
    target,
    ...Object.fromEntries(TOLD.map((name) => [name, body[name] ?? (name === "topic" || name === "note" ? "" : null)])),
    household_ids: [...(body.household_ids ?? [])],
    photos: (body.photos ?? []).map((sha256) => ({ sha256 })),
    entries: (body.assists ?? []).map(({ kind, outcome, cause = null, people }) => ({ kind, outcome, cause, people })),
  };
}

const STANDS = ["accepted", "late", "duplicate"];

/** Gatherings written on this phone and still in force, newest first: {...body, id, root_id, version, waiting}. What is not known
 * to stand at the commune (held, in conflict) is left out. */
export function gatheringsInForce(records) {
  const rootOf = new Map();
  const byRoot = new Map();
  const known = ({ kind, state, verdict }) => kind === "gathering" && (state === "waiting" || (state === "received" && STANDS.includes(verdict)));
  for (const { id, body, version, state } of records.filter(known).sort((a, b) => a.saved_at - b.saved_at || a.seq - b.seq)) {
    const older = body.corrects ?? body.voids;
    const root = older ? (rootOf.get(older) ?? older) : id;
    const before = byRoot.get(root)?.version ?? 1;
    rootOf.set(id, root);
    if (body.voids) byRoot.delete(root);
    else byRoot.set(root, { ...body, id, root_id: root, version: version ?? (older ? before + 1 : 1), waiting: state === "waiting" });
  }
  return [...byRoot.values()].sort((a, b) => (a.held_on < b.held_on ? 1 : a.held_on > b.held_on ? -1 : a.id < b.id ? 1 : -1));
}
