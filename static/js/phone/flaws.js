// What is wrong, said. The sentences are those of the desk ("flaw:..." in the catalogue); an unknown code says so plainly.
import { longDay } from "./days.js";
import { t } from "../words.js";

const N_ = (key) => key;

const KNOWN = [
  N_("flaw:adults_over_people"),
  N_("flaw:assist_twice"),
  N_("flaw:assists_after_refusal"),
  N_("flaw:assists_without_contact"),
  N_("flaw:before_birth"),
  N_("flaw:birth_year"),
  N_("flaw:card_number"),
  N_("flaw:cause_missing"),
  N_("flaw:cause_not_allowed"),
  N_("flaw:choice_unknown"),
  N_("flaw:crowd_has_no_names"),
  N_("flaw:date_future"),
  N_("flaw:date_too_far"),
  N_("flaw:date_too_old"),
  N_("flaw:due_before_submission"),
  N_("flaw:eid2_over_adults"),
  N_("flaw:filing_code_odd"),
  N_("flaw:filing_code_taken"),
  N_("flaw:filing_not_here"),
  N_("flaw:filing_not_submitted"),
  N_("flaw:filing_unknown"),
  N_("flaw:household_elsewhere"),
  N_("flaw:household_missing"),
  N_("flaw:id_number"),
  N_("flaw:list_long"),
  N_("flaw:member_not_in_team"),
  N_("flaw:more_than_attended"),
  N_("flaw:name_letters"),
  N_("flaw:not_found"),
  N_("flaw:number_range"),
  N_("flaw:outcome_not_allowed"),
  N_("flaw:people_with_resident"),
  N_("flaw:phone_form"),
  N_("flaw:phone_two"),
  N_("flaw:required"),
  N_("flaw:resident_elsewhere"),
  N_("flaw:result_before_submission"),
  N_("flaw:result_day_missing"),
  N_("flaw:result_without_state"),
  N_("flaw:return_before_visit"),
  N_("flaw:secret_code"),
  N_("flaw:team_not_here"),
  N_("flaw:text_long"),
];

/** A flaw's sentence; days in it are written as people write them. */
export function sayFlaw({ code, params = {} }) {
  const shown = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, /^\d{4}-\d\d-\d\d$/.test(value) ? longDay(value) : value]),
  );
  const known = KNOWN.find((one) => one === `flaw:${code}`);
  return known ? t(known, shown) : t("Not right: %(code)s", { code });
}
