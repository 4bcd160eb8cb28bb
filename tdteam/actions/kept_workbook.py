"""What is kept of an uploaded roster until it is imported and a month beyond: its rows, without what may not be kept.

A commune's list often has a column of identity numbers or of ethnicity. None of that is stored, not even in the file
somebody uploaded (`domain/privacy.py`). So not the file is kept but a zip of plain rows, one JSON list a line, text
already in Unicode: columns known as private are empty but for small counts and ticks (one may have been taken for
private by mistake), and where an identity or card number or a secret stands elsewhere its digits are zeros, so that
the cell is still told to be wrong. A sheet that is no list keeps its name only.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from tdteam.domain.cells import Cell
from tdteam.domain.errors import Flaw
from tdteam.domain.legacy_text import Encoding
from tdteam.domain.phones import parse_phone
from tdteam.domain.privacy import find_forbidden, mask
from tdteam.domain.rosters.flaws import is_id_without_zeros
from tdteam.domain.rosters.layout import SheetLayout
from tdteam.domain.rosters.sheets import Row, Sheet, Workbook
from tdteam.domain.rosters.walking import cell_text
from tdteam.domain.rosters.words import Meaning

_META = "sheets.json"
_LONG_NUMBER = 100_000_000  # nine digits
_TICK = 2  # letters of a tick
_ZEROS = "0" * 12  # what is still told to be an identity number


def pack(workbook: Workbook, layouts: Iterable[SheetLayout]) -> tuple[bytes, list[SheetLayout]]:
    """The rows to keep, and the layouts to read them by."""
    read_as = {layout.sheet: layout for layout in layouts}
    out, metas = io.BytesIO(), []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for place, sheet in enumerate(workbook.sheets):
            layout = read_as[sheet.name]
            with archive.open(f"{place}.jsonl", "w") as part:
                if layout.kind is not None:
                    part.writelines(_lines(sheet, layout))
            metas.append(
                {
                    "name": sheet.name,
                    "height": sheet.height,
                    "width": sheet.width,
                    "hidden": sheet.hidden,
                    "merged": sheet.merged,
                }
            )
        meta = {"filename": workbook.filename, "kind": workbook.kind, "sheets": metas}
        archive.writestr(_META, json.dumps(meta, ensure_ascii=False))
    return out.getvalue(), [replace(layout, encoding=Encoding.UNICODE) for layout in read_as.values()]


def unpack(data: bytes) -> Workbook:
    """The workbook as it was packed. Rows are read lazily, as from a file."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    meta: dict[str, Any] = json.loads(archive.read(_META))

    def sheet(place: int, facts: dict[str, Any]) -> Sheet:
        def read() -> Iterator[Row]:
            with archive.open(f"{place}.jsonl") as part:
                for line in part:
                    yield [_cell(value) if type(value) is dict else value for value in json.loads(line)]

        merged = [(top, left, bottom, right) for top, left, bottom, right in facts["merged"]]
        return Sheet(facts["name"], facts["height"], facts["width"], read, merged, facts["hidden"])

    sheets = [sheet(place, facts) for place, facts in enumerate(meta["sheets"])]
    return Workbook(meta["filename"], meta["kind"], sheets)


def _lines(sheet: Sheet, layout: SheetLayout) -> Iterator[bytes]:
    private = {column for column, meaning in layout.columns.items() if meaning is Meaning.PRIVATE}
    for number, row in sheet.rows(layout.encoding):
        out: list[Cell] = list(row)
        for column, cell in enumerate(row):
            if column in private and number >= layout.first_row:
                out[column] = cell if _is_small(cell) else ""
            elif type(cell) is str:
                if is_id_without_zeros(cell):
                    out[column] = _ZEROS
                elif len(cell) > 3 and not cell.isalpha() and find_forbidden(cell) and not _is_phone(cell):
                    out[column] = mask(cell, "0")
            elif isinstance(cell, float | int) and abs(cell) >= _LONG_NUMBER and not _is_phone(cell):
                text = cell_text(cell)
                out[column] = _ZEROS if is_id_without_zeros(text) else "0" * len(text)
        yield json.dumps(out, ensure_ascii=False, separators=(",", ":"), default=_plain).encode() + b"\n"


def _is_small(cell: Cell) -> bool:
    """A count of people or a tick, which tells nothing of anybody by itself."""
    if isinstance(cell, str):
        return len(cell) <= _TICK
    return isinstance(cell, float | int) and 0 <= cell < 100


def _is_phone(cell: Cell) -> bool:
    """Nine digits may be a phone without its zero, whatever its column was taken for."""
    return not isinstance(parse_phone(cell), Flaw)


def _plain(value: object) -> dict[str, object]:
    """A cell JSON has no word for."""
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    raise TypeError(type(value).__name__)


def _cell(value: dict[str, Any]) -> Cell:
    kind, told = next(iter(value.items()))
    if kind == "moment":
        return datetime.fromisoformat(told)
    return date.fromisoformat(told) if kind == "day" else timedelta(seconds=told)
