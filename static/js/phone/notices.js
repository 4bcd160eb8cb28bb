// A word above the dock that can be taken back, and word of a new version.
import { fill, h, icon } from "./dom.js";
import { keepShell } from "./shell.js";
import { t } from "../words.js";
import { button } from "./widgets.js";

/** Shows words for some seconds; they wait while the reader is on them. It takes no focus. */
export function toast(box, words, { action = null, onAction = null, seconds = 10 } = {}) {
  const line = h("div", { class: "toast" }, h("span", {}, words));
  const close = () => {
    clearInterval(tick);
    line.remove();
  };
  if (action) line.append(button(action, () => (close(), onAction())));
  else line.append(button(t("Close"), close));
  let left = seconds;
  const tick = setInterval(() => {
    if (!line.isConnected) return clearInterval(tick);
    if (line.matches(":hover,:focus-within")) return;
    left -= 1;
    if (left <= 0) close();
  }, 1000);
  box.replaceChildren(line);
}

/** A new version is there: it comes at a touch, or by itself while nobody looks. `mayReload()`: nothing is half sent. */
export function watchVersion(box, mayReload) {
  const tell = (take) => {
    const words = h("p", {}, t("A new version is ready. What you write stays."));
    fill(box, h("div", { class: "note" }, icon("info"), h("div", {}, words, button(t("Take the new version"), () => take(), { name: "refresh-cw" }))));
  };
  return keepShell({ isIdle: mayReload, onNew: tell });
}
