// Gatherings written on this phone: the list, one of them, the ways to correct it or take it out.
import { fullDay, said } from "../days.js";
import { fill, h } from "../dom.js";
import { gatheringsInForce } from "../gathering_draft.js";
import { homeName, kindName, outcomeName, placeWords } from "../labels.js";
import { t } from "../../words.js";
import { button, empty, linkButton, note, row, state } from "../widgets.js";
import { takeOut } from "./taking_out.js";

/** The way to those written before, where there are any. */
export function earlier(ctx) {
  const count = gatheringsInForce(ctx.records()).length;
  return count > 0 && h("ul", { class: "card pick" }, row("#/gathering/list", t("Gatherings written on this phone (%(count)s)", { count }), t("Look, correct, take out")));
}

/** {record, gathering}: one in force by any of its ids, or one that was refused; null where this phone has none. */
export function findGathering(ctx, id) {
  const records = ctx.records();
  const record = records.find((one) => one.id === id);
  if (record?.state === "refused") return { record, gathering: { ...record.body, id } };
  const gathering = gatheringsInForce(records).find((one) => one.id === id || one.root_id === id);
  return gathering ? { record: records.find((one) => one.id === gathering.id), gathering } : null;
}

const waits = (gathering) => gathering.waiting && h("span", { class: "badges" }, state("info", "smartphone", t("Not sent yet")));

export function showGatherings(main, ctx) {
  const all = gatheringsInForce(ctx.records());
  const line = (one) => row(`#/gathering/show/${one.id}`, said(one.held_on, ctx.today()), [t("%(count)s persons", { count: one.attended }), one.topic].filter(Boolean).join(", "), waits(one));
  ctx.title(t("Gatherings"), linkButton(t("Log a gathering"), "#/gathering", { look: "bare", name: "plus" }));
  ctx.live(() => showGatherings(main, ctx));
  fill(
    main,
    all.length
      ? h("ul", { class: "card pick" }, all.map(line))
      : empty("users", t("No gathering was written on this phone"), t("Those of the last 45 days stay here. Older ones are corrected at the commune."), linkButton(t("Log a gathering"), "#/gathering")),
  );
}

export function showGathering(main, ctx, id) {
  const found = findGathering(ctx, id);
  ctx.title(t("A gathering"), linkButton(t("All gatherings"), "#/gathering/list", { look: "bare", name: "arrow-left" }));
  if (!found) return fill(main, note("wait", "info", t("This gathering is no longer on the phone. Older ones are corrected at the commune.")));
  const { gathering } = found;
  return fill(
    main,
    waits(gathering),
    h("section", { class: "card pad" }, facts(gathering, ctx)),
    h("p", { class: "after" }, linkButton(t("Correct this gathering"), `#/gathering/edit/${gathering.id}`, { look: "big", name: "pencil-line" })),
    h("p", { class: "after" }, button(t("Take this gathering out"), () => takeOut(main, ctx, "gathering", gathering), { look: "big bare", name: "trash-2" })),
  );
}

function facts(gathering, ctx) {
  const { catalogue, households } = ctx.roster();
  const homes = gathering.household_ids ?? [];
  const rows = [
    [t("Day"), fullDay(gathering.held_on, ctx.today())],
    [t("Where?"), placeWords()[gathering.place]],
    [t("What was it about?"), gathering.topic],
    [t("How many people came?"), gathering.attended],
    [t("Women"), gathering.women],
    [t("Young people"), gathering.youth],
    [t("Elderly"), gathering.elders],
    ...(gathering.assists ?? []).map((one) => [
      kindName(catalogue, one.kind),
      [outcomeName(catalogue, one.kind, one.outcome), t("%(count)s persons", { count: one.people ?? 1 })].filter(Boolean).join(", "),
    ]),
    [t("Households that came"), homes.map((id) => homeName(households.get(id) ?? { id })).join(", ")],
    [t("Photos"), gathering.photos?.length || null],
    [t("Note"), gathering.note],
  ];
  // Missing is not none: a head-count of 0 is shown.
  const told = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h("dl", { class: "kv" }, told.map(([name, value]) => [h("dt", {}, name), h("dd", { class: "pre" }, String(value))]));
}
