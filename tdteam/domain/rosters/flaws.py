"""Cells both kinds of roster share, and how a flaw in one becomes a `BadCell`."""

from __future__ import annotations

import re
from typing import NamedTuple, TypeVar

from tdteam.domain.cells import Cell, is_nothing
from tdteam.domain.errors import Flaw
from tdteam.domain.rosters.layout import SheetLayout
from tdteam.domain.rosters.rows import REFUSING, BadCell, Reading
from tdteam.domain.rosters.sheets import Row, cell_name
from tdteam.domain.rosters.walking import cell_text
from tdteam.domain.vietnamese import nfc, title_name

T = TypeVar("T")

MOST_NAME = 100
MOST_NOTE = 500
_SHOWN = 60
_ID_NUMBER = re.compile(r"(?<!\d)(?:\d[ .]?){8}\d(?:[ .]?\d{3})?(?!\d)|(?<!\d)\d(?:[ .\-]?\d){12,18}(?!\d)")


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
    refused = any(fault.flaw.field in REFUSING for fault in faults)
    for column, flaw, text in faults:
        place = 0 if column is None else column
        found = text or (cell_text(row[place]) if place < len(row) else "")
        # An ID number must not live on in a report of what was wrong.
        shown = "" if flaw.code in ("note_private", "name_form") else found[:_SHOWN]
        refuses = flaw.field in REFUSING
        reading.bad.append(
            BadCell(
                layout.sheet,
                cell_name(number, place),
                number,
                flaw.field,
                flaw.code,
                flaw.params,
                shown,
                refuses,
            )
        )
    return refused


def person_name(cell: Cell, column: int | None, faults: list[Fault]) -> str:
    """A person's name, capitals undone; faults name_missing, name_form (a number, or three figures in it), name_long."""
    if not isinstance(cell, str):
        faults.append(Fault(column, Flaw("name", "name_missing" if cell is None else "name_form")))
        return ""
    name = title_name(cell)
    if is_nothing(name):
        faults.append(Fault(column, Flaw("name", "name_missing")))
    elif not name.isascii() and len(name) <= MOST_NAME and name.replace(" ", "").isalpha():
        return name
    elif sum(map(str.isdecimal, name)) > 2 or not any(map(str.isalpha, name)):
        faults.append(Fault(column, Flaw("name", "name_form")))
    elif len(name) > MOST_NAME:
        faults.append(Fault(column, Flaw("name", "name_long", {"most": MOST_NAME})))
    return name


def note_text(cell: Cell, column: int | None, faults: list[Fault]) -> str | None:
    """A remark; one that holds what looks like an ID or card number is left out (note_private)."""
    if column is None or cell is None or cell == "":
        return None
    note = nfc(cell) if isinstance(cell, str) else cell_text(cell)
    if _ID_NUMBER.search(note):
        faults.append(Fault(column, Flaw("note", "note_private")))
        return None
    if len(note) > MOST_NOTE:
        faults.append(Fault(column, Flaw("note", "note_long", {"most": MOST_NOTE})))
        return None
    return note or None
