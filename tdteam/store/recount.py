"""The recount: every tally from the raw rows, by plain SQL. `store/rebuild.py` compares and rebuilds with it.

Written apart from `domain/tallies.py` on purpose: two tellings of one rule, so that a fault in either shows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Integer, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from tdteam.domain import tallies as names
from tdteam.domain.catalogue import FILING_SUBMIT
from tdteam.domain.tallies import TallyKey
from tdteam.domain.vocabulary import Contact, FilingState, Outcome, RecordState
from tdteam.store import bulk, tables
from tdteam.store.gate import GatedSession, Ungated

_visit: Any = tables.Visit.__table__  # type: ignore[attr-defined]
_gathering: Any = tables.Gathering.__table__  # type: ignore[attr-defined]
_assist: Any = tables.Assist.__table__  # type: ignore[attr-defined]
_filing: Any = tables.Filing.__table__  # type: ignore[attr-defined]
_adjustment: Any = tables.Adjustment.__table__  # type: ignore[attr-defined]
_FILING_MEASURES = (
    *(names.FILINGS, names.FEES_DUE, names.FEES_PAID_ONLINE),
    *(names.RESULTS, names.RESULTS_DUE, names.RESULTS_ON_TIME, names.RESULTS_ELECTRONIC, names.RESULT_DAYS),
)
Places = Collection[int] | None


class _DaysBetween(FunctionElement[int]):
    """Days from one date column to another."""

    type = Integer()
    inherit_cache = True


@compiles(_DaysBetween)
def _subtract(element: Any, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(part, **options) for part in element.clauses)
    return f"({end} - {start})"


@compiles(_DaysBetween, "sqlite")
def _subtract_julian(element: Any, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(part, **options) for part in element.clauses)
    return f"CAST(julianday({end}) - julianday({start}) AS INTEGER)"


def _line(
    table: Any, measure: str, value: Any, kind: Any = "", outcome: Any = "", period: Any = None
) -> Select[Any]:
    """One part of the count: grouped by period, village, kind and outcome."""
    span = table.c.period if period is None else period
    kind, outcome = (literal(part) if isinstance(part, str) else part for part in (kind, outcome))
    return select(
        span.label("span"),
        table.c.village_id.label("village_id"),
        literal(measure).label("measure"),
        kind.label("kind"),
        outcome.label("outcome"),
        value.label("value"),
    ).group_by(span, table.c.village_id, kind, outcome)


def _count(condition: Any = None) -> Any:
    return func.count() if condition is None else func.sum(case((condition, 1), else_=0))


def _of_visits() -> list[Select[Any]]:
    current = _visit.c.state == RecordState.CURRENT
    return [
        _line(_visit, names.VISITS, _count(), _visit.c.contact).where(current),
        _line(_visit, names.RETURNS, _count()).where(current, _visit.c.return_on.is_not(None)),
    ]


def _of_gatherings() -> list[Select[Any]]:
    current = _gathering.c.state == RecordState.CURRENT
    attended = func.sum(_gathering.c.attended)
    lines = [
        _line(_gathering, names.GATHERINGS, _count()).where(current),
        _line(_gathering, names.ATTENDED, attended).where(current),
    ]
    for head in names.HEADS:
        known = and_(current, _gathering.c[head].is_not(None))
        lines.append(_line(_gathering, head, func.sum(_gathering.c[head])).where(known))
        lines.append(_line(_gathering, f"{head}_of", attended).where(known))
    return lines


def _of_assists(occasion: Any, tie: Any) -> list[Select[Any]]:
    """Assists of visits, or of gatherings."""
    joined = occasion.join(_assist, tie == occasion.c.id)
    current = occasion.c.state == RecordState.CURRENT
    kind, outcome, cause = _assist.c.kind, _assist.c.outcome, _assist.c.cause
    people = func.sum(_assist.c.people)
    unlisted = func.sum(_assist.c.people - case((_assist.c.filing_id.is_not(None), 1), else_=0))
    filed = and_(kind == FILING_SUBMIT, outcome == Outcome.DONE)
    return [
        _line(occasion, names.ASSISTS, _count(), kind, outcome).select_from(joined).where(current),
        _line(occasion, names.PEOPLE, people, kind, outcome).select_from(joined).where(current),
        _line(occasion, names.CAUSES, people, kind, cause)
        .select_from(joined)
        .where(current, cause.is_not(None)),
        _line(occasion, names.FILINGS_UNLISTED, unlisted).select_from(joined).where(current, filed),
    ]


def _of_filings() -> list[Select[Any]]:
    stands = _filing.c.voided_at.is_(None)
    column = _filing.c
    paid = and_(column.fee_due.is_(True), column.paid_online.is_(True))
    procedure, mode = func.coalesce(column.procedure, ""), func.coalesce(column.mode, "")
    lines = [
        _line(_filing, names.FILINGS, _count(), procedure, mode).where(stands),
        _line(_filing, names.FEES_DUE, _count(column.fee_due.is_(True))).where(stands),
        _line(_filing, names.FEES_PAID_ONLINE, _count(paid)).where(stands),
    ]
    came = and_(stands, column.state == FilingState.RETURNED, column.result_on.is_not(None))
    for measure, value in (
        (names.RESULTS, _count()),
        (names.RESULTS_DUE, _count(column.due_on.is_not(None))),
        (names.RESULTS_ON_TIME, _count(column.result_on <= column.due_on)),
        (names.RESULTS_ELECTRONIC, _count(column.electronic_result.is_(True))),
        (names.RESULT_DAYS, func.sum(_DaysBetween(column.submitted_on, column.result_on))),
    ):
        lines.append(_line(_filing, measure, value, period=column.result_period).where(came))
    return lines


def meetings() -> Any:
    """(household, village, period, visits): the visits that count as meeting a household."""
    met = and_(
        _visit.c.state == RecordState.CURRENT,
        _visit.c.contact == Contact.MET,
        _visit.c.household_id.is_not(None),
    )
    keys = (_visit.c.household_id, _visit.c.village_id, _visit.c.period)
    return select(*keys, func.count().label("visits")).where(met).group_by(*keys).subquery()


def _of_reached() -> list[Select[Any]]:
    met = meetings()
    year = func.substr(met.c.period, 1, 4)
    first = (
        select(met.c.household_id, met.c.village_id, func.min(met.c.period).label("period"))
        .group_by(met.c.household_id, met.c.village_id, year)
        .subquery()
    )
    households = func.count(met.c.household_id.distinct())
    return [
        _line(met, names.REACHED, households),
        _line(met, names.REACHED, households, period=year),
        _line(first, names.REACHED_FIRST, func.count()),
    ]


def _of_adjustments() -> list[Select[Any]]:
    column = _adjustment.c

    def line(period: Any, value: Any) -> Select[Any]:
        return select(period, column.village_id, column.measure, column.kind, column.outcome, value)

    return [
        line(column.from_period, -column.value),
        line(column.to_period, column.value).where(column.to_period.is_not(None)),
    ]


def everything(places: Places) -> Select[Any]:
    """The recount as one SELECT: span, village_id, measure, kind, outcome, value."""
    parts: CompoundSelect[Any] = union_all(
        *_of_visits(),
        *_of_gatherings(),
        *_of_assists(_visit, _assist.c.visit_id),
        *_of_assists(_gathering, _assist.c.gathering_id),
        *_of_filings(),
        *_of_reached(),
        *_of_adjustments(),
    )
    part = parts.subquery()
    key = (part.c.span, part.c.village_id, part.c.measure, part.c.kind, part.c.outcome)
    query = select(*key, func.sum(part.c.value).label("value")).group_by(*key)
    query = query.having(func.sum(part.c.value) != 0)
    return query if places is None else query.where(part.c.village_id.in_(sorted(places)))


def flow_lines() -> list[tuple[Any, Any, list[Select[Any]]]]:
    """The flows that rows make, as (table, the day they are of, one SELECT a measure); REACHED_FIRST is not among them."""
    filed = {names.FILINGS, names.FEES_DUE, names.FEES_PAID_ONLINE}
    of_filings = list(zip(_FILING_MEASURES, _of_filings(), strict=True))
    return [
        (_visit, _visit.c.visited_on, [*_of_visits(), *_of_assists(_visit, _assist.c.visit_id)]),
        (
            _gathering,
            _gathering.c.held_on,
            [*_of_gatherings(), *_of_assists(_gathering, _assist.c.gathering_id)],
        ),
        (_filing, _filing.c.submitted_on, [line for name, line in of_filings if name in filed]),
        (_filing, _filing.c.result_on, [line for name, line in of_filings if name not in filed]),
    ]


def recount_days(
    session: GatedSession, places: Collection[int], days: Sequence[tuple[date, date]]
) -> list[tuple[int, TallyKey, int]]:
    """The flows of some days (first and last, both included) in some villages, by the day each row itself tells,
    whatever period it counts in: (village, key, value), figures of 0 left out."""
    if not days or not places:
        return []
    parts: CompoundSelect[Any] = union_all(
        *(
            line.where(or_(*(day.between(*pair) for pair in days)), table.c.village_id.in_(sorted(places)))
            for table, day, lines in flow_lines()
            for line in lines
        )
    )
    part = parts.subquery()
    key = (part.c.village_id, part.c.measure, part.c.kind, part.c.outcome)
    total = func.sum(part.c.value)
    found = bulk.run(session, select(*key, total).group_by(*key).having(total != 0), places=places)
    return [(row[0], TallyKey(*row[1:4]), int(row[4])) for row in found]


def permit(session: GatedSession, places: Places) -> Collection[int]:
    if places is None and not session.scope.is_everywhere:
        raise Ungated("a recount of everything needs a scope without limits")
    return places or ()


def recount(session: GatedSession, places: Places = None) -> dict[tuple[str, int, TallyKey], int]:
    """Every flow and distinct figure as the rows say, by (span, village, key); figures of 0 are left out."""
    found = bulk.run(session, everything(places), places=permit(session, places))
    return {(row[0], row[1], TallyKey(*row[2:5])): int(row[5]) for row in found}
