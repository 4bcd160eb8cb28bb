// A visit leaves the form: as a new record, in the place of one nobody sent yet, or as the correction of one that arrived.
import { putDraft } from "../correction.js";
import { closeDraft, openDraft } from "../drafts.js";
import { homeName } from "../labels.js";
import { t } from "../../words.js";

/** Save the form's body; throws SaveFailed and nothing has changed. */
export async function saveVisit(form, body, next) {
  const { ctx, draft, key } = form;
  const record = await putDraft(ctx.box, "visit", draft, body, key);
  await closeDraft(ctx, key);
  ctx.sync.send();
  const home = draft.household_id && ctx.roster().households.get(draft.household_id);
  const name = draft.household_id ? homeName(home ?? { id: draft.household_id }) : t("Somebody outside the list");
  ctx.go(next && !draft.target ? "#/log/pick" : draft.household_id ? `#/households/${draft.household_id}` : "#/log/pick");
  if (draft.target) return ctx.toast(t("Saved: %(name)s", { name }));
  ctx.toast(t("Saved: %(name)s", { name }), {
    action: t("Undo"),
    onAction: () => takeBack(ctx, record, key, draft),
  });
}

/** Undo: the record goes, the form comes back as it was. */
async function takeBack(ctx, record, key, draft) {
  await ctx.box.saveDraft(key, draft);
  const gone = await ctx.box.undo(record.id);
  if (!gone) {
    await ctx.box.dropDraft(key);
    ctx.toast(t("Already sent. Correct it instead."), {
      action: t("Correct"),
      onAction: () => ctx.go(`#/log/edit/${record.id}`),
    });
    return;
  }
  await openDraft(ctx, key);
  ctx.go(`#/log/draft/${encodeURIComponent(key)}`);
}
