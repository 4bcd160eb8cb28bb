"""Compares the kept tallies with the recount (`doctor`), and writes them anew from it (the demonstration's fast rows)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, delete, func, literal, null, select, true, union_all

from tdteam.domain import tallies as names
from tdteam.domain.catalogue import FILING_SUBMIT
from tdteam.domain.tallies import NOW, TEAM_COLUMNS, TallyKey
from tdteam.domain.vocabulary import Outcome, RecordState
from tdteam.store import bulk, tables
from tdteam.store.gate import GatedSession
from tdteam.store.recount import Places, everything, meetings, permit, recount
from tdteam.store.sheet_marks import drop_all, mark, mark_teams
from tdteam.store.stocks import compare_stocks

_tally: Any = tables.Tally.__table__  # type: ignore[attr-defined]
_reached: Any = tables.Reached.__table__  # type: ignore[attr-defined]
_team: Any = tables.TeamTally.__table__  # type: ignore[attr-defined]
_adjustment: Any = tables.Adjustment.__table__  # type: ignore[attr-defined]
_visit: Any = tables.Visit.__table__  # type: ignore[attr-defined]
_gathering: Any = tables.Gathering.__table__  # type: ignore[attr-defined]
_filing: Any = tables.Filing.__table__  # type: ignore[attr-defined]
_assist: Any = tables.Assist.__table__  # type: ignore[attr-defined]
_COUNTED = (*names.FLOWS, *names.DISTINCT)
_COLUMNS = sorted(set(TEAM_COLUMNS.values()))


@dataclass(frozen=True)
class Difference:
    """A figure that is not what its rows say. `where`: a village (tallies, households reached) or a team."""

    table: str
    span: str
    where: int
    what: str
    kept: object
    counted: object


def compare(session: GatedSession, places: Places = None) -> list[Difference]:
    """Where the kept tallies are not what the rows say; empty when all is well."""
    session.flush()
    return [
        *_compare_tallies(session, places),
        *_compare_reached(session, places),
        *(_compare_teams(session) if places is None else ()),
        *(
            Difference("tally", NOW, village, "/".join(key).rstrip("/"), kept, counted)
            for village, key, kept, counted in compare_stocks(session, places)
        ),
    ]


def _inside(column: Any, places: Places) -> ColumnElement[bool]:
    return true() if places is None else column.in_(sorted(places))


def _compare_tallies(session: GatedSession, places: Places) -> list[Difference]:
    query = select(_tally).where(
        _tally.c.measure.in_(_COUNTED), _tally.c.value != 0, _inside(_tally.c.village_id, places)
    )
    kept = {
        (row.span, row.village_id, TallyKey(row.measure, row.kind, row.outcome)): row.value
        for row in bulk.run(session, query, places=permit(session, places))
    }
    return _differences("tally", kept, recount(session, places))


def _differences(
    table: str, kept: Mapping[tuple[str, int, Any], Any], counted: Mapping[tuple[str, int, Any], Any]
) -> list[Difference]:
    out = []
    for key in sorted({*kept, *counted}):
        have, should = kept.get(key, 0), counted.get(key, 0)
        if have != should:
            what = "/".join(key[2]).rstrip("/") if isinstance(key[2], tuple) else str(key[2])
            out.append(Difference(table, key[0], key[1], what, have, should))
    return out


def _reached_rows(places: Places) -> Select[Any]:
    """household_id, span, village_id, visits: of every period and every year."""
    met = meetings()
    year = func.substr(met.c.period, 1, 4)
    both = union_all(
        select(met.c.household_id, met.c.period.label("span"), met.c.village_id, met.c.visits),
        select(met.c.household_id, year, met.c.village_id, func.sum(met.c.visits)).group_by(
            met.c.household_id, year, met.c.village_id
        ),
    ).subquery()
    return select(both).where(_inside(both.c.village_id, places))


def _compare_reached(session: GatedSession, places: Places) -> list[Difference]:
    run_for = permit(session, places)
    counted = {
        (span, village, household): int(visits)
        for household, span, village, visits in bulk.run(session, _reached_rows(places), places=run_for)
    }
    query = select(_reached).where(_reached.c.visits != 0, _inside(_reached.c.village_id, places))
    kept = {
        (row.span, row.village_id, row.household_id): row.visits
        for row in bulk.run(session, query, places=run_for)
    }
    return _differences("reached", kept, counted)


def _work(table: Any, period: Any, **sums: Any) -> Select[Any]:
    """One part of the teams' count: period, team and what it adds to each column."""
    values = [sums.get(column, literal(0)).label(column) for column in _COLUMNS]
    day, came = sums.get("last_on", null()), sums.get("last_received_at", null())
    return select(
        period.label("period"),
        table.c.team_id,
        *values,
        day.label("last_on"),
        came.label("last_received_at"),
    )


def _of_occasion(table: Any, tie: Any, day: Any, column: str) -> list[Select[Any]]:
    current = table.c.state == RecordState.CURRENT
    one = case((current, 1), else_=0)
    whole = _work(
        table,
        table.c.period,
        last_on=case((current, day)),
        last_received_at=table.c.received_at,
        **{column: one},
    )
    unlisted = _assist.c.people - case((_assist.c.filing_id.is_not(None), 1), else_=0)
    filed = (_assist.c.kind == FILING_SUBMIT) & (_assist.c.outcome == Outcome.DONE)
    parts = _work(
        table,
        table.c.period,
        assists=literal(1),
        people=_assist.c.people,
        filings=case((filed, unlisted), else_=0),
    )
    return [whole, parts.select_from(table.join(_assist, tie == table.c.id)).where(current)]


def _of_filings() -> Select[Any]:
    stands = _filing.c.voided_at.is_(None)
    one = case((stands, 1), else_=0)
    return _work(
        _filing,
        _filing.c.period,
        filings=one,
        last_on=case((stands, _filing.c.submitted_on)),
        last_received_at=_filing.c.received_at,
    )


def _of_adjustments() -> list[Select[Any]]:
    column = _adjustment.c
    sums = {name: [measure for measure, into in TEAM_COLUMNS.items() if into == name] for name in _COLUMNS}

    def line(period: Any, value: Any) -> Select[Any]:
        of = {name: case((column.measure.in_(listed), value), else_=0) for name, listed in sums.items()}
        return _work(_adjustment, period, **of)

    return [
        line(column.from_period, -column.value),
        line(column.to_period, column.value).where(column.to_period.is_not(None)),
    ]


def _team_rows() -> Select[Any]:
    """period, team_id, the sums of a team's work, its last day and when it last sent something."""
    part = union_all(
        *_of_occasion(_visit, _assist.c.visit_id, _visit.c.visited_on, "visits"),
        *_of_occasion(_gathering, _assist.c.gathering_id, _gathering.c.held_on, "gatherings"),
        _of_filings(),
        *_of_adjustments(),
    ).subquery()
    key = (part.c.period, part.c.team_id)
    return select(
        *key,
        *(func.sum(part.c[column]).label(column) for column in _COLUMNS),
        func.max(part.c.last_on).label("last_on"),
        func.max(part.c.last_received_at).label("last_received_at"),
    ).group_by(*key)


def _compare_teams(session: GatedSession) -> list[Difference]:
    """Sums and the last day of work; when something last came is a trace, not a figure."""
    out = []
    counted = {(row.period, row.team_id): row for row in bulk.run(session, _team_rows(), places=())}
    kept = {(row.period, row.team_id): row for row in bulk.run(session, select(_team), places=())}
    for key in sorted({*counted, *kept}):
        for column in (*_COLUMNS, "last_on"):
            have = getattr(kept.get(key), column, None) or 0
            should = getattr(counted.get(key), column, None) or 0
            if _day(have) != _day(should):
                out.append(Difference("team_tally", key[0], key[1], column, have, should))
    return out


def _day(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def rebuild(session: GatedSession, places: Places = None) -> None:
    """Write every flow, distinct figure and team tally anew from the rows. Stocks are left alone (`store/stocks.py`)."""
    session.flush()
    if places is None:
        drop_all(session)
    else:
        mark(session, places, after="")
        mark_teams(session, [], villages=places)
    run_for = permit(session, places)
    key = ["span", "village_id", "measure", "kind", "outcome", "value"]
    gone = delete(_tally).where(_tally.c.measure.in_(_COUNTED), _inside(_tally.c.village_id, places))
    bulk.run(session, gone, places=run_for)
    bulk.run(session, bulk.insert(session, _tally).from_select(key, everything(places)), places=run_for)
    bulk.run(session, delete(_reached).where(_inside(_reached.c.village_id, places)), places=run_for)
    met = bulk.insert(session, _reached).from_select(
        ["household_id", "span", "village_id", "visits"], _reached_rows(places)
    )
    bulk.run(session, met, places=run_for)
    if places is None:
        bulk.run(session, delete(_team), places=())
        columns = ["period", "team_id", *_COLUMNS, "last_on", "last_received_at"]
        bulk.run(session, bulk.insert(session, _team).from_select(columns, _team_rows()), places=())
    session.expire_all()
