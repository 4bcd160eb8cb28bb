"""Reads all sheets of a workbook by their layouts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tdteam.domain.rosters.household_reader import read_households
from tdteam.domain.rosters.layout import SheetLayout, layout_of
from tdteam.domain.rosters.rows import Reading
from tdteam.domain.rosters.sheets import Workbook
from tdteam.domain.rosters.team_reader import read_teams
from tdteam.domain.rosters.villages import Villages
from tdteam.domain.rosters.walking import Progress
from tdteam.domain.rosters.words import RosterKind, RosterWords


def layouts_of(workbook: Workbook, words: RosterWords, today: date) -> list[SheetLayout]:
    """How each sheet seems to be laid out, in the workbook's order."""
    return [layout_of(sheet, words, today) for sheet in workbook.sheets]


def read_rosters(
    workbook: Workbook,
    layouts: Iterable[SheetLayout],
    villages: Villages,
    words: RosterWords,
    today: date,
    progress: Progress | None = None,
) -> Reading:
    """Good rows, bad cells and possible twins of all sheets that have a layout with a kind.

    `progress(row, rows)` counts through all of them. Households need `villages` to resolve to; teams do not: each
    village they name is reported as a `TeamFound`.
    """
    reading = Reading()
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    chosen = [(sheets[one.sheet], one) for one in layouts if one.kind is not None and one.sheet in sheets]
    whole, before = sum(sheet.height for sheet, _ in chosen), 0
    for sheet, layout in chosen:
        told = _after(before, whole, progress)
        if layout.kind is RosterKind.TEAMS:
            read_teams(sheet, layout, words, today, reading, told)
        else:
            read_households(sheet, layout, villages, words, today, reading, told)
        before += sheet.height
    reading.seen_households.clear()
    reading.seen_members.clear()
    return reading


def _after(before: int, whole: int, progress: Progress | None) -> Progress | None:
    """One sheet's rows counted on from those of the sheets before it."""
    return (lambda row, _rows: progress(before + row, whole)) if progress else None
