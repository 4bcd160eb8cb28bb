"""Heads of lists are found wherever they stand and however they are merged; columns mean what their labels say."""

from __future__ import annotations

from datetime import date

import pytest

from tdteam.domain.legacy_text import Encoding
from tdteam.domain.people import SubjectKind
from tdteam.domain.rosters.layout import (
    SheetLayout,
    judge_layout,
    layout_from_data,
    layout_of,
    samples_of,
)
from tdteam.domain.rosters.sheets import cell_name
from tdteam.domain.rosters.words import Meaning, RosterKind
from tests.grids import HOUSEHOLD_HEAD, TEAM_HEAD, TODAY, grid, words

TEAM_TITLE = ["DANH SÁCH THÀNH VIÊN TỔ CÔNG NGHỆ SỐ CỘNG ĐỒNG XÃ GIA PHÚ"]
ROW = [1, "Hốc Đá", "Nguyễn Văn Đức", 1970]


def layout(*rows: list, **more) -> SheetLayout:
    return layout_of(grid(*rows, **more), words(), TODAY)


def means(found: SheetLayout) -> list[str]:
    return [found.columns[column].value for column in sorted(found.columns)]


def test_a_head_below_a_title_block():
    found = layout(["UBND xã Xuân Quang"], [], ["BIỂU TỔNG HỢP HỘ DÂN CƯ"], HOUSEHOLD_HEAD, ROW)
    assert (found.kind, found.head_row, found.first_row, found.commune) == (
        RosterKind.HOUSEHOLDS,
        4,
        5,
        "xã Xuân Quang",
    )
    assert means(found) == [
        *("number", "village", "name", "birth_year", "people", "adults", "eid2"),
        *("poor", "near_poor", "smartphone", "phone", "note"),
    ]


TWO_ROWS = (
    ["TT", "Họ tên", "Thôn/Tổ dân phố", "Năm sinh", "", "Chức danh", "SĐT"],
    ["", "", "", "Nam", "Nữ", "", ""],
)
MERGED = [(1, 3, 1, 4), *((1, column, 2, column) for column in (0, 1, 2, 5, 6))]


@pytest.mark.parametrize("merged", [MERGED, []], ids=["merged", "only left blank"])
def test_a_head_of_two_rows(merged):
    found = layout(TEAM_TITLE, *TWO_ROWS, [1, "Lý A Sơn", "Tả Hà 2", 1984], merged=merged)
    assert (found.head_row, found.first_row) == (2, 4)
    assert means(found) == [
        "number",
        "name",
        "village",
        "birth_year_male",
        "birth_year_female",
        "role",
        "phone",
    ]


def test_a_head_of_three_rows_and_a_row_of_column_numbers():
    found = layout(
        ["STT", "Thôn", "Chủ hộ", "Nhân khẩu", "", "", "Diện hộ"],
        ["", "", "", "Tổng số nhân khẩu", "Trong đó", "", ""],
        ["", "", "", "", "Từ đủ 14 tuổi trở lên", "Đã có VNeID mức 2", ""],
        ["A", "B", "C", 1, 2, 3, 4],
        [1, "Hốc Đá", "Nguyễn Văn Đức", 4, 3, 2, "Hộ nghèo"],
        merged=[
            (0, 3, 0, 5),
            (1, 4, 1, 5),
            (1, 3, 2, 3),
            *((0, column, 2, column) for column in (0, 1, 2, 6)),
        ],
    )
    assert (found.head_row, found.first_row) == (1, 5)
    assert means(found) == ["number", "village", "name", "people", "adults", "eid2", "poverty"]


def test_sex_by_two_columns_of_ticks():
    found = layout(
        TEAM_TITLE,
        ["STT", "Thôn", "Họ và tên", "Nam", "Nữ", "Vai trò"],
        [1, "Pẻo", "Lý A Sơn", "x", "", "Tổ trưởng"],
    )
    assert means(found) == ["number", "village", "name", "male", "female", "role"]


@pytest.mark.parametrize(
    ("label", "meaning"),
    [
        ("Họ và tên chủ hộ", "name"),
        ("HỌ TÊN CHỦ HỘ", "name"),
        ("Số người từ đủ 14 tuổi trở lên", "adults"),
        ("Số người", "people"),
        ("Trong đó đã có định danh mức 2", "eid2"),
        ("Số TK định danh điện tử mức độ 2", "eid2"),
        ("Có điện thoại thông minh", "smartphone"),
        ("Điện thoại chủ hộ", "phone"),
        ("Năm sinh chủ hộ", "birth_year"),
        ("Hộ cận nghèo", "near_poor"),
        ("Hộ nghèo/ hộ cận nghèo", "poverty"),
        ("Số CCCD của chủ hộ", "private"),
        ("Dân tộc", "private"),
        ("Số định danh cá nhân", "private"),
        ("Thôn, bản, TDP", "village"),
        ("Ghi chú (nếu có)", "note"),
    ],
)
def test_labels_of_households(label, meaning):
    found = words().meaning(RosterKind.HOUSEHOLDS, label)
    assert found is not None and found[0] == meaning


@pytest.mark.parametrize(
    ("label", "meaning"),
    [
        ("Chức vụ trong tổ", "role"),
        ("Chức danh", "role"),
        ("Chức vụ công tác", "component"),
        ("Đơn vị công tác", "component"),
        ("Tập huấn (x)", "trained"),
        ("Số điện thoại/Zalo", "phone"),
        ("Ngày, tháng, năm sinh", "birth_year"),
        ("CMND/CCCD", "private"),
    ],
)
def test_labels_of_teams(label, meaning):
    found = words().meaning(RosterKind.TEAMS, label)
    assert found is not None and found[0] == meaning


def test_unknown_labels_mean_nothing():
    assert words().meaning(RosterKind.HOUSEHOLDS, "Diện tích đất") is None
    assert layout([*HOUSEHOLD_HEAD, "Diện tích đất"], ROW).columns[12] is Meaning.IGNORED


def test_of_two_columns_of_one_meaning_the_surer_one_has_it():
    found = layout(["STT", "Thôn", "Họ và tên", "Số khẩu", "Số khẩu có mặt tại nơi ở", "Hộ nghèo"], ROW)
    assert means(found) == ["number", "village", "name", "people", "ignored", "poor"]


@pytest.mark.parametrize(
    ("rows", "commune"),
    [
        (
            [["ỦY BAN NHÂN DÂN", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], ["THỊ TRẤN PHỐ LU"]],
            "Thị trấn Phố Lu",
        ),
        ([["UBND xã Xuân Quang"]], "xã Xuân Quang"),
        ([["UBND HUYỆN BẢO THẮNG"], ["XÃ BẢN CẦM"]], "Xã Bản Cầm"),
        ([["DANH SÁCH HỘ DÂN XÃ GIA PHÚ NĂM 2026"]], "Xã Gia Phú"),
        ([["Danh sách hộ trên địa bàn xã Thái Niên, huyện Bảo Thắng"]], "xã Thái Niên"),
        ([["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]], ""),
        ([["Đơn vị: TT Tằng Loỏng"]], "TT Tằng Loỏng"),
    ],
)
def test_the_title_names_the_commune(rows, commune):
    assert layout(*rows, [], HOUSEHOLD_HEAD, ROW).commune == commune


def test_the_sheets_name_serves_where_no_title_names_a_commune():
    assert layout(HOUSEHOLD_HEAD, ROW, name="Xuân Quang").commune == "Xuân Quang"
    assert layout(HOUSEHOLD_HEAD, ROW, name="Sheet1").commune == ""


@pytest.mark.parametrize(
    ("text", "number", "day"),
    [
        (
            "(Kèm theo Quyết định số 153/QĐ-UBND ngày 10/4/2022 của UBND TT Phố Lu)",
            "153/QĐ-UBND",
            date(2022, 4, 10),
        ),
        ("Kèm theo QĐ số: 07/QĐ-UBND ngày 05 tháng 3 năm 2026", "07/QĐ-UBND", date(2026, 3, 5)),
        ("Quyết định số 12a/QĐ-UBND", "12a/QĐ-UBND", None),
        ("Danh sách tổ", "", None),
    ],
)
def test_the_title_names_the_founding_decision(text, number, day):
    found = layout(TEAM_TITLE, [text], TEAM_HEAD, ROW)
    assert (found.decision_number, found.decision_on) == (number, day)


def test_a_list_of_one_village_names_it_in_the_title():
    found = layout(
        ["DANH SÁCH TỔ CÔNG NGHỆ SỐ CỘNG ĐỒNG THÔN HỐC ĐÁ, XÃ XUÂN QUANG"],
        ["STT", "Họ và tên", "Chức vụ trong tổ"],
        [1, "A B", "Tổ phó"],
    )
    assert (found.village, found.commune) == ("Thôn Hốc Đá", "Xã Xuân Quang")


def test_businesses_and_cooperatives_are_told_by_the_title():
    assert layout(["DANH SÁCH HỘ KINH DOANH"], HOUSEHOLD_HEAD, ROW).subject is SubjectKind.BUSINESS
    assert layout(["DANH SÁCH HỢP TÁC XÃ"], HOUSEHOLD_HEAD, ROW).subject is SubjectKind.COOPERATIVE
    assert layout(HOUSEHOLD_HEAD, ROW).subject is None


def test_sheets_that_are_no_rosters_are_left_out_with_a_reason():
    assert (layout(["Ghi chú"], ["Một trang viết tay"]).kind, layout(["a"]).why) == (None, "sheet_no_head")
    hidden = layout(HOUSEHOLD_HEAD, ROW, hidden=True)
    assert (hidden.kind, hidden.why) == (None, "sheet_hidden")
    choices = layout(["Hốc Đá"], ["Nậm Dù"], hidden=True)
    assert (choices.kind, choices.why) == (None, ""), "the choices of a drop-down are nothing to speak of"


def test_a_layout_survives_the_way_through_a_form():
    found = layout(["UBND xã Xuân Quang"], ["Quyết định số 1/QĐ-UBND ngày 1/2/2022"], HOUSEHOLD_HEAD, ROW)
    found.encoding = Encoding.TCVN3
    again = layout_from_data(found.to_data())
    assert again == found
    for broken in ({}, {**found.to_data(), "kind": "x"}, {**found.to_data(), "columns": {"a": "name"}}):
        with pytest.raises((KeyError, ValueError)):
            layout_from_data(broken)


def test_samples_are_shown_and_never_kept_with_the_layout():
    sheet = grid(HOUSEHOLD_HEAD, ROW, [2, "", "", 1980], [3, "", "Lý A"], [4, "", "Lý B"])
    found = layout_of(sheet, words(), TODAY)
    samples = samples_of(sheet, found)
    assert (samples[2], samples[3], samples[11]) == (["Nguyễn Văn Đức", "Lý A"], ["1970", "1980"], [])
    assert "Nguyễn Văn Đức" not in str(found.to_data())


def test_a_corrected_layout_is_judged():
    found = layout(HOUSEHOLD_HEAD, ROW)
    assert judge_layout(found) == []
    found.columns[2] = Meaning.PEOPLE
    found.columns[3] = Meaning.ROLE
    assert sorted(flaw.code for flaw in judge_layout(found)) == [
        "column_name_missing",
        "column_odd",
        "column_twice",
    ]


def test_cells_have_the_names_excel_shows():
    assert [cell_name(12, column) for column in (0, 2, 25, 26, 701, 702)] == [
        "A12",
        "C12",
        "Z12",
        "AA12",
        "ZZ12",
        "AAA12",
    ]
