"""A chart of thirteen periods, laid out once as plain marks for paper and screen (`picture.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from tdteam.domain.report_facts import ChartKind, ChartPoint, ChartSeries
from tdteam.reports import wording
from tdteam.reports.figures import MISSING, number
from tdteam.reports.fonts import BOLD, REGULAR, register_fonts, width
from tdteam.reports.picture import Bar, Dot, Label, Line, Mark, Picture, svg_of

LEFT_ROOM, RIGHT_ROOM, TOP_ROOM, BOTTOM_ROOM = 34.0, 10.0, 16.0, 32.0
WIDER = 1.4
"""Screens draw with letters of their own, some of which are so much wider than the paper's."""


@dataclass(frozen=True)
class _Frame:
    """Where values and periods lie on the sheet."""

    left: float
    right: float
    top: float
    bottom: float
    highest: Decimal
    count: int

    def x(self, place: int) -> float:
        return self.left + (place + 0.5) * self.slot

    def y(self, value: int | Decimal) -> float:
        return self.bottom - (self.bottom - self.top) * float(Decimal(value) / self.highest)

    @property
    def slot(self) -> float:
        return (self.right - self.left) / self.count


def lay_out_chart(series: ChartSeries, wide: float, high: float, size: float, *, every: bool) -> Picture:
    """The chart's marks; `every` writes each value (paper) where it fits, else only the last one (screen)."""
    register_fonts()
    known = [point.value for point in series.points if point.value is not None]
    step, highest = _scale([*known, *([series.target] if series.target is not None else [])])
    frame = _Frame(
        max(LEFT_ROOM, WIDER * width(number(highest), REGULAR, size) + 6),
        wide - RIGHT_ROOM - (0 if every else width(number(known[-1]) if known else "", REGULAR, size)),
        TOP_ROOM,
        high - BOTTOM_ROOM,
        highest,
        max(len(series.points), 1),
    )
    marks = [*_grid(frame, step, size), *_periods(frame, series.points, size)]
    if series.target is not None:
        marks += _target(frame, series.target, size)
    marks += _bars(frame, series.points) if series.kind is ChartKind.BAR else _curve(frame, series.points)
    marks += _values(frame, series, size, every=every)
    return Picture(wide, high, tuple(marks), size)


def _scale(values: list[int | Decimal]) -> tuple[Decimal, Decimal]:
    """(step, top) of an axis from 0 with three to five steps of 1, 2 or 5 times a power of ten."""
    most = max((Decimal(value) for value in values), default=Decimal(0))
    if most <= 0:
        return Decimal(1), Decimal(1)
    step = Decimal(10) ** (most.adjusted() - 1)
    for times in (1, 2, 5, 10, 20, 50):
        if step * times * 5 >= most:
            step *= times
            break
    step = max(step, Decimal(1)) if all(value == int(value) for value in values) else step
    return step, step * (most / step).to_integral_value(ROUND_CEILING)


def _grid(frame: _Frame, step: Decimal, size: float) -> list[Mark]:
    marks: list[Mark] = []
    value = Decimal(0)
    while value <= frame.highest:
        y = frame.y(value)
        thick = 1.0 if value == 0 else 0.4
        marks.append(Line("grid", ((frame.left, y), (frame.right, y)), thick))
        marks.append(Label(frame.left - 5, y + size * 0.35, number(value), "end"))
        value += step
    return marks


def _periods(frame: _Frame, points: tuple[ChartPoint, ...], size: float) -> list[Mark]:
    """Months under the axis, the year under each January, and under the first where it does not run into the next year."""
    marks: list[Mark] = []
    january = next((place for place, point in enumerate(points) if place and point.month == 1), len(points))
    is_tight = frame.slot * january < width("2026", REGULAR, size) * 1.15
    for place, point in enumerate(points):
        marks.append(Label(frame.x(place), frame.bottom + size * 1.25, f"{point.month:02d}", "middle"))
        if point.month == 1 or (place == 0 and not is_tight):
            marks.append(Label(frame.x(place), frame.bottom + size * 2.35, str(point.year), "middle"))
    return marks


def _target(frame: _Frame, target: Decimal, size: float) -> list[Mark]:
    y = frame.y(target)
    return [
        Line("ref", ((frame.left, y), (frame.right, y)), 1.0, dashed=True),
        Label(frame.left + 4, y - 3, f"{wording.TARGET} {number(target)}", "start"),
    ]


def _bars(frame: _Frame, points: tuple[ChartPoint, ...]) -> list[Mark]:
    wide = frame.slot * 0.56
    return [
        Bar(
            "main", frame.x(place) - wide / 2, frame.y(point.value), wide, frame.bottom - frame.y(point.value)
        )
        for place, point in enumerate(points)
        if point.value is not None
    ]


def _curve(frame: _Frame, points: tuple[ChartPoint, ...]) -> list[Mark]:
    """A line broken where periods are missing, a small dot on each period and a larger one on the last."""
    marks: list[Mark] = []
    run: list[tuple[float, float]] = []
    dots: list[Mark] = []
    for place, point in enumerate(points):
        if point.value is None:
            marks += [Line("main", tuple(run), 1.7)] if len(run) > 1 else []
            run = []
            continue
        run.append((frame.x(place), frame.y(point.value)))
        dots.append(Dot("main", *run[-1], 3.2 if place == len(points) - 1 else 1.9))
    return [*marks, *([Line("main", tuple(run), 1.7)] if len(run) > 1 else []), *dots]


def _values(frame: _Frame, series: ChartSeries, size: float, *, every: bool) -> list[Mark]:
    points = series.points
    aside = frame.slot * 0.28 + 4 if series.kind is ChartKind.BAR else 7.0
    texts = [MISSING if point.value is None else number(point.value) for point in points]
    last = len(points) - 1
    if every and max((width(text, BOLD, size) for text in texts), default=0) > frame.slot * 0.97:
        shown = {place for place in range(len(points)) if (last - place) % 2 == 0}
    else:
        shown = set(range(len(points))) if every else {last}
    marks: list[Mark] = []
    for place in sorted(shown):
        value = points[place].value if points else None
        y = frame.bottom - 4 if value is None else frame.y(value) - 6
        if every or value is None:
            marks.append(Label(frame.x(place), y, texts[place], "middle", place == last, plate=True))
        else:
            marks.append(
                Label(frame.x(place) + aside, frame.y(value) + size * 0.35, texts[place], "start", bold=True)
            )
    return marks


def draw_chart_svg(series: ChartSeries, wide: float = 400, high: float = 196) -> str:
    """The chart as inline SVG (`picture.svg_of`)."""
    return svg_of(lay_out_chart(series, wide, high, 12, every=False), wording.chart_story(series))
