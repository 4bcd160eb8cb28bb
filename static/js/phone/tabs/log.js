// The first screen: whom did you help? Then the form. A half-written visit opens again by itself.
import { teamOf } from "../teams.js";
import { newVisit } from "../visit_draft.js";
import { showForm } from "./log_form.js";
import { showPick } from "./log_pick.js";
import { showVisit } from "./log_visit.js";

export const OPEN = "visit.open";

/** #/log · #/log/new/<household or "other">[/<village>] · #/log/draft/<key> · #/log/visit/<id> · #/log/edit/<id> */
export async function show(main, ctx, rest) {
  const [what, which, more] = rest;
  if (what === "new") return begin(main, ctx, which, more);
  if (what === "draft") return resume(main, ctx, which);
  if (what === "visit" || what === "edit") return showVisit(main, ctx, which, what === "edit");
  if (what !== "pick") {
    const open = await ctx.box.setting(OPEN);
    if (open && (await ctx.box.draft(open))) return resume(main, ctx, open);
  }
  return showPick(main, ctx);
}

/** A new visit to a household, or the one already begun there. */
async function begin(main, ctx, which, village) {
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

async function resume(main, ctx, key) {
  const draft = await ctx.box.draft(key);
  return draft ? showForm(main, ctx, key, draft) : showPick(main, ctx);
}
