// Records as a person tells them apart: what each is about, why it stands where it does, how it is put right.
import { shortDay } from "./days.js";
import { sayFlaw } from "./flaws.js";
import { homeName } from "./labels.js";
import { t } from "./words.js";

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

const entry = ({ kind, outcome, cause, people }) => ({ kind, outcome, cause, people });

async function picturesOf(box, record) {
  const found = await Promise.all(record.photos.map(async (hash) => ({ sha256: hash, bytes: await box.photo(hash) })));
  return found.filter((one) => one.bytes).map(({ sha256, bytes }) => ({ sha256, blob: new Blob([bytes], { type: "image/jpeg" }) }));
}

async function asDraft(box, record, key, value, hash) {
  await box.saveDraft(key, value);
  await box.discard(record.id);
  return hash;
}

/** Where a refused record is put right: its text goes into the form first, the record after. The address of the form; null
 * where there is no form for it. */
export async function putRight(box, record, roster) {
  const { kind, body, id } = record;
  if (kind === "visit") return body.voids ? null : `#/log/edit/${id}`;
  if (kind === "confirmation") return `#/month/${body.period}`;
  if (kind === "proposal") return asDraft(box, record, "proposal", { text: body.text, village_id: body.village_id }, "#/month");
  if (kind === "gathering" && !body.voids && !body.corrects) {
    const { assists, ...plain } = body;
    const draft = { ...plain, entries: assists.map(entry), photos: await picturesOf(box, record) };
    return asDraft(box, record, "gathering", draft, "#/gathering");
  }
  if (kind === "household" && !body.set) {
    const draft = { ...body, phone: body.phone ?? "", consent: body.consent ?? { consent: null, method: null, on: null } };
    return asDraft(box, record, "household:new", draft, "#/households/new");
  }
  const home = body.household_id;
  if (!roster.households.has(home)) return null;
  if (kind === "household") return `#/households/${home}/${body.set.ended ? "end" : "consent" in body.set ? "consent" : "edit"}`;
  if (kind === "resident" && !body.set) {
    const draft = { ...body, attained: (body.attained ?? []).map((one) => one.indicator), source: "", end: { why: null, on: null } };
    return asDraft(box, record, `resident:new-${home}`, draft, `#/households/${home}/resident`);
  }
  if (kind === "resident") return `#/households/${home}/resident/${body.resident_id}`;
  return null;
}
