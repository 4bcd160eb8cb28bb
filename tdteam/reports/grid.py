"""A ruled table as one flowable: measured once, split between rows, its head on every page, lines drawn as lines.

ReportLab's own Table spends most of its time on styles a government table does not have. Cells here are text that is
measured, wrapped and shown; nothing in them is markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from reportlab.platypus import Flowable

from tdteam.reports.decree30 import GAP, RULE
from tdteam.reports.flow import Piece, sheet_of
from tdteam.reports.fonts import BOLD, REGULAR, width
from tdteam.reports.sheet import Placed, Rule
from tdteam.reports.tables import Align, Column, Row, RowKind, Table, cell_text
from tdteam.reports.text import wrap

PAD_X, PAD_Y = 2.5, 2.2
LINE = 1.16  # of the size
ROUNDING = 0.05  # points a column has to spare, so that its widest word does fit
LINE_LIMIT = 12  # a cell's lines: a row always fits on a page, whatever was typed into it
_WIDE_KINDS = (RowKind.GROUP, RowKind.EMPTY)


@dataclass(frozen=True)
class _Box:
    """A cell ready to draw: its lines, place and size inside its row or head; x from the table's left edge."""

    lines: Sequence[str]
    x: float
    wide: float
    align: Align
    y: float = 0.0  # from the top of row or head
    high: float = 0.0


@dataclass(frozen=True)
class _Measured:
    """A table at a width: edges of its columns, its head and each row's boxes and height."""

    edges: tuple[float, ...]
    size: float
    head: tuple[_Box, ...]
    head_high: float
    rows: tuple[tuple[_Box, ...], ...]
    heights: tuple[float, ...]
    kinds: tuple[RowKind, ...]


def measure(table: Table, room: float, size: float, least_row: float = 0) -> _Measured:
    """Column widths, wrapped cells and heights of a table in `room` points."""
    texts = [tuple(cell_text(cell) for cell in row.cells) for row in table.rows]
    widths = _column_widths(table, texts, room, size)
    edges = [0.0]
    for wide in widths:
        edges.append(edges[-1] + wide)
    head, head_high = _measure_head(table.columns, edges, size)
    if table.under_head is not None:
        under = _measure_under(table, table.under_head, edges, size)
        high = _height(max(len(box.lines) for box in under), size)
        head = (*head, *(replace(box, y=head_high, high=high) for box in under))
        head_high += high
    rows = [
        _measure_row(table.columns, row, cells, edges, size)
        for row, cells in zip(table.rows, texts, strict=True)
    ]
    deep = [max((len(box.lines) for box in row), default=1) for row in rows]
    heights = tuple(max(_height(lines, size), least_row) for lines in deep)
    return _Measured(
        tuple(edges), size, head, head_high, tuple(rows), heights, tuple(row.kind for row in table.rows)
    )


def _height(lines: int, size: float) -> float:
    return lines * size * LINE + 2 * PAD_Y


def _fill(text: str, room: float, font: str, size: float) -> Sequence[str]:
    inner = max(room - 2 * PAD_X, size)
    if "\n" in text:  # a stacked figure: each line for itself
        return [line for part in text.split("\n") for line in _fill(part, room, font, size)][:LINE_LIMIT]
    if width(text, font, size) <= inner:
        return (text,)
    lines = wrap(text, inner, partial(width, font=font, size=size))
    return lines if len(lines) <= LINE_LIMIT else [*lines[: LINE_LIMIT - 1], "..."]


def _column_widths(table: Table, texts: list[tuple[str, ...]], room: float, size: float) -> list[float]:
    """Each column its longest word, columns without `flex` their longest cell; what is left is shared out by flex,
    first up to the longest cell of each column, so that as few cells as possible wrap."""
    least, natural = [], []
    for place, column in enumerate(table.columns):
        cells = [
            (row[place], REGULAR if line.kind is RowKind.PLAIN else BOLD)
            for row, line in zip(texts, table.rows, strict=True)
            if line.kind not in _WIDE_KINDS
        ]
        widest = max(
            (width(part, font, size) for text, font in cells for part in text.split("\n")), default=0.0
        )
        words = {(word, font) for text, font in cells for word in text.split()} if column.flex else ()
        head = max((width(word, BOLD, size) for word in column.head.split()), default=0.0)
        longest = max((width(word, font, size) for word, font in words), default=0.0) if words else widest
        extra = 2 * PAD_X + ROUNDING
        least.append(max(min(max(longest, head), room / 3) + extra, column.least))
        natural.append(max(widest, head, width(column.head, BOLD, size) * 0.55) + extra)  # heads in two lines
    if sum(least) >= room:
        return [wide * room / sum(least) for wide in least]
    return _share_out(least, natural, [column.flex for column in table.columns], room - sum(least))


def _share_out(least: list[float], natural: list[float], flex: list[float], spare: float) -> list[float]:
    """Widths that use all of `spare`: by flex up to each natural width, then by flex alone (by column without any)."""
    widths = list(least)
    wanting = {i for i, part in enumerate(flex) if part and natural[i] > widths[i]}
    while wanting and spare > ROUNDING:
        parts = sum(flex[i] for i in wanting)
        given = {i: min(natural[i] - widths[i], spare * flex[i] / parts) for i in wanting}
        for i, wide in given.items():
            widths[i] += wide
        spare -= sum(given.values())
        wanting = {i for i in wanting if natural[i] - widths[i] > ROUNDING}
    parts = sum(flex)
    return [
        wide + spare * (part / parts if parts else 1 / len(flex))
        for wide, part in zip(widths, flex, strict=True)
    ]


def _measure_head(
    columns: tuple[Column, ...], edges: list[float], size: float
) -> tuple[tuple[_Box, ...], float]:
    """One row of heads, or two where neighbours share a group; a column without a group spans both."""
    spans = group_spans(columns)
    names = [_fill(column.head, edges[i + 1] - edges[i], BOLD, size) for i, column in enumerate(columns)]
    groups = {
        span: _fill(columns[span[0]].group, edges[span[1]] - edges[span[0]], BOLD, size) for span in spans
    }
    grouped = {i for span in spans for i in range(*span)}
    upper = max((_height(len(lines), size) for lines in groups.values()), default=0.0)
    lower = max((_height(len(names[i]), size) for i in grouped), default=0.0)
    lone = max((_height(len(names[i]), size) for i in range(len(columns)) if i not in grouped), default=0.0)
    lower = max(lower, lone - upper)
    boxes = [
        _Box(lines, edges[span[0]], edges[span[1]] - edges[span[0]], Align.CENTER, 0.0, upper)
        for span, lines in groups.items()
    ]
    for i, lines in enumerate(names):
        top, high = (upper, lower) if i in grouped else (0.0, upper + lower)
        boxes.append(_Box(lines, edges[i], edges[i + 1] - edges[i], Align.CENTER, top, high))
    return tuple(boxes), upper + lower


def _measure_under(table: Table, row: Row, edges: list[float], size: float) -> tuple[_Box, ...]:
    """The row that stands under the head on every page."""
    return _measure_row(table.columns, row, tuple(cell_text(cell) for cell in row.cells), edges, size)


def group_spans(columns: Sequence[Column]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for i, column in enumerate(columns):
        if column.group and spans and spans[-1][1] == i and columns[i - 1].group == column.group:
            spans[-1] = (spans[-1][0], i + 1)
        elif column.group:
            spans.append((i, i + 1))
    return spans


def _measure_row(
    columns: tuple[Column, ...], row: Row, cells: tuple[str, ...], edges: list[float], size: float
) -> tuple[_Box, ...]:
    if row.kind in _WIDE_KINDS:
        font = BOLD if row.kind is RowKind.GROUP else REGULAR
        align = Align.LEFT if row.kind is RowKind.GROUP else Align.CENTER
        return (_Box(_fill(cells[0], edges[-1], font, size), 0.0, edges[-1], align),)
    font = REGULAR if row.kind is RowKind.PLAIN else BOLD
    return tuple(
        _Box(
            _fill(text, edges[i + 1] - edges[i], font, size),
            edges[i],
            edges[i + 1] - edges[i],
            columns[i].align,
        )
        for i, text in enumerate(cells)
    )


class Grid(Piece):
    """Rows `first` to `last` (half-open) of a measured table, under its head."""

    def __init__(self, table: _Measured, first: int = 0, last: int | None = None) -> None:
        super().__init__()
        self.table = table
        self.first = first
        self.last = len(table.rows) if last is None else last
        self.spaceBefore = GAP
        self.spaceAfter = 0

    def wrap(self, room: float, high: float) -> tuple[float, float]:
        self.width = self.table.edges[-1]
        self.height = self.table.head_high + sum(self.table.heights[self.first : self.last])
        return self.width, self.height

    def least(self, room: float) -> float:
        """Its head and first three rows."""
        rows = self.table.heights[self.first : self.first + 3]
        return self.spaceBefore + self.table.head_high + sum(rows)

    def split(self, room: float, high: float) -> list[Flowable]:
        """Between two rows: never a group's title or a total alone, and not one row at the foot of a page."""
        table = self.table
        left, stop = high - table.head_high, self.first
        while stop < self.last and table.heights[stop] <= left:
            left -= table.heights[stop]
            stop += 1
        if stop == self.last - 1 and table.kinds[stop] is RowKind.TOTAL:
            stop -= 1
        while stop > self.first and table.kinds[stop - 1] is RowKind.GROUP:
            stop -= 1
        if stop <= self.first or (stop - self.first == 1 and high < 250):
            return []
        return [Grid(table, self.first, stop), Grid(table, stop, self.last)]

    def draw(self) -> None:
        table = self.table
        texts: dict[str, list[Placed]] = {REGULAR: [], BOLD: []}
        y = self.height
        rules = [edge for box in table.head for edge in _frame(box, y)]
        for box in table.head:
            texts[BOLD] += _place(box, y - box.y, box.high, BOLD, table.size)
        y -= table.head_high
        edges, top = table.edges, y  # verticals run through as many rows as share them
        for place in range(self.first, self.last):
            high, kind = table.heights[place], table.kinds[place]
            font = REGULAR if kind in (RowKind.PLAIN, RowKind.EMPTY) else BOLD
            for box in table.rows[place]:
                texts[font] += _place(box, y, high, font, table.size)
            these = (0.0, table.edges[-1]) if kind in _WIDE_KINDS else table.edges
            if these != edges:
                rules += [(x, top, x, y) for x in edges if top > y]
                edges, top = these, y
            y -= high
            rules.append((0.0, y, table.edges[-1], y))
        rules += [(x, top, x, y) for x in edges]
        sheet = sheet_of(self)
        sheet.rule(RULE * 0.67, dict.fromkeys(rules))
        for font, placed in texts.items():
            sheet.write(font, table.size, placed)


def _frame(box: _Box, top: float) -> list[Rule]:
    left, right = box.x, box.x + box.wide
    upper, lower = top - box.y, top - box.y - box.high
    return [
        (left, upper, right, upper),
        (left, lower, right, lower),
        (left, upper, left, lower),
        (right, upper, right, lower),
    ]


def _place(box: _Box, top: float, high: float, font: str, size: float) -> list[Placed]:
    """The lines of a cell, centred between its upper and lower rule."""
    leading = size * LINE
    y = top - (high - len(box.lines) * leading) / 2 - size * 0.92
    placed: list[Placed] = []
    for line in box.lines:
        if box.align is Align.LEFT:
            x = box.x + PAD_X
        else:
            gap = box.wide - width(line, font, size)
            x = box.x + (gap / 2 if box.align is Align.CENTER else gap - PAD_X)
        placed.append((x, y, line, 0.0))
        y -= leading
    return placed
