"""Founding, correcting, settling anew and ending teams: scope, history and the audit, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from tdteam.actions import keep_member, keep_team
from tdteam.domain.errors import Conflict, NotFound, Refused
from tdteam.domain.periods import today
from tdteam.domain.teams import AmendDraft, MemberDraft, ServiceDraft, TeamDraft
from tdteam.store import audit, members, teams
from tdteam.store.tables import Audit, Membership, Team, TeamVillage
from tests.actions.given import signed_in
from tests.cast import Cast
from tests.world import World

FOUNDED = date(2022, 4, 10)


def draft(cast: Cast, *villages: int, **more: object) -> TeamDraft:
    plain = TeamDraft(
        "Tổ Nậm Dù 2", villages or (cast.sibling.id,), None, "153/QĐ-UBND", FOUNDED, "Chủ tịch UBND xã"
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def refused(error: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(flaw.field, flaw.code) for flaw in error.value.flaws]


def test_a_team_is_at_work_from_the_day_of_its_decision(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        team = keep_team.create(session, draft(cast, cast.village.id, cast.sibling.id))
    with signed_in(engine, cast.chi, write=False) as session:
        edges = teams.edges_of(session, team.id or 0)
        assert [(edge.village_id, edge.since, edge.until) for edge in edges] == [
            (cast.village.id, FOUNDED, None),
            (cast.sibling.id, FOUNDED, None),
        ]
        assert teams.get_team(session, team.id or 0).since == FOUNDED


def test_a_village_of_the_next_commune_is_not_found(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session, pytest.raises(Refused) as error:
        keep_team.create(session, draft(cast, cast.village.id, cast.next_village.id))
    assert refused(error) == [("village_ids", "not_found")]
    with signed_in(engine, cast.dung) as session, pytest.raises(NotFound):
        keep_team.change(session, cast.village.team.id or 0, draft(cast), 1)


def test_a_second_team_of_one_name_in_one_village_is_refused(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session, pytest.raises(Refused) as error:
        keep_team.create(session, draft(cast, cast.village.id, name="TỔ HOC ĐÁ"))
    assert refused(error) == [("name", "team_twice")]


def test_a_change_says_which_fields_changed_and_none_is_none(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        team = keep_team.create(session, draft(cast))
        assert keep_team.change(session, team.id or 0, draft(cast), 1) == []
        changed = keep_team.change(session, team.id or 0, draft(cast, channel="zalo", note="Họp thứ Hai"), 1)
        assert sorted(changed) == ["channel", "note"]
        assert team.version == 2
    with signed_in(engine, cast.chi, write=False) as session:
        said = session.exec(select(Audit).where(Audit.noun == "team").order_by(col(Audit.id))).all()
        assert [entry.action for entry in said] == ["create", "change"]
        assert "Họp" not in said[-1].detail
        assert audit.first_broken(session) is None


def test_two_officials_with_one_version_do_not_overwrite_each_other(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        team_id = keep_team.create(session, draft(cast)).id or 0
        keep_team.change(session, team_id, draft(cast, note="một"), 1)
    with signed_in(engine, cast.chi) as session, pytest.raises(Conflict):
        keep_team.change(session, team_id, draft(cast, note="hai"), 1)
    with signed_in(engine, cast.chi, write=False) as session:
        assert teams.get_team(session, team_id).note == "một"


def test_a_village_comes_and_another_goes_on_a_day(engine: Engine, cast: Cast) -> None:
    on = date(2026, 5, 1)
    with signed_in(engine, cast.chi) as session:
        team_id = keep_team.create(session, draft(cast)).id or 0
        keep_team.change(session, team_id, draft(cast, cast.village.id), 1, villages_on=on)
    with signed_in(engine, cast.chi, write=False) as session:
        edges = {edge.village_id: (edge.since, edge.until) for edge in teams.edges_of(session, team_id)}
    assert edges == {cast.sibling.id: (FOUNDED, on), cast.village.id: (on, None)}


def test_a_village_that_was_forgotten_is_served_from_the_beginning(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        team_id = keep_team.create(session, draft(cast)).id or 0
        keep_team.change(session, team_id, draft(cast, cast.sibling.id, cast.village.id), 1)
        edges = {edge.village_id: edge.since for edge in teams.edges_of(session, team_id)}
    assert edges[cast.village.id] == FOUNDED


def test_the_next_communes_half_of_a_shared_team_stays_as_it_is(
    engine: Engine, world: World, cast: Cast
) -> None:
    team_id = cast.village.team.id or 0
    world.add(TeamVillage(team_id=team_id, village_id=cast.next_village.id))
    world.session.commit()
    with signed_in(engine, cast.chi) as session:
        keep_team.change(session, team_id, draft(cast, cast.sibling.id, cast.next_village.id), 1)
        edges = {edge.village_id: edge.until for edge in teams.edges_of(session, team_id)}
    assert edges == {cast.village.id: today(), cast.sibling.id: None, cast.next_village.id: None}


def test_an_ended_team_has_no_members_and_no_villages_until_it_is_taken_back(
    engine: Engine, cast: Cast
) -> None:
    team_id = cast.village.team.id or 0
    until = today() - timedelta(days=3)
    with signed_in(engine, cast.chi) as session:
        keep_team.end(session, team_id, until)
        assert members.list_services(session, team_ids=[team_id], on=today()) == []
        assert [edge.until for edge in teams.edges_of(session, team_id)] == [until]
        with pytest.raises(Refused):
            keep_team.end(session, team_id, until)
    with signed_in(engine, cast.chi) as session:
        keep_team.reopen(session, team_id)
        assert len(members.list_services(session, team_ids=[team_id], on=today())) == 2
        assert [edge.until for edge in teams.edges_of(session, team_id)] == [None]
        assert teams.get_team(session, team_id).until is None


def test_somebody_who_left_before_the_end_does_not_come_back_with_it(engine: Engine, cast: Cast) -> None:
    team_id = cast.village.team.id or 0
    with signed_in(engine, cast.chi) as session:
        services = members.list_services(session, team_ids=[team_id])
        keep_member.leave(session, services[1].id, date(2026, 2, 1))
        keep_team.end(session, team_id, date(2026, 3, 1))
        keep_team.reopen(session, team_id)
        now = members.list_services(session, team_ids=[team_id], on=today())
    assert [one.id for one in now] == [services[0].id]


def test_nobody_joins_an_ended_team(engine: Engine, cast: Cast) -> None:
    team_id = cast.village.team.id or 0
    with signed_in(engine, cast.chi) as session:
        keep_team.end(session, team_id, date(2026, 3, 1))
        with pytest.raises(Refused) as error:
            keep_member.add(session, team_id, MemberDraft("Lù Thị Dí"), ServiceDraft())
    assert refused(error) == [("joined", "team_ended")]


def test_a_new_decision_moves_everybody_who_stays(engine: Engine, cast: Cast) -> None:
    team_id = cast.village.team.id or 0
    with signed_in(engine, cast.chi) as session:
        leader, member = members.list_services(session, team_ids=[team_id])
        assert (leader.role, member.role) == ("leader", "member")
        made = AmendDraft(
            "45/QĐ-UBND",
            date(2026, 3, 12),
            leaving=frozenset({leader.id}),
            roles=((member.id, "leader"),),
            components=((member.id, "teacher"),),
        )
        keep_team.amend(session, team_id, made)
    with signed_in(engine, cast.chi, write=False) as session:
        rows = {row.id: row for row in session.exec(select(Membership).where(Membership.team_id == team_id))}
        gone, stays = rows[leader.id], rows[member.id]
        assert (gone.left, gone.decision) == (date(2026, 3, 12), "")
        assert (stays.role, stays.component, stays.decision) == ("leader", "teacher", "45/QĐ-UBND")


def test_a_decision_about_another_teams_member_is_refused(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.dung) as session:
        foreign = members.list_services(session, team_ids=[cast.next_village.team.id or 0])[0].id
    with signed_in(engine, cast.chi) as session, pytest.raises(Refused) as error:
        keep_team.amend(
            session,
            cast.village.team.id or 0,
            AmendDraft("1/QĐ", today(), leaving=frozenset({foreign})),
        )
    assert refused(error) == [("", "not_found")]


def test_teams_are_counted_by_filter(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        keep_team.create(session, draft(cast, channel="paper"))
        assert teams.count_teams(session) == 3
        assert teams.count_teams(session, channel="paper") == 1
        assert session.exec(select(Team.name).where(Team.channel == "paper")).all() == ["Tổ Nậm Dù 2"]
