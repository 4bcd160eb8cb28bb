"""Recording, correcting and voiding a visit, as the people of the cast do it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, select

from tdteam.actions.record_visit import correct_visit, record_visit, void_visit
from tdteam.domain.errors import Conflict, NotFound, Refused
from tdteam.domain.ids import new_id
from tdteam.store import audit
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.rebuild import compare
from tdteam.store.tables import Audit, TeamTally, Visit, VisitMember
from tests.actions.given import DAY, actor_of, figure, helped, seal, signed_in, visit_at
from tests.cast import Cast


def test_a_visit_becomes_figures_and_an_audit_entry(engine: Engine, cast: Cast) -> None:
    home = cast.village.household().id
    cast.village.world.session.commit()
    with signed_in(engine, cast.an) as session:
        draft = visit_at(
            cast.village,
            helped(),
            helped("SAFETY", people=3),
            helped("EID2_ACTIVATE", "not_done", cause="NO_OTP", people=2),
            household_id=home,
            minutes=25,
        )
        visit = record_visit(session, draft, actor_of(cast.an))
        assert (visit.version, visit.period, visit.state) == (1, "2026-11", "current")
        assert figure(session, cast.village, "visits", "met") == 1
        assert figure(session, cast.village, "reached") == 1
        assert figure(session, cast.village, "reached", span="2026") == 1
        assert figure(session, cast.village, "people", "SAFETY", "done") == 3
        assert figure(session, cast.village, "assists", "SAFETY", "done") == 1
        assert figure(session, cast.village, "causes", "EID2_ACTIVATE", "NO_OTP") == 2
        team = session.scalars(select(TeamTally)).one()
        assert (team.visits, team.assists, team.people, team.last_on) == (1, 3, 6, DAY)
        entry = session.scalars(select(Audit).order_by(Audit.id.desc())).first()
        assert entry is not None
        assert (entry.action, entry.noun, entry.target, entry.place_id) == (
            *("record", "visit", visit.id),
            cast.village.id,
        )
        assert "NO_OTP" not in entry.detail
    with open_session(engine, EVERYWHERE) as everything:
        assert compare(everything) == []
        assert audit.first_broken(everything) is None


def test_the_account_s_own_member_helped_where_nobody_is_named(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.an) as session:
        alone = record_visit(session, visit_at(cast.village), actor_of(cast.an))
        mate = record_visit(
            session, visit_at(cast.village, member_ids=(cast.binh_member.id,)), actor_of(cast.an)
        )
        members = {row.visit_id: row.member_id for row in session.scalars(select(VisitMember))}
        assert members == {alone.id: cast.an_member.id, mate.id: cast.binh_member.id}


def test_sending_a_visit_again_changes_nothing(engine: Engine, cast: Cast) -> None:
    draft = visit_at(cast.village, helped(id=new_id()), id=new_id(), note="Gặp  bà Mẩy ")
    for _ in range(3):
        with signed_in(engine, cast.an) as session:
            assert record_visit(session, draft, actor_of(cast.an)).id == draft.id
    with signed_in(engine, cast.an) as session:
        assert figure(session, cast.village, "visits", "met") == 1
        with pytest.raises(Conflict) as conflict:
            record_visit(session, replace(draft, minutes=9), actor_of(cast.an))
        assert conflict.value.code == "id_taken"


def test_a_taken_id_of_another_commune_says_nothing_of_it(engine: Engine, cast: Cast) -> None:
    draft = visit_at(cast.village, id=new_id())
    with signed_in(engine, cast.an) as session:
        record_visit(session, draft, actor_of(cast.an))
    with signed_in(engine, cast.dung) as session:
        stolen = visit_at(cast.next_village, id=draft.id)
        with pytest.raises(Conflict) as conflict:
            record_visit(session, stolen, actor_of(cast.dung))
        assert (conflict.value.code, conflict.value.params) == ("id_taken", {})


def test_a_visit_outside_the_scope_is_not_found(engine: Engine, cast: Cast) -> None:
    home = cast.next_village.household().id
    cast.village.world.session.commit()
    with signed_in(engine, cast.an) as session:
        for draft in (visit_at(cast.sibling), visit_at(cast.next_village)):
            with pytest.raises(Refused) as refused:
                record_visit(session, draft, actor_of(cast.an))
            assert {(f.field, f.code) for f in refused.value.flaws} >= {("village_id", "not_found")}
        with pytest.raises(Refused) as refused:
            record_visit(session, visit_at(cast.village, household_id=home), actor_of(cast.an))
        assert [(f.field, f.code) for f in refused.value.flaws] == [("household_id", "not_found")]
    with signed_in(engine, cast.dung) as session:
        assert session.scalars(select(Visit)).all() == []


def test_a_correction_is_a_new_version_and_the_old_one_stays(engine: Engine, cast: Cast) -> None:
    home, other = (cast.village.household(name).id for name in ("Lý Láo Tả", "Lý Láo Lở"))
    cast.village.world.session.commit()
    actor = actor_of(cast.an)
    with signed_in(engine, cast.an) as session:
        draft = visit_at(cast.village, helped(id=new_id(), people=4), household_id=home, id=new_id())
        first = record_visit(session, draft, actor)
        second = correct_visit(session, first.id, replace(draft, household_id=other, minutes=30), 1, actor)
        session.refresh(first)
        assert (second.version, second.root_id, second.replaces_id) == (2, first.id, first.id)
        assert (first.state, first.ended_by) == ("superseded", cast.an.id)
        assert figure(session, cast.village, "visits", "met") == 1
        assert figure(session, cast.village, "people", "EID2_ACTIVATE", "done") == 4
        assert figure(session, cast.village, "reached") == 1
        third = correct_visit(session, first.id, replace(draft, minutes=31), 2, actor)
        assert third.version == 3


def test_an_edit_read_too_early_is_a_conflict_and_an_edit_that_says_the_same_is_none(
    engine: Engine, cast: Cast
) -> None:
    actor = actor_of(cast.an)
    with signed_in(engine, cast.an) as session:
        draft = visit_at(cast.village, helped(), id=new_id())
        visit = record_visit(session, draft, actor)
        changed = replace(draft, minutes=40)
        newest = correct_visit(session, visit.id, changed, 1, actor)
        assert correct_visit(session, visit.id, changed, 1, actor).id == newest.id
        with pytest.raises(Conflict) as conflict:
            correct_visit(session, visit.id, replace(draft, minutes=50), 1, actor)
        assert (conflict.value.code, conflict.value.params) == ("stale", {"version": 2})


def test_a_voided_visit_leaves_the_figures_and_says_why(engine: Engine, cast: Cast) -> None:
    home = cast.village.household().id
    cast.village.world.session.commit()
    actor = actor_of(cast.an)
    with signed_in(engine, cast.an) as session:
        draft = visit_at(cast.village, helped(), household_id=home)
        visit = record_visit(session, draft, actor)
        with pytest.raises(Refused):
            void_visit(session, visit.id, " ", actor)
        with pytest.raises(Refused) as refused:
            void_visit(session, visit.id, "CCCD 010203004567", actor)
        assert [(f.field, f.code) for f in refused.value.flaws] == [("why", "id_number")]
        gone = void_visit(session, visit.id, "Ghi nhầm hộ", actor)
        assert (gone.state, gone.ended_why) == ("void", "Ghi nhầm hộ")
        assert void_visit(session, visit.id, "lần nữa", actor).ended_why == "Ghi nhầm hộ"
        assert figure(session, cast.village, "visits", "met") == 0
        assert figure(session, cast.village, "reached") == 0
        assert session.scalars(select(TeamTally)).one().last_on is None
        with pytest.raises(Conflict) as conflict:
            correct_visit(session, visit.id, replace(draft, minutes=5), 1, actor)
        assert conflict.value.code == "voided"


def test_nobody_corrects_or_voids_what_lies_outside_the_scope(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.an) as session:
        visit = record_visit(session, visit_at(cast.village), actor_of(cast.an))
    with signed_in(engine, cast.dung) as session:
        with pytest.raises(NotFound):
            void_visit(session, visit.id, "nhầm", actor_of(cast.dung))
        with pytest.raises(NotFound):
            correct_visit(session, visit.id, visit_at(cast.next_village), 1, actor_of(cast.dung))


def test_a_late_visit_counts_in_the_first_open_period(engine: Engine, cast: Cast) -> None:
    world = cast.village.world.session
    seal(world, cast.commune, "2026-10")
    seal(world, cast.commune, "2026-11")
    world.commit()
    late = visit_at(cast.village, visited_on=date(2026, 10, 1))
    with signed_in(engine, cast.an) as session:
        visit = record_visit(session, late, actor_of(cast.an))
        assert visit.period == "2026-12"
        assert figure(session, cast.village, "visits", "met", span="2026-12") == 1
        assert figure(session, cast.village, "visits", "met", span="2026-10") is None
    with signed_in(engine, cast.dung) as session:  # the next commune sealed nothing
        far = visit_at(cast.next_village, visited_on=date(2026, 10, 1))
        assert record_visit(session, far, actor_of(cast.dung)).period == "2026-10"


def test_sealed_figures_stay_and_a_correction_counts_in_the_open_period(engine: Engine, cast: Cast) -> None:
    home = cast.village.household().id
    cast.village.world.session.commit()
    actor = actor_of(cast.an)
    with signed_in(engine, cast.an) as session:
        draft = visit_at(cast.village, helped(people=10), household_id=home, id=new_id())
        visit = record_visit(session, draft, actor)
    with open_session(engine, EVERYWHERE, write=True) as sealing:
        seal(sealing, cast.commune, "2026-11")
        sealing.commit()
    with signed_in(engine, cast.an) as session:
        fewer = replace(draft, assists=(helped(people=1),))
        assert correct_visit(session, visit.id, fewer, 1, actor).period == "2026-11"
        assert figure(session, cast.village, "people", "EID2_ACTIVATE", "done") == 10
        assert figure(session, cast.village, "people", "EID2_ACTIVATE", "done", span="2026-12") == -9
        assert figure(session, cast.village, "visits", "met", span="2026-12") in (0, None)
        void_visit(session, visit.id, "nhầm", actor)
        assert figure(session, cast.village, "visits", "met") == 1
        assert figure(session, cast.village, "visits", "met", span="2026-12") == -1
        assert figure(session, cast.village, "reached") == 1  # as printed
        assert figure(session, cast.village, "reached", span="2026-12") is None  # distinct: never carried on
        assert figure(session, cast.village, "reached", span="2026") == 0  # the year knows better
        assert figure(session, cast.village, "reached_first", span="2026-12") == -1
    with open_session(engine, EVERYWHERE) as everything:
        assert compare(everything) == []


def test_the_year_that_is_over_takes_no_reversal_of_households_reached(engine: Engine, cast: Cast) -> None:
    home = cast.village.household().id
    cast.village.world.session.commit()
    actor = actor_of(cast.an)
    with signed_in(engine, cast.an) as session:
        draft = visit_at(cast.village, household_id=home, visited_on=date(2025, 12, 1))
        visit = record_visit(session, draft, actor)
        assert visit.period == "2025-12"
    with open_session(engine, EVERYWHERE, write=True) as sealing:
        seal(sealing, cast.commune, "2025-12")
        sealing.commit()
    with signed_in(engine, cast.an) as session:
        void_visit(session, visit.id, "nhầm", actor)
        assert figure(session, cast.village, "visits", "met", span="2026-01") == -1
        assert figure(session, cast.village, "reached_first", span="2026-01") is None


def test_two_visits_to_one_household_at_once_reach_it_once(engine: Engine, cast: Cast) -> None:
    home = cast.village.household().id
    cast.village.world.session.commit()
    same = visit_at(cast.village, household_id=home, id=new_id())
    faults: list[BaseException] = []
    ready = threading.Barrier(6)

    def visit(number: int) -> None:
        try:
            ready.wait(10)
            with signed_in(engine, cast.an) as session:
                draft = same if number % 2 else visit_at(cast.village, household_id=home)
                record_visit(session, draft, actor_of(cast.an))
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    with open_session(engine, EVERYWHERE) as session:
        assert figure(session, cast.village, "visits", "met") == 4
        assert figure(session, cast.village, "reached") == 1
        assert figure(session, cast.village, "reached_first") == 1
        assert compare(session) == []
