// "Which household?": recent ones first, then a search that needs no diacritics.
import { said } from "../days.js";
import { fill, freshId, h, icon } from "../dom.js";
import { LIST, isBlank } from "../drafts.js";
import { homeName, kindName, villageName } from "../labels.js";
import { recentHomes } from "../recent.js";
import { search } from "../search.js";
import { t } from "../../words.js";
import { empty, linkButton, row } from "../widgets.js";

const RECENT = 8;

export async function showPick(main, ctx) {
  const roster = ctx.roster();
  ctx.title(t("Log help given"), linkButton(t("Log a gathering"), "#/gathering", { look: "bare", name: "users" }));
  ctx.live(() => showPick(main, ctx));
  const found = h("div", { "aria-live": "polite" });
  const usual = h("div", {});
  const box = searchBox((typed) => {
    const hits = typed.trim() ? search(ctx.index(), typed) : null;
    usual.hidden = Boolean(hits);
    fill(found, hits && results(hits, typed, ctx, roster));
  });
  fill(usual, await unfinished(ctx, roster), recent(ctx, roster), elsewhere(roster));
  fill(main, box, found, usual);
}

/** A search field; `onType` comes with every letter. */
export function searchBox(onType, label = t("Which household?")) {
  const id = freshId("find");
  const input = h("input", {
    class: "in",
    id,
    type: "search",
    autocomplete: "off",
    autocapitalize: "words",
    autocorrect: "off",
    spellcheck: "false",
    enterkeyhint: "search",
    "aria-describedby": `${id}-h`,
    "aria-keyshortcuts": "/",
    "data-key": "/",
    oninput: () => onType(input.value),
  });
  return h(
    "form",
    { role: "search", "aria-label": label, onsubmit: (event) => event.preventDefault() },
    h("label", { for: id }, label),
    h("p", { class: "hint sm", id: `${id}-h` }, t("Type a name without marks, for example: nguyen van duc")),
    h("div", { class: "look" }, icon("search"), input),
  );
}

function results(hits, typed, ctx, roster) {
  if (!hits.length) {
    return empty(
      "search",
      t("Nobody by that name in your villages"),
      null,
      linkButton(t("Add a household"), `#/households/new/${encodeURIComponent(typed.trim())}`, { name: "plus" }),
    );
  }
  return h(
    "ul",
    { class: "card pick" },
    hits.map(({ home, person }) =>
      row(`#/log/new/${home.id}`, homeName(home), [person && `${person.name}, `, whereabouts(home, roster)]),
    ),
  );
}

/** Village, when there are several, and how many people. */
export function whereabouts(home, roster) {
  const people = home.people ?? roster.byHousehold.get(home.id)?.length;
  const count = people ? t("%(count)s persons", { count: people }) : null;
  const village = roster.villages.length > 1 || !count ? villageName(roster, home.village_id) : null;
  return [village, count].filter(Boolean).join(" \u00b7 ");
}

async function unfinished(ctx, roster) {
  const keys = (await ctx.box.remembered(LIST)) ?? [];
  const kept = await Promise.all(keys.map(async (key) => [key, await ctx.box.draft(key)]));
  const drafts = kept.filter(([, draft]) => draft && !isBlank(draft));
  if (!drafts.length) return null;
  return h(
    "section",
    { class: "sec" },
    h("h2", {}, t("Not finished yet")),
    h(
      "ul",
      { class: "card pick" },
      drafts.map(([key, draft]) => {
        const home = roster.households.get(draft.household_id);
        const name = draft.household_id ? homeName(home ?? { id: draft.household_id }) : t("Somebody outside the list");
        return row(`#/log/draft/${encodeURIComponent(key)}`, name, said(draft.visited_on, ctx.today()));
      }),
    ),
  );
}

function recent(ctx, roster) {
  const homes = recentHomes(roster, ctx.records(), RECENT);
  const id = freshId("recent");
  return h(
    "section",
    { class: "sec", "aria-labelledby": id },
    h(
      "div",
      { class: "bar2" },
      h("h2", { id }, homes.length ? t("Recent") : t("Households")),
      linkButton(t("Add a household"), "#/households/new", { look: "bare", name: "plus" }),
    ),
    h("ul", { class: "card pick" }, homes.map(({ home, visit }) => row(`#/log/new/${home.id}`, homeName(home), lastTime(visit, ctx, roster)))),
    all(roster),
  );
}

function lastTime(visit, ctx, roster) {
  if (!visit) return t("Not visited yet");
  const done = visit.assists?.map((one) => kindName(roster.catalogue, one.kind)) ?? [];
  const more = done.length ? done.slice(0, 2).join(", ") : visit.return_on ? t("to come back") : null;
  return [said(visit.visited_on, ctx.today()), more].filter(Boolean).join(" \u00b7 ");
}

const all = (roster) =>
  h(
    "p",
    { class: "after" },
    linkButton(
      roster.villages.length === 1
        ? t("All %(count)s households of %(village)s", { count: roster.households.size, village: roster.villages[0].name })
        : t("All %(count)s households", { count: roster.households.size }),
      "#/households",
      { look: "big" },
    ),
  );

const elsewhere = (roster) =>
  roster.villages.map((village) =>
    h(
      "p",
      { class: "after" },
      linkButton(
        roster.villages.length === 1
          ? t("Somebody outside the list")
          : t("Somebody outside the list, %(village)s", { village: village.name }),
        `#/log/new/other/${village.id}`,
        { look: "big bare" },
      ),
    ),
  );
