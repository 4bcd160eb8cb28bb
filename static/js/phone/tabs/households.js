// Households of the own villages: the list with what is known of each, filters, and the ways into one.
import { shortDay } from "../days.js";
import { fill, h } from "../dom.js";
import { homeName, villageName } from "../labels.js";
import { levelTwo } from "../people.js";
import { byName } from "../fold.js";
import { search } from "../search.js";
import { t } from "../../words.js";
import { button, chips, empty, linkButton, row, state } from "../widgets.js";
import { showHouseholdForm } from "./household_form.js";
import { showHousehold } from "./household_page.js";
import { searchBox } from "./log_pick.js";
import { showResidentForm } from "./resident_form.js";

const PAGE = 60;

/** #/households[/<id>] · /new[/<name>] · /<id>/edit · /<id>/consent · /<id>/end · /<id>/resident[/<id>] */
export async function show(main, ctx, rest) {
  const [which, what, more] = rest;
  if (!which) return showList(main, ctx);
  if (which === "new") return showHouseholdForm(main, ctx, null, "edit", what);
  const home = ctx.roster().households.get(which);
  if (!home) {
    ctx.live(() => {
      if (!ctx.roster().households.has(which)) return;
      ctx.live(() => {}); // once: a form is not drawn anew under the fingers
      show(main, ctx, rest);
    });
    return void fill(main, empty("house", t("This household is not in your list"), null, linkButton(t("All households"), "#/households")));
  }
  if (what === "resident") return showResidentForm(main, ctx, home, more);
  if (what === "edit" || what === "consent" || what === "end") return showHouseholdForm(main, ctx, home, what);
  ctx.live(() => showHousehold(main, ctx, ctx.roster().households.get(which) ?? home));
  return showHousehold(main, ctx, home);
}

/** What is told of a household in the list: level 2, health book, visits, a date to come back. */
export function factsOf(home, ctx, due) {
  const residents = ctx.roster().byHousehold.get(home.id) ?? [];
  const level = levelTwo(home, residents, ctx.today());
  const health = residents.filter((one) => one.attained.includes("HEALTH_BOOK")).length;
  return { home, level, health, people: home.people ?? residents.length, back: due.get(home.id) ?? null };
}

/** Household -> the day somebody promised to come back. */
export function dueDays(roster, records) {
  const due = new Map(roster.followUps.filter((one) => one.return_on).map((one) => [one.household_id, one.return_on]));
  const waiting = records.filter((one) => one.kind === "visit" && one.state === "waiting").sort((a, b) => a.seq - b.seq);
  for (const { body } of waiting) {
    if (!body.household_id) continue;
    if (body.return_on) due.set(body.household_id, body.return_on);
    else if (body.contact !== "nobody_home") due.delete(body.household_id);
  }
  return due;
}

const FILTERS = () => [
  ["", t("All"), () => true],
  ["never", t("Not visited yet"), ({ home }) => !home.reached_year],
  ["level2", t("Level 2 missing"), ({ level }) => Boolean(level && level.have < level.of)],
  ["back", t("To come back"), ({ back }) => Boolean(back)],
];

function showList(main, ctx) {
  const roster = ctx.roster();
  ctx.title(t("Households"), linkButton(t("Add"), "#/households/new", { look: "bare", name: "plus", "aria-label": t("Add a household") }));
  const due = dueDays(roster, ctx.records());
  const all = byName([...roster.households.values()], (home) => home.head).map((home) => factsOf(home, ctx, due));
  const known = new Map(all.map((one) => [one.home.id, one]));
  const list = h("div", {});
  const status = h("p", { class: "hint sm after", role: "status" });
  let shown = PAGE;
  let typed = "";
  let filter = ctx.memory.filter ?? "";
  let village = ctx.memory.village ?? 0;

  const draw = () => {
    const fits = FILTERS().find(([code]) => code === filter)[2];
    const found = typed.trim() ? search(ctx.index(), typed, 100).map(({ home }) => known.get(home.id)).filter(Boolean) : all;
    const left = found.filter((one) => fits(one) && (!village || one.home.village_id === village));
    status.textContent = t("%(count)s households", { count: left.length });
    fill(list, left.length ? [lines(left), rest(left)] : nothing());
  };
  const lines = (left) => h("ul", { class: "card pick" }, left.slice(0, shown).map((one) => line(one, roster)));
  const rest = (left) => left.length > shown && h("p", { class: "after" }, button(t("Show more"), () => ((shown += PAGE), draw()), { look: "big" }));
  const nothing = () =>
    all.length
      ? empty("search", t("No household here"), t("Choose another filter or type less of the name."))
      : empty("house", t("No households yet"), t("The commune can send the list, or you add them one by one."), linkButton(t("Add a household"), "#/households/new", { name: "plus" }));

  fill(
    main,
    searchBox((text) => ((typed = text), (shown = PAGE), draw()), t("Find a household")),
    roster.villages.length > 1 &&
      chips({
        legend: t("Village"),
        look: "small",
        options: [[0, t("All")], ...roster.villages.map((one) => [one.id, one.name])],
        value: village,
        onChange: (id) => ((village = ctx.memory.village = id ?? 0), draw()),
      }),
    chips({
      legend: t("Show"),
      look: "small",
      options: FILTERS().map(([code, words]) => [code, words]),
      value: filter,
      onChange: (code) => ((filter = ctx.memory.filter = code ?? ""), (shown = PAGE), draw()),
    }),
    status,
    list,
  );
  draw();
  ctx.live(() => {
    if (!typed) showList(main, ctx);
  });
}

function line({ home, level, health, people, back }, roster) {
  const where = roster.villages.length > 1 ? villageName(roster, home.village_id) : null;
  const badges = [
    !home.reached_year && state("none", "s-silent", t("Not visited yet")),
    level && state(level.have < level.of ? "wait" : "ok", "id-card", t("Level 2: %(have)s/%(of)s", level)),
    health > 0 && state("ok", "s-done", t("Health book: %(have)s/%(of)s", { have: health, of: people })),
    back && state("wait", "calendar-clock", t("Come back %(day)s", { day: shortDay(back) })),
    home.waiting && state("info", "smartphone", t("Not sent yet")),
  ].filter(Boolean);
  const words = [where, people ? t("%(count)s persons", { count: people }) : null].filter(Boolean).join(" \u00b7 ");
  return row(`#/households/${home.id}`, homeName(home), words, badges.length && h("span", { class: "badges" }, badges));
}
