// The strip under the title: always where the records are. Said in words first, then by a picture and a colour.
import { fill, h, icon } from "./dom.js";
import { SaveFailed } from "./idb.js";
import { clock, t } from "../words.js";

/** Draws the state of sync.js ({phase, waiting, refused, spoiled, lastSent}) into the strip's box. `demo` nothing else. */
export function drawStrip(box, state) {
  const { look, name, bold, more, href } = say(state);
  const words = h("span", {}, h("b", {}, bold), more && ` \u00b7 ${more}`);
  const key = [look, bold, more, href].join("|");
  if (box.dataset.key === key) return; // nothing new to say aloud
  box.dataset.key = key;
  fill(box, h("a", { class: `sync ${look}`, href }, icon(name), words, icon("chevron-right")));
}

function say({ phase, waiting = 0, refused: records = 0, spoiled = 0, lastSent = null }) {
  const refused = records + spoiled;
  const queue = t("Waiting to be sent (%(count)s)", { count: waiting });
  if (phase === "signed_out") {
    const more = waiting ? t("Sign in again to send %(count)s records. They are still on this phone.", { count: waiting }) : t("Sign in again to get news.");
    return { look: "wait", name: "lock", bold: t("Time to sign in again"), more, href: "#/welcome" };
  }
  if (refused) {
    return { look: "bad", name: "octagon-alert", bold: t("%(count)s to put right", { count: refused }), more: t("Press to see what"), href: "#/more" };
  }
  if (phase === "offline" && waiting) {
    return { look: "wait", name: "cloud-off", bold: queue, more: t("Saved on this phone. No network yet, it sends by itself later."), href: "#/more" };
  }
  if (phase === "offline") {
    return { look: "saved", name: "smartphone", bold: t("Saved on this phone"), more: t("No network now"), href: "#/more" };
  }
  if (phase === "stuck") {
    return { look: "wait", name: "clock-alert", bold: queue, more: t("The commune's machine does not take it yet. It is tried again by itself."), href: "#/more" };
  }
  if (phase === "sending") return { look: "saved", name: "upload", bold: t("Sending (%(count)s)", { count: waiting }), more: t("Saved on this phone"), href: "#/more" };
  if (waiting) return { look: "saved", name: "smartphone", bold: t("Saved on this phone"), more: queue, href: "#/more" };
  if (lastSent) {
    return { look: "ok", name: "cloud-check", bold: t("Sent %(time)s", { time: clock(new Date(lastSent)) }), more: t("The commune has everything"), href: "#/more" };
  }
  return { look: "saved", name: "smartphone", bold: t("Saved on this phone"), more: null, href: "#/more" };
}

/** Why a record was not saved, and that the text is still there. */
export function saySaveFailed(error) {
  if (!(error instanceof SaveFailed)) console.error(error);
  if (error.why === "quota") return t("Not saved: this phone is full. Your text is still here. Delete some pictures or films, then save again.");
  if (error.why === "blocked") return t("Not saved: the app is open elsewhere in an older version. Close the other one, then save again. Your text is still here.");
  return t("Not saved yet. Your text is still here. Press save again.");
}
