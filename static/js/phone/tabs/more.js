// Everything else: what is unsent and why, guides, this phone, whose it is.
import { fill, freshId, h } from "../dom.js";
import { ask } from "../ask.js";
import { button, row } from "../widgets.js";
import { t } from "../../words.js";
import { showGuide, showGuides } from "./guides.js";
import { phonePart } from "./more_phone.js";
import { unsentPart } from "./more_unsent.js";

/** #/more · #/more/guides · #/more/guide/<kind> */
export async function show(main, ctx, [what, which]) {
  if (what === "guides") return showGuides(main, ctx);
  if (what === "guide") return showGuide(main, ctx, which);
  const draw = async () => {
    const parts = await Promise.all([unsentPart(ctx), helpPart(), phonePart(ctx, draw), whoPart(ctx)]);
    fill(main, parts);
  };
  ctx.title(t("More things"));
  ctx.live(draw);
  return draw();
}

function helpPart() {
  const id = freshId("help");
  return h(
    "section",
    { class: "sec", "aria-labelledby": id },
    h("h2", { id }, t("Guides")),
    h("ul", { class: "card pick" }, row("#/more/guides", t("How to help, step by step"), t("Works without a network"))),
  );
}

const roles = () => ({
  member: t("Team member"),
  leader: t("Team leader"),
  official: t("Commune official"),
  approver: t("Commune approver"),
});

async function whoPart(ctx) {
  const { account } = ctx;
  const others = (await ctx.phone.accounts()).filter((one) => one.id !== account.id);
  const id = freshId("who");
  const team = ctx.roster().teams[0]?.name;
  return h(
    "section",
    { class: "sec", "aria-labelledby": id },
    h("h2", { id }, t("Who is here")),
    h("div", { class: "card pad" }, h("p", {}, h("b", { class: "big" }, account.name)), h("p", { class: "mute" }, [roles()[account.role], team].filter(Boolean).join(" \u00b7 "))),
    others.map((one) => h("p", { class: "after" }, button(t("Change to %(name)s", { name: one.name }), () => leave(ctx, one), { look: "big", name: "users" }))),
    h("p", { class: "after" }, button(t("Sign out"), () => leave(ctx), { look: "big", name: "log-out" })),
    h("p", { class: "after mute" }, h("a", { class: "tap", href: "/privacy" }, t("How your data are kept"))),
  );
}

/** Signing out takes the list of households off the phone and never what is unsent; it says so first. */
async function leave(ctx, other = null) {
  const counts = await ctx.box.counts();
  const unsent = counts.waiting + counts.refused;
  if (unsent) {
    const words = t("%(count)s records are not sent yet. They stay on this phone and nobody else sees them, but they go only when you sign in here again. Better send them first.", { count: unsent });
    const actions = [["send", t("Send now"), "go"], ["leave", other ? t("Change all the same") : t("Sign out all the same")], [null, t("Stay")]];
    const said = await ask(t("Not everything is sent"), words, actions);
    if (said === "send") return void ctx.sync.send({ hurry: true });
    if (said !== "leave") return undefined;
  } else {
    const words = t("The list of households leaves this phone. It comes back when you sign in.");
    const label = other ? t("Change to %(name)s", { name: other.name }) : t("Sign out");
    if ((await ask(`${label}?`, words, [["leave", label, "go"], [null, t("Stay")]])) !== "leave") return undefined;
  }
  return ctx.leaveAccount();
}

