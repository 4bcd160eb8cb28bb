// A question in front of everything else.
import { freshId, h } from "./dom.js";
import { button } from "./widgets.js";

/**
 * A question that must be answered: resolves to the value of the button pressed, or null when it was put away.
 * `actions`: [[value, label, look]].
 */
export function ask(title, words, actions, body = null) {
  return new Promise((resolve) => {
    const close = (value) => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    const id = freshId("ask");
    const dialog = h(
      "dialog",
      { class: "sheet-up", "aria-labelledby": id, oncancel: (event) => (event.preventDefault(), close(null)) },
      h("h2", { id }, title),
      words && h("p", {}, words),
      body,
      h(
        "div",
        { class: "bs" },
        actions.map(([value, label, look]) => button(label, () => close(value), { look: `${look ?? ""} big` })),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
