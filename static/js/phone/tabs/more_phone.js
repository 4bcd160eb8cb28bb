// This phone: on the home screen, whether its storage is kept, how large the letters, light or dark.
import { freshId, h, icon } from "../dom.js";
import { install, standing } from "../shell.js";
import { button, chips, note, state } from "../widgets.js";
import { t } from "../../words.js";

const look = (name) => document.documentElement.dataset[name] ?? "";

/** Kept where theme.js finds it before the first paint. */
function setLook(name, value) {
  if (value) document.documentElement.dataset[name] = value;
  else delete document.documentElement.dataset[name];
  try {
    if (value) localStorage.setItem(`tdteam.${name}`, value);
    else localStorage.removeItem(`tdteam.${name}`);
  } catch {
    // Storage is closed to us: it holds until the app is closed.
  }
}

export async function phonePart(ctx, redraw) {
  const id = freshId("phone");
  const now = await standing();
  const onReady = () => redraw();
  addEventListener("tdteam-installable", onReady, { once: true });
  ctx.leave(() => removeEventListener("tdteam-installable", onReady));
  return h(
    "section",
    { class: "sec", "aria-labelledby": id },
    h("h2", { id }, t("This phone")),
    homeScreen(ctx, now, redraw),
    await storage(now, redraw),
    chips({
      legend: t("Size of letters"),
      options: [["", t("Normal")], ["2", t("Large")], ["3", t("Very large")]],
      value: look("size"),
      onChange: (value) => setLook("size", value),
      small: true,
    }),
    chips({
      legend: t("Light or dark"),
      options: [["", t("As the phone")], ["light", t("Light")], ["dark", t("Dark")]],
      value: look("theme"),
      onChange: (value) => setLook("theme", value),
      small: true,
    }),
  );
}

function homeScreen(ctx, { installed, canAsk }, redraw) {
  if (installed) return h("p", { class: "after" }, state("ok", "check", t("On the home screen")));
  if (canAsk) {
    const put = async () => {
      if (await install()) ctx.toast(t("It is on the home screen now. Open it from there."));
      redraw();
    };
    return h("div", { class: "after" }, h("p", {}, t("Put it on the home screen: it opens faster, and the phone keeps what is unsent safer.")), h("p", { class: "after" }, button(t("Put on the home screen"), put, { look: "big", name: "smartphone" })));
  }
  return h("details", { class: "card more" }, h("summary", {}, t("Put on the home screen"), icon("chevron-down")), h("ol", { class: "pad steps-in" }, (isApple() ? apple() : android()).map((words) => h("li", {}, words))));
}

const isApple = () => /iPhone|iPad/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
const apple = () => [t("Open this page in Safari."), t("Press the share button: the square with an arrow upwards."), t("Choose Add to Home Screen, then Add.")];
const android = () => [t("Open this page in Chrome."), t("Press the three dots at the top right."), t("Choose Install app or Add to Home screen.")];

async function storage({ kept }, redraw) {
  if (kept) return h("p", { class: "after" }, state("ok", "check", t("The phone promises to keep what is saved here")));
  const tell = async () => {
    await navigator.storage?.persist?.();
    redraw();
  };
  return note("", "info", h("p", {}, t("The phone may clear its storage when it is full. What is sent is safe. Put the app on the home screen so that nothing is cleared.")), navigator.storage?.persist && h("p", {}, button(t("Ask the phone to keep it"), tell, { name: "save" })));
}
