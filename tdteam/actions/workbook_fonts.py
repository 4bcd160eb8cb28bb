"""Which cells of an `.xlsx` are drawn in a legacy Vietnamese font (calamine shows no fonts).

Most files name no such font in `xl/styles.xml`; then nothing more is read. Otherwise the sheets are gone through once
and one byte a cell is kept.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from posixpath import join, normpath

from tdteam.actions.archive_guard import pieces
from tdteam.actions.workbook_guard import parse_xml
from tdteam.domain.legacy_text import Encoding, encoding_of_font

_ORDER = list(Encoding)
FontsOf = Callable[[int, int], Encoding]


def xlsx_fonts(
    archive: zipfile.ZipFile, names: list[str], sizes: dict[str, tuple[int, int]]
) -> dict[str, FontsOf]:
    """By sheet name, the encoding that the font of (row, column), counted from 0, implies.

    `names` are the sheets to look at, `sizes` their (height, width). Sheets without a legacy cell are left out.
    """
    styles = _style_encodings(archive)
    if all(encoding is Encoding.UNICODE for encoding in styles):
        return {}
    paths = _sheet_paths(archive)
    found = {
        name: _sheet_fonts(archive, paths[name], styles, *sizes[name]) for name in names if name in paths
    }
    return {name: fonts for name, fonts in found.items() if fonts is not None}


def _style_encodings(archive: zipfile.ZipFile) -> list[Encoding]:
    """The encoding of each cell style (`cellXfs`), by number."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    fonts: list[Encoding] = []
    styles: list[Encoding] = []
    part = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal part
        name = name.rpartition(":")[2]
        if name in ("fonts", "cellXfs", "cellStyleXfs", "dxfs"):
            part = name
        elif part == "fonts" and name == "font":
            fonts.append(Encoding.UNICODE)
        elif part == "fonts" and name == "name" and fonts:
            fonts[-1] = encoding_of_font(attributes.get("val", ""))
        elif part == "cellXfs" and name == "xf":
            number = attributes.get("fontId", "0")
            known = number.isdecimal() and int(number) < len(fonts)
            styles.append(fonts[int(number)] if known else Encoding.UNICODE)

    parse_xml(pieces(archive, archive.getinfo("xl/styles.xml")), start)
    return styles


def _sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name to part name, by way of the workbook's relations."""
    targets: dict[str, str] = {}
    paths: dict[str, str] = {}
    present = set(archive.namelist())

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship":
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = (
                target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            )

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "sheet":
            ids = [value for key, value in attributes.items() if key.rpartition(":")[2] == "id"]
            path = targets.get(ids[0], "") if ids else ""
            if path in present:
                paths[attributes.get("name", "")] = path

    if "xl/_rels/workbook.xml.rels" in present:
        parse_xml(pieces(archive, archive.getinfo("xl/_rels/workbook.xml.rels")), relation)
        parse_xml(pieces(archive, archive.getinfo("xl/workbook.xml")), sheet)
    return paths


def _sheet_fonts(
    archive: zipfile.ZipFile, path: str, styles: list[Encoding], height: int, width: int
) -> FontsOf | None:
    marks = bytearray(height * width)
    codes = [_ORDER.index(encoding) for encoding in styles]
    row = column = -1

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        if name == "c" or name.endswith(":c"):
            place = attributes.get("r", "")
            column = _column(place) if place else column + 1
            style = attributes.get("s", "0")
            code = codes[int(style)] if style.isdecimal() and int(style) < len(codes) else 0
            if code and 0 <= row < height and 0 <= column < width:
                marks[row * width + column] = code
        elif name == "row" or name.endswith(":row"):
            place = attributes.get("r", "")
            row, column = (int(place) - 1 if place.isdecimal() else row + 1), -1

    parse_xml(pieces(archive, archive.getinfo(path)), start)
    if not any(marks):
        return None

    def fonts(at_row: int, at_column: int) -> Encoding:
        return _ORDER[marks[at_row * width + at_column]]

    return fonts


def _column(place: str) -> int:
    number = 0
    for letter in place.rstrip("0123456789"):
        number = number * 26 + ord(letter.upper()) - 64
    return number - 1
