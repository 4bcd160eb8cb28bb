// Records as a person tells them apart: what each is about, why it stands where it does, where it is put right.
import { shortDay } from "./days.js";
import { sayFlaw } from "./flaws.js";
import { homeName } from "./labels.js";
import { t } from "../words.js";

const KINDS = ["visit", "gathering", "household", "resident", "filing", "confirmation", "proposal"];
const homeOf = (body, roster, id = body.household_id) => homeName(roster.households.get(id) ?? { id, head: body.head });

/** "Visit: Ly Thi May, 20/11". */
export function nameOf({ kind, body, from }, roster) {
  const said = {
    visit: () => visitName(body, roster),
    gathering: () => (body.voids ? t("A gathering taken out") : t("Gathering of %(day)s", { day: shortDay(body.held_on) })),
    household: () => (body.set ? t("Change to household %(name)s", { name: homeOf(body, roster) }) : t("New household %(name)s", { name: body.head })),
    resident: () => (body.set ? t("Change to a person of %(name)s", { name: homeOf(body, roster) }) : t("New person %(name)s", { name: body.name })),
    filing: () => (body.set ? t("Change to a filing") : t("Filing %(code)s", { code: body.code ?? "" })),
    confirmation: () => t("Word on month %(month)s", { month: `${body.period.slice(5)}/${body.period.slice(0, 4)}` }),
    proposal: () => t("Request: %(text)s", { text: body.text.length > 60 ? `${body.text.slice(0, 60)}\u2026` : body.text }),
  }[kind]?.() ?? t("A record");
  return from ? t("%(what)s (from %(name)s)", { what: said, name: from.name }) : said;
}

function visitName(body, roster) {
  if (body.voids) return t("A visit taken out");
  const name = body.household_id ? homeOf(body, roster) : t("Somebody outside the list");
  return t("Visit: %(name)s, %(day)s", { name, day: shortDay(body.visited_on) });
}

/** Why a record is where it is, in sentences. */
export function reasonsOf({ state, verdict, tries, flaws }) {
  if (state === "refused") {
    const said = [...new Set(flaws.map((one) => one.message || sayFlaw(one)))];
    return said.length ? said : [t("The commune's machine did not take it and did not say why.")];
  }
  if (verdict === "held") return [t("The commune has it and decides: this place is no longer in your list.")];
  if (verdict === "conflict") return [t("The commune has it and decides: somebody else wrote something different there.")];
  if (verdict === "late") return [t("Counted in the next month: the month it belongs to is already closed.")];
  return tries > 1 ? [t("Tried %(count)s times. It is tried again by itself.", { count: tries })] : [];
}

/** The flaws of a refused record for its form; where the commune gave none, what is said instead. */
export function sentBack(record) {
  return record.flaws.length ? record.flaws : reasonsOf(record).map((message) => ({ field: "", message }));
}

/** Where a refused record is put right; null for a kind this version of the app has no form for. */
export const formOf = ({ kind, id }) => (KINDS.includes(kind) ? `#/again/${id}` : null);
