"""The coverage board on paper: A4 landscape, title, one table whose head stands on every page, remarks under it.

No letterhead and no signature: it is a print of a page, and says of which day. Figures come in as values; a share is
printed with its fraction, a missing figure as "-".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.platypus import Flowable

from tdteam.reports import decree30 as decree
from tdteam.reports.figures import Cell
from tdteam.reports.flow import Look, Prose
from tdteam.reports.fonts import BOLD, ITALIC, register_fonts
from tdteam.reports.grid import Grid, measure
from tdteam.reports.pages import Margins, Paper
from tdteam.reports.tables import BLANK, Align, Column, Row, RowKind, Table
from tdteam.reports.text import printable

INDENT = "   "
MARGINS = Margins(top=15 * decree.MM, bottom=15 * decree.MM, left=15 * decree.MM, right=12 * decree.MM)
SIZES = ((9, 10.0), (12, 9.0), (16, 8.0), (22, 7.0))
"""Letters in points, by how many columns a table may have at that size."""
SMALLEST = 6.0


@dataclass(frozen=True)
class BoardLine:
    """A row: its depth under the whole (-1), its name, its cells."""

    depth: int
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class BoardPaper:
    """The board in words and values. `heads`: the first column's, then one for each cell; `goals`: the row of targets under
    the head, its name first; `notes` stand under the table."""

    title: str
    subtitle: str
    heads: tuple[str, ...]
    lines: tuple[BoardLine, ...]
    goals: tuple[Cell, ...] = ()
    notes: tuple[str, ...] = ()
    author: str = ""
    demo: str = ""


def draw_board_pdf(paper: BoardPaper) -> bytes:
    """The board as PDF; the same paper always gives the same bytes."""
    register_fonts()
    size = next((size for most, size in SIZES if len(paper.heads) <= most), SMALLEST)
    title = Look(font=BOLD, size=14, leading=17, indent=0, before=0, align="left")
    small = Look(font=ITALIC, size=10, leading=12.5, indent=0, before=2, align="left")
    room = decree.A4[1] - MARGINS.left - MARGINS.right
    story: list[Flowable] = [
        Prose(printable(paper.title), title, outline=0),
        Prose(printable(paper.subtitle), Look(**{**vars(small), "after": 6})),
        Grid(measure(_table(paper, size), room, size)),
        *(Prose(printable(note), small) for note in paper.notes),
    ]
    sheet = Paper(printable(paper.title), printable(paper.author), paper.demo, margins=MARGINS)
    sheet.pageTemplates.reverse()  # the wide pages first
    return sheet.print(story)


def _table(paper: BoardPaper, size: float) -> Table:
    name, *heads = (printable(head) for head in paper.heads)
    columns = (Column(name, align=Align.LEFT, flex=6), *(Column(head, flex=1) for head in heads))
    goals = (
        Row((paper.goals[0], *_filled(paper.goals[1:], len(heads))), RowKind.TOTAL) if paper.goals else None
    )
    return Table(columns, tuple(_row(line, len(heads)) for line in paper.lines), size, goals)


def _row(line: BoardLine, wide: int) -> Row:
    kind = RowKind.TOTAL if line.depth < 0 else RowKind.PLAIN
    name = INDENT * max(line.depth, 0) + printable(line.name)
    return Row((name, *_filled(line.cells, wide)), kind)


def _filled(cells: Sequence[Cell], wide: int) -> tuple[Cell, ...]:
    texts = tuple(printable(cell) if isinstance(cell, str) and cell != BLANK else cell for cell in cells)
    return (*texts, *([BLANK] * (wide - len(texts))))
