// A person of a household: name, birth year, sex, what was attained. Nothing else is ever asked.
import { isDay } from "../days.js";
import { h } from "../dom.js";
import { titleName } from "../fold.js";
import { homeName } from "../labels.js";
import { EID2, RESIDENT_ENDS, judgeEnd, judgeResident } from "../people.js";
import { t } from "../../words.js";
import { chips, dayField, note, numberField, showFlaws, textField } from "../widgets.js";
import { pairs } from "../labels.js";
import { RecordForm } from "./record_form.js";

const FIELDS = ["name", "birth_year", "sex"];

export async function showResidentForm(main, ctx, home, id) {
  const person = id ? (ctx.roster().residents.get(id) ?? null) : null;
  const key = `resident:${id ?? `new-${home.id}`}`;
  const fresh = {
    name: person?.name ?? "",
    birth_year: person?.birth_year ?? null,
    sex: person?.sex ?? null,
    attained: [...(person?.attained ?? [])],
    source: "",
    end: { why: null, on: ctx.today() },
  };
  return new ResidentForm(main, ctx, home, person, key, (await ctx.box.draft(key)) ?? fresh).draw();
}

/** The form of a person's record that was refused, with what was typed. `person`: whom it changes, null for a new one. */
export async function correctResident(main, ctx, home, person, refused, key) {
  const { body } = refused;
  const told = body.set ? attainedIn(body.set) : (body.attained ?? []).map((one) => [one.indicator, one]);
  const codes = new Set(person?.attained ?? []);
  for (const [code, value] of told) codes[value ? "add" : "delete"](code);
  const was = { ...person, ...body, ...body.set };
  const typed = {
    name: was.name ?? "",
    birth_year: was.birth_year ?? null,
    sex: was.sex ?? null,
    attained: [...codes],
    source: told.map(([, value]) => value?.source).find(Boolean) ?? "",
    end: body.set?.ended ?? { why: null, on: ctx.today() },
  };
  return new ResidentForm(main, ctx, home, person, key, (await ctx.box.draft(key)) ?? typed, refused).draw();
}

const attainedIn = (set) =>
  Object.entries(set)
    .filter(([name]) => name.startsWith("attained."))
    .map(([name, value]) => [name.slice(9), value]);

/** What a person can attain, as the catalogue tells it. */
export const attainable = (catalogue) =>
  (catalogue.attainable ?? []).map((one) => (typeof one === "string" ? { code: one, name: one } : one));

class ResidentForm extends RecordForm {
  constructor(main, ctx, home, person, key, values, refused = null) {
    super(main, ctx, home, refused);
    Object.assign(this, { person, key, values });
    this.keep(key, () => this.values);
  }

  /** Whichever attainment is meant, it stands in one field here. */
  flaws() {
    const field = (name) => name.replace(/^attained\.\w+/, "attained.0");
    return super.flaws().map((one) => ({ ...one, field: field(one.field ?? "") }));
  }

  input(field) {
    return (value) => {
      this.values[field] = value;
      this.keeper.touch();
    };
  }

  draw() {
    const { values, person, home, ctx } = this;
    const offered = attainable(ctx.roster().catalogue);
    this.frame(
      "resident",
      person ? t("Correct a person") : t("Add a person"),
      t("Save"),
      note("", "house", h("b", {}, homeName(home))),
      textField({ field: "name", label: t("Full name"), value: values.name, autocapitalize: "words", maxlength: 120, onInput: this.input("name") }),
      numberField({ field: "birth_year", label: t("Birth year"), value: values.birth_year, onInput: this.input("birth_year") }),
      chips({ field: "sex", legend: t("Sex"), none: true, options: [["female", t("Female")], ["male", t("Male")]], value: values.sex, onChange: this.input("sex") }),
      offered.length > 0 &&
        chips({
          field: "attained.0",
          legend: t("What this person already has"),
          many: true,
          options: offered.map((one) => [one.code, one.short_name || one.name]),
          value: values.attained,
          onChange: this.input("attained"),
        }),
      textField({
        field: "attained.0.source",
        label: t("Who says so? (not needed)"),
        hint: t("For example: seen on the phone, commune police"),
        value: values.source,
        maxlength: 120,
        onInput: this.input("source"),
      }),
      person && this.endPart(),
    );
  }

  endPart() {
    const { values, ctx } = this;
    const words = { moved: t("Moved away"), died: t("Died"), twin: t("Written down twice") };
    return h(
      "details",
      { class: "card more", open: Boolean(values.end.why) },
      h("summary", {}, h("span", {}, h("b", {}, t("No longer in this household")))),
      h(
        "div",
        { class: "pad f2" },
        chips({ field: "why", legend: t("Why?"), none: true, options: pairs(words, RESIDENT_ENDS), value: values.end.why, onChange: (why) => this.input("end")({ ...values.end, why }) }),
        dayField({ field: "ended_on", label: t("Since when?"), value: values.end.on, max: ctx.today(), onInput: (day) => this.input("end")({ ...values.end, on: isDay(day) ? day : null }) }),
      ),
    );
  }

  /** As on the wire: each with the day and by whose word. */
  attained(codes, today) {
    const source = this.values.source.trim();
    return codes.map((indicator) => ({ indicator, on: today, source }));
  }

  save() {
    const { values, person, home, ctx } = this;
    const had = person?.attained ?? [];
    const fresh = this.attained(values.attained.filter((code) => !had.includes(code)), null);
    const body = {
      household_id: home.id,
      village_id: home.village_id,
      name: titleName(values.name),
      birth_year: values.birth_year || null,
      sex: values.sex || null,
      attained: fresh,
    };
    const codes = [...attainable(ctx.roster().catalogue).map((one) => one.code), EID2];
    const flaws = judgeResident(body, ctx.today(), codes);
    if (values.end.why) flaws.push(...judgeEnd(values.end, RESIDENT_ENDS, ctx.today()));
    if (showFlaws(this.form, this.summary, flaws)) return;
    const words = t("Saved: %(name)s", { name: body.name });
    if (person) return this.correct(body, fresh, had, words);
    return this.put({ kind: "resident", body, draftKey: this.key }, words, () => `#/households/${home.id}`);
  }

  correct(body, fresh, had, words) {
    const { values, person, home } = this;
    const base = {};
    const set = {};
    for (const field of FIELDS) {
      if ((person[field] ?? null) === body[field]) continue;
      base[field] = person[field] ?? null;
      set[field] = body[field];
    }
    for (const { indicator, on, source } of fresh) {
      base[`attained.${indicator}`] = null;
      set[`attained.${indicator}`] = { on, source };
    }
    for (const code of had.filter((one) => !values.attained.includes(one))) {
      const held = person.attainments?.find((one) => one.indicator === code);
      base[`attained.${code}`] = { on: held?.on ?? null, source: held?.source ?? "" };
      set[`attained.${code}`] = null;
    }
    if (values.end.why) {
      base.ended = null;
      set.ended = values.end;
    }
    if (!Object.keys(set).length) return this.nothingLeft();
    const edit = { resident_id: person.id, household_id: home.id, village_id: home.village_id, base: this.seen(base), set };
    const record = { kind: "resident", body: edit, baseVersion: person.version ?? 1, draftKey: this.key };
    return this.put(record, words, () => `#/households/${home.id}`);
  }
}
