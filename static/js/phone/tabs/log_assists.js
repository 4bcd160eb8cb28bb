// "What did you help with?": kinds of help by pillar; under its group each kind chosen asks what came of it, for whom, why not.
import { fill, h } from "../dom.js";
import { FILING_KINDS, outcomesOf } from "../judge.js";
import { newEntry } from "../visit_draft.js";
import { t } from "../../words.js";
import { button, chips, selectField, stepper } from "../widgets.js";
import { filingPart } from "./log_filing.js";

// Identity and public services are one pillar on paper and two things in people's minds.
const GROUPS = [
  { words: () => t("Identity (VNeID)"), has: ({ code }) => /^(EID2|VNEID)_/.test(code) },
  { words: () => t("Public services"), has: ({ pillar }) => pillar === "government" },
  { words: () => t("Digital payment, selling online"), has: ({ pillar }) => pillar === "economy" },
  { words: () => t("Health, safety, skills"), has: ({ pillar }) => pillar === "society" },
  { words: () => t("Other help"), has: () => true },
];

/** Groups of the kinds on offer, and of retired ones the visit already has. */
export function groupsOf(catalogue, chosen) {
  const left = catalogue.kinds.filter((one) => one.active !== false || chosen.includes(one.code));
  return GROUPS.map(({ words, has }) => {
    const kinds = left.filter(has);
    for (const one of kinds) left.splice(left.indexOf(one), 1);
    return { words: words(), kinds };
  }).filter((one) => one.kinds.length);
}

/** The part of the form about help. `form`: {draft, ctx, changed()}. */
export function assistsPart(form) {
  const { draft, ctx } = form;
  const refused = draft.contact === "refused";
  const { catalogue } = ctx.roster();
  const chosen = draft.entries.map((one) => one.kind);
  return h(
    "fieldset",
    { "data-field": "assists" },
    h(
      "legend",
      {},
      refused ? t("What did they decline?") : t("What did you help with?"),
      h("span", { class: "hint" }, ` ${refused ? t("Not needed") : t("One or more")}`),
    ),
    h("span", { class: "err", hidden: true }),
    groupsOf(catalogue, chosen).map((group) => groupPart(form, group)),
  );
}

function groupPart(form, { words, kinds }) {
  const { draft } = form;
  const answers = h("div", {});
  const codes = kinds.map((one) => one.code);
  const draw = () =>
    fill(
      answers,
      draft.entries.map((entry, at) => {
        const kind = kinds.find((one) => one.code === entry.kind);
        return kind && answerPart(form, kind, entry, at, draw);
      }),
    );
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
          if (draft.entries.some((one) => one.kind === code)) continue;
          draft.entries.push(newEntry(kinds.find((one) => one.code === code), draft.contact === "refused"));
        }
        form.changed();
        draw();
      },
    }),
    answers,
  );
}

/** One answer: what came of it, for whom, why not yet. */
function answerPart(form, kind, entry, at, redraw) {
  const { draft, ctx } = form;
  const { catalogue } = ctx.roster();
  const name = kind.short_name || kind.name;
  const rest = h("div", {});
  const touch = () => form.changed();
  const drawRest = () =>
    fill(
      rest,
      causePart(entry, catalogue, name, at, touch),
      draft.household_id ? whoPart(form, entry, at, redraw) : peoplePart(entry, at, touch),
      FILING_KINDS.includes(kind.code) && filingPart(form, entry, at),
    );
  drawRest();
  const outcomes = outcomesOf(kind).filter(([code]) => draft.contact !== "refused" || code === "not_done");
  return h(
    "div",
    { class: "then", role: "group", "aria-label": name, "data-field": `entries.${at}.kind` },
    h("span", { class: "err", hidden: true }),
    chips({
      field: `entries.${at}.outcome`,
      legend: t("%(kind)s: how did it go?", { kind: name }),
      options: outcomes,
      value: entry.outcome,
      onChange: (outcome) => {
        entry.outcome = outcome;
        if (!mayHaveCause(outcome)) entry.cause = null;
        touch();
        drawRest();
      },
    }),
    rest,
    button(t("How to do it"), () => import("./guides.js").then(({ openGuide }) => openGuide(kind.code, name)), { look: "bare", name: "book-open", "aria-label": t("How to do it: %(kind)s", { kind: name }) }),
  );
}

const mayHaveCause = (outcome) => outcome === "not_done" || outcome === "in_progress";

function causePart(entry, catalogue, name, at, touch) {
  if (!mayHaveCause(entry.outcome)) return null;
  const causes = catalogue.causes.filter((one) => one.active !== false || one.code === entry.cause);
  const needed = entry.outcome === "not_done";
  return selectField({
    field: `entries.${at}.cause`,
    label: needed ? t("Why not yet?") : t("What is it waiting for? (not needed)"),
    options: [["", needed ? t("Choose a reason") : t("Not said")], ...causes.map((one) => [one.code, one.name])],
    value: entry.cause ?? "",
    onChange: (cause) => {
      entry.cause = cause || null;
      touch();
    },
  });
}

/** "Who?": people of the household, somebody else, or just how many. */
function whoPart(form, entry, at, redraw) {
  const { draft, ctx } = form;
  const people = ctx.roster().byHousehold.get(draft.household_id) ?? [];
  const touch = () => form.changed();
  if (!people.length) return peoplePart(entry, at, touch);
  const count = h("div", {});
  const more = button(t("Another person, another outcome"), () => answerAgain(form, entry, redraw), {
    look: "bare",
    name: "plus",
  });
  const draw = () => {
    fill(count, entry.others && peoplePart(entry, at, touch));
    more.hidden = draft.contact === "refused" || !entry.residents.length || entry.residents.length === people.length;
  };
  draw();
  return h(
    "div",
    {},
    chips({
      field: `entries.${at}.resident_id`,
      legend: t("Who?"),
      hint: t("Leave empty if you do not know"),
      many: true,
      options: [...people.map((one) => [one.id, one.name || t("No name")]), ["", t("Somebody else")]],
      value: [...entry.residents, ...(entry.others ? [""] : [])],
      onChange: (now) => {
        entry.residents = now.filter(Boolean);
        entry.others = now.includes("");
        touch();
        draw();
      },
    }),
    count,
    more,
  );
}

/** One done, another not yet: a second answer about the same kind of help. */
function answerAgain(form, entry, redraw) {
  const { draft, ctx } = form;
  const kind = ctx.roster().catalogue.kinds.find((one) => one.code === entry.kind);
  draft.entries.splice(draft.entries.indexOf(entry) + 1, 0, newEntry(kind));
  form.changed();
  redraw();
}

const peoplePart = (entry, at, touch) =>
  stepper({
    field: `entries.${at}.people`,
    label: t("How many people?"),
    value: entry.people,
    max: 2000,
    onInput: (people) => {
      entry.people = people;
      touch();
    },
  });
