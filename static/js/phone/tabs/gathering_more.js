// What may be added to a gathering, folded away: a photo, a note, where it was, the households that came.
import { fill, h, icon } from "../dom.js";
import { homeName, pairs, placeWords } from "../labels.js";
import { photoPart } from "../photo_field.js";
import { search } from "../search.js";
import { t } from "../../words.js";
import { button, chips } from "../widgets.js";
import { notePart } from "./log_more.js";
import { searchBox, whereabouts } from "./log_pick.js";

export function morePart(form, roster) {
  const { draft } = form;
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
      photoPart(draft, () => form.changed()),
      notePart({ value: draft.note, onInput: (text) => form.put("note", text) }),
      chips({
        field: "place",
        legend: t("Where?"),
        options: pairs(placeWords(), ["culture_house", "office", "home", "other"]),
        value: draft.place,
        onChange: (place) => form.put("place", place),
      }),
      homesPart(form, roster),
    ),
  );
}

function homesPart(form, roster) {
  const { draft, ctx } = form;
  const chosen = h("ul", { class: "plain" });
  const found = h("ul", { class: "card pick", hidden: true });
  const draw = () =>
    fill(
      chosen,
      draft.household_ids.map((id) => {
        const name = homeName(roster.households.get(id) ?? { id });
        const gone = () => (form.put("household_ids", draft.household_ids.filter((one) => one !== id)), draw());
        return h("li", { class: "bar2" }, name, button(t("Remove"), gone, { look: "bare", "aria-label": `${t("Remove")}: ${name}` }));
      }),
    );
  const offer = (typed) => {
    const hits = search(ctx.index(), typed, 5).filter(({ home }) => home.village_id === draft.village_id && !draft.household_ids.includes(home.id));
    found.hidden = !hits.length;
    fill(found, hits.map(({ home }) => h("li", {}, h("button", { type: "button", onclick: () => {
      form.put("household_ids", [...draft.household_ids, home.id]);
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
