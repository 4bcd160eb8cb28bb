"""Pictures as plain marks with roles: laid out once, printed on paper and written as SVG for the screen.

The marks carry roles, not colours. Paper gives them indigo, the five shades of coverage and black (look/README); the
screen's style sheet gives each role its `currentColor`, so the SVG has no style of its own and any strict CSP lets it
through. ReportLab's drawing objects are not used: they write style attributes, share ids between charts and cost ten
times as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from reportlab.lib.colors import Color, HexColor, black, white
from reportlab.pdfgen.canvas import Canvas

from tdteam.reports.fonts import BOLD, REGULAR, register_fonts, width

INDIGO = HexColor("#1F4280")
GREY = HexColor("#747988")
# Shades of coverage are light enough for black figures on all of them; c0 is a place without figures.
PAPER_COLOURS: dict[str, Color] = {
    "main": INDIGO,
    "soft": INDIGO,
    "grid": GREY,
    "ref": GREY,
    "ground": white,
    "c0": white,
    "c1": white,
    "c2": HexColor("#E6EBF3"),
    "c3": HexColor("#C8D4E6"),
    "c4": HexColor("#A3B7D6"),
    "c5": HexColor("#7E99C4"),
}


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
    """`ringed` has an edge of ink around it; `note` is told when the mouse rests on it, `link` where it leads."""

    role: str
    x: float
    y: float
    radius: float
    ringed: bool = False
    dashed: bool = False
    note: str = ""
    link: str = ""


@dataclass(frozen=True)
class Area:
    """Rings of one shape, holes among them; `dashed` edges tell what has no figures."""

    role: str
    rings: tuple[tuple[tuple[float, float], ...], ...]
    dashed: bool = False
    note: str = ""
    link: str = ""


@dataclass(frozen=True)
class Label:
    """`anchor` is start, middle or end; y is the base line. `plate`: white behind it on paper, where it may cross a
    line; `haloed`: the page's colour around its letters on the screen."""

    x: float
    y: float
    text: str
    anchor: str
    bold: bool = False
    plate: bool = False
    role: str = "ink"
    haloed: bool = False


Mark = Line | Bar | Dot | Area | Label


@dataclass(frozen=True)
class Picture:
    """Marks on a sheet, origin top left, y downwards."""

    wide: float
    high: float
    marks: tuple[Mark, ...]
    size: float


@dataclass(frozen=True)
class Sketch:
    """A picture laid out for the width of the text, with its caption under it. A workbook tells the caption only."""

    caption: str
    picture: Picture


def print_picture(canvas: Canvas, picture: Picture, x: float, y: float) -> None:
    """Draws on a PDF page, lower left corner at (x, y)."""
    register_fonts()
    for mark in picture.marks:
        colour = _paper_colour(mark.role)
        match mark:
            case Line():
                canvas.setStrokeColor(colour)
                canvas.setLineWidth(mark.thick)
                canvas.setDash([3, 2] if mark.dashed else [])
                _draw_rings(canvas, [mark.points], x, y + picture.high, stroke=1, fill=0)
            case Bar():
                canvas.setFillColor(colour)
                low = y + picture.high - mark.y - mark.high
                canvas.rect(x + mark.x, low, mark.wide, mark.high, stroke=0, fill=1)
            case Dot():
                canvas.setFillColor(colour)
                _edge(canvas, dashed=mark.dashed)
                canvas.circle(
                    x + mark.x, y + picture.high - mark.y, mark.radius, stroke=int(mark.ringed), fill=1
                )
            case Area():
                canvas.setFillColor(colour)
                _edge(canvas, dashed=mark.dashed)
                _draw_rings(canvas, mark.rings, x, y + picture.high, stroke=1, fill=1)
            case Label():
                _print_label(canvas, picture, mark, x, y)
    canvas.setFillColor(black)
    canvas.setStrokeColor(black)
    canvas.setDash([])


def _paper_colour(role: str) -> Color:
    """Words and figures are black on paper, whatever they stand on (look/README)."""
    return PAPER_COLOURS.get(role, black)


def _edge(canvas: Canvas, *, dashed: bool) -> None:
    canvas.setStrokeColor(GREY)
    canvas.setLineWidth(0.6)
    canvas.setDash([3, 2] if dashed else [])


def _draw_rings(
    canvas: Canvas,
    rings: Sequence[Sequence[tuple[float, float]]],
    x: float,
    top: float,
    *,
    stroke: int,
    fill: int,
) -> None:
    path = canvas.beginPath()
    for ring in rings:
        path.moveTo(x + ring[0][0], top - ring[0][1])
        for px, py in ring[1:]:
            path.lineTo(x + px, top - py)
        if fill:
            path.close()
    canvas.drawPath(
        path, stroke=stroke, fill=fill, fillMode=0
    )  # even-odd: what lies in a hole is not the place


def _print_label(canvas: Canvas, picture: Picture, mark: Label, x: float, y: float) -> None:
    font = BOLD if mark.bold else REGULAR
    if mark.plate:
        canvas.setFillColor(white)
        wide = width(mark.text, font, picture.size)
        left = mark.x - {"start": 0, "middle": wide / 2, "end": wide}[mark.anchor]
        low = y + picture.high - mark.y - picture.size * 0.05
        canvas.rect(x + left, low, wide, picture.size * 0.75, stroke=0, fill=1)
    canvas.setFillColor(_paper_colour(mark.role))
    canvas.setFont(font, picture.size)
    put = {
        "start": canvas.drawString,
        "middle": canvas.drawCentredString,
        "end": canvas.drawRightString,
    }
    put[mark.anchor](x + mark.x, y + picture.high - mark.y, mark.text)


def svg_of(picture: Picture, story: str) -> str:
    """Inline SVG for a page: presentation attributes and `currentColor` under `.chart` only, its story in aria-label.

    What leads somewhere does so for the mouse alone: the table beside each picture has the same links for everybody.
    """
    marks = "".join(_svg_mark(mark) for mark in picture.marks)
    box = f"0 0 {_short(picture.wide)} {_short(picture.high)}"
    linked = any(isinstance(mark, Dot | Area) and mark.link for mark in picture.marks)
    role = "group" if linked else "img"
    return f'<svg class="chart" viewBox="{box}" role="{role}" aria-label={quoteattr(story)}>{marks}</svg>'


def _svg_mark(mark: Mark) -> str:
    match mark:
        case Line():
            dash = ' stroke-dasharray="4 4"' if mark.dashed else ""
            drawn = (
                f'<polyline points="{_points(mark.points)}" fill="none" stroke="currentColor" '
                f'stroke-width="{mark.thick}"{dash}/>'
            )
        case Bar():
            size = f'width="{_short(mark.wide)}" height="{_short(mark.high)}"'
            drawn = f'<rect x="{_short(mark.x)}" y="{_short(mark.y)}" {size} fill="currentColor"/>'
        case Dot():
            edge = _svg_edge(dashed=mark.dashed) if mark.ringed else ""
            place = f'cx="{_short(mark.x)}" cy="{_short(mark.y)}" r="{mark.radius}"'
            drawn = _told(f'<circle {place} fill="currentColor"{edge}', "circle", mark)
        case Area():
            drawn = _told(
                f'<path d="{"".join(map(_svg_ring, mark.rings))}" fill="currentColor" fill-rule="evenodd"'
                f"{_svg_edge(dashed=mark.dashed)}",
                "path",
                mark,
            )
        case Label():
            return _svg_label(mark)
    return f'<g class="{mark.role}">{drawn}</g>'


def _svg_label(mark: Label) -> str:
    weight = ' font-weight="600"' if mark.bold else ""
    place = f'x="{_short(mark.x)}" y="{_short(mark.y)}" text-anchor="{mark.anchor}"'
    classes = [*(["halo"] if mark.haloed else []), *([mark.role] if mark.role != "ink" else [])]
    named = f' class="{" ".join(classes)}"' if classes else ""
    return f'<text {place}{weight}{named} fill="currentColor">{escape(mark.text)}</text>'


def _told(begun: str, name: str, mark: Dot | Area) -> str:
    """A shape with its note and its link."""
    shape = f"{begun}><title>{escape(mark.note)}</title></{name}>" if mark.note else f"{begun}/>"
    if not mark.link:
        return shape
    return f'<a href={quoteattr(mark.link)} tabindex="-1" aria-label={quoteattr(mark.note)}>{shape}</a>'


def _svg_edge(*, dashed: bool) -> str:
    return ' class="edged dashed"' if dashed else ' class="edged"'


def _svg_ring(ring: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_short(px)} {_short(py)}" for px, py in ring[:-1]) + "Z"


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_short(px)},{_short(py)}" for px, py in points)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
