"""Members join, are corrected, leave, move and are trained; one person may serve in two teams."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from tdteam.actions import keep_member
from tdteam.domain.errors import Conflict, NotFound, Refused
from tdteam.domain.periods import today
from tdteam.domain.teams import MemberDraft, ServiceDraft
from tdteam.store import members, organisation
from tdteam.store.tables import Audit, Member
from tests.actions.given import signed_in
from tests.cast import Cast

DI = MemberDraft("Vàng Thị Dí", 1990, "female", "0912 345 678")
BY = ServiceDraft("member", "teacher", date(2025, 3, 1), "45/QĐ-UBND")


def refused(error: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(flaw.field, flaw.code) for flaw in error.value.flaws]


def team(cast: Cast) -> int:
    return cast.village.team.id or 0


def test_a_person_joins_and_is_found_again_by_name_and_year(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        keep_member.add(session, team(cast), DI, BY)
        alike = members.find_alike(session, "VANG THI DI", 1990)
        assert [(one.name, one.birth_year, one.teams) for one in alike] == [
            ("Vàng Thị Dí", 1990, "Tổ Hốc Đá"),
        ]
        assert members.find_alike(session, "Vàng Thị Dí", 1991) == []
        assert len(members.find_alike(session, "Vàng Thị Dí", None)) == 1
    with signed_in(engine, cast.dung, write=False) as session:
        assert members.find_alike(session, "Vàng Thị Dí", 1990) == []


def test_a_person_serves_in_two_teams_and_is_one_person(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        first = keep_member.add(session, team(cast), DI, BY)
        second = keep_member.add(
            session, cast.sibling.team.id or 0, MemberDraft(""), BY, same_as=first.member_id
        )
        assert second.member_id == first.member_id
        assert session.exec(select(Member.id).where(Member.name == DI.name)).all() == [first.member_id]
        told, _teams, _changes = organisation.read_organisation(
            session, cast.commune.id or 0, date(2026, 1, 1), today()
        )
    assert told.members == 3  # An, Binh and Di


def test_nobody_is_in_one_team_twice(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session, pytest.raises(Refused) as error:
        keep_member.add(session, team(cast), MemberDraft(""), BY, same_as=cast.an_member.id)
    assert refused(error) == [("name", "serves_already")]


def test_a_second_leader_is_refused(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session, pytest.raises(Refused) as error:
        keep_member.add(session, team(cast), DI, ServiceDraft("leader", "village_head"))
    assert refused(error) == [("role", "leader_twice")]


def test_the_leader_is_corrected_without_being_taken_for_a_second_one(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        leader = members.list_services(session, team_ids=[team(cast)])[0]
        service = ServiceDraft("leader", "party_secretary", leader.joined, "7/QĐ-UBND")
        assert sorted(keep_member.change_service(session, leader.id, service)) == ["component", "decision"]
        assert keep_member.change_service(session, leader.id, service) == []


def test_a_member_of_the_next_commune_is_not_found(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.dung) as session:
        with pytest.raises(NotFound):
            keep_member.change(session, cast.an_member.id or 0, DI, 1)
        with pytest.raises(NotFound):
            keep_member.add(session, team(cast), DI, BY)
        with pytest.raises(NotFound):
            keep_member.add(session, cast.next_village.team.id or 0, DI, BY, same_as=cast.an_member.id)


def test_a_correction_keeps_names_out_of_the_audit(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        fields = keep_member.change(session, cast.an_member.id or 0, DI, 1)
        assert fields == ["name", "birth_year", "sex", "phone"]
        with pytest.raises(Conflict):
            keep_member.change(session, cast.an_member.id or 0, DI, 1)
    with signed_in(engine, cast.chi, write=False) as session:
        row = members.get_member(session, cast.an_member.id or 0)
        assert (row.name_fold, row.phone, row.version) == ("vang thi di", "0912345678", 2)
        said = session.exec(select(Audit).order_by(col(Audit.id).desc())).first()
        assert said and "Dí" not in said.detail and "0912" not in said.detail


def test_somebody_leaves_and_the_leaving_is_taken_back(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        one = members.list_services(session, team_ids=[team(cast)])[1]
        keep_member.leave(session, one.id, date(2026, 9, 1))
        assert members.get_service(session, one.id).left == date(2026, 9, 1)
        with pytest.raises(Refused) as error:
            keep_member.leave(session, one.id, date(2026, 9, 2))
        assert refused(error) == [("left", "left_already")]
        keep_member.stay(session, one.id)
        assert members.get_service(session, one.id).left is None


def test_a_leaving_is_not_taken_back_when_a_new_leader_serves(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        old = members.list_services(session, team_ids=[team(cast)])[0]
        keep_member.leave(session, old.id, date(2026, 9, 1))
        keep_member.add(session, team(cast), DI, ServiceDraft("leader", "village_head", date(2026, 9, 1)))
        with pytest.raises(Refused) as error:
            keep_member.stay(session, old.id)
    assert refused(error) == [("role", "leader_twice")]


def test_a_member_moves_to_another_team_on_one_day(engine: Engine, cast: Cast) -> None:
    on = date(2026, 9, 1)
    with signed_in(engine, cast.chi) as session:
        one = members.list_services(session, team_ids=[team(cast)])[1]
        moved = keep_member.move(
            session, one.id, cast.sibling.team.id, ServiceDraft("leader", "teacher", on, "9/QĐ")
        )
        assert members.get_service(session, one.id).left == on
        assert (moved.member_id, moved.team_id, moved.joined) == (one.member_id, cast.sibling.team.id, on)


@pytest.mark.parametrize("where", ["same", "foreign", None])
def test_a_move_to_the_same_or_a_foreign_team_is_refused(
    engine: Engine, cast: Cast, where: str | None
) -> None:
    to = {"same": team(cast), "foreign": cast.next_village.team.id}.get(where or "")
    with signed_in(engine, cast.chi) as session:
        one = members.list_services(session, team_ids=[team(cast)])[1]
        with pytest.raises(Refused) as error:
            keep_member.move(session, one.id, to, ServiceDraft(joined=today()))
        assert members.get_service(session, one.id).left is None
    assert refused(error)[0][0] == "to_team_id"


def test_a_training_is_noted_once_for_each_and_can_be_taken_off(engine: Engine, cast: Cast) -> None:
    both = [cast.an_member.id or 0, cast.binh_member.id or 0]
    with signed_in(engine, cast.chi) as session:
        assert keep_member.train(session, [*both, both[0]], "Kỹ năng  số", date(2026, 5, 5)) == 2
        assert keep_member.train(session, both, "Kỹ năng số", date(2026, 5, 5)) == 0
        assert members.list_courses(session) == ["Kỹ năng số"]
        row = members.list_trainings(session, both[:1])[0]
        keep_member.forget_training(session, both[0], row.id or 0)
        assert members.list_trainings(session, both[:1]) == []
        with pytest.raises(NotFound):
            keep_member.forget_training(session, both[1], row.id or 0)


def test_a_training_of_nobody_is_refused(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session, pytest.raises(Refused) as error:
        keep_member.train(session, [], " ", date(2030, 1, 1))
    assert refused(error) == [
        ("course", "required"),
        ("trained_on", "date_future"),
        ("member_ids", "required"),
    ]


def test_who_may_not_see_names_sees_members_without_phone_and_year(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        keep_member.change(session, cast.an_member.id or 0, DI, 1)
    with signed_in(engine, cast.giang, write=False) as session:
        found = [one for one in members.search_members(session, "vang thi") if one.name == DI.name]
        assert [(one.phone, one.birth_year) for one in found] == [(None, None)]
    with signed_in(engine, cast.chi, write=False) as session:
        found = members.search_members(session, "dí")
        assert [(one.phone, one.birth_year) for one in found] == [("0912345678", 1990)]
