"""The grid of targets as a workbook that was filled and sent back: which cell says what, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tdteam.domain.cells import Cell as Typed
from tdteam.domain.declared_grid import find_marked
from tdteam.domain.errors import Flaw
from tdteam.domain.indicators import Indicator
from tdteam.domain.rosters.sheets import Workbook, cell_name
from tdteam.domain.targets import GridRow, TargetGrid, is_share, read_cell
from tdteam.domain.vietnamese import nfc

MARK = "tdteam-targets"
"""The first cell of a template: MARK:place:span."""
AWAY = ("-", "\u2013", "\u2014")
"""What takes a target away: an empty cell leaves it as it stands."""


@dataclass(frozen=True)
class TargetCell:
    """A filled cell against what is set: `new` None takes the target away. A flaw keeps it out."""

    name: str
    place_id: int
    place: str
    column: Indicator
    old: int | None
    new: int | None
    flaw: Flaw | None = None

    @property
    def is_changed(self) -> bool:
        return self.flaw is None and self.new != self.old


@dataclass(frozen=True)
class TargetReading:
    """What a filled template says. `strangers`: rows of places the grid does not have, by cell and name."""

    cells: tuple[TargetCell, ...]
    strangers: tuple[tuple[str, str], ...] = ()

    @property
    def changes(self) -> tuple[TargetCell, ...]:
        return tuple(cell for cell in self.cells if cell.is_changed)

    @property
    def flaws(self) -> list[tuple[str, str, Flaw]]:
        """(cell, place, what is wrong)."""
        found = [(cell.name, cell.place, cell.flaw) for cell in self.cells if cell.flaw]
        return [*found, *((cell, name, Flaw("place", "target_place")) for cell, name in self.strangers)]


def mark_of(grid: TargetGrid) -> str:
    """What the first cell of a template says."""
    return f"{MARK}:{grid.place_id}:{grid.span}"


def find_mark(workbook: Workbook) -> tuple[int, str] | None:
    """The place and span a filled template is of; None where it is no template."""
    marked = find_marked(workbook, MARK)
    return marked[1:] if marked else None


def read_book(workbook: Workbook, grid: TargetGrid) -> TargetReading:
    """Each filled cell against the grid: columns known by the codes of the hidden first row, places by the hidden first
    column, so that sorted rows and moved columns do no harm."""
    marked = find_marked(workbook, MARK)
    if marked is None:
        return TargetReading(())
    rows = {row.place_id: row for row in grid.rows if row.is_typed}
    columns = {column.code: column for column in grid.columns}
    codes: dict[int, Indicator] = {}
    cells: list[TargetCell] = []
    strangers: list[tuple[str, str]] = []
    for number, line in marked[0].rows():
        if number == 1:
            codes = {at: columns[str(cell)] for at, cell in enumerate(line) if str(cell) in columns}
            continue
        told = str(line[0]).removesuffix(".0") if line else ""
        if not (told.isascii() and told.isdigit()):
            continue
        row = rows.get(int(told[:10]))
        found = _read_row(number, line, codes, row, grid)
        if row is None:
            if found:
                strangers.append((cell_name(number, 0), nfc(str(line[1])) if len(line) > 1 else ""))
        else:
            cells += found
    return TargetReading(tuple(cells), tuple(strangers))


def _read_row(
    number: int, line: Sequence[Typed], codes: Mapping[int, Indicator], row: GridRow | None, grid: TargetGrid
) -> list[TargetCell]:
    out = []
    for at, column in codes.items():
        cell = line[at] if at < len(line) else None
        if cell is None or not str(cell).strip():
            continue
        name = cell_name(number, at)
        old = grid.own(row, column) if row else None
        place_id, place = (row.place_id, row.name) if row else (0, "")
        value = None if str(cell).strip() in AWAY else read_cell(cell, "value", share=is_share(column))
        if isinstance(value, Flaw):
            out.append(TargetCell(name, place_id, place, column, old, None, value))
        else:
            out.append(TargetCell(name, place_id, place, column, old, value))
    return out
