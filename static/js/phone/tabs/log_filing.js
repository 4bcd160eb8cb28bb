// A dossier beside the help it belongs to: its procedure and code when handed in, which one when tracked or paid.
import { h, icon } from "../dom.js";
import { isDay, nearDay } from "../days.js";
import { FILING_SUBMIT, codeLooksRight } from "../judge.js";
import { t } from "../../words.js";
import { chips, dayField, selectField, textField } from "../widgets.js";

export function filingPart(form, entry, at) {
  return entry.kind === FILING_SUBMIT ? handedIn(form, entry, at) : which(form, entry, at);
}

function handedIn(form, entry, at) {
  if (entry.outcome !== "done" && entry.outcome !== "in_progress") return null;
  const { ctx } = form;
  const { procedures } = ctx.roster().catalogue;
  const filing = (entry.filing ??= {});
  const put = (name, value) => {
    filing[name] = value || null;
    form.changed();
  };
  const doubt = h("p", { class: "hint sm", hidden: true }, t("flaw:filing_code_odd"));
  const look = () => {
    doubt.hidden = !filing.code || codeLooksRight(filing.code);
  };
  look();
  const offered = procedures.filter((one) => one.active !== false || one.code === filing.procedure);
  return h(
    "div",
    { class: "f2", "data-field": `entries.${at}.filing` },
    selectField({
      field: `entries.${at}.filing.procedure`,
      label: t("Which procedure?"),
      options: [["", t("Not said")], ...offered.map((one) => [one.code, one.name])],
      value: filing.procedure ?? "",
      onChange: (code) => put("procedure", code),
    }),
    textField({
      field: `entries.${at}.filing.code`,
      label: t("Dossier code (if there is one)"),
      hint: t("As on the receipt, for example H38.12.05-261008-0975"),
      value: filing.code,
      autocapitalize: "characters",
      spellcheck: "false",
      maxlength: 60,
      onInput: (code) => {
        put("code", code.trim());
        look();
      },
    }),
    doubt,
    h(
      "details",
      { class: "more", open: Boolean(filing.due_on || filing.fee_due != null) },
      h("summary", {}, h("b", {}, t("Result day, fee")), icon("chevron-down")),
      dayField({
        field: `entries.${at}.filing.due_on`,
        label: t("Result promised for (if known)"),
        value: filing.due_on,
        onInput: (day) => put("due_on", isDay(day) ? day : null),
      }),
      chips({
        field: `entries.${at}.filing.paid_online`,
        legend: t("Fee"),
        none: true,
        options: [
          ["free", t("No fee")],
          ["online", t("Paid online")],
          ["cash", t("Paid another way")],
        ],
        value: feeOf(filing),
        onChange: (fee) => {
          filing.fee_due = fee ? fee !== "free" : null;
          filing.paid_online = fee === "online" ? true : fee === "cash" ? false : null;
          form.changed();
        },
      }),
    ),
    h("span", { class: "err", hidden: true }),
  );
}

function feeOf({ fee_due: due, paid_online: paid }) {
  if (due == null) return null;
  return due ? (paid ? "online" : "cash") : "free";
}

/** The open dossiers of the household; whichever is meant is optional. */
function which(form, entry, at) {
  const { draft, ctx } = form;
  const { catalogue, filings } = ctx.roster();
  const held = filings.filter((one) => one.id === entry.filing?.id || (draft.household_id && one.household_id === draft.household_id));
  if (!held.length) return null;
  const say = (one) => {
    const name = catalogue.procedures.find((procedure) => procedure.code === one.procedure)?.name ?? one.code ?? t("Dossier");
    return t("%(name)s, handed in %(day)s", { name, day: nearDay(one.submitted_on, ctx.today()) });
  };
  return chips({
    field: `entries.${at}.filing.code`,
    legend: t("Which dossier?"),
    none: true,
    options: held.map((one) => [one.id, say(one)]),
    value: entry.filing?.id ?? null,
    onChange: (id) => {
      entry.filing = id ? { id } : null;
      form.changed();
    },
  });
}

