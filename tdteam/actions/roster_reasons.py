"""The workbook with the reasons: of each sheet with bad cells the head and only the rows to correct.

It must import by itself once corrected. So each row carries its village and commune even where the file wrote them
once for many rows, and beside a bad row stand the good ones it could be taken for (same village, same name): alone,
the correction would be taken for a change of its namesake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tdteam.actions.check_roster import words
from tdteam.actions.workbooks import roster_words
from tdteam.domain.errors import Flaw
from tdteam.domain.rosters.layout import SheetLayout
from tdteam.domain.rosters.rows import BadCell
from tdteam.domain.rosters.sheets import Row, Sheet, Workbook, column_letters
from tdteam.domain.rosters.walking import Step, Walk, cell_text
from tdteam.domain.rosters.words import Meaning, plain
from tdteam.domain.vietnamese import fold
from tdteam.reports.reasons_book import ReasonsRow, ReasonsSheet, draw_reasons


@dataclass(frozen=True)
class ReasonWords:
    """What the workbook says; sentences take %(row)s, the row in the file it came from, and %(why)s."""

    title: str
    left_out: str
    partly: str
    context: str
    say: Callable[[Flaw], str]


def draw_reasons_book(
    workbook: Workbook, layouts: Iterable[SheetLayout], bad: Sequence[BadCell], said: ReasonWords
) -> bytes:
    """The workbook of all sheets with bad cells."""
    by_sheet: dict[str, list[BadCell]] = {}
    for cell in bad:
        by_sheet.setdefault(cell.sheet, []).append(cell)
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    drawn = [
        _Page(sheets[layout.sheet], layout, by_sheet[layout.sheet], said).sheet()
        for layout in layouts
        if layout.sheet in by_sheet
    ]
    return draw_reasons(said.title, drawn)


class _Page:
    """One sheet's rows to correct."""

    def __init__(self, sheet: Sheet, layout: SheetLayout, bad: Iterable[BadCell], said: ReasonWords) -> None:
        self._source, self._layout, self._said = sheet, layout, said
        self._bad: dict[int, list[BadCell]] = {}
        for cell in bad:
            self._bad.setdefault(cell.row, []).append(cell)
        self._name = layout.column_of(Meaning.NAME) or 0
        self._village = layout.column_of(Meaning.VILLAGE)
        self._commune = layout.column_of(Meaning.COMMUNE)
        number = layout.column_of(Meaning.NUMBER)
        self._group = number if number is not None and number < self._name else self._name

    def sheet(self) -> ReasonsSheet:
        layout = self._layout
        namesakes = {self._meant(step) for step in self._steps() if step.number in self._bad}
        rows: list[ReasonsRow] = []
        heading = ""
        for step in self._steps():
            is_bad = step.number in self._bad
            commune, village, name = self._who(step)
            if not is_bad and not {(commune, village, name), (commune, "", name)} & namesakes:
                continue
            if self._village is None and step.village and step.village not in (heading, layout.village):
                heading = step.village
                rows.append(ReasonsRow([*[""] * self._group, heading], ""))
            rows.append(self._bad_row(step) if is_bad else self._context_row(step))
        head = self._source.head(layout.first_row - 1, layout.encoding)
        label = str(
            roster_words()["rows"]["reasons"][0]
        ).capitalize()  # by which the reader knows the column as ours
        return ReasonsSheet(layout.sheet, head, self._source.merged, label, layout.head_row - 1, rows)

    def _steps(self) -> Iterable[Step]:
        return Walk(self._source, self._layout, words())

    def _who(self, step: Step) -> tuple[str, str, str]:
        """Whom a row could be taken for: commune, village and folded name as far as they can be read."""
        name = cell_text(step.row[self._name]) if self._name < len(step.row) else ""
        return plain(step.commune), plain(step.village), fold(name)

    def _meant(self, step: Step) -> tuple[str, str, str]:
        """The same of a bad row; without the village where that is what is wrong."""
        commune, village, name = self._who(step)
        is_lost = any(cell.field == "village" for cell in self._bad[step.number])
        return commune, "" if is_lost else village, name

    def _cells(self, step: Step) -> Row:
        """The row with what the file says only once for many rows."""
        row = list(step.row)
        for column, said in ((self._village, step.village), (self._commune, step.commune)):
            if column is not None and said:
                row[column] = said
        return row

    def _bad_row(self, step: Step) -> ReasonsRow:
        flaws: dict[int, str] = {}
        whys = []
        for cell in self._bad[step.number]:
            column = _column(cell)
            text = self._said.say(Flaw(cell.field, cell.code, dict(cell.params)))
            flaws[column] = f"{flaws[column]} {text}" if column in flaws else text
            whys.append(f"{cell.cell}: {text}")
        refused = any(cell.refused for cell in self._bad[step.number])
        said = self._said.left_out if refused else self._said.partly
        return ReasonsRow(self._cells(step), said % {"row": step.number, "why": " ".join(whys)}, flaws)

    def _context_row(self, step: Step) -> ReasonsRow:
        return ReasonsRow(self._cells(step), self._said.context % {"row": step.number}, is_context=True)


def _column(cell: BadCell) -> int:
    """The column a cell's name stands for, from 0."""
    letters = cell.cell.rstrip("0123456789")
    column = 0
    while column_letters(column) != letters:
        column += 1
    return column
