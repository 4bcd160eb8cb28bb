"""Lists as workbook and CSV."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
import python_calamine as calamine

from tdteam.domain.shares import Share
from tdteam.reports.lists import Kind, ListColumn, ascii_filename, draw_list_csv, draw_list_xlsx, sheet_name

COLUMNS = (
    ListColumn("Chủ hộ"),
    ListColumn("Số người", Kind.INT),
    ListColumn("Ngày", Kind.DATE),
    ListColumn("Tỷ lệ", Kind.PERCENT),
)
ROWS = [
    ("Giàng A Páo", 5, date(2026, 11, 3), Share(1, 3)),
    ("Ly\u0301 Thi\u0323 Mẩy", None, None, Share(None, 3)),
    (None, 0, date(2026, 1, 31), Decimal("47.3")),
]
LIVE = [
    "=1+1",
    "+84912345678",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    " =1",
    "=cmd|' /C calc'!A0",
    "\uff1d1+1",
    "\r\n=1",
]


def opened(rows: list, title: str = "Danh sách hộ"):
    drawn = draw_list_xlsx(title, "Xã Xuân Quang", COLUMNS, rows)
    return openpyxl.load_workbook(io.BytesIO(drawn)).active


def parsed(rows: list) -> list[list[str]]:
    drawn = draw_list_csv("Danh sách hộ", "Xã Xuân Quang", COLUMNS, rows)
    assert drawn.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(drawn.decode("utf-8-sig"), newline="")))


def test_values_keep_their_kind_in_excel() -> None:
    sheet = opened(ROWS)
    assert [cell.value for cell in sheet[4]] == ["Chủ hộ", "Số người", "Ngày", "Tỷ lệ"]
    assert [cell.value for cell in sheet[5]][:2] == ["Giàng A Páo", 5]
    assert sheet["C5"].is_date and sheet["C5"].number_format == "dd/mm/yyyy"
    assert sheet["D5"].value == pytest.approx(0.333) and sheet["D5"].number_format == "0.0%"
    assert [cell.value for cell in sheet[6]] == ["Lý Thị Mẩy", "-", "-", "-"]
    assert [cell.value for cell in sheet[7]][:2] == [None, 0] and sheet["D7"].value == pytest.approx(0.473)


def test_the_workbook_is_ready_to_print() -> None:
    sheet = opened(ROWS)
    assert sheet["A1"].value == "Danh sách hộ" and sheet["A2"].value == "Xã Xuân Quang"
    assert sheet.freeze_panes == "A5" and sheet.print_title_rows == "$4:$4"
    assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
    assert sheet.print_area.endswith("$A$1:$D$7") and sheet.auto_filter.ref == "A4:D7"


def test_an_empty_list_is_a_workbook_with_its_head() -> None:
    sheet = opened([])
    assert sheet.max_row == 4 and sheet["A4"].value == "Chủ hộ"
    assert parsed([]) == [["Chủ hộ", "Số người", "Ngày", "Tỷ lệ"]]


@pytest.mark.parametrize("text", LIVE)
def test_no_text_comes_alive(text: str) -> None:
    cell = opened([(text, 1, None, None)])["A5"]
    assert cell.data_type == "s" and cell.hyperlink is None
    assert parsed([(text, 1, None, None)])[1][0].startswith("'")


def test_a_head_or_title_comes_no_more_alive_than_a_cell() -> None:
    columns = (ListColumn("=1+1"),)
    drawn = draw_list_xlsx("=2+2", "@x", columns, [("a",)])
    sheet = openpyxl.load_workbook(io.BytesIO(drawn)).active
    assert [sheet[place].data_type for place in ("A1", "A2", "A4")] == ["s", "s", "s"]
    assert draw_list_csv("=2+2", "", columns, [("a",)]).decode("utf-8-sig").startswith("'=1+1")


def test_links_and_numbers_of_text_columns_stay_text() -> None:
    sheet = opened(
        [
            ("http://example.invalid/x", 1, None, None),
            ("0912345678", 1, None, None),
            ("123456789012", 1, None, None),
        ]
    )
    assert [sheet[f"A{row}"].value for row in (5, 6, 7)] == [
        "http://example.invalid/x",
        "0912345678",
        "123456789012",
    ]
    assert all(sheet[f"A{row}"].hyperlink is None and sheet[f"A{row}"].data_type == "s" for row in (5, 6, 7))


def test_csv_holds_the_same_values() -> None:
    assert parsed(ROWS)[1:] == [
        ["Giàng A Páo", "5", "03/11/2026", "1/3 (33,3%)"],
        ["Lý Thị Mẩy", "-", "-", "-"],
        ["", "0", "31/01/2026", "47,3"],
    ]


def test_a_very_long_text_is_cut_where_excel_would_refuse_it() -> None:
    assert len(opened([("a" * 40_000, 1, None, None)])["A5"].value) <= 32_767


def test_letters_that_count_twice_are_counted_twice() -> None:
    kept = opened([("\U0001f600" * 20_000, 1, None, None)])["A5"].value
    assert 15_000 < len(kept) <= 32_767 / 2 and set(kept) == {"\U0001f600"}


@pytest.mark.parametrize("text", ["<r><t>x</t></r>", "<b>&amp;</b> & \"x\" 'y'", "]]>", "_x0041_ và _x00"])
def test_a_text_that_looks_like_markup_is_that_text(text: str) -> None:
    sheet = opened([(text, 1, None, None), ("sau", 2, None, None)])
    shown = [row[0].value for row in sheet["A5:A6"]]
    drawn = draw_list_xlsx("x", "", COLUMNS, [(text, 1, None, None)])
    assert calamine.load_workbook(io.BytesIO(drawn)).get_sheet_by_index(0).to_python()[-1][0] == text
    assert shown[1] == "sau"


def test_rows_are_asked_for_one_by_one() -> None:
    def rows():
        for n in range(3):
            yield (f"Hộ {n}", n, None, None)

    assert len(parsed(rows())) == 4  # type: ignore[arg-type]


def test_the_same_list_is_the_same_bytes() -> None:
    assert draw_list_xlsx("a", "b", COLUMNS, ROWS) == draw_list_xlsx("a", "b", COLUMNS, ROWS)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Báo cáo tháng 10/2026 xã Xuân Quang", "bao-cao-thang-10-2026-xa-xuan-quang.xlsx"),
        ("Đặng Đức", "dang-duc.xlsx"),
        ("../../etc/passwd", "etc-passwd.xlsx"),
        ("\x00\r\nX-Header: 1", "x-header-1.xlsx"),
        ("", "tdteam.xlsx"),
        ("漢字", "tdteam.xlsx"),
        ("a" * 400, "a" * 100 + ".xlsx"),
    ],
)
def test_file_names_are_plain(text: str, name: str) -> None:
    assert ascii_filename(text, "xlsx") == name


@pytest.mark.parametrize("title", ["", "'", "a/b[c]:d?*\\", "x" * 99, "History", "Danh sách hộ"])
def test_any_title_names_a_sheet(title: str) -> None:
    name = sheet_name(title)
    assert 0 < len(name) <= 31 and not set(name) & set("[]:*?/\\")
    opened([], title)
