// A gathering: thirty people helped at the culture house is one form with head-counts and what was done for how many.
import { keepDraft } from "../drafts.js";
import { fill, h, icon } from "../dom.js";
import { homeName, outcomeName, pairs, placeWords } from "../labels.js";
import { bodyOf, newGathering } from "../gathering_draft.js";
import { judgeGathering, outcomesOf } from "../judge.js";
import { photoPart } from "../photo_field.js";
import { search } from "../search.js";
import { teamOf } from "../teams.js";
import { t } from "../words.js";
import { button, chips, dayRow, linkButton, numberField, selectField, showFlaws, stepper, textField } from "../widgets.js";
import { groupsOf } from "./log_assists.js";
import { notePart } from "./log_more.js";
import { searchBox, whereabouts } from "./log_pick.js";

const KEY = "gathering";

export async function show(main, ctx) {
  const roster = ctx.roster();
  ctx.title(t("Gathering for guidance"), linkButton(t("Log a visit"), "#/log", { look: "bare", name: "user" }));
  const form = new GatheringForm(main, ctx, (await ctx.box.draft(KEY)) ?? newGathering(roster, ctx));
  form.draw();
  ctx.leave(() => form.keeper.flush());
}

class GatheringForm {
  constructor(main, ctx, draft) {
    Object.assign(this, { main, ctx, draft, busy: false });
    this.keeper = keepDraft(ctx.box, KEY, () => this.draft);
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
      { id: "gathering", novalidate: true, onsubmit: (event) => (event.preventDefault(), this.save()) },
      this.summary,
      this.where(roster),
      this.heads(),
      this.kinds(roster),
      this.more(roster),
    );
    fill(this.main, this.form, h("p", { class: "after" }, button(t("Throw this away"), () => this.drop(), { look: "bare big", name: "trash-2" })));
    ctx.act(h("div", { class: "act" }, h("button", { class: "b go big", type: "submit", form: "gathering" }, icon("check"), t("Save the gathering"))));
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

  more(roster) {
    const { draft } = this;
    const used = draft.note || draft.photos.length || draft.household_ids.length || draft.place !== "culture_house";
    return h(
      "details",
      { class: "card more", open: Boolean(used) },
      h(
        "summary",
        {},
        h("span", {}, h("b", {}, t("Write more")), h("span", { class: "mute" }, ` ${t("(not needed)")}`), h("br"), h("span", { class: "mute sm" }, t("Photo, note, households, place"))),
        icon("chevron-down"),
      ),
      h(
        "div",
        { class: "pad f2" },
        photoPart(draft, () => this.changed()),
        notePart({ value: draft.note, onInput: (text) => this.put("note", text) }),
        chips({
          field: "place",
          legend: t("Where?"),
          options: pairs(placeWords(), ["culture_house", "office", "home", "other"]),
          value: draft.place,
          onChange: (place) => this.put("place", place),
        }),
        this.homes(roster),
      ),
    );
  }

  homes(roster) {
    const { draft, ctx } = this;
    const chosen = h("ul", { class: "plain" });
    const found = h("ul", { class: "card pick", hidden: true });
    const draw = () =>
      fill(
        chosen,
        draft.household_ids.map((id) => {
          const name = homeName(roster.households.get(id) ?? { id });
          const gone = () => (this.put("household_ids", draft.household_ids.filter((one) => one !== id)), draw());
          return h("li", { class: "bar2" }, name, button(t("Remove"), gone, { look: "bare", "aria-label": `${t("Remove")}: ${name}` }));
        }),
      );
    const offer = (typed) => {
      const hits = search(ctx.index(), typed, 5).filter(({ home }) => home.village_id === draft.village_id && !draft.household_ids.includes(home.id));
      found.hidden = !hits.length;
      fill(found, hits.map(({ home }) => h("li", {}, h("button", { type: "button", onclick: () => {
        this.put("household_ids", [...draft.household_ids, home.id]);
        offer("");
        draw();
      } }, h("span", {}, h("b", {}, homeName(home)), h("br"), h("span", { class: "mute sm" }, whereabouts(home, roster))), icon("plus")))));
    };
    draw();
    const input = searchBox(offer, t("Households that came"));
    // One form stands inside the other only as markup: this search is no form of its own.
    const box = h("div", { class: "f", "data-field": "household_ids" }, [...input.childNodes], found, chosen, h("span", { class: "err", hidden: true }));
    return box;
  }

  drop() {
    const { ctx, draft } = this;
    this.keeper.drop();
    ctx.go("#/log/pick");
    ctx.toast(t("Thrown away"), {
      action: t("Undo"),
      onAction: async () => {
        await ctx.box.saveDraft(KEY, draft);
        ctx.go("#/gathering");
      },
    });
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
      const record = await ctx.box.add({ kind: "gathering", body, photos: draft.photos.filter((one) => one.blob), draftKey: KEY });
      ctx.sync.send();
      ctx.go("#/log/pick");
      ctx.toast(t("Saved: gathering, %(count)s people", { count: draft.attended }), {
        action: t("Undo"),
        onAction: async () => {
          if (!(await ctx.box.undo(record.id))) return ctx.toast(t("Already sent. The commune can correct it."));
          await ctx.box.saveDraft(KEY, draft);
          ctx.go("#/gathering");
        },
      });
    } catch (error) {
      this.keeper.resume();
      showFlaws(this.form, this.summary, [{ field: "", message: ctx.saySaveFailed(error) }]);
    } finally {
      this.busy = false;
    }
  }
}
