"""Lists of filings: filtered, newest first, paged by (day of submission, id)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.domain.filings import turnaround_days
from tdteam.domain.vietnamese import fold
from tdteam.store.gate import GatedSession
from tdteam.store.paging import Page, read_page, rows_by_id
from tdteam.store.places import ids_inside
from tdteam.store.tables import Filing, FilingVersion, Household, Place, Procedure, Team


@dataclass(frozen=True)
class FilingLine:
    """A filing in a list. Its code and household tell a person: None where names may not be seen."""

    id: str
    submitted_on: date
    village: str
    village_id: int
    team: str
    team_id: int
    household_id: str | None
    household: str | None
    code: str | None
    procedure: str | None
    mode: str | None
    fee_due: bool | None
    paid_online: bool | None
    due_on: date | None
    state: str
    result_on: date | None
    electronic_result: bool | None
    is_void: bool
    period: str

    @property
    def days(self) -> int | None:
        """Days from submission to result."""
        return turnaround_days(self.submitted_on, self.result_on)

    def is_overdue(self, today: date) -> bool:
        """Promised for a day that is past, and no result yet."""
        return bool(self.due_on and self.due_on < today and self.state in ("submitted", "supplement"))


@cache
def _lines_query() -> Any:
    columns: tuple[Any, ...] = (
        Filing.id,
        Filing.submitted_on,
        Place.label,
        Filing.village_id,
        Team.name,
        Filing.team_id,
        Filing.household_id,
        Household.head,
        Filing.code,
        Procedure.name,
        Filing.mode,
        Filing.fee_due,
        Filing.paid_online,
        Filing.due_on,
        Filing.state,
        Filing.result_on,
        Filing.electronic_result,
        col(Filing.voided_at).is_not(None),
        Filing.period,
    )
    return (
        select(*columns)
        .join(Place, col(Place.id) == Filing.village_id)
        .join(Team, col(Team.id) == Filing.team_id)
        .outerjoin(Household, col(Household.id) == Filing.household_id)
        .outerjoin(Procedure, col(Procedure.code) == Filing.procedure)
    )


def filter_filings(
    query: Any,
    *,
    names: bool,
    area_id: int | None = None,
    commune_id: int | None = None,
    village_id: int | None = None,
    team_id: int | None = None,
    household_id: str | None = None,
    procedure: str | None = None,
    state: str | None = None,
    period: str | None = None,
    q: str | None = None,
) -> Any:
    """The query with a filter's conditions; what is None is not asked. Voided filings are listed on no page."""
    query = query.where(col(Filing.voided_at).is_(None))
    same = {
        Filing.village_id: village_id,
        Filing.team_id: team_id,
        Filing.household_id: household_id,
        Filing.procedure: procedure,
        Filing.state: state,
        Filing.period: period,
    }
    for column, value in same.items():
        if value:
            query = query.where(column == value)
    for around in (area_id, commune_id):
        if around:
            query = query.where(col(Filing.village_id).in_(ids_inside(around)))
    if q and names:
        heads = select(Household.id).where(col(Household.head_fold).contains(fold(q), autoescape=True))
        code = col(Filing.code).contains(q.strip().upper(), autoescape=True)
        query = query.where(or_(code, col(Filing.household_id).in_(heads)))
    return query


def list_filings(
    session: GatedSession,
    *,
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
    **filters: Any,
) -> Page[FilingLine]:
    """A page of filings, newest first. Filters are `filter_filings`' arguments."""
    return read_page(
        lambda query: [
            _line(session, row) for row in rows_by_id(session, query, _lines_query(), col(Filing.id))
        ],
        filter_filings(select(Filing.id), names=session.scope.names, **filters),
        (col(Filing.submitted_on), col(Filing.id)),
        (date.fromisoformat, str),
        key=lambda line: (line.submitted_on.isoformat(), line.id),
        after=after,
        before=before,
        limit=limit,
    )


def iterate_filings(session: GatedSession, **filters: Any) -> Iterator[FilingLine]:
    """Every filing of a filter, newest first (exports)."""
    cursor: str | None = None
    while True:
        page = list_filings(session, after=cursor, limit=200, **filters)
        yield from page.rows
        cursor = page.after
        if cursor is None:
            return


def _line(session: GatedSession, row: Any) -> FilingLine:
    line = FilingLine(*row)
    return line if session.scope.names else replace(line, household=None, code=None)


@dataclass(frozen=True)
class FilingView:
    """A filing, and what it said before each change."""

    filing: Filing
    line: FilingLine
    versions: list[tuple[int, Any, dict[str, Any]]]


def get_filing(session: GatedSession, filing_id: str) -> FilingView:
    """A filing with its earlier versions; NotFound outside the scope."""
    filing = session.exec(select(Filing).where(Filing.id == filing_id)).first()
    row = session.exec(_lines_query().where(Filing.id == filing_id)).first()
    if filing is None or row is None:
        raise NotFound
    query = select(FilingVersion).where(FilingVersion.filing_id == filing_id)
    kept = session.exec(query.order_by(col(FilingVersion.version).desc())).all()
    return FilingView(
        filing, _line(session, row), [(v.version, v.changed_at, json.loads(v.body)) for v in kept]
    )
