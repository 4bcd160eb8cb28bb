"""Workbooks of every format come in as grids with Excel's row numbers; hostile files stay outside, quickly."""

from __future__ import annotations

import io
import zipfile

import pytest

from tdteam.actions.workbooks import read_workbook
from tdteam.domain.legacy_text import Encoding
from tests.workbook_maker import (
    ods,
    ods_row,
    with_parts,
    xls,
    xlsx,
)

SHEET = "xl/worksheets/sheet1.xml"
ROWS = [["UBND xã Xuân Quang"], [], ["STT", "Họ và tên"], [1, "Nguyễn Văn Đức"], [], ["", "Tổng cộng"]]


def rows_of(data: bytes, filename: str = "a.xlsx", sheet: int = 0) -> list[tuple[int, list]]:
    return list(read_workbook(data, filename).sheets[sheet].rows())


ODS = ods(*(ods_row(*row) for row in ROWS))


@pytest.mark.parametrize(("data", "kind"), [(xlsx(ROWS), "xlsx"), (xls(ROWS), "xls"), (ODS, "ods")])
def test_rows_keep_excels_numbers_and_empty_rows(data, kind):
    book = read_workbook(data, "any name")
    assert book.kind == kind
    by_number = dict(book.sheets[0].rows())
    assert list(by_number) == [1, 2, 3, 4, 5, 6]
    assert (
        by_number[4] == [1, "Nguyễn Văn Đức"]
        and by_number[5] == ["", ""]
        and by_number[6] == ["", "Tổng cộng"]
    )
    assert list(book.sheets[0].rows()) == list(book.sheets[0].rows()), "rows can be read again"


def test_a_table_that_begins_far_from_the_corner_keeps_its_place():
    data = xlsx([[], [], ["", "", "x"], ["", "", "", 5]])
    assert dict(rows_of(data)) == {
        1: ["", "", "", ""],
        2: ["", "", "", ""],
        3: ["", "", "x", ""],
        4: ["", "", "", 5.0],
    }


def test_csv_keeps_blank_lines_and_finds_its_separator():
    assert rows_of(b"a;b\n\n1,5;x\n", "so.csv") == [(1, ["a", "b"]), (2, []), (3, ["1,5", "x"])]
    assert rows_of(b"sep=|\na|b;c\n", "so.csv") == [(1, ["a", "b;c"])]
    assert rows_of('"x\ny",2\n'.encode("utf-16"), "so.CSV") == [(1, ["x\ny", "2"])]


def test_hidden_sheets_are_marked():
    assert [(sheet.name, sheet.hidden) for sheet in read_workbook(xlsx(ROWS, hide=True), "a").sheets] == [
        ("Ho dan", True)
    ]


@pytest.mark.parametrize("make", [xlsx, xls])
def test_the_font_says_how_text_reads(make):
    typed = [["Hä vµ tªn"], ["M\u00adêng Kh\u00ad¬ng"]]
    assert rows_of(make(typed, font=".VnTime")) == [(1, ["Họ và tên"]), (2, ["Mường Khương"])]
    assert rows_of(make([["lý v¨n ®øc"]], font=".VnTimeH")) == [(1, ["LÝ VĂN ĐỨC"])]
    assert rows_of(make([["Nguyeãn Vaên Ñöùc"]], font="VNI-Times")) == [(1, ["Nguyễn Văn Đức"])]


def test_only_cells_in_a_legacy_font_are_converted():
    data = xlsx([["§øc", "Müller", "Đức"]], fonts={(0, 0): ".VnTime", (0, 2): ".VnTime"})
    assert rows_of(data) == [(1, ["Đức", "Müller", "Đức"])]


def test_a_font_named_on_a_later_sheet_is_found_through_the_relations():
    data = xlsx([["§øc"]], font=".VnTime")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part, rels = archive.read(SHEET), archive.read("xl/_rels/workbook.xml.rels").decode()
    moved = with_parts(
        data,
        {
            "xl/worksheets/other.xml": part,
            "xl/_rels/workbook.xml.rels": rels.replace("sheet1.xml", "other.xml"),
        },
    )
    assert rows_of(moved) == [(1, ["Đức"])]


def test_without_a_font_the_letters_are_suspected_and_a_person_may_overrule():
    [sheet] = read_workbook(xlsx([["Hä vµ tªn chñ hé"], ["NguyÔn V¨n §øc"]]), "a").sheets
    assert sheet.suspected is Encoding.TCVN3
    assert [row for _, row in sheet.rows()] == [["Họ và tên chủ hộ"], ["Nguyễn Văn Đức"]]
    assert next(iter(sheet.rows(Encoding.UNICODE))) == (1, ["Hä vµ tªn chñ hé"])
