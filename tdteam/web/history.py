"""Acts of the audit in words, for the history at the foot of a thing's page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from tdteam.store.history import HistoryLine, list_history
from tdteam.web.gate import session
from tdteam.web.states import N_

ACTS = {
    ("team", "create"): N_("Team entered"),
    ("team", "change"): N_("Team corrected"),
    ("team", "amend"): N_("Composition settled by a new decision"),
    ("team", "end"): N_("Team ended"),
    ("team", "reopen"): N_("Ending taken back"),
    ("team", "join"): N_("Member added"),
    ("team", "change_service"): N_("Role or decision of a member corrected"),
    ("team", "leave"): N_("Member left"),
    ("team", "stay"): N_("Leaving taken back"),
    ("team", "move"): N_("Member moved to another team"),
    ("member", "change"): N_("Particulars of the member corrected"),
    ("member", "train"): N_("Training noted"),
    ("member", "forget_training"): N_("Training taken off"),
    ("household", "create"): N_("Household entered"),
    ("household", "change"): N_("Household corrected"),
    ("household", "consent"): N_("Word about its data noted"),
    ("household", "withdraw"): N_("Consent withdrawn"),
    ("household", "end"): N_("No longer counted"),
    ("household", "reopen"): N_("Counted again"),
    ("resident", "create"): N_("Resident added"),
    ("resident", "change"): N_("Resident corrected"),
    ("resident", "end"): N_("Resident left"),
    ("resident", "reopen"): N_("Leaving taken back"),
    ("report", "seal"): N_("Figures sealed by the commune"),
    ("report", "unseal"): N_("Figures opened again"),
    ("report", "replace"): N_("Replacing report begun, new figures sealed"),
    ("report", "submit"): N_("Report submitted for signature"),
    ("report", "return"): N_("Report sent back"),
    ("report", "sign"): N_("Report signed"),
    ("report", "issue"): N_("Report issued, its papers kept"),
    ("report", "accept"): N_("Report accepted by the reviewer"),
    ("report_setting", "change"): N_("Form of one report changed"),
    ("four_eyes", "change"): N_("Rule of two persons changed"),
    ("signed_copy", "keep"): N_("Signed copy kept"),
    ("deadlines", "set"): N_("Deadlines set"),
    ("paper", "export"): N_("Paper or list printed"),
    ("team", "confirm"): N_("Month confirmed or reported as empty"),
    ("set_aside", "set"): N_("Set aside, with a word why"),
    ("set_aside", "undo"): N_("Put back on its list"),
    ("rule_limit", "set"): N_("Rule set"),
    ("sample", "create"): N_("Sample drawn for a spot check"),
    ("sample", "record"): N_("Results of a spot check typed in"),
    ("place", "alias"): N_("Spelling added"),
    ("place", "drop_alias"): N_("Spelling taken off"),
    ("document", "create"): N_("Document added"),
    ("document", "change"): N_("Document corrected"),
    ("document", "withdraw"): N_("Document withdrawn"),
    ("model_village", "create"): N_("Village chosen for the model"),
    ("model_village", "change"): N_("Days or note corrected"),
    ("model_village", "decide"): N_("Word on a criterion"),
    ("sponsor", "create"): N_("Agency noted"),
    ("sponsor", "change"): N_("Agency corrected"),
}
FIELDS = {
    "name": N_("name"),
    "head": N_("head"),
    "village_id": N_("village"),
    "village_ids": N_("villages served"),
    "kind": N_("kind"),
    "birth_year": N_("birth year"),
    "sex": N_("sex"),
    "phone": N_("phone"),
    "people": N_("people"),
    "adults": N_("people of 14 and over"),
    "eid2": N_("people with level 2"),
    "poverty": N_("poverty"),
    "smartphone": N_("smartphone"),
    "note": N_("note"),
    "channel": N_("way of sending"),
    "since": N_("first day"),
    "decision_number": N_("decision number"),
    "decision_date": N_("decision date"),
    "decision_by": N_("issuer"),
    "decision": N_("decision"),
    "role": N_("role"),
    "component": N_("component"),
    "joined": N_("day of joining"),
    "attained": N_("what was attained"),
    "places": N_("places of the account"),
    "member": N_("member of a team"),
    "short_name": N_("short name"),
    "pillar": N_("pillar"),
    "outcomes": N_("results to choose from"),
    "causes": N_("causes"),
    "procedures": N_("procedures"),
    "is_active": N_("in use or not"),
    "is_essential": N_("essential procedure"),
    "unit": N_("unit"),
    "nature": N_("nature of the figure"),
    "source": N_("source"),
    "part": N_("numerator"),
    "part_name": N_("name of the numerator"),
    "whole": N_("denominator"),
    "whole_name": N_("name of the denominator"),
    "is_falling_good": N_("lower is better"),
    "in_report": N_("in the report"),
    "on_board": N_("on the board"),
    "dti_code": N_("code in the digital index"),
    "section": N_("section of the report"),
    "place_id": N_("place"),
    "number": N_("number and symbol"),
    "dated": N_("date"),
    "issuer": N_("issued by"),
    "abstract": N_("abstract"),
    "until": N_("last day"),
    "has_names": N_("whether people are named"),
    "file": N_("file"),
    "indicators": N_("indicators"),
    "ties": N_("what it belongs to"),
    "planned_on": N_("planned day"),
    "launched_on": N_("day of launching"),
    "ended_on": N_("day of giving up"),
    "agency": N_("agency"),
    "contact": N_("contact"),
    "indicator": N_("indicator"),
    "at_least": N_("bound"),
}


@dataclass(frozen=True)
class Act:
    """One act as the page shows it."""

    at: datetime
    by: str | None
    words: str
    fields: str


def acts_on(*things: tuple[str, object], limit: int = 30) -> Sequence[Act]:
    """What was done to some things, newest first."""
    return [_act(line) for line in list_history(session(), things, limit)]


def _act(line: HistoryLine) -> Act:
    words = ACTS.get((line.noun, line.action))
    return Act(
        line.at, line.by, gettext(words) if words else line.action, field_words(line.detail.get("fields"))
    )


def field_words(names: object) -> str:
    """The fields an entry names, in words; a field that has none stays as it is."""
    if not isinstance(names, Iterable) or isinstance(names, str):
        return ""
    words = []
    for name in names:
        code = str(name).partition(".")[0]
        words.append(gettext(FIELDS[code]) if code in FIELDS else code)
    return ", ".join(dict.fromkeys(words))
