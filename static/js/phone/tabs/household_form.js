// A household as typed: added, corrected, its word on its data, its end. Twins are shown before anything is saved.
import { isDay } from "../days.js";
import { h } from "../dom.js";
import { nfc } from "../fold.js";
import { homeName, kindWords, pairs, povertyWords, villageName } from "../labels.js";
import { HOUSEHOLD_ENDS, findTwins, judgeConsent, judgeEnd, judgeHousehold, showPhone, tidyHousehold } from "../people.js";
import { t } from "../../words.js";
import { ask } from "../ask.js";
import { chips, dayField, note, numberField, selectField, showFlaws, textField } from "../widgets.js";
import { notePart } from "./log_more.js";
import { RecordForm } from "./record_form.js";

const FIELDS = ["head", "kind", "birth_year", "people", "adults", "eid2", "poverty", "smartphone", "phone", "note"];

export async function showHouseholdForm(main, ctx, home, what, name = "") {
  if (what === "consent") return new ConsentForm(main, ctx, home).draw();
  if (what === "end") return new EndForm(main, ctx, home).draw();
  const key = home ? `household:${home.id}` : "household:new";
  const kept = await ctx.box.draft(key);
  const fresh = home ? valuesOf(home) : { ...blank(ctx.roster()), head: name };
  return new HouseholdForm(main, ctx, home, key, kept ?? fresh).draw();
}

const blank = (roster) => ({
  village_id: roster.villages[0]?.id ?? null,
  head: "",
  kind: "household",
  birth_year: null,
  people: null,
  adults: null,
  eid2: null,
  poverty: null,
  smartphone: null,
  phone: "",
  note: "",
  consent: { consent: null, method: null, on: null },
});

const valuesOf = (home) => ({
  village_id: home.village_id,
  ...Object.fromEntries(FIELDS.map((field) => [field, home[field] ?? null])),
  head: home.head ?? "",
  phone: showPhone(home.phone),
  note: home.note ?? "",
});

/** The form of a household's record that was refused, with what was typed. `home`: the one it is about, null for a new one. */
export async function correctHousehold(main, ctx, home, refused, key) {
  const { body } = refused;
  const kept = await ctx.box.draft(key);
  const unasked = { consent: null, method: null, on: null };
  if (body.set?.ended) return new EndForm(main, ctx, home, refused, key, kept ?? body.set.ended).draw();
  if (body.set && "consent" in body.set) return new ConsentForm(main, ctx, home, refused, key, kept ?? body.set.consent ?? unasked).draw();
  const was = home ? { ...valuesOf(home), ...body.set } : { ...blank(ctx.roster()), ...body, consent: body.consent ?? unasked };
  const typed = { ...was, phone: showPhone(was.phone), note: was.note ?? "" };
  return new HouseholdForm(main, ctx, home, key, kept ?? typed, refused).draw();
}

class HouseholdForm extends RecordForm {
  constructor(main, ctx, home, key, values, refused = null) {
    super(main, ctx, home, refused);
    Object.assign(this, { key, values });
    this.keep(key, () => this.values);
  }

  input(field) {
    return (value) => {
      this.values[field] = value;
      this.keeper.touch();
    };
  }

  draw() {
    const { values, home, ctx } = this;
    const roster = ctx.roster();
    const isHome = values.kind === "household";
    const yesNo = [[true, t("Has")], [false, t("Has not")], [null, t("Unknown")]];
    const count = (field, label, hint) => numberField({ field, label, hint, value: values[field], onInput: this.input(field) });
    this.frame(
      "household",
      home ? t("Correct a household") : t("Add a household"),
      home ? t("Save the correction") : t("Save the household"),
      !home && roster.villages.length > 1 &&
        selectField({
          field: "village_id",
          label: t("Village"),
          options: roster.villages.map((one) => [String(one.id), one.name]),
          value: String(values.village_id),
          onChange: (id) => this.input("village_id")(Number(id)),
        }),
      chips({
        field: "kind",
        legend: t("Kind"),
        options: pairs(kindWords()),
        value: values.kind,
        onChange: (kind) => (this.input("kind")(kind), this.draw()),
      }),
      textField({
        field: "head",
        label: isHome ? t("Head of the household") : t("Name"),
        value: values.head,
        autocapitalize: "words",
        maxlength: 120,
        onInput: this.input("head"),
      }),
      numberField({ field: "birth_year", label: t("Birth year of the head"), hint: t("Helps to tell two people of one name apart"), value: values.birth_year, onInput: this.input("birth_year") }),
      textField({ field: "phone", label: t("Phone"), type: "tel", value: values.phone, onInput: this.input("phone") }),
      h("div", { class: "three" }, count("people", t("People")), count("adults", t("14 and over")), count("eid2", t("With level 2"))),
      isHome && chips({ field: "poverty", legend: t("Poverty"), none: true, options: pairs(povertyWords()), value: values.poverty, onChange: this.input("poverty") }),
      chips({ field: "smartphone", legend: t("Smartphone"), options: yesNo, value: values.smartphone, onChange: this.input("smartphone") }),
      notePart({ value: values.note, onInput: this.input("note") }),
      !home && consentPart(values.consent, this.ctx, () => this.keeper.touch()),
    );
  }

  async save() {
    const { values, home, ctx } = this;
    const { consent, ...typed } = values;
    const body = tidyHousehold({ ...typed, birth_year: typed.birth_year || null });
    const said = consent && (consent.consent != null || consent.method) ? { ...consent, on: consent.on ?? ctx.today() } : null;
    const flaws = [...judgeHousehold({ ...body, phone: typed.phone }, ctx.today()), ...(said ? judgeConsent(said, ctx.today()) : [])];
    if (showFlaws(this.form, this.summary, flaws)) return;
    if (home) return this.correct(body);
    if (!(await this.reallyNew(body))) return;
    const record = { kind: "household", body: { ...body, consent: said }, draftKey: this.key };
    await this.put(record, t("Saved: %(name)s", { name: body.head }), (saved) => `#/households/${saved.id}`);
  }

  correct(body) {
    const { home } = this;
    const base = {};
    const set = {};
    for (const field of FIELDS) {
      const before = home[field] ?? (field === "note" ? "" : null);
      const after = field === "note" ? nfc(body.note) && body.note : (body[field] ?? null);
      if (before === after || (field === "note" && !before && !after)) continue;
      base[field] = before;
      set[field] = after;
    }
    if (!Object.keys(set).length) return this.nothingLeft();
    return this.edit(base, set, t("Saved: %(name)s", { name: body.head }));
  }

  /** Shows who could be the same household; true when it is none of them. */
  async reallyNew(body) {
    const { ctx } = this;
    const roster = ctx.roster();
    const twins = findTwins(roster.households, body);
    if (!twins.length) return true;
    const chosen = await ask(
      t("Is it one of these?"),
      t("There is already a household by that name in the village."),
      [...twins.map((one) => [one.id, this.describe(one, roster)]), ["new", t("No, another household: save it"), "go"]],
    );
    if (chosen && chosen !== "new") {
      await this.keeper.drop();
      ctx.go(`#/households/${chosen}`);
    }
    return chosen === "new";
  }

  describe(home, roster) {
    const people = home.people ?? roster.byHousehold.get(home.id)?.length;
    const words = [
      home.birth_year && t("born %(year)s", { year: home.birth_year }),
      people && t("%(count)s persons", { count: people }),
      villageName(roster, home.village_id),
    ];
    return `${homeName(home)} (${words.filter(Boolean).join(", ")})`;
  }
}

/** Yes or no, how it was said, when. Nothing is ticked beforehand. */
export function consentPart(consent, ctx, touch) {
  return h(
    "div",
    { class: "f2" },
    chips({
      field: "consent",
      legend: t("Does the household agree that its data are kept for this help?"),
      hint: t("Ask, then write down the answer"),
      none: true,
      options: [[true, t("Agrees")], [false, t("Does not agree")]],
      value: consent.consent,
      onChange: (value) => ((consent.consent = value), touch()),
    }),
    chips({
      field: "method",
      legend: t("How did they say so?"),
      none: true,
      options: [["spoken", t("Spoken, face to face")], ["signed", t("Signed on paper")]],
      value: consent.method,
      onChange: (value) => ((consent.method = value), touch()),
    }),
    dayField({
      field: "consent_on",
      label: t("Day it was said"),
      value: consent.on ?? ctx.today(),
      max: ctx.today(),
      onInput: (day) => ((consent.on = isDay(day) ? day : null), touch()),
    }),
  );
}

class ConsentForm extends RecordForm {
  constructor(main, ctx, home, refused = null, key = null, typed = null) {
    super(main, ctx, home, refused);
    Object.assign(this, { key, consent: typed ?? { consent: null, method: null, on: ctx.today() } });
    if (key) this.keep(key, () => this.consent);
  }

  draw() {
    const { home, ctx } = this;
    const now = { true: t("Agrees"), false: t("Does not agree") }[home.consent] ?? t("Not asked yet");
    this.frame("consent", t("Consent"), t("Save"), note("", "info", h("b", {}, homeName(home)), h("p", {}, t("So far: %(word)s", { word: now }))), consentPart(this.consent, ctx, () => this.keeper?.touch()));
  }

  save() {
    if (showFlaws(this.form, this.summary, judgeConsent(this.consent, this.ctx.today()))) return;
    const { home, consent } = this;
    return this.edit({ consent: home.consent ?? null }, { consent }, t("Saved: %(name)s", { name: homeName(home) }));
  }
}

class EndForm extends RecordForm {
  constructor(main, ctx, home, refused = null, key = null, typed = null) {
    super(main, ctx, home, refused);
    Object.assign(this, { key, end: typed ?? { why: null, on: ctx.today() } });
    if (key) this.keep(key, () => this.end);
  }

  draw() {
    const { home, ctx } = this;
    const put = (name, value) => ((this.end[name] = value), this.keeper?.touch());
    const words = { moved: t("Moved away"), dissolved: t("Nobody lives there any more"), twin: t("Written down twice") };
    this.frame(
      "end",
      t("Take off the list"),
      t("Take off the list"),
      note("", "info", h("b", {}, homeName(home)), h("p", {}, t("Its visits stay in the figures. The commune can bring it back."))),
      chips({ field: "why", legend: t("Why?"), options: pairs(words, HOUSEHOLD_ENDS), value: this.end.why, onChange: (why) => put("why", why) }),
      dayField({ field: "ended_on", label: t("Since when?"), value: this.end.on, max: ctx.today(), onInput: (day) => put("on", isDay(day) ? day : null) }),
    );
  }

  save() {
    if (showFlaws(this.form, this.summary, judgeEnd(this.end, HOUSEHOLD_ENDS, this.ctx.today()))) return;
    return this.edit({ ended: null }, { ended: this.end }, t("Taken off the list: %(name)s", { name: homeName(this.home) }));
  }
}
