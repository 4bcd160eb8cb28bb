"""Cells both kinds of roster share, and how a flaw in one becomes a `BadCell`."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple, TypeVar

from tdteam.domain.cells import Cell, is_nothing, parse_year
from tdteam.domain.errors import Flaw
from tdteam.domain.legacy_text import with_capitals
from tdteam.domain.persons import NAME_LENGTH, judge_birth_year, judge_name
from tdteam.domain.phones import parse_phone
from tdteam.domain.privacy import NOTE_LENGTH, find_forbidden, judge_text
from tdteam.domain.rosters.layout import SheetLayout
from tdteam.domain.rosters.rows import REFUSING, BadCell, Reading
from tdteam.domain.rosters.sheets import Row, cell_name
from tdteam.domain.rosters.walking import cell_text
from tdteam.domain.vietnamese import nfc, title_name

T = TypeVar("T")

_SHOWN = 60
_LOOKED_AT = 300


class Fault(NamedTuple):
    """A flaw and the column it stands in; `text` overrides what the report shows of the cell."""

    column: int | None
    flaw: Flaw
    text: str = ""


def taken(value: T | Flaw, column: int, faults: list[Fault]) -> T | None:
    """A parsed value, or None after noting its flaw."""
    if isinstance(value, Flaw):
        faults.append(Fault(column, value))
        return None
    return value


def report(reading: Reading, layout: SheetLayout, number: int, row: Row, faults: list[Fault]) -> bool:
    """Add the faults of one row to the reading's bad cells; True where the row must stay out."""
    cells = []
    for column, flaw, text in faults:
        place = 0 if column is None else column
        found = (text or (cell_text(row[place]) if place < len(row) else ""))[:_LOOKED_AT]
        # A number that may not be kept must not live on in a report of what was wrong.
        shown = "" if find_forbidden(found) else found[:_SHOWN]
        where = cell_name(number, place)
        refuses = flaw.field in REFUSING
        cells.append(BadCell(layout.sheet, where, number, flaw.field, flaw.code, flaw.params, shown, refuses))
    reading.note_bad(cells)
    return any(cell.refused for cell in cells)


def person_name(cell: Cell, column: int | None, faults: list[Fault], *, person: bool = True) -> str:
    """A name, a person's with capitals undone. Faults: name_missing, name_form (figures in it), text_long.

    The name of a business or cooperative (`person` False) may hold figures, though no ID number.
    """
    if not isinstance(cell, str):
        faults.append(Fault(column, Flaw("name", "name_missing" if cell is None else "name_form")))
        return ""
    cell = cell[: 4 * NAME_LENGTH]  # what is too long stays too long; NFD and doubled blanks take room
    name = with_capitals(title_name(cell)) if person else nfc(cell)
    if name and len(name) <= NAME_LENGTH and name.replace(" ", "").isalpha():
        return name
    if is_nothing(name):
        faults.append(Fault(column, Flaw("name", "name_missing")))
    elif person and judge_name("name", name):
        too_long = len(name) > NAME_LENGTH
        faults.append(
            Fault(
                column,
                Flaw("name", "text_long", {"most": NAME_LENGTH}) if too_long else Flaw("name", "name_form"),
            )
        )
    elif not person:
        faults.extend(Fault(column, flaw) for flaw in judge_text("name", name, NAME_LENGTH))
    return name


def birth_year_of(cell: Cell, column: int, ages: range, today: date, faults: list[Fault]) -> int | None:
    """A birth year as a form would take it too: of somebody who turns one of `ages` this year."""
    year = taken(parse_year(cell, "birth_year", today), column, faults)
    if year is None or today.year - year in ages:
        return year
    low, high = today.year - ages[-1], today.year - ages[0]
    faults.extend(Fault(column, flaw) for flaw in judge_birth_year("birth_year", year, low, high))
    return None


def note_text(cell: Cell, column: int | None, faults: list[Fault]) -> str | None:
    """A remark; one that holds an ID or card number or a secret is left out (codes of `domain/privacy`)."""
    if column is None or cell is None or cell == "":
        return None
    note = nfc(cell[: 2 * NOTE_LENGTH]) if isinstance(cell, str) else cell_text(cell)
    flaws = [Flaw("note", "id_number")] if is_id_without_zeros(note) else judge_text("note", note)
    faults.extend(Fault(column, flaw) for flaw in flaws)
    return None if flaws else note or None


def is_id_without_zeros(text: str) -> bool:
    """Whether a whole cell is an identity number as a spreadsheet leaves it: they begin with 0 or 00 (the province),
    which a number loses."""
    return text.isdecimal() and len(text) in (10, 11) and isinstance(parse_phone(text), Flaw)
