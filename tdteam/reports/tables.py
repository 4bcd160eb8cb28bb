"""The tables of a report as heads and rows of values, the same for PDF, DOCX and workbook. Nothing is added up here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from tdteam.domain.report import Report
from tdteam.domain.report_blocks import CauseTable, ChangeList, ChangeTable, FigureTable, TeamTable
from tdteam.domain.report_facts import (
    CauseLine,
    FigureChange,
    FigureLine,
    TeamLine,
    VillageColumn,
    VillageTable,
)
from tdteam.domain.shares import Share, change
from tdteam.domain.vocabulary import Nature
from tdteam.reports import decree30 as decree
from tdteam.reports import wording
from tdteam.reports.figures import Cell, show, signed

DASH = "\u2013"  # what a screen shows where nobody knows
BLANK = " "  # a cell with nothing to say, unlike a figure nobody has


def cell_text(cell: Cell) -> str:
    """A cell as it is printed."""
    return "" if cell == BLANK else show(cell)


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True)
class Column:
    """A column under its head; neighbours of one `group` share a head above theirs.

    `flex` is the column's part of the width that is left when every column has room for its longest word; 0 keeps it
    at that width. `least` is a width in points to have anyway, for columns that are written in by hand.
    """

    head: str
    group: str = ""
    align: Align = Align.CENTER
    flex: float = 0
    least: float = 0


class RowKind(StrEnum):
    PLAIN = "plain"
    GROUP = "group"  # one cell across, bold
    TOTAL = "total"  # bold
    EMPTY = "empty"  # one cell across, centred


@dataclass(frozen=True)
class Row:
    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.PLAIN


@dataclass(frozen=True)
class Table:
    """`under_head`: a row in bold that stands right under the head on every page of a PDF."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    size: float = decree.TABLE
    under_head: Row | None = None


def _table(
    columns: tuple[Column, ...],
    rows: list[Row],
    size: float = decree.TABLE,
    empty: str = wording.NO_ROWS,
) -> Table:
    return Table(columns, tuple(rows) or (Row((empty,), RowKind.EMPTY),), size)


def figure_table(table: FigureTable, report: Report) -> Table:
    """Indicators by pillar: this span, the one before, the change, the statutory year so far."""
    name, unit, now, before, by, total = wording.FIGURE_HEADS
    columns = (
        Column(wording.ORDER),
        Column(name, align=Align.LEFT, flex=30),
        Column(unit, flex=1),
        Column(now, flex=1),
        Column(before, flex=1),
        Column(by, flex=1),
        Column(f"{total} {show(report.span.year_since)}", flex=1),
    )
    rows: list[Row] = []
    order = 0
    for place, group in enumerate(table.groups):
        rows.append(
            Row((f"{wording.ROMAN[place % 8]}. {wording.group_name(group.code, group.name)}",), RowKind.GROUP)
        )
        for line in group.lines:
            order += 1
            rows.append(Row((order, *_figure_cells(line))))
    return _table(columns, rows)


def _figure_cells(line: FigureLine) -> tuple[Cell, ...]:
    by = change(line.now, line.previous)
    points = (
        f"{signed(by)} {wording.POINTS}" if isinstance(line.now, Share) and by is not None else signed(by)
    )
    cumulative = None if line.nature is Nature.STOCK else line.cumulative
    return wording.figure_name(line), line.unit, line.now, line.previous, points, cumulative


def village_table(table: VillageTable, report: Report) -> Table:
    heads = [wording.village_head(column) for column in table.columns]
    columns = (
        Column(wording.ORDER),
        Column(wording.VILLAGE, align=Align.LEFT, flex=6),
        *(Column(name, group) for name, group in heads),
        Column(wording.NOTE, align=Align.LEFT, flex=1),
    )
    rows: list[Row] = []
    sums = {one.group: one for one in table.subtotals}
    order = 0
    for group, lines in groupby(table.rows, key=lambda line: line.group):
        if group:
            rows.append(Row((group,), RowKind.GROUP))
        for order, line in enumerate(lines, order + 1):  # noqa: B020 - the numbers go on through all communes
            name = f"{show(line.name)} *" if line.declared else line.name
            rows.append(Row((order, name, *line.values, line.note or BLANK)))
        if one := sums.get(group):
            rows.append(Row((BLANK, wording.subtotal_name(one), *one.values, BLANK), RowKind.TOTAL))
    if table.total:
        name = table.total.name or wording.TOTAL
        rows.append(Row((BLANK, name, *table.total.values, table.total.note or BLANK), RowKind.TOTAL))
    return _table(columns, rows)


def cause_table(table: CauseTable, report: Report) -> Table:
    name, now, share, before, cumulative, villages = wording.CAUSE_HEADS
    columns = (
        Column(wording.ORDER),
        Column(name, align=Align.LEFT, flex=5),
        Column(now, flex=1),
        Column(share, flex=2),
        Column(before, flex=1),
        Column(cumulative, flex=1),
        Column(villages, flex=1),
    )

    def cells(line: CauseLine) -> tuple[Cell, ...]:
        part = Share(line.now, table.whole)
        return line.now, part, line.previous, line.cumulative, line.villages

    rows = [Row((order, line.name, *cells(line))) for order, line in enumerate(table.lines, 1)]
    if table.total:
        rows.append(Row((BLANK, table.total.name or wording.TOTAL, *cells(table.total)), RowKind.TOTAL))
    return _table(columns, rows, empty=wording.NO_CAUSES if table.whole == 0 else wording.NO_ROWS)


def team_table(table: TeamTable, report: Report) -> Table:
    team, decision, leader, members, women, trained, note = wording.TEAM_HEADS
    group = wording.TEAM_GROUP
    noted = any(line.note for line in table.lines)
    columns = (
        Column(wording.ORDER),
        Column(team, align=Align.LEFT, flex=3),
        Column(decision, flex=8),
        Column(leader, align=Align.LEFT, flex=5),
        Column(members, group),
        Column(women, group),
        Column(trained, group),
        *((Column(note, align=Align.LEFT, flex=1),) if noted else ()),
    )
    rows = []
    for order, line in enumerate(table.lines, 1):
        told = wording.decision(line.decision, line.decided_on)
        people = (line.members, line.women, line.trained)
        notes = (line.note or BLANK,) if noted else ()
        rows.append(Row((order, _team_name(line), told, line.leader, *people, *notes)))
    return _table(columns, rows)


def _team_name(line: TeamLine) -> str:
    """The team and what it serves, without saying a village twice: most teams carry its name."""
    base, mark, rest = line.villages.partition(" (")
    if base in line.name and "," not in line.villages:
        return f"{line.name} ({rest}" if mark and f"({rest}" not in line.name else line.name
    return f"{line.name} ({line.villages})"


def change_table(table: ChangeTable, report: Report) -> Table:
    on, team, kind, who, basis = wording.CHANGE_HEADS
    columns = (
        Column(wording.ORDER),
        Column(on),
        Column(team, align=Align.LEFT, flex=2),
        Column(kind, align=Align.LEFT, flex=2),
        Column(who, align=Align.LEFT, flex=3),
        Column(basis, align=Align.LEFT, flex=3),
    )
    rows = [
        Row((order, line.on, line.team, wording.CHANGES[line.kind], line.who or BLANK, line.basis or BLANK))
        for order, line in enumerate(table.lines, 1)
    ]
    return _table(columns, rows, empty=wording.NO_CHANGES if table.is_known else wording.NO_ROWS)


def difference_table(table: ChangeList, report: Report) -> Table:
    """Every figure that is not what the replaced report said, old beside new."""
    where, name, old, new = wording.DIFFERENCE_HEADS
    columns = (
        Column(wording.ORDER),
        Column(where, align=Align.LEFT, flex=3),
        Column(name, align=Align.LEFT, flex=5),
        Column(old, align=Align.RIGHT, flex=1),
        Column(new, align=Align.RIGHT, flex=1),
    )
    heads = _village_heads(report)
    rows = [
        Row((order, *_difference(line, heads), _said_again(line.old), _said_again(line.new)))
        for order, line in enumerate(table.lines, 1)
    ]
    return _table(columns, rows)


@dataclass(frozen=True)
class Difference:
    """A changed figure in words, as a screen tells it."""

    where: str
    name: str
    old: str
    new: str


def tell_differences(lines: Iterable[FigureChange], columns: Iterable[VillageColumn]) -> list[Difference]:
    """Changed figures as the annex of a replacing report would tell them."""
    heads = _column_names(columns)
    return [
        Difference(*_difference(line, heads), *(_told(figure) for figure in (line.old, line.new)))
        for line in lines
    ]


def _told(figure: str) -> str:
    cell = _said_again(figure)
    return show(cell) if cell is not None else DASH


def _difference(line: FigureChange, heads: dict[str, str]) -> tuple[str, str]:
    if not line.where:
        return wording.WHOLE_PLACE, line.name
    return line.where, heads.get(line.code, line.name or line.code)


def _village_heads(report: Report) -> dict[str, str]:
    """What the columns of annex I are called, each with its group."""
    blocks = [block for annex in report.annexes for block in annex.blocks if isinstance(block, VillageTable)]
    return _column_names(column for block in blocks for column in block.columns)


def _column_names(columns: Iterable[VillageColumn]) -> dict[str, str]:
    named = {column.code: wording.village_head(column) for column in columns}
    return {code: f"{group}: {name}" if group else name for code, (name, group) in named.items()}


def _said_again(figure: str) -> Cell:
    """A figure of a snapshot as the paper writes it: `1.234`, `3/4 (75%)`, "-"."""
    part, _, whole = figure.partition("/")
    if not whole:
        return int(part) if part.lstrip("-").isdigit() else None
    numbers = [int(one) if one.lstrip("-").isdigit() else None for one in (part, whole)]
    return Share(*numbers)
