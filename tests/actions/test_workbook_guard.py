"""Hostile workbooks stay outside: bombs, endless grids, macros, links, passwords, files that are no workbooks."""

from __future__ import annotations

import re

import pytest

from tdteam.actions import workbook_guard
from tdteam.actions.workbook_guard import MAX_BYTES
from tdteam.actions.workbooks import read_workbook
from tdteam.domain.errors import Refused
from tdteam.domain.rosters.sheets import column_letters
from tests.workbook_maker import (
    MAIN,
    lying_about_size,
    ods,
    ods_row,
    packed,
    sheet_part,
    with_parts,
    xls,
    xlsx,
)

SHEET = "xl/worksheets/sheet1.xml"
ROWS = [["UBND xã Xuân Quang"], [], ["STT", "Họ và tên"], [1, "Nguyễn Văn Đức"], [], ["", "Tổng cộng"]]
ODS = ods(*(ods_row(*row) for row in ROWS))


def rows_of(data: bytes, filename: str = "a.xlsx", sheet: int = 0) -> list[tuple[int, list]]:
    return list(read_workbook(data, filename).sheets[sheet].rows())


def refused(data: bytes, filename: str = "a.xlsx") -> str:
    """The code a file is refused with."""
    with pytest.raises(Refused) as caught:
        read_workbook(data, filename)
    [flaw] = caught.value.flaws
    assert flaw.field == "file"
    return flaw.code


def cells(count: int, across: int) -> str:
    rows = []
    for row in range(1, count // across + 1):
        rows.append(
            f'<row r="{row}">'
            + "".join(f'<c r="{column_letters(c)}{row}"><v>1</v></c>' for c in range(across))
            + "</row>"
        )
    return sheet_part("".join(rows))


def prefixed(xml: str) -> str:
    """The same sheet with a namespace prefix on its cells, which calamine understands as well."""
    return re.sub(r"<(/?)(c|row|v)\b", r"<\1x:\2", xml).replace(
        "<worksheet ", f"<worksheet {MAIN.replace('xmlns', 'xmlns:x')} "
    )


GOOD = xlsx(ROWS)
DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="{0}"><c r="{1}{0}"><v>1</v></c></row>'
HOSTILE = {
    "a comment of 60 MB": (lambda: {SHEET: sheet_part("<!--" + "0" * 60_000_000 + "-->")}, "file_bomb"),
    "a picture of 80 MB": (lambda: {"xl/media/a.bin": bytes(80_000_000)}, "file_bomb"),
    "a million cells": (lambda: {SHEET: cells(1_000_000, 100)}, "file_cells"),
    "one cell in the last corner": (lambda: {SHEET: sheet_part(FAR.format(1048576, "XFD"))}, "file_cells"),
    "one cell far away": (lambda: {SHEET: sheet_part(FAR.format(99999, "ZZ"))}, "file_cells"),
    "one far down, one far right": (
        lambda: {SHEET: sheet_part(FAR.format(90000, "A") + '<row r="2"><c r="ZZ2"><v>1</v></c></row>')},
        "file_cells",
    ),
    "a document type in a sheet": (lambda: {SHEET: sheet_part("", DOCTYPE)}, "file_damaged"),
    "a document type in the texts": (lambda: {"xl/sharedStrings.xml": DOCTYPE + "<sst/>"}, "file_damaged"),
    "broken XML": (lambda: {SHEET: "<worksheet><sheetData><row"}, "file_damaged"),
    "a sheet in UTF-16": (lambda: {SHEET: sheet_part("").encode("utf-16")}, "file_damaged"),
    "a cell with a mad name": (
        lambda: {SHEET: sheet_part('<row r="1"><c r="1A"><v>1</v></c></row>')},
        "file_damaged",
    ),
    "macros": (lambda: {"xl/vbaProject.bin": b"x"}, "file_macros"),
    "old macros": (lambda: {"xl/macrosheets/sheet1.xml": "<x/>"}, "file_macros"),
    "links to other files": (lambda: {"xl/externalLinks/externalLink1.xml": "<x/>"}, "file_links"),
    "a connection": (lambda: {"xl/connections.xml": "<x/>"}, "file_links"),
    "one part twice": (lambda: {"XL/Workbook.xml": "<x/>"}, "file_damaged"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_workbooks_are_refused(what):
    change, code = HOSTILE[what]
    assert refused(with_parts(GOOD, change())) == code


@pytest.mark.parametrize(
    "sheet",
    [
        cells(3000, 30),
        prefixed(cells(3000, 30)),
        re.sub(r' r="[A-Z]*\d+"', "", cells(3000, 30)),
        cells(3000, 30).replace('<c r="', '<c\tr="'),
    ],
    ids=["usual", "prefixed", "unnamed", "tabs"],
)
def test_cells_are_counted_however_they_are_written(sheet, monkeypatch):
    data = with_parts(GOOD, {SHEET: sheet})
    assert sum(len(row) for _, row in rows_of(data)) == 3000
    monkeypatch.setattr(workbook_guard, "MAX_CELLS", 2999)
    assert refused(data) == "file_cells"


def test_texts_are_counted(monkeypatch):
    data = with_parts(
        GOOD,
        {
            "xl/sharedStrings.xml": f"<sst {MAIN}>"
            + "".join(f"<si><t>{n}</t></si>" for n in range(2000))
            + "</sst>"
        },
    )
    assert rows_of(data)
    monkeypatch.setattr(workbook_guard, "MAX_CELLS", 1999)
    assert refused(data) == "file_cells"


def test_a_part_larger_than_its_directory_says_is_refused():
    bomb = with_parts(GOOD, {SHEET: sheet_part("<!--" + "0" * 30_000_000 + "-->")})
    assert refused(lying_about_size(bomb, SHEET, 4000)) in ("file_bomb", "file_damaged")


def test_many_small_sheets_are_counted_together():
    corner = sheet_part(FAR.format(40_000, "AN"))
    many = {f"xl/worksheets/sheet{number}.xml": corner for number in range(1, 4)}
    assert refused(with_parts(GOOD, many)) == "file_cells"


def test_blank_formatted_cells_to_the_end_of_the_sheet_do_no_harm():
    blank = "".join(f'<row r="{row}"><c r="A{row}" s="0"/></row>' for row in (5, 1048576))
    data = with_parts(
        GOOD, {SHEET: sheet_part('<row r="1"><c r="A1" t="inlineStr"><is><t>Một</t></is></c></row>' + blank)}
    )
    assert rows_of(data)[0] == (1, ["Một"])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (ods(ods_row("a", repeated=90_000, across=100)), "file_cells"),
        (ods(ods_row("a", across=16_384, repeated=60)), "file_cells"),
        (
            ods(
                ods_row("a"),
                ods_row("", across=16_000),
                *[ods_row(*[""] * 1, "b")] * 2,
                ods_row("", "b", across=1500),
            ),
            None,
        ),
        (ods(ods_row("a"), ods_row("", repeated=1_048_000, across=1024)), None),
        (packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}), "file_type"),
        (packed({"word/document.xml": "<a/>"}), "file_type"),
        (packed({"xl/workbook.bin": b"x"}), "file_type"),
        (packed({}), "file_type"),
        (GOOD[:3000], "file_damaged"),
        (b"PK\x03\x04" + b"\x00" * 200, "file_damaged"),
    ],
    ids=["rows", "columns", "gaps", "wide", "text", "word", "xlsb", "empty", "cut short", "noise"],
)
def test_other_archives_are_told_apart(data, code):
    assert (refused(data) if code else bool(read_workbook(data, "a").sheets)) == (code or True)


@pytest.mark.parametrize(
    ("data", "filename", "code"),
    [
        (b"", "a.xlsx", "file_empty"),
        (b"  \r\n\x00", "a.csv", "file_empty"),
        (xlsx([]), "a.xlsx", "file_empty"),
        (b"\n\n", "a.csv", "file_empty"),
        (b"x" * (MAX_BYTES + 1), "a.csv", "file_large"),
        (b"%PDF-1.7", "a.pdf", "file_type"),
        (b"%PDF-1.7", "a.xlsx", "file_type"),
        (b"<html><table><tr><td>1</td></tr></table>", "a.csv", "file_type"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a.csv", "file_type"),
        (b"a,b\n1,2\n", "a.exe", "file_type"),
        (b'a,"' + b"x" * 200_000 + b'"', "a.csv", "file_damaged"),
        (b"1,2\n" * 120_000, "a.csv", "file_cells"),
        (b"," * 3_000_000, "a.csv", "file_cells"),
        (bytes(range(128, 256)) * 20, "a.csv", "file_type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.xls", "file_damaged"),
        (xls(ROWS)[:3000], "a.xls", "file_damaged"),
    ],
    ids=[
        "nothing",
        "blanks",
        "no sheet",
        "newlines",
        "large",
        "pdf",
        "pdf as xlsx",
        "html",
        "png",
        "exe",
        "open quote",
        "many rows",
        "many commas",
        "no encoding",
        "xls cut",
        "xls short",
    ],
)
def test_files_of_the_wrong_kind_are_refused(data, filename, code):
    assert refused(data, filename) == code


def biff(*records: tuple[int, bytes]) -> bytes:
    """An `.xls` whose stream has these records put before the first sheet's end."""
    data = xls([["x" * 10] for _ in range(400)])
    raw = bytearray(data)
    first = raw.index((0x0809).to_bytes(2, "little"), 512)
    second = raw.index(b"\x09\x08\x10\x00\x00\x06\x10\x00", first + 4)
    at = second + 20
    for kind, body in records:
        record = kind.to_bytes(2, "little") + len(body).to_bytes(2, "little") + body
        raw[at : at + len(record)] = record
        at += len(record)
    return bytes(raw)


@pytest.mark.parametrize(
    ("records", "code"),
    [
        ([(0x002F, b"\x01\x00")], "file_encrypted"),
        ([(0x01AE, b"\x01\x00\x05\x00\x00a.xls")], "file_links"),
        ([(0x0203, (60_000).to_bytes(2, "little") + (200).to_bytes(2, "little") + bytes(10))], "file_cells"),
    ],
    ids=["password", "links", "far corner"],
)
def test_hostile_old_workbooks_are_refused(records, code):
    assert refused(biff(*records), "a.xls") == code


def test_old_workbooks_with_macros_are_refused():
    data = bytearray(xls(ROWS))
    book = "Workbook".encode("utf-16-le")
    at = data.index(book)
    name = "_VBA_PROJECT_CUR".encode("utf-16-le")
    data[at + 128 : at + 128 + len(name)] = name
    data[at + 128 + 64 : at + 128 + 67] = (len(name) + 2).to_bytes(2, "little") + b"\x01"
    assert refused(bytes(data), "a.xls") == "file_macros"


def test_no_bytes_break_the_reader():
    import random

    dice = random.Random(5)
    for good in (GOOD, xls(ROWS), ODS):
        for _ in range(60):
            broken = bytearray(good)
            for _ in range(dice.choice([1, 3, 20])):
                broken[dice.randrange(len(broken))] = dice.randrange(256)
            try:
                for sheet in read_workbook(bytes(broken), "a.xlsx").sheets:
                    list(sheet.rows())
            except Refused:
                pass
