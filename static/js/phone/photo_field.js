// Photos of a visit or gathering: taken, shrunk, kept in the draft until the record is saved.
import { fill, h, icon } from "./dom.js";
import { drawPhoto, shrink } from "./photos.js";
import { t } from "../words.js";
import { button, sayBeside } from "./widgets.js";

const MOST = 4;

/** `draft.photos`: [{sha256, blob}]; one without a blob is already with its record. */
export function photoPart(draft, touch) {
  const list = h("ul", { class: "photos" });
  const input = h("input", { type: "file", accept: "image/*", hidden: true, onchange: () => take() });
  const add = button(t("Add a photo"), () => input.click(), { name: "camera" });
  const box = h(
    "div",
    { class: "f", "data-field": "photos" },
    h("p", { class: "lab" }, t("Photos")),
    h("p", { class: "hint sm" }, t("Of the work, not of papers or cards.")),
    list,
    add,
    input,
    h("span", { class: "err", role: "status", hidden: true }),
  );
  const draw = () => {
    fill(list, draft.photos.map(picture));
    add.disabled = draft.photos.length >= MOST;
  };

  function picture(one, at) {
    const words = t("Photo %(number)s", { number: at + 1 });
    const gone = () => {
      draft.photos.splice(at, 1);
      touch();
      draw();
    };
    return h(
      "li",
      {},
      one.blob ? thumbnail(one.blob, words) : h("span", {}, icon("paperclip"), words),
      button(t("Remove"), gone, { look: "bare", "aria-label": `${t("Remove")}: ${words}` }),
    );
  }

  async function take() {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    add.disabled = true;
    try {
      const small = await shrink(file);
      if (!draft.photos.some((one) => one.sha256 === small.sha256)) draft.photos.push(small);
      sayBeside(box, null);
      touch();
    } catch {
      sayBeside(box, t("This picture cannot be read. Take another one."));
    }
    draw();
  }

  draw();
  return box;
}

function thumbnail(blob, words) {
  const canvas = h("canvas", { role: "img", "aria-label": words });
  drawPhoto(canvas, blob).catch(() => {});
  return canvas;
}
