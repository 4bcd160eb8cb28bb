"""Maps without outside tiles: where a place lies, put on a sheet; labels set where they cover no other.

Longitude and latitude in degrees (WGS 84). Over a province's width an equirectangular sheet, its width shrunk by the
cosine of the middle latitude, is right to a few parts in a thousand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians

from tdteam.domain.errors import Flaw

Point = tuple[float, float]
Ring = tuple[Point, ...]
Polygon = tuple[Ring, ...]
"""The outer ring, then its holes; first and last point are the same."""

# Where a place of this country can lie, with a margin: what is outside was mixed up or is in another reckoning.
WEST, SOUTH, EAST, NORTH = 101.5, 7.5, 110.5, 24.0


@dataclass(frozen=True)
class Outline:
    """Where a place lies: a point, and its boundary where one is known."""

    place_id: int
    at: Point
    polygons: tuple[Polygon, ...] = ()

    def points(self) -> Iterable[Point]:
        """All points that must be on the sheet."""
        yield self.at
        for polygon in self.polygons:
            yield from polygon[0]


@dataclass(frozen=True)
class Sheet:
    """From degrees to a sheet `wide` by `high`, origin top left, everything inside `edge`."""

    west: float
    north: float
    scale: float
    squeeze: float
    left: float
    top: float

    def put(self, point: Point) -> Point:
        x = self.left + (point[0] - self.west) * self.squeeze * self.scale
        y = self.top + (self.north - point[1]) * self.scale
        return (round(x, 1), round(y, 1))


def is_inside(point: Point) -> bool:
    """Whether a point can be in this country; False for anything that is no pair of usual numbers."""
    return WEST <= point[0] <= EAST and SOUTH <= point[1] <= NORTH


def fit(outlines: Sequence[Outline], wide: float, high: float, edge: float) -> Sheet:
    """The largest sheet that holds them all, in the middle. One point alone stands in the middle of it."""
    points = [point for outline in outlines for point in outline.points()]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = cos(radians((south + north) / 2))
    across, down = (east - west) * squeeze, north - south
    room = (wide - 2 * edge, high - 2 * edge)
    scale = min(room[0] / across if across > 1e-9 else 1e6, room[1] / down if down > 1e-9 else 1e6, 1e6)
    return Sheet(
        west=west,
        north=north,
        scale=scale,
        squeeze=squeeze,
        left=(wide - across * scale) / 2,
        top=(high - down * scale) / 2,
    )


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, wide: float, high: float) -> bool:
        return self.left >= 0 and self.top >= 0 and self.right <= wide and self.bottom <= high


def set_labels(
    spots: Sequence[Point], widths: Sequence[float], radii: Sequence[float], size: float, sheet: Point
) -> list[tuple[float, float, str] | None]:
    """For each spot where its name's base line begins and its anchor, so that no name covers a spot or another name and
    none leaves the sheet (its width and height); None where there is no such place: the number in the spot still tells
    who it is."""
    taken = [Box(x - r, y - r, x + r, y + r) for (x, y), r in zip(spots, radii, strict=True)]
    count = len(taken)
    out: list[tuple[float, float, str] | None] = []
    for place, (x, y) in enumerate(spots):
        found = None
        for dx, dy, anchor in _sides(radii[place], size):
            long = widths[place]
            left = x + dx - {"start": 0, "middle": long / 2, "end": long}[anchor]
            box = Box(left, y + dy - size * 0.8, left + long, y + dy + size * 0.25)
            others = (taken[i] for i in range(len(taken)) if i != place or i >= count)
            if box.within(*sheet) and not any(box.meets(other) for other in others):
                found = (round(x + dx, 1), round(y + dy, 1), anchor)
                taken.append(box)
                break
        out.append(found)
    return out


def _sides(radius: float, size: float) -> tuple[tuple[float, float, str], ...]:
    """Right, left, under and above a spot."""
    return (
        (radius + 4, size * 0.35, "start"),
        (-radius - 4, size * 0.35, "end"),
        (0, radius + size, "middle"),
        (0, -radius - size * 0.4, "middle"),
    )


_NUMBER = re.compile(r"-?\d{1,3}(?:[.,]\d{1,15})?")


def parse_point(text: str, field: str) -> Point | None | Flaw:
    """ "22,3595; 104,237" or as a map copies it, "22.3595, 104.237", to (longitude, latitude); nothing typed is None.

    Either order is understood: no latitude of this country is one of its longitudes. Flaws: point_form, point_outside.
    """
    if not text.strip():
        return None
    found = [float(one.replace(",", ".")) for one in _pair(text)]
    if len(found) != 2:
        return Flaw(field, "point_form")
    point = (max(found), min(found))
    return point if is_inside(point) else Flaw(field, "point_outside")


def _pair(text: str) -> list[str]:
    """The two numbers of a text: parted by a blank, a semicolon, or a comma that has a blank behind it or stands
    between numbers with points."""
    parts = [part for part in re.split(r"[;\s]+|,\s+", text.strip()) if part]
    if len(parts) == 1 and "." in text:
        parts = text.strip().split(",")
    parts = [part.rstrip(",") for part in parts]
    return parts if all(_NUMBER.fullmatch(part) for part in parts) else []
