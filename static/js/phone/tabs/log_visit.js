// One visit of the team: read, corrected, or taken out with a reason.
import { takePhotos, targetOf } from "../correction.js";
import { fullDay, nearDay } from "../days.js";
import { fill, h } from "../dom.js";
import { causeName, contactWords, homeName, kindName, outcomeName, placeWords } from "../labels.js";
import { visitsInForce } from "../recent.js";
import { draftOf } from "../visit_draft.js";
import { t } from "../../words.js";
import { button, linkButton, note } from "../widgets.js";
import { showForm } from "./log_form.js";
import { takeOut } from "./taking_out.js";

export async function showVisit(main, ctx, id, editing) {
  const found = find(ctx, id);
  if (!found) return void fill(main, note("wait", "info", t("This visit is no longer on the phone. Older ones are corrected at the commune.")));
  if (editing) return edit(main, ctx, found);
  const { visit } = found;
  const roster = ctx.roster();
  ctx.title(t("A visit"));
  fill(
    main,
    h("section", { class: "card pad" }, facts(visit, roster, ctx)),
    h("p", { class: "after" }, linkButton(t("Correct this visit"), `#/log/edit/${visit.id}`, { look: "big", name: "pencil-line" })),
    h("p", { class: "after" }, button(t("Take this visit out"), () => takeOut(main, ctx, "visit", visit), { look: "big bare", name: "trash-2" })),
  );
}

/** A visit in force by any of its ids, or a refused record. */
function find(ctx, id) {
  const record = ctx.records().find((one) => one.id === id);
  if (record?.state === "refused") return { record, visit: { ...record.body, id } };
  const visit = visitsInForce(ctx.roster(), ctx.records()).find((one) => one.id === id || one.root_id === id);
  return visit ? { record: ctx.records().find((one) => one.id === visit.id) ?? null, visit } : null;
}

async function edit(main, ctx, { record, visit }) {
  const key = `visit:edit-${visit.id}`;
  const kept = await ctx.box.draft(key);
  if (kept) return showForm(main, ctx, key, kept);
  const draft = draftOf(visit, targetOf(record, visit));
  await takePhotos(ctx.box, draft);
  return showForm(main, ctx, key, draft);
}

function facts(visit, roster, ctx) {
  const { catalogue } = roster;
  const people = (one) => (one.resident_id ? (roster.residents.get(one.resident_id)?.name ?? t("somebody of the household")) : t("%(count)s persons", { count: one.people ?? 1 }));
  const home = roster.households.get(visit.household_id);
  const rows = [
    [t("Household"), visit.household_id ? homeName(home ?? { id: visit.household_id }) : t("Somebody outside the list")],
    [t("Day"), fullDay(visit.visited_on, ctx.today())],
    [t("Where did you help?"), placeWords()[visit.place]],
    [t("Did you meet them?"), contactWords()[visit.contact]],
    ...(visit.assists ?? []).map((one) => [
      kindName(catalogue, one.kind),
      [outcomeName(catalogue, one.kind, one.outcome), one.cause && causeName(catalogue, one.cause), people(one)].filter(Boolean).join(", "),
    ]),
    [t("Come back?"), visit.return_on && nearDay(visit.return_on, ctx.today())],
    [t("Minutes"), visit.minutes],
    [t("Note"), visit.note],
  ];
  return h("dl", { class: "kv" }, rows.filter(([, value]) => value).map(([name, value]) => [h("dt", {}, name), h("dd", { class: "pre" }, String(value))]));
}
