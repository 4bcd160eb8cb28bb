// The form of a visit. Every touch is kept in the draft at once; what is wrong stands beside its field; nothing is lost.
import { isBlank, keepDraft, openDraft } from "../drafts.js";
import { addDays, isDay } from "../days.js";
import { fill, h, icon } from "../dom.js";
import { contactWords, homeName, pairs, placeWords } from "../labels.js";
import { judgeVisit } from "../judge.js";
import { recentHomes } from "../recent.js";
import { sentBack } from "../records.js";
import { search } from "../search.js";
import { teamOf } from "../teams.js";
import { levelTwo } from "../people.js";
import { backToEntries, bodyOf, meet, moveTo, placesOf } from "../visit_draft.js";
import { t } from "../../words.js";
import { button, chips, dayField, dayRow, linkButton, showFlaws } from "../widgets.js";
import { assistsPart } from "./log_assists.js";
import { morePart } from "./log_more.js";
import { searchBox, whereabouts } from "./log_pick.js";
import { saveVisit } from "./log_save.js";

export async function showForm(main, ctx, key, draft) {
  const form = new VisitForm(main, ctx, key, draft);
  await openDraft(ctx, key);
  form.draw();
  ctx.leave(() => form.close());
  const refused = draft.target?.kind === "again" && ctx.records().find((one) => one.id === draft.target.id && one.state === "refused");
  if (refused) showFlaws(form.form, form.summary, backToEntries(sentBack(refused), placesOf(refused.body, draft)), t("The commune sent this back"));
}

class VisitForm {
  constructor(main, ctx, key, draft) {
    Object.assign(this, { main, ctx, key, draft, busy: false });
    this.keeper = keepDraft(ctx.box, key, () => this.draft);
    this.summary = h("div", { class: "summary" });
    this.parts = {};
  }

  /** Something was written: it is kept now. */
  changed() {
    this.keeper.touch();
  }

  close() {
    return this.keeper.flush();
  }

  draw() {
    const { ctx, draft } = this;
    const heading = draft.target ? t("Correct a visit") : t("Log help given");
    ctx.title(heading, draft.target ? null : linkButton(t("Log a gathering"), "#/gathering", { look: "bare", name: "users" }));
    this.form = h("form", {
      id: "visit",
      novalidate: true,
      "aria-label": heading,
      onsubmit: (event) => (event.preventDefault(), this.save(true)),
    });
    this.parts.head = h("div", { class: "card" });
    this.parts.met = h("div", {});
    this.parts.assists = h("div", {});
    this.parts.back = h("div", {});
    this.drawHead();
    this.drawAssists();
    this.drawBack();
    fill(
      this.form,
      this.summary,
      this.parts.head,
      this.place(),
      this.contact(),
      this.parts.assists,
      this.parts.back,
      morePart(this),
    );
    fill(this.main, this.form, this.foot());
    ctx.act(
      h("div", { class: "act" }, [
        draft.target ? null : button(t("Save"), () => this.save(false), { look: "big" }),
        h("button", { class: "b go big", type: "submit", form: "visit" }, icon("check"), draft.target ? t("Save the correction") : t("Save & next")),
      ]),
    );
  }

  drawHead() {
    const { draft, ctx, parts } = this;
    const roster = ctx.roster();
    const home = draft.household_id ? roster.households.get(draft.household_id) : null;
    const name = draft.household_id ? homeName(home ?? { id: draft.household_id }) : t("Somebody outside the list");
    fill(
      parts.head,
      h(
        "div",
        { class: "who", "data-field": "household_id" },
        h("p", {}, h("b", {}, name), h("span", { class: "mute sm" }, home ? [whereabouts(home, roster), this.level(home, roster)] : this.villages(roster))),
        button(t("Other household"), () => this.elsewhere(), { look: "bare" }),
        h("span", { class: "err", hidden: true }),
      ),
      dayRow({
        field: "visited_on",
        value: draft.visited_on,
        today: ctx.today(),
        onInput: (day) => {
          draft.visited_on = day;
          this.changed();
        },
      }),
    );
  }

  villages(roster) {
    return roster.villages.find((one) => one.id === this.draft.village_id)?.name;
  }

  level(home, roster) {
    const told = levelTwo(home, roster.byHousehold.get(home.id) ?? [], this.ctx.today());
    return told && [h("br"), t("Level 2: %(have)s of %(of)s people", told)];
  }

  place() {
    const codes = ["home", "culture_house", "office", "phone"];
    if (this.draft.place === "other") codes.push("other");
    return chips({
      field: "place",
      legend: t("Where did you help?"),
      options: pairs(placeWords(), codes),
      value: this.draft.place,
      onChange: (place) => {
        this.draft.place = place;
        this.changed();
      },
    });
  }

  contact() {
    if (!this.draft.household_id) return null;
    return chips({
      field: "contact",
      legend: t("Did you meet them?"),
      options: pairs(contactWords()),
      value: this.draft.contact,
      onChange: (contact) => {
        meet(this.draft, contact);
        this.changed();
        this.drawAssists();
        this.drawBack();
      },
    });
  }

  drawAssists() {
    const there = this.draft.contact === "met" || this.draft.contact === "refused";
    fill(this.parts.assists, there && assistsPart(this));
  }

  /** "Come back on": the usual days one touch away. */
  drawBack() {
    const { draft } = this;
    const day = draft.visited_on ?? this.ctx.today();
    const near = { [addDays(day, 1)]: t("The next day"), [addDays(day, 7)]: t("In a week") };
    const pick = draft.return_on && !near[draft.return_on];
    const other = dayField({
      field: "return_on",
      label: t("Which day to come back?"),
      value: pick ? draft.return_on : "",
      min: addDays(day, 1),
      onInput: (typed) => this.back(isDay(typed) ? typed : null),
    });
    other.hidden = !pick;
    fill(
      this.parts.back,
      chips({
        field: "return_on",
        legend: t("Come back?"),
        options: [["", t("No need")], ...Object.entries(near), ["pick", t("Another day")]],
        value: pick ? "pick" : (draft.return_on ?? ""),
        onChange: (chosen) => {
          other.hidden = chosen !== "pick";
          if (chosen === "pick") other.querySelector("input").focus();
          this.back(chosen && chosen !== "pick" ? chosen : null);
        },
      }),
      other,
    );
  }

  back(day) {
    this.draft.return_on = day;
    this.changed();
  }

  /** Another household: what was written goes along, if anything was. */
  elsewhere() {
    const { ctx, draft } = this;
    if (isBlank(draft)) return this.drop(false);
    const roster = ctx.roster();
    const list = h("ul", { class: "card pick" });
    const offer = (homes) =>
      fill(
        list,
        homes.map((home) =>
          h("li", {}, h("button", { type: "button", onclick: () => this.move(home) }, h("span", {}, h("b", {}, homeName(home)), h("br"), h("span", { class: "mute sm" }, whereabouts(home, roster))))),
        ),
      );
    const recent = recentHomes(roster, ctx.records(), 8).map(({ home }) => home);
    ctx.act(null);
    fill(
      this.main,
      searchBox((typed) => offer(typed.trim() ? search(ctx.index(), typed).map(({ home }) => home) : recent)),
      list,
      h("p", { class: "after" }, button(t("Back to the form"), () => this.draw(), { look: "bare big", name: "arrow-left" })),
    );
    offer(recent);
    this.main.querySelector("input").focus();
  }

  /** The visit was to another household: people of the first do not come along. */
  async move(home) {
    this.draft = moveTo(this.draft, home);
    this.draft.team_id = teamOf(this.ctx.roster(), home.village_id, this.ctx.account)?.id ?? null;
    this.changed();
    this.draw();
  }

  foot() {
    return h(
      "p",
      { class: "after" },
      button(this.draft.target ? t("Leave it as it was") : t("Throw this away"), () => this.drop(true), { look: "bare big", name: "trash-2" }),
    );
  }

  /** Puts the draft away; it can be taken back. */
  async drop(says) {
    const { ctx, key, draft } = this;
    const blank = isBlank(draft);
    await this.keeper.drop();
    ctx.go(draft.target ? `#/households/${draft.household_id ?? ""}` : "#/log/pick");
    if (!says || blank) return;
    ctx.toast(t("Thrown away"), {
      action: t("Undo"),
      onAction: async () => {
        await ctx.box.saveDraft(key, draft);
        await openDraft(ctx, key);
        ctx.go(`#/log/draft/${encodeURIComponent(key)}`);
      },
    });
  }

  async save(next) {
    if (this.busy) return;
    const { ctx, draft } = this;
    const { body, places } = bodyOf(draft);
    const own = draft.entries.map((one) => one.filing?.id).filter(Boolean);
    const flaws = backToEntries(judgeVisit(body, ctx.roster(), ctx.today(), own), places);
    if (showFlaws(this.form, this.summary, this.needsSomething(body, flaws))) return;
    this.busy = true;
    try {
      await this.keeper.stop();
      await saveVisit(this, body, next);
    } catch (error) {
      this.keeper.resume();
      showFlaws(this.form, this.summary, [{ field: "", message: ctx.saySaveFailed(error) }]);
    } finally {
      this.busy = false;
    }
  }

  /** A meeting where nothing was done is hardly ever meant; the server takes it, so a note is enough to save it. */
  needsSomething(body, flaws) {
    const said = body.assists.length || body.note || body.return_on || body.contact !== "met";
    return said ? flaws : [...flaws, { field: "assists", message: t("Choose what you helped with, or write a note.") }];
  }
}

