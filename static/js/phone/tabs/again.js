// A record that the commune sent back, in its own form: what was typed, what is wrong beside its field. It goes again under its
// own id with what is put right (docs/sync.md, section 1).
import { fill, h } from "../dom.js";
import { reasonsOf } from "../records.js";
import { t } from "../../words.js";
import { linkButton, note } from "../widgets.js";

const FORMS = { visit, gathering, household, resident, filing, confirmation, proposal };

/** #/again/<id of a refused record> */
export async function show(main, ctx, [id]) {
  const refused = ctx.records().find((one) => one.id === id && one.state === "refused");
  if (!refused) return put(main, note("", "info", h("p", {}, t("It was sent again meanwhile. Look whether it was taken."))));
  return FORMS[refused.kind](main, ctx, refused, `again:${id}`);
}

const put = (main, ...parts) => fill(main, ...parts, h("p", { class: "after" }, linkButton(t("All that is unsent"), "#/more", { look: "big", name: "arrow-left" })));

/** What a record speaks of is not here: because it was refused itself, or because it is gone. */
function without(main, ctx, refused, id) {
  const first = ctx.records().find((one) => one.id === id && one.state === "refused");
  const why = reasonsOf(refused).map((words) => h("p", {}, words));
  if (!first) return put(main, note("bad", "octagon-alert", why, h("p", {}, t("What this is about is no longer in your list, so it cannot be put right here. Send it again, or save it as a file and give it to the commune."))));
  const words = first.kind === "household" ? t("Put the household right first. This goes again by itself then.") : t("Put the person right first. This goes again by itself then.");
  const way = h("p", { class: "after" }, linkButton(t("Correct"), `#/again/${id}`, { look: "go big", name: "pencil-line" }));
  return put(main, note("bad", "octagon-alert", why, h("p", {}, words)), way);
}

async function visit(main, ctx, refused) {
  if (refused.body.voids) return out(main, ctx, refused);
  const { showVisit } = await import("./log_visit.js");
  return showVisit(main, ctx, refused.id, true);
}

async function gathering(main, ctx, refused) {
  if (refused.body.voids) return out(main, ctx, refused);
  const { correct } = await import("./gathering.js");
  return correct(main, ctx, refused.id);
}

async function out(main, ctx, refused) {
  const { voids, village_id } = refused.body;
  const { takeOut } = await import("./taking_out.js");
  return takeOut(main, ctx, refused.kind, { id: voids, village_id, version: refused.base_version }, refused);
}

async function household(main, ctx, refused, key) {
  const { set, household_id: id } = refused.body;
  const home = set ? ctx.roster().households.get(id) : null;
  if (set && !home) return without(main, ctx, refused, id);
  const { correctHousehold } = await import("./household_form.js");
  return correctHousehold(main, ctx, home, refused, key);
}

async function resident(main, ctx, refused, key) {
  const { set, household_id: home, resident_id: id } = refused.body;
  const { households, residents } = ctx.roster();
  if (!households.has(home)) return without(main, ctx, refused, home);
  if (set && !residents.has(id)) return without(main, ctx, refused, id);
  const { correctResident } = await import("./resident_form.js");
  return correctResident(main, ctx, households.get(home), set ? residents.get(id) : null, refused, key);
}

async function filing(main, ctx, refused, key) {
  const { set, filing_id: id } = refused.body;
  const held = set ? ctx.roster().filings.find((one) => one.id === id) : null;
  if (set && !held) return without(main, ctx, refused, id);
  const { correctFiling } = await import("./filing_form.js");
  return correctFiling(main, ctx, held, refused, key);
}

async function confirmation(main, ctx, refused, key) {
  const { correctWord } = await import("./month_again.js");
  return correctWord(main, ctx, refused, key);
}

async function proposal(main, ctx, refused, key) {
  const { teams } = ctx.roster();
  const team = teams.find((one) => one.id === refused.body.team_id) ?? teams[0];
  const { correctProposal } = await import("./month_proposals.js");
  return correctProposal(main, { ctx, roster: ctx.roster(), team }, refused, key);
}
