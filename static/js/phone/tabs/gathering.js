// A gathering: thirty people helped at the culture house is one form with head-counts and what was done for how many.
import { putDraft, takePhotos, targetOf } from "../correction.js";
import { keepDraft } from "../drafts.js";
import { fill, h, icon } from "../dom.js";
import { outcomeName } from "../labels.js";
import { bodyOf, draftOf, newGathering } from "../gathering_draft.js";
import { judgeGathering, outcomesOf } from "../judge.js";
import { sentBack } from "../records.js";
import { teamOf } from "../teams.js";
import { t } from "../../words.js";
import { button, chips, dayRow, linkButton, numberField, selectField, showFlaws, stepper, textField } from "../widgets.js";
import { earlier, findGathering, showGathering, showGatherings } from "./gathering_page.js";
import { groupsOf } from "./log_assists.js";
import { morePart } from "./gathering_more.js";

const KEY = "gathering";

/** #/gathering · #/gathering/list · #/gathering/show/<id> · #/gathering/edit/<id> */
export async function show(main, ctx, [what, id] = []) {
  if (what === "list") return showGatherings(main, ctx);
  if (what === "show") return showGathering(main, ctx, id);
  if (what === "edit") return correct(main, ctx, id);
  ctx.title(t("Gathering for guidance"), linkButton(t("Log a visit"), "#/log", { look: "bare", name: "user" }));
  return open(main, ctx, KEY, (await ctx.box.draft(KEY)) ?? newGathering(ctx.roster(), ctx));
}

/** A gathering written anew: one in force, or one that the commune sent back. */
export async function correct(main, ctx, id) {
  const found = findGathering(ctx, id);
  if (!found) return showGathering(main, ctx, id);
  const { record, gathering } = found;
  const key = `gathering:edit-${gathering.id}`;
  let draft = await ctx.box.draft(key);
  if (!draft) await takePhotos(ctx.box, (draft = draftOf(gathering, targetOf(record, gathering))));
  ctx.title(t("Correct a gathering"));
  const form = open(main, ctx, key, draft);
  if (record.state === "refused") showFlaws(form.form, form.summary, sentBack(record), t("The commune sent this back"));
}

function open(main, ctx, key, draft) {
  const form = new GatheringForm(main, ctx, key, draft);
  form.draw();
  ctx.leave(() => form.keeper.flush());
  return form;
}

class GatheringForm {
  constructor(main, ctx, key, draft) {
    Object.assign(this, { main, ctx, key, draft, busy: false });
    this.keeper = keepDraft(ctx.box, key, () => this.draft);
    this.summary = h("div", { class: "summary" });
  }

  changed() {
    this.keeper.touch();
  }

  put(name, value) {
    this.draft[name] = value;
    this.changed();
  }

  draw() {
    const { draft, ctx } = this;
    const roster = ctx.roster();
    this.form = h(
      "form",
      { id: "gathering", class: "after", novalidate: true, onsubmit: (event) => (event.preventDefault(), this.save()) },
      this.summary,
      this.where(roster),
      this.heads(),
      this.kinds(roster),
      morePart(this, roster),
    );
    const away = draft.target ? t("Leave it as it was") : t("Throw this away");
    fill(this.main, !draft.target && earlier(ctx), this.form, h("p", { class: "after" }, button(away, () => this.drop(), { look: "bare big", name: "trash-2" })));
    const words = draft.target ? t("Save the correction") : t("Save the gathering");
    ctx.act(h("div", { class: "act" }, h("button", { class: "b go big", type: "submit", form: "gathering" }, icon("check"), words)));
    if (!draft.team_id) ctx.toast(t("You are in no team of this village."));
  }

  where(roster) {
    const { draft, ctx } = this;
    const village = roster.villages.find((one) => one.id === draft.village_id);
    return [
      h(
        "div",
        { class: "card" },
        h("div", { class: "who" }, h("p", {}, h("b", {}, village?.name ?? ""))),
        dayRow({ field: "held_on", value: draft.held_on, today: ctx.today(), onInput: (day) => this.put("held_on", day) }),
      ),
      roster.villages.length > 1 &&
        selectField({
          field: "village_id",
          label: t("Which village?"),
          options: roster.villages.map((one) => [String(one.id), one.name]),
          value: String(draft.village_id),
          onChange: (id) => {
            draft.team_id = teamOf(roster, Number(id), ctx.account)?.id ?? null;
            draft.household_ids = [];
            this.put("village_id", Number(id));
            this.draw();
          },
        }),
      textField({
        field: "topic",
        label: t("What about? (not needed)"),
        hint: t("For example: level 2 for the elderly, QR payment"),
        value: draft.topic,
        maxlength: 300,
        onInput: (text) => this.put("topic", text),
      }),
    ];
  }

  heads() {
    const { draft } = this;
    const part = (field, label) => numberField({ field, label, value: draft[field], onInput: (value) => this.put(field, value) });
    return h(
      "fieldset",
      {},
      h("legend", {}, t("How many people came?")),
      numberField({ field: "attended", label: t("In all"), value: draft.attended, onInput: (value) => this.put("attended", value) }),
      h("p", { class: "hint sm" }, t("Of these, if you counted:")),
      h("div", { class: "three" }, part("women", t("Women")), part("youth", t("Young people")), part("elders", t("Elderly"))),
    );
  }

  kinds(roster) {
    const { draft } = this;
    const chosen = draft.entries.map((one) => one.kind);
    return h(
      "fieldset",
      { "data-field": "assists" },
      h("legend", {}, t("What was done, for how many?"), h("span", { class: "hint" }, ` ${t("One or more")}`)),
      h("span", { class: "err", hidden: true }),
      groupsOf(roster.catalogue, chosen).map((group) => this.group(group, roster)),
    );
  }

  group({ words, kinds }, roster) {
    const { draft } = this;
    const codes = kinds.map((one) => one.code);
    const answers = h("div", {});
    const draw = () => fill(answers, draft.entries.map((entry, at) => codes.includes(entry.kind) && this.answer(entry, at, roster, draw)));
    draw();
    return h(
      "div",
      {},
      chips({
        legend: words,
        many: true,
        options: kinds.map((one) => [one.code, one.short_name || one.name]),
        value: codes.filter((code) => draft.entries.some((one) => one.kind === code)),
        onChange: (now) => {
          draft.entries = draft.entries.filter((one) => !codes.includes(one.kind) || now.includes(one.kind));
          for (const code of now) {
            if (!draft.entries.some((one) => one.kind === code)) draft.entries.push(this.entry(kinds.find((one) => one.code === code)));
          }
          this.changed();
          draw();
        },
      }),
      answers,
    );
  }

  entry(kind) {
    const outcomes = outcomesOf(kind).map(([code]) => code);
    return { kind: kind.code, outcome: outcomes.length === 1 ? outcomes[0] : null, cause: null, people: this.draft.attended ?? 1 };
  }

  answer(entry, at, roster, redraw) {
    const { draft } = this;
    const kind = roster.catalogue.kinds.find((one) => one.code === entry.kind);
    const name = kind.short_name || kind.name;
    const left = outcomesOf(kind).filter(([code]) => !draft.entries.some((one) => one.kind === entry.kind && one.outcome === code));
    return h(
      "div",
      { class: "then", role: "group", "aria-label": name, "data-field": `assists.${at}.kind` },
      h("span", { class: "err", hidden: true }),
      chips({
        field: `assists.${at}.outcome`,
        legend: t("%(kind)s: how did it go?", { kind: name }),
        options: outcomesOf(kind),
        value: entry.outcome,
        onChange: (outcome) => {
          Object.assign(entry, { outcome, cause: null });
          this.changed();
          redraw();
        },
      }),
      stepper({
        field: `assists.${at}.people`,
        label: t("How many people?"),
        value: entry.people,
        max: 2000,
        onInput: (people) => {
          entry.people = people;
          this.changed();
        },
      }),
      entry.outcome &&
        left.length > 0 &&
        button(
          t("Another outcome"),
          () => {
            draft.entries.splice(at + 1, 0, { ...this.entry(kind), outcome: left[0][0], people: 1 });
            this.changed();
            redraw();
          },
          { look: "bare", name: "plus", "aria-label": `${t("Another outcome")}: ${outcomeName(roster.catalogue, kind.code, left[0][0])}` },
        ),
    );
  }

  async drop() {
    const { ctx, key, draft } = this;
    await this.keeper.drop();
    if (draft.target) return ctx.go(draft.target.kind === "again" ? "#/more" : `#/gathering/show/${draft.target.id}`);
    ctx.go("#/log/pick");
    return ctx.toast(t("Thrown away"), {
      action: t("Undo"),
      onAction: async () => {
        await ctx.box.saveDraft(key, draft);
        ctx.go("#/gathering");
      },
    });
  }

  async takeBack(record) {
    const { ctx, draft } = this;
    await ctx.box.saveDraft(KEY, draft);
    if (await ctx.box.undo(record.id)) return ctx.go("#/gathering");
    await ctx.box.dropDraft(KEY);
    return ctx.toast(t("Already sent. Correct it instead."), { action: t("Correct"), onAction: () => ctx.go(`#/gathering/edit/${record.id}`) });
  }

  async save() {
    if (this.busy) return;
    const { ctx, draft } = this;
    const body = bodyOf(draft);
    const flaws = judgeGathering(body, ctx.roster(), ctx.today());
    if (!body.assists.length && !body.topic) flaws.push({ field: "assists", message: t("Choose what was done, or write what it was about.") });
    if (showFlaws(this.form, this.summary, flaws)) return;
    this.busy = true;
    try {
      await this.keeper.stop();
      const record = await putDraft(ctx.box, "gathering", draft, body, this.key);
      ctx.sync.send();
      ctx.go(draft.target ? "#/gathering/list" : "#/log/pick");
      const words = t("Saved: gathering, %(count)s people", { count: draft.attended });
      ctx.toast(words, draft.target ? {} : { action: t("Undo"), onAction: () => this.takeBack(record) });
    } catch (error) {
      this.keeper.resume();
      showFlaws(this.form, this.summary, [{ field: "", message: ctx.saySaveFailed(error) }]);
    } finally {
      this.busy = false;
    }
  }
}
