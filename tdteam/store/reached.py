"""Households reached (decision 0004): how many counted visits met a household, in a period and in a statutory year.

On PostgreSQL the row of the year is written first and so serialises writers of one household; under its lock the
periods of the year are read and moved (on SQLite whoever writes is alone). Figures change only when a number of visits
leaves or reaches 0. The period a household was first reached in is kept as a flow, so that "reached since the year
began" is right for past periods too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from tdteam.domain.tallies import REACHED, REACHED_FIRST
from tdteam.store.gate import GatedSession
from tdteam.store.prepared import Prepared, Rows, any_of
from tdteam.store.tables import Reached

_reached = Reached.__table__  # type: ignore[attr-defined]
_ROWS = Rows(
    _reached,
    ("household_id", "village_id", "span", "visits"),
    "ON CONFLICT (household_id, span, village_id) DO UPDATE SET visits = reached.visits + excluded.visits",
)
_HELD = Prepared(
    select(_reached.c.household_id, _reached.c.village_id, _reached.c.span, _reached.c.visits).where(
        any_of(_reached.c.household_id, "households"),
        _reached.c.span.between(bindparam("low"), bindparam("high")),
    )
)


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
    years = {(m.household_id, m.village_id, m.year): sum(counts.values()) for m, counts in by_year.items()}
    is_alone = session.get_bind().dialect.name == "sqlite"
    if not is_alone:
        _add(session, years)
    held = _held(session, by_year)
    for meeting, changes in sorted(by_year.items()):
        counts = held[meeting]
        change = sum(changes.values())
        after = counts.get(meeting.year, 0) + (change if is_alone else 0)
        moves[Move(meeting.year, meeting.village_id, REACHED)] += _crossing(after - change, after)
        counts.pop(meeting.year, None)
        _move_year(meeting, counts, changes, moves)
    _add(session, {**years, **meetings} if is_alone else meetings)
    return moves


def _move_year(
    meeting: Meeting, before: Mapping[str, int], changes: Mapping[str, int], moves: Counter[Move]
) -> None:
    if all(before.get(period, 0) > max(0, -change) for period, change in changes.items()):
        return  # reached before and after in each of these periods: no figure moves
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


def _add(session: GatedSession, changes: Mapping[tuple[str, int, str], int]) -> None:
    """Add to rows, in key order."""
    rows = [
        (household, village, span, count) for (household, village, span), count in sorted(changes.items())
    ]
    _ROWS.put(session, rows, places={row[1] for row in rows})


def _held(session: GatedSession, meetings: Mapping[Meeting, Any]) -> dict[Meeting, dict[str, int]]:
    """Visits of each household in its year, by period and in all (under the year itself)."""
    places = {meeting.village_id for meeting in meetings}
    households = sorted({meeting.household_id for meeting in meetings})
    years = [meeting.year for meeting in meetings]
    asked = {"households": households, "low": min(years), "high": f"{max(years)}-99"}
    held: dict[Meeting, dict[str, int]] = defaultdict(dict)
    for household, village, span, visits in _HELD.ask(session, asked, places=places):
        held[Meeting(household, village, span[:4])][span] = visits
    return held
