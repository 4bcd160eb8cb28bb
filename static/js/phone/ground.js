// What is said where this browser lacks what it must have (lacks.js), or is the wrong one, and what to do.
import { h, icon } from "./dom.js";
import { insideChat } from "./lacks.js";
import { button } from "./widgets.js";
import { t } from "../words.js";

const page = (title, ...words) => h("div", { class: "note bad", role: "alert" }, icon("octagon-alert"), h("div", {}, h("h2", {}, title), words.map((one) => h("p", {}, one))));

/** What is said instead of the app, which would only seem to work. */
export function stopPage(lack) {
  if (lack === "insecure") {
    const safe = `https://${location.host}${location.pathname}${location.hash}`;
    return [
      page(
        t("This address is not safe, so nothing can be saved"),
        t("The address must begin with https. Without it the browser keeps nothing on this phone and sends nothing."),
        t("If the https address does not open either, ask the commune for the right address. What was saved at the right address before is still there."),
      ),
      h("p", { class: "after" }, h("a", { class: "b go big", href: safe }, t("Open the address with https"))),
    ];
  }
  return page(
    t("This browser keeps nothing on the phone, so nothing can be saved"),
    t("Open this address in Chrome (Android) or Safari (iPhone), in an ordinary window: not a private one, and not inside Zalo or Facebook."),
    t("If it says the same there, free some space on the phone or start the phone again."),
  );
}

/** At the head of the page: this browser is not the best one. */
export function hint() {
  const chat = insideChat();
  return chat ? chatHint(chat) : noWorkerHint();
}

/** Where all works but opening without a network. */
const noWorkerHint = () =>
  h(
    "div",
    { class: "note wait" },
    icon("triangle-alert"),
    h("div", {}, h("b", {}, t("Without a network this app will not open here")), h("p", {}, t("What you write is saved on this phone and sent. But this browser cannot open the app without a network: open it in Chrome or Safari, in an ordinary window, or do not close it before you go."))),
  );

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
