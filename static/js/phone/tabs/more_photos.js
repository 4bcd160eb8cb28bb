// Photos the commune's machine will not have: why, and what can be done. Their records arrived without them.
import { h } from "../dom.js";
import { sayFlaw } from "../flaws.js";
import { nameOf } from "../records.js";
import { t } from "../../words.js";
import { button, linkButton, state } from "../widgets.js";

const FORMS = { visit: (id) => `#/log/edit/${id}`, gathering: (id) => `#/gathering/edit/${id}` };

/** A line for each photo that was refused although its record arrived. */
export async function spoiledLines(ctx, records) {
  const lines = [];
  for (const photo of await ctx.box.photos()) {
    const record = photo.state === "refused" && records.find((one) => photo.of.includes(one.id) && one.state !== "refused");
    if (record) lines.push(line(photo, record, ctx));
  }
  return lines;
}

function line(photo, record, ctx) {
  const what = nameOf(record, ctx.roster());
  const name = t("Photo: %(what)s", { what });
  const damaged = photo.flaws.some((one) => one.code === "hash_mismatch");
  const why = [...new Set(photo.flaws.map((one) => one.message || sayFlaw(one)))];
  const said = damaged ? [t("The photo was sent twice and arrived damaged both times.")] : why;
  const act = (label, how, more) => button(label, how, { "aria-label": `${label}: ${name}`, ...more });
  return h(
    "li",
    {},
    h("b", {}, name),
    h("p", {}, state("bad", "octagon-alert", t("The photo did not arrive"))),
    said.map((words) => h("p", {}, words)),
    h("p", {}, t("What was written arrived. Send the photo once more; if it still does not arrive, correct the record and add another photo.")),
    h(
      "div",
      { class: "pairs" },
      act(t("Send again"), () => again(photo, ctx), { name: "upload" }),
      FORMS[record.kind] && linkButton(t("Correct"), FORMS[record.kind](record.id), { name: "pencil-line", "aria-label": `${t("Correct")}: ${name}` }),
      act(t("Do without it"), () => mark(photo, "given_up", ctx), { name: "trash-2" }),
    ),
  );
}

async function mark(photo, state, ctx) {
  await ctx.box.markPhotos([photo.sha256], state);
  return ctx.go("#/more");
}

async function again(photo, ctx) {
  await mark(photo, "waiting", ctx);
  const { spoiled = 0 } = (await ctx.sync.send({ hurry: true })) ?? {};
  if (spoiled) await ctx.go("#/more");
}
