"""The fixed parts of a Decree 30 paper as flowables: letterhead, title, addressees, signature, head of an annex."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass

from reportlab.platypus import Flowable

from tdteam.reports import decree30 as decree
from tdteam.reports.flow import ASCENT, bookmark, fill, sheet_of
from tdteam.reports.fonts import BOLD, BOLD_ITALIC, ITALIC, REGULAR, width
from tdteam.reports.form_fields import add_blank
from tdteam.reports.manuscript import Manuscript
from tdteam.reports.wording import ADDRESSED, COPIES, COUNTRY, FIELDS, MOTTO

NUMBER_LINES = 10  # one is usual; ten hold any number and symbol that `judge_settings` lets pass


@dataclass(frozen=True)
class _Words:
    """A centred line: its words, centre, base line from the block's top."""

    text: str
    x: float
    y: float
    font: str
    size: float


class Block(Flowable):
    """Centred lines and rules at fixed places: letterhead, title, head of an annex."""

    before = 0.0

    def __init__(self) -> None:
        super().__init__()
        self.words: list[_Words] = []
        self.rules: list[tuple[float, float, float]] = []  # centre, drop, length
        self.spaceBefore = self.before

    def stack(
        self, lines: Sequence[str], x: float, y: float, font: str, size: float, leading: float = 1.2
    ) -> float:
        """Puts lines under each other from y down; returns where the next line's room begins."""
        for line in lines:
            self.words.append(_Words(line, x, y + size * ASCENT + size * (leading - 1) / 2, font, size))
            y += size * leading
        return y

    def wrap(self, room: float, high: float) -> tuple[float, float]:
        self.width = room
        return room, self.height

    def draw(self) -> None:
        canvas = self.canv
        for words in self.words:
            canvas.setFont(words.font, words.size)
            canvas.drawCentredString(words.x, self.height - words.y, words.text)
        canvas.setLineWidth(decree.RULE)
        for centre, drop, length in self.rules:
            y = self.height - drop
            canvas.line(centre - length / 2, y, centre + length / 2, y)


class Letterhead(Block):
    """Boxes 1 to 4: country and motto right, issuing body left, number and date on one line below; 5b of a letter under
    the number. Blanks are form fields that the clerk's tool fills: bare, so that the paper prints as if there were none.
    """

    def __init__(self, paper: Manuscript, wide: float = decree.TEXT_WIDTH) -> None:
        super().__init__()
        left, right = decree.HEAD_LEFT / 2, wide - decree.HEAD_RIGHT / 2
        y = self.stack((COUNTRY,), right, 0, BOLD, decree.COUNTRY)
        y = self.stack((MOTTO,), right, y, BOLD, decree.MOTTO)
        self.rules.append((right, y + 1.5, width(MOTTO, BOLD, decree.MOTTO)))
        under_motto = y + 1.5
        size, room = decree.BODY_NAME, decree.HEAD_LEFT - 6
        y = self.stack(fill(paper.superior, REGULAR, size, room), left, 0, REGULAR, size)
        names = [line for name in paper.issuing for line in fill(name, BOLD, size, room)]
        y = self.stack(names, left, y, BOLD, size)
        self.rules.append((left, y + 2.5, rule_length(names, size, decree.BODY_RULE)))
        y = max(under_motto, y + 2.5) + 7
        placed = len(self.words)
        number = fill(paper.number_line, REGULAR, decree.NUMBER, room)[:NUMBER_LINES]
        low = self.stack(number, left, y, REGULAR, decree.NUMBER)
        day = fill(paper.place_date, ITALIC, decree.PLACE_DATE, decree.HEAD_RIGHT)
        self.height = max(low, self.stack(day, right, y, ITALIC, decree.PLACE_DATE))
        self.blanks = (
            list(zip(paper.blanks, _blanks(self.words[placed:]), strict=True)) if paper.blanks else []
        )
        if paper.subject:
            about = even(paper.subject, REGULAR, decree.SUBJECT, room)
            low = self.stack(about, left, low + decree.GAP, REGULAR, decree.SUBJECT)
            self.height = max(self.height, low)
            self.spaceAfter = 10

    def draw(self) -> None:
        super().draw()
        sheet = sheet_of(self)
        for name, blank in self.blanks:
            y, italic = self.height - blank.y, blank.font == ITALIC
            add_blank(sheet, name, FIELDS[name], blank.x, y, blank.wide, blank.size, italic=italic)


@dataclass(frozen=True)
class _Blank:
    """Room left in a line: its left end, base line from the block's top, width."""

    x: float
    y: float
    wide: float
    font: str
    size: float


def _blanks(lines: Sequence[_Words]) -> Iterator[_Blank]:
    """Each run of no-break spaces; user text cannot hold one (`text.printable`)."""
    for line in lines:
        left = line.x - width(line.text, line.font, line.size) / 2
        for found in re.finditer("\u00a0+", line.text):
            x = left + width(line.text[: found.start()], line.font, line.size)
            yield _Blank(x, line.y, width(found.group(), line.font, line.size), line.font, line.size)


def even(text: str, font: str, size: float, room: float) -> list[str]:
    """Centred lines of a text, as few as fit and about as long as each other: no year stands alone on the last one."""
    lines = fill(text, font, size, room)
    while len(lines) > 1 and room > 2 * size:
        room -= size
        closer = fill(text, font, size, room)
        if len(closer) > len(lines) or max(width(line, font, size) for line in closer) > room:
            break
        lines = closer
    return lines


def rule_length(lines: Sequence[str], size: float, part: float) -> float:
    """A part (1/3 to 1/2) of the longest bold line above the rule."""
    return max((width(line, BOLD, size) for line in lines), default=0.0) * part


class Title(Block):
    """Box 5a: kind, abstract, rule of 1/3 to 1/2."""

    before = 16.0

    def __init__(self, paper: Manuscript, wide: float = decree.TEXT_WIDTH) -> None:
        super().__init__()
        middle = wide / 2
        y = self.stack((paper.kind,), middle, 0, BOLD, decree.KIND)
        room = wide * 0.92
        lines = [line for told in paper.abstract for line in fill(told, BOLD, decree.ABSTRACT, room)]
        y = self.stack(lines, middle, y, BOLD, decree.ABSTRACT)
        self.rules.append((middle, y + 3, rule_length(lines, decree.ABSTRACT, decree.ABSTRACT_RULE)))
        self.height = y + 3
        self.spaceAfter = 10


class AnnexHead(Block):
    """The annex's number, title, the paper it belongs to, the days it counts."""

    def __init__(self, label: str, title: str, reference: str, span: str, room: float) -> None:
        super().__init__()
        self.outline_text = f"{label}. {title}"
        y = self.stack((label,), room / 2, 0, BOLD, decree.ANNEX)
        y = self.stack(fill(title, BOLD, decree.ANNEX, room), room / 2, y, BOLD, decree.ANNEX)
        y = self.stack(even(reference, ITALIC, decree.REFERENCE, room), room / 2, y, ITALIC, decree.REFERENCE)
        self.height = self.stack(fill(span, ITALIC, 12, room), room / 2, y + 2, ITALIC, 12)
        self.spaceAfter = 6

    def draw(self) -> None:
        bookmark(self.canv, self.outline_text, 0, self.height)
        super().draw()


class Addressees(Flowable):
    """Box 9a: one name beside `Kinh gui:`, or several below it with their dashes under the colon."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        size, room = decree.ADDRESSEE, decree.TEXT_WIDTH
        beside = len(names) == 1
        self.indent = width(f"{ADDRESSED} " if beside else ADDRESSED[:-1], REGULAR, size)
        self.hang = 0.0 if beside else width("- ", REGULAR, size)
        filled = [fill(name, REGULAR, size, room * 0.92 - self.indent - self.hang) for name in names]
        widest = max((width(line, REGULAR, size) for lines in filled for line in lines), default=0.0)
        self.left = max((room - self.indent - self.hang - widest) / 2, 0.0)
        after = self.left + self.indent
        rows = [
            (self.left, ADDRESSED)
        ]  # x, words; each on its own line but the first name beside a lone label
        for lines in filled:
            dash = "" if beside else "- "
            rows += [(after, f"{dash}{lines[0]}"), *((after + self.hang, line) for line in lines[1:])]
        self.rows = [tuple(rows[:2]), *((row,) for row in rows[2:])] if beside else [(row,) for row in rows]
        self.spaceBefore, self.spaceAfter = 6, 8

    def wrap(self, room: float, high: float) -> tuple[float, float]:
        self.width, self.height = room, len(self.rows) * decree.LEADING
        return room, self.height

    def split(self, room: float, high: float) -> list[Flowable]:
        fit = int(high // decree.LEADING)
        if fit < 2 or fit >= len(self.rows):
            return []
        rest = copy(self)
        self.rows, rest.rows = self.rows[:fit], self.rows[fit:]
        return [self, rest]

    def draw(self) -> None:
        canvas, y = self.canv, self.height - decree.ADDRESSEE
        canvas.setFont(REGULAR, decree.ADDRESSEE)
        for row in self.rows:
            for x, words in row:
                canvas.drawString(x, y, words)
            y -= decree.LEADING


class Signature(Flowable):
    """Boxes 7 and 9b: authority, room to sign and name on the right; `Noi nhan` level with the authority line.

    It never splits between authority and name. Copies too many for the page go on over the next one.
    """

    def __init__(
        self, paper: Manuscript, copies: Sequence[str] | None = None, wide: float = decree.TEXT_WIDTH
    ) -> None:
        super().__init__()
        self.paper, self.wide = paper, wide
        room = decree.SIGN_LEFT - 6
        self.copies = (
            [line for told in paper.copies for line in fill(told, REGULAR, decree.COPIES, room)]
            if copies is None
            else list(copies)
        )
        self.signed = copies is None  # else the rest of a list of copies
        lines = paper.signer if self.signed else ()
        self.signer = [line for name in lines for line in fill(name, BOLD, decree.SIGNER, decree.SIGN_RIGHT)]
        self.name = fill(paper.signer_name, BOLD, decree.SIGNER, decree.SIGN_RIGHT) if self.signed else []
        self.spaceBefore = 14 if self.signed else 0

    @property
    def sign_high(self) -> float:
        lines = len(self.signer) + max(len(self.name), 1)
        return lines * decree.SIGNER * 1.2 + decree.SIGNATURE_ROOM if self.signed else 0.0

    @property
    def copies_high(self) -> float:
        head = decree.SIGNER * 1.2 if self.signed and self.copies else 0.0
        return head + len(self.copies) * decree.COPIES * 1.18

    def wrap(self, room: float, high: float) -> tuple[float, float]:
        self.width, self.height = room, max(self.sign_high, self.copies_high)
        return room, self.height

    def split(self, room: float, high: float) -> list[Flowable]:
        used = decree.SIGNER * 1.2 if self.signed else 0.0
        fit = int((high - used) // (decree.COPIES * 1.18))
        if self.sign_high > high or fit < 1:
            return []
        rest = Signature(self.paper, self.copies[fit:], self.wide)
        self.copies = self.copies[:fit]
        return [self, rest]

    def draw(self) -> None:
        canvas, right = self.canv, self.wide - decree.SIGN_RIGHT / 2
        first = self.height - decree.SIGNER
        y = first
        canvas.setFont(BOLD, decree.SIGNER)
        for line in self.signer:
            canvas.drawCentredString(right, y, line)
            y -= decree.SIGNER * 1.2
        y -= decree.SIGNATURE_ROOM
        for line in self.name:
            canvas.drawCentredString(right, y, line)
            y -= decree.SIGNER * 1.2
        y = first
        if self.signed and self.copies:
            canvas.setFont(BOLD_ITALIC, decree.COPIES_HEAD)
            canvas.drawString(0, y, COPIES)
            y -= decree.COPIES * 1.25
        canvas.setFont(REGULAR, decree.COPIES)
        for line in self.copies:
            canvas.drawString(0, y, line)
            y -= decree.COPIES * 1.18
