"""The template of declared figures: a workbook with a line a team and a column an indicator, to fill and send back.

Row 1 holds the codes and column A the teams' ids; both are hidden, and everything but the cells to fill is locked, so
that a filled template is read without guessing.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tdteam.domain.declared import LARGEST
from tdteam.domain.declared_grid import NOTE, RECEIVED, SENDER, TEAM, Grid, GridRow, column_name, mark_of
from tdteam.reports.lists import EPOCH, FONT, WORKBOOK, sheet_name
from tdteam.reports.text import printable

HEAD = 4
_TEAM_WIDE, _FIGURE_WIDE, _WORD_WIDE = 34.0, 10.0, 22.0


@dataclass(frozen=True)
class GridWords:
    """The words of a template: its title and how to fill it, heads of the columns, what a wrong figure is told."""

    title: str
    how: str
    team: str
    villages: str
    sender: str
    received: str
    note: str
    wrong: str


@dataclass(frozen=True)
class Looks:
    """How the cells of a template look; the free ones may be typed into."""

    title: Format
    how: Format
    head: Format
    fixed: Format
    figure: Format
    day: Format
    words: Format


def draw_grid_book(grid: Grid, words: GridWords) -> bytes:
    """The template, with what is declared so far already in it."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, WORKBOOK)
    book.set_properties({"title": printable(words.title), "created": EPOCH})
    sheet = book.add_worksheet(sheet_name(words.title))
    looks = make_looks(book)
    codes = [TEAM, "", *(column.code for column in grid.columns), SENDER, RECEIVED, NOTE]
    sheet.write_string(0, 0, mark_of(grid))
    for place, code in enumerate(codes, 1):
        sheet.write_string(0, place, code)
    sheet.write_string(1, 1, printable(words.title), looks.title)
    sheet.write_string(2, 1, printable(words.how), looks.how)
    _heads(sheet, grid, words, looks)
    for number, row in enumerate(grid.rows, HEAD + 1):
        _line(sheet, number, row, grid, looks)
    _rules(sheet, grid, words)
    book.close()
    return out.getvalue()


def make_looks(book: xlsxwriter.Workbook) -> Looks:
    """Looks of a template."""
    base = {"font_name": FONT, "font_size": 12}
    ruled = {**base, "border": 1, "valign": "vcenter"}
    free = {**ruled, "locked": False}
    return Looks(
        title=book.add_format({**base, "bold": True, "font_size": 14}),
        how=book.add_format({**base, "italic": True}),
        head=book.add_format({**ruled, "bold": True, "align": "center", "text_wrap": True}),
        fixed=book.add_format({**ruled, "text_wrap": True}),
        figure=book.add_format({**free, "num_format": "#,##0"}),
        day=book.add_format({**free, "num_format": "dd/mm/yyyy"}),
        words=book.add_format({**free, "num_format": "@"}),
    )


def _heads(sheet: Worksheet, grid: Grid, words: GridWords, looks: Looks) -> None:
    figures = [column_name(column) for column in grid.columns]
    heads = [words.team, words.villages, *figures, words.sender, words.received, words.note]
    for place, head in enumerate(heads, 1):
        sheet.write_string(HEAD, place, printable(head), looks.head)
    last = len(heads)
    sheet.set_column(0, 0, None, None, {"hidden": True})
    sheet.set_column(1, 1, _TEAM_WIDE)
    sheet.set_column(2, 2, _WORD_WIDE)
    sheet.set_column(3, last - 3, _FIGURE_WIDE)
    sheet.set_column(last - 2, last, _WORD_WIDE)
    sheet.set_row(0, None, None, {"hidden": True})
    sheet.set_row(HEAD, 66)


def _line(sheet: Worksheet, number: int, row: GridRow, grid: Grid, looks: Looks) -> None:
    sheet.write_number(number, 0, row.team_id)
    sheet.write_string(number, 1, printable(row.name), looks.fixed)
    sheet.write_string(number, 2, printable(row.villages), looks.fixed)
    place = 2
    for place, column in enumerate(grid.columns, 3):  # noqa: B007 - place is read after the loop
        value = row.cells.get(column.code)
        if value is None:
            sheet.write_blank(number, place, None, looks.figure)
        else:
            sheet.write_number(number, place, value, looks.figure)
    _text(sheet, number, place + 1, row.sender, looks.words)
    if row.received_on:
        sheet.write_datetime(number, place + 2, row.received_on, looks.day)
    else:
        sheet.write_blank(number, place + 2, None, looks.day)
    _text(sheet, number, place + 3, row.note, looks.words)


def _text(sheet: Worksheet, number: int, place: int, text: str, look: Format) -> None:
    if text:
        sheet.write_string(number, place, printable(text), look)
    else:
        sheet.write_blank(number, place, None, look)


def _rules(sheet: Worksheet, grid: Grid, words: GridWords) -> None:
    """Only whole numbers into the figures, nothing but the free cells open, A4 landscape with its head repeated."""
    last_row, last = HEAD + max(len(grid.rows), 1), len(grid.columns) + 5
    sheet.data_validation(
        HEAD + 1,
        3,
        last_row,
        len(grid.columns) + 2,
        {
            "validate": "integer",
            "criteria": "between",
            "minimum": 0,
            "maximum": LARGEST,
            "error_title": printable(words.title)[:32],
            "error_message": printable(words.wrong)[:255],
        },
    )
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    sheet.freeze_panes(HEAD + 1, 3)
    sheet.repeat_rows(HEAD)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.print_area(1, 1, last_row, last)
