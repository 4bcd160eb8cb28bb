"""The tree of units on a day, and what stands around one unit: who was there before, what it holds, how it is spelled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import col, select

from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.store import teams
from tdteam.store.gate import GatedSession
from tdteam.store.places import holds_on, list_inside
from tdteam.store.tables import Place, PlaceAlias, PlaceParent, Team, TeamVillage
from tdteam.store.village_names import list_village_names

MANY_VILLAGES = 1_000
"""Villages beyond which the tree only counts them: each commune's page lists its own."""

_RANK = {level: place for place, level in enumerate(Level)}


@dataclass
class Node:
    """A unit in the tree, with what stands right under it. `villages`: how many villages stand right under it."""

    id: int
    name: str
    label: str
    level: str
    kind: str
    code: str | None
    sort: str
    children: list[Node] = field(default_factory=list)
    villages: int = 0

    def of_level(self, level: str) -> list[Node]:
        return [child for child in self.children if child.level == level]

    @property
    def units(self) -> list[Node]:
        """What stands under it but villages."""
        return [child for child in self.children if child.level != Level.VILLAGE]


def read_tree(session: GatedSession, on: date) -> list[Node]:
    """The units of the scope as they stood on a day: the highest that the scope reaches, each with its children."""
    query = (
        select(Place.id, Place.name, Place.label, Place.level, Place.kind, Place.code, Place.name_sort)
        .where(holds_on(Place, on))
        .order_by(col(Place.level) != Level.AREA, Place.name_sort, Place.label, col(Place.id))
    )
    nodes = {row[0]: Node(*row) for row in session.exec(query)}
    edges = session.exec(
        select(PlaceParent.place_id, PlaceParent.parent_id).where(holds_on(PlaceParent, on))
    ).all()
    parents: dict[int, list[int]] = defaultdict(list)
    for place_id, parent_id in edges:
        if place_id in nodes and parent_id in nodes:
            parents[place_id].append(parent_id)
    villages = sum(node.level == Level.VILLAGE for node in nodes.values())
    for node in nodes.values():
        for parent_id in parents[node.id]:
            parent = nodes[parent_id]
            parent.villages += node.level == Level.VILLAGE
            if node.level != Level.VILLAGE or villages <= MANY_VILLAGES:
                parent.children.append(node)
    tops = sorted(
        (node for node in nodes.values() if not parents[node.id]), key=lambda node: _RANK[Level(node.level)]
    )
    return [node for node in tops if node.level != Level.VILLAGE] or tops


@dataclass(frozen=True)
class Near:
    """A unit beside another: what it stands or stood under, what it came from."""

    id: int
    name: str
    kind: str
    since: date
    until: date | None


@dataclass(frozen=True)
class VillageRow:
    """A village of a unit, where it stood before, and who works there."""

    id: int
    label: str
    kind: str
    origin: str
    commune: str
    teams: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Spelling:
    id: int
    name: str


@dataclass(frozen=True)
class PlaceView:
    """What stands around a unit. Units outside the scope are left out."""

    above: Sequence[Near]
    successor: Near | None
    before: Sequence[Near]
    origin: Near | None
    communes: Sequence[Place]
    villages: Sequence[VillageRow]
    teams: Sequence[teams.TeamLine]
    spellings: Sequence[Spelling]


def read_place(session: GatedSession, place: Place, on: date) -> PlaceView:
    """A unit with everything its page shows. An ended one shows what it held on its last day."""
    place_id = place.id or 0
    is_village = place.level == Level.VILLAGE
    day = on if place.until is None or place.until > on else _day_before(place.until)
    villages = [] if is_village else list_inside(session, place_id, Level.VILLAGE, day)
    return PlaceView(
        above=_above(session, place_id),
        successor=_near(session, place.successor_id),
        before=_before(session, place_id),
        origin=_near(session, place.origin_id),
        communes=[] if is_village else _children(session, place_id, Level.COMMUNE, day),
        villages=_village_rows(session, villages[:MANY_VILLAGES], place_id),
        teams=_teams(session, place_id) if is_village else [],
        spellings=_spellings(session, place_id),
    )


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _above(session: GatedSession, place_id: int) -> list[Near]:
    query = (
        select(Place.id, Place.name, Place.kind, PlaceParent.since, PlaceParent.until)
        .join(PlaceParent, col(PlaceParent.parent_id) == Place.id)
        .where(PlaceParent.place_id == place_id)
        .order_by(
            col(PlaceParent.until).is_not(None),
            col(Place.level) == Level.AREA,  # the commune first: an area is a set drawn over communes
            col(PlaceParent.since).desc(),
            Place.name_sort,
        )
    )
    return [Near(*row) for row in session.exec(query)]


def _near(session: GatedSession, place_id: int | None) -> Near | None:
    if place_id is None:
        return None
    row = session.exec(select(Place).where(Place.id == place_id)).first()
    return Near(row.id or 0, row.name, row.kind, row.since, row.until) if row else None


def _before(session: GatedSession, place_id: int) -> list[Near]:
    rows = session.exec(select(Place).where(Place.successor_id == place_id).order_by(Place.name_sort))
    return [Near(row.id or 0, row.name, row.kind, row.since, row.until) for row in rows]


def _children(session: GatedSession, place_id: int, level: Level, day: date) -> Sequence[Place]:
    query = (
        select(Place)
        .join(PlaceParent, col(PlaceParent.place_id) == Place.id)
        .where(PlaceParent.parent_id == place_id, Place.level == level, holds_on(PlaceParent, day))
        .order_by(Place.name_sort, Place.label)
    )
    return session.exec(query).all()


def _village_rows(session: GatedSession, villages: Sequence[Place], inside: int) -> list[VillageRow]:
    day = today()
    origins = {
        row[0]: row[1]
        for row in session.exec(
            select(Place.id, Place.name).where(col(Place.id).in_({v.origin_id for v in villages}))
        )
    }
    communes = {name.id: name.commune for name in list_village_names(session, inside)}
    serving: dict[int, list[tuple[int, str]]] = defaultdict(list)
    query = (
        select(TeamVillage.village_id, Team.id, Team.name)
        .join(Team, col(Team.id) == TeamVillage.team_id)
        .where(
            col(TeamVillage.village_id).in_([v.id for v in villages]),
            holds_on(TeamVillage, day),
            holds_on(Team, day),
        )
        .order_by(Team.name_sort)
    )
    for village_id, team_id, name in session.exec(query):
        serving[village_id].append((team_id or 0, name))
    return [
        VillageRow(
            v.id or 0,
            v.label,
            v.kind,
            origins.get(v.origin_id, ""),
            communes.get(v.id or 0, ""),
            tuple(serving[v.id or 0]),
        )
        for v in villages
    ]


def _teams(session: GatedSession, village_id: int) -> Sequence[teams.TeamLine]:
    return teams.list_teams(session, village_id=village_id, size=20).rows


def _spellings(session: GatedSession, place_id: int) -> list[Spelling]:
    query = select(PlaceAlias).where(PlaceAlias.place_id == place_id).order_by(PlaceAlias.name_fold)
    return [Spelling(row.id or 0, row.name) for row in session.exec(query)]


def find_alias(
    session: GatedSession, place_id: int, *, folded: str = "", alias_id: int = 0
) -> PlaceAlias | None:
    """Another spelling of a place, by its folded form or its id."""
    query = select(PlaceAlias).where(PlaceAlias.place_id == place_id)
    query = (
        query.where(PlaceAlias.id == alias_id) if alias_id else query.where(PlaceAlias.name_fold == folded)
    )
    return session.exec(query).first()
