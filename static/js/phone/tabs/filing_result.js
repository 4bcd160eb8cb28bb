// What became of a filing that waits for a result: given back on a day, more papers asked for, turned down; and its fee. It goes
// as an edit of the filing (docs/sync.md), and the list of what to do follows at once.
import { nearDay } from "../days.js";
import { fill, h } from "../dom.js";
import { judgeFilingDetails, settled } from "../judge.js";
import { homeName, pairs } from "../labels.js";
import { layOver, worldOf } from "../waiting.js";
import { t } from "../../words.js";
import { chips, dayRow, linkButton, note, showFlaws } from "../widgets.js";
import { changesOf, feeChips, stateWords } from "./filing_form.js";
import { notePart } from "./log_more.js";
import { RecordForm } from "./record_form.js";

const ASKED = ["state", "result_on", "electronic_result", "fee_due", "paid_online", "note"];
const ENDED = ["returned", "refused"]; // on a day

/** #/filing/<id> */
export async function show(main, ctx, [id]) {
  const [roster, records] = await Promise.all([ctx.box.roster(), ctx.box.records()]);
  const filing = layOver(worldOf(roster, records, ctx.today())).filings.get(id);
  if (!filing) {
    ctx.title(t("Result of a filing"));
    return void fill(main, note("wait", "info", t("This filing no longer waits for a result, or is no longer in your list.")), h("p", { class: "after" }, linkButton(t("What to do"), "#/todo", { look: "big", name: "list-checks" })));
  }
  const key = `filing:${id}`;
  const known = Object.fromEntries(ASKED.map((name) => [name, filing[name] ?? null]));
  return new ResultForm(main, ctx, filing, key, (await ctx.box.draft(key)) ?? known).draw();
}

class ResultForm extends RecordForm {
  constructor(main, ctx, filing, key, values) {
    super(main, ctx, null);
    Object.assign(this, { filing, key, values });
    this.keep(key, () => this.values);
    this.more = h("div", { class: "f2 after" });
  }

  back() {
    return "#/todo";
  }

  tell(name, value) {
    this.values[name] = value;
    this.keeper.touch();
  }

  draw() {
    const { values, filing } = this;
    const state = chips({ field: "state", legend: t("How does it stand?"), options: pairs(stateWords()), value: values.state ?? "submitted", onChange: (told) => this.stands(told) });
    this.drawMore();
    this.frame(
      "filing",
      t("Result of a filing"),
      t("Save the result"),
      this.about(),
      state,
      this.more,
      feeChips(values, (due, paid) => (this.tell("fee_due", due), this.tell("paid_online", paid))),
      notePart({ value: values.note, onInput: (text) => this.tell("note", text) }),
      filing.household_id && h("p", { class: "after" }, linkButton(t("Log help for this household"), `#/log/new/${filing.household_id}`, { look: "bare big", name: "pencil-line" })),
    );
  }

  /** Which filing it is. */
  about() {
    const { ctx, filing } = this;
    const roster = ctx.roster();
    const today = ctx.today();
    const procedure = roster.catalogue?.procedures.find((one) => one.code === filing.procedure)?.name ?? t("Filing");
    const home = filing.household_id ? homeName(roster.households.get(filing.household_id) ?? { id: filing.household_id }) : t("Somebody outside the list");
    const lines = [
      procedure,
      filing.code && t("Code %(code)s", { code: filing.code }),
      filing.submitted_on && t("Handed in %(day)s", { day: nearDay(filing.submitted_on, today) }),
      filing.due_on && t("Result due %(day)s", { day: nearDay(filing.due_on, today) }),
    ];
    return h("div", { class: "card pad" }, h("b", {}, home), lines.filter(Boolean).map((words) => h("p", {}, words)));
  }

  /** A result has a day, of which today is the likeliest; what waits has none. */
  stands(state) {
    const ended = ENDED.includes(state);
    this.tell("state", state);
    this.tell("result_on", ended ? (this.values.result_on ?? this.ctx.today()) : null);
    if (state !== "returned") this.tell("electronic_result", null);
    this.drawMore();
  }

  drawMore() {
    const { values, ctx } = this;
    fill(
      this.more,
      ENDED.includes(values.state) && h("div", { class: "f" }, h("b", { class: "lab" }, t("Result on")), dayRow({ field: "result_on", value: values.result_on, today: ctx.today(), onInput: (day) => this.tell("result_on", day) })),
      values.state === "returned" &&
        chips({ field: "electronic_result", legend: t("Is the result electronic?"), none: true, options: [[true, t("Yes")], [false, t("No")]], value: values.electronic_result, onChange: (told) => this.tell("electronic_result", told) }),
    );
  }

  save() {
    const { values, filing, ctx } = this;
    const now = { ...settled({ ...filing, ...values }), note: values.note?.trim() ?? "" };
    // What the commune wrote of the filing itself is not asked for here, so it is not judged here either.
    const flaws = judgeFilingDetails(now, ctx.roster(), ctx.today(), [filing.id]).filter((one) => ASKED.includes(one.field));
    const changed = changesOf({ ...filing, state: filing.state ?? "submitted" }, now, ASKED);
    if (!changed) flaws.push({ field: "state", message: t("Nothing has changed yet: say how the filing stands now.") });
    if (showFlaws(this.form, this.summary, flaws)) return null;
    const body = { filing_id: filing.id, village_id: filing.village_id, ...changed };
    const record = { kind: "filing", body, baseVersion: filing.version ?? 1, draftKey: this.key };
    return this.put(record, t("Saved: the result of the filing"), () => "#/todo");
  }
}
