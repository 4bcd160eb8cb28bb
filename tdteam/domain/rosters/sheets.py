"""The grid of a workbook as the domain sees it: rows numbered as Excel shows them, text already in Unicode.

Rows are read from the file each time they are asked for, so that 50,000 of them never stand in memory twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tdteam.domain.cells import Cell
from tdteam.domain.legacy_text import Encoding, decode

Row = list[Cell]
Span = tuple[int, int, int, int]
"""A merged range: first row, first column, last row, last column, counted from 0."""


@dataclass(slots=True)
class Sheet:
    """One sheet. `read` opens its raw rows from row 1 on, empty ones included.

    `fonts(row, column)` (counted from 0) is the encoding the cell's font implies; `suspected` what the letters of the
    other cells look like, for a person to confirm.
    """

    name: str
    height: int
    width: int
    read: Callable[[], Iterator[Row]]
    merged: list[Span] = field(default_factory=list)
    hidden: bool = False
    fonts: Callable[[int, int], Encoding] | None = None
    suspected: Encoding = Encoding.UNICODE

    def rows(self, encoding: Encoding | None = None) -> Iterator[tuple[int, Row]]:
        """(Excel's row number, cells) of every row. `encoding` overrides what the letters were taken for."""
        assumed = self.suspected if encoding is None else encoding
        plain = assumed is Encoding.UNICODE and self.fonts is None
        for index, row in enumerate(self.read()):
            yield index + 1, row if plain else self._decoded(index, row, assumed)

    def _decoded(self, index: int, row: Row, assumed: Encoding) -> Row:
        out = list(row)
        for column, cell in enumerate(row):
            if isinstance(cell, str) and cell and not cell.isascii():
                drawn = self.fonts(index, column) if self.fonts else Encoding.UNICODE
                out[column] = decode(cell, assumed if drawn is Encoding.UNICODE else drawn)
        return out

    def head(self, count: int, encoding: Encoding | None = None) -> list[Row]:
        """The first `count` rows (fewer where the sheet is shorter)."""
        out = []
        for number, row in self.rows(encoding):
            if number > count:
                break
            out.append(row)
        return out


@dataclass(slots=True)
class Workbook:
    """A file's sheets in its own order; `kind` is the format found by its bytes: xlsx, xls, ods or csv."""

    filename: str
    kind: str
    sheets: list[Sheet]


def column_letters(column: int) -> str:
    """0 to A, 25 to Z, 26 to AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """The name Excel shows: row as Excel numbers it, column counted from 0 (`cell_name(12, 2)` is C12)."""
    return f"{column_letters(column)}{row}"
