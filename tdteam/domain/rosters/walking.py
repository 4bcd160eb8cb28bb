"""Goes down a sheet and hands out the rows that are people, each with the village it stands under.

Between them stand rows that are not: groups ("Thon Hoc Da" alone), totals, signatures, heads repeated on each page,
the example row of our own template ("Vi du" where the number stands).
A blank village cell means "as above".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tdteam.domain.cells import Cell
from tdteam.domain.rosters.layout import SheetLayout
from tdteam.domain.rosters.sheets import Row, Sheet
from tdteam.domain.rosters.villages import heading_village
from tdteam.domain.rosters.words import Meaning, RosterWords, plain
from tdteam.domain.vietnamese import nfc

Progress = Callable[[int, int], None]
_STEP = 1000
_ENUMERATOR = 5  # what numbers a row or a group ("XVIII", 50000) is no longer
_LONGEST_PLACE = 200
_DATED = re.compile(r"\bngay\b.*\bthang\b.*\bnam\b")


@dataclass(slots=True)
class Step:
    """A row of people: Excel's number, the cells (as many as the sheet is wide), village and commune in force.

    `heading` is the group row it stands under, "" without one. `unclear`: a single cell that may be a name or a remark.
    """

    number: int
    row: Row
    village: str
    commune: str
    heading: str
    unclear: bool = False


def cell_text(cell: Cell) -> str:
    """A cell as a person reads it: 5.0 is "5"."""
    if isinstance(cell, str):
        return nfc(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


class Walk:
    """One sheet's walk. Iterate over it once."""

    def __init__(
        self, sheet: Sheet, layout: SheetLayout, words: RosterWords, progress: Progress | None = None
    ) -> None:
        self._sheet, self._layout, self._words, self._progress = sheet, layout, words, progress
        self._number = layout.column_of(Meaning.NUMBER)
        self._village = layout.column_of(Meaning.VILLAGE)
        self._commune = layout.column_of(Meaning.COMMUNE)
        name = layout.column_of(Meaning.NAME)
        self._name = 0 if name is None else name
        self._width = max([sheet.width, *(column + 1 for column in layout.columns)])
        self._head = {column: plain(label) for column, label in layout.labels.items()}
        self._reasons = next((c for c, label in self._head.items() if label in words.reasons), None)
        self.village, self.commune, self.heading = layout.village, layout.commune, ""
        self._used = False  # a row of people has stood under the village since it was named
        self._closing = False  # below the signatures

    def __iter__(self) -> Iterator[Step]:
        first, name, number_column = self._layout.first_row, self._name, self._number
        for number, row in self._sheet.rows(self._layout.encoding):
            if number < first:
                continue
            if self._progress and number % _STEP == 0:
                self._progress(number, self._sheet.height)
            if len(row) < self._width:
                row = row + [""] * (self._width - len(row))
            if self._reasons is not None:
                row[self._reasons] = ""
            plainly = number_column is not None and type(row[number_column]) in (float, int)
            if not (plainly and type(row[name]) is str and row[name]):
                kind = self._kind_of(row)
                if kind == "skip":
                    continue
                if kind == "unclear":
                    yield Step(number, row, self.village, self.commune, self.heading, unclear=True)
                    continue
            self._follow(row)
            self._used, self._closing = True, False
            yield Step(number, row, self.village, self.commune, self.heading)

    def _follow(self, row: Row) -> None:
        if self._village is not None and row[self._village] not in ("", None):
            text = cell_text(row[self._village])
            if text and text not in self._words.ditto and plain(text) not in self._words.ditto:
                self.village = text[:_LONGEST_PLACE]
        if self._commune is not None and row[self._commune] not in ("", None):
            self.commune = cell_text(row[self._commune])[:_LONGEST_PLACE] or self.commune

    def _kind_of(self, row: Row) -> str:
        """people, skip or unclear, for a row that does not plainly begin with a number and a name."""
        filled = {column: text for column, cell in enumerate(row) if (text := cell_text(cell))}
        others = set(filled) - {self._number, self._village, self._commune}
        mark = "" if self._number is None else plain(filled.get(self._number, ""))
        if mark in self._words.examples:
            return "skip"
        numbered = mark.isdecimal()
        if not others and len(mark) <= _ENUMERATOR:
            self._named_above(row, filled)
            return "skip"
        if self._is_head(filled):
            return "skip"
        if not numbered and self._is_remark(filled):
            return "skip"
        if not numbered and others == {self._name} and self._number is not None:
            return "skip" if self._closing else "unclear"
        return "skip" if self._closing and not numbered and len(filled) < 3 else "people"

    def _named_above(self, row: Row, filled: dict[int, str]) -> None:
        """A village on a line of its own, in the village's column (where a total or a signature may stand too)."""
        if self._village in filled and not self._is_remark({self._village: filled[self._village]}):
            self._follow(row)
            self._used = False

    def _is_head(self, filled: dict[int, str]) -> bool:
        """A head printed again, or its row of column numbers."""
        same = sum(plain(text) == self._head.get(column) for column, text in filled.items())
        counted = len(filled) >= 4 and all(len(plain(text)) <= 2 for text in filled.values())
        return same >= 2 or (counted and plain(filled.get(self._name, "")).isdecimal())

    def _is_remark(self, filled: dict[int, str]) -> bool:
        """A group (which is taken note of), a total, a signature."""
        texts = {column: plain(text) for column, text in filled.items()}
        if any(self._words.totals.fullmatch(text) for text in texts.values()):
            if self._used:
                self.village, self.heading, self._used = "", "", False
            return True
        if len(set(texts.values())) == 1:
            column, text = next(iter(filled.items()))
            heading = heading_village(text[:_LONGEST_PLACE])
            groups = self._words.groups.match(plain(heading)) is not None
            if groups or (column < self._name and column == self._number and not self._closing):
                self.village = self.heading = heading
                self._used = False
                return True
        if len(filled) <= 3 and any(
            self._words.footers.match(text) or _DATED.search(text) for text in texts.values()
        ):
            self._closing = True
            return True
        return False
