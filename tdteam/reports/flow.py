"""The running text of a paper as ReportLab flowables. Text comes in printable; nothing in it is markup."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable

from tdteam.reports import decree30 as decree
from tdteam.reports.fonts import BOLD, ITALIC, REGULAR, width
from tdteam.reports.picture import Picture, print_picture
from tdteam.reports.sheet import Placed, Sheet
from tdteam.reports.text import wrap

ASCENT = 0.75  # of the size: from the top of a line's room to its base line, Tinos with its marks


@dataclass(frozen=True)
class Look:
    """How a paragraph is set; lengths in points."""

    font: str = REGULAR
    size: float = decree.TEXT
    leading: float = decree.LEADING
    indent: float = decree.INDENT
    before: float = decree.GAP
    align: str = "justify"
    after: float = 0


BODY = Look()
HEADING = Look(font=BOLD, align="left")
NOTE = Look(font=ITALIC, size=11, leading=13, indent=0, before=3, align="left")
CAPTION = Look(font=ITALIC, size=12, leading=14.5, indent=0, before=2, align="center", after=8)


def fill(text: str, font: str, size: float, room: float) -> list[str]:
    """Lines of a text no wider than room."""
    return wrap(text, room, partial(width, font=font, size=size)) if text else []


class Piece(Flowable):
    """Something of the running text that may follow a heading."""

    def least(self, room: float) -> float:
        """The height that must be free on a page, in points, for this to begin there."""
        raise NotImplementedError


class Prose(Piece):
    """A paragraph. It splits over pages with at least two lines on either side."""

    def __init__(self, text: str, look: Look, outline: int | None = None) -> None:
        super().__init__()
        self.text, self.look, self.outline = text, look, outline
        self.lines: Sequence[str] = ()
        self.first = True  # else the rest of a paragraph begun on the page before
        self.last = True
        self.spaceBefore, self.spaceAfter = look.before, look.after

    def wrap(self, room: float, high: float) -> tuple[float, float]:
        self.width = room
        if not self.lines:
            measure = partial(width, font=self.look.font, size=self.look.size)
            self.lines = wrap(self.text, room, measure, self.look.indent)
        self.height = len(self.lines) * self.look.leading
        return room, self.height

    def least(self, room: float) -> float:
        """Its first two lines, or all of a short paragraph."""
        self.wrap(room, 0)
        lines = len(self.lines)
        return self.spaceBefore + (lines if lines <= 3 else 2) * self.look.leading

    def split(self, room: float, high: float) -> list[Flowable]:
        self.wrap(room, high)
        fit = int(high // self.look.leading)
        fit = min(fit, len(self.lines) - 2)
        if fit < 2:
            return []
        return [self._part(0, fit), self._part(fit, len(self.lines))]

    def _part(self, start: int, stop: int) -> Prose:
        part = Prose(self.text, self.look, self.outline if start == 0 else None)
        part.lines = self.lines[start:stop]
        part.first = self.first and start == 0
        part.last = self.last and stop == len(self.lines)
        part.spaceBefore = self.spaceBefore if start == 0 else 0
        return part

    def draw(self) -> None:
        look = self.look
        if self.outline is not None:
            bookmark(self.canv, self.text, self.outline, self.height)
        y = self.height - (look.leading + look.size) / 2 + look.size * (1 - ASCENT) - look.size * 0.05
        placed: list[Placed] = []
        for place, line in enumerate(self.lines):
            indent = look.indent if self.first and place == 0 else 0.0
            gap = self.width - indent - width(line, look.font, look.size)
            ends = self.last and place == len(self.lines) - 1
            spaces = line.count(" ")
            spread = gap / spaces if look.align == "justify" and spaces and not ends and gap > 0 else 0.0
            placed.append((gap / 2 if look.align == "center" else indent, y, line, spread))
            y -= look.leading
        sheet_of(self).write(look.font, look.size, placed)


def sheet_of(piece: Flowable) -> Sheet:
    """The sheet a flowable is being drawn on."""
    assert isinstance(piece.canv, Sheet)
    return piece.canv


def bookmark(canvas: Canvas, text: str, level: int, high: float) -> None:
    key = f"{canvas.getPageNumber()}-{canvas.absolutePosition(0, high)[1]:.0f}"
    canvas.bookmarkHorizontal(key, 0, high)
    canvas.addOutlineEntry(text, key, level)


class Drawn(Piece):
    """A picture in the column, kept with its caption."""

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self.picture = picture
        self.spaceBefore = 10

    def least(self, room: float) -> float:
        return self.spaceBefore + self.picture.high

    def wrap(self, room: float, high: float) -> tuple[float, float]:
        return self.picture.wide, self.picture.high

    def draw(self) -> None:
        print_picture(self.canv, self.picture, 0, 0)


def keep_with_next(pieces: Sequence[Piece], room: float, leads: Callable[[Piece], bool]) -> list[Flowable]:
    """Puts a conditional page break before each run of leading pieces (headings, charts before their captions).

    ReportLab's own keepWithNext takes what follows as a whole, and would push a long table off a half-empty page.
    """
    story: list[Flowable] = []
    for place, piece in enumerate(pieces):
        if leads(piece) and not (place and leads(pieces[place - 1])):
            need = 0.0
            for following in pieces[place:]:
                need += following.least(room)
                if not leads(following):
                    break
            story.append(CondPageBreak(need))
        story.append(piece)
    return story
