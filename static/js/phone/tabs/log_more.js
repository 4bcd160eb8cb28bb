// What may be added to a visit, folded away: who helped, a photo, minutes, a note, how content they were.
import { h, icon } from "../dom.js";
import { photoPart } from "../photo_field.js";
import { findForbidden } from "../privacy.js";
import { t } from "../../words.js";
import { areaField, chips, numberField, sayBeside } from "../widgets.js";
import { sayFlaw } from "../flaws.js";

export function morePart(form) {
  const { draft } = form;
  const touch = () => form.changed();
  const used = draft.note || draft.minutes || draft.photos.length || draft.satisfaction;
  return h(
    "details",
    { class: "card more", open: Boolean(used) },
    h(
      "summary",
      {},
      h(
        "span",
        {},
        h("b", {}, t("Write more")),
        h("span", { class: "mute" }, ` ${t("(not needed)")}`),
        h("br"),
        h("span", { class: "mute sm" }, t("Note, photo, who helped, minutes")),
      ),
      icon("chevron-down"),
    ),
    h(
      "div",
      { class: "pad f2" },
      notePart({ value: draft.note, onInput: (text) => ((draft.note = text), touch()) }),
      photoPart(draft, touch),
      helpers(form, touch),
      numberField({
        field: "minutes",
        label: t("Minutes"),
        value: draft.minutes,
        onInput: (minutes) => ((draft.minutes = minutes), touch()),
      }),
      satisfaction(draft, touch),
    ),
  );
}

/** A note that says at once when something in it may not be kept. */
export function notePart({ field = "note", label = t("Note"), value, onInput, rows = 3 }) {
  const look = (text) => {
    const code = findForbidden(text);
    sayBeside(box, code && sayFlaw({ code }));
  };
  const box = areaField({
    field,
    label,
    hint: t("No identity card numbers, passwords or OTP codes."),
    value,
    rows,
    onInput: (text) => {
      look(text);
      onInput(text);
    },
  });
  look(value);
  return box;
}

function helpers(form, touch) {
  const { draft, ctx } = form;
  const team = ctx.roster().members.filter((one) => one.team_id === draft.team_id);
  if (team.length < 2) return null;
  return chips({
    field: "member_ids",
    legend: t("Who helped?"),
    many: true,
    options: team.map((one) => [one.id, one.name]),
    value: draft.member_ids,
    onChange: (ids) => ((draft.member_ids = ids), touch()),
  });
}

function satisfaction(draft, touch) {
  const faces = [
    [3, "smile", t("Content")],
    [2, "meh", t("So-so")],
    [1, "frown", t("Not content")],
  ];
  return chips({
    field: "satisfaction",
    legend: t("Were they content?"),
    hint: t("Counted without a name"),
    none: true,
    look: "faces",
    options: faces.map(([code, name, words]) => [code, [icon(name), h("b", {}, words)]]),
    value: draft.satisfaction,
    onChange: (value) => ((draft.satisfaction = value), touch()),
  });
}
