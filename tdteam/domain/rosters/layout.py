"""Finds where a sheet's head stands and what its columns mean; a person may correct the result before the dry run.

Heads of Vietnamese lists have one to three rows: "Nam sinh" over "Nam | Nu", merged downwards and sideways, or not
merged at all but left blank (in `.ods` and `.csv`). Every start row and height near the top is tried and the one whose
labels mean most is taken. A row of column numbers under the head ("1 2 3", "A B 1") is not data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tdteam.domain.cells import Cell
from tdteam.domain.errors import Flaw
from tdteam.domain.legacy_text import Encoding
from tdteam.domain.people import SubjectKind
from tdteam.domain.rosters.sheets import Row, Sheet, Span
from tdteam.domain.rosters.titles import title_facts
from tdteam.domain.rosters.words import MEANINGS, TELLING, Meaning, RosterKind, RosterWords, plain
from tdteam.domain.vietnamese import nfc

SEARCHED_ROWS = 40
_HEIGHTS = (1, 2, 3)
_MOST_COLUMNS = 100
_LONGEST_LABEL = 200
_SHOWN = 3  # samples a column, for the page that shows the layout

_ONE_OF_EACH = frozenset(set(Meaning) - {Meaning.IGNORED, Meaning.PRIVATE, Meaning.NOTE})


@dataclass(slots=True)
class SheetLayout:
    """How one sheet is to be read. `kind` None: it is left out, `why` says the reason (a notice code; "" where there is
    nothing to say: a hidden sheet that is no list anyway, such as the choices of a drop-down).

    Rows count from 1 as in Excel, columns from 0. `commune` and `village` are hints of the title block; a commune that
    `is_guess` is the sheet's name, to be dropped where no commune bears it.
    """

    sheet: str
    kind: RosterKind | None
    why: str = ""
    head_row: int = 0
    first_row: int = 0
    columns: dict[int, Meaning] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    commune: str = ""
    is_guess: bool = False
    village: str = ""
    decision_number: str = ""
    decision_on: date | None = None
    subject: SubjectKind | None = None
    encoding: Encoding = Encoding.UNICODE

    def column_of(self, meaning: Meaning) -> int | None:
        return next((column for column, found in self.columns.items() if found is meaning), None)

    def to_data(self) -> dict[str, Any]:
        """Plain JSON values, to be kept and corrected."""
        return {
            "sheet": self.sheet,
            "kind": self.kind,
            "why": self.why,
            "head_row": self.head_row,
            "first_row": self.first_row,
            "columns": {str(column): meaning for column, meaning in self.columns.items()},
            "labels": {str(column): label for column, label in self.labels.items()},
            "commune": self.commune,
            "village": self.village,
            "decision_number": self.decision_number,
            "decision_on": self.decision_on.isoformat() if self.decision_on else None,
            "subject": self.subject,
            "encoding": self.encoding,
        }


def layout_from_data(data: Mapping[str, Any]) -> SheetLayout:
    """The inverse of `SheetLayout.to_data`; ValueError or KeyError where the data is none of ours."""
    return SheetLayout(
        sheet=str(data["sheet"]),
        kind=RosterKind(data["kind"]) if data["kind"] else None,
        why=str(data["why"]),
        head_row=int(data["head_row"]),
        first_row=int(data["first_row"]),
        columns={int(column): Meaning(meaning) for column, meaning in data["columns"].items()},
        labels={int(column): str(label) for column, label in data["labels"].items()},
        commune=str(data["commune"]),
        village=str(data["village"]),
        decision_number=str(data["decision_number"]),
        decision_on=date.fromisoformat(data["decision_on"]) if data["decision_on"] else None,
        subject=SubjectKind(data["subject"]) if data["subject"] else None,
        encoding=Encoding(data["encoding"]),
    )


def judge_layout(layout: SheetLayout) -> list[Flaw]:
    """What keeps a layout from being read: column_name_missing, column_twice, column_odd."""
    if layout.kind is None:
        return []
    flaws = []
    means = list(layout.columns.values())
    if Meaning.NAME not in means:
        flaws.append(Flaw(layout.sheet, "column_name_missing"))
    for meaning in dict.fromkeys(means):
        if meaning in _ONE_OF_EACH and means.count(meaning) > 1:
            flaws.append(Flaw(layout.sheet, "column_twice", {"column": meaning.value}))
        if meaning not in MEANINGS[layout.kind]:
            flaws.append(Flaw(layout.sheet, "column_odd", {"column": meaning.value}))
    return flaws


@dataclass(slots=True)
class _Head:
    kind: RosterKind
    start: int  # counted from 0
    height: int
    columns: dict[int, Meaning]
    labels: dict[int, str]
    score: int


def layout_of(sheet: Sheet, words: RosterWords, today: date) -> SheetLayout:
    """The layout a sheet seems to have; `kind` None with `why` sheet_hidden or sheet_no_head."""
    rows = sheet.head(SEARCHED_ROWS + max(_HEIGHTS) + _SHOWN)
    head = _best_head(rows, sheet.merged, words)
    if sheet.hidden:
        return SheetLayout(sheet.name, None, "sheet_hidden" if head else "")
    if head is None:
        return SheetLayout(sheet.name, None, "sheet_no_head", encoding=sheet.suspected)
    facts = title_facts(rows[: head.start], sheet.name, words, today)
    first = head.start + head.height
    while first < len(rows) and _numbers_columns(rows[first]):
        first += 1
    return SheetLayout(
        sheet=sheet.name,
        kind=head.kind,
        head_row=head.start + 1,
        first_row=first + 1,
        columns=head.columns,
        labels=head.labels,
        commune=facts.commune,
        is_guess=facts.is_guess,
        village=facts.village,
        decision_number=facts.decision_number,
        decision_on=facts.decision_on,
        subject=facts.subject,
        encoding=sheet.suspected,
    )


def samples_of(sheet: Sheet, layout: SheetLayout) -> dict[int, list[str]]:
    """The first values of each labelled column, for the page that shows how the columns are read."""
    rows = sheet.head(layout.first_row + _SHOWN - 1, layout.encoding)[layout.first_row - 1 :]
    return {
        column: [text for row in rows if column < len(row) and (text := _shown(row[column]))]
        for column in layout.labels
    }


def _shown(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else nfc(str(cell))[:60]


def _best_head(rows: list[Row], merged: list[Span], words: RosterWords) -> _Head | None:
    title_kinds = title_facts(rows[:SEARCHED_ROWS], "", words, date.max).kinds
    best: _Head | None = None
    for start in range(min(SEARCHED_ROWS, len(rows))):
        for height in _HEIGHTS:
            labels = _labels(rows, merged, start, height)
            if labels is None:
                break
            for kind in RosterKind:
                head = _judged(kind, start, height, labels, words, kind in title_kinds)
                if head and (best is None or head.score > best.score):
                    best = head
    return best


def _labels(rows: list[Row], merged: list[Span], start: int, height: int) -> dict[int, str] | None:
    """Column to label for a head of these rows, the parts of several rows joined; None where a row cannot be a head."""
    block = [row[:_MOST_COLUMNS] for row in rows[start : start + height]]
    if len(block) < height or any(_is_data(row) for row in block) or not any(map(_text, block[-1])):
        return None
    parts: dict[int, list[str]] = {}
    for level, row in enumerate(block):
        filled = _filled_across(
            row, start + level, merged, below=block[level + 1] if level + 1 < height else None
        )
        for column, text in filled.items():
            parts.setdefault(column, []).append(text)
    return {column: " ".join(dict.fromkeys(texts)) for column, texts in sorted(parts.items())}


def _filled_across(row: Row, index: int, merged: list[Span], below: Row | None) -> dict[int, str]:
    """A head row's labels, each repeated over the columns it spans."""
    filled = {column: _text(cell) for column, cell in enumerate(row) if _text(cell)}
    if below is None:
        return filled
    out = dict(filled)
    for first_row, first, last_row, last in merged:
        if first_row <= index <= last_row and first in filled:
            out.update(dict.fromkeys(range(first, last + 1), filled[first]))
    if not merged:  # formats that keep no merges: a blank over a label belongs to what stands to its left
        for column in range(1, max(len(row), len(below))):
            under = _text(below[column]) if column < len(below) else ""
            before = _text(below[column - 1]) if column - 1 < len(below) else ""
            if column not in filled and under and before and column - 1 in out:
                out[column] = out[column - 1]
    return out


def _text(cell: Cell) -> str:
    return nfc(cell)[:_LONGEST_LABEL] if isinstance(cell, str) else ""


def _is_data(row: Row) -> bool:
    """Labels are words: a row with a number (in `.csv` a text of digits) holds data."""
    return any(
        cell.isdecimal()
        if isinstance(cell, str)
        else isinstance(cell, (int, float)) and not isinstance(cell, bool)
        for cell in row
    )


def _numbers_columns(row: Row) -> bool:
    """A row that numbers the columns: 1 2 3 …, (1) (2) (3) …, A B 1 2 …, or nothing at all."""
    marks = [plain(_shown(cell)) for cell in row if _shown(cell)]
    if not marks:
        return True
    if len(marks) < 3 or any(len(mark) > 2 for mark in marks):
        return False
    figures = [int(mark) for mark in marks if mark.isdecimal()]
    letters = [mark for mark in marks if not mark.isdecimal()]
    counted = figures == list(range(figures[0], figures[0] + len(figures))) if figures else True
    return (
        counted
        and letters == sorted(letters)
        and all(len(mark) == 1 for mark in letters)
        and figures[:1] in ([], [0], [1])
    )


def read_as(layout: SheetLayout, kind: RosterKind, words: RosterWords) -> None:
    """Take a sheet for the other kind of list: its labels then mean something else."""
    layout.kind = kind
    layout.columns, _ = _meanings(kind, layout.labels, words)


def _meanings(
    kind: RosterKind, labels: Mapping[int, str], words: RosterWords
) -> tuple[dict[int, Meaning], int]:
    """What the labels mean in a kind of list (each meaning goes to the surest column), and how surely in percent."""
    found = {column: words.meaning(kind, label) for column, label in labels.items()}
    sure: dict[Meaning, tuple[int, int]] = {}
    for column, match in found.items():
        if match and match[1] > sure.get(match[0], (0, 0))[0]:
            sure[match[0]] = (match[1], column)
    columns = {}
    for column, match in found.items():
        keeps = match and (match[0] not in _ONE_OF_EACH or sure[match[0]][1] == column)
        columns[column] = match[0] if match and keeps else Meaning.IGNORED
    return columns, sum(certain for certain, _ in sure.values()) // max(1, len(sure))


def _judged(
    kind: RosterKind, start: int, height: int, labels: dict[int, str], words: RosterWords, titled: bool
) -> _Head | None:
    """The head these labels would make; None without a column of names and something that tells the kind."""
    columns, certainty = _meanings(kind, labels, words)
    means = set(columns.values())
    telling = means & TELLING[kind]
    if Meaning.NAME not in means or len(means - {Meaning.IGNORED}) < 3 or not (telling or titled):
        return None
    score = (
        1000 * len(means - {Meaning.IGNORED})
        + 2500 * len(telling)
        + 2000 * titled
        + certainty
        - 10 * height
        - start
    )
    return _Head(kind, start, height, columns, labels, score)
