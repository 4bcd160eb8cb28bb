"""Where a board's rows stand: its communes, the villages of those that stand open, and which villages make each row.

A province is read by its communes, and villages only where one stands open; a smaller place by its villages, since an area
may hold some villages of a commune and not others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sqlalchemy import Date, bindparam, case, or_, select

from tdteam.domain.coverage import VillageWord, village_word
from tdteam.domain.places import Level
from tdteam.domain.team_sheets import TeamSheet
from tdteam.store.board_values import Rows
from tdteam.store.coverage_ground import Asked, count_villages, reaching_beyond
from tdteam.store.gate import GatedSession
from tdteam.store.prepared import Prepared, any_of
from tdteam.store.tables import Place, PlaceAncestor

_reach: Any = PlaceAncestor.__table__  # type: ignore[attr-defined]
_above: Any = _reach.alias("above")
_place: Any = Place.__table__  # type: ignore[attr-defined]
_own: Any = _place.alias("own")
_day: Any = bindparam("day", type_=Date())


def _holds(table: Any) -> Any:
    return (table.c.since <= _day) & or_(table.c.until.is_(None), table.c.until > _day)


_UNIT = (_place.c.id, _place.c.level, _place.c.kind, _place.c.name, _place.c.label, _place.c.name_sort)
_INSIDE = Prepared(
    select(_above.c.place_id, _own.c.level, *_UNIT)
    .select_from(_reach)
    .join(_own, _own.c.id == _reach.c.place_id)
    .join(_above, _above.c.place_id == _reach.c.place_id)
    .join(_place, _place.c.id == _above.c.ancestor_id)
    .where(
        any_of(_reach.c.ancestor_id, "roots"),
        or_(_place.c.level == Level.COMMUNE.value, _place.c.level == Level.VILLAGE.value),
        *(_holds(table) for table in (_reach, _above, _place)),
    )
    .order_by(_place.c.name_sort, _place.c.id)
)
_COMMUNES = Prepared(
    select(*_UNIT)
    .select_from(_reach)
    .join(_place, _place.c.id == _reach.c.place_id)
    .where(
        any_of(_reach.c.ancestor_id, "roots"),
        _place.c.level == Level.COMMUNE.value,
        _holds(_reach),
        _holds(_place),
    )
    .order_by(_place.c.name_sort, _place.c.id)
)
KINDS = Prepared(
    select(_reach.c.ancestor_id, _place.c.id, _place.c.kind, case((_holds(_place), 1), else_=0))
    .join(_place, _place.c.id == _reach.c.place_id)
    .where(any_of(_reach.c.ancestor_id, "roots"), _place.c.level == Level.VILLAGE.value, _holds(_reach))
)
"""Commune, village, its kind, whether it still stands: one that ended may still have a team."""


class Unit(NamedTuple):
    """A place as a row shows it."""

    id: int
    level: str
    kind: str
    name: str
    label: str
    sort: str

    @property
    def shown(self) -> str:
        return self.label if self.level == Level.VILLAGE else self.name


@dataclass
class BoardGround:
    """`villages`: of the communes that stand open; `kinds`: of the villages behind each row; `known`, `beyond`: see
    `coverage_ground.Ground`. `rows` tells whose sheets make each row's figures.

    `units`: all villages by commune, `groups`: what counts for each row, `whole`: the communes that lie inside wholly;
    empty of a province, of which only what stands open is read."""

    communes: dict[int, Unit] = field(default_factory=dict)
    units: dict[int, list[Unit]] = field(default_factory=dict)
    groups: Mapping[int, list[int]] = field(default_factory=dict)
    whole: frozenset[int] = frozenset()
    villages: dict[int, list[Unit]] = field(default_factory=dict)
    kinds: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    commune_of: dict[int, int] = field(default_factory=dict)
    rows: Rows = field(default_factory=Rows)
    known: Mapping[int, int] = field(default_factory=dict)
    beyond: frozenset[int] = frozenset()

    def count(self, place_id: int) -> int:
        return len(self.kinds.get(place_id, ()))

    def word(self, place_id: int) -> VillageWord:
        return village_word(set(self.kinds.get(place_id, ())))

    def opened(
        self, session: GatedSession, asked: Asked, kept: Mapping[int, TeamSheet] | None = None
    ) -> BoardGround:
        """The same ground of the same day with other communes standing open."""
        if asked.place.level == Level.PROVINCE:
            if any(asked.stands_open(commune) for commune in self.communes):
                return read_board_ground(session, asked, kept)
            return replace(self, villages={}, rows=Rows(self.rows.provinces, self.rows.communes))
        villages = {commune: units for commune, units in self.units.items() if asked.stands_open(commune)}
        shown = [asked.place_id, *self.communes, *(unit.id for units in villages.values() for unit in units)]
        if asked.place.level == Level.VILLAGE:
            rows = Rows(villages={place: self.groups.get(place, []) for place in shown})
        else:
            own = frozenset({asked.place_id} - self.whole)
            apart = {place: self.groups[place] for place in shown if place not in self.whole | own}
            rows = Rows(own, self.whole, apart)
        return replace(self, villages=villages, rows=rows)


def read_board_ground(
    session: GatedSession, asked: Asked, kept: Mapping[int, TeamSheet] | None = None
) -> BoardGround:
    """The rows of one place's board. `kept`: a province's communes with their villages counted, where that is known."""
    if asked.place.level == Level.PROVINCE:
        return _of_province(session, asked, kept)
    found = BoardGround()
    found.groups = _read_inside(session, asked, [asked.place_id], found)
    if asked.place.level != Level.VILLAGE:
        found.whole = _whole_communes(session, asked, found.groups, found)
    found.kinds[asked.place_id] = [kind for commune in found.communes for kind in found.kinds[commune]]
    if asked.place.level != Level.COMMUNE:
        found.known = count_villages(session, found.communes, asked.on)
        found.beyond = reaching_beyond(session, asked)
    return found.opened(session, asked)


def _of_province(session: GatedSession, asked: Asked, kept: Mapping[int, TeamSheet] | None) -> BoardGround:
    found = BoardGround()
    at = {"roots": [asked.place_id], "day": asked.on}
    found.communes = {row[0]: Unit(*row) for row in _COMMUNES.ask(session, at, places=())}
    if kept is None:
        communes = {**at, "roots": list(found.communes)}
        for commune, village, kind, stands in KINDS.ask(session, communes, places=()):
            found.commune_of[village] = commune
            if stands:
                found.kinds[commune].append(kind)
    else:
        for commune in found.communes:
            found.kinds[commune] = [kind for kind, many in kept[commune].kinds.items() for _ in range(many)]
    found.kinds[asked.place_id] = [kind for commune in found.communes for kind in found.kinds[commune]]
    opened = [commune for commune in found.communes if asked.stands_open(commune)]
    inner = BoardGround()
    groups = _read_inside(session, asked, opened, inner) if opened else {}
    found.villages = inner.units
    found.commune_of = found.commune_of or inner.commune_of
    shown = [unit.id for units in inner.units.values() for unit in units]
    found.rows = Rows(
        provinces=frozenset({asked.place_id}),
        communes=frozenset(found.communes),
        villages={village: groups[village] for village in shown},
    )
    return found


def _read_inside(
    session: GatedSession, asked: Asked, roots: Iterable[int], found: BoardGround
) -> dict[int, list[int]]:
    """Fills the ground of some places by their villages; row -> the villages, ended ones too, that count for it."""
    groups: dict[int, list[int]] = defaultdict(list)
    standing: dict[int, Unit] = {}
    commune_of: dict[int, int] = {}
    for village, level, *told in _INSIDE.ask(session, {"roots": list(roots), "day": asked.on}, places=()):
        unit = Unit(*told)
        if not _is_seen(session, asked, village):
            continue
        if level == Level.VILLAGE:
            groups[unit.id].append(village)
        if unit.level == Level.COMMUNE:
            found.communes.setdefault(unit.id, unit)
            commune_of.setdefault(village, unit.id)
        else:
            standing[unit.id] = unit
    found.commune_of = dict(commune_of)
    for village_id, unit in standing.items():
        commune = commune_of.get(village_id, 0)
        found.kinds[commune].append(unit.kind)
        found.units.setdefault(commune, []).append(unit)
    return groups


def _whole_communes(
    session: GatedSession, asked: Asked, groups: Mapping[int, list[int]], found: BoardGround
) -> frozenset[int]:
    """The communes all villages of which lie in the board's place: an area may hold only some of one's."""
    everything: dict[int, int] = defaultdict(int)
    at = {"roots": list(found.communes), "day": asked.on}
    for commune, _ in _EVERY.ask(session, at, places=()):
        everything[commune] += 1
    return frozenset(
        commune for commune in found.communes if everything[commune] == len(groups.get(commune, ()))
    )


_EVERY = Prepared(
    select(_reach.c.ancestor_id, _reach.c.place_id)
    .join(_place, _place.c.id == _reach.c.place_id)
    .where(any_of(_reach.c.ancestor_id, "roots"), _place.c.level == Level.VILLAGE.value, _holds(_reach))
)


def _is_seen(session: GatedSession, asked: Asked, village: int) -> bool:
    """A tree of another day may hold what the scope does not hold today."""
    return asked.on == session.scope.day or session.permits(village)
