"""Reads a drawn PDF back: lines of text with font, size and place, and the rules between them. Millimetres from the top left."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pdfplumber
import pypdfium2
import zxingcpp

MM = 72 / 25.4
NEAR = 0.4  # mm, what a ruler does not see


def about(condition: object, told: str) -> Iterator[str]:
    """A complaint, unless all is well."""
    if not condition:
        yield told


@dataclass(frozen=True)
class Line:
    """Letters of one font and size on one base line, without a gap between them."""

    text: str
    font: str
    size: float  # points
    x0: float
    x1: float
    base: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def wide(self) -> float:
        return self.x1 - self.x0

    @property
    def bold(self) -> bool:
        return "Bold" in self.font

    @property
    def italic(self) -> bool:
        return "Italic" in self.font


@dataclass(frozen=True)
class Rule:
    """A drawn straight line."""

    x0: float
    x1: float
    y0: float
    y1: float
    thick: float

    @property
    def flat(self) -> bool:
        return abs(self.y1 - self.y0) < 0.05

    @property
    def wide(self) -> float:
        return self.x1 - self.x0

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True)
class Ink:
    """The square of a printed QR code: its edges and the side of a module."""

    x0: float
    top: float
    x1: float
    bottom: float
    module: float


@dataclass
class Page:
    wide: float
    high: float
    code: Ink | None = None
    lines: list[Line] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    colours: set[object] = field(default_factory=set)

    def find(self, start: str) -> Line | None:
        return next((line for line in self.lines if line.text.startswith(start)), None)

    def get(self, start: str) -> Line:
        found = self.find(start)
        assert found, f"no line begins {start!r} among {[line.text for line in self.lines]}"
        return found

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def landscape(self) -> bool:
        return self.wide > self.high


def text_middle(page: Page) -> float:
    """Where centred lines have their middle: margins are 30 and 15."""
    return (30 + page.wide - 15) / 2


def read_pdf(drawn: bytes) -> list[Page]:
    """Every page of a PDF."""
    with pdfplumber.open(io.BytesIO(drawn)) as pdf:
        return [_read_page(page) for page in pdf.pages]


def read_codes(drawn: bytes, dots: int = 200) -> list[list[str]]:
    """What a camera reads on each page, printed at so many dots an inch."""
    with pypdfium2.PdfDocument(drawn) as pdf:
        pictures = [page.render(scale=dots / 72, grayscale=True).to_pil() for page in pdf]
    return [[code.text for code in zxingcpp.read_barcodes(picture)] for picture in pictures]


def _read_page(page: pdfplumber.page.Page) -> Page:
    wide, high = float(page.width) / MM, float(page.height) / MM
    found = Page(wide, high)
    found.colours = {_colour(char["non_stroking_color"]) for char in page.chars}
    found.lines = list(_lines(page.chars, high))
    modules = [box for box in page.rects if box["fill"] and not box["stroke"] and box["top"] / MM > high - 20]
    if modules:
        found.code = Ink(
            min(box["x0"] for box in modules) / MM,
            min(box["top"] for box in modules) / MM,
            max(box["x1"] for box in modules) / MM,
            max(box["bottom"] for box in modules) / MM,
            min(box["height"] for box in modules) / MM,
        )
    for edge in (*page.lines, *(box for box in page.rects if box["stroke"] or box["top"] / MM <= high - 20)):
        found.rules.append(
            Rule(
                edge["x0"] / MM,
                edge["x1"] / MM,
                edge["top"] / MM,
                edge["bottom"] / MM,
                float(edge["linewidth"] or 0),
            )
        )
    return found


def _colour(told: object) -> object:
    return tuple(told) if isinstance(told, list | tuple) else told


def _lines(chars: Iterable[dict], high: float) -> Iterable[Line]:
    rows: dict[tuple[str, float, float], list[dict]] = {}
    for char in chars:
        key = (char["fontname"].split("+")[-1], round(char["size"], 1), round(char["matrix"][5], 1))
        rows.setdefault(key, []).append(char)
    made = []
    for (font, size, base), row in rows.items():
        row.sort(key=lambda char: char["x0"])
        group = [row[0]]
        for char in row[1:]:
            if char["x0"] - group[-1]["x1"] > 0.25 * size and group[-1]["text"] != " ":
                made.append(_line(group, font, size, high - base / MM))
                group = []
            group.append(char)
        made.append(_line(group, font, size, high - base / MM))
    return sorted((line for line in made if line.text), key=lambda line: (round(line.base, 1), line.x0))


def _line(group: list[dict], font: str, size: float, base: float) -> Line:
    text = "".join(char["text"] for char in group)
    inked = [char for char in group if char["text"].strip()] or group
    # Extents of the letters as the decree's ruler sees them: the em square's ascent and descent, not the box of the font.
    return Line(
        text.strip(), font, size, inked[0]["x0"] / MM, inked[-1]["x1"] / MM, base, base - 0.75 * size / MM, base + 0.22 * size / MM
    )  # fmt: skip
