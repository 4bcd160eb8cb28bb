// Guide cards: how to help with each kind, step by step, with the official words. Kept with the shell, so they open offline.
import { fill, freshId, h, icon } from "../dom.js";
import { kindName, pillarWords } from "../labels.js";
import { ask } from "../ask.js";
import { linkButton, note, row } from "../widgets.js";
import { t } from "../../words.js";

export const GUIDES = "/phone/guides.json";
let kept = null;

/** {language, rules: [text], guides: [{code, official, about, bring, steps, fails: [[if, do]], police}]} */
export function loadGuides(fetch = globalThis.fetch) {
  kept ??= fetch(GUIDES)
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
    .catch((error) => {
      kept = null;
      throw error;
    });
  return kept;
}

const back = () => linkButton(t("More things"), "#/more", { look: "bare", name: "arrow-left" });

async function withGuides(main, draw) {
  try {
    return draw(await loadGuides());
  } catch {
    return fill(main, note("wait", "cloud-off", h("p", {}, t("The guides have not come yet. Open them once with a network; after that they are always here."))));
  }
}

export function showGuides(main, ctx) {
  ctx.title(t("Guides"), back());
  return withGuides(main, ({ guides, rules }) => {
    const kinds = ctx.roster().catalogue?.kinds ?? [];
    const pillarOf = (code) => kinds.find((one) => one.code === code)?.pillar ?? "government";
    const groups = Object.entries(pillarWords()).map(([pillar, words]) => [words, guides.filter((one) => pillarOf(one.code) === pillar)]);
    fill(main, always(rules), groups.filter(([, found]) => found.length).map(([words, found]) => group(words, found, ctx)));
  });
}

function group(words, found, ctx) {
  const id = freshId("g");
  const { catalogue } = ctx.roster();
  const name = (guide) => (catalogue ? kindName(catalogue, guide.code) : guide.official);
  return h("section", { class: "sec", "aria-labelledby": id }, h("h2", { id }, words), h("ul", { class: "card pick" }, found.map((one) => row(`#/more/guide/${one.code}`, name(one)))));
}

const always = (rules) => note("wait", "shield-check", h("b", {}, t("Always")), h("ul", { class: "told" }, rules.map((words) => h("li", {}, words))));

export function showGuide(main, ctx, code) {
  const { catalogue } = ctx.roster();
  ctx.title(catalogue ? kindName(catalogue, code) : t("Guide"), linkButton(t("Guides"), "#/more/guides", { look: "bare", name: "arrow-left" }));
  return withGuides(main, ({ guides, rules }) => {
    const guide = guides.find((one) => one.code === code);
    if (!guide) return fill(main, note("", "info", t("There is no guide for this yet.")));
    return fill(main, guideParts(guide), always(rules));
  });
}

/** A guide over the form that is being filled in, which stays as it is. */
export async function openGuide(code, name) {
  const found = (await loadGuides().catch(() => null))?.guides.find((one) => one.code === code);
  const body = found ? h("div", { class: "guide" }, guideParts(found)) : note("wait", "cloud-off", t("The guides have not come yet. Open them once with a network; after that they are always here."));
  await ask(name, null, [[null, t("Close"), "go"]], body);
}

/** A guide's parts, for its page and for a card above a form. */
export function guideParts(guide) {
  return [
    h("p", {}, guide.about),
    h("p", { class: "mute sm" }, t("On paper: %(words)s", { words: guide.official })),
    listed(t("To bring"), "ul", guide.bring),
    listed(t("Step by step"), "ol", guide.steps),
    guide.fails.length > 0 &&
      h("section", { class: "sec" }, h("h2", {}, t("When it does not work")), h("dl", { class: "card fails" }, guide.fails.map(([when, what]) => h("div", {}, h("dt", {}, icon("circle-alert"), when), h("dd", {}, what))))),
    guide.police && h("section", { class: "sec" }, note("bad", "megaphone", h("b", {}, t("Hand it on")), h("p", {}, guide.police))),
  ];
}

const listed = (title, tag, lines) =>
  h("section", { class: "sec" }, h("h2", {}, title), h(tag, { class: tag === "ol" ? "card pad steps-in" : "card pad told" }, lines.map((words) => h("li", {}, words))));
