"""Team workbooks: villages they bring, villages they may not bring back, members who serve twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tdteam.store.tables import (
    Member,
    Membership,
    Place,
    PlaceParent,
    Team,
)
from tests.actions.test_import_roster import imported
from tests.district import District
from tests.workbook_maker import xlsx

TEAM_HEAD = ["STT", "Thôn", "Họ và tên", "Năm sinh", "Chức vụ trong tổ", "Thành phần", "Số điện thoại"]


def team_file(*rows: list[Any], commune: str = "UBND xã Trì Quang") -> bytes:
    return xlsx([[commune], ["DANH SÁCH THÀNH VIÊN TỔ CÔNG NGHỆ SỐ CỘNG ĐỒNG"], TEAM_HEAD, *rows])


def test_a_new_village_of_a_team_file_stands_under_its_old_commune_and_the_area(bao_thang: District) -> None:
    data = team_file([1, "Thôn Suối Mơ", "Lý Thị Mơ", 1990, "Tổ trưởng", "Trưởng thôn", "0912345678"])
    counts = imported(bao_thang, "to.xlsx", data, "official")
    assert (counts["new_villages"], counts["new_teams"], counts["added"]) == (1, 1, 1)
    village = bao_thang.village("Suối Mơ", "Trì Quang")
    with bao_thang.everywhere() as session:
        above = session.scalars(
            select(Place.name)
            .join(PlaceParent, PlaceParent.parent_id == Place.id)
            .where(PlaceParent.place_id == village.id, PlaceParent.until.is_(None))
        ).all()
        assert sorted(above) == ["Bảo Thắng (cũ)", "Xã Xuân Quang"]
    with bao_thang.as_("official", write=False) as session:
        assert session.permits(village.id or 0), "the closure holds it"
        assert session.scalars(select(Team.name)).all() == ["Tổ CNSCĐ thôn Suối Mơ"]
    with bao_thang.as_("neighbour", write=False) as session:
        assert not session.permits(village.id or 0) and session.scalars(select(Team)).all() == []
    again = imported(bao_thang, "to.xlsx", data, "official")
    assert (again["new_villages"], again["new_teams"], again["unchanged"]) == (0, 0, 1)


def test_a_village_written_two_ways_is_one_village_with_one_team(sqlite_bao_thang: District) -> None:
    data = team_file(
        [1, "Thôn Suối Mơ", "Lý A", 1990, "Tổ trưởng", "", ""],
        [2, "Suối mơ", "Lý B", 1991, "Tổ phó", "", ""],
        [3, "Thôn 1", "Lý C", 1992, "", "", ""],
        [4, "thôn 01", "Lý D", 1993, "", "", ""],
    )
    counts = imported(sqlite_bao_thang, "to.xlsx", data, "official")
    assert (counts["teams"], counts["new_villages"], counts["members"]) == (2, 2, 4)


def test_a_village_that_ended_is_not_made_again(sqlite_bao_thang: District) -> None:
    from datetime import date

    village = sqlite_bao_thang.village("Làng Chưng", "Trì Quang")
    with sqlite_bao_thang.everywhere(write=True) as session:
        session.get_one(Place, village.id).until = date(2026, 1, 1)
    data = team_file([1, "Làng Chưng", "Lý A", 1990, "Tổ trưởng", "", ""])
    counts = imported(sqlite_bao_thang, "to.xlsx", data, "official")
    assert counts["bad"] == [("B4", "village_gone")] and counts["added"] == 0


def test_a_team_file_without_a_commune_is_read_where_its_villages_are_known(
    sqlite_bao_thang: District,
) -> None:
    data = team_file(
        [1, "Hốc Đá", "Lý A", 1990, "Tổ trưởng", "", ""],
        [2, "Suối Mơ", "Lý B", 1990, "Tổ trưởng", "", ""],
        commune="Danh sách",
    )
    counts = imported(sqlite_bao_thang, "to.xlsx", data, "official")
    assert (counts["added"], counts["bad"]) == (1, [("B5", "commune_missing")])


def test_a_member_who_serves_in_two_communes_is_corrected_from_either(bao_thang: District) -> None:
    """One person, two teams: each official sees and corrects his own team's row of the same person."""
    here = team_file([1, "Hốc Đá", "Lý A", 1990, "Tổ trưởng", "", ""], commune="UBND xã Xuân Quang")
    there = [1, "Tả Hà 1", "Vàng B", 1985, "Tổ trưởng", "", ""]
    imported(bao_thang, "to.xlsx", here, "official")
    imported(bao_thang, "to.xlsx", team_file(there, commune="UBND xã Sơn Hà"), "neighbour")
    with bao_thang.everywhere(write=True) as session:
        member = session.scalars(select(Member).where(Member.name == "Lý A")).one()
        other = session.scalars(select(Membership).join(Member).where(Member.name == "Vàng B")).one()
        session.add(Membership(team_id=other.team_id, member_id=member.id or 0, role="deputy"))
    again = team_file(
        [1, "Hốc Đá", "Lý A", 1990, "Thành viên", "", "0912345678"], commune="UBND xã Xuân Quang"
    )
    counts = imported(bao_thang, "to.xlsx", again, "official")
    assert (counts["added"], counts["changed"]) == (0, 1)
    with bao_thang.everywhere() as session:
        roles = session.scalars(
            select(Membership.role).where(Membership.member_id == member.id).order_by(Membership.id)
        ).all()
        assert roles == ["member", "deputy"], "his service elsewhere is not this file's affair"
    back = team_file(there, [2, "", "Lý A", 1990, "Tổ phó", "", ""], commune="UBND xã Sơn Hà")
    counts = imported(bao_thang, "to.xlsx", back, "neighbour")
    assert (counts["added"], counts["changed"], counts["unchanged"]) == (0, 0, 2)
