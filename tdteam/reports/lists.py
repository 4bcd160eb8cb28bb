"""Any list of the house as a workbook or CSV: title rows, frozen head, A4 landscape, no cell that comes alive.

Rows are taken one at a time and written away at once, so a list of 50,000 needs no more memory than one of 50.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tdteam.domain.shares import Share
from tdteam.domain.vietnamese import fold
from tdteam.reports.figures import MISSING, show
from tdteam.reports.list_sheet import Cell, ListSheet
from tdteam.reports.text import printable

# A workbook's creation date is part of its bytes; what is drawn twice must be the same twice.
EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's dates know no zone
# Text stays text: nothing a person typed becomes a formula, a link or a number.
WORKBOOK: dict[str, Any] = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
CELL_LIMIT = 32_000  # Excel takes 32,767 letters a cell
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
FONT = "Times New Roman"


class Kind(StrEnum):
    TEXT = "text"
    INT = "int"
    DATE = "date"
    PERCENT = "percent"
    CHANGE = "change"  # a count or points, with its sign


@dataclass(frozen=True)
class ListColumn:
    """A column: its head, what its values are, its width in letters (0: by kind).

    Values are str, int, date (or None) by kind, of a change int or Decimal; a percent is a Share, written with its
    fraction in CSV and as a number in Excel, or a number of per cent.
    """

    head: str
    kind: Kind = Kind.TEXT
    wide: float = 0


ListRow = Sequence[object]
_WIDTHS = {Kind.TEXT: 24.0, Kind.INT: 11.0, Kind.DATE: 12.0, Kind.PERCENT: 10.0, Kind.CHANGE: 10.0}


def draw_list_xlsx(
    title: str, subtitle: str, columns: Sequence[ListColumn], rows: Iterable[ListRow]
) -> bytes:
    """A workbook of one sheet. Missing figures are "-", missing texts are empty."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {**WORKBOOK, "in_memory": False, "constant_memory": True})
    book.set_properties({"title": printable(title), "created": EPOCH})
    sheet: ListSheet = book.add_worksheet(sheet_name(title), worksheet_class=ListSheet)
    formats = ListFormats(book)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.wide or _WIDTHS[column.kind])
    sheet.write_string(0, 0, printable(title), formats.title)
    sheet.write_string(1, 0, printable(subtitle), formats.subtitle)
    for place, column in enumerate(columns):
        sheet.write_string(HEAD_ROW, place, printable(column.head), formats.head)
    last = HEAD_ROW
    cells = [_CELLS[column.kind] for column in columns]
    for last, line in enumerate(rows, HEAD_ROW + 1):  # noqa: B007 - last is read after the loop
        sheet.put_row(last, [cell(value, formats) for cell, value in zip(cells, line, strict=True)])
    set_page(sheet, last, len(columns) - 1, landscape=True)
    book.close()
    return out.getvalue()


HEAD_ROW = 3


def draw_list_csv(title: str, subtitle: str, columns: Sequence[ListColumn], rows: Iterable[ListRow]) -> bytes:
    """UTF-8 with byte-order mark, one head row; texts that a spreadsheet would run get an apostrophe before them.

    Title and subtitle stay out: a CSV is for machines and pivot tables, its first line is the head.
    """
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_tame(printable(column.head)) for column in columns])
    kinds = [column.kind for column in columns]
    for line in rows:
        writer.writerow([_csv_cell(value, kind) for value, kind in zip(line, kinds, strict=True)])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def ascii_filename(text: str, ending: str = "") -> str:
    """A file name any system takes: "Bao cao thang 10/2026" with its marks to `bao-cao-thang-10-2026`, plus `.ending`."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:100].rstrip("-") or "tdteam"
    return f"{plain}.{ending}" if ending else plain


def sheet_name(text: str) -> str:
    """At most 31 letters, none of those Excel refuses."""
    name = re.sub(r"[\[\]:*?/\\]", " ", printable(text)).strip("' ")[:31].strip("' ")
    return name if name and name.lower() != "history" else "Sheet1"


class ListFormats:
    """The formats of one workbook; ruled cells in Times New Roman 12."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        base = {"font_name": FONT, "font_size": 12}
        ruled = {**base, "border": 1, "valign": "vcenter"}
        self.title: Format = book.add_format({**base, "bold": True, "font_size": 14})
        self.subtitle: Format = book.add_format({**base, "italic": True})
        self.head: Format = book.add_format({**ruled, "bold": True, "align": "center", "text_wrap": True})
        self.text: Format = book.add_format({**ruled, "num_format": "@"})
        self.wrap: Format = book.add_format({**ruled, "text_wrap": True})
        self.count: Format = book.add_format({**ruled, "num_format": "#,##0"})
        self.decimal: Format = book.add_format({**ruled, "num_format": "#,##0.0"})
        self.change: Format = book.add_format({**ruled, "num_format": "+#,##0;-#,##0;0"})
        self.points: Format = book.add_format({**ruled, "num_format": "+#,##0.0;-#,##0.0;0"})
        self.percent: Format = book.add_format({**ruled, "num_format": "0.0%"})
        self.day: Format = book.add_format({**ruled, "num_format": "dd/mm/yyyy", "align": "center"})
        self.missing: Format = book.add_format({**ruled, "align": "center"})
        self.group: Format = book.add_format({**ruled, "bold": True})
        self.total: Format = book.add_format({**ruled, "bold": True, "num_format": "#,##0"})


def set_page(
    sheet: Worksheet, last_row: int, last_column: int, *, landscape: bool, head_row: int = HEAD_ROW
) -> None:
    """A4, one page wide, head repeated and frozen, filter on the head, page numbers."""
    sheet.freeze_panes(head_row + 1, 0)
    sheet.repeat_rows(head_row)
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.set_margins(left=0.79, right=0.59, top=0.79, bottom=0.79)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P/&N")
    sheet.print_area(0, 0, last_row, last_column)
    if last_row > head_row:
        sheet.autofilter(head_row, 0, last_row, last_column)


def _text(value: object, formats: ListFormats) -> Cell:
    text = "" if value is None else printable(str(value))
    if len(text) > CELL_LIMIT // 2:  # Excel counts some letters as two
        text = text.encode("utf-16-le")[: 2 * CELL_LIMIT].decode("utf-16-le", "ignore")
    return formats.text, text or None


def _count(value: Any, formats: ListFormats) -> Cell:
    return (formats.missing, MISSING) if value is None else (formats.count, value)


def _day(value: object, formats: ListFormats) -> Cell:
    return (formats.day, value) if isinstance(value, date) else (formats.missing, MISSING)


def _percent(value: Any, formats: ListFormats) -> Cell:
    percent = value.percent if isinstance(value, Share) else value
    return (formats.missing, MISSING) if percent is None else (formats.percent, float(percent) / 100)


def _change(value: Any, formats: ListFormats) -> Cell:
    if value is None:
        return formats.missing, MISSING
    return (formats.change, value) if isinstance(value, int) else (formats.points, float(value))


_CELLS = {
    Kind.TEXT: _text,
    Kind.INT: _count,
    Kind.DATE: _day,
    Kind.PERCENT: _percent,
    Kind.CHANGE: _change,
}


def _csv_cell(value: Any, kind: Kind) -> object:
    if kind is Kind.TEXT:
        return "" if value is None else _tame(printable(str(value)))
    if value is None:
        return MISSING
    return value if kind is Kind.INT else show(value)


def _tame(text: str) -> str:
    return f"'{text}" if text.startswith(_LIVE) else text
