"""Which rows are people, which village they stand under, and which of them are twins."""

from __future__ import annotations

import pytest

from tdteam.domain.rosters import rows
from tests.grids import HOUSEHOLD_HEAD, TEAM_HEAD, grid, households, read, village_id, wrong


def home(
    number: object = 1,
    village: object = "",
    name: object = "Nguyễn Văn Đức",
    year: object = 1970,
    *rest: object,
) -> list:
    return [number, village, name, year, *rest]


def person(
    number: object = 1, village: object = "", name: object = "Lý A Páo", year: object = 1980, *rest: object
) -> list:
    return [number, village, name, year, *rest]


def test_a_blank_village_means_as_above():
    reading = households(
        home(1, "Hốc Đá"),
        home(2, "", "Lý A"),
        home(3, '"', "Lý B"),
        home(4, "nt", "Lý C"),
        home(5, "Tiến Lập", "Lý D"),
    )
    villages = [household.village_id for household in reading.households]
    assert villages == [village_id("Hốc Đá", "02926")] * 4 + [village_id("Tiến Lập", "02926")]
    assert [household.row for household in reading.households] == [4, 5, 6, 7, 8]


def test_rows_before_any_village_say_so():
    assert wrong(households(home(1, ""))) == [("B4", "village_missing")]


@pytest.mark.parametrize(
    "heading",
    [
        ["Thôn Hốc Đá"],
        ["", "Thôn Hốc Đá"],
        ["", "", "Thôn Hốc Đá"],
        ["I. Thôn Hốc Đá: 2 hộ"],
        ["I", "Hốc Đá"],
        ["", "Hốc Đá"],
    ],
)
def test_a_group_row_names_the_village_of_the_rows_below(heading):
    reading = households(heading, home(1), home(2, "", "Lý A"))
    assert [household.village_id for household in reading.households] == [village_id("Hốc Đá", "02926")] * 2
    assert reading.bad == []


@pytest.mark.parametrize(
    "total",
    [
        ["", "", "Cộng thôn", "", "…"],
        ["", "Tổng cộng", "", "", 12],
        ["Tổng cộng: 2 hộ"],
        ["", "TỔNG SỐ", "", "", 3, 4],
        ["", "", "Cộng thôn Hốc Đá", "", 3],
        ["", "Cộng", "", "", 3],
        ["", "Tổng cộng"],
    ],
)
def test_totals_are_no_households(total):
    reading = households(home(1, "Hốc Đá"), total, home(2, "Tiến Lập", "Lý A"))
    assert [household.head for household in reading.households] == [
        "Nguyễn Văn Đức",
        "Lý A",
    ] and reading.bad == []


def test_after_a_total_the_next_village_must_be_named():
    assert wrong(households(home(1, "Hốc Đá"), ["", "", "Cộng thôn"], home(2, "", "Lý A"))) == [
        ("B6", "village_missing")
    ]


def test_names_that_only_begin_like_a_total_are_names():
    reading = households(
        home("", "Hốc Đá", "Tống Văn Cộng"), home("", "", "Tòng Già"), home("", "", "Công Văn Thôn")
    )
    assert [household.head for household in reading.households] == [
        "Tống Văn Cộng",
        "Tòng Già",
        "Công Văn Thôn",
    ]


def test_signatures_and_what_stands_below_them_are_no_people():
    reading = households(
        home(1, "Hốc Đá"),
        ["", "", "", "", "", "", "", "Xuân Quang, ngày 05 tháng 3 năm 2026"],
        ["", "NGƯỜI LẬP BIỂU", "", "", "", "", "", "TM. ỦY BAN NHÂN DÂN"],
        ["", "", "", "", "", "", "", "KT. CHỦ TỊCH"],
        [],
        ["", "", "Nguyễn Văn Ký"],
        ["", "Lý Thị Biểu", "", "", "", "", "", "Trần Văn Chủ"],
    )
    assert len(reading.households) == 1 and reading.bad == []


def test_a_signature_in_the_villages_column_is_no_village():
    reading = households(home(1, "Hốc Đá"), ["", "Người lập biểu"], ["", "Nguyễn Văn Ký"])
    assert len(reading.households) == 1 and reading.bad == []


def test_heads_printed_again_on_each_page_are_no_people():
    reading = households(
        home(1, "Hốc Đá"), HOUSEHOLD_HEAD, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], home(2, "", "Lý A")
    )
    assert [household.row for household in reading.households] == [4, 7] and reading.bad == []


def test_the_example_row_of_our_template_is_no_household_and_names_no_village():
    reading = households(home("Ví dụ", "Tiến Lập"), home("VD:", "Tiến Lập"), home(1, "Hốc Đá"))
    assert [household.village for household in reading.households] == ["Hốc Đá"] and reading.bad == []
    assert wrong(households(home("Ví dụ", "Tiến Lập"), home(1, ""))) == [("B5", "village_missing")]


def test_numbered_blank_rows_are_passed_over():
    assert households(home(1, "Hốc Đá"), [2], [3, ""], home(4, "", "Lý A")).rows == 2


def test_a_single_word_that_may_be_a_name_is_asked_about():
    reading = households(home(1, "Hốc Đá"), ["", "", "Lý Thị Vợ"], home(2, "", "Lý A"))
    assert wrong(reading) == [("C5", "row_unclear")] and len(reading.households) == 2


def test_a_roster_without_numbers_is_read_too():
    reading = households(
        ["Hốc Đá", "Nguyễn Văn Đức", 1970, 4],
        ["", "Lý A", 1980, 3],
        ["Tổng cộng", "", "", 7],
        head=["Thôn", "Chủ hộ", "Năm sinh", "Số khẩu"],
    )
    assert [(household.head, household.people) for household in reading.households] == [
        ("Nguyễn Văn Đức", 4),
        ("Lý A", 3),
    ]


def test_a_column_of_communes_overrules_the_title():
    head = ["STT", "Xã", *HOUSEHOLD_HEAD[1:]]
    reading = households(
        [1, "Phong Niên", "Làng Chưng", "Lý A", 1970],
        [2, "", "", "Lý B", 1971],
        [3, "Trì Quang", "Làng Chưng", "Lý C", 1972],
        head=head,
    )
    places = [household.village_id for household in reading.households]
    assert places == [village_id("Làng Chưng", "02920")] * 2 + [village_id("Làng Chưng", "02935")]


def test_households_alike_but_for_phone_or_counts_are_twins_and_both_go_in():
    reading = households(
        home(1, "Hốc Đá", "Lý A", 1970, 4, 3),
        home(2, "", "Lý A", 1970, 5, 3),
        home(3, "", "LÝ A", 1970, 4, 3, "", "", "", "", 912345678),
    )
    assert len(reading.households) == 3 and reading.bad == []
    assert reading.household_twins == [(0, 1), (0, 2)]


def test_households_unlike_in_village_or_year_are_no_twins():
    assert (
        households(
            home(1, "Hốc Đá"), home(2, "", "Nguyễn Văn Đức", 1971), home(3, "Tiến Lập")
        ).household_twins
        == []
    )


def test_the_very_same_line_again_is_left_out():
    reading = households(home(1, "Hốc Đá"), home(2))
    assert wrong(reading) == [("C5", "row_twice")] and reading.bad[0].params == {"row": 4, "sheet": "Sheet1"}
    assert len(reading.households) == 1 and reading.household_twins == []


def test_a_line_that_repeats_a_twin_is_left_out_too():
    one, other = home(1, "Hốc Đá", "Lý A", 1970, 4), home(2, "Hốc Đá", "Lý A", 1970, 5)
    reading = households(one, other, other, one)
    assert (len(reading.households), reading.household_twins) == (2, [(0, 1)])
    assert [(bad.cell, bad.params["row"]) for bad in reading.bad] == [("C6", 5), ("C7", 4)]


def test_several_sheets_of_both_kinds_are_read_together():
    reading = read(
        grid(["UBND xã Xuân Quang"], HOUSEHOLD_HEAD, home(1, "Hốc Đá", "Lý A", 1970), name="Hộ"),
        grid(
            ["UBND xã Xuân Quang"],
            ["Thành viên tổ công nghệ số"],
            TEAM_HEAD,
            person(1, "Hốc Đá", "Lý A", 1970),
            name="Tổ",
        ),
        grid(["UBND xã Xuân Quang"], HOUSEHOLD_HEAD, home(1, "Hốc Đá", "Lý A", 1970), name="Hộ 2"),
        grid(["Trang bìa"], name="Bìa"),
    )
    assert (len(reading.households), len(reading.members), len(reading.teams)) == (1, 1, 1)
    assert [(bad.sheet, bad.code) for bad in reading.bad] == [("Hộ 2", "row_twice")]


def test_of_a_hopeless_file_not_every_cell_is_listed(monkeypatch):
    monkeypatch.setattr(rows, "MOST_LISTED", 3)
    reading = households(*[home(number, "Hốc Đá", "", "x") for number in range(1, 6)])
    assert (len(reading.bad), reading.unlisted, reading.bad_rows) == (3, 7, 5)
