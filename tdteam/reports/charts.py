"""A chart of thirteen periods: laid out once as plain marks, printed on paper and as SVG for the screen.

The marks carry roles, not colours. Paper gives them indigo and black (look/README); the screen's style sheet gives
each role its `currentColor`, so the SVG has no style of its own and any strict CSP lets it through. ReportLab's
drawing objects are not used: they write style attributes, share ids between charts and cost ten times as much.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from xml.sax.saxutils import escape, quoteattr

from reportlab.lib.colors import Color, HexColor, black, white
from reportlab.pdfgen.canvas import Canvas

from tdteam.domain.report_facts import ChartKind, ChartPoint, ChartSeries
from tdteam.reports import wording
from tdteam.reports.figures import MISSING, number
from tdteam.reports.fonts import BOLD, REGULAR, register_fonts, width

INDIGO = HexColor("#1F4280")
GREY = HexColor("#747988")
PAPER_COLOURS: dict[str, Color] = {"main": INDIGO, "soft": INDIGO, "grid": GREY, "ref": GREY, "ink": black}
LEFT_ROOM, RIGHT_ROOM, TOP_ROOM, BOTTOM_ROOM = 34.0, 10.0, 16.0, 28.0


@dataclass(frozen=True)
class Line:
    """Straight or broken, from the first point to the last."""

    role: str
    points: tuple[tuple[float, float], ...]
    thick: float
    dashed: bool = False


@dataclass(frozen=True)
class Bar:
    role: str
    x: float
    y: float
    wide: float
    high: float


@dataclass(frozen=True)
class Dot:
    role: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Label:
    """`anchor` is start, middle or end; y is the base line."""

    x: float
    y: float
    text: str
    anchor: str
    bold: bool = False
    plate: bool = False  # white behind it, where it may cross a line
    role: str = "ink"


Mark = Line | Bar | Dot | Label


@dataclass(frozen=True)
class Picture:
    """Marks on a sheet, origin top left, y downwards."""

    wide: float
    high: float
    marks: tuple[Mark, ...]
    size: float


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
    known = [point.value for point in series.points if point.value is not None]
    step, highest = _scale([*known, *([series.target] if series.target is not None else [])])
    frame = _Frame(
        LEFT_ROOM,
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
    marks += _values(frame, series.points, size, every=every)
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
    """Months under the axis, the year under the first and under each January."""
    marks: list[Mark] = []
    for place, point in enumerate(points):
        marks.append(Label(frame.x(place), frame.bottom + size * 1.25, f"{point.month:02d}", "middle"))
        if place == 0 or point.month == 1:
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


def _values(frame: _Frame, points: tuple[ChartPoint, ...], size: float, *, every: bool) -> list[Mark]:
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
                Label(frame.x(place) + 7, frame.y(value) + size * 0.35, texts[place], "start", bold=True)
            )
    return marks


def print_picture(canvas: Canvas, picture: Picture, x: float, y: float) -> None:
    """Draws on a PDF page, lower left corner at (x, y)."""
    register_fonts()
    for mark in picture.marks:
        colour = PAPER_COLOURS[mark.role]
        match mark:
            case Line():
                canvas.setStrokeColor(colour)
                canvas.setLineWidth(mark.thick)
                canvas.setDash([3, 2] if mark.dashed else [])
                path = canvas.beginPath()
                path.moveTo(x + mark.points[0][0], y + picture.high - mark.points[0][1])
                for px, py in mark.points[1:]:
                    path.lineTo(x + px, y + picture.high - py)
                canvas.drawPath(path, stroke=1, fill=0)
            case Bar():
                canvas.setFillColor(colour)
                canvas.rect(
                    x + mark.x, y + picture.high - mark.y - mark.high, mark.wide, mark.high, stroke=0, fill=1
                )
            case Dot():
                canvas.setFillColor(colour)
                canvas.circle(x + mark.x, y + picture.high - mark.y, mark.radius, stroke=0, fill=1)
            case Label():
                if mark.plate:
                    canvas.setFillColor(white)
                    wide = width(mark.text, BOLD if mark.bold else REGULAR, picture.size)
                    low = y + picture.high - mark.y - picture.size * 0.05
                    canvas.rect(x + mark.x - wide / 2, low, wide, picture.size * 0.75, stroke=0, fill=1)
                canvas.setFillColor(colour)
                canvas.setFont(BOLD if mark.bold else REGULAR, picture.size)
                put = {
                    "start": canvas.drawString,
                    "middle": canvas.drawCentredString,
                    "end": canvas.drawRightString,
                }
                put[mark.anchor](x + mark.x, y + picture.high - mark.y, mark.text)
    canvas.setFillColor(black)
    canvas.setStrokeColor(black)
    canvas.setDash([])


def draw_chart_svg(series: ChartSeries, wide: float = 400, high: float = 196) -> str:
    """Inline SVG for a page: presentation attributes and `currentColor` under `.chart` only, its story in aria-label."""
    register_fonts()
    picture = lay_out_chart(series, wide, high, 12, every=False)
    marks = "".join(_svg_mark(mark) for mark in picture.marks)
    label = quoteattr(wording.chart_story(series))
    box = f"0 0 {_short(wide)} {_short(high)}"
    return f'<svg class="chart" viewBox="{box}" role="img" aria-label={label}>{marks}</svg>'


def _svg_mark(mark: Mark) -> str:
    match mark:
        case Line():
            points = " ".join(f"{_short(px)},{_short(py)}" for px, py in mark.points)
            dash = ' stroke-dasharray="4 4"' if mark.dashed else ""
            drawn = f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="{mark.thick}"{dash}/>'
        case Bar():
            size = f'width="{_short(mark.wide)}" height="{_short(mark.high)}"'
            drawn = f'<rect x="{_short(mark.x)}" y="{_short(mark.y)}" {size} fill="currentColor"/>'
        case Dot():
            drawn = (
                f'<circle cx="{_short(mark.x)}" cy="{_short(mark.y)}" r="{mark.radius}" fill="currentColor"/>'
            )
        case Label():
            weight = ' font-weight="600"' if mark.bold else ""
            place = f'x="{_short(mark.x)}" y="{_short(mark.y)}" text-anchor="{mark.anchor}"'
            return f'<text {place}{weight} fill="currentColor">{escape(mark.text)}</text>'
    return f'<g class="{mark.role}">{drawn}</g>'


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
