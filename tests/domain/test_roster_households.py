"""What the cells of a household mean, and what is said of a cell that means nothing."""

from __future__ import annotations

import pytest

from tdteam.domain.people import Poverty, SubjectKind
from tests.grids import HOUSEHOLD_HEAD, grid, households, read, wrong


def home(
    number: object = 1,
    village: object = "",
    name: object = "Nguyễn Văn Đức",
    year: object = 1970,
    *rest: object,
) -> list:
    return [number, village, name, year, *rest]


def test_a_household_without_a_name_is_left_out():
    assert wrong(households(home(1, "Hốc Đá", ""))) == [("C4", "name_missing")]


@pytest.mark.parametrize(
    ("name", "code", "shown"),
    [
        ("0912345678", "name_form", "0912345678"),
        ("010085001234", "name_form", ""),
        ("Lý A 010085001234", "name_form", ""),
        (12.0, "name_form", "12"),
        ("Giàng A Páo 2", "name_form", "Giàng A Páo 2"),
        ("-", "name_missing", "-"),
    ],
)
def test_what_is_no_name_is_left_out_and_an_id_number_is_not_repeated(name, code, shown):
    [bad] = households(home(1, "Hốc Đá", name)).bad
    assert (bad.code, bad.refused, bad.text) == (code, True, shown)


def test_a_name_of_a_whole_line_is_too_long():
    assert wrong(households(home(1, "Hốc Đá", "a" * 121))) == [("C4", "text_long")]


def test_a_business_may_have_figures_in_its_name_and_keeps_its_capitals():
    head = [*HOUSEHOLD_HEAD[:5], "Loại hình"]
    [shop] = households(home(1, "Hốc Đá", "CỬA HÀNG 24H", "", 120, "Hộ kinh doanh"), head=head).households
    assert (shop.head, shop.people) == ("CỬA HÀNG 24H", 120)
    assert wrong(households(home(1, "Hốc Đá", "CỬA HÀNG 010085001234", "", 1, "HTX"), head=head)) == [
        ("C4", "id_number")
    ]


@pytest.mark.parametrize(
    ("year", "code"),
    [
        (2020, "birth_year"),
        (1903, "birth_year"),
        (1850, "year_early"),
        (2027, "year_future"),
        (85, "year_form"),
    ],
)
def test_a_head_of_household_has_an_age(year, code):
    assert wrong(households(home(1, "Hốc Đá", "Lý A", year))) == [("D4", code)]


@pytest.mark.parametrize(
    ("cells", "flaws"),
    [
        ([4, 5, 1], [("F4", "adults_over_people")]),
        ([4, 3, 4], [("G4", "eid2_over_adults")]),
        ([4, "", 5], [("G4", "eid2_over_people")]),
        ([4, 5, 6], [("F4", "adults_over_people"), ("G4", "eid2_over_adults")]),
        ([-1, 4, 3], [("E4", "count_negative")]),
        (["bốn", 4, 3], [("E4", "count_text")]),
        ([963173958, 4, 3], [("E4", "count_large")]),
        ([4.5, 4, 3], [("E4", "count_fraction")]),
        (["", "", ""], []),
        ([0, 0, 0], [("E4", "people_none")]),
    ],
)
def test_counts_must_agree(cells, flaws):
    reading = households(home(1, "Hốc Đá", "Lý A", 1970, *cells))
    assert wrong(reading) == flaws
    assert len(reading.households) == (0 if flaws else 1)
    assert reading.bad_rows == (1 if flaws else 0)


def test_unsaid_counts_stay_unsaid():
    [household] = households(home(1, "Hốc Đá")).households
    assert (household.people, household.adults, household.eid2, household.phone, household.note) == (
        None,
    ) * 5


def test_a_column_that_is_not_there_says_nothing_and_a_blank_tick_says_no():
    [there] = households(home(1, "Hốc Đá")).households
    [absent] = households(home(1, "Hốc Đá", "Lý A", 1970, 4), head=HOUSEHOLD_HEAD[:5]).households
    assert (there.poverty, there.smartphone) == (Poverty.NONE, False)
    assert (absent.poverty, absent.smartphone, absent.kind) == (None, None, None)


@pytest.mark.parametrize(
    ("poor", "near", "poverty", "code"),
    [
        ("x", "", "poor", None),
        ("", "X", "near_poor", None),
        ("Hộ nghèo", "", "poor", None),
        ("x", "x", None, "poverty_both"),
        ("?", "", None, "mark_unknown"),
    ],
)
def test_poverty_by_ticks(poor, near, poverty, code):
    reading = households(home(1, "Hốc Đá", "Lý A", 1970, 4, 3, 1, poor, near))
    assert [household.poverty for household in reading.households] == [poverty]
    assert [bad.code for bad in reading.bad] == ([code] if code else [])


@pytest.mark.parametrize(
    ("said", "poverty"),
    [
        ("Hộ nghèo", "poor"),
        ("cận nghèo", "near_poor"),
        ("Không", "none"),
        ("Thoát nghèo", "none"),
        ("", None),
    ],
)
def test_poverty_by_words(said, poverty):
    [household] = households(
        home(1, "Hốc Đá", "Lý A", 1970, 4, said), head=[*HOUSEHOLD_HEAD[:5], "Diện hộ"]
    ).households
    assert household.poverty == poverty


def test_a_bad_phone_is_left_out_with_a_warning_and_the_household_goes_in():
    reading = households(home(1, "Hốc Đá", "Lý A", 1970, 4, 3, 1, "", "", "", "12345"))
    assert [household.phone for household in reading.households] == [None]
    assert [(bad.cell, bad.code, bad.refused, bad.text) for bad in reading.bad] == [
        ("K4", "phone_form", False, "12345")
    ]
    assert reading.bad_rows == 0


def test_a_note_with_an_id_number_is_not_kept_and_not_repeated():
    for note in ("CCCD 010 085 001 234", "số 010085001234", "CMND 063 123 456"):
        reading = households(home(1, "Hốc Đá", "Lý A", 1970, 4, 3, 1, "", "", "", "", note))
        [bad] = reading.bad
        assert (bad.code, bad.text, bad.refused, reading.households[0].note) == (
            "id_number",
            "",
            False,
            None,
        )
    assert (
        households(home(1, "Hốc Đá", "Lý A", 1970, 4, 3, 1, "", "", "", "", "đi làm xa từ 2024"))
        .households[0]
        .note
        == "đi làm xa từ 2024"
    )


def test_private_columns_are_recognised_and_never_kept():
    [household] = households(
        ["010085001234", 1, "Hốc Đá", "Lý A", "Dao"],
        head=["Số CCCD", "STT", "Thôn", "Họ và tên chủ hộ", "Dân tộc", "Số khẩu"],
    ).households
    assert "010085001234" not in repr(household) and "Dao" not in repr(household)


@pytest.mark.parametrize(
    ("said", "kind"),
    [("Hộ kinh doanh", "business"), ("HTX", "cooperative"), ("Hộ gia đình", "household"), ("", None)],
)
def test_kinds_of_households(said, kind):
    [household] = households(
        home(1, "Hốc Đá", "Lý A", 1970, 4, said), head=[*HOUSEHOLD_HEAD[:5], "Loại hình"]
    ).households
    assert household.kind == kind


def test_the_title_tells_a_list_of_businesses():
    assert (
        read(grid(["UBND xã Xuân Quang"], ["DANH SÁCH HỘ KINH DOANH"], HOUSEHOLD_HEAD, home(1, "Hốc Đá")))
        .households[0]
        .kind
        is SubjectKind.BUSINESS
    )
