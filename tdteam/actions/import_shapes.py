"""Imports boundaries and points of places from GeoJSON: read (the dry run), store, take back.

Boundaries are mended where they cross themselves and simplified together, so that neighbours keep one border
(GEOS through shapely, which is loaded only here).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from tdteam.domain.errors import Conflict, Flaw, NotFound, Refused
from tdteam.domain.geojson import Feature, find_place, read_features
from tdteam.domain.maps import Outline, Polygon
from tdteam.domain.periods import today
from tdteam.reports.map_picture import Spot, lay_out_map
from tdteam.reports.picture import svg_of
from tdteam.store import audit, shapes, uploads
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Upload

KIND = "shapes"
TOLERANCE = 0.0006
"""Degrees, some 60 metres: finer than a commune's border can be seen on a page."""
DIGITS = 5
CROSSINGS_MOST = 100
"""Places where a feature's lines may cross or touch each other. A border has none or a few; mending takes the square of
their number, so that a star of a hundred points took a quarter of a minute and one of a thousand an hour."""
AT_ONCE = 16
PREVIEW = (640.0, 420.0, 12.0)


@dataclass(frozen=True)
class ShapeRow:
    """A feature as the dry run shows it: what it is of, what would be stored, or what is wrong."""

    number: int
    title: str
    place_id: int | None = None
    place: str = ""
    is_boundary: bool = False
    points: int = 0
    kept: int = 0
    at: tuple[float, float] | None = None
    boundary: Any = None
    flaw: str = ""

    @property
    def outline(self) -> Outline | None:
        if self.place_id is None or self.at is None:
            return None
        polygons = tuple(tuple(tuple(map(tuple, ring)) for ring in one) for one in self.boundary or ())
        return Outline(self.place_id, (self.at[0], self.at[1]), polygons)


def keep_file(session: GatedSession, place_id: int, body: bytes, file_name: str) -> Upload:
    """Read a file and keep what it would store. Raises Refused on `file` (`domain/geojson`)."""
    rows = _read(session, place_id, read_features(body))
    kept = json.dumps([row.__dict__ for row in rows], ensure_ascii=False).encode()
    upload = uploads.add_upload(session, KIND, place_id, file_name, body, kept=kept)
    audit.append(session, "upload", "shapes", upload.id, place_id=place_id, size=upload.size)
    return upload


def _read(session: GatedSession, place_id: int, features: Sequence[Feature]) -> list[ShapeRow]:
    known = shapes.list_named(session, place_id, today())
    rows: list[ShapeRow] = []
    taken: set[tuple[int, bool]] = set()
    for feature in features:
        row = ShapeRow(
            feature.number, feature.title, is_boundary=bool(feature.polygons), points=feature.points
        )
        found = find_place(feature, known)
        if feature.flaws:
            row = replace(row, flaw=feature.flaws[0].code)
        elif isinstance(found, Flaw):
            row = replace(row, flaw=found.code)
        elif (found.id, bool(feature.polygons)) in taken:
            row = replace(row, flaw="shape_twice")
        else:
            taken.add((found.id, bool(feature.polygons)))
            label = next(one.label for one in known if one.id == found.id)
            row = replace(row, place_id=found.id, place=label)
        rows.append(row)
    return _drawn(rows, features)


def _drawn(rows: Sequence[ShapeRow], features: Sequence[Feature]) -> list[ShapeRow]:
    """The rows with what would be stored of them."""
    good = [place for place, row in enumerate(rows) if row.place_id is not None and features[place].polygons]
    tangled = {place for place in good if is_tangled(features[place].polygons)}
    good = [place for place in good if place not in tangled]
    simple = dict(zip(good, _simplify([features[place].polygons for place in good]), strict=True))
    out = []
    for place, row in enumerate(rows):
        feature = features[place]
        if place in tangled:
            row = replace(row, place_id=None, place="", flaw="shape_tangled")
        if row.place_id is None:
            out.append(row)
        elif feature.at is not None:
            at = (round(feature.at[0], DIGITS), round(feature.at[1], DIGITS))
            out.append(replace(row, at=at, kept=1))
        elif found := simple[place]:
            at, boundary = found
            kept = sum(len(ring) for polygon in boundary for ring in polygon)
            out.append(replace(row, at=at, boundary=boundary, kept=kept))
        else:
            out.append(replace(row, place_id=None, place="", flaw="shape_form"))
    return out


def is_tangled(polygons: Sequence[Polygon]) -> bool:
    """Whether the lines of a feature cross each other in more places than a border's do."""
    import shapely  # here and not above, as in _simplify

    lines = shapely.linestrings([side for polygon in polygons for ring in polygon for side in pairwise(ring)])
    tree = shapely.STRtree(lines)
    left = 2 * CROSSINGS_MOST
    for first in range(0, len(lines), AT_ONCE):
        some = lines[first : first + AT_ONCE]
        left -= tree.query(some, predicate="intersects").shape[1] - 3 * len(some)  # itself and its neighbours
        if left < 0:
            return True
    return False


def _simplify(shapes_: Sequence[tuple[Polygon, ...]]) -> list[tuple[tuple[float, float], Any] | None]:
    """A point inside and the simplified polygons of each; None for what has no area."""
    if not shapes_:
        return []
    import shapely  # here and not above: it brings numpy, which serving pages never needs
    from shapely.geometry import MultiPolygon, mapping
    from shapely.geometry import Polygon as Solid

    solid = [MultiPolygon([Solid(one[0], one[1:]) for one in polygons]) for polygons in shapes_]
    mended = [_areas(shapely.make_valid(one)) for one in solid]
    simple = (
        shapely.coverage_simplify(mended, TOLERANCE)
        if shapely.coverage_is_valid(mended)
        else [shapely.simplify(one, TOLERANCE, preserve_topology=True) for one in mended]
    )
    out: list[tuple[tuple[float, float], Any] | None] = []
    for one in simple:
        whole = _areas(shapely.make_valid(shapely.set_precision(one, 10**-DIGITS)))
        if whole.is_empty:
            out.append(None)
            continue
        inner = whole.representative_point()
        told = mapping(whole)["coordinates"]
        rings = [[[[round(x, DIGITS), round(y, DIGITS)] for x, y in ring] for ring in poly] for poly in told]
        out.append(((round(inner.x, DIGITS), round(inner.y, DIGITS)), rings))
    return out


def _areas(shape: Any) -> Any:
    """Only what has an area of a shape, as one MultiPolygon: mending may leave lines and points beside it."""
    from shapely.geometry import MultiPolygon

    parts = [one for one in getattr(shape, "geoms", [shape]) if one.geom_type in ("Polygon", "MultiPolygon")]
    flat = [poly for one in parts for poly in getattr(one, "geoms", [one]) if not poly.is_empty]
    return MultiPolygon(flat)


def read_kept(session: GatedSession, upload: Upload) -> list[ShapeRow]:
    """What a kept file would store. NotFound where its rows are gone."""
    body = uploads.find_body(session, upload.id or 0)
    if upload.kind != KIND or body is None:
        raise NotFound
    return [
        ShapeRow(**{**told, "at": tuple(told["at"]) if told["at"] else None}) for told in json.loads(body)
    ]


def preview_svg(rows: Sequence[ShapeRow], story: str) -> str:
    """How the places of a file would lie on a map, as inline SVG; empty where it has none."""
    good = [(row, outline) for row in rows if (outline := row.outline)]
    spots = {row.place_id or 0: Spot(row.number, row.place, 2, row.place) for row, _ in good}
    return svg_of(lay_out_map([outline for _, outline in good], spots, *PREVIEW), story) if good else ""


def store_file(session: GatedSession, upload_id: int) -> int:
    """Store what a file told; how many places. Conflict where it was stored before; Refused `file`: shapes_none."""
    upload = uploads.hold_upload(session, upload_id)
    if upload.state == "done":
        raise Conflict
    rows = [row for row in read_kept(session, upload) if row.place_id is not None]
    if not rows:
        raise Refused([Flaw("file", "shapes_none")])
    rows.sort(key=lambda row: row.is_boundary)  # a point of its own stands over the one inside a boundary
    own_points = {row.place_id: row.at for row in rows if not row.is_boundary}
    changed: dict[int, Any] = {}
    for row in rows:
        place, at = row.place_id or 0, own_points.get(row.place_id) or row.at or (0.0, 0.0)
        told: dict[str, Any] = {"longitude": at[0], "latitude": at[1], "source": upload.file_name[:120]}
        if row.is_boundary:
            boundary = json.dumps(row.boundary, separators=(",", ":"))
            told |= {"boundary": boundary, "points": row.kept}
        before = shapes.write_shape(session, place, told)
        changed.setdefault(place, before)
    upload.state, upload.done_at = "done", datetime.now(UTC)
    upload.outcome = {"before": {str(place): before for place, before in changed.items()}}
    session.add(upload)
    audit.append(session, "import", "shapes", upload.id, place_id=upload.place_id, places=len(changed))
    return len(changed)


def undo_file(session: GatedSession, upload_id: int) -> int:
    """Put back what stood there before a file; how many places. Conflict where it was not stored."""
    upload = uploads.hold_upload(session, upload_id)
    if upload.kind != KIND:
        raise NotFound
    if upload.state != "done" or not upload.outcome:
        raise Conflict
    for place, before in upload.outcome["before"].items():
        shapes.write_shape(session, int(place), before)
    upload.state, upload.undone_at = "undone", datetime.now(UTC)
    session.add(upload)
    count = len(upload.outcome["before"])
    audit.append(session, "undo", "shapes", upload.id, place_id=upload.place_id, places=count)
    return count


def set_point(session: GatedSession, place_id: int, point: tuple[float, float] | None) -> None:
    """Put down a place's point (longitude, latitude) by hand; None: it is no longer known, nor its boundary."""
    told = {"longitude": point[0], "latitude": point[1], "source": ""} if point else None
    shapes.write_shape(session, place_id, told)
    audit.append(session, "set", "shapes", place_id, place_id=place_id)
