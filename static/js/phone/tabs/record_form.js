// What the forms of households, their people and filings share: flaws beside their fields, saving, the way back; and a record
// that was refused goes again under its own id.
import { saveAgain } from "../correction.js";
import { keepDraft } from "../drafts.js";
import { fill, h, icon } from "../dom.js";
import { sentBack } from "../records.js";
import { t } from "../../words.js";
import { button, showFlaws } from "../widgets.js";

/** `home`: the household it is about, null for a new one; `refused`: the record that came back. */
export class RecordForm {
  constructor(main, ctx, home, refused = null) {
    Object.assign(this, { main, ctx, home, refused, busy: false });
    this.summary = h("div", { class: "summary" });
  }

  frame(id, title, save, ...parts) {
    const { ctx } = this;
    ctx.title(title);
    this.form = h("form", { id, class: "f2", novalidate: true, onsubmit: (event) => (event.preventDefault(), this.save()) }, this.summary, parts);
    fill(this.main, this.form, h("p", { class: "after" }, button(t("Leave it as it was"), () => this.leave(), { look: "bare big" })));
    ctx.act(h("div", { class: "act" }, h("button", { class: "b go big", type: "submit", form: id }, icon("check"), save)));
    if (this.refused && !this.said) showFlaws(this.form, this.summary, this.flaws(), t("The commune sent this back"));
    this.said = true;
  }

  /** What the commune said, by this form's fields. */
  flaws() {
    return sentBack(this.refused);
  }

  /** Keep what is typed from now on. */
  keep(key, read) {
    this.keeper = keepDraft(this.ctx.box, key, read);
    this.ctx.leave(() => this.keeper.flush());
  }

  async leave() {
    await this.keeper?.drop();
    return this.ctx.go(this.refused ? "#/more" : this.back());
  }

  /** The screen it was opened from. */
  back() {
    return this.home ? `#/households/${this.home.id}` : "#/households";
  }

  /** Adds the record, or says why not; true when it is on the disk. */
  async put(record, words, to) {
    if (this.busy) return false;
    this.busy = true;
    const { ctx } = this;
    try {
      await this.keeper?.stop();
      if (this.refused) return await this.putAgain(record, words);
      const saved = await ctx.box.add(record);
      ctx.sync.send();
      ctx.go(to(saved));
      ctx.toast(words, {
        action: t("Undo"),
        onAction: async () => {
          if (!(await ctx.box.undo(saved.id))) return ctx.toast(t("Already sent. Correct it instead."));
          ctx.go(this.back());
          ctx.toast(t("Taken back"));
        },
      });
      return true;
    } catch (error) {
      this.keeper?.resume();
      showFlaws(this.form, this.summary, [{ field: "", message: ctx.saySaveFailed(error) }]);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** The same record once more, put right. */
  async putAgain(record, words) {
    const { ctx, refused } = this;
    const done = await saveAgain(ctx, refused, record);
    ctx.go("#/more");
    ctx.toast(done ? words : t("It was sent again meanwhile. Look whether it was taken."));
    return done;
  }

  /** What stands there is what was meant: nothing is to be saved, and nothing sent again. */
  async nothingLeft() {
    if (this.refused) await this.ctx.box.discard(this.refused.id);
    return this.leave();
  }

  /** What stood there when it was first typed: if somebody wrote another value since, the commune chooses. */
  seen(base) {
    const before = this.refused?.body.base ?? {};
    return Object.fromEntries(Object.entries(base).map(([name, now]) => [name, name in before ? before[name] : now]));
  }

  /** An edit: what stood there and what shall. */
  edit(now, set, words) {
    const { home } = this;
    const base = this.seen(now);
    const body = { household_id: home.id, village_id: home.village_id, base, set };
    const record = { kind: "household", body, baseVersion: home.version ?? 1, draftKey: this.key ?? null };
    const gone = Boolean(set.ended);
    return this.put(record, words, () => (gone ? "#/households" : `#/households/${home.id}`));
  }
}
