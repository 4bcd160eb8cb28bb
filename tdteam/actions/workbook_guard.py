"""Looks at an uploaded workbook before anything unpacks it, and refuses the hostile ones within a second.

What is bounded, and why these figures: 50,000 households by 15 columns is the largest roster we promise to take; as
`.xlsx` it is 3 to 5 MB, 28 to 45 MB unpacked (ratio 6 to 12) and 750,000 cells. So 16 MB packed, 64 MB unpacked,
ratio 100, 900,000 filled cells and a grid of 2,000,000 are room enough for lists and too little for a bomb. Sizes are
found by unpacking in pieces, never taken from the directory, and a cell's place is checked as well as the number of
cells: one cell in the last corner makes a reader lay out the whole grid.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from xml.parsers import expat

from tdteam.actions.archive_guard import (
    PIECE,
    check_parts,
    open_archive,
    pieces,
    refusal,
)
from tdteam.domain.rosters.sheets import column_letters

MAX_BYTES = 16 * 1024 * 1024
MAX_CELLS = 900_000
MAX_GRID = 2_000_000
MAX_ROWS = 99_999
MAX_TAGS = 4_000_000  # openings and closings; four a filled cell

_LINKS = re.compile(r"/externallinks/|/connections\.xml$|/querytables/|/embeddings/|^object ", re.IGNORECASE)
_CELL = re.compile(rb'<c r="([A-Z]{1,2})[0-9]{1,5}"')
_CELL_ROW = re.compile(rb'<c r="[A-Z]{1,2}([0-9]{1,5})"')
_UNUSUAL = re.compile(rb"<(?:c[/>\t\r\n]|[\w.\-]+:(?:c|row)[\s/>])")


def check_zip(data: bytes) -> tuple[str, zipfile.ZipFile]:
    """("xlsx" or "ods", the open archive) of a harmless one; raises Refused with a `file_…` code."""
    archive = open_archive(data)
    names = archive.namelist()
    kind = _kind(archive, set(names))
    check_parts(archive)
    if any(_LINKS.search(name) for name in names):
        raise refusal("file_links")
    budget = Budget()
    for part in archive.infolist():
        _check_part(archive, part, kind, budget)
    return kind, archive


def _kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names or "word/document.xml" in names or "mimetype" not in names:
        raise refusal("file_type")
    mimetype = b"".join(pieces(archive, archive.getinfo("mimetype"), 200))
    if mimetype.strip() != b"application/vnd.oasis.opendocument.spreadsheet" or "content.xml" not in names:
        raise refusal("file_type")
    return "ods"


def _whole_tags(stream: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes cut only where a tag begins."""
    rest = b""
    for piece in stream:
        rest += piece
        cut = rest.rfind(b"<")
        if cut <= 0:
            if len(rest) > 4 * PIECE:
                raise refusal("file_damaged")
            continue
        yield rest[:cut]
        rest = rest[cut:]
    yield rest


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, kind: str, budget: Budget) -> None:
    """An honest size, no document type, few enough cells. Tags are counted first: that alone stops most bombs."""
    stream = pieces(archive, part)
    first = next(stream, b"")
    if not first.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        if first[:2] in (b"\xff\xfe", b"\xfe\xff") and part.filename.endswith((".xml", ".rels")):
            raise refusal("file_damaged")
        for _ in stream:
            pass
    elif kind == "ods" and part.filename == "content.xml":
        _check_ods(_chain(first, stream), budget)
    elif _may_hold_cells(_whole_tags(_chain(first, stream))) and not _plainly_small(
        _whole_tags(pieces(archive, part)), budget
    ):
        _check_xlsx(pieces(archive, part), budget)


def _may_hold_cells(stream: Iterator[bytes]) -> bool:
    """Counts tags of a part by their letters; whether any of them may be a cell's."""
    opened = texts = filled = 0
    found = False
    for piece in stream:
        if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
            raise refusal("file_damaged")
        opened += piece.count(b"<")
        texts += piece.count(b"<si")
        filled += piece.count(b"<v>") + piece.count(b"<is>")
        if max(texts, filled) > MAX_CELLS or opened > MAX_TAGS:
            raise refusal("file_cells", thousands=MAX_CELLS // 1000)
        found = found or b"<c " in piece or _UNUSUAL.search(piece) is not None
    return found


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _plainly_small(stream: Iterator[bytes], budget: Budget) -> bool:
    """Whether every cell is written in the usual way and few enough; False asks for a real parser's opinion."""
    cells = 0
    columns: set[bytes] = set()
    rows: set[bytes] = set()
    usual = True
    for piece in stream:
        here = _CELL.findall(piece)
        cells += len(here)
        columns.update(here)
        rows.update(_CELL_ROW.findall(piece))
        usual = usual and len(here) == piece.count(b"<c ") and not _UNUSUAL.search(piece)
    width = max((_column(letters.decode()) for letters in columns), default=0)
    height = max((int(row) for row in rows), default=0)
    small = usual and budget.cells + cells <= MAX_CELLS and budget.grid + width * height <= MAX_GRID
    if small:
        budget.spend(cells, height, width)
    return small


def _column(letters: str) -> int:
    number = 0
    if not letters.isalpha() or not letters.isascii() or len(letters) > 3:
        raise refusal("file_damaged")
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def parse_xml(stream: Iterator[bytes], on_start: Callable[[str, dict[str, str]], None]) -> None:
    """Run a part through a real parser; a document type is refused (entities are how XML bombs grow)."""

    def doctype(*_: object) -> None:
        raise refusal("file_damaged")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = on_start
    try:
        for piece in stream:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as broken:
        raise refusal("file_damaged") from broken


class Budget:
    """Filled cells and grid of all sheets together; raises once either is spent."""

    def __init__(self) -> None:
        self.cells = self.grid = 0

    def spend(self, cells: int, rows: int, columns: int) -> None:
        self.cells, self.grid = self.cells + cells, self.grid + rows * columns
        if self.cells > MAX_CELLS or rows > MAX_ROWS or self.grid > MAX_GRID:
            raise refusal("file_cells", thousands=MAX_CELLS // 1000)


def _check_xlsx(stream: Iterator[bytes], budget: Budget) -> None:
    """A cell counts when something stands in it: blank formatted cells to the end of the sheet are harmless."""
    columns: set[str] = set()
    rows: set[str] = set()
    cells = 0
    row = column = 0
    place: str | None = None

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal cells, row, column, place
        if place is not None:  # a child of the cell before (v, f or is), or the next cell of a blank one
            if name[-1] in "vfs":
                cells += 1
                columns.add(place.rstrip(_DIGITS))
                rows.add(place.lstrip(_LETTERS))
                if cells > MAX_CELLS:
                    raise refusal("file_cells", thousands=MAX_CELLS // 1000)
            place = None
        if name == "c" or name.endswith(":c"):
            column += 1
            place = attributes.get("r") or f"{column_letters(column - 1)}{row}"
        elif name.rpartition(":")[2] == "row":
            row, column = _number(attributes.get("r") or str(row + 1)), 0

    parse_xml(stream, start)
    budget.spend(cells, max(map(_number, rows), default=0), max(map(_column, columns), default=0))


def _check_ods(stream: Iterator[bytes], budget: Budget) -> None:
    """Repeated rows and columns count as often as they repeat; blank ones do not count."""
    row = column = times = across = cells = last_row = last_column = 0
    waiting = False  # inside a cell that has shown nothing yet

    def fill() -> None:
        nonlocal cells, last_row, last_column, waiting
        cells, waiting = cells + times * across, False
        last_row, last_column = max(last_row, row), max(last_column, column)
        if cells > MAX_CELLS or last_row * last_column > MAX_GRID:
            raise refusal("file_cells", thousands=MAX_CELLS // 1000)

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, times, across, waiting, cells, last_row, last_column
        if name in _ODS_CELLS:
            across = _number(attributes.get("table:number-columns-repeated", "1"))
            column += across
            waiting = not any(key.startswith("office:") or key == "table:formula" for key in attributes)
            if not waiting:
                fill()
        elif name == "table:table-row":
            times = _number(attributes.get("table:number-rows-repeated", "1"))
            row, column, waiting = row + times, 0, False
        elif name == "table:table":
            budget.spend(cells, last_row, last_column)
            row = cells = last_row = last_column = 0
            waiting = False
        elif name in ("table:table-source", "office:dde-source"):
            raise refusal("file_links")
        elif waiting and name == "text:p":
            fill()

    parse_xml(stream, start)
    budget.spend(cells, last_row, last_column)


_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ODS_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise refusal("file_damaged")
    return int(text)
