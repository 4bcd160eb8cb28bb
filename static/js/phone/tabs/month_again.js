// The team's word on a month that the commune sent back: the figures as they stand now, the word to the commune as it was typed.
import { saveAgain } from "../correction.js";
import { keepDraft } from "../drafts.js";
import { fill, h, icon } from "../dom.js";
import { judgeText } from "../judge.js";
import { isWork, toConfirm, totalOf } from "../month.js";
import { sentBack } from "../records.js";
import { areaField, button, note, showFlaws } from "../widgets.js";
import { number, t } from "../../words.js";
import { MAIN, Month } from "./month.js";
import { figureWords, monthName } from "./month_words.js";

export async function correctWord(main, ctx, refused, key) {
  const { body } = refused;
  const [roster, records] = await Promise.all([ctx.box.roster(), ctx.box.records()]);
  const month = new Month(ctx, roster, records, body.period, body.team_id);
  // Of a month that is no longer on the phone, what was sent stands.
  const known = month.period === body.period && month.team.id === body.team_id;
  const zero = known ? !isWork(month.figures) : body.kind === "zero";
  const typed = (await ctx.box.draft(key)) ?? { note: body.note ?? "" };
  const keeper = keepDraft(ctx.box, key, () => typed);
  ctx.leave(() => keeper.flush());
  const name = monthName(body.period);
  const summary = h("div", { class: "summary" });
  const told = zero || !known ? [] : MAIN.filter((code) => totalOf(month.figures[code]) !== null);
  const form = h(
    "form",
    { id: "word", novalidate: true, onsubmit: (event) => (event.preventDefault(), save()) },
    summary,
    h(
      "div",
      { "data-field": "period" },
      zero ? note("", "s-zero", t("The team reported that nothing happened this month.")) : h("p", {}, t("Later visits still count; the commune sees that they came after.")),
      h("ul", { class: "card figs" }, told.map((code) => h("li", {}, h("span", {}, figureWords()[code]), h("b", {}, number(totalOf(month.figures[code])))))),
      h("span", { class: "err", hidden: true }),
    ),
    areaField({ field: "note", label: t("A word to the commune (if needed)"), value: typed.note, onInput: (text) => ((typed.note = text), keeper.touch()) }),
  );
  const leave = async () => (await keeper.drop(), ctx.go("#/more"));
  ctx.title(t("Month %(month)s", { month: name }));
  fill(main, form, h("p", { class: "after" }, button(t("Leave it as it was"), leave, { look: "bare big" })));
  const words = zero ? t("Yes, nothing happened") : t("The figures are right");
  ctx.act(h("div", { class: "act" }, h("button", { class: "b go big", type: "submit", form: "word" }, icon("check"), words)));
  showFlaws(form, summary, sentBack(refused), t("The commune sent this back"));

  async function save() {
    const said = typed.note.trim();
    if (showFlaws(form, summary, judgeText("note", said))) return;
    const figures = zero ? {} : known ? toConfirm(month.figures) : body.figures;
    try {
      await keeper.stop();
      await saveAgain(ctx, refused, { kind: "confirmation", body: { ...body, kind: zero ? "zero" : "figures", figures, note: said }, draftKey: key });
      ctx.go("#/more");
      ctx.toast(t("Saved: the team's word on %(month)s", { month: name }));
    } catch (error) {
      keeper.resume();
      showFlaws(form, summary, [{ field: "", message: ctx.saySaveFailed(error) }]);
    }
  }
}
