"""Which rows are people, what their cells mean, and what is said of a cell that means nothing."""

from __future__ import annotations

import pytest

from tdteam.domain.people import Component, MemberRole, Poverty, Sex, SubjectKind
from tests.grids import HOUSEHOLD_HEAD, TEAM_HEAD, grid, households, members, read, village_id, wrong


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


# Rows


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


# Cells of households


def test_a_household_without_a_name_is_left_out():
    assert wrong(households(home(1, "Hốc Đá", ""))) == [("C4", "name_missing")]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("0912345678", "name_form"),
        (12.0, "name_form"),
        ("Lý A 034567", "name_form"),
        ("a" * 101, "name_long"),
        ("-", "name_missing"),
    ],
)
def test_what_is_no_name(name, code):
    [bad] = households(home(1, "Hốc Đá", name)).bad
    assert (bad.code, bad.refused) == (code, True)
    assert bad.text == "" or code != "name_form", (
        "a number in a name column may be an ID number: it is not repeated"
    )


def test_people_told_apart_by_a_figure_keep_it():
    assert households(home(1, "Hốc Đá", "Giàng A Páo 2")).households[0].head == "Giàng A Páo 2"


@pytest.mark.parametrize(
    ("cells", "flaws"),
    [
        ([4, 5, 1], [("F4", "adults_above_people")]),
        ([4, 3, 4], [("G4", "eid2_above_adults")]),
        ([4, "", 5], [("G4", "eid2_above_people")]),
        ([4, 5, 6], [("F4", "adults_above_people"), ("G4", "eid2_above_adults")]),
        ([-1, 4, 3], [("E4", "count_negative")]),
        (["bốn", 4, 3], [("E4", "count_text")]),
        ([963173958, 4, 3], [("E4", "count_large")]),
        ([4.5, 4, 3], [("E4", "count_fraction")]),
        (["", "", ""], []),
        ([0, 0, 0], []),
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
            "note_private",
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


# Twins


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


# Teams


def test_each_village_named_is_a_team():
    reading = members(
        person(1, "Hốc Đá"),
        person(2, "", "Lý B"),
        ["Thôn Tiến Lập"],
        person(3, "", "Lý C"),
        person(4, "Tiến Lập", "Lý D"),
    )
    teams = list(reading.teams.values())
    assert [(team.village, team.village_kind, team.members, team.row) for team in teams] == [
        ("Hốc Đá", "", 2, 4),
        ("Tiến Lập", "thon", 2, 7),
    ]
    assert {team.commune for team in teams} == {"xã Xuân Quang"}


def test_a_team_roster_without_a_commune_asks_for_it():
    assert wrong(members(person(1, "Hốc Đá"), title="Danh sách")) == [("B4", "commune_missing")]


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("Tổ trưởng", "leader"),
        ("TỔ PHÓ", "deputy"),
        ("Thành viên", "member"),
        ("Tổ viên", "member"),
        ("Ủy viên", "member"),
        ("Phó tổ trưởng", "deputy"),
        ("", None),
    ],
)
def test_roles(said, role):
    assert members(person(1, "Hốc Đá", "Lý A", 1980, "Nam", said)).members[0].role == role


def test_an_unknown_role_is_a_bad_cell():
    assert wrong(members(person(1, "Hốc Đá", "Lý A", 1980, "Nam", "Thủ quỹ"))) == [("F4", "role_unknown")]


@pytest.mark.parametrize(
    ("said", "component"),
    [
        ("Trưởng thôn", "village_head"),
        ("Bí thư chi bộ, trưởng thôn", "party_secretary"),
        ("Bí thư chi đoàn", "youth_secretary"),
        ("Đoàn thanh niên", "youth_union"),
        ("Chi hội trưởng phụ nữ", "women_union"),
        ("Trưởng ban công tác mặt trận", "front"),
        ("Giáo viên điểm trường", "teacher"),
        ("Y tế thôn bản", "health_worker"),
        ("Công an viên", "police"),
        ("Nhân viên Viettel", "telecom"),
        ("Thợ mộc", "other"),
        ("", None),
    ],
)
def test_components(said, component):
    assert members(person(1, "Hốc Đá", "Lý A", 1980, "Nam", "", said)).members[0].component == component


def test_sex_and_year_of_birth_by_two_columns():
    head = ["STT", "Thôn", "Họ và tên", "Năm sinh nam", "Năm sinh nữ", "Chức danh"]
    reading = members(
        [1, "Hốc Đá", "Lý A", 1980], [2, "", "Lý B", "", "15/4/1966"], [3, "", "Lý C", 1980, 1981], head=head
    )
    assert [(member.birth_year, member.sex) for member in reading.members] == [
        (1980, Sex.MALE),
        (1966, Sex.FEMALE),
        (1980, None),
    ]
    assert [(bad.code, bad.refused) for bad in reading.bad] == [("sex_both", False)]


def test_sex_by_ticks():
    head = ["STT", "Thôn", "Họ và tên", "Nam", "Nữ", "Chức danh"]
    reading = members([1, "Hốc Đá", "Lý A", "x"], [2, "", "Lý B", "", "X"], [3, "", "Lý C"], head=head)
    assert [member.sex for member in reading.members] == [Sex.MALE, Sex.FEMALE, None]


def test_a_member_is_read_whole():
    [member] = members(
        person(
            1,
            "Tổ dân phố Hốc Đá",
            "LÝ A  PÁO",
            "15/4/1966",
            "Nam",
            "Tổ trưởng",
            "Trưởng thôn",
            "+84 912 345 678",
            "nhiệt tình",
        )
    ).members
    assert (member.village, member.village_kind, member.name, member.folded) == (
        "Hốc Đá",
        "tdp",
        "Lý A Páo",
        "ly a pao",
    )
    assert (member.role, member.component, member.phone, member.note) == (
        MemberRole.LEADER,
        Component.VILLAGE_HEAD,
        "0912345678",
        "nhiệt tình",
    )


def test_members_alike_are_twins_and_the_same_line_again_is_left_out():
    same = person(1, "Hốc Đá", "Lý A", 1980, "Nam", "", "", "0912345678")
    other = person(2, "Hốc Đá", "Lý A", 1980, "Nam", "", "", "0987654321")
    reading = members(same, other, same)
    assert (len(reading.members), reading.member_twins, wrong(reading)) == (
        2,
        [(0, 1)],
        [("C6", "row_twice")],
    )


# Several sheets


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
