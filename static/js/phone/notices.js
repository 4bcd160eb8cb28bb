// A word above the dock that can be taken back, and hints at the head of the page.
import { fill, h, icon } from "./dom.js";
import { keepShell } from "./shell.js";
import { t } from "./words.js";
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

/** The name of the chat whose own browser this is, or null. What such a browser stores is easily lost. */
export function insideChat(agent = navigator.userAgent) {
  if (/Zalo/i.test(agent)) return "Zalo";
  if (/FBAN|FBAV|FB_IAB|FBIOS|Messenger/i.test(agent)) return "Facebook";
  return null;
}

/** "Open this in Chrome": the way out, and the address to copy. */
export function chatHint(chat) {
  const said = h("span", { role: "status" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      said.textContent = t("Copied. Now paste it into Chrome or Safari.");
    } catch {
      said.textContent = location.href;
    }
  };
  const browser = /iPhone|iPad/.test(navigator.userAgent) ? "Safari" : "Chrome";
  return h(
    "div",
    { class: "note wait" },
    icon("triangle-alert"),
    h(
      "div",
      {},
      h("b", {}, t("You are inside %(chat)s", { chat })),
      h("p", {}, t("Press the three dots at the top, then \u201cOpen in %(browser)s\u201d. What is written inside %(chat)s is easily lost.", { browser, chat })),
      button(t("Copy the address"), copy, { name: "copy" }),
      " ",
      said,
    ),
  );
}

/** A new version is there: it comes at a touch, or by itself while nobody looks. `mayReload()`: nothing is half sent. */
export function watchVersion(box, mayReload) {
  const tell = (take) => {
    const words = h("p", {}, t("A new version is ready. What you write stays."));
    fill(box, h("div", { class: "note" }, icon("info"), h("div", {}, words, button(t("Take the new version"), () => take(), { name: "refresh-cw" }))));
  };
  return keepShell({ isIdle: mayReload, onNew: tell });
}
