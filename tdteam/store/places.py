"""Places: the tree now and on a day, the closure, making villages, telling namesakes apart."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, delete, or_
from sqlmodel import col, select

from tdteam.domain import places as rules
from tdteam.domain.errors import NotFound
from tdteam.domain.periods import today
from tdteam.domain.places import ALWAYS, Level
from tdteam.domain.vietnamese import fold, nfc, text_key
from tdteam.store import bulk
from tdteam.store.gate import GatedSession, kept
from tdteam.store.sheet_marks import mark_tree
from tdteam.store.tables import Place, PlaceAlias, PlaceAncestor, PlaceParent

DATA = Path(__file__).parent.parent / "data"


@cache
def words() -> dict[str, Any]:
    """The words of places: kinds, how a namesake is told apart, the reform's decrees."""
    found: dict[str, Any] = json.loads((DATA / "place_words.json").read_text("utf-8"))
    return found


def split_kind(name: str) -> tuple[str | None, str]:
    """A name to its kind's code (None where no kind is said) and the name without it."""
    clean = nfc(name)
    lower = clean.lower()
    for word, kind in words()["kinds"]:
        # Marks count: a village may be called Xa Ho, with another tone than the word for commune.
        if lower.startswith(word.lower() + " "):
            return kind, clean[len(word) :].strip()
    return None, clean


def make_place(level: Level, name: str, kind: str, **more: Any) -> Place:
    """A place row with its folded, sorting and short names filled."""
    _, short = split_kind(name)
    label = short if level is Level.VILLAGE else name
    return Place(
        level=level,
        kind=kind,
        name=name,
        short_name=short,
        label=label,
        name_fold=fold(short),
        name_sort=text_key(short),
        **more,
    )


def holds_on(cls: Any, day: Any) -> Any:
    """The condition that a dated row holds on `day` (a date or a `bindparam`)."""
    return (cls.since <= day) & or_(cls.until.is_(None), cls.until > day)


def get_place(session: GatedSession, place_id: int) -> Place:
    """A place the scope reaches, or NotFound."""
    place = session.exec(select(Place).where(Place.id == place_id)).first()
    if place is None:
        raise NotFound
    return place


def hold_places(session: GatedSession, place_ids: Iterable[int]) -> None:
    """Let nobody else do so for these places until the transaction ends: what is written down once a place would else be
    written twice by two who come at once. In the order of ids, so that no ring of waiting forms; recording waits for none."""
    wanted = sorted(set(place_ids))
    query = select(col(Place.id)).where(col(Place.id).in_(wanted)).order_by(col(Place.id))
    session.exec(query.with_for_update(key_share=True)).all()


def commune_by_code(session: GatedSession, code: str, on: date | None = None) -> Place:
    """The commune a code names on a day (today): codes are reused over time. NotFound where none."""
    query = select(Place).where(
        Place.code == code, Place.level == Level.COMMUNE, holds_on(Place, on or today())
    )
    place = session.exec(query).first()
    if place is None:
        raise NotFound
    return place


def ids_inside(ancestor_id: Any, on: Any = None) -> Any:
    """Subquery: ids of the places inside `ancestor_id` on a day (default today); either may be a `bindparam`."""
    return select(PlaceAncestor.place_id).where(
        PlaceAncestor.ancestor_id == ancestor_id,
        holds_on(PlaceAncestor, today() if on is None else on),
    )


def list_inside(
    session: GatedSession, ancestor_id: int, level: Level, on: date | None = None, *, ended: bool = False
) -> Sequence[Place]:
    """Places of a level inside an ancestor on a day, in Vietnamese order; ended ones only on request."""
    day = on or today()
    query = (
        select(Place)
        .where(col(Place.id).in_(ids_inside(ancestor_id, day)), Place.level == level)
        .order_by(Place.name_sort, Place.label)
    )
    if not ended:
        query = query.where(holds_on(Place, day))
    return session.exec(query).all()


def find_above(session: GatedSession, place_id: int, level: Level, on: date | None = None) -> Place | None:
    """The ancestor of a level a place stands under on a day (an area and a commune may both be there)."""
    query = (
        select(Place)
        .join(PlaceAncestor, col(PlaceAncestor.ancestor_id) == Place.id)
        .where(
            PlaceAncestor.place_id == place_id, Place.level == level, holds_on(PlaceAncestor, on or today())
        )
        .order_by(col(Place.until).is_not(None), col(Place.id))
    )
    return session.exec(query).first()


def commune_of(session: GatedSession, village_id: int, on: date | None = None) -> Place:
    """The commune a village stands in on a day; NotFound outside the scope."""
    commune = find_above(session, village_id, Level.COMMUNE, on)
    if commune is None:
        raise NotFound
    return commune


@dataclass(frozen=True)
class VillageLine:
    """A village with its present commune."""

    id: int
    label: str
    name: str
    commune_id: int
    commune: str


def list_villages(
    session: GatedSession, inside: int | None = None, on: date | None = None
) -> list[VillageLine]:
    """The villages of the scope (or of a place) with their communes, in Vietnamese order."""
    asked: dict[str, Any] = {"day": on or today(), "now": session.scope.day, "inside": inside}
    limitless = session.scope.is_everywhere
    if not limitless:
        asked["roots"] = sorted(session.scope.roots)
    query = _villages(limitless=limitless, whole=inside is None)
    return [VillageLine(*row) for row in session.exec(query, params=asked)]


@cache
def _villages(*, limitless: bool, whole: bool) -> Any:
    """The question of `list_villages`, built once: every page with a filter asks it."""
    day: Any = bindparam("day")
    village, commune = Place, Place.__table__.alias("commune")  # type: ignore[attr-defined]
    query = (
        select(village.id, village.label, village.name, commune.c.id, commune.c.name)
        .join(PlaceParent, col(PlaceParent.place_id) == village.id)
        .join(commune, commune.c.id == PlaceParent.parent_id)
        .where(
            village.level == Level.VILLAGE,
            commune.c.level == Level.COMMUNE,
            holds_on(PlaceParent, day),
            holds_on(village, day),
        )
        .order_by(commune.c.name_sort, village.name_sort, village.label)
    )
    if not whole:
        query = query.where(col(village.id).in_(ids_inside(bindparam("inside"), day)))
    if not limitless:
        roots = col(PlaceAncestor.ancestor_id).in_(bindparam("roots", expanding=True))
        own = select(PlaceAncestor.place_id).where(roots, holds_on(PlaceAncestor, bindparam("now")))
        query = query.where(col(village.id).in_(own))
    return kept(query)


def rebuild_closure(session: GatedSession, place_ids: Iterable[int] | None = None) -> None:
    """Rebuild the closure of some places (default: all) from the edges; an ended place follows its successor."""
    edges = [
        rules.Edge(e.place_id, e.parent_id, e.since, e.until) for e in session.exec(select(PlaceParent)).all()
    ]
    every = session.exec(select(Place.id, Place.until, Place.successor_id)).all()
    edges += [rules.Edge(pid, heir, until, None) for pid, until, heir in every if pid and heir and until]
    wanted = set(place_ids) if place_ids is not None else {pid for pid, _, _ in every if pid}
    rows = sorted(rules.closure(edges, wanted), key=lambda r: (r.ancestor_id, r.place_id, r.since))
    table = PlaceAncestor.__table__  # type: ignore[attr-defined]
    gone = delete(table)
    if place_ids is not None:
        gone = gone.where(table.c.place_id.in_(wanted))
    bulk.run(session, gone, places=())
    bulk.insert_rows(
        session,
        table,
        [
            {"ancestor_id": r.ancestor_id, "place_id": r.place_id, "since": r.since, "until": r.until}
            for r in rows
        ],
        places=(),
    )
    session._inside_ids = None
    mark_tree(session)


def find_village(session: GatedSession, origin_id: int, name: str) -> Place | None:
    """A village by its identity: old commune and name (folded, its kind left out)."""
    _, short = split_kind(name)
    return session.exec(
        select(Place).where(
            Place.origin_id == origin_id, Place.name_fold == fold(short), Place.level == Level.VILLAGE
        )
    ).first()


def add_village(session: GatedSession, origin: Place, name: str, *, since: date = ALWAYS) -> Place:
    """Make a village of `origin` (an old commune, or a present one). It follows its commune through the reform:
    under the commune that took it over, and under the area that stands for the old district."""
    kind, short = split_kind(name)
    default = words()["village_kind"].get(origin.kind, words()["village_kind"]["commune"])
    if kind not in ("thon", "ban", "tdp"):
        kind, _ = split_kind(f"{default} x")
        full = f"{default} {short}"
    else:
        full = nfc(name)
    village = make_place(Level.VILLAGE, full, str(kind), origin_id=origin.id, since=since)
    session.add(village)
    session.flush()
    assert village.id is not None and origin.id is not None
    session.add(PlaceParent(place_id=village.id, parent_id=origin.id, since=since, until=origin.until))
    if origin.until and origin.successor_id:
        session.add(PlaceParent(place_id=village.id, parent_id=origin.successor_id, since=origin.until))
        area = _area_after(session, origin)
        if area:
            session.add(PlaceParent(place_id=village.id, parent_id=area, since=origin.until))
    session.flush()
    return village


def _area_after(session: GatedSession, origin: Place) -> int | None:
    """The area that succeeded the district an old commune stood in. Asked without scope: an ended district lies
    outside that of a commune's official, and a village made there belongs under the area all the same."""
    place, edge = Place.__table__, PlaceParent.__table__  # type: ignore[attr-defined]
    query = (
        select(place.c.successor_id)
        .join(edge, edge.c.parent_id == place.c.id)
        .where(edge.c.place_id == origin.id, edge.c.until == origin.until, place.c.level == Level.AREA)
    )
    found: int | None = bulk.run(session, query, places=(origin.id or 0,)).scalars().first()
    return found


def label_villages(session: GatedSession, commune_id: int) -> None:
    """Tell villages of one name in one present commune apart by their old commune."""
    villages = list_inside(session, commune_id, Level.VILLAGE)
    by_name: dict[str, list[Place]] = {}
    for village in villages:
        by_name.setdefault(village.name_fold, []).append(village)
    for group in by_name.values():
        for village in group:
            origin = session.get(Place, village.origin_id) if len(group) > 1 and village.origin_id else None
            village.label = (
                words()["former"].format(name=village.short_name, origin=origin.short_name)
                if origin
                else village.short_name
            )
    session.flush()


def list_aliases(session: GatedSession) -> Sequence[PlaceAlias]:
    """Other spellings of places."""
    return session.exec(select(PlaceAlias)).all()


def list_reached(session: GatedSession, level: Level, on: date | None = None) -> Sequence[Place]:
    """Places of a level that stand today and that the scope contains or touches, in Vietnamese order."""
    query = select(Place).where(Place.level == level, holds_on(Place, on or today()))
    return session.exec(query.order_by(Place.name_sort, col(Place.id))).all()
