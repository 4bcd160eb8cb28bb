"""The grid of figures that teams sent on paper or in Zalo: teams in rows, indicators in columns, for one period.

The page, the template workbook and its import all speak of the same grid. What the tool counted stands beside a cell
and is never added to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tdteam.domain.cells import Cell as Typed
from tdteam.domain.cells import parse_count, parse_date
from tdteam.domain.declared import LARGEST, DeclaredDraft
from tdteam.domain.errors import Flaw
from tdteam.domain.indicators import Indicator
from tdteam.domain.periods import Period
from tdteam.domain.rosters.sheets import Sheet, Workbook, cell_name
from tdteam.domain.shares import Average, Share, Value
from tdteam.domain.vietnamese import nfc

MARK = "tdteam-declared"
"""The first cell of a template: MARK:place:period."""
TEAM, SENDER, RECEIVED, NOTE = "team", "sender", "received_on", "note"


@dataclass(frozen=True)
class GridRow:
    """A team's line. `cells` holds what is declared in force, `counted` what the tool counted itself."""

    team_id: int
    name: str
    villages: str
    channel: str
    place_id: int
    cells: Mapping[str, int] = field(default_factory=dict)
    ids: Mapping[str, int] = field(default_factory=dict)
    counted: Mapping[str, Value] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    sender: str = ""
    received_on: date | None = None
    note: str = ""
    scan_name: str = ""
    scan_sha256: str | None = None

    def counted_of(self, code: str) -> int | None:
        """The tool's own count, as a number to set beside the declared one."""
        value = self.counted.get(code)
        if isinstance(value, Share):
            return value.part
        return value.total if isinstance(value, Average) else value


@dataclass(frozen=True)
class Grid:
    """The grid of a place and period. `is_open`: the period still takes figures."""

    place_id: int
    period: Period
    columns: tuple[Indicator, ...]
    rows: tuple[GridRow, ...]
    is_open: bool = True

    @property
    def stamp(self) -> str:
        """Changes whenever a figure of the grid does."""
        ids = [number for row in self.rows for number in row.ids.values()]
        return f"{len(ids)}.{max(ids, default=0)}"


@dataclass(frozen=True)
class Entry:
    """What was typed in a team's line. A code that is absent is left as it stands; None takes the figure back."""

    values: Mapping[str, int | None]
    sender: str = ""
    received_on: date | None = None
    note: str = ""
    scan_name: str = ""
    scan_sha256: str | None = None


def drafts_of(
    grid: Grid, entries: Mapping[int, Entry], source_of: Callable[[GridRow], str]
) -> tuple[list[DeclaredDraft], list[int]]:
    """The drafts of typed lines, and the ids of the figures taken back. A figure keeps the place and the source it had."""
    drafts, gone = [], []
    for row in grid.rows:
        entry = entries.get(row.team_id)
        if entry is None:
            continue
        for column in grid.columns:
            code = column.code
            if code not in entry.values:
                continue
            value = entry.values[code]
            if value is None:
                gone += [row.ids[code]] if code in row.ids else []
                continue
            drafts.append(
                DeclaredDraft(
                    place_id=row.places.get(code, row.place_id),
                    indicator=code,
                    part=value,
                    team_id=row.team_id,
                    period=grid.period.code,
                    source=row.sources.get(code) or source_of(row),
                    sender=entry.sender,
                    received_on=entry.received_on,
                    note=entry.note,
                    scan_name=entry.scan_name,
                    scan_sha256=entry.scan_sha256,
                )
            )
    return drafts, gone


@dataclass(frozen=True)
class BookCell:
    """A cell of a filled template: what stood there, what comes, or what is wrong with it."""

    name: str
    column: str
    old: int | None
    new: int | None
    flaw: Flaw | None = None

    @property
    def is_changed(self) -> bool:
        return self.flaw is None and self.new is not None and self.new != self.old


@dataclass(frozen=True)
class BookRow:
    """A line of a filled template."""

    number: int
    row: GridRow | None
    team: str
    cells: tuple[BookCell, ...]
    entry: Entry
    flaws: tuple[tuple[str, Flaw], ...] = ()

    @property
    def has_news(self) -> bool:
        return any(cell.is_changed for cell in self.cells)


@dataclass(frozen=True)
class BookReading:
    """A filled template read against the grid."""

    rows: tuple[BookRow, ...]

    @property
    def flaws(self) -> list[tuple[str, str, Flaw]]:
        """(cell, team, what is wrong)."""
        return [
            (cell, row.team, flaw)
            for row in self.rows
            for cell, flaw in (*row.flaws, *((c.name, c.flaw) for c in row.cells if c.flaw))
        ]

    @property
    def changed(self) -> int:
        return sum(cell.is_changed for row in self.rows for cell in row.cells)

    def entries(self) -> dict[int, Entry]:
        """The lines to store: the figures that differ. An empty cell leaves the figure as it stands."""
        return {
            row.row.team_id: replace(
                row.entry, values={cell.column: cell.new for cell in row.cells if cell.is_changed}
            )
            for row in self.rows
            if row.row and row.has_news
        }


def column_name(column: Indicator) -> str:
    """What a team is asked for: of a share only its numerator."""
    return column.part_name if column.has_whole and column.part_name else column.short_name


def mark_of(grid: Grid) -> str:
    """What the first cell of a template says."""
    return f"{MARK}:{grid.place_id}:{grid.period.code}"


def find_mark(workbook: Workbook) -> tuple[int, str] | None:
    """The place and period a filled template is of; None where it is no template."""
    marked = find_marked(workbook, MARK)
    return marked[1:] if marked else None


def find_marked(workbook: Workbook, mark: str) -> tuple[Sheet, int, str] | None:
    """The sheet whose first cell says `mark:place:span`, with both."""
    for sheet in workbook.sheets:
        for row in sheet.head(1):
            name, _, rest = str(row[0] if row else "").partition(":")
            place, _, period = rest.partition(":")
            if name == mark and place.isdecimal() and len(place) < 10:
                return sheet, int(place), period
    return None


def read_book(workbook: Workbook, grid: Grid, today: date) -> BookReading:
    """Each filled line against the grid. Columns are known by the codes of the hidden first row, teams by the hidden
    first column, so that moved columns and sorted rows do no harm."""
    marked = find_marked(workbook, MARK)
    if marked is None:
        return BookReading(())
    by_team = {row.team_id: row for row in grid.rows}
    codes: dict[int, str] = {}
    known = {column.code for column in grid.columns} | {SENDER, RECEIVED, NOTE, TEAM}
    found = []
    for number, cells in marked[0].rows():
        if number == 1:
            codes = {place: str(cell) for place, cell in enumerate(cells) if str(cell) in known}
        elif cells and str(cells[0]).removesuffix(".0").isdecimal():
            team_id = int(str(cells[0]).removesuffix(".0")[:9])
            found.append(_read_row(number, list(cells), codes, by_team.get(team_id), today))
    return BookReading(tuple(row for row in found if row.row or row.cells or row.flaws))


def _read_row(
    number: int, cells: Sequence[Typed], codes: Mapping[int, str], row: GridRow | None, today: date
) -> BookRow:
    told = {
        code: (cells[place], cell_name(number, place)) for place, code in codes.items() if place < len(cells)
    }
    team = str(told.get(TEAM, ("", ""))[0]) or (row.name if row else "")
    figures = [_read_cell(code, cell, name, row) for code, (cell, name) in told.items() if code not in _WORDS]
    figures = [cell for cell in figures if cell.new is not None or cell.flaw]
    flaws: list[tuple[str, Flaw]] = []
    if row is None:
        if figures:
            flaws.append((cell_name(number, 0), Flaw("team_id", "grid_team_unknown")))
        return BookRow(number, None, team, (), Entry({}), tuple(flaws))
    received = row.received_on
    if RECEIVED in told:
        day = parse_date(told[RECEIVED][0], RECEIVED, today)
        if isinstance(day, Flaw):
            flaws.append((told[RECEIVED][1], day))
        elif day is not None:
            received = day
    entry = Entry(
        values={cell.column: cell.new for cell in figures if cell.flaw is None},
        sender=_words(told.get(SENDER)) or row.sender,
        received_on=received,
        note=_words(told.get(NOTE)) or row.note,
        scan_name=row.scan_name,
        scan_sha256=row.scan_sha256,
    )
    return BookRow(number, row, team, tuple(figures), entry, tuple(flaws))


_WORDS = {SENDER, RECEIVED, NOTE, TEAM}


def _read_cell(code: str, cell: Typed, name: str, row: GridRow | None) -> BookCell:
    value = parse_count(cell, "part", LARGEST)
    old = row.cells.get(code) if row else None
    if isinstance(value, Flaw):
        return BookCell(name, code, old, None, value)
    return BookCell(name, code, old, value)


def _words(told: tuple[Typed, str] | None) -> str:
    return nfc(str(told[0])).strip() if told and told[0] is not None else ""
