"""A map of places shaded by a figure, without outside tiles: boundaries where they were imported, else points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from tdteam.domain.maps import Outline, Point, Sheet, fit, set_labels
from tdteam.reports.fonts import REGULAR, register_fonts, width
from tdteam.reports.picture import Area, Dot, Label, Mark, Picture

RADIUS, WIDEST = 11.0, 24.0
EDGE = 30.0


@dataclass(frozen=True)
class Spot:
    """A place on the map: its number in the table beside it, its shade (0 unknown, 1 to 5), what is told of it."""

    number: int
    name: str
    step: int
    told: str
    link: str = ""
    weight: int = 0
    """What the disc's size tells: the people or households the figure speaks of."""


def lay_out_map(
    outlines: Sequence[Outline],
    spots: Mapping[int, Spot],
    wide: float,
    high: float,
    size: float,
    ground: Sequence[Outline] = (),
) -> Picture:
    """The map's marks. `spots` by place; `ground` are boundaries drawn around them, unshaded. Nothing at all to show
    gives an empty sheet."""
    register_fonts()
    drawn = [outline for outline in outlines if outline.place_id in spots]
    if not drawn:
        return Picture(wide, high, (), size)
    sheet = fit([*drawn, *ground], wide, high, EDGE)
    marks: list[Mark] = [Area("ground", _rings(sheet, outline)) for outline in ground if outline.polygons]
    for outline in drawn:
        if outline.polygons:
            spot = spots[outline.place_id]
            step = f"c{spot.step}"
            marks.append(
                Area(step, _rings(sheet, outline), dashed=not spot.step, note=spot.told, link=spot.link)
            )
    centres = [sheet.put(outline.at) for outline in drawn]
    most = max(spots[outline.place_id].weight for outline in drawn) or 1
    # A disc's area, not its width, grows with what it stands for.
    radii = [
        RADIUS if outline.polygons else max(RADIUS, WIDEST * sqrt(spots[outline.place_id].weight / most))
        for outline in drawn
    ]
    marks += _dots(drawn, centres, radii, spots, size)
    marks += _names(drawn, centres, radii, spots, (wide, high), size)
    return Picture(wide, high, tuple(marks), size)


def _rings(sheet: Sheet, outline: Outline) -> tuple[tuple[tuple[float, float], ...], ...]:
    return tuple(
        tuple(sheet.put(point) for point in ring) for polygon in outline.polygons for ring in polygon
    )


def _dots(
    drawn: Sequence[Outline],
    centres: Sequence[Point],
    radii: Sequence[float],
    spots: Mapping[int, Spot],
    size: float,
) -> list[Mark]:
    """A disc with the place's number; the largest first, so that none is hidden. A shaded shape needs no disc."""
    marks: list[Mark] = []
    for outline, (x, y), radius in sorted(
        zip(drawn, centres, radii, strict=True), key=lambda one: (-one[2], one[0].place_id)
    ):
        spot = spots[outline.place_id]
        if not outline.polygons:
            step = f"c{spot.step}"
            marks.append(
                Dot(step, x, y, round(radius, 1), True, not spot.step, note=spot.told, link=spot.link)
            )
        role = f"k{spot.step}"
        marks.append(Label(x, round(y + size * 0.35, 1), str(spot.number), "middle", bold=True, role=role))
    return marks


def _names(
    drawn: Sequence[Outline],
    centres: Sequence[Point],
    radii: Sequence[float],
    spots: Mapping[int, Spot],
    sheet: Point,
    size: float,
) -> list[Mark]:
    names = [spots[outline.place_id].name for outline in drawn]
    widths = [
        width(name, REGULAR, size) * 1.12 for name in names
    ]  # a screen's letters run wider than paper's
    placed = set_labels(centres, widths, radii, size, sheet)
    return [
        Label(x, y, name, anchor, haloed=True)
        for name, found in zip(names, placed, strict=True)
        if found is not None
        for x, y, anchor in [found]
    ]
