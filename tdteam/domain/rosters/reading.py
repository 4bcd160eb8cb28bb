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

    Households need `villages` to resolve to; teams do not: each village they name is reported as a `TeamFound`.
    """
    reading = Reading()
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    for layout in layouts:
        sheet = sheets.get(layout.sheet)
        if sheet is None or layout.kind is None:
            continue
        if layout.kind is RosterKind.TEAMS:
            read_teams(sheet, layout, words, today, reading, progress)
        else:
            read_households(sheet, layout, villages, words, today, reading, progress)
    reading.seen_households.clear()
    reading.seen_members.clear()
    return reading
