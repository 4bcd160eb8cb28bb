"""Teams and their members out of the communes' lists."""

from __future__ import annotations

import pytest

from tdteam.domain.people import Component, MemberRole, Sex
from tests.grids import members, wrong


def person(
    number: object = 1, village: object = "", name: object = "Lý A Páo", year: object = 1980, *rest: object
) -> list:
    return [number, village, name, year, *rest]


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
    assert [team.commune for team in members(person(1, "Hốc Đá"), title="Danh sách").teams.values()] == [""]


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
