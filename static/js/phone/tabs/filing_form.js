// A filing that the commune sent back: a new one, or what was told of one since. Filings are first told with the visit they belong
// to (log_filing.js).
import { isDay } from "../days.js";
import { pairs } from "../labels.js";
import { judgeFilingDetails, settled } from "../judge.js";
import { t } from "../../words.js";
import { chips, dayField, selectField, showFlaws, textField } from "../widgets.js";
import { notePart } from "./log_more.js";
import { RecordForm } from "./record_form.js";

const FIELDS = ["code", "procedure", "submitted_on", "mode", "fee_due", "paid_online", "due_on", "state", "result_on", "electronic_result", "note"];
export const stateWords = () => ({
  submitted: t("Submitted, waiting"),
  supplement: t("More papers asked for"),
  returned: t("Result returned"),
  refused: t("Turned down"),
  withdrawn: t("Withdrawn"),
});

/** `filing`: the one of the roster it changes, null for a new one. */
export async function correctFiling(main, ctx, filing, refused, key) {
  const { body } = refused;
  const was = { state: "submitted", ...filing, ...body, ...body.set };
  const typed = Object.fromEntries(FIELDS.map((name) => [name, was[name] ?? null]));
  return new FilingForm(main, ctx, filing, key, (await ctx.box.draft(key)) ?? typed, refused).draw();
}

class FilingForm extends RecordForm {
  constructor(main, ctx, filing, key, values, refused) {
    super(main, ctx, null, refused);
    Object.assign(this, { filing, key, values });
    this.keep(key, () => this.values);
  }

  tell(name, value) {
    this.values[name] = value === "" ? null : value;
    this.keeper.touch();
  }

  draw() {
    const { values, ctx } = this;
    const { procedures } = ctx.roster().catalogue;
    const offered = procedures.filter((one) => one.active !== false || one.code === values.procedure);
    const day = (field, label) => dayField({ field, label, value: values[field] ?? "", onInput: (typed) => this.tell(field, isDay(typed) ? typed : null) });
    this.frame(
      "filing",
      t("Correct a filing"),
      t("Save the correction"),
      selectField({
        field: "procedure",
        label: t("Which procedure?"),
        options: [["", t("Not said")], ...offered.map((one) => [one.code, one.name])],
        value: values.procedure ?? "",
        onChange: (code) => this.tell("procedure", code),
      }),
      textField({ field: "code", label: t("Dossier code (if there is one)"), hint: t("As on the receipt, for example H38.12.05-261008-0975"), value: values.code, autocapitalize: "characters", spellcheck: "false", maxlength: 60, onInput: (code) => this.tell("code", code.trim()) }),
      day("submitted_on", t("Submitted on")),
      day("due_on", t("Result promised for (if known)")),
      chips({ field: "state", legend: t("How does it stand?"), options: pairs(stateWords()), value: values.state, onChange: (state) => this.tell("state", state) }),
      day("result_on", t("Result on")),
      feeChips(values, (due, paid) => (this.tell("fee_due", due), this.tell("paid_online", paid))),
      notePart({ value: values.note, onInput: (text) => this.tell("note", text) }),
    );
  }

  save() {
    const { values, filing, refused, ctx } = this;
    const now = { ...settled(values), note: values.note?.trim() ?? "" };
    const own = [filing?.id ?? refused.id];
    const flaws = judgeFilingDetails(now, ctx.roster(), ctx.today(), own);
    if (!now.submitted_on) flaws.unshift({ field: "submitted_on", code: "required" });
    if (showFlaws(this.form, this.summary, flaws)) return null;
    if (!filing) return this.put({ kind: "filing", body: { ...refused.body, ...now }, draftKey: this.key }, t("Saved: the filing"));
    return this.change(now);
  }

  change(now) {
    const { filing, refused } = this;
    const changed = changesOf(filing, now);
    if (!changed) return this.nothingLeft();
    const body = { filing_id: filing.id, village_id: refused.body.village_id, base: this.seen(changed.base), set: changed.set };
    return this.put({ kind: "filing", body, baseVersion: filing.version ?? 1, draftKey: this.key }, t("Saved: the filing"));
  }
}

/** {base, set}: of the fields that differ, what stood there and what shall; null where none does. */
export function changesOf(filing, now, names = FIELDS) {
  const told = (values, name) => (name === "note" ? (values.note ?? "") : (values[name] ?? null));
  const changed = names.filter((name) => told(filing, name) !== told(now, name));
  const pick = (values) => Object.fromEntries(changed.map((name) => [name, told(values, name)]));
  return changed.length ? { base: pick(filing), set: pick(now) } : null;
}

/** Free, paid online or paid another way: [fee_due, paid_online] in one question. `onFee(fee_due, paid_online)`. */
export function feeChips(values, onFee) {
  const options = [["free", t("No fee")], ["online", t("Paid online")], ["cash", t("Paid another way")]];
  const tell = (fee) => onFee(fee ? fee !== "free" : null, fee === "online" ? true : fee === "cash" ? false : null);
  return chips({ field: "paid_online", legend: t("Fee"), none: true, options, value: feeOf(values), onChange: tell });
}

function feeOf({ fee_due: due, paid_online: paid }) {
  if (due === false) return "free";
  return due && paid != null ? (paid ? "online" : "cash") : null;
}
