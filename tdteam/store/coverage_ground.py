"""The ground a coverage board stands on: the communes and villages of a place on a day, and which reach beyond it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import exists, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from tdteam.domain.coverage import LEAD
from tdteam.domain.periods import Period
from tdteam.domain.places import Level
from tdteam.store.gate import GatedSession
from tdteam.store.places import holds_on, ids_inside
from tdteam.store.sums import By, by_place
from tdteam.store.tables import Place, PlaceAncestor, PlaceParent


@dataclass(frozen=True)
class Asked:
    """What a board is asked for.

    `place`: what it is of; `roots`: several provinces instead, a row each (then `place` is the first of them).
    `on`: the day whose tree of units is shown. `year`: the statutory year so far, beside the year as it stood a period
    before. `columns`: codes of counted indicators to show, None for those meant for the board. `opened`: the commune whose
    villages are shown; `open_ids`: the same for any number of provinces, communes and villages. `order`: "name", "last",
    "state" or an indicator's code, downwards with "-" before it.
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
        by, communes, villages, held, _count_villages(session, communes, asked.on), _beyond(session, asked)
    )


def _count_villages(session: GatedSession, communes: Iterable[int], on: date) -> dict[int, int]:
    """How many villages each commune has, those outside the scope included: only their number is told."""
    query = (
        select(PlaceParent.parent_id, func.count())
        .where(col(PlaceParent.parent_id).in_(list(communes)), holds_on(PlaceParent, on))
        .group_by(col(PlaceParent.parent_id))
    )
    return dict(session.exec(query).all())


def _beyond(session: GatedSession, asked: Asked) -> frozenset[int]:
    """The communes that took over an old one from outside the area, even where its villages are not known here.

    Edges are open to every scope, so they tell: such an old commune stood in a district that did not become the area.
    """
    if asked.place.level != Level.AREA:
        return frozenset()
    inside = ids_inside(asked.place_id, asked.on)
    own = select(PlaceAncestor.ancestor_id).where(
        col(PlaceAncestor.place_id).in_(inside), holds_on(PlaceAncestor, asked.on)
    )
    within = aliased(PlaceAncestor)
    query = (
        select(PlaceAncestor.ancestor_id)
        .join(PlaceParent, col(PlaceParent.place_id) == PlaceAncestor.place_id)
        .where(
            col(PlaceAncestor.ancestor_id).in_(own),
            holds_on(PlaceAncestor, asked.on),
            col(PlaceParent.until).is_not(None),
            col(PlaceParent.parent_id).not_in(inside),
            ~exists().where(
                col(within.ancestor_id) == PlaceAncestor.ancestor_id,
                col(within.place_id) == PlaceParent.parent_id,
                holds_on(within, asked.on),
            ),
        )
    )
    return frozenset(session.exec(query.distinct()).all()) - {asked.place_id}
