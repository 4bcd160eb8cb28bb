// What to do next: overdue first. A touch on "Log" opens the visit form with the household; that visit settles it or puts it off.
import { fullDay, nearDay, weekday } from "../days.js";
import { fill, freshId, h, icon } from "../dom.js";
import { causeName, homeName, kindName, outcomeName, villageName } from "../labels.js";
import { visitsInForce } from "../recent.js";
import { countTodo, GROUPS, todo } from "../todo.js";
import { layOver, worldOf } from "../waiting.js";
import { button, empty, linkButton, note, state } from "../widgets.js";
import { t } from "../../words.js";

const FIRST = 10;
const titles = (today) => ({
  overdue: t("Overdue"),
  today: fullDay(today, today),
  soon: t("In the next 7 days"),
  outreach: t("The commune comes"),
  doing: t("Help not finished yet"),
  filings: t("Filings waiting for a result"),
  never: t("Not visited this year"),
  level2: t("People without level 2"),
  later: t("Later"),
});
/** Filters: what the figure says, which items it counts. */
const SUMS = [
  ["overdue", () => t("Overdue")],
  ["today", () => t("Today")],
  ["assist", () => t("Unfinished")],
  ["filing", () => t("Filings (short)")],
  ["never", () => t("Not visited")],
  ["level2", () => t("No level 2")],
];
const ORDERED = ["never", "level2"];

/** #/todo · #/todo/<filter> */
export async function show(main, ctx, [filter = null]) {
  ctx.title(t("What to do"), button(t("Update"), () => update(ctx), { look: "bare", name: "refresh-cw" }));
  const open = new Set();
  const draw = async () => {
    const [roster, records] = await Promise.all([ctx.box.roster(), ctx.box.records()]);
    fill(main, new List(ctx, worldOf(roster, records, ctx.today()), filter, open).parts(() => draw()));
  };
  ctx.live(draw);
  await draw();
}

async function update(ctx) {
  const now = await ctx.sync.refresh();
  if (now?.phase === "offline") ctx.toast(t("No network now. The list is as it was fetched last."));
}

class List {
  constructor(ctx, world, filter, open) {
    const items = todo(world);
    const known = SUMS.some(([name]) => name === filter);
    Object.assign(this, { ctx, open, today: world.today, roster: ctx.roster(), all: items, counts: countTodo(items) });
    this.filter = known ? filter : null;
    this.items = this.filter ? items.filter((one) => one.group === filter || one.tags.includes(filter)) : items;
    this.view = layOver(world);
    this.plans = new Map(world.outreach.map((one) => [one.id, one]));
    this.last = new Map();
    for (const visit of visitsInForce(this.roster, ctx.records()).reverse()) this.last.set(visit.household_id ?? visit.id, visit);
  }

  parts(redraw) {
    if (!this.roster.villages.length) {
      return note("wait", "cloud-off", t("The list of households has not come yet. It comes by itself when there is a network."));
    }
    const groups = GROUPS.map((group) => [group, this.items.filter((one) => one.group === group)]).filter(([, found]) => found.length);
    return [
      this.sums(),
      this.filter && h("p", { class: "after" }, linkButton(t("Show everything"), "#/todo", { name: "undo-2" })),
      groups.map(([group, found]) => this.group(group, found, redraw)),
      !groups.length && this.nothing(),
    ];
  }

  nothing() {
    if (this.filter) return empty("circle-check", t("None of these"), null, linkButton(t("Show everything"), "#/todo"));
    return empty("circle-check", t("Nothing is waiting"), t("Every household was visited this year and no date is open."), linkButton(t("Log help given"), "#/log/pick"));
  }

  sums() {
    return h(
      "nav",
      { class: "sums six", "aria-label": t("Show only") },
      SUMS.map(([name, words]) => {
        const count = this.counts[name] ?? 0;
        const here = name === this.filter;
        const number = h("b", { class: name === "overdue" && count ? "late" : null }, String(count));
        return h("a", { href: here ? "#/todo" : `#/todo/${name}`, "aria-current": here ? "true" : null }, number, words());
      }),
    );
  }

  group(group, found, redraw) {
    const id = freshId("g");
    const shown = this.open.has(group) ? found : found.slice(0, FIRST);
    const rest = found.length - shown.length;
    const more = () => {
      this.open.add(group);
      redraw();
    };
    return h(
      "section",
      { class: "sec", "aria-labelledby": id },
      h("h2", { id }, titles(this.today)[group], found.length > 1 && h("span", { class: "mute" }, ` (${found.length})`)),
      ORDERED.includes(group) && found.length > 1 && h("p", { class: "mute sm" }, t("Poor households and those where most people lack level 2 come first.")),
      h("ul", { class: "card todo" }, shown.map((one) => this.item(one))),
      rest > 0 && h("p", { class: "after" }, button(t("%(count)s more", { count: rest }), more, { look: "big", name: "chevron-down" })),
    );
  }

  item(item) {
    if (item.outreach_id !== null) return this.plan(this.plans.get(item.outreach_id));
    if (item.filing_id !== null) return this.filing(item, this.view.filings.get(item.filing_id));
    const home = this.home(item.household_id);
    const name = item.household_id ? homeName(home) : t("Somebody outside the list");
    const lines = [...item.assists.map((one) => this.help(one)), this.reason(item), this.about(item, home)].filter(Boolean);
    return this.line(item, name, lines, home);
  }

  home(id) {
    return this.roster.households.get(id) ?? this.view.households.get(id) ?? { id };
  }

  help({ kind, outcome, resident_id: who }) {
    const { catalogue } = this.roster;
    const person = who && this.roster.residents.get(who)?.name;
    const words = kindName(catalogue, kind);
    // An appointment with the police says it all by its name.
    const more = kind === "EID2_REFER" && outcome === "referred" ? "" : `: ${outcomeName(catalogue, kind, outcome)}`;
    return `${words}${more}${person ? ` (${person})` : ""}`;
  }

  /** Why it did not go the last time, as the team wrote it. */
  reason(item) {
    const visit = this.last.get(item.household_id ?? item.visit_id);
    if (!visit || !(item.due_on || item.assists.length)) return null;
    if (visit.contact === "nobody_home") return t("Last time nobody was home");
    const told = (visit.assists ?? []).find((one) => one.cause);
    if (!told) return null;
    const why = causeName(this.roster.catalogue, told.cause);
    return item.assists.some((one) => one.kind === told.kind) ? t("Last time: %(why)s", { why }) : t("%(what)s, last time: %(why)s", { what: kindName(this.roster.catalogue, told.kind), why });
  }

  about(item, home) {
    const people = home.people ?? this.roster.byHousehold.get(home.id)?.length;
    const isHome = item.group === "never" || item.group === "level2";
    const words = [
      isHome && this.roster.villages.length > 1 && villageName(this.roster, item.village_id),
      isHome && people && t("%(count)s persons", { count: people }),
      item.missing > 0 && t("%(count)s without level 2", { count: item.missing }),
    ];
    return words.filter(Boolean).join(" \u00b7 ");
  }

  filing(item, filing) {
    const procedure = this.roster.catalogue?.procedures.find((one) => one.code === filing.procedure)?.name ?? t("Filing");
    const sent = filing.submitted_on && t("filed %(day)s", { day: nearDay(filing.submitted_on, this.today) });
    const lines = [
      [procedure, sent].filter(Boolean).join(", "),
      filing.code && t("Code %(code)s", { code: filing.code }),
      filing.state === "supplement" ? t("More papers are asked for") : item.late ? t("No result known yet") : null,
    ];
    const home = item.household_id ? this.home(item.household_id) : null;
    const name = home ? homeName(home) : t("Somebody outside the list");
    const act = linkButton(t("Record the result"), `#/filing/${filing.id}`, { name: "file-text", "aria-label": t("Record the result for %(name)s", { name }) });
    return this.line(item, name, lines.filter(Boolean), home, act);
  }

  plan(plan) {
    const hours = [plan.from, plan.to].filter(Boolean).join("\u2013");
    const day = plan.on === this.today ? t("Today") : `${weekday(plan.on)} ${nearDay(plan.on, this.today)}`;
    const missing = this.counts.level2 ?? 0;
    const about = [
      plan.place,
      plan.note,
      this.roster.villages.length > 1 && plan.village_ids?.map((id) => villageName(this.roster, id)).filter(Boolean).join(", "),
    ];
    return h(
      "li",
      {},
      h(
        "div",
        {},
        h("b", {}, plan.title),
        plan.cancelled
          ? state("late", "ban", t("Called off: %(day)s", { day: [day, hours].filter(Boolean).join(", ") }))
          : state("today", "calendar-clock", [day, hours].filter(Boolean).join(", ")),
        about.filter(Boolean).map((words) => h("p", {}, words)),
        !plan.cancelled && missing > 0 && this.filter !== "level2" && h("p", {}, h("a", { class: "tap", href: "#/todo/level2" }, t("%(count)s households have people without level 2", { count: missing }))),
      ),
    );
  }

  /** `act`: what to do about it, where that is no visit. */
  line(item, name, lines, home, act = null) {
    const to = item.household_id ? `#/log/new/${item.household_id}` : `#/log/new/other/${item.village_id ?? this.roster.villages[0].id}`;
    const phone = home?.phone;
    return h(
      "li",
      {},
      h(
        "div",
        {},
        item.household_id ? h("b", {}, h("a", { class: "name", href: `#/households/${item.household_id}` }, name)) : h("b", {}, name),
        lines.map((words) => h("p", {}, words)),
        this.due(item),
      ),
      h(
        "div",
        { class: "doit" },
        phone && linkButton(t("Ring"), `tel:${phone}`, { name: "phone", "aria-label": t("Call %(name)s", { name }) }),
        act ?? linkButton(t("Log"), to, { name: "pencil-line", "aria-label": t("Log help for %(name)s", { name }) }),
      ),
    );
  }

  due({ due_on: due, late, filing_id: filing }) {
    if (!due) return null;
    const day = nearDay(due, this.today);
    if (late && filing) return state("late", "clock-alert", t("Result due %(day)s, %(count)s days over", { day, count: late }));
    if (late) return state("late", "clock-alert", t("Promised %(day)s, %(count)s days over", { day, count: late }));
    if (due === this.today) return state("today", "calendar-clock", filing ? t("Result due today") : t("Promised for today"));
    const words = `${weekday(due)} ${day}`;
    return state("", "calendar-clock", filing ? t("Result due %(day)s", { day: words }) : t("Promised for %(day)s", { day: words }));
  }
}
