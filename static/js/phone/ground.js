// What this browser must have before anything can be promised: where something lacks, it is said plainly, and what to do.
import { h, icon } from "./dom.js";
import { t } from "./words.js";

/** Why nothing can be kept here: "insecure", "no_store", or null where it can. */
export function whatLacks() {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) return "insecure";
  return globalThis.indexedDB && globalThis.BroadcastChannel ? null : "no_store";
}

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

/** A hint where all works but opening without a network; null where that works too. */
export const noWorkerHint = () =>
  navigator.serviceWorker
    ? null
    : h(
        "div",
        { class: "note wait" },
        icon("triangle-alert"),
        h("div", {}, h("b", {}, t("Without a network this app will not open here")), h("p", {}, t("What you write is saved on this phone and sent. But this browser cannot open the app without a network: open it in Chrome or Safari, in an ordinary window, or do not close it before you go."))),
      );
