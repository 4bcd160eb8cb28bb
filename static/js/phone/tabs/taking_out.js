// A visit or gathering is taken out: never deleted, so it needs a reason.
import { saveAgain } from "../correction.js";
import { fill, h } from "../dom.js";
import { judgeWhy } from "../judge.js";
import { sentBack } from "../records.js";
import { t } from "../../words.js";
import { areaField, button, note, showFlaws } from "../widgets.js";

const WORDS = {
  visit: () => [t("Take this visit out"), t("The visit leaves all figures. The commune still sees that it was there, and why it went."), t("Taken out")],
  gathering: () => [t("Take this gathering out"), t("The gathering leaves all figures. The commune still sees that it was there, and why it went."), t("The gathering is taken out")],
};
const pageOf = { visit: ({ id }) => `#/log/visit/${id}`, gathering: ({ id }) => `#/gathering/show/${id}` };
const after = { visit: ({ household_id: home }) => (home ? `#/households/${home}` : "#/log/pick"), gathering: () => "#/gathering/list" };

/** Asks for the reason. `thing`: {id, village_id, version, household_id?}; `refused`: a taking out that the commune sent back. */
export function takeOut(main, ctx, kind, thing, refused = null) {
  const [title, words, done] = WORDS[kind]();
  ctx.title(title);
  const summary = h("div", { class: "summary" });
  let why = refused?.body.why ?? "";
  const form = h(
    "form",
    { id: "void", novalidate: true, onsubmit: (event) => (event.preventDefault(), save()) },
    summary,
    note("", "info", words),
    areaField({ field: "why", label: t("Why?"), hint: t("For example: logged twice, wrong household"), value: why, onInput: (text) => (why = text.trim()) }),
  );
  fill(main, form, h("p", { class: "after" }, button(t("Leave it as it was"), () => ctx.go(refused ? "#/more" : pageOf[kind](thing)), { look: "bare big" })));
  ctx.act(h("div", { class: "act" }, h("button", { class: "b go big", type: "submit", form: "void" }, title)));
  if (refused) showFlaws(form, summary, sentBack(refused), t("The commune sent this back"));
  else form.querySelector("textarea").focus();

  async function save() {
    if (showFlaws(form, summary, judgeWhy(why))) return;
    const record = { kind, body: { voids: thing.id, village_id: thing.village_id, why }, baseVersion: thing.version ?? 1 };
    try {
      if (refused) {
        await saveAgain(ctx, refused, record);
        return ctx.go("#/more");
      }
      const saved = await ctx.box.add(record);
      ctx.sync.send();
      ctx.go(after[kind](thing));
      ctx.toast(done, { action: t("Undo"), onAction: () => takeBack(ctx, saved) });
    } catch (error) {
      showFlaws(form, summary, [{ field: "", message: ctx.saySaveFailed(error) }]);
    }
  }
}

async function takeBack(ctx, saved) {
  const back = await ctx.box.undo(saved.id);
  ctx.toast(back ? t("It counts again") : t("Already sent. The commune can bring it back."));
}
