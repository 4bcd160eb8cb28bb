// What the village asks of the commune: written here, answered there, and where it stands.
import { saveAgain } from "../correction.js";
import { said } from "../days.js";
import { fill, freshId, h } from "../dom.js";
import { villageName } from "../labels.js";
import { judgeText } from "../judge.js";
import { sentBack } from "../records.js";
import { areaField, button, selectField, showFlaws, state } from "../widgets.js";
import { t } from "../../words.js";

const DRAFT = "proposal";
const LONGEST = 1000;
const FIRST = 5;
const states = () => ({
  sent: ["info", "cloud-check", t("The commune has it")],
  seen: ["info", "eye", t("The commune has read it")],
  forwarded: ["wait", "scroll-text", t("Put into the report to the level above")],
  settled: ["ok", "check", t("Settled")],
  declined: ["none", "ban", t("Not possible now")],
});

export async function showProposals(month) {
  const { ctx, roster, records, team } = month;
  const id = freshId("ask");
  const known = new Set(roster.proposals.map((one) => one.id));
  const waiting = records
    .filter((one) => one.kind === "proposal" && !known.has(one.id))
    .map((one) => ({ id: one.id, ...one.body, made_at: one.recorded_at, state: one.state }));
  const all = [...waiting, ...roster.proposals.filter((one) => team.village_ids.includes(one.village_id))];
  const draft = (await ctx.box.draft(DRAFT)) ?? { text: "" };
  return h(
    "section",
    { class: "sec", "aria-labelledby": id },
    h("h2", { id }, t("What the village asks for")),
    h("p", { class: "mute" }, t("Difficulties the commune should know: weak network, no smartphones, a portal that does not work.")),
    all.length > 0 && h("ul", { class: "card lines" }, all.slice(0, FIRST).map((one) => proposal(one, month))),
    all.length > FIRST && h("details", { class: "card more" }, h("summary", {}, t("Earlier ones (%(count)s)", { count: all.length - FIRST })), h("ul", { class: "lines" }, all.slice(FIRST).map((one) => proposal(one, month)))),
    form(month, draft),
  );
}

function proposal(one, { roster, ctx }) {
  const mark =
    one.state === "waiting"
      ? state("wait", "cloud-off", t("Saved on this phone, not sent yet."))
      : one.state === "refused"
        ? state("bad", "octagon-alert", t("Not taken. See why under More."))
        : state(...(states()[one.state === "received" ? "sent" : one.state] ?? states().sent));
  const where = roster.villages.length > 1 ? `${villageName(roster, one.village_id)}, ` : "";
  return h(
    "li",
    {},
    h("p", { class: "pre" }, one.text),
    h("p", { class: "mute sm" }, where, said(one.made_at.slice(0, 10), ctx.today())),
    mark,
    one.answer && h("p", { class: "pre then" }, t("The commune answers: %(answer)s", { answer: one.answer })),
  );
}

/** The form of a request the commune sent back, with its text. `month`: {ctx, roster, team}. */
export async function correctProposal(main, month, refused, key) {
  const { ctx } = month;
  ctx.title(t("Correct what the village asks for"));
  const box = form(month, (await ctx.box.draft(key)) ?? refused.body, refused, key);
  const leave = async () => (await ctx.box.dropDraft(key), ctx.go("#/more"));
  fill(main, box, h("p", { class: "after" }, button(t("Leave it as it was"), leave, { look: "bare big" })));
  showFlaws(box, box.firstChild, sentBack(refused), t("The commune sent this back"));
}

function form(month, draft, refused = null, key = DRAFT) {
  const { ctx, team, roster } = month;
  const summary = h("div", { class: "summary" });
  const now = { text: draft.text, village_id: draft.village_id ?? team.village_ids[0] };
  const keep = () => ctx.box.saveDraft(key, now).catch(() => {});
  const villages = team.village_ids.map((one) => [String(one), villageName(roster, one)]);
  const box = h(
    "form",
    { class: "after", novalidate: true, onsubmit: (event) => (event.preventDefault(), save()) },
    summary,
    villages.length > 1 && selectField({ field: "village_id", label: t("Village"), options: villages, value: String(now.village_id), onChange: (value) => ((now.village_id = Number(value)), keep()) }),
    areaField({ field: "text", label: t("Tell the commune"), hint: t("No identity numbers, no codes."), rows: 3, maxlength: LONGEST, value: now.text, onInput: (typed) => ((now.text = typed), keep()) }),
    h("p", { class: "after" }, button(t("Send to the commune"), () => box.requestSubmit(), { look: "big", name: "megaphone" })),
  );

  async function save() {
    const text = now.text.trim();
    const flaws = text ? judgeText("text", text, LONGEST) : [{ field: "text", code: "required" }];
    if (showFlaws(box, summary, flaws)) return;
    try {
      const body = { team_id: team.id, village_id: now.village_id, text };
      if (refused) {
        await saveAgain(ctx, refused, { kind: "proposal", body, draftKey: key });
        ctx.go("#/more");
        return ctx.toast(t("Saved. It goes to the commune by itself."));
      }
      const record = await ctx.box.add({ kind: "proposal", body, draftKey: DRAFT });
      ctx.sync.send();
      ctx.toast(t("Saved. It goes to the commune by itself."), { action: t("Undo"), onAction: () => takeBack(ctx, record) });
      ctx.go(location.hash);
    } catch (error) {
      showFlaws(box, summary, [{ field: "", message: ctx.saySaveFailed(error) }]);
    }
  }
  return box;
}

async function takeBack(ctx, record) {
  await ctx.box.saveDraft(DRAFT, { text: record.body.text, village_id: record.body.village_id });
  const gone = await ctx.box.undo(record.id);
  if (!gone) {
    await ctx.box.dropDraft(DRAFT);
    ctx.toast(t("Already sent."));
  }
  ctx.go(location.hash);
}
