// The month: the team's figures, what waits on this phone apart; its word on them; what the village asks of the commune.
import { longDay, shortDay } from "../days.js";
import { fill, freshId, h } from "../dom.js";
import { figuresOf, isWork, mayConfirm, sharesOf, shortOf, toConfirm, totalOf, wordOf } from "../month.js";
import { lastDay, periodOf, plus, since, START_DAY, yearOf } from "../periods.js";
import { worldOf } from "../waiting.js";
import { ask } from "../ask.js";
import { areaField, button, note, state } from "../widgets.js";
import { number, t } from "../../words.js";
import { figureWords, monthName, percent, targetWords } from "./month_words.js";
import { showProposals } from "./month_proposals.js";
import { zaloPart } from "./month_zalo.js";

const MONTHS = 4;
/** Always shown; others where the server tells them and there are any. */
export const MAIN = ["VISITS", "HOUSEHOLDS_REACHED", "PEOPLE", "FILINGS", "GATHERINGS"];
/** #/month · #/month/<period> */
export async function show(main, ctx, [asked = null]) {
  const draw = async () => {
    const [roster, records] = await Promise.all([ctx.box.roster(), ctx.box.records()]);
    if (!roster.teams.length) return void fill(main, note("wait", "cloud-off", t("The figures have not come yet. They come by themselves when there is a network.")));
    const view = new Month(ctx, roster, records, asked);
    ctx.title(t("Month %(month)s", { month: monthName(view.period) }));
    return void fill(main, await view.parts());
  };
  ctx.live(draw);
  await draw();
}

export class Month {
  constructor(ctx, roster, records, asked, team = ctx.memory.team) {
    this.ctx = ctx;
    this.roster = roster;
    this.records = records;
    this.today = ctx.today();
    this.world = worldOf(roster, records, this.today);
    this.start = roster.start_day || START_DAY;
    this.now = periodOf(this.today, this.start);
    this.periods = Array.from({ length: MONTHS }, (_, at) => plus(this.now, -at));
    this.period = this.periods.includes(asked) ? asked : this.now;
    this.team = this.chosenTeam(team);
    this.figures = figuresOf(this.world, this.team.id, this.period);
    this.word = wordOf(this.world, this.team.id, this.period, this.figures);
  }

  /** The team looked at: the one chosen here, else the account's own. */
  chosenTeam(chosen) {
    const { teams, members } = this.roster;
    const own = members.find((one) => one.id === this.ctx.account.member_id)?.team_id;
    return teams.find((one) => one.id === chosen) ?? teams.find((one) => one.id === own) ?? teams[0];
  }

  get leads() {
    return this.ctx.account.role === "leader";
  }

  async parts() {
    return [
      this.teamsPart(),
      this.periodsPart(),
      this.standing(),
      this.figuresPart(),
      this.targetsPart(),
      zaloPart(this),
      await showProposals(this),
    ];
  }

  teamsPart() {
    const { teams } = this.roster;
    if (teams.length < 2) return h("p", { class: "mute" }, this.team.name);
    const id = freshId("team");
    const pick = (event) => {
      this.ctx.memory.team = Number(event.target.value);
      this.ctx.go(`#/month/${this.period}`);
    };
    const options = teams.map((one) => h("option", { value: String(one.id), selected: one === this.team }, one.name));
    return h("div", { class: "f" }, h("label", { for: id }, t("Team")), h("select", { class: "in", id, onchange: pick }, options));
  }

  /** The last periods, each with how it stands. */
  periodsPart() {
    const says = (period) => {
      const word = wordOf(this.world, this.team.id, period, figuresOf(this.world, this.team.id, period));
      if (word.state === "figures") return t("confirmed");
      if (word.state === "zero") return t("nothing happened");
      return mayConfirm(period, this.today, this.start) ? t("not confirmed") : t("being written");
    };
    return h(
      "nav",
      { class: "sums after", "aria-label": t("Months") },
      this.periods.map((period) =>
        h("a", { href: `#/month/${period}`, "aria-current": period === this.period ? "true" : null }, h("b", {}, t("M%(month)s", { month: Number(period.slice(5)) })), says(period)),
      ),
    );
  }

  range() {
    return t("From %(first)s to %(last)s", { first: shortDay(since(this.period, this.start)), last: longDay(lastDay(this.period, this.start)) });
  }

  /** How the period stands, and what may be said of it. */
  standing() {
    const { state: said, sent, more } = this.word;
    const open = mayConfirm(this.period, this.today, this.start);
    const last = lastDay(this.period, this.start);
    const earlier = this.periods.find((one) => one < this.period && !this.isSaid(one));
    const parts = [];
    if (said !== "none") {
      const words = said === "zero" ? t("The team reported that nothing happened this month.") : more ? t("Confirmed, with %(count)s visits since", { count: more }) : t("Confirmed");
      parts.push(note(more ? "wait" : "ok", more ? "s-late" : said === "zero" ? "s-zero" : "s-done", h("b", {}, words), !sent && h("p", {}, t("Saved on this phone, not sent yet."))));
    } else if (!open) {
      parts.push(note("", "s-doing", h("p", {}, t("Figures so far. The month ends on %(day)s; the team confirms from that day on.", { day: shortDay(last) }))));
    }
    if (!open && earlier && this.period === this.now) {
      parts.push(note("wait", "triangle-alert", h("p", {}, t("Month %(month)s is not confirmed yet.", { month: monthName(earlier) })), h("p", {}, h("a", { href: `#/month/${earlier}` }, t("Look at it and confirm")))));
    }
    if (open && (said === "none" || more)) parts.push(this.confirmPart(more));
    return parts.length > 0 && h("div", { class: "after" }, parts);
  }

  isSaid(period) {
    return wordOf(this.world, this.team.id, period, figuresOf(this.world, this.team.id, period)).state !== "none";
  }

  confirmPart(again) {
    if (!this.leads) return note("wait", "s-late", h("p", {}, t("The team leader has still to confirm this month.")));
    const zero = !isWork(this.figures);
    const label = zero ? t("Nothing happened this month") : again ? t("Confirm again") : t("Confirm the month's figures");
    return button(label, () => this.confirm(zero), { look: "go big", name: zero ? "s-zero" : "check" });
  }

  async confirm(zero) {
    let words = "";
    const area = areaField({ field: "note", label: t("A word to the commune (if needed)"), onInput: (typed) => (words = typed.trim()) });
    const told = zero ? [] : MAIN.filter((code) => totalOf(this.figures[code]) !== null);
    const list = h("ul", { class: "figs" }, told.map((code) => h("li", {}, h("span", {}, figureWords()[code]), h("b", {}, number(totalOf(this.figures[code]))))));
    const month = monthName(this.period);
    const title = zero ? t("Report that nothing happened in %(month)s?", { month }) : t("Confirm the figures of %(month)s?", { month });
    const hint = zero ? t("The commune then knows that the team did not forget.") : t("Later visits still count; the commune sees that they came after.");
    const yes = zero ? t("Yes, nothing happened") : t("The figures are right");
    const said = await ask(title, hint, [["yes", yes, "go"], [null, t("Look again")]], h("div", {}, list, area));
    if (said === "yes") await this.save(zero, words);
  }

  async save(zero, words) {
    const { ctx, team, period } = this;
    const body = { team_id: team.id, village_id: team.village_ids[0], period, kind: zero ? "zero" : "figures", figures: zero ? {} : toConfirm(this.figures), note: words };
    try {
      const record = await ctx.box.add({ kind: "confirmation", body });
      ctx.sync.send();
      ctx.toast(t("Saved: the team's word on %(month)s", { month: monthName(period) }), { action: t("Undo"), onAction: () => this.takeBack(record) });
    } catch (error) {
      ctx.toast(ctx.saySaveFailed(error));
    }
  }

  async takeBack(record) {
    const gone = await this.ctx.box.undo(record.id);
    if (!gone) this.ctx.toast(t("Already sent. Confirm again when the figures are right."));
  }

  shown() {
    const isTold = (figure) => figure.counted !== null && totalOf(figure) !== 0;
    return Object.keys(figureWords()).filter((code) => MAIN.includes(code) || isTold(this.figures[code]));
  }

  figuresPart() {
    const id = freshId("figures");
    const before = figuresOf(this.world, this.team.id, plus(this.period, -1));
    const told = this.periods.includes(plus(this.period, -1));
    const words = figureWords();
    return h(
      "section",
      { class: "sec", "aria-labelledby": id },
      h("div", { class: "bar2" }, h("h2", { id }, mayConfirm(this.period, this.today, this.start) ? t("The team's figures") : t("Figures so far")), h("span", { class: "mute" }, this.range())),
      h(
        "ul",
        { class: "card figs" },
        this.shown().map((code) => this.figure(words[code], this.figures[code], told ? before[code].counted : null)),
        this.satisfactionLine(),
      ),
    );
  }

  /** Told by the server once enough answered; nobody's own answer is known. */
  satisfactionLine() {
    const given = this.told()?.satisfaction;
    if (!given) return null;
    const whole = given[1] + given[2] + given[3];
    return h("li", {}, h("span", {}, t("Content with the help"), h("span", { class: "mute sm block" }, t("of %(count)s who answered", { count: number(whole) }))), h("span", { class: "num" }, h("b", {}, number(given[3]))));
  }

  figure(words, { counted, waiting }, before) {
    const sign = waiting > 0 ? `+${waiting}` : `\u2212${-waiting}`;
    return h(
      "li",
      {},
      h("span", {}, words, before !== null && h("span", { class: "mute sm block" }, t("month before: %(count)s", { count: number(before) }))),
      h(
        "span",
        { class: "num" },
        h("b", {}, counted === null ? "\u2014" : number(counted), counted === null && h("span", { class: "vh" }, t("nothing known"))),
        waiting !== 0 && state("wait", "cloud-off", t("%(count)s to be sent", { count: sign })),
      ),
    );
  }

  /** [{words, share, target, short}] of the year, where a target is set and the phone knows how it stands. */
  targets() {
    const { village_ids: villages } = this.team;
    const shares = { ...this.served(), ...sharesOf(this.world, villages) };
    const words = targetWords();
    const out = [];
    for (const code of Object.keys(words)) {
      const target = this.targetOf(code, villages);
      if (target !== null && shares[code]?.whole) out.push({ code, words: words[code], share: shares[code], target, short: shortOf(shares[code], target) });
    }
    return out;
  }

  /** What the server told of the team's period. */
  told() {
    return this.roster.month.find((one) => one.team_id === this.team.id && one.period === this.period);
  }

  /** Shares the phone cannot count by itself, as the server told them for the year so far. */
  served() {
    return { FILINGS_PAID: this.told()?.year?.FILINGS_PAID };
  }

  /** The year's: of its villages where they all have the same, else of the commune. */
  targetOf(code, villages) {
    const year = yearOf(this.now);
    const set = new Map(this.roster.targets.filter((one) => one.indicator === code && one.span === year).map((one) => [one.place_id, one.value]));
    const own = villages.map((id) => set.get(id) ?? null);
    if (own.length && own[0] !== null && own.every((value) => value === own[0])) return own[0];
    const commune = this.roster.villages.find((one) => villages.includes(one.id))?.commune_id;
    return set.get(commune) ?? null;
  }

  targetsPart() {
    if (this.period !== this.now) return null;
    const lines = this.targets();
    if (!lines.length) return null;
    const id = freshId("targets");
    return h(
      "section",
      { class: "sec", "aria-labelledby": id },
      h("h2", { id }, t("Targets of %(year)s", { year: yearOf(this.now) })),
      h("ul", { class: "card figs targets" }, lines.map((one) => this.target(one))),
    );
  }

  target({ words, share, target, short }) {
    const id = freshId("t");
    const goal = `${String(target / 100).replace(".", ",")}%`;
    return h(
      "li",
      {},
      h("span", {}, h("span", { id, class: "block" }, words), h("span", { class: "mute sm block" }, t("%(part)s of %(whole)s, target %(goal)s", { part: number(share.part), whole: number(share.whole), goal }))),
      h("span", { class: "num" }, h("b", {}, percent(share)), short ? state("wait", "arrow-up", t("%(count)s to go", { count: number(short) })) : state("ok", "check", t("reached"))),
      h("progress", { max: String(share.whole), value: share.part, "aria-labelledby": id }),
    );
  }
}
