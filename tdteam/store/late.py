"""What came after a period was sealed: records of its days that count later, and what corrections changed in it.

Taking them back into their period moves figures only between open periods; the caller holds the period (and, for a
seal in force, opens it inside its own transaction).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from tdteam.domain.periods import Period
from tdteam.domain.tallies import Counted, TallyKey
from tdteam.domain.vocabulary import RecordState
from tdteam.store import filing_rows, gathering_rows, tallies, visit_rows
from tdteam.store.gate import GatedSession
from tdteam.store.periods import PeriodBook
from tdteam.store.tables import Adjustment, Filing, Gathering, Visit

VISIT, GATHERING, FILING, RESULT = "visit", "gathering", "filing", "result"


# class, kind, the day it is of, the period it counts in
_DATED: tuple[tuple[Any, str, Any, Any], ...] = (
    (Visit, VISIT, Visit.visited_on, Visit.period),
    (Gathering, GATHERING, Gathering.held_on, Gathering.period),
    (Filing, FILING, Filing.submitted_on, Filing.period),
    (Filing, RESULT, Filing.result_on, Filing.result_period),
)


@dataclass(frozen=True)
class LateRecord:
    """A record of a sealed period's day that counts in a later period. `result` is a filing's result."""

    kind: str
    id: str
    village_id: int
    team_id: int
    day: date
    counts_in: str
    received_at: datetime

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class Changed:
    """What corrections and voidings changed in a sealed period: the sum of its adjustments by figure."""

    village_id: int
    key: TallyKey
    value: int
    counts_in: str | None


def list_late(session: GatedSession, village_ids: Sequence[int], period: Period) -> list[LateRecord]:
    """Records of a period's days that count elsewhere, oldest arrival first."""
    found = []
    for cls, kind, day, counts_in in _DATED:
        inside = (day >= period.since, day < period.until, counts_in != period.code)
        found += _records(session, cls, kind, day, counts_in, village_ids, inside)
    return sorted(found, key=lambda one: (one.received_at, one.kind, one.id))


def list_after(
    session: GatedSession, village_ids: Sequence[int], days: tuple[date, date], moment: datetime
) -> list[LateRecord]:
    """Records of some days (both included) that came, or were corrected, after a moment; oldest arrival first."""
    since, last_day = days
    found = []
    for cls, kind, day, counts_in in _DATED:
        came = col(cls.received_at) > moment
        found += _records(
            session, cls, kind, day, counts_in, village_ids, (day >= since, day <= last_day, came)
        )
    return sorted(found, key=lambda one: (one.received_at, one.kind, one.id))


def _records(
    session: GatedSession,
    cls: Any,
    kind: str,
    day: Any,
    counts_in: Any,
    village_ids: Sequence[int],
    where: Sequence[Any],
) -> list[LateRecord]:
    stands = col(cls.voided_at).is_(None) if cls is Filing else cls.state == RecordState.CURRENT
    query = select(cls.id, cls.village_id, cls.team_id, day, counts_in, cls.received_at).where(
        col(cls.village_id).in_(village_ids), stands, *where
    )
    return [LateRecord(kind, *row) for row in session.execute(query)]


def list_changed(session: GatedSession, village_ids: Sequence[int], period: Period) -> list[Changed]:
    """What was changed in a sealed period since, by village and figure; nothing where it evens out."""
    sums: Counter[tuple[int, TallyKey, str | None]] = Counter()
    for row in _adjustments(session, village_ids, period):
        sums[row.village_id, TallyKey(row.measure, row.kind, row.outcome), row.to_period] += row.value
    return [
        Changed(village, key, value, to)
        for (village, key, to), value in sorted(sums.items(), key=lambda one: str(one[0]))
        if value
    ]


def _adjustments(session: GatedSession, village_ids: Sequence[int], period: Period) -> Sequence[Adjustment]:
    query = select(Adjustment).where(
        col(Adjustment.village_id).in_(village_ids), Adjustment.from_period == period.code
    )
    return session.exec(query.order_by(col(Adjustment.id)).with_for_update()).all()


def take_back(
    session: GatedSession,
    book: PeriodBook,
    village_ids: Sequence[int],
    period: Period,
    keys: Collection[str] | None,
) -> int:
    """Count late records and all changes in the period itself, which must be open; how many records moved.

    `keys`: which late records (`LateRecord.key`), None for all. What counts in a period that is sealed by now stays
    there: it was reported.
    """
    changed = _take_changes(session, book, village_ids, period)
    gone: list[Counted] = []
    come: list[Counted] = []
    moved = 0
    for late in list_late(session, village_ids, period):
        is_wanted = keys is None or late.key in keys
        if not is_wanted or not book.is_open(late.village_id, book.named(late.counts_in)):
            continue
        before, after = _MOVE[late.kind](session, late, period.code)
        gone += before
        come += after
        moved += 1
    if gone or come:
        tallies.post(session, book, gone=gone, come=come)
    return moved + changed


def _take_changes(session: GatedSession, book: PeriodBook, village_ids: Sequence[int], period: Period) -> int:
    """Put adjustments back into their period, out of the open one they count in."""
    rows = [
        row
        for row in _adjustments(session, village_ids, period)
        if row.to_period is None or book.is_open(row.village_id, book.named(row.to_period))
    ]
    tallies.carry_back(session, rows)
    return len(rows)


def _move_visit(session: GatedSession, late: LateRecord, to: str) -> tuple[list[Counted], list[Counted]]:
    row = session.exec(select(Visit).where(Visit.id == late.id).with_for_update()).one()
    draft = visit_rows.draft_of(session, row)
    gone = [visit_rows.counted_of(draft, row.period)]
    row.period = to
    session.add(row)
    session.flush()
    return gone, [visit_rows.counted_of(draft, to, row.received_at)]


def _move_gathering(session: GatedSession, late: LateRecord, to: str) -> tuple[list[Counted], list[Counted]]:
    row = session.exec(select(Gathering).where(Gathering.id == late.id).with_for_update()).one()
    draft = gathering_rows.draft_of(session, row)
    gone = [gathering_rows.counted_of(draft, row.period)]
    row.period = to
    session.add(row)
    session.flush()
    return gone, [gathering_rows.counted_of(draft, to, row.received_at)]


def _move_filing(session: GatedSession, late: LateRecord, to: str) -> tuple[list[Counted], list[Counted]]:
    row = session.exec(select(Filing).where(Filing.id == late.id).with_for_update()).one()
    draft = filing_rows.draft_of(row)
    gone = filing_rows.counted_of(draft, row.period, row.result_period)
    if late.kind == RESULT:
        row.result_period = to
    else:
        row.period = to
    session.add(row)
    session.flush()
    return gone, filing_rows.counted_of(draft, row.period, row.result_period, row.received_at)


_MOVE = {VISIT: _move_visit, GATHERING: _move_gathering, FILING: _move_filing, RESULT: _move_filing}
