// Every unsent record with its state and reason; the ways to put it right, to send it again, to carry it away in a file.
import { clock as at } from "../../words.js";
import { nearDay } from "../days.js";
import { dayOf } from "../clock.js";
import { freshId, h, icon } from "../dom.js";
import { exportUnsent, importUnsent } from "../parcel.js";
import { formOf, nameOf, reasonsOf } from "../records.js";
import { giveFile } from "../share.js";
import { standing } from "../shell.js";
import { CLIENT } from "../sync.js";
import { spoiledLines } from "./more_photos.js";
import { ask } from "../ask.js";
import { button, note, state } from "../widgets.js";
import { t } from "../../words.js";

const DAY = 86_400_000;
const FIRST = 20;
const DECIDED = ["held", "conflict"];

export async function unsentPart(ctx) {
  const records = await ctx.box.records();
  const refused = records.filter((one) => one.state === "refused");
  const waiting = records.filter((one) => one.state === "waiting");
  const asked = records.filter((one) => one.state === "received" && DECIDED.includes(one.verdict));
  const lost = (await ctx.box.setting("lost")) ?? [];
  const id = freshId("unsent");
  const unsent = refused.length + waiting.length;
  const spoiled = await spoiledLines(ctx, records);
  const open = unsent + spoiled.length;
  return h(
    "section",
    { "aria-labelledby": id },
    h("h2", { id }, open ? t("Not sent yet (%(count)s)", { count: open }) : t("Everything is sent")),
    await tooOld(ctx),
    lost.length > 0 && note("bad", "triangle-alert", h("p", {}, t("The commune never got %(count)s records that this phone once counted (number %(numbers)s). Look at your recent visits and write down what is missing.", { count: lost.length, numbers: lost.slice(0, 10).join(", ") }))),
    list(refused, (one) => refusedLine(one, ctx)),
    spoiled.length > 0 && h("ul", { class: "card lines" }, spoiled),
    list(waiting, (one) => waitingLine(one, ctx)),
    unsent > 0 && h("p", { class: "after" }, button(t("Send now"), () => sendNow(ctx), { look: "go big", name: "upload" })),
    unsent > 0 && h("p", { class: "after" }, button(t("Save what is unsent as a file"), () => carry(ctx), { look: "big", name: "download" })),
    await lastTime(ctx, open),
    asked.length > 0 && [h("h2", { class: "after" }, t("The commune decides")), list(asked, (one) => plainLine(one, ctx, state("info", "hourglass", t("The commune has it"))))],
    fileIn(ctx),
  );
}

function list(records, line) {
  if (!records.length) return null;
  const rest = records.slice(FIRST);
  return [
    h("ul", { class: "card lines" }, records.slice(0, FIRST).map(line)),
    rest.length > 0 && h("details", { class: "card more" }, h("summary", {}, t("%(count)s more", { count: rest.length }), icon("chevron-down")), h("ul", { class: "lines" }, rest.map(line))),
  ];
}

/** Cleaning apps wipe a browser's storage: what is old and unsent on a phone that promised nothing is in danger. */
async function tooOld(ctx) {
  const { oldest } = await ctx.box.counts();
  const { kept } = await standing();
  if (!oldest || kept || Date.now() - Date.parse(oldest) < DAY) return null;
  return note("bad", "triangle-alert", h("p", {}, t("Something has been unsent for more than a day. Go where there is a network and press Send now, or save it as a file. Apps that clean the phone could wipe it.")));
}

async function lastTime(ctx, unsent) {
  const sent = await ctx.box.setting("last_sent");
  if (!sent) return unsent ? null : h("p", { class: "mute" }, t("What you write down is sent by itself."));
  const when = new Date(sent);
  return h("p", { class: "mute after" }, t("Last sent %(day)s at %(time)s.", { day: nearDay(dayOf(when.getTime()), ctx.today()), time: at(when) }));
}

const when = (record, ctx) => h("p", { class: "mute sm" }, t("Written %(day)s", { day: nearDay(record.recorded_at.slice(0, 10), ctx.today()) }));

const plainLine = (record, ctx, mark) =>
  h("li", {}, h("b", {}, nameOf(record, ctx.roster())), when(record, ctx), mark, reasonsOf(record).map((words) => h("p", {}, words)));

const waitingLine = (record, ctx) => plainLine(record, ctx, state("wait", "cloud-off", t("Saved on this phone, not sent yet.")));

function refusedLine(record, ctx) {
  const name = nameOf(record, ctx.roster());
  const act = (label, how, more) => button(label, how, { "aria-label": `${label}: ${name}`, ...more });
  return h(
    "li",
    {},
    h("b", {}, name),
    when(record, ctx),
    state("bad", "octagon-alert", t("To put right")),
    reasonsOf(record).map((words) => h("p", {}, words)),
    h(
      "div",
      { class: "pairs" },
      act(t("Correct"), () => correct(record, ctx), { name: "pencil-line" }),
      act(t("Send again"), () => again(record, ctx), { name: "upload" }),
      act(t("Save as a file"), () => carry(ctx, record.id), { name: "download" }),
      act(t("Give up"), () => giveUp(record, name, ctx), { name: "trash-2" }),
    ),
  );
}

function correct(record, ctx) {
  const hash = formOf(record);
  if (hash) return ctx.go(hash);
  return ctx.toast(t("This cannot be changed here. Send it again, or save it as a file and give it to the commune."));
}

async function again(record, ctx) {
  await ctx.box.again(record.id);
  await sendNow(ctx);
}

async function giveUp(record, name, ctx) {
  const words = t("It is then on no phone and not at the commune. Save it as a file first if you are not sure.");
  const said = await ask(t("Give up \u201c%(name)s\u201d?", { name }), words, [["gone", t("Yes, give it up"), "risk"], [null, t("Keep it"), "go"]]);
  if (said === "gone" && (await ctx.box.discard(record.id))) ctx.toast(t("Given up: %(name)s", { name }));
}

async function sendNow(ctx) {
  const now = await ctx.sync.send({ hurry: true });
  const says = {
    offline: t("No network now. It is saved and goes by itself later."),
    signed_out: t("Sign in again first. Nothing is lost."),
    stuck: t("The commune's machine does not take it yet. It is tried again by itself."),
    sent: t("Everything is sent"),
  }[now?.phase];
  if (says) ctx.toast(says);
}

/** All that is unsent, or one record, as a file that anybody of the team or the commune can deliver. */
async function carry(ctx, only = null) {
  const file = await exportUnsent(ctx.box, ctx.phone.deviceId, CLIENT);
  if (only) {
    file.records = file.records.filter((one) => one.id === only);
    const named = new Set(file.records.flatMap((one) => one.body.photos ?? []));
    file.photos = Object.fromEntries(Object.entries(file.photos).filter(([hash]) => named.has(hash)));
  }
  const stem = file.exported_at.slice(0, 16).replace(/[T:]/g, "-");
  await giveFile(`chua-gui-${ctx.account.username ?? ctx.account.id}-${stem}.json`, JSON.stringify(file));
  ctx.toast(t("The file holds %(count)s records. Give it to the commune or a team-mate; they open it under More. Sending it twice does no harm.", { count: file.records.length }));
}

/** Somebody else's file, delivered from this phone. */
function fileIn(ctx) {
  const id = freshId("file");
  const input = h("input", { type: "file", id, class: "vh", accept: ".json,application/json", onchange: () => take(input, ctx) });
  return h("details", { class: "card more" }, h("summary", {}, t("A file from another phone"), icon("chevron-down")), h("div", { class: "pad" }, h("p", {}, t("A team-mate without a network can save what is unsent as a file. Open it here and this phone sends it for them.")), h("p", { class: "after" }, input, h("label", { class: "b big file", for: id }, icon("file-up"), t("Open the file")))));
}

async function take(input, ctx) {
  try {
    const told = JSON.parse(await input.files[0].text());
    const { added, known, bad } = await importUnsent(ctx.box, told);
    ctx.toast(bad ? t("%(added)s taken in, %(known)s were here, %(bad)s are damaged", { added, known, bad }) : t("%(added)s taken in, %(known)s were here already", { added, known }));
    ctx.sync.send({ hurry: true });
  } catch {
    ctx.toast(t("This is not a file of unsent records."));
  }
  input.value = "";
}
