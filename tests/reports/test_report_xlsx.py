"""The report's tables as Excel opens them."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from tdteam.domain.report import compose_report
from tdteam.domain.report_facts import ReportFacts
from tdteam.domain.report_spans import month_span
from tdteam.reports.report_xlsx import draw_report_xlsx
from tests.reports import samples

DRAWN = draw_report_xlsx(samples.report(demo=True))


@pytest.fixture(scope="module")
def book():
    return openpyxl.load_workbook(io.BytesIO(DRAWN))


def row_of(sheet, name: str) -> list:
    return next(
        [cell.value for cell in row] for row in sheet.iter_rows() if any(cell.value == name for cell in row)
    )


def test_each_table_has_its_sheet(book) -> None:
    assert book.sheetnames == [
        "Chỉ tiêu",
        "PL1 Thôn",
        "PL2 Nguyên nhân",
        "PL3 Tổ",
        "PL3 Biến động",
        "Biểu đồ",
    ]
    for sheet in book:
        assert "(DỮ LIỆU MẪU)" in sheet["A1"].value
        assert (
            sheet.freeze_panes
            and sheet.page_setup.orientation == "landscape"
            and sheet.page_setup.paperSize == 9
        )
        assert sheet.print_area and sheet.print_title_rows


def test_a_ratio_is_three_numbers_and_a_missing_one_three_dashes(book) -> None:
    sheet = book["Chỉ tiêu"]
    assert row_of(sheet, "Hộ được đến thăm") == [
        3,
        "Hộ được đến thăm",
        "%",
        "Phần mềm ghi nhận",
        2887,
        6104,
        47.3,
        2551,
        6104,
        41.8,
        5.5,
        5335,
        6104,
        87.4,
    ]
    assert row_of(sheet, "Lượt hỗ trợ")[4:] == [3412, None, None, 3410, None, None, 2, 36018, None, None]
    assert row_of(sheet, "Người học Bình dân học vụ số")[4:] == [
        "-",
        None,
        None,
        "-",
        None,
        None,
        "-",
        "-",
        None,
        None,
    ]
    assert row_of(sheet, "Thời gian giải quyết bình quân")[4:11] == [2353, 318, 7.4, 2082, 274, 7.6, -0.2]


def test_declared_figures_name_their_source_and_day(book) -> None:
    assert (
        row_of(book["Chỉ tiêu"], "Hồ sơ nộp trực tuyến toàn xã")[3]
        == "Cổng Dịch vụ công quốc gia, đến ngày 14/11/2026"
    )


def test_village_rows_are_the_values_given(book) -> None:
    table = samples.villages()
    for line in table.rows:
        name = f"{line.name} *" if line.declared else line.name
        told = row_of(book["PL1 Thôn"], name)
        assert told[2:20] == ["-" if value is None else value for value in line.values]
    assert row_of(book["PL1 Thôn"], "Tổng cộng")[2:20] == list(table.total.values)


def test_causes_keep_the_number_they_are_a_share_of(book) -> None:
    assert row_of(book["PL2 Nguyên nhân"], "Mạng yếu, mất sóng") == [
        2,
        "Mạng yếu, mất sóng",
        139,
        515,
        27.0,
        145,
        1251,
        41,
    ]


def test_days_are_days(book) -> None:
    told = row_of(book["PL3 Biến động"], "Tham gia Tổ")
    assert told[1].strftime("%d/%m/%Y") == "20/10/2026"


def test_the_periods_behind_the_charts_stand_there(book) -> None:
    sheet = book["Biểu đồ"]
    assert row_of(sheet, "11/2026") == ["11/2026", 3412, 47.3]
    assert row_of(sheet, "04/2026") == ["04/2026", "-", 43]


def test_nothing_is_a_formula(book) -> None:
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_the_same_report_is_the_same_bytes() -> None:
    assert draw_report_xlsx(samples.report(demo=True)) == DRAWN
    assert {info.date_time[0] for info in zipfile.ZipFile(io.BytesIO(DRAWN)).infolist()} == {1980}


def test_an_empty_period_is_a_workbook_too() -> None:
    empty = openpyxl.load_workbook(
        io.BytesIO(
            draw_report_xlsx(compose_report(samples.settings(), month_span(samples.NOVEMBER), ReportFacts()))
        )
    )
    assert [cell.value for cell in empty["PL1 Thôn"]["A"]][-1] == "Không có số liệu"
