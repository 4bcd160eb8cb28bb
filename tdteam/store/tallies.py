"""Tallies: kept in the transaction of every fact, equal at any time to a recount (`store/recount.py`).

`post` is the only way in. What belongs to an open period moves its figures; what a correction changes in a sealed
period leaves them and counts, as an adjustment, in the first open period after it. Rows are written in key order, so
that two writers never wait for each other in a ring.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select, union_all, update

from tdteam.domain.tallies import REACHED, REACHED_FIRST, TEAM_COLUMNS, Counted, TallyKey
from tdteam.domain.vocabulary import RecordState
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.periods import PeriodBook
from tdteam.store.prepared import Rows
from tdteam.store.reached import move_meetings
from tdteam.store.sheet_marks import mark, mark_teams
from tdteam.store.tables import Adjustment, Filing, Gathering, Tally, TeamTally, Visit

_tally = Tally.__table__  # type: ignore[attr-defined]
_team = TeamTally.__table__  # type: ignore[attr-defined]
_adjustment = Adjustment.__table__  # type: ignore[attr-defined]
_visit = Visit.__table__  # type: ignore[attr-defined]
_gathering = Gathering.__table__  # type: ignore[attr-defined]
_filing = Filing.__table__  # type: ignore[attr-defined]
_COLUMNS = sorted(set(TEAM_COLUMNS.values()))
_TALLIES = Rows(
    _tally,
    ("span", "village_id", "measure", "kind", "outcome", "value"),
    "ON CONFLICT (span, village_id, measure, kind, outcome) DO UPDATE SET value = tally.value + excluded.value",
)


def _later_of(column: str) -> str:
    """The later of the two days, the one that is known where the other is not; in words both databases have."""
    old, new = f"team_tally.{column}", f"excluded.{column}"
    return f"{column} = CASE WHEN {old} IS NULL OR {new} > {old} THEN COALESCE({new}, {old}) ELSE {old} END"


_TEAMS = Rows(
    _team,
    ("period", "team_id", *_COLUMNS, "last_on", "last_received_at"),
    "ON CONFLICT (period, team_id) DO UPDATE SET "
    + ", ".join([f"{column} = team_tally.{column} + excluded.{column}" for column in _COLUMNS])
    + f", {_later_of('last_on')}, {_later_of('last_received_at')}",
)


class _Change(NamedTuple):
    """A figure's change before it is known whether its period is sealed."""

    period: str
    village_id: int
    team_id: int
    key: TallyKey


def post(
    session: GatedSession, book: PeriodBook, *, gone: Sequence[Counted] = (), come: Sequence[Counted] = ()
) -> None:
    """Take what `gone` added out of the figures and put what `come` adds into them."""
    changes: Counter[_Change] = Counter()
    meetings: Counter[tuple[str, int, str]] = Counter()
    for sign, facts in ((-1, gone), (1, come)):
        for fact in facts:
            for key, value in fact.deltas.items():
                changes[_Change(fact.period, fact.village_id, fact.team_id, key)] += sign * value
            if fact.household_id:
                meetings[fact.household_id, fact.village_id, fact.period] += sign
    teams = {fact.village_id: fact.team_id for fact in (*gone, *come)}
    for move, value in move_meetings(session, meetings).items():
        changes[_Change(move.span, move.village_id, teams[move.village_id], TallyKey(move.measure))] += value
    landed = _land(session, book, {change: value for change, value in changes.items() if value})
    _write_tallies(session, landed)
    _write_teams(session, landed, gone, come)


def _land(session: GatedSession, book: PeriodBook, changes: dict[_Change, int]) -> Counter[_Change]:
    """Where each change counts: in its period while open, else (noted as an adjustment) in the first open one."""
    landed: Counter[_Change] = Counter()
    adjustments = []
    for change, value in sorted(changes.items()):
        if len(change.period) == 4 or book.is_open(change.village_id, book.named(change.period)):
            landed[change] += value
            continue
        to = _carried_to(book, change)
        if to:
            landed[change._replace(period=to)] += value
        measure, kind, outcome = change.key
        adjustments.append(
            {
                "village_id": change.village_id,
                "team_id": change.team_id,
                "from_period": change.period,
                "to_period": to,
                "made_at": datetime.now(UTC),
                "value": value,
                **change.key._asdict(),
            }
        )
    bulk.insert_rows(session, _adjustment, adjustments, places={c.village_id for c in changes})
    return landed


def carry_back(session: GatedSession, rows: Sequence[Adjustment]) -> None:
    """Count adjustments in the period they came from, out of the one they were carried to, and forget them. Both
    periods are open: the caller sees to it."""
    landed: Counter[_Change] = Counter()
    for row in rows:
        key = TallyKey(row.measure, row.kind, row.outcome)
        landed[_Change(row.from_period, row.village_id, row.team_id, key)] += row.value
        if row.to_period:
            landed[_Change(row.to_period, row.village_id, row.team_id, key)] -= row.value
        session.delete(row)
    session.flush()
    _write_tallies(session, landed)
    _write_teams(session, landed, (), ())


def _carried_to(book: PeriodBook, change: _Change) -> str | None:
    """The open period a sealed one's change counts in. A distinct figure is not carried on, nor is one of another year."""
    if change.key.measure == REACHED:
        return None
    to = book.first_open(change.village_id, book.named(change.period)).code
    return None if change.key.measure == REACHED_FIRST and to[:4] != change.period[:4] else to


def _write_tallies(session: GatedSession, landed: Counter[_Change]) -> None:
    values: Counter[tuple[str, int, TallyKey]] = Counter()
    for change, value in landed.items():
        values[change.period, change.village_id, change.key] += value
    rows = [(span, village, *key, value) for (span, village, key), value in sorted(values.items()) if value]
    _TALLIES.put(session, rows, places={row[1] for row in rows})
    mark(session, {row[1] for row in rows}, {row[0] for row in rows})


def _write_teams(
    session: GatedSession, landed: Counter[_Change], gone: Iterable[Counted], come: Iterable[Counted]
) -> None:
    """Each team's own tally: its work as it landed, its last day of work, when it last sent something."""
    rows: dict[tuple[str, int], dict[str, Any]] = {}

    def row(period: str, team: int) -> dict[str, Any]:
        held = rows.get((period, team))
        if held is None:
            fresh = {"period": period, "team_id": team, **dict.fromkeys(_COLUMNS, 0)}
            held = rows[period, team] = {**fresh, "last_on": None, "last_received_at": None}
        return held

    for change, value in landed.items():
        column = TEAM_COLUMNS.get(change.key.measure)
        if column:
            row(change.period, change.team_id)[column] += value
    for fact in come:
        held = row(fact.period, fact.team_id)
        held["last_on"] = _later(held["last_on"], fact.worked_on)
        held["last_received_at"] = _later(held["last_received_at"], fact.received_at)
    touched = {(fact.period, fact.team_id) for fact in gone}
    for key in touched:
        row(*key)
    if rows:
        places = {change.village_id for change in landed} | {fact.village_id for fact in (*gone, *come)}
        _TEAMS.put(session, [tuple(rows[key].values()) for key in sorted(rows)], places=places)
        for period, team in sorted(touched):
            bulk.run(session, _last_day(period, team), places=places)
        mark_teams(session, {team for _, team in rows}, min(period for period, _ in rows))


def _later(first: Any, second: Any) -> Any:
    return max((value for value in (first, second) if value is not None), default=None)


def _last_day(period: str, team: int) -> Any:
    """The last day of work that still stands, after something was taken out."""
    days = union_all(
        _days(_visit, _visit.c.visited_on, _visit.c.state == RecordState.CURRENT, period, team),
        _days(_gathering, _gathering.c.held_on, _gathering.c.state == RecordState.CURRENT, period, team),
        _days(_filing, _filing.c.submitted_on, _filing.c.voided_at.is_(None), period, team),
    ).subquery()
    last = select(func.max(days.c.day)).scalar_subquery()
    return update(_team).where(_team.c.period == period, _team.c.team_id == team).values(last_on=last)


def _days(table: Any, day: Any, stands: Any, period: str, team: int) -> Any:
    return select(day.label("day")).where(table.c.team_id == team, table.c.period == period, stands)
