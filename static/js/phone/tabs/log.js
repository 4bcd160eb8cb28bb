// The first screen: whom did you help? Then the form, whose modules come once the first screen stands. A half-written visit opens
// again by itself.
import { OPEN } from "../drafts.js";
import { moreWords } from "../more_words.js";
import { showPick } from "./log_pick.js";

const SOON = 300; // milliseconds that the first screen has for itself
let form = null;

/** The modules of the form, with their words; asked for again where they could not be had. */
function theForm() {
  form ??= moreWords()
    .then(() => import("./log_open.js"))
    .catch((error) => {
      form = null;
      throw error;
    });
  return form;
}

/** #/log · #/log/new/<household or "other">[/<village>] · #/log/draft/<key> · #/log/visit/<id> · #/log/edit/<id> */
export async function show(main, ctx, rest) {
  const [what, which, more] = rest;
  if (what === "new") return (await theForm()).begin(main, ctx, which, more);
  if (what === "draft") return (await theForm()).resume(main, ctx, which);
  if (what === "visit" || what === "edit") return (await theForm()).showVisit(main, ctx, which, what === "edit");
  if (what !== "pick") {
    const open = await ctx.box.remembered(OPEN);
    if (open && (await ctx.box.draft(open))) return (await theForm()).resume(main, ctx, open);
  }
  setTimeout(() => theForm().catch(() => {}), SOON);
  return showPick(main, ctx);
}
