"""Lists of gatherings: filtered, newest first, paged by (day, id)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.domain.vocabulary import RecordState
from tdteam.store.gate import BY_KEY, GatedSession
from tdteam.store.paging import Page, read_page, rows_by_id
from tdteam.store.places import ids_inside
from tdteam.store.tables import Assist, Gathering, GatheringHousehold, Household, Place, Team
from tdteam.store.visit_lists import AssistLine, VersionLine, list_assists, list_versions


@dataclass(frozen=True)
class GatheringLine:
    """A gathering in a list."""

    id: str
    held_on: date
    village: str
    village_id: int
    team: str
    team_id: int
    place: str
    topic: str
    attended: int
    women: int | None
    youth: int | None
    elders: int | None
    state: str
    period: str
    helped: int | None = None


@cache
def _lines_query() -> Any:
    columns: tuple[Any, ...] = (
        Gathering.id,
        Gathering.held_on,
        Place.label,
        Gathering.village_id,
        Team.name,
        Gathering.team_id,
        Gathering.place,
        Gathering.topic,
        Gathering.attended,
        Gathering.women,
        Gathering.youth,
        Gathering.elders,
        Gathering.state,
        Gathering.period,
    )
    return (
        select(*columns)
        .join(Place, col(Place.id) == Gathering.village_id)
        .join(Team, col(Team.id) == Gathering.team_id)
    )


def filter_gatherings(
    query: Any,
    *,
    area_id: int | None = None,
    commune_id: int | None = None,
    village_id: int | None = None,
    team_id: int | None = None,
    period: str | None = None,
    q: str | None = None,
    state: str | None = None,
    names: bool = True,
) -> Any:
    """The query with a filter's conditions; what is None is not asked. Without `names` notes are not searched, for
    finding is a way of seeing."""
    query = query.where(Gathering.state == (state or RecordState.CURRENT))
    same = {Gathering.village_id: village_id, Gathering.team_id: team_id, Gathering.period: period}
    for column, value in same.items():
        if value:
            query = query.where(column == value)
    for around in (area_id, commune_id):
        if around:
            query = query.where(col(Gathering.village_id).in_(ids_inside(around)))
    if q:
        searched = (Gathering.topic, Gathering.note) if names else (Gathering.topic,)
        query = query.where(or_(*(col(column).icontains(q, autoescape=True) for column in searched)))
    return query


def list_gatherings(
    session: GatedSession,
    *,
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
    **filters: Any,
) -> Page[GatheringLine]:
    """A page of gatherings, newest first. Filters are `filter_gatherings`' arguments."""
    page = read_page(
        lambda query: [
            GatheringLine(*row) for row in rows_by_id(session, query, _lines_query(), col(Gathering.id))
        ],
        filter_gatherings(select(Gathering.id), names=session.scope.names, **filters),
        (col(Gathering.held_on), col(Gathering.id)),
        (date.fromisoformat, str),
        key=lambda line: (line.held_on.isoformat(), line.id),
        after=after,
        before=before,
        limit=limit,
    )
    return replace(page, rows=_with_helped(session, page.rows))


def iterate_gatherings(session: GatedSession, **filters: Any) -> Iterator[GatheringLine]:
    """Every gathering of a filter, newest first (exports)."""
    cursor: str | None = None
    while True:
        page = list_gatherings(session, after=cursor, limit=200, **filters)
        yield from page.rows
        cursor = page.after
        if cursor is None:
            return


def _with_helped(session: GatedSession, lines: Sequence[GatheringLine]) -> list[GatheringLine]:
    query = (
        select(Assist.gathering_id, func.sum(Assist.people))
        .where(col(Assist.gathering_id).in_([line.id for line in lines]))
        .group_by(col(Assist.gathering_id))
    )
    helped: dict[str | None, int] = defaultdict(int)
    for gathering_id, people in session.exec(query, execution_options=BY_KEY):
        helped[gathering_id] = int(people)
    return [replace(line, helped=helped.get(line.id)) for line in lines]


@dataclass(frozen=True)
class GatheringView:
    """A gathering with all that hangs on it."""

    gathering: Gathering
    line: GatheringLine
    assists: list[AssistLine]
    households: list[tuple[str, str | None]]
    versions: list[VersionLine]


def get_gathering(session: GatedSession, gathering_id: str) -> GatheringView:
    """A version of a gathering; NotFound outside the scope."""
    gathering = session.exec(select(Gathering).where(Gathering.id == gathering_id)).first()
    row = session.exec(_lines_query().where(Gathering.id == gathering_id)).first()
    if gathering is None or row is None:
        raise NotFound
    present = (
        select(Household.id, Household.head)
        .join(GatheringHousehold, col(GatheringHousehold.household_id) == Household.id)
        .where(GatheringHousehold.gathering_id == gathering_id)
        .order_by(Household.head_sort)
    )
    names = session.scope.names
    return GatheringView(
        gathering,
        _with_helped(session, [GatheringLine(*row)])[0],
        list_assists(session, gathering_id=gathering_id),
        [(household_id, head if names else None) for household_id, head in session.exec(present)],
        list_versions(session, Gathering, gathering.root_id),
    )
