"""Reads teams' sheets, kept beside the sheets of figures and marked stale like them (decision 0010); counts what is missing.

They are of communes and provinces of today's tree alone. A team that serves villages of several communes counts in that of
its first village by name, and in no other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Date, bindparam, func, or_, select, union_all

from tdteam.domain.month import TeamStatus
from tdteam.domain.periods import Period
from tdteam.domain.places import Level
from tdteam.domain.sheets import team_span
from tdteam.domain.team_sheets import TeamSheet, add_team_sheets, sheet_of
from tdteam.store.board_ground import KINDS
from tdteam.store.board_teams import BoardTeams
from tdteam.store.prepared import Prepared, any_of
from tdteam.store.sheets import Shelf, communes_inside, strays_inside
from tdteam.store.tables import Place, PlaceAncestor, Team, TeamVillage

_reach: Any = PlaceAncestor.__table__  # type: ignore[attr-defined]
_place: Any = Place.__table__  # type: ignore[attr-defined]
_serves: Any = TeamVillage.__table__  # type: ignore[attr-defined]
_team: Any = Team.__table__  # type: ignore[attr-defined]
_other: Any = _serves.alias("other")
_around: Any = _reach.alias("around")
_day: Any = bindparam("day", type_=Date())


def _holds(table: Any) -> Any:
    return (table.c.since <= _day) & or_(table.c.until.is_(None), table.c.until > _day)


_NEIGHBOURS = Prepared(
    select(_around.c.ancestor_id)
    .select_from(_reach)
    .join(_serves, _serves.c.village_id == _reach.c.place_id)
    .join(_other, (_other.c.team_id == _serves.c.team_id) & (_other.c.village_id != _serves.c.village_id))
    .join(_around, _around.c.place_id == _other.c.village_id)
    .join(_place, _place.c.id == _around.c.ancestor_id)
    .where(
        any_of(_reach.c.ancestor_id, "roots"),
        _place.c.level == Level.COMMUNE.value,
        *(_holds(one) for one in (_reach, _serves, _other, _around, _place)),
    )
    .distinct()
)
_inside = select(_reach.c.ancestor_id.label("root"), _reach.c.place_id.label("id")).where(
    any_of(_reach.c.ancestor_id, "roots")
)
_within = _inside.cte("within")


def _days(table: Any, key: Any) -> list[Any]:
    """The days on which rows of the places inside begin or end."""
    return [
        select(_within.c.root, day.label("day")).join(table, key == _within.c.id).where(day > _day)
        for day in (table.c.since, table.c.until)
    ]


_dated = union_all(
    *_days(_place, _place.c.id),
    *_days(_serves, _serves.c.village_id),
    *(
        select(_within.c.root, day.label("day"))
        .join(_serves, _serves.c.village_id == _within.c.id)
        .join(_team, _team.c.id == _serves.c.team_id)
        .where(day > _day)
        for day in (_team.c.since, _team.c.until)
    ),
).subquery("dated")
_UNTIL = Prepared(select(_dated.c.root, func.min(_dated.c.day, type_=Date())).group_by(_dated.c.root))


def of_communes(shelf: Shelf, communes: Collection[int], period: Period) -> dict[int, TeamSheet]:
    """The teams' sheets of whole communes."""
    found = _kept(shelf, communes, period)
    missing = [place for place in communes if place not in found]
    return {**found, **_noted(shelf, period, _count(shelf, missing, period) if missing else {})}


def of_provinces(shelf: Shelf, provinces: Collection[int], period: Period) -> dict[int, TeamSheet]:
    """Those of whole provinces: the sums of their communes'."""
    found = _kept(shelf, provinces, period)
    missing = [place for place in provinces if place not in found]
    if not missing:
        return found
    communes = communes_inside(shelf, missing)
    made = of_communes(shelf, sorted({one for inside in communes.values() for one in inside}), period)
    strays = strays_inside(shelf, missing, communes)
    summed = {
        place: add_team_sheets([made[one] for one in communes[place]], len(strays[place]))
        for place in missing
    }
    return {**found, **_noted(shelf, period, summed)}


def _kept(shelf: Shelf, places: Collection[int], period: Period) -> dict[int, TeamSheet]:
    if not _is_now(shelf):
        return {}
    found = {place: sheet_of(text) for place, text in shelf.told(places, team_span(period)).items()}
    return {place: sheet for place, sheet in found.items() if sheet.holds_on(shelf.on)}


def _noted(shelf: Shelf, period: Period, made: dict[int, TeamSheet]) -> dict[int, TeamSheet]:
    if _is_now(shelf):
        shelf.note((place, team_span(period)) for place in made)
    return made


def _is_now(shelf: Shelf) -> bool:
    """Teams come and go on any day, not only on those of the tree."""
    return shelf.is_today and shelf.on == shelf.session.scope.day


def _count(shelf: Shelf, communes: Collection[int], period: Period) -> dict[int, TeamSheet]:
    """Counted from teams and their words. Where a team also serves other communes these are read with them, so that it is
    known where its first village lies."""
    at = {"roots": sorted(communes), "day": shelf.on}
    near = {commune for (commune,) in _NEIGHBOURS.ask(shelf.session, at, places=())}
    roots = sorted({*communes, *near})
    kinds: dict[int, Counter[str]] = defaultdict(Counter)
    commune_of: dict[int, int] = {}
    for commune, village, kind, stands in KINDS.ask(shelf.session, {**at, "roots": roots}, places=()):
        commune_of[village] = commune
        if stands:
            kinds[commune][kind] += 1
    teams = BoardTeams(shelf.session, period, shelf.on, roots, commune_of)
    until: Mapping[int, date | None] = dict(_UNTIL.ask(shelf.session, at, places=()))
    out = {}
    for commune in communes:
        found = teams.by_commune.get(commune, [])
        states: Counter[TeamStatus] = Counter(team.status for team in found)
        out[commune] = TeamSheet(
            dict(kinds.get(commune, {})),
            dict(states),
            max((team.last_on for team in found if team.last_on), default=None),
            () if found else (commune,),
            0,
            until.get(commune),
        )
    return out


def count_afresh(shelf: Shelf, places: Iterable[int], level: str, period: Period) -> dict[int, TeamSheet]:
    """The sheets of places of one level, to be kept or compared."""
    return (of_communes if level == Level.COMMUNE else of_provinces)(shelf, list(places), period)
