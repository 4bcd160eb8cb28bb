"""A roster's bad rows as a workbook to be corrected and imported again: the head as it was, and why each row is here.

A bad cell has a thick edge, a note with the sentence and a colour: none of them alone. The last column repeats the
reason, for those who print the list. Context rows (good ones a correction must not be mistaken for) are grey.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tdteam.domain.cells import Cell
from tdteam.domain.rosters.sheets import Row, Span
from tdteam.reports.lists import CELL_LIMIT, EPOCH, FONT, WORKBOOK, sheet_name
from tdteam.reports.text import printable

_NARROWEST, _WIDEST, _REASON_WIDTH = 7, 34, 60
_LOOKED_AT = 200  # rows that decide how wide a column is


@dataclass(frozen=True)
class ReasonsRow:
    """A row as it stands in the file; `flaws` are sentences by column, `why` the words of the last column."""

    cells: Row
    why: str
    flaws: Mapping[int, str] = field(default_factory=dict)
    is_context: bool = False


@dataclass(frozen=True)
class ReasonsSheet:
    """A sheet: the rows down to the head (`label` stands over the reasons, in row `label_row` from 0) and the bad ones."""

    name: str
    head: Sequence[Row]
    merged: Sequence[Span]
    label: str
    label_row: int
    rows: Sequence[ReasonsRow]


def draw_reasons(title: str, sheets: Sequence[ReasonsSheet]) -> bytes:
    """The workbook; the same sheets give the same bytes."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, WORKBOOK)
    book.set_properties({"title": printable(title), "created": EPOCH})
    formats = _formats(book)
    taken: set[str] = set()
    for sheet in sheets:
        _draw_sheet(book.add_worksheet(_own_name(sheet.name, taken)), sheet, formats)
    book.close()
    return out.getvalue()


def _own_name(name: str, taken: set[str]) -> str:
    """A name Excel takes and no other sheet has."""
    wanted = sheet_name(name)
    found, count = wanted, 1
    while found.lower() in taken:
        count += 1
        found = f"{wanted[:27]} {count}"
    taken.add(found.lower())
    return found


def _formats(book: xlsxwriter.Workbook) -> dict[str, Any]:
    base = {"font_name": FONT, "font_size": 12, "valign": "top"}
    ruled = {**base, "border": 1, "text_wrap": True}
    kinds: dict[str, dict[str, Any]] = {
        "title": {**base},
        "head": {**ruled, "bold": True, "align": "center", "valign": "vcenter"},
        "plain": ruled,
        "context": {**ruled, "font_color": "#595959", "italic": True},
        "bad": {**ruled, "border": 5, "border_color": "#86190F", "bg_color": "#FBE3DF"},
        "why": {**ruled, "left": 2},
    }
    out = {}
    for name, values in kinds.items():
        out[name] = book.add_format(values)
        out[f"{name}-day"] = book.add_format({**values, "num_format": "dd/mm/yyyy"})
    return out


def _draw_sheet(page: Worksheet, sheet: ReasonsSheet, formats: Mapping[str, Any]) -> None:
    wide = max(map(len, [*sheet.head, *(row.cells for row in sheet.rows)]), default=0)
    first = len(sheet.head)
    for column, width in enumerate(_widths(sheet, wide)):
        page.set_column(column, column, width)
    page.set_column(wide, wide, _REASON_WIDTH)
    _draw_head(page, sheet, wide, formats)
    for place, row in enumerate(sheet.rows, first):
        for column, cell in enumerate([*row.cells, *[""] * (wide - len(row.cells))]):
            kind = "bad" if column in row.flaws else "context" if row.is_context else "plain"
            _write(page, place, column, cell, kind, formats)
            if column in row.flaws:
                note = {"x_scale": 2.2, "y_scale": 1.2, "author": "tdteam"}
                page.write_comment(place, column, printable(row.flaws[column])[:CELL_LIMIT], note)
        _write(page, place, wide, row.why, "context" if row.is_context else "why", formats)
    page.freeze_panes(first, 0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    if first:
        page.repeat_rows(max(0, sheet.label_row), first - 1)


def _draw_head(page: Worksheet, sheet: ReasonsSheet, wide: int, formats: Mapping[str, Any]) -> None:
    covered = set()
    for top, left, bottom, right in sheet.merged:
        if bottom < len(sheet.head) and (top, left) != (bottom, right):
            kind = "head" if top >= sheet.label_row else "title"
            cell = sheet.head[top][left] if left < len(sheet.head[top]) else ""
            page.merge_range(top, left, bottom, right, "", formats[kind])
            _write(page, top, left, cell, kind, formats)
            covered |= {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
    for place, row in enumerate(sheet.head):
        in_head = place >= sheet.label_row
        for column in range(wide if in_head else len(row)):
            cell = row[column] if column < len(row) else ""
            if (place, column) not in covered and (in_head or cell not in ("", None)):
                _write(page, place, column, cell, "head" if in_head else "title", formats)
    _write(page, sheet.label_row, wide, sheet.label, "head", formats)


def _widths(sheet: ReasonsSheet, wide: int) -> list[float]:
    """As wide as the longest value among the first rows, within reason; labels wrap."""
    longest = [0] * wide
    for row in sheet.rows[:_LOOKED_AT]:
        for column, cell in enumerate(row.cells):
            longest[column] = max(longest[column], len(_text(cell)))
    return [min(_WIDEST, max(_NARROWEST, 1.15 * length + 2)) for length in longest]


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _write(page: Worksheet, row: int, column: int, cell: Cell, kind: str, formats: Mapping[str, Any]) -> None:
    if isinstance(cell, bool):
        page.write_boolean(row, column, cell, formats[kind])
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell, formats[kind])
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, formats[f"{kind}-day"])
    else:
        text = printable(_text(cell))[:CELL_LIMIT]
        if text:
            page.write_string(row, column, text, formats[kind])
        else:
            page.write_blank(row, column, None, formats[kind])
