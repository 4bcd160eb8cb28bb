// One household: what is known, its people, what was done there, and what can be done next.
import { said } from "../days.js";
import { fill, freshId, h, icon } from "../dom.js";
import { contactWords, homeName, kindName, kindWords, outcomeName, povertyWords, villageName } from "../labels.js";
import { EID2, LEVEL2_AGE, levelTwo, showPhone } from "../people.js";
import { visitsInForce } from "../recent.js";
import { t } from "../../words.js";
import { linkButton, note, state } from "../widgets.js";

const VISITS = 20;

export function showHousehold(main, ctx, home) {
  const roster = ctx.roster();
  const people = roster.byHousehold.get(home.id) ?? [];
  const visits = visitsInForce(roster, ctx.records()).filter((one) => one.household_id === home.id);
  ctx.title(homeName(home), linkButton(t("All households"), "#/households", { look: "bare", name: "arrow-left" }));
  fill(
    main,
    home.consent == null && note("wait", "info", h("p", {}, t("Nobody asked this household yet whether its data may be kept.")), h("p", {}, h("a", { href: `#/households/${home.id}/consent` }, t("Write down what they said")))),
    home.consent === false && note("bad", "ban", t("This household does not agree that its data are kept. Write nothing more about it than a visit needs.")),
    facts(home, people, roster, ctx),
    h(
      "div",
      { class: "pairs" },
      home.phone && linkButton(t("Call"), `tel:${home.phone}`, { name: "phone" }),
      linkButton(t("Correct"), `#/households/${home.id}/edit`, { name: "pencil-line" }),
    ),
    peoplePart(home, people, ctx),
    visitsPart(visits.slice(0, VISITS), roster, ctx),
    h("p", { class: "after" }, linkButton(t("Consent"), `#/households/${home.id}/consent`, { look: "big", name: "shield-check" })),
    h("p", { class: "after" }, linkButton(t("Moved away or written twice"), `#/households/${home.id}/end`, { look: "big bare" })),
  );
  ctx.act(h("div", { class: "act" }, linkButton(t("Log help given"), `#/log/new/${home.id}`, { look: "go big", name: "pencil-line" })));
}

function facts(home, people, roster, ctx) {
  const level = levelTwo(home, people, ctx.today());
  const yes = { true: t("Has"), false: t("Has not") };
  const rows = [
    [t("Village"), villageName(roster, home.village_id)],
    [t("Kind"), home.kind !== "household" && kindWords()[home.kind]],
    [t("Birth year of the head"), home.birth_year],
    [t("People"), home.people],
    [t("Level 2"), level && t("%(have)s of %(of)s people", level)],
    [t("Poverty"), home.poverty && povertyWords()[home.poverty]],
    [t("Smartphone"), yes[home.smartphone]],
    [t("Phone"), home.phone && showPhone(home.phone)],
    [t("Last visit"), home.last_visit ? said(home.last_visit, ctx.today()) : t("Not visited yet")],
    [t("Consent"), home.consent === true && t("Agrees")],
    [t("Note"), home.note],
  ];
  return h(
    "dl",
    { class: "kv card pad" },
    rows.filter(([, value]) => value).map(([name, value]) => [h("dt", {}, name), h("dd", { class: "pre" }, String(value))]),
  );
}

function peoplePart(home, people, ctx) {
  const id = freshId("people");
  return h(
    "section",
    { class: "sec", "aria-labelledby": id },
    h("div", { class: "bar2" }, h("h2", { id }, t("People of the household")), linkButton(t("Add a person"), `#/households/${home.id}/resident`, { look: "bare", name: "plus" })),
    people.length
      ? h("ul", { class: "card pick" }, people.map((one) => personLine(home, one, ctx)))
      : h("p", { class: "mute after" }, t("Nobody is listed yet. A visit can be logged all the same.")),
  );
}

function personLine(home, one, ctx) {
  const age = one.birth_year ? Number(ctx.today().slice(0, 4)) - one.birth_year : null;
  const has = one.attained.includes(EID2);
  const badges = [
    has && state("ok", "s-done", t("Level 2")),
    !has && age >= LEVEL2_AGE && state("wait", "s-silent", t("No level 2 yet")),
    one.attained.includes("HEALTH_BOOK") && state("ok", "s-done", t("Health book")),
    one.waiting && state("info", "smartphone", t("Not sent yet")),
  ].filter(Boolean);
  return h(
    "li",
    {},
    h(
      "a",
      { href: `#/households/${home.id}/resident/${one.id}` },
      h("span", {}, h("b", {}, one.name || t("No name")), h("span", { class: "mute sm" }, one.birth_year ? `, ${one.birth_year}` : ""), badges.length > 0 && h("span", { class: "badges" }, badges)),
      icon("chevron-right"),
    ),
  );
}

function visitsPart(visits, roster, ctx) {
  const id = freshId("visits");
  const words = (visit) => {
    const done = (visit.assists ?? []).map((one) => `${kindName(roster.catalogue, one.kind)}: ${outcomeName(roster.catalogue, one.kind, one.outcome)}`);
    return done.length ? done.join("; ") : visit.contact === "met" ? visit.note || t("Met them") : contactWords()[visit.contact];
  };
  return h(
    "section",
    { class: "sec", "aria-labelledby": id },
    h("h2", { id }, t("Visits of the last 60 days")),
    visits.length
      ? h(
          "ul",
          { class: "card pick" },
          visits.map((visit) =>
            h(
              "li",
              {},
              h(
                "a",
                { href: `#/log/visit/${visit.id}` },
                h("span", {}, h("b", {}, said(visit.visited_on, ctx.today())), h("br"), h("span", { class: "mute sm" }, words(visit)), visit.waiting && h("span", { class: "badges" }, state("info", "smartphone", t("Not sent yet")))),
                icon("chevron-right"),
              ),
            ),
          ),
        )
      : h("p", { class: "mute after" }, t("None.")),
  );
}

