"""An import taken back: what it added goes, what it changed says again what it said; what people touched since stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from tdteam.actions import keep_household, keep_member, keep_resident, keep_team
from tdteam.actions.import_roster import do_upload, take_file, undo_upload
from tdteam.actions.record_visit import record_visit
from tdteam.domain.errors import Conflict
from tdteam.domain.households import HouseholdDraft
from tdteam.domain.periods import today
from tdteam.domain.residents import ResidentDraft
from tdteam.domain.teams import ServiceDraft
from tdteam.domain.visits import VisitDraft
from tdteam.store.rebuild import compare
from tdteam.store.tables import (
    Account,
    Member,
    Membership,
    Place,
    StockState,
    Team,
    TeamVillage,
    Training,
)
from tests.actions.given import helped
from tests.actions.test_import_teams import team_file
from tests.district import TEAMS, XUAN_QUANG, District, body, cells, edited, only

TOUCHED = ("household.version", "household.changed_at", "member.version", "team.version")
"""What moves on when a row is given its values back: whoever read it meanwhile must notice."""


def upload(district: District, name: str, data: bytes | None = None, who: str = "official") -> int:
    """Take a file in and import it; the upload's id."""
    place = district.commune({"official": "02926", "neighbour": "02905", "admin": "02926"}[who])
    with district.as_(who) as session:
        taken = take_file(session, place, name, body(name) if data is None else data)
        do_upload(session, taken.id or 0)
        return taken.id or 0


def undo(district: District, upload_id: int, who: str = "official") -> dict[str, int]:
    with district.as_(who) as session:
        outcome = undo_upload(session, upload_id).outcome or {}
    return {name: outcome[name] for name in ("removed", "restored", "kept")}


def is_sound(district: District) -> bool:
    with district.everywhere() as session:
        return compare(session) == []


def test_an_import_of_households_undone_leaves_everything_as_it_was(bao_thang: District) -> None:
    before = bao_thang.rows()
    done = upload(bao_thang, XUAN_QUANG)
    assert undo(bao_thang, done) == {"removed": 1619, "restored": 0, "kept": 0}
    assert bao_thang.rows() == before and is_sound(bao_thang)
    with pytest.raises(Conflict):
        undo(bao_thang, done)


def test_an_import_of_teams_undone_leaves_everything_as_it_was(bao_thang: District) -> None:
    before = bao_thang.rows()
    new = team_file(
        [1, "Suối Mơ", "Lý Thị Mơ", 1990, "Tổ trưởng", "", ""], [2, "Làng Lân", "Lý B", 1991, "", "", ""]
    )
    teams = upload(bao_thang, TEAMS, edited(TEAMS, only("Xuân Quang", "Trì Quang", "Phong Niên")))
    villages = upload(bao_thang, "to.xlsx", new)
    with bao_thang.everywhere() as session:
        assert (
            session.scalar(select(func.count()).select_from(Place).where(Place.short_name == "Suối Mơ")) == 1
        )
    assert undo(bao_thang, villages)["kept"] == 0
    assert undo(bao_thang, teams)["kept"] == 0
    assert bao_thang.rows() == before and is_sound(bao_thang)


def test_a_new_namesake_of_a_village_changes_its_label_and_undoing_it_changes_it_back(
    sqlite_bao_thang: District,
) -> None:
    """Hốc Đá is of old Xuân Quang alone; a Hốc Đá of old Trì Quang makes two in present Xuân Quang."""
    before = sqlite_bao_thang.rows()
    done = upload(sqlite_bao_thang, "to.xlsx", team_file([1, "Hốc Đa", "Lý A", 1990, "", "", ""]))
    assert sqlite_bao_thang.village("Hốc Đá", "Xuân Quang").label == "Hốc Đá (Xuân Quang cũ)"
    undo(sqlite_bao_thang, done)
    assert sqlite_bao_thang.rows() == before


def test_a_correction_undone_gives_every_row_its_words_back(bao_thang: District) -> None:
    upload(bao_thang, XUAN_QUANG)
    upload(bao_thang, TEAMS, edited(TEAMS, only("Xuân Quang")))
    before = bao_thang.rows(*TOUCHED)
    corrected = edited(
        XUAN_QUANG, cells({"E8": 6, "J8": "x", "C9": "Dương Thị Thuỷ", "H9": "x", "K10": "0912345678"})
    )
    households = upload(bao_thang, XUAN_QUANG, corrected)
    with bao_thang.everywhere() as session:
        someone = session.scalars(select(Member).order_by(Member.id)).first()
        assert someone is not None
    teams = upload(bao_thang, TEAMS, edited(TEAMS, only("Xuân Quang"), _turned_around))
    assert bao_thang.rows(*TOUCHED) != before
    assert undo(bao_thang, teams) == {"removed": 0, "restored": 3, "kept": 0}
    assert undo(bao_thang, households) == {"removed": 0, "restored": 3, "kept": 0}
    assert bao_thang.rows(*TOUCHED) == before and is_sound(bao_thang)


def _turned_around(book: Any) -> None:
    """The first three members of the sheet: another role, another component, a training, another year."""
    page = book.worksheets[0]
    head = next(row for row in page.iter_rows() if any(cell.value in ("STT", "TT") for cell in row))
    columns = {str(cell.value): cell.column for cell in head if cell.value}
    rows = [
        r
        for r in range(head[0].row + 1, head[0].row + 9)
        if isinstance(page.cell(r, columns_of(columns, "STT", "TT")).value, int)
    ]
    page.cell(
        rows[0], columns_of(columns, "Chức vụ", "Chức danh", "Chức vụ trong tổ", "Vai trò")
    ).value = "Thành viên"
    page.cell(rows[1], columns_of(columns, "Họ và tên", "Họ tên")).value += " Hai"
    page.cell(rows[2], columns_of(columns, "Thành phần", "Đơn vị công tác")).value = "Bưu điện"


def columns_of(columns: dict[str, int], *names: str) -> int:
    return next(columns[name] for name in names if name in columns)


def test_two_imports_are_undone_one_after_the_other_in_any_order(bao_thang: District) -> None:
    """The second changed a row the first had added: undoing the first leaves that row, undoing the second then
    gives it its words back."""
    first = upload(bao_thang, XUAN_QUANG)
    second = upload(bao_thang, XUAN_QUANG, edited(XUAN_QUANG, cells({"E8": 6})))
    assert undo(bao_thang, first) == {"removed": 1618, "restored": 0, "kept": 1}
    assert bao_thang.household("Bùi Thu Chi", 1980).people == 6
    assert undo(bao_thang, second) == {"removed": 0, "restored": 1, "kept": 0}
    assert bao_thang.household("Bùi Thu Chi", 1980).people == 4 and is_sound(bao_thang)


def test_households_corrected_visited_or_peopled_since_stay(bao_thang: District) -> None:
    teams = upload(bao_thang, TEAMS, edited(TEAMS, only("Xuân Quang")))
    done = upload(bao_thang, XUAN_QUANG)
    corrected, visited = bao_thang.household("Bùi Thu Chi", 1980), bao_thang.household("Hoàng Văn Mẩn", 1971)
    peopled = bao_thang.household("Dương Thị Thủy", 1999)
    with bao_thang.as_("official") as session:
        draft = HouseholdDraft(
            **{name: getattr(corrected, name) for name in HouseholdDraft.__dataclass_fields__}
        )
        keep_household.change(session, corrected.id, replace(draft, people=9), corrected.version)
        team = session.scalars(
            select(TeamVillage.team_id).where(TeamVillage.village_id == visited.village_id)
        ).one()
        visit = VisitDraft(
            village_id=visited.village_id,
            team_id=team,
            visited_on=today(),
            household_id=visited.id,
            assists=(helped(people=1),),
        )
        record_visit(session, visit, session.scope.actor)
        keep_resident.create(session, peopled.id, ResidentDraft("Dương Thị Con", 2012))
    assert undo(bao_thang, done) == {"removed": 1616, "restored": 0, "kept": 3}
    assert bao_thang.household("Bùi Thu Chi", 1980).people == 9
    assert is_sound(bao_thang)
    kept = undo(bao_thang, teams)
    assert kept["kept"] == 1, "the team that made the visit stays, its members go"
    with bao_thang.everywhere() as session:
        assert session.scalars(select(Team.id)).all() == [team]
    assert is_sound(bao_thang)


def _leaves(session: Any, member: Member, service: Membership) -> None:
    keep_member.leave(session, service.id, today())


def _gets_another_role(session: Any, member: Member, service: Membership) -> None:
    keep_member.change_service(session, service.id, ServiceDraft("member", "teacher", None, ""))


def _is_trained(session: Any, member: Member, service: Membership) -> None:
    keep_member.train(session, [member.id], "Lớp tháng 11", today())


def _has_an_account(session: Any, member: Member, service: Membership) -> None:
    session.scalars(select(Account).where(Account.username == "leader")).one().member_id = member.id


@pytest.mark.parametrize("touch", [_leaves, _gets_another_role, _is_trained, _has_an_account])
def test_a_member_somebody_dealt_with_since_stays_with_the_team(
    bao_thang: District, touch: Callable[[Any, Member, Membership], None]
) -> None:
    rows = [1, "Hốc Đá", "Lý A", 1990, "Tổ trưởng", "", ""], [2, "", "Lý B", 1991, "", "", ""]
    done = upload(bao_thang, "to.xlsx", team_file(*rows, commune="UBND xã Xuân Quang"))
    with bao_thang.everywhere(write=True) as session:
        served = select(Member, Membership).join(Membership).where(Member.name == "Lý A")
        touch(session, *session.execute(served).one())
    assert undo(bao_thang, done) == {"removed": 1, "restored": 0, "kept": 2}
    with bao_thang.everywhere() as session:
        assert session.scalars(select(Member.name)).all() == ["Lý A"]


def test_a_member_who_joined_a_team_of_another_commune_since_stays_whole(bao_thang: District) -> None:
    """The official who takes the import back cannot even see that other service; it must survive all the same."""
    done = upload(
        bao_thang, "to.xlsx", team_file([1, "Hốc Đá", "Lý A", 1990, "", "", ""], commune="UBND xã Xuân Quang")
    )
    upload(
        bao_thang,
        "to.xlsx",
        team_file([1, "Tả Hà 1", "Vàng B", 1985, "", "", ""], commune="UBND xã Sơn Hà"),
        "neighbour",
    )
    with bao_thang.everywhere(write=True) as session:
        member = session.scalars(select(Member.id).where(Member.name == "Lý A")).one()
        other = session.scalars(select(Membership.team_id).join(Member).where(Member.name == "Vàng B")).one()
        session.add(Membership(team_id=other, member_id=member or 0))
    assert undo(bao_thang, done) == {"removed": 0, "restored": 0, "kept": 2}
    with bao_thang.everywhere() as session:
        assert session.scalar(select(func.count()).where(Membership.member_id == member)) == 2


def test_a_team_changed_since_keeps_its_decision_and_its_place(sqlite_bao_thang: District) -> None:
    data = team_file([1, "Hốc Đá", "Lý A", 1990, "Tổ trưởng", "", ""], commune="UBND xã Xuân Quang")
    done = upload(sqlite_bao_thang, "to.xlsx", data)
    with sqlite_bao_thang.as_("official") as session:
        team = session.scalars(select(Team)).one()
        keep_team.end(session, team.id or 0, today())
    assert undo(sqlite_bao_thang, done) == {"removed": 0, "restored": 0, "kept": 2}


def test_a_founding_decision_the_file_brought_is_taken_back(sqlite_bao_thang: District) -> None:
    row = [1, "Hốc Đá", "Lý A", 1990, "Tổ trưởng", "", ""]
    upload(sqlite_bao_thang, "to.xlsx", team_file(row, commune="UBND xã Xuân Quang"))
    before = sqlite_bao_thang.rows(*TOUCHED)
    decided = team_file(row, commune="UBND xã Xuân Quang (Quyết định số 12/QĐ-UBND ngày 5/3/2026)")
    done = upload(sqlite_bao_thang, "to.xlsx", decided)
    with sqlite_bao_thang.everywhere() as session:
        team = session.scalars(select(Team)).one()
        assert (team.decision_number, team.decision_date) == ("12/QĐ-UBND", date(2026, 3, 5))
    assert undo(sqlite_bao_thang, done) == {"removed": 0, "restored": 1, "kept": 0}
    assert sqlite_bao_thang.rows(*TOUCHED) == before


def test_a_village_with_a_household_since_stays(sqlite_bao_thang: District) -> None:
    done = upload(sqlite_bao_thang, "to.xlsx", team_file([1, "Suối Mơ", "Lý A", 1990, "", "", ""]))
    village = sqlite_bao_thang.village("Suối Mơ", "Trì Quang")
    with sqlite_bao_thang.as_("official") as session:
        keep_household.create(session, HouseholdDraft(village_id=village.id, head="Lý Thị Mơ", people=3))
    assert undo(sqlite_bao_thang, done) == {"removed": 2, "restored": 0, "kept": 1}
    assert is_sound(sqlite_bao_thang)


def test_a_registry_that_began_with_the_import_begins_anew_after_it_is_undone(
    sqlite_bao_thang: District,
) -> None:
    done = upload(sqlite_bao_thang, XUAN_QUANG)
    with sqlite_bao_thang.everywhere() as session:
        assert session.scalar(select(func.count()).select_from(StockState)) == 18
    undo(sqlite_bao_thang, done)
    with sqlite_bao_thang.everywhere() as session:
        assert session.scalar(select(func.count()).select_from(StockState)) == 0
        assert session.scalar(select(func.count()).select_from(Training)) == 0
