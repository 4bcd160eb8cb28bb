// A gathering while it is written, and its way to the wire (docs/sync.md). Pure.
import { newId } from "./canon.js";
import { teamOf } from "./teams.js";

/** An empty gathering of the village of one's own team. */
export function newGathering(roster, ctx) {
  const own = roster.teams.find((team) => team.id === roster.members.find((one) => one.id === ctx.account.member_id)?.team_id);
  const village = own?.village_ids[0] ?? roster.villages[0].id;
  return {
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
  const { entries, photos, topic, note: text, ...plain } = draft;
  return {
    ...plain,
    topic: topic.trim(),
    note: text.trim(),
    photos: photos.map((one) => one.sha256),
    assists: entries.map((one) => ({ id: newId(), ...one, resident_id: null, filing: null })),
  };
}
