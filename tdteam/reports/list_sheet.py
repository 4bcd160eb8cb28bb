"""A worksheet that takes whole rows of a list as finished XML.

XlsxWriter looks at every cell seven times; that was four of the five seconds of a list of 50,000 rows. It also writes a
text that begins with `<r>` and ends with `</r>` as it stands, as if it had made it itself: here every text is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from html import escape

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

Cell = tuple[Format, str | float | date | None]
"""A format and a printable text, a number, a day, or None for an empty ruled cell."""
_ENCODED = re.compile("(_x[0-9a-fA-F]{4}_)")  # what Excel would read as one letter's code
_DAY_ZERO = date(1899, 12, 30).toordinal()  # Excel's, right from March 1900 on


class ListSheet(Worksheet):
    """For a workbook with `constant_memory`: rows go from the top down and are written away at once."""

    def put_row(self, row: int, cells: Iterable[Cell]) -> None:
        """Write a row, counted from 0, from its first column on."""
        number = row + 1
        drawn = [
            f'<c r="{name}{number}" s="{shape._get_xf_index()}"{_inner(value)}'
            for name, (shape, value) in zip(_NAMES, cells, strict=False)
        ]
        self._check_dimensions(row, len(drawn) - 1)
        if row > self.previous_row:
            self._write_single_row(row)
        self.fh.write(f'<row r="{number}">{"".join(drawn)}</row>')


_NAMES = [xl_col_to_name(column) for column in range(256)]


def _inner(value: str | float | date | None) -> str:
    if value is None:
        return "/>"
    if isinstance(value, str):
        text = _ENCODED.sub(r"_x005F\1", value) if "_x" in value else value
        return f' t="inlineStr"><is><t>{escape(text, quote=False)}</t></is></c>'
    if isinstance(value, date):
        value = value.toordinal() - _DAY_ZERO
    return f"><v>{value:.16G}</v></c>"
