"""Lists of visits: filtered, newest first, paged by (day, id); names of residents only where the scope may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.store.gate import BY_KEY, GatedSession
from tdteam.store.paging import Page, read_page, rows_by_id
from tdteam.store.tables import (
    Account,
    Assist,
    Filing,
    Household,
    Member,
    Place,
    Resident,
    Team,
    Visit,
    VisitMember,
)
from tdteam.store.visit_filter import filter_visits, rare_filters


@dataclass(frozen=True)
class VisitLine:
    """A visit in a list. `household` is None where nobody of the list was met, or names may not be seen."""

    id: str
    visited_on: date
    village: str
    village_id: int
    team: str
    team_id: int
    household_id: str | None
    household: str | None
    place: str
    contact: str
    return_on: date | None
    minutes: int | None
    state: str
    period: str
    kinds: tuple[str, ...] = ()
    people: int | None = None


@cache
def _lines_query() -> Any:
    return (
        select(
            Visit.id,
            Visit.visited_on,
            Place.label,
            Visit.village_id,
            Team.name,
            Visit.team_id,
            Visit.household_id,
            Household.head,
            Visit.place,
            Visit.contact,
            Visit.return_on,
            Visit.minutes,
            Visit.state,
            Visit.period,
        )
        .join(Place, col(Place.id) == Visit.village_id)
        .join(Team, col(Team.id) == Visit.team_id)
        .outerjoin(Household, col(Household.id) == Visit.household_id)
    )


def list_visits(
    session: GatedSession,
    *,
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
    **filters: Any,
) -> Page[VisitLine]:
    """A page of visits, newest first. Filters are `visit_filter.filter_visits`' arguments."""
    columns = (col(Visit.visited_on), col(Visit.id))
    if "rare" not in filters:
        filters["rare"] = rare_filters(session, **filters)
    page = read_page(
        lambda query: [
            _line(session, row) for row in rows_by_id(session, query, _lines_query(), col(Visit.id))
        ],
        filter_visits(select(Visit.id), names=session.scope.names, **filters),
        columns,
        (date.fromisoformat, str),
        key=lambda line: (line.visited_on.isoformat(), line.id),
        after=after,
        before=before,
        limit=limit,
    )
    return replace(page, rows=_with_assists(session, page.rows))


def iterate_visits(session: GatedSession, **filters: Any) -> Iterator[VisitLine]:
    """Every visit of a filter, newest first, a thousand at a time (exports)."""
    cursor: str | None = None
    filters["rare"] = rare_filters(session, **filters)
    while True:
        page = list_visits(session, after=cursor, limit=200, **filters)
        yield from page.rows
        cursor = page.after
        if cursor is None:
            return


def _line(session: GatedSession, row: Any) -> VisitLine:
    line = VisitLine(*row)
    return line if session.scope.names else replace(line, household=None)


def _with_assists(session: GatedSession, lines: Sequence[VisitLine]) -> list[VisitLine]:
    query = (
        select(Assist.visit_id, Assist.kind, func.sum(Assist.people))
        .where(col(Assist.visit_id).in_([line.id for line in lines]))
        .group_by(Assist.visit_id, Assist.kind)
        .order_by(Assist.kind)
    )
    kinds: dict[str | None, list[str]] = defaultdict(list)
    people: dict[str | None, int] = defaultdict(int)
    for visit_id, kind, helped in session.exec(query, execution_options=BY_KEY):
        kinds[visit_id].append(kind)
        people[visit_id] += int(helped)
    return [replace(line, kinds=tuple(kinds.get(line.id, ())), people=people.get(line.id)) for line in lines]


@dataclass(frozen=True)
class AssistLine:
    """An assist of a visit or gathering, in words where the scope may see them."""

    id: str
    kind: str
    outcome: str
    cause: str | None
    people: int
    resident_id: str | None
    resident: str | None
    filing_id: str | None
    filing_code: str | None
    procedure: str | None


def list_assists(
    session: GatedSession, *, visit_id: str | None = None, gathering_id: str | None = None
) -> list[AssistLine]:
    """The assists of one occasion, in the order they were written."""
    occasion: Any = Assist.visit_id == visit_id if visit_id else Assist.gathering_id == gathering_id
    columns: tuple[Any, ...] = (
        Assist.id,
        Assist.kind,
        Assist.outcome,
        Assist.cause,
        Assist.people,
        Assist.resident_id,
        Resident.name,
        Assist.filing_id,
        Filing.code,
        Filing.procedure,
    )
    query: Any = (
        select(*columns)
        .outerjoin(Resident, col(Resident.id) == Assist.resident_id)
        .outerjoin(Filing, col(Filing.id) == Assist.filing_id)
        .where(occasion)
        .order_by(Assist.id)
    )
    lines = [AssistLine(*row) for row in session.exec(query)]
    return (
        lines if session.scope.names else [replace(line, resident=None, filing_code=None) for line in lines]
    )


@dataclass(frozen=True)
class VersionLine:
    """One version of a record: when it came, by whom, and why it ended."""

    id: str
    version: int
    state: str
    received_at: Any
    recorded_by: str | None
    ended_at: Any
    ended_why: str


@dataclass(frozen=True)
class VisitView:
    """A visit with all that hangs on it."""

    visit: Visit
    line: VisitLine
    assists: list[AssistLine]
    members: list[tuple[int, str]]
    versions: list[VersionLine] = field(default_factory=list)


def get_visit(session: GatedSession, visit_id: str) -> VisitView:
    """A version of a visit with its assists, members and sister versions; NotFound outside the scope."""
    visit = session.exec(select(Visit).where(Visit.id == visit_id)).first()
    row = session.exec(_lines_query().where(Visit.id == visit_id)).first()
    if visit is None or row is None:
        raise NotFound
    helped = (
        select(Member.id, Member.name)
        .join(VisitMember, col(VisitMember.member_id) == Member.id)
        .where(VisitMember.visit_id == visit_id)
        .order_by(Member.name_sort)
    )
    return VisitView(
        visit,
        _with_assists(session, [_line(session, row)])[0],
        list_assists(session, visit_id=visit_id),
        [(member_id or 0, name) for member_id, name in session.exec(helped)],
        list_versions(session, Visit, visit.root_id),
    )


def list_versions(session: GatedSession, cls: Any, root_id: str) -> list[VersionLine]:
    """All versions of a visit or gathering, newest first."""
    query: Any = (
        select(cls.id, cls.version, cls.state, cls.received_at, Account.name, cls.ended_at, cls.ended_why)
        .outerjoin(Account, col(Account.id) == cls.recorded_by)
        .where(cls.root_id == root_id)
        .order_by(cls.version.desc())
    )
    return [VersionLine(*row) for row in session.exec(query)]
