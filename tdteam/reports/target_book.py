"""The template of targets: a workbook with a line a place and a column an indicator, to fill and send back.

Row 1 holds the codes and column A the places' ids, both hidden; all but the cells to fill is locked (`grid_book`).
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tdteam.domain.target_book import mark_of
from tdteam.domain.targets import TargetGrid, is_share, shown
from tdteam.reports.grid_book import make_looks
from tdteam.reports.lists import EPOCH, WORKBOOK, sheet_name
from tdteam.reports.text import printable

HEAD = 4
_PLACE_WIDE, _FIGURE_WIDE = 34.0, 13.0


@dataclass(frozen=True)
class TargetWords:
    """The words of a template: its title and how to fill it, the head of the first column, the unit of a count."""

    title: str
    how: str
    place: str
    count: str


def draw_target_book(grid: TargetGrid, words: TargetWords) -> bytes:
    """The template, with what is set so far already in it."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, WORKBOOK)
    book.set_properties({"title": printable(words.title), "created": EPOCH})
    sheet = book.add_worksheet(sheet_name(words.title))
    looks = make_looks(book)
    sheet.write_string(0, 0, mark_of(grid))
    sheet.write_string(0, 1, "place")
    sheet.write_string(1, 1, printable(words.title), looks.title)
    sheet.write_string(2, 1, printable(words.how), looks.how)
    sheet.write_string(HEAD, 1, printable(words.place), looks.head)
    share = book.add_format({**FREE, "num_format": "0.##"})
    for at, one in enumerate(grid.columns, 2):
        unit = "%" if is_share(one) else words.count
        sheet.write_string(0, at, one.code)
        sheet.write_string(HEAD, at, printable(f"{one.short_name} ({unit})"), looks.head)
    rows = [row for row in grid.rows if row.is_typed]
    for number, row in enumerate(rows, HEAD + 1):
        sheet.write_number(number, 0, row.place_id)
        sheet.write_string(number, 1, printable(row.name), looks.fixed)
        for at, one in enumerate(grid.columns, 2):
            value, look = grid.own(row, one), share if is_share(one) else looks.figure
            if value is None:
                sheet.write_blank(number, at, None, look)
            else:
                sheet.write_number(number, at, float(shown(value)) if is_share(one) else value, look)
    _page(sheet, HEAD + max(len(rows), 1), len(grid.columns) + 1)
    book.close()
    return out.getvalue()


FREE = {
    "font_name": "Times New Roman",
    "font_size": 12,
    "border": 1,
    "valign": "vcenter",
    "locked": False,
}


def _page(sheet: Worksheet, last_row: int, last: int) -> None:
    sheet.set_column(0, 0, None, None, {"hidden": True})
    sheet.set_column(1, 1, _PLACE_WIDE)
    sheet.set_column(2, last, _FIGURE_WIDE)
    sheet.set_row(0, None, None, {"hidden": True})
    sheet.set_row(HEAD, 66)
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    sheet.freeze_panes(HEAD + 1, 2)
    sheet.repeat_rows(HEAD)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.print_area(1, 1, last_row, last)
