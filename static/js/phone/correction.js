// What is already saved, written anew: in the place of what nobody sent yet, as a correction of what arrived, or under its own id
// where it was refused (docs/sync.md, section 1).

/** How to write a thing anew: {kind: "again" | "replace" | "correct", id, version, corrects?}. `record` is its record here, if any. */
export function targetOf(record, { id, version }) {
  if (record?.state !== "refused") {
    const untouched = record?.state === "waiting" && record.tries === 0 && !record.body.corrects;
    return { kind: untouched ? "replace" : "correct", id, version: version ?? 1 };
  }
  // A correction that was refused corrects the same thing again.
  const { corrects } = record.body;
  return { kind: "again", id, version: corrects ? record.base_version : null, ...(corrects && { corrects }) };
}

/** The thing a body corrects, by the draft's target. */
export const correctsOf = (target) => (target?.kind === "correct" ? target.id : target?.corrects) ?? null;

/** The pictures come along where the record is written anew. */
export async function takePhotos(box, draft) {
  if (draft.target.kind === "correct") return;
  for (const one of draft.photos) {
    const bytes = await box.photo(one.sha256);
    if (bytes) one.blob = new Blob([bytes], { type: "image/jpeg" });
  }
}

/** Save the body of a visit's or gathering's draft; throws SaveFailed and nothing has changed. */
export async function putDraft(box, kind, draft, body, draftKey) {
  const { target } = draft;
  const photos = draft.photos.filter((one) => one.blob);
  const more = { kind, body, photos, draftKey };
  if (!target) return box.add(more);
  if (target.kind === "correct") return box.add({ ...more, baseVersion: target.version });
  // Sent meanwhile: what was written is a correction of it.
  const after = async () => box.add({ ...more, body: { ...body, corrects: target.id }, baseVersion: (await box.get(target.id))?.version ?? 1 });
  if (target.kind === "again") {
    const refused = (await box.get(target.id))?.state === "refused";
    return refused ? box.add({ ...more, id: target.id, instead: target.id, baseVersion: target.version }) : after();
  }
  const anew = photos.length || (await box.get(target.id))?.photos.length;
  const untouched = anew ? await box.undo(target.id) : await box.replace(target.id, body);
  if (!untouched) return after();
  if (anew) return box.add({ ...more, id: target.id });
  await box.dropDraft(draftKey);
  return untouched;
}

/** Save a refused record put right, under its own id; false where it is refused no more. Throws SaveFailed. */
export async function saveAgain(ctx, { id }, record) {
  const { box } = ctx;
  if ((await box.get(id))?.state !== "refused") return false;
  await box.add({ ...record, id, instead: id });
  await freeDependants(box, id);
  ctx.sync.send();
  return true;
}

/** What was refused only because the household or person it speaks of was: it waits again once that is put right. */
async function freeDependants(box, id) {
  const speaks = ({ body }) => body.household_id === id || body.resident_id === id || body.assists?.some((one) => one.resident_id === id);
  const lost = ({ state, flaws }) => state === "refused" && flaws.some((one) => one.code === "not_found");
  for (const one of await box.records()) if (lost(one) && speaks(one)) await box.again(one.id);
}
