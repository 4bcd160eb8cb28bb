"""Adding, altering and dropping a filing's row, and what each moves in the figures. Posting and audit are the caller's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from tdteam.domain.errors import Conflict, Flaw, Refused
from tdteam.domain.filings import FilingDraft
from tdteam.domain.ids import new_id
from tdteam.domain.roles import Actor
from tdteam.domain.tallies import Counted, has_result
from tdteam.store import filing_rows
from tdteam.store.gate import GatedSession
from tdteam.store.periods import PeriodBook
from tdteam.store.tables import Filing


@dataclass
class Moves:
    """What leaves the figures and what enters them."""

    gone: list[Counted] = field(default_factory=list)
    come: list[Counted] = field(default_factory=list)

    def add(self, other: Moves) -> None:
        self.gone += other.gone
        self.come += other.come


def add_filing(
    session: GatedSession, book: PeriodBook, draft: FilingDraft, actor: Actor, recorded_at: datetime
) -> tuple[FilingDraft, Moves]:
    """Write a judged draft; Refused where its code is taken outside the scope, Conflict where its id is."""
    draft = replace(draft, id=draft.id or new_id())
    village, submitted = _where(draft)
    period = book.counting(village, submitted).code
    result_period = _result_period(book, draft)
    if not filing_rows.insert_filing(
        session,
        draft,
        period=period,
        result_period=result_period,
        account_id=actor.account_id,
        recorded_at=recorded_at,
    ):
        if filing_rows.id_is_taken(session, str(draft.id), village):
            raise Conflict("id_taken")
        raise Refused([Flaw("code", "filing_code_taken")])
    return draft, Moves(
        come=filing_rows.counted_of(draft, period, result_period, received_at=datetime.now(UTC))
    )


def alter_filing(
    session: GatedSession, book: PeriodBook, row: Filing, draft: FilingDraft, actor: Actor
) -> Moves:
    """Write a judged change of a filing; Conflict where somebody changed it meanwhile."""
    before = filing_rows.draft_of(row)
    gone = filing_rows.counted_of(before, row.period, row.result_period)
    was, now = _where(before), _where(draft)
    period = book.corrected(row.period, was, now)
    result_period = _result_period(book, draft)
    if row.result_period and before.result_on and draft.result_on and has_result(draft):
        result_period = book.corrected(
            row.result_period, (was[0], before.result_on), (now[0], draft.result_on)
        )
    values = {**filing_rows.said(draft), "period": period, "result_period": result_period}
    if not filing_rows.change_row(session, row, account_id=actor.account_id, values=values):
        raise Conflict("stale")
    come = filing_rows.counted_of(draft, period, result_period, received_at=datetime.now(UTC))
    return Moves(gone, come)


def drop_filing(session: GatedSession, row: Filing, why: str, actor: Actor) -> Moves:
    """Void a filing. Visits tied to it let go of it, and count what they filed by themselves again."""
    gone = filing_rows.counted_of(filing_rows.draft_of(row), row.period, row.result_period)
    come = filing_rows.untie(session, row)
    values = {"voided_at": datetime.now(UTC), "void_why": why}
    if not filing_rows.change_row(session, row, account_id=actor.account_id, values=values):
        raise Conflict("stale")
    return Moves(gone, come)


def _where(draft: FilingDraft) -> tuple[int, date]:
    if draft.village_id is None or draft.submitted_on is None:
        raise ValueError("judge first")
    return draft.village_id, draft.submitted_on


def _result_period(book: PeriodBook, draft: FilingDraft) -> str | None:
    if not has_result(draft) or draft.result_on is None or draft.village_id is None:
        return None
    return book.counting(draft.village_id, draft.result_on).code


def merged(parts: Iterable[Moves]) -> Moves:
    """Several moves as one, so that figures are posted once and in order."""
    whole = Moves()
    for part in parts:
        whole.add(part)
    return whole
