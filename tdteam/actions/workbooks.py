"""The only door for spreadsheets: the bytes of an `.xlsx`, `.xls`, `.ods` or `.csv` in, a `Workbook` of grids out.

The format is told by the bytes, not by the name. Hostile files are refused before anything unpacks them (see
`workbook_guard`). Calamine gives the values; the fonts, which decide how TCVN3 and VNI text reads, come from beside it.
"""

from __future__ import annotations

import csv
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import time
from functools import lru_cache
from io import BytesIO, StringIO
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from tdteam.actions.archive_guard import refusal
from tdteam.actions.workbook_fonts import FontsOf, xlsx_fonts
from tdteam.actions.workbook_guard import MAX_BYTES, MAX_CELLS, MAX_GRID, MAX_ROWS, check_zip
from tdteam.actions.workbook_ole import MAGIC as OLE_MAGIC
from tdteam.actions.workbook_ole import OleFacts, check_ole
from tdteam.domain.legacy_text import Encoding, guess, is_syllable
from tdteam.domain.rosters.sheets import Row, Sheet, Workbook

_SAMPLE_ROWS = 300  # enough text to tell an encoding by
_MERGED_ROWS = 100  # merged heads stand near the top; merged data cells read like blanks below the first
_CSV_ENDINGS = (".csv", ".txt", ".tsv")
_DATA = Path(__file__).parent.parent / "data"


@lru_cache(maxsize=1)
def roster_words() -> dict[str, Any]:
    """Labels and synonyms by which columns of rosters are known (`data/roster_columns.json`)."""
    words: dict[str, Any] = json.loads((_DATA / "roster_columns.json").read_text(encoding="utf-8"))
    return words


def read_workbook(data: bytes, filename: str) -> Workbook:
    """The sheets that hold anything. Raises Refused with one flaw on `file`.

    Codes: file_empty, file_large, file_type, file_bomb, file_cells, file_macros, file_links, file_encrypted,
    file_damaged. Rows are read lazily: keep no more of them than you need.
    """
    if len(data) > MAX_BYTES:
        raise refusal("file_large", megabytes=MAX_BYTES >> 20)
    if not data.strip(b"\x00 \t\r\n"):
        raise refusal("file_empty")
    if data[:4] == b"PK\x03\x04" or data[:4] == b"PK\x05\x06":
        kind, archive = check_zip(data)
        sheets = _sheets(data)
        if kind == "xlsx":
            sizes = {sheet.name: (sheet.height, sheet.width) for sheet in sheets}
            _set_fonts(sheets, xlsx_fonts(archive, list(sizes), sizes))
    elif data[:8] == OLE_MAGIC:
        kind, facts = "xls", check_ole(data)
        sheets = _sheets(data)
        _set_fonts(sheets, _ole_fonts(sheets, facts))
    else:
        kind, sheets = "csv", [_csv_sheet(data, filename)]
    sheets = [sheet for sheet in sheets if sheet.height]
    if not sheets:
        raise refusal("file_empty")
    for sheet in sheets:
        sheet.suspected = (
            guess(_texts_in_common_fonts(sheet)) if sheet.suspected is Encoding.UNICODE else sheet.suspected
        )
    return Workbook(filename, kind, sheets)


def _sheets(data: bytes) -> list[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        metas = [meta for meta in book.sheets_metadata if meta.typ is SheetTypeEnum.WorkSheet]
        return [
            _sheet(book.get_sheet_by_name(meta.name), meta.visible is not SheetVisibleEnum.Visible)
            for meta in metas
        ]
    except PasswordError as locked:
        raise refusal("file_encrypted") from locked
    except (CalamineError, OSError, ValueError) as broken:
        raise refusal("file_damaged") from broken
    except BaseException as broken:  # a panic of the Rust reader derives from BaseException only
        if type(broken).__name__ != "PanicException":
            raise
        raise refusal("file_damaged") from broken


def _sheet(sheet: CalamineSheet, hidden: bool) -> Sheet:
    start, end = sheet.start, sheet.end
    if start is None or end is None:
        return Sheet(sheet.name, 0, 0, lambda: iter(()), hidden=hidden)
    left = start[1]
    blank: Row = [""] * left
    if (end[0] + 1) * (end[1] + 1) > MAX_GRID or end[0] >= MAX_ROWS:
        raise refusal("file_cells", thousands=MAX_CELLS // 1000)

    def read() -> Iterator[Row]:
        # Rows come from row 1 on, columns from the first one filled.
        for cells in sheet.iter_rows():
            row: Row = [cell.isoformat() if isinstance(cell, time) else cell for cell in cells]
            yield [*blank, *row] if left else row

    merged = [(a[0], a[1], b[0], b[1]) for a, b in sheet.merged_cell_ranges or [] if a[0] < _MERGED_ROWS]
    return Sheet(sheet.name, end[0] + 1, end[1] + 1, read, merged, hidden)


def _set_fonts(sheets: list[Sheet], fonts: dict[str, FontsOf]) -> None:
    for sheet in sheets:
        sheet.fonts = fonts.get(sheet.name)


def _ole_fonts(sheets: list[Sheet], facts: OleFacts) -> dict[str, FontsOf]:
    def lookup(cells: dict[tuple[int, int], Encoding]) -> FontsOf:
        return lambda row, column: cells.get((row, column), Encoding.UNICODE)

    return {sheet.name: lookup(cells) for sheet, cells in zip(sheets, facts.fonts, strict=False) if cells}


def _texts_in_common_fonts(sheet: Sheet) -> Iterator[str]:
    """Text whose font says nothing about its encoding."""
    for index, row in enumerate(islice(sheet.read(), _SAMPLE_ROWS)):
        for column, cell in enumerate(row):
            if not isinstance(cell, str) or cell.isascii():
                continue
            if sheet.fonts is None or sheet.fonts(index, column) is Encoding.UNICODE:
                yield cell


def _csv_sheet(data: bytes, filename: str) -> Sheet:
    if not filename.lower().endswith(_CSV_ENDINGS) or data.lstrip()[:5].lower() in (
        b"<html",
        b"<?xml",
        b"<!doc",
        b"{\\rtf",
    ):
        raise refusal("file_type")
    text, suspected = _csv_text(data)
    if "\x00" in text:
        raise refusal("file_type")
    separator = _separator(text)
    if text.lower().startswith("sep="):
        text = text.partition("\n")[2]

    def read() -> Iterator[Row]:
        for cells in csv.reader(StringIO(text, newline=""), delimiter=separator):
            yield [*cells]

    try:
        height = width = cells = 0
        for row in read():
            height, width, cells = height + 1, max(width, len(row)), cells + len(row)
            if height > MAX_ROWS or cells > MAX_CELLS or height * width > MAX_GRID:
                raise refusal("file_cells", thousands=MAX_CELLS // 1000)
    except csv.Error as broken:
        raise refusal("file_damaged") from broken
    return Sheet(Path(filename).stem, height, width, read, suspected=suspected)


def _csv_text(data: bytes) -> tuple[str, Encoding]:
    """The text and what legacy encoding its letters look like. UTF-8 first; else TCVN3 or VNI; else Windows-1258."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace"), Encoding.UNICODE
    try:
        return data.decode("utf-8-sig"), Encoding.UNICODE
    except UnicodeDecodeError:
        pass
    western = data.decode("latin-1")
    legacy = guess(western.splitlines()[:_SAMPLE_ROWS])
    if legacy is not Encoding.UNICODE:
        return western, legacy
    vietnamese = unicodedata.normalize("NFC", data.decode("cp1258", "replace"))
    words = [
        word for word in vietnamese[:20_000].replace(",", " ").replace(";", " ").split() if not word.isascii()
    ]
    if sum(map(is_syllable, words)) >= 0.7 * len(words):
        return vietnamese, Encoding.UNICODE
    raise refusal("file_type")


def _separator(text: str) -> str:
    """Of `;`, `,` and tab the one that parts most lines into the same number (more than one) of cells."""
    if text.lower().startswith("sep=") and len(text) > 4:
        return text[4]
    sample = text[:64_000].splitlines()[:60]
    best = (0, 0, ",")
    for separator in ",;\t":
        try:
            widths = Counter(len(row) for row in csv.reader(sample, delimiter=separator) if len(row) > 1)
        except csv.Error:
            continue
        if widths:
            width, lines = widths.most_common(1)[0]
            best = max(best, (lines, width, separator))
    return best[2]
