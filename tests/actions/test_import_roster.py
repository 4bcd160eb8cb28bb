"""The real workbooks imported: exactly what is expected goes in, twice is once, a correction corrects."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select

from tdteam.actions.check_roster import Checked, check_roster
from tdteam.actions.import_roster import import_file
from tdteam.actions.workbooks import read_workbook
from tdteam.domain.errors import Refused
from tdteam.store.gate import GatedSession
from tdteam.store.rebuild import compare
from tdteam.store.tables import (
    Household,
    Member,
    Membership,
    Place,
    PlaceParent,
    Tally,
    Team,
    TeamVillage,
    Training,
)
from tests.district import BAN_CAM, FILES, TEAMS, XUAN_QUANG, District, body, cells, edited, only
from tests.workbook_maker import xls, xlsx

EXPECTED = json.loads((FILES / "expected.json").read_text(encoding="utf-8"))
WHY = {
    "no name": "name_missing",
    "adults > people": "adults_over_people",
    "eid > adults": "eid2_over_adults",
    "village unknown": "village_unknown",
    "people negative": "count_negative",
    "year in future": "year_future",
    "text in number": "count_text",
}


def imported(
    district: District, name: str, data: bytes | None = None, who: str = "", **more: Any
) -> dict[str, Any]:
    """Import a file as an official into his commune (or as the shell); the counts, and the bad cells as (cell, code)."""
    if who:
        more["place_id"] = district.commune({"official": "02926", "neighbour": "02905"}[who])
    with district.as_(who) if who else district.everywhere(write=True) as session:
        checked = import_file(session, body(name) if data is None else data, name, **more)
    return {**checked.counts, "bad": [(cell.cell, cell.code) for cell in checked.bad]}


def count(session: GatedSession, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_team_workbook_makes_the_teams_and_members_of_each_commune(bao_thang: District) -> None:
    counts = imported(bao_thang, TEAMS)
    expected = EXPECTED["teams"]
    assert (counts["teams"], counts["members"], counts["bad"]) == (188, 1297, [])
    assert (counts["teams"], counts["members"]) == (expected["teams"], expected["members"])
    with bao_thang.everywhere() as session:
        origins = dict(
            session.execute(
                select(TeamVillage.team_id, Place.origin_id).join(Place, Place.id == TeamVillage.village_id)
            ).all()
        )
        old = {place.id: place for place in session.scalars(select(Place).where(Place.level == "commune"))}
        teams = Counter(old[origin].code for origin in origins.values())
        serving = session.execute(select(Membership.team_id, func.count()).group_by(Membership.team_id)).all()
        people: Counter[str | None] = Counter()
        for team_id, members in serving:
            people[old[origins[team_id]].code] += members
        named = {place.short_name: place.code for place in old.values() if place.until is not None}
        named["Phong Hải"] = named["Nông trường Phong Hải"]
        wanted = {
            named[commune.removeprefix("TT ").removeprefix("Xã ")]: numbers
            for commune, numbers in expected["per_commune"].items()
        }
        assert {code: [teams[code], people[code]] for code in teams} == wanted
        assert count(session, Team) == 188 and count(session, Member) == count(session, Membership) == 1297
        assert not session.scalar(select(func.count()).where(Team.decision_number == ""))
        leader = session.scalars(select(Member).where(Member.name == "Phan Văn Dến")).one()
        service = session.scalars(select(Membership).where(Membership.member_id == leader.id)).one()
        assert (leader.birth_year, leader.sex, leader.phone) == (1980, "male", "0860008984")
        assert (service.role, service.component) == ("leader", "village_head")
        assert count(session, Training) > 100
        assert compare(session) == []


@pytest.mark.parametrize(("name", "key"), [(XUAN_QUANG, "xuan_quang"), (BAN_CAM, "ban_cam_tcvn3")])
def test_household_workbooks_yield_their_good_rows_and_name_the_bad_ones(
    bao_thang: District, name: str, key: str
) -> None:
    counts = imported(bao_thang, name)
    expected = EXPECTED[f"households_{key}"]
    assert (counts["households"], counts["added"]) == (expected["good"], expected["good"])
    assert [(int(cell[1:]), code) for cell, code in counts["bad"]] == [
        (bad["row"], WHY[bad["why"]]) for bad in expected["bad"]
    ]
    with bao_thang.everywhere() as session:
        assert count(session, Household) == expected["good"]
        assert session.scalar(select(func.sum(Household.people))) == expected["people"]
        tallied = select(func.sum(Tally.value)).where(Tally.span == "now", Tally.measure == "households")
        assert session.scalar(tallied) == expected["good"]
        assert compare(session) == []


def test_importing_again_changes_nothing(bao_thang: District) -> None:
    for name in (TEAMS, XUAN_QUANG, BAN_CAM):
        imported(bao_thang, name)
    before = bao_thang.rows()
    for name, rows in ((TEAMS, 1297), (XUAN_QUANG, 1619), (BAN_CAM, 783)):
        counts = imported(bao_thang, name)
        assert (counts["added"], counts["changed"], counts["unchanged"]) == (0, 0, rows)
        assert counts["new_teams"] == counts["new_villages"] == counts["decisions"] == 0
    assert bao_thang.rows() == before


def test_a_corrected_household_file_updates_what_it_corrects(bao_thang: District) -> None:
    imported(bao_thang, XUAN_QUANG)
    before = bao_thang.household("Bùi Thu Chi", 1980)
    data = edited(
        XUAN_QUANG,
        cells(
            {
                "E8": 6,  # Bùi Thu Chi: two more people, one of them of age, and a smartphone
                "F8": 3,
                "J8": "x",
                "C9": "Dương Thị Thuỷ",  # her name's tone mark on the other vowel
                "K9": "0974 214 999",
                "C51": "Nguyễn Thị Mới",  # the name that was missing
            }
        ),
    )
    counts = imported(bao_thang, XUAN_QUANG, data)
    assert (counts["added"], counts["changed"], counts["unchanged"]) == (1, 2, 1617)
    after = bao_thang.household("Bùi Thu Chi", 1980)
    assert (after.people, after.adults, after.eid2, after.smartphone) == (6, 3, before.eid2, True)
    assert (after.id, after.phone, after.version) == (before.id, before.phone, 2)
    thuy = bao_thang.household("Dương Thị Thuỷ", 1999)
    assert (thuy.phone, thuy.head_fold) == ("0974214999", "duong thi thuy")
    with bao_thang.everywhere() as session:
        assert count(session, Household) == 1620
        assert compare(session) == []


def test_a_corrected_team_file_updates_what_it_corrects(bao_thang: District) -> None:
    imported(bao_thang, TEAMS)
    data = edited(
        TEAMS,
        cells({"G8": "Thành viên", "G9": "Tổ trưởng", "H9": "Hội phụ nữ"}, "TT Phố Lu"),
        cells({"D9": 2003, "I9": "x", "H11": "0963 276 000"}, "TT Phong Hải"),
    )
    counts = imported(bao_thang, TEAMS, data)
    assert (counts["added"], counts["changed"], counts["unchanged"]) == (0, 4, 1293)
    with bao_thang.everywhere() as session:
        served = select(Member, Membership).join(Membership, Membership.member_id == Member.id)
        old, service = session.execute(served.where(Member.name == "Phan Văn Dến")).one()
        assert (service.role, old.version) == ("member", 2)
        new, service = session.execute(served.where(Member.name == "Tẩn Mùi Siệu")).one()
        assert (service.role, service.component, new.birth_year) == ("leader", "women_union", 1995)
        younger = session.scalars(select(Member).where(Member.phone == "0963276179")).one()
        assert (younger.name, younger.birth_year) == ("Cư A Dí", 2003)
        reached = session.scalars(select(Member).where(Member.phone == "0963276000")).one()
        assert (reached.name, reached.birth_year) == ("Hoàng Thu Hiền", 1999)
        taken = session.scalars(select(Training.trained_on).where(Training.member_id == younger.id)).all()
        assert taken == [None]


def as_csv(name: str, separator: str, encoding: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    for _, row in read_workbook(body(name), name).sheets[0].rows():
        writer.writerow(
            [int(cell) if isinstance(cell, float) and cell.is_integer() else cell for cell in row]
        )
    return out.getvalue().encode(encoding)


def test_the_same_list_in_another_format_is_the_same_list(sqlite_bao_thang: District) -> None:
    first = imported(sqlite_bao_thang, XUAN_QUANG)
    grid = [row for _, row in read_workbook(body(XUAN_QUANG), XUAN_QUANG).sheets[0].rows()]
    for data, file_name in (
        (as_csv(XUAN_QUANG, ";", "utf-8-sig"), "ho-dan.csv"),
        (as_csv(XUAN_QUANG, "\t", "utf-16"), "ho-dan.txt"),
        (xls(grid), "ho-dan.xls"),
    ):
        again = imported(sqlite_bao_thang, file_name, data)
        assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, first["added"])
        assert again["bad"] == first["bad"]


HEAD = ["STT", "Thôn", "Họ và tên chủ hộ", "Năm sinh", "Số khẩu"]


def test_a_name_two_villages_bear_is_a_bad_cell_and_never_a_guess(sqlite_bao_thang: District) -> None:
    """Làng Chưng stands twice in present Xuân Quang: of old Phong Niên and of old Trì Quang."""
    rows = [
        HEAD,
        [1, "Làng Chưng", "Lý A", 1970, 4],
        [2, "Làng Chưng (Phong Niên cũ)", "Lý B", 1971, 4],
        [3, "Làng Chưng (Trì Quang cũ)", "Lý C", 1972, 4],
    ]
    found = imported(sqlite_bao_thang, "a.xlsx", xlsx(rows), "official")
    assert found["bad"] == [("B2", "village_ambiguous")] and found["added"] == 2
    assert (
        sqlite_bao_thang.household("Lý B").village_id
        == sqlite_bao_thang.village("Làng Chưng", "Phong Niên").id
    )
    titled = imported(sqlite_bao_thang, "b.xlsx", xlsx([["UBND xã Trì Quang"], *rows[:2]]), "official")
    assert titled["bad"] == [] and titled["added"] == 1, "the title tells which"
    assert (
        sqlite_bao_thang.household("Lý A").village_id
        == sqlite_bao_thang.village("Làng Chưng", "Trì Quang").id
    )


def test_rows_of_another_commune_stay_out_for_an_official(bao_thang: District) -> None:
    foreign = imported(bao_thang, BAN_CAM, who="official")
    assert (foreign["added"], foreign["households"]) == (0, 0)
    assert {code for _, code in foreign["bad"]} == {"commune_unknown"} and len(foreign["bad"]) == 783
    teams = imported(bao_thang, TEAMS, who="official")
    with bao_thang.everywhere() as session:
        xuan_quang = bao_thang.commune("02926")
        edges = select(PlaceParent.parent_id).where(
            PlaceParent.place_id == TeamVillage.village_id, PlaceParent.parent_id == xuan_quang
        )
        outside = select(func.count()).select_from(TeamVillage).where(~edges.exists())
        assert session.scalar(outside) == 0
        assert count(session, Team) == teams["teams"] == 18 + 15 + 11
        assert {code for _, code in teams["bad"]} == {"commune_unknown"}


def test_a_commune_chosen_at_the_upload_bounds_what_an_administrator_imports(bao_thang: District) -> None:
    place = bao_thang.commune("02926")
    counts = imported(bao_thang, TEAMS, place_id=place)
    assert (counts["teams"], counts["new_villages"]) == (44, 0)
    assert {code for _, code in counts["bad"]} == {"commune_unknown"}


def test_a_file_that_is_no_roster_is_refused_as_a_whole(sqlite_bao_thang: District) -> None:
    before = sqlite_bao_thang.rows()
    for data, code in (
        (xlsx([["Ghi chú"], ["Một trang viết tay"]]), "sheet_no_head"),
        (xlsx([HEAD, [1, "Hốc Đá", "Lý A", 1970, 4]], hide=True), "sheet_hidden"),
        (b"MZ\x90\x00", "file_type"),
        (b"", "file_empty"),
    ):
        with pytest.raises(Refused) as refused, sqlite_bao_thang.everywhere(write=True) as session:
            import_file(session, data, "a.xlsx")
        assert [(flaw.field, flaw.code) for flaw in refused.value.flaws] == [("file", code)]
    assert sqlite_bao_thang.rows() == before


def dry_run(district: District, data: bytes, **more: Any) -> Checked:
    with district.everywhere() as session:
        return check_roster(session, data, "a.xlsx", **more)


def test_a_dry_run_tells_what_differs_and_writes_nothing(sqlite_bao_thang: District) -> None:
    imported(sqlite_bao_thang, XUAN_QUANG)
    before = sqlite_bao_thang.rows()
    checked = dry_run(sqlite_bao_thang, edited(XUAN_QUANG, cells({"E8": 6, "K9": "0974214999"})))
    told = [
        (row.row, [(c.field, c.old, c.new) for c in changes])
        for _, row, changes in checked.households.changed
    ]
    assert told == [(8, [("people", 4, 6)]), (9, [("phone", "0974214083", "0974214999")])]
    assert checked.counts["absent"] == 0 and sqlite_bao_thang.rows() == before


def test_what_a_file_does_not_name_is_left_alone_and_counted(sqlite_bao_thang: District) -> None:
    imported(sqlite_bao_thang, XUAN_QUANG)
    data = xlsx([["UBND xã Xuân Quang"], HEAD, [1, "Hốc Đá", "Lý Mới", 1970, 4]])
    counts = imported(sqlite_bao_thang, "a.xlsx", data)
    with sqlite_bao_thang.everywhere() as session:
        village = sqlite_bao_thang.village("Hốc Đá", "Xuân Quang").id
        there = session.scalar(select(func.count()).where(Household.village_id == village)) or 0
    assert (counts["added"], counts["absent"]) == (1, there - 1) and there > 50


def test_progress_is_told_of_every_stage_and_never_backwards(sqlite_bao_thang: District) -> None:
    from tdteam.actions.import_roster import how_far

    told: list[tuple[int, int, str]] = []
    imported(sqlite_bao_thang, XUAN_QUANG, progress=lambda *step: told.append(step))
    far = [how_far(*step) for step in told]
    assert far == sorted(far) and far[-1] == 1000
    assert len({stage for _, _, stage in told}) == 4


def test_sheets_of_one_commune_only_come_from_the_workbook_that_has_them(sqlite_bao_thang: District) -> None:
    counts = imported(sqlite_bao_thang, TEAMS, edited(TEAMS, only("Xuân Quang", "Trì Quang")), "official")
    assert (counts["teams"], counts["members"], counts["bad"]) == (29, 202, [])
