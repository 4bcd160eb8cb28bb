"""Households reached (decision 0004): how many counted visits met a household, in a period and in a statutory year.

The row of the year is written first and so serialises writers of one household on PostgreSQL; under its lock the
periods of the year are read and moved. Figures change only when a number of visits leaves or reaches 0. The period a
household was first reached in is kept as a flow, so that "reached since the year began" is right for past periods too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import select

from tdteam.domain.tallies import REACHED, REACHED_FIRST
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Reached

_reached = Reached.__table__  # type: ignore[attr-defined]


class Meeting(NamedTuple):
    """A household of a village, in a statutory year."""

    household_id: str
    village_id: int
    year: str


class Move(NamedTuple):
    """A change of a figure of households reached: `span` is a period or a year."""

    span: str
    village_id: int
    measure: str


def move_meetings(session: GatedSession, meetings: Mapping[tuple[str, int, str], int]) -> Counter[Move]:
    """Add visits that met households, {(household, village, period): +n or -n}; the figures that moved by it."""
    by_year: dict[Meeting, dict[str, int]] = defaultdict(dict)
    for (household, village, period), count in meetings.items():
        by_year[Meeting(household, village, period[:4])][period] = count
    if not by_year:
        return Counter()
    moves: Counter[Move] = Counter()
    for meeting, visits in _upsert(
        session, {(m.household_id, m.village_id, m.year): sum(c.values()) for m, c in by_year.items()}
    ).items():
        change = sum(by_year[Meeting(*meeting)].values())
        moves[Move(meeting[2], meeting[1], REACHED)] += _crossing(visits - change, visits)
    held = _held(session, by_year)
    for meeting, changes in sorted(by_year.items()):
        _move_year(meeting, held[meeting], changes, moves)
    _upsert(session, dict(meetings))
    return moves


def _move_year(
    meeting: Meeting, before: Mapping[str, int], changes: Mapping[str, int], moves: Counter[Move]
) -> None:
    after = Counter(before)
    after.update(changes)
    for period in changes:
        crossing = _crossing(before.get(period, 0), after[period])
        moves[Move(period, meeting.village_id, REACHED)] += crossing
    first, now = (min((p for p, n in counts.items() if n > 0), default=None) for counts in (before, after))
    if first != now:
        if first:
            moves[Move(first, meeting.village_id, REACHED_FIRST)] -= 1
        if now:
            moves[Move(now, meeting.village_id, REACHED_FIRST)] += 1


def _crossing(before: int, after: int) -> int:
    return (after > 0) - (before > 0)


def _upsert(
    session: GatedSession, changes: Mapping[tuple[str, int, str], int]
) -> dict[tuple[str, int, str], int]:
    """Add to rows, in key order; the numbers as they then stand."""
    rows: list[dict[str, Any]] = [
        {"household_id": household, "village_id": village, "span": span, "visits": count}
        for (household, village, span), count in sorted(changes.items())
    ]
    statement = bulk.insert(session, _reached)
    statement = statement.on_conflict_do_update(
        index_elements=["household_id", "span", "village_id"],
        set_={"visits": _reached.c.visits + statement.excluded.visits},
    ).returning(_reached.c.household_id, _reached.c.village_id, _reached.c.span, _reached.c.visits)
    found = bulk.run(session, statement, rows, places={row["village_id"] for row in rows})
    return {(household, village, span): visits for household, village, span, visits in found}


def _held(session: GatedSession, meetings: Mapping[Meeting, Any]) -> dict[Meeting, dict[str, int]]:
    """Visits a period of each household in its year."""
    households = sorted({meeting.household_id for meeting in meetings})
    held: dict[Meeting, dict[str, int]] = defaultdict(dict)
    for start in range(0, len(households), 500):
        query = select(
            _reached.c.household_id, _reached.c.village_id, _reached.c.span, _reached.c.visits
        ).where(_reached.c.household_id.in_(households[start : start + 500]))
        places = {meeting.village_id for meeting in meetings}
        for household, village, span, visits in bulk.run(session, query, places=places):
            if len(span) > 4:
                held[Meeting(household, village, span[:4])][span] = visits
    return held
