// Which form a visit opens in: a new one, or what was begun.
import { teamOf } from "../teams.js";
import { newVisit } from "../visit_draft.js";
import { showForm } from "./log_form.js";
import { showPick } from "./log_pick.js";

export { showVisit } from "./log_visit.js";

/** A new visit to a household, or the one already begun there. */
export async function begin(main, ctx, which, village) {
  const roster = ctx.roster();
  const home = which === "other" ? null : roster.households.get(which);
  if (which !== "other" && !home) return showPick(main, ctx);
  const at = home?.village_id ?? (Number(village) || roster.villages[0]?.id);
  const key = `visit:${home?.id ?? `other-${at}`}`;
  const fresh = newVisit({
    home,
    village: at,
    team: teamOf(roster, at, ctx.account)?.id ?? null,
    member: ctx.account.member_id,
    today: ctx.today(),
  });
  return showForm(main, ctx, key, (await ctx.box.draft(key)) ?? fresh);
}

export async function resume(main, ctx, key) {
  const draft = await ctx.box.draft(key);
  return draft ? showForm(main, ctx, key, draft) : showPick(main, ctx);
}
