// One visit of the team: read, corrected, or taken out with a reason.
import { fullDay, nearDay } from "../days.js";
import { fill, h } from "../dom.js";
import { causeName, contactWords, homeName, kindName, outcomeName, placeWords } from "../labels.js";
import { judgeWhy } from "../judge.js";
import { visitsInForce } from "../recent.js";
import { draftOf } from "../visit_draft.js";
import { t } from "../words.js";
import { areaField, button, linkButton, note, showFlaws } from "../widgets.js";
import { showForm } from "./log_form.js";

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
    h("p", { class: "after" }, button(t("Take this visit out"), () => voiding(main, ctx, visit), { look: "big bare", name: "trash-2" })),
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
  const untouched = record?.state === "waiting" && record.tries === 0 && !record.body.corrects;
  const again = record?.state === "refused";
  const kind = again ? "again" : untouched ? "replace" : "correct";
  const draft = draftOf(visit, { kind, id: visit.id, version: visit.version ?? 1 });
  // A correction that was refused corrects the same visit again.
  if (again && record.body.corrects) Object.assign(draft.target, { corrects: record.body.corrects, version: record.base_version });
  if (again) draft.reason = record.flaws.map((one) => one.message).filter(Boolean).join(" ");
  if (untouched || again) await takePhotos(ctx.box, draft);
  return showForm(main, ctx, key, draft);
}

/** The pictures come along: they are written anew with the record. */
async function takePhotos(box, draft) {
  for (const one of draft.photos) {
    const bytes = await box.photo(one.sha256);
    if (bytes) one.blob = new Blob([bytes], { type: "image/jpeg" });
  }
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

/** Taking out: never deleted, so it needs a reason. */
function voiding(main, ctx, visit) {
  ctx.title(t("Take this visit out"));
  const summary = h("div", { class: "summary" });
  let why = "";
  const form = h(
    "form",
    { id: "void", novalidate: true, onsubmit: (event) => (event.preventDefault(), save()) },
    summary,
    note("", "info", t("The visit leaves all figures. The commune still sees that it was there, and why it went.")),
    areaField({ field: "why", label: t("Why?"), hint: t("For example: logged twice, wrong household"), onInput: (text) => (why = text.trim()) }),
  );
  fill(main, form, h("p", { class: "after" }, button(t("Leave it as it was"), () => ctx.go(`#/log/visit/${visit.id}`), { look: "bare big" })));
  ctx.act(h("div", { class: "act" }, h("button", { class: "b go big", type: "submit", form: "void" }, t("Take this visit out"))));
  form.querySelector("textarea").focus();

  async function save() {
    if (showFlaws(form, summary, judgeWhy(why))) return;
    try {
      const body = { voids: visit.id, village_id: visit.village_id, why };
      const record = await ctx.box.add({ kind: "visit", body, baseVersion: visit.version ?? 1 });
      ctx.sync.send();
      ctx.go(visit.household_id ? `#/households/${visit.household_id}` : "#/log/pick");
      ctx.toast(t("Taken out"), { action: t("Undo"), onAction: async () => {
        const back = await ctx.box.undo(record.id);
        ctx.toast(back ? t("The visit counts again") : t("Already sent. The commune can bring it back."));
      } });
    } catch (error) {
      showFlaws(form, summary, [{ field: "", message: ctx.saySaveFailed(error) }]);
    }
  }
}
