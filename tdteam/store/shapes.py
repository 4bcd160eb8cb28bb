"""Where places lie: read for maps, written by an import or by hand."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import col, select

from tdteam.domain.maps import Outline, Polygon
from tdteam.domain.places import REFORM, Level
from tdteam.domain.vietnamese import fold
from tdteam.store import places, settings
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place, Shape

LOADED = "points_loaded"


@dataclass(frozen=True)
class ShapeLine:
    """A place with what is known of where it lies."""

    place: Place
    shape: Shape | None


def outline_of(shape: Shape) -> Outline:
    """A row as a value."""
    polygons: tuple[Polygon, ...] = ()
    if shape.boundary:
        told = json.loads(shape.boundary)
        polygons = tuple(tuple(tuple((x, y) for x, y in ring) for ring in polygon) for polygon in told)
    return Outline(shape.place_id, (shape.longitude, shape.latitude), polygons)


def list_outlines(session: GatedSession, place_ids: Collection[int]) -> list[Outline]:
    """Where these places lie, as far as it is known."""
    query = select(Shape).where(col(Shape.place_id).in_(sorted(place_ids)))
    return [outline_of(shape) for shape in session.exec(query.order_by(col(Shape.place_id)))]


def list_shapes(session: GatedSession, place_id: int, level: Level, on: date) -> list[ShapeLine]:
    """The places of a level inside a place, in Vietnamese order, with their shapes."""
    found = (
        _communes(session, place_id, on)
        if level is Level.COMMUNE
        else places.list_inside(session, place_id, level, on)
    )
    query = select(Shape).where(col(Shape.place_id).in_([place.id for place in found]))
    shapes = {shape.place_id: shape for shape in session.exec(query)}
    return [ShapeLine(place, shapes.get(place.id or 0)) for place in found]


def _communes(session: GatedSession, place_id: int, on: date) -> list[Place]:
    """The communes of a place; of an area, which holds villages only, those its villages lie in."""
    ids = {village.commune_id for village in places.list_villages(session, place_id, on)}
    ids |= {place.id or 0 for place in places.list_inside(session, place_id, Level.COMMUNE, on)}
    query = select(Place).where(col(Place.id).in_(sorted(ids))).order_by(Place.name_sort, col(Place.id))
    return list(session.exec(query))


def find_shapes(session: GatedSession, place_ids: Collection[int]) -> dict[int, Shape]:
    """The rows of some places, by place."""
    query = select(Shape).where(col(Shape.place_id).in_(sorted(place_ids)))
    return {shape.place_id: shape for shape in session.exec(query)}


def as_told(shape: Shape | None) -> dict[str, Any] | None:
    """What an undo needs to put a row back; None where there was none."""
    if shape is None:
        return None
    return {
        "longitude": shape.longitude,
        "latitude": shape.latitude,
        "boundary": shape.boundary,
        "points": shape.points,
        "source": shape.source,
    }


def write_shape(
    session: GatedSession, place_id: int, told: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Put down where a place lies (None: no longer known); answers what stood there. NotFound outside the scope."""
    session.demand(place_id)
    places.hold_places(session, [place_id])
    shape = find_shapes(session, [place_id]).get(place_id)
    before = as_told(shape)
    if told is None:
        if shape is not None:
            session.delete(shape)
        session.flush()
        return before
    now = datetime.now(UTC)
    shape = shape or Shape(place_id=place_id, longitude=0, latitude=0, changed_at=now)
    for name, value in told.items():
        setattr(shape, name, value)
    shape.changed_at, shape.changed_by = now, session.scope.actor.account_id
    session.add(shape)
    session.flush()
    return before


def load_points(session: GatedSession) -> int:
    """Put down once, at `migrate`, a point near the middle of each commune that has none; answers how many. Needs a
    session that may write everywhere. What somebody removes later stays removed."""
    if settings.find_setting(session, LOADED):
        return 0
    told = json.loads((places.DATA / "laocai_points.json").read_text("utf-8"))
    query = select(Place).where(
        Place.level == Level.COMMUNE, col(Place.code).in_(list(told["points"])), Place.since == REFORM
    )
    communes = {place.id or 0: str(place.code) for place in session.exec(query)}
    count = 0
    for place_id in sorted(set(communes) - set(find_shapes(session, list(communes)))):
        longitude, latitude = told["points"][communes[place_id]]
        source = str(told["source"]).split(":")[0]
        write_shape(session, place_id, {"longitude": longitude, "latitude": latitude, "source": source})
        count += 1
    settings.set_setting(session, LOADED, datetime.now(UTC).date().isoformat())
    return count


@dataclass(frozen=True)
class Named:
    """A place as a file may name it: by its code, its name, and with a village the name of its commune."""

    id: int
    label: str
    code: str
    name_fold: str
    above_fold: str


def list_named(session: GatedSession, place_id: int, on: date) -> list[Named]:
    """The communes and villages inside a place."""
    communes = _communes(session, place_id, on)
    out = [Named(place.id or 0, place.name, place.code or "", place.name_fold, "") for place in communes]
    for village in places.list_villages(session, place_id, on):
        name = places.split_kind(village.name)[1]
        above = places.split_kind(village.commune)[1]
        out.append(Named(village.id, village.label, "", fold(name), fold(above)))
    return out
