"""Filings (public-service dossiers): what a draft must satisfy, how codes look, how long a result took.

Full or part online ("toan trinh", "mot phan"): Decree 42/2022. Online payment is counted over filings that owe a fee,
on time over filings with a due date.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from tdteam.domain.catalogue import Catalogue
from tdteam.domain.errors import Flaw
from tdteam.domain.facts import Facts
from tdteam.domain.occasions import judge_day, judge_occasion
from tdteam.domain.privacy import judge_text
from tdteam.domain.vocabulary import FilingMode, FilingState
from tdteam.domain.wire import Reader

CODE_LENGTH = 60
LONGEST_DAYS = 3 * 366
_CODE = re.compile(r"(?:\d{3}\.\d{2}\.\d{2}\.)?[GH]\d{2}(?:\.\d{1,3}){0,4}-(\d{6})-\d{4,7}")


@dataclass(frozen=True)
class FilingDraft:
    """A filing as it came in, unchecked."""

    id: str | None = None
    village_id: int | None = None
    team_id: int | None = None
    household_id: str | None = None
    code: str | None = None
    procedure: str | None = None
    submitted_on: date | None = None
    mode: str | None = None
    fee_due: bool | None = None
    paid_online: bool | None = None
    due_on: date | None = None
    state: str | None = FilingState.SUBMITTED
    result_on: date | None = None
    electronic_result: bool | None = None
    note: str = ""


def clean_code(text: str | None) -> str | None:
    """A dossier code as it is kept: upper case, no blanks; None where empty."""
    return re.sub(r"\s+", "", text).upper() or None if text else None


def code_looks_right(code: str) -> bool:
    """Whether a code has the form of the portals (unit-yymmdd-number). A doubt, never a reason to refuse."""
    found = _CODE.fullmatch(code)
    if not found:
        return False
    try:
        date(2000 + int(found[1][:2]), int(found[1][2:4]), int(found[1][4:]))
    except ValueError:
        return False
    return True


def turnaround_days(submitted_on: date, result_on: date | None) -> int | None:
    """Days from submission to result; None while there is none."""
    return (result_on - submitted_on).days if result_on else None


def read_filing(reader: Reader) -> FilingDraft:
    """A filing from JSON; errors of shape are in the reader's flaws."""
    return FilingDraft(
        id=reader.id("id"),
        village_id=reader.integer("village_id"),
        team_id=reader.integer("team_id"),
        household_id=reader.id("household_id"),
        code=clean_code(reader.word("code")),
        procedure=reader.word("procedure"),
        submitted_on=reader.day("submitted_on"),
        mode=reader.word("mode"),
        fee_due=reader.flag("fee_due"),
        paid_online=reader.flag("paid_online"),
        due_on=reader.day("due_on"),
        state=reader.word("state") or FilingState.SUBMITTED,
        result_on=reader.day("result_on"),
        electronic_result=reader.flag("electronic_result"),
        note=reader.text("note"),
    )


def draft_from_json(body: object) -> tuple[FilingDraft, list[Flaw]]:
    """A filing's draft and what is wrong with its shape."""
    reader = Reader(body)
    return settled(read_filing(reader)), reader.flaws


def settled(draft: FilingDraft) -> FilingDraft:
    """The draft with what follows from it filled in: a fee paid was due; a result day means a result was given back."""
    fee_due = True if draft.paid_online and draft.fee_due is None else draft.fee_due
    paid = None if fee_due is False else draft.paid_online
    state = draft.state
    if draft.result_on and state in (FilingState.SUBMITTED, FilingState.SUPPLEMENT):
        state = FilingState.RETURNED
    return replace(draft, fee_due=fee_due, paid_online=paid, state=state, code=clean_code(draft.code))


def judge(
    draft: FilingDraft, catalogue: Catalogue, facts: Facts, today: date, *, own: Collection[str] = ()
) -> list[Flaw]:
    """What is wrong with a filing. `own`: ids of filings that are this one, whose code is no clash."""
    occasion = judge_occasion(
        facts,
        today,
        village_id=draft.village_id,
        team_id=draft.team_id,
        day=draft.submitted_on,
        day_field="submitted_on",
        households=(("household_id", draft.household_id),),
    )
    return occasion + judge_details(draft, catalogue, facts, today, own=own)


def judge_details(
    draft: FilingDraft,
    catalogue: Catalogue,
    facts: Facts,
    today: date,
    *,
    prefix: str = "",
    own: Collection[str] = (),
) -> list[Flaw]:
    """What is wrong with a filing itself, wherever it stands (alone, or inside an assist with `prefix`)."""
    flaws = _judge_code(draft, facts, own)
    if draft.procedure is not None and draft.procedure not in catalogue.procedures:
        flaws.append(Flaw("procedure", "choice_unknown"))
    if draft.mode is not None and draft.mode not in set(FilingMode):
        flaws.append(Flaw("mode", "choice_unknown"))
    if draft.paid_online and draft.fee_due is False:
        flaws.append(Flaw("paid_online", "paid_without_fee"))
    flaws += _judge_days(draft, today) + _judge_result(draft) + judge_text("note", draft.note)
    return [Flaw(prefix + flaw.field, flaw.code, flaw.params) for flaw in flaws]


def _judge_code(draft: FilingDraft, facts: Facts, own: Collection[str]) -> list[Flaw]:
    if draft.code is None:
        return []
    if len(draft.code) > CODE_LENGTH:
        return [Flaw("code", "text_long", {"most": CODE_LENGTH})]
    # Dots and hyphens part the numbers of a code; only a bare run of digits in it can be a person's.
    bare = re.findall(r"\d{9,}", draft.code) if re.search(r"[A-Z]", draft.code) else [draft.code]
    flaws = judge_text("code", " ".join(bare))
    holder = facts.filing_with(draft.code)
    if holder and holder.id not in own:
        flaws.append(Flaw("code", "filing_code_taken"))
    return flaws


def _judge_days(draft: FilingDraft, today: date) -> list[Flaw]:
    flaws = []
    if draft.submitted_on and draft.due_on:
        if draft.due_on < draft.submitted_on:
            flaws.append(Flaw("due_on", "due_before_submission"))
        elif (draft.due_on - draft.submitted_on).days > LONGEST_DAYS:
            flaws.append(Flaw("due_on", "date_too_far"))
    if draft.result_on:
        flaws += judge_day("result_on", draft.result_on, today)
        if draft.submitted_on and draft.result_on < draft.submitted_on:
            flaws.append(Flaw("result_on", "result_before_submission"))
    return flaws


def _judge_result(draft: FilingDraft) -> list[Flaw]:
    if draft.state not in set(FilingState):
        return [Flaw("state", "choice_unknown")]
    ended = draft.state in (FilingState.RETURNED, FilingState.REFUSED)
    if draft.state == FilingState.RETURNED and draft.result_on is None:
        return [Flaw("result_on", "result_day_missing")]
    if draft.result_on and not ended:
        return [Flaw("state", "result_without_state")]
    if draft.electronic_result and draft.state != FilingState.RETURNED:
        return [Flaw("electronic_result", "result_without_state")]
    return []


def warn(draft: FilingDraft, prefix: str = "") -> list[Flaw]:
    """Doubts to show beside the field; they never stop a record."""
    if draft.code and not code_looks_right(draft.code):
        return [Flaw(prefix + "code", "filing_code_odd")]
    return []
