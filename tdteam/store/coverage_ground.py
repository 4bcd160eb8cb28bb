"""The ground a coverage board stands on: the communes and villages of a place on a day, and which reach beyond it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Date, bindparam, exists, func, or_
from sqlalchemy import select as core_select
from sqlmodel import col, select

from tdteam.domain.coverage import LEAD
from tdteam.domain.periods import Period
from tdteam.domain.places import Level
from tdteam.store.gate import GatedSession
from tdteam.store.places import holds_on, ids_inside
from tdteam.store.prepared import Prepared, any_of
from tdteam.store.sums import By, by_place
from tdteam.store.tables import Place, PlaceAncestor, PlaceParent


@dataclass(frozen=True)
class Asked:
    """What a board is asked for.

    `place`: what it is of; `roots`: several provinces instead, a row each (then `place` is the first of them).
    `on`: the day whose tree of units is shown. `year`: the statutory year so far, beside the year as it stood a period
    before. `is_bare`: neither series nor the period before are wanted. `columns`: codes of counted indicators to show,
    None for those meant for the board. `opened`: the commune whose villages are shown; `open_ids`: the same for any number
    of provinces, communes and villages. `order`: "name", "last", "state" or an indicator's code, downwards with "-"
    before it.
    """

    place: Place
    period: Period
    on: date
    year: bool = False
    opened: int | None = None
    all_opened: bool = False
    order: str = LEAD
    columns: tuple[str, ...] | None = None
    roots: tuple[Place, ...] = ()
    is_bare: bool = False
    open_ids: frozenset[int] = frozenset()

    @property
    def place_id(self) -> int:
        return self.place.id or 0

    @property
    def is_country(self) -> bool:
        return len(self.roots) > 1

    def stands_open(self, place_id: int) -> bool:
        return self.all_opened or place_id == self.opened or place_id in self.open_ids


@dataclass(frozen=True)
class Ground:
    """The communes and villages of a board. `known`: villages of each commune; `beyond`: communes that reach farther."""

    by: By
    communes: Mapping[int, Place]
    villages: Mapping[int, Place]
    commune_of: Mapping[int, int]
    known: Mapping[int, int] = field(default_factory=dict)
    beyond: frozenset[int] = frozenset()

    def of(self, commune_id: int) -> list[Place]:
        """The villages of a commune that lie in the board's place."""
        return [self.villages[v] for v, commune in self.commune_of.items() if commune == commune_id]

    def shown(self, asked: Asked) -> By:
        """Only the groups that get a row: figures of the other villages are wanted in their communes alone."""
        rows = {asked.place_id, *self.communes}
        rows |= {v for v, commune in self.commune_of.items() if asked.stands_open(commune)}
        groups = self.by.groups or {}
        return By({village: [group for group in of if group in rows] for village, of in groups.items()})


def read_ground(session: GatedSession, asked: Asked) -> Ground:
    by = by_place(session, asked.place_id, asked.on)
    around = select(PlaceAncestor.ancestor_id).where(
        col(PlaceAncestor.place_id).in_(ids_inside(asked.place_id, asked.on)),
        holds_on(PlaceAncestor, asked.on),
    )
    query = (
        select(Place)
        .where(
            col(Place.id).in_(around),
            col(Place.level).in_((Level.COMMUNE, Level.VILLAGE)),
            holds_on(Place, asked.on),
        )
        .order_by(Place.name_sort, col(Place.id))
    )
    places = {place.id or 0: place for place in session.exec(query)}
    communes = {key: place for key, place in places.items() if place.level == Level.COMMUNE}
    villages = {key: place for key, place in places.items() if place.level == Level.VILLAGE}
    held = {village: next((g for g in by.of(village) if g in communes), 0) for village in villages}
    if asked.place.level in (Level.PROVINCE, Level.COMMUNE):
        return Ground(by, communes, villages, held)
    return Ground(
        by,
        communes,
        villages,
        held,
        count_villages(session, communes, asked.on),
        reaching_beyond(session, asked),
    )


def count_villages(session: GatedSession, communes: Iterable[int], on: date) -> dict[int, int]:
    """How many villages each commune has, those outside the scope included: only their number is told."""
    return dict(_COUNTED.ask(session, {"communes": list(communes), "day": on}, places=()))


def reaching_beyond(session: GatedSession, asked: Asked) -> frozenset[int]:
    """The communes that took over an old one from outside the area, even where its villages are not known here.

    Edges are open to every scope, so they tell: such an old commune stood in a district that did not become the area.
    """
    if asked.place.level != Level.AREA:
        return frozenset()
    found = _BEYOND.ask(session, {"area": asked.place_id, "day": asked.on}, places=())
    return frozenset(place for (place,) in found) - {asked.place_id}


_reach: Any = PlaceAncestor.__table__  # type: ignore[attr-defined]
_edge: Any = PlaceParent.__table__  # type: ignore[attr-defined]
_within: Any = _reach.alias("within")
_own: Any = _reach.alias("own")
_around: Any = _reach.alias("around")
_day: Any = bindparam("day", type_=Date())


def _holding(table: Any) -> Any:
    return (table.c.since <= _day) & or_(table.c.until.is_(None), table.c.until > _day)


_COUNTED = Prepared(
    core_select(_edge.c.parent_id, func.count())
    .where(any_of(_edge.c.parent_id, "communes"), _holding(_edge))
    .group_by(_edge.c.parent_id)
)
_INSIDE = core_select(_own.c.place_id).where(_own.c.ancestor_id == bindparam("area"), _holding(_own))
_OWN = core_select(_around.c.ancestor_id).where(_around.c.place_id.in_(_INSIDE), _holding(_around))
_BEYOND = Prepared(
    core_select(_reach.c.ancestor_id)
    .join(_edge, _edge.c.place_id == _reach.c.place_id)
    .where(
        _reach.c.ancestor_id.in_(_OWN),
        _holding(_reach),
        _edge.c.until.is_not(None),
        _edge.c.parent_id.not_in(_INSIDE),
        ~exists().where(
            _within.c.ancestor_id == _reach.c.ancestor_id,
            _within.c.place_id == _edge.c.parent_id,
            _holding(_within),
        ),
    )
    .distinct()
)
