"""GeoJSON files of places (RFC 7946): what a file holds, read with suspicion.

A file is small enough, is a FeatureCollection in longitude and latitude (WGS 84), and each feature is a point or a
polygon inside the country. What a feature is of is told by its properties, whatever they are called: a value that is a
place's code, or its name, with a village its commune's name beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Protocol

from tdteam.domain.errors import Flaw, Refused
from tdteam.domain.maps import Point, Polygon, is_inside
from tdteam.domain.vietnamese import fold

LARGEST = 20 * 1024 * 1024
FEATURES_MOST = 5_000
POINTS_MOST = 400_000
CODE_LETTERS = 5
_LONE = re.compile("[\ud800-\udfff\0]")
"""Half a letter, which JSON can write and no database holds."""
KINDS = ("xa ", "phuong ", "thi tran ", "thon ", "ban ", "to dan pho ", "tdp ", "to ")


class Named(Protocol):
    """A place as a file may name it."""

    @property
    def id(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def name_fold(self) -> str: ...
    @property
    def above_fold(self) -> str: ...


@dataclass(frozen=True)
class Feature:
    """One feature: its place in the file (from 1), the texts of its properties, a point or polygons, and what is wrong."""

    number: int
    texts: tuple[str, ...]
    at: Point | None = None
    polygons: tuple[Polygon, ...] = ()
    flaws: tuple[Flaw, ...] = field(default=())

    @property
    def points(self) -> int:
        return sum(len(ring) for polygon in self.polygons for ring in polygon) or int(self.at is not None)

    @property
    def title(self) -> str:
        """The words by which a person finds it again."""
        return ", ".join(self.texts)[:120]


def read_features(body: bytes) -> list[Feature]:
    """The features of a file. Raises Refused on `file`: geojson_large, geojson_form, geojson_crs, geojson_empty,
    geojson_many."""
    if len(body) > LARGEST:
        raise _no("geojson_large", megabytes=LARGEST >> 20)
    try:
        listed = _listed(json.loads(body.decode("utf-8-sig"), parse_constant=_never))
    except (ValueError, RecursionError) as wrong:
        raise _no("geojson_form") from wrong
    if not listed:
        raise _no("geojson_empty")
    if len(listed) > FEATURES_MOST:
        raise _no("geojson_many", most=FEATURES_MOST)
    features = [_feature(number, one) for number, one in enumerate(listed, 1)]
    if sum(feature.points for feature in features) > POINTS_MOST:
        raise _no("geojson_many", most=POINTS_MOST)
    return features


def _no(code: str, **params: Any) -> Refused:
    return Refused([Flaw("file", code, params)])


def _never(word: str) -> float:
    raise ValueError(word)


def _listed(told: Any) -> list[Any]:
    """The features of a collection, or one feature alone."""
    if not isinstance(told, dict):
        raise _no("geojson_form")
    crs = json.dumps(told.get("crs") or "")
    if told.get("crs") and not any(name in crs for name in ("CRS84", "4326")):
        raise _no("geojson_crs")
    if told.get("type") == "Feature":
        return [told]
    listed = told.get("features")
    if told.get("type") != "FeatureCollection" or not isinstance(listed, list):
        raise _no("geojson_form")
    return listed


def _feature(number: int, told: Any) -> Feature:
    told = told if isinstance(told, dict) else {}
    texts = tuple(_texts(told.get("properties")))
    geometry = told.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    found: Any = geometry.get("coordinates") if isinstance(geometry, dict) else None
    try:
        if kind == "Point":
            at = _point(found)
            return Feature(number, texts, at=at, flaws=_outside([at]))
        if kind in ("Polygon", "MultiPolygon"):
            polygons = _polygons([found] if kind == "Polygon" else found)
            points = [point for polygon in polygons for ring in polygon for point in ring]
            return Feature(number, texts, polygons=polygons, flaws=_outside(points))
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        return Feature(number, texts, flaws=(Flaw("", "shape_form"),))
    return Feature(number, texts, flaws=(Flaw("", "shape_kind"),))


def _texts(properties: Any) -> Iterator[str]:
    if isinstance(properties, Mapping):
        for value in list(properties.values())[:60]:
            if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
                yield _LONE.sub("\ufffd", str(value).strip()[:120])


def _point(told: Any) -> Point:
    x, y = float(told[0]), float(told[1])
    if isinstance(told[0], str) or not (isfinite(x) and isfinite(y)):
        raise ValueError
    return (x, y)


def _polygons(told: Any) -> tuple[Polygon, ...]:
    polygons = tuple(_polygon(one) for one in told)
    if not polygons:
        raise ValueError
    return polygons


def _polygon(told: Any) -> Polygon:
    rings = tuple(tuple(_point(one) for one in ring) for ring in told)
    if not rings or any(len(ring) < 4 or ring[0] != ring[-1] for ring in rings):
        raise ValueError
    return rings


def _outside(points: Iterable[Point]) -> tuple[Flaw, ...]:
    return () if all(is_inside(point) for point in points) else (Flaw("", "shape_outside"),)


def find_place(feature: Feature, known: Sequence[Named]) -> Named | Flaw:
    """The place a feature is of. Flaws: shape_nobody (no such place in the scope), shape_several (names that several
    bear; a code or the commune's name would tell)."""
    codes = {text.zfill(CODE_LETTERS) for text in feature.texts if text.isdigit()}
    by_code = [place for place in known if place.code and place.code in codes]
    if len(by_code) == 1:
        return by_code[0]
    names = {name for text in feature.texts for name in _names(text)}
    found = [place for place in known if place.name_fold in names]
    if len(found) > 1:
        closer = [place for place in found if place.above_fold and place.above_fold in names]
        found = closer or [place for place in found if not place.above_fold] or found
    if len(found) == 1:
        return found[0]
    return Flaw("", "shape_several" if found else "shape_nobody")


def _names(text: str) -> set[str]:
    """A name as folded text, with and without the word for its kind."""
    folded = fold(text)
    return {folded, *(folded.removeprefix(kind) for kind in KINDS)}
