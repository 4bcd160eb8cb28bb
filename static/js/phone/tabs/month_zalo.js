// The month as plain text for the team's Zalo group: no names, figures only.
import { longDay } from "../days.js";
import { h } from "../dom.js";
import { totalOf } from "../month.js";
import { lastDay, since } from "../periods.js";
import { canShare, copyText, shareText } from "../share.js";
import { button } from "../widgets.js";
import { number, t } from "../../words.js";
import { figureWords, monthName, percent } from "./month_words.js";

/** The text: what the team did, against its targets, and whether it is final. */
export function zaloText(month) {
  const { figures, period, start, team, word, today } = month;
  const words = figureWords();
  const known = month.shown().filter((code) => totalOf(figures[code]) !== null);
  const waiting = figures.VISITS.waiting;
  const goal = (target) => `${String(target / 100).replace(".", ",")}%`;
  const lines = [
    t("%(team)s: month %(month)s", { team: team.name, month: monthName(period) }),
    t("(from %(first)s to %(last)s)", { first: longDay(since(period, start)), last: longDay(lastDay(period, start)) }),
    ...known.map((code) => `- ${words[code]}: ${number(totalOf(figures[code]))}`),
    !known.length && t("- No figures yet"),
    waiting > 0 && t("Of these, %(count)s visits are still on the phone and not sent.", { count: waiting }),
    ...(month.period === month.now ? month.targets() : []).map(({ words: name, share, target }) =>
      t("- %(name)s: %(part)s of %(whole)s (%(percent)s), target %(goal)s", { name, part: number(share.part), whole: number(share.whole), percent: percent(share), goal: goal(target) }),
    ),
    word.state === "none" ? t("Figures so far, on %(day)s.", { day: longDay(today) }) : t("The team confirmed these figures."),
  ];
  return lines.filter(Boolean).join("\n");
}

export function zaloPart(month) {
  const area = h("textarea", { class: "in after", rows: 8, readonly: true, hidden: true, "aria-label": t("The text for Zalo") });
  const copy = async () => {
    const done = await copyText(zaloText(month), area);
    month.ctx.toast(done ? t("Copied. Open Zalo and paste it into the group.") : t("Hold your finger on the text and choose Copy."));
  };
  const share = () => shareText(zaloText(month));
  return h(
    "section",
    { class: "sec" },
    button(t("Copy for Zalo"), copy, { look: "big", name: "copy" }),
    canShare() && h("p", { class: "after" }, button(t("Send it another way"), share, { look: "big bare", name: "external-link" })),
    area,
  );
}
