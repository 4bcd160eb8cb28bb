"""Looks into an Excel 97-2003 file (`.xls`, a compound file with a BIFF stream) before the reader does.

Calamine reads its cells but shows no fonts, and lays out a grid as wide as the farthest cell says. So the records are
walked once here: macros, passwords and links to other files are refused, the grid is bounded, and the cells drawn in
a legacy Vietnamese font are noted. References: [MS-CFB] 2.2-2.6, [MS-XLS] 2.4.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from tdteam.actions.archive_guard import refusal
from tdteam.actions.workbook_guard import MAX_CELLS, MAX_GRID, Budget
from tdteam.domain.legacy_text import Encoding, encoding_of_font

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # sector numbers from here on are marks, not sectors
_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _SUPBOOK, _FONT, _XF = (
    0x0809,
    0x000A,
    0x002F,
    0x0085,
    0x01AE,
    0x0031,
    0x00E0,
)
_TEXT_CELLS = {0x00FD, 0x0204, 0x00D6}  # LABELSST, LABEL, RSTRING
_CELLS = {*_TEXT_CELLS, 0x0203, 0x027E, 0x0006, 0x0205}  # NUMBER, RK, FORMULA, BOOLERR
_MULRK = 0x00BD


@dataclass
class OleFacts:
    """Per sheet position in the stream, the legacy text cells: (row, column) to encoding; in the sheets' order."""

    fonts: list[dict[tuple[int, int], Encoding]] = field(default_factory=list)


def check_ole(data: bytes) -> OleFacts:
    """The facts of a harmless `.xls`; raises Refused with a `file_…` code."""
    try:
        streams = _Streams(data)
        names = {name.lower() for name in streams.entries}
        if "encryptedpackage" in names:
            raise refusal("file_encrypted")
        if names & {"_vba_project_cur", "vba", "macros", "_vba_project"}:
            raise refusal("file_macros")
        book = streams.read("Workbook") or streams.read("Book")
        if not book:
            raise refusal("file_type")
        return _walk(book)
    except (struct.error, IndexError, ValueError) as broken:
        raise refusal("file_damaged") from broken


class _Streams:
    """The directory of a compound file and the streams behind it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise ValueError("sector size")
        self.size: int = 1 << shift
        first_directory, self.cutoff = struct.unpack_from("<I4xI", data, 48)
        first_mini, _, first_difat, _ = struct.unpack_from("<IIII", data, 60)
        sectors = list(struct.unpack_from("<109I", data, 76))
        seen = 0
        while first_difat < _END and seen < len(data) // self.size:
            more = struct.unpack_from(f"<{self.size // 4}I", data, self._at(first_difat))
            sectors += more[:-1]
            first_difat, seen = more[-1], seen + 1
        self.fat: list[int] = []
        for sector in sectors:
            if sector < _END:
                self.fat += struct.unpack_from(f"<{self.size // 4}I", data, self._at(sector))
        self.entries: dict[str, tuple[int, int]] = {}
        root = self._directory(b"".join(self._chain(first_directory)))
        self.mini_fat = (
            list(struct.iter_unpack("<I", b"".join(self._chain(first_mini)))) if first_mini < _END else []
        )
        self.mini = b"".join(self._chain(root))

    def _at(self, sector: int) -> int:
        return (int(sector) + 1) * self.size

    def _chain(self, sector: int) -> Iterator[bytes]:
        steps = 0
        while sector < _END:
            steps += 1
            if steps > len(self.fat):
                raise ValueError("loop of sectors")
            yield self.data[self._at(sector) : self._at(sector) + self.size]
            sector = self.fat[sector]

    def _directory(self, table: bytes) -> int:
        root: int = _END
        for at in range(0, len(table) - 127, 128):
            length, kind = struct.unpack_from("<HB", table, at + 64)
            start, size = _two(table, at + 116)
            name = table[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            if kind == 5:
                root = start
            elif kind in (1, 2):
                self.entries.setdefault(name, (start, size))
        return root

    def read(self, name: str) -> bytes:
        if name not in self.entries:
            return b""
        start, size = self.entries[name]
        if size >= self.cutoff:
            return b"".join(self._chain(start))[:size]
        parts: list[bytes] = []
        while start < _END and len(parts) <= len(self.mini_fat):
            parts.append(self.mini[start * 64 : start * 64 + 64])
            start = self.mini_fat[start][0]
        return b"".join(parts)[:size]


def _two(table: bytes, at: int) -> tuple[int, int]:
    first, second = struct.unpack_from("<II", table, at)
    return int(first), int(second)


def _walk(book: bytes) -> OleFacts:
    """One pass over the records, bounded by the stream's length."""
    facts = OleFacts()
    budget = Budget()
    looks = _Looks()
    by_place: dict[int, dict[tuple[int, int], Encoding]] = {}
    here: dict[tuple[int, int], Encoding] = {}
    at = cells = last_row = last_column = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        body = at + 4
        if kind in _CELLS or kind == _MULRK:
            row, column, style = struct.unpack_from("<HHH", book, body)
            more = (length - 6) // 6 if kind == _MULRK else 1
            cells += more
            last_row, last_column = max(last_row, row), max(last_column, column + more - 1)
            if cells > MAX_CELLS or (last_row + 1) * (last_column + 1) > MAX_GRID:
                raise refusal("file_cells", thousands=MAX_CELLS // 1000)
            if kind in _TEXT_CELLS and (encoding := looks.of(style)) is not Encoding.UNICODE:
                here[(row, column)] = encoding
        elif kind == _BOF:
            what = looks.begin(book, body)
            if what in (0x0040, 0x0006):  # macro sheet, module
                raise refusal("file_macros")
            here = by_place.setdefault(at, {})
            budget.spend(cells, last_row + 1, last_column + 1)
            cells = last_row = last_column = 0
        elif kind == _BOUNDSHEET:
            if book[body + 5] == 0:  # a worksheet, not a chart
                facts.fonts.append(by_place.setdefault(struct.unpack_from("<I", book, body)[0], {}))
        else:
            looks.note(kind, book, body, length)
        at = body + length
    budget.spend(cells, last_row + 1, last_column + 1)
    return facts


class _Looks:
    """The fonts and cell styles of the workbook, and what else its records give away."""

    def __init__(self) -> None:
        self.wide = True
        self.fonts: list[Encoding] = []
        self.styles: list[Encoding] = []

    def begin(self, book: bytes, body: int) -> int:
        version, what = struct.unpack_from("<HH", book, body)
        self.wide = version >= 0x0600
        return int(what)

    def note(self, kind: int, book: bytes, body: int, length: int) -> None:
        if kind == _FILEPASS:
            raise refusal("file_encrypted")
        if kind == _SUPBOOK and length > 4:
            raise refusal("file_links")
        if kind == _FONT:
            self.fonts.append(encoding_of_font(_font_name(book, body, self.wide)))
        elif kind == _XF:
            number = struct.unpack_from("<H", book, body)[0]
            number -= number > 4  # there is no font 4: a quirk as old as the format
            self.styles.append(self.fonts[number] if number < len(self.fonts) else Encoding.UNICODE)

    def of(self, style: int) -> Encoding:
        return self.styles[style] if style < len(self.styles) else Encoding.UNICODE


def _font_name(book: bytes, body: int, wide: bool) -> str:
    count = book[body + 14]
    if wide and book[body + 15] & 1:
        return book[body + 16 : body + 16 + 2 * count].decode("utf-16-le", "replace")
    start = body + 16 if wide else body + 15
    return book[start : start + count].decode("latin-1")
