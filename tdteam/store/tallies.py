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
from tdteam.store.reached import move_meetings
from tdteam.store.tables import Adjustment, Filing, Gathering, Tally, TeamTally, Visit

_tally = Tally.__table__  # type: ignore[attr-defined]
_team = TeamTally.__table__  # type: ignore[attr-defined]
_adjustment = Adjustment.__table__  # type: ignore[attr-defined]
_visit = Visit.__table__  # type: ignore[attr-defined]
_gathering = Gathering.__table__  # type: ignore[attr-defined]
_filing = Filing.__table__  # type: ignore[attr-defined]
_COLUMNS = sorted(set(TEAM_COLUMNS.values()))


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
    rows = [
        {"span": span, "village_id": village, "value": value, **key._asdict()}
        for (span, village, key), value in sorted(values.items())
        if value
    ]
    if not rows:
        return
    statement = bulk.insert(session, _tally)
    statement = statement.on_conflict_do_update(
        index_elements=["span", "village_id", "measure", "kind", "outcome"],
        set_={"value": _tally.c.value + statement.excluded.value},
    )
    bulk.run(session, statement, rows, places={row["village_id"] for row in rows})


def _write_teams(
    session: GatedSession, landed: Counter[_Change], gone: Iterable[Counted], come: Iterable[Counted]
) -> None:
    """Each team's own tally: its work as it landed, its last day of work, when it last sent something."""
    rows: dict[tuple[str, int], dict[str, Any]] = {}

    def row(period: str, team: int) -> dict[str, Any]:
        fresh = {"period": period, "team_id": team, "last_on": None, "last_received_at": None}
        return rows.setdefault((period, team), {**fresh, **dict.fromkeys(_COLUMNS, 0)})

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
        places = {fact.village_id for fact in (*gone, *come)}
        _upsert_teams(session, [rows[key] for key in sorted(rows)], places)
        for period, team in sorted(touched):
            bulk.run(session, _last_day(period, team), places=places)


def _later(first: Any, second: Any) -> Any:
    return max((value for value in (first, second) if value is not None), default=None)


def _upsert_teams(session: GatedSession, rows: list[dict[str, Any]], places: set[int]) -> None:
    statement = bulk.insert(session, _team)
    latest = func.greatest if session.get_bind().dialect.name == "postgresql" else func.max
    new = statement.excluded
    sums: dict[str, Any] = {column: _team.c[column] + new[column] for column in _COLUMNS}
    for column in ("last_on", "last_received_at"):
        both = latest(
            func.coalesce(_team.c[column], new[column]), func.coalesce(new[column], _team.c[column])
        )
        sums[column] = both
    statement = statement.on_conflict_do_update(index_elements=["period", "team_id"], set_=sums)
    bulk.run(session, statement, rows, places=places)


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
