"""What a scope reaches: ways up, several roots, days, and tables that must say how they are scoped."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel, select

from tdteam.domain.periods import today
from tdteam.store import gate, scope, tables
from tdteam.store.gate import EVERYWHERE, GatedSession, Scope, Ungated, open_session
from tdteam.store.tables import (
    Account,
    Household,
    Place,
    PlaceParent,
    Team,
)
from tests.store.stage import SEEN, Stage, chi, stage

__all__ = ["chi", "stage"]


def test_teams_and_members_are_seen_through_the_villages_they_serve(stage: Stage, chi: GatedSession) -> None:
    assert {team.name for team in chi.exec(select(Team))} == {"Tổ Hốc Đá", "Tổ Nậm Dù"}
    assert set(chi.exec(select(tables.Member.name))) == {"Bàn Thị An", "Chảo Văn Bình"}


def test_places_show_the_way_up_but_not_beside(stage: Stage, chi: GatedSession) -> None:
    assert set(chi.exec(select(Place.name))) == {
        *("Tỉnh Lào Cai", "Xã Xuân Quang", "Bảo Thắng (cũ)", "Thôn Hốc Đá", "Thôn Nậm Dù")
    }


def test_a_member_sees_one_village_only(stage: Stage) -> None:
    with stage.open(stage.of(stage.cast.village.place)) as an:
        assert set(an.exec(select(Household.head))) == {"Lý Láo Tả", "Giàng A Páo"}


def test_an_area_is_exactly_its_villages(stage: Stage) -> None:
    with stage.open(stage.of(stage.cast.area)) as giang:
        assert set(giang.exec(select(Household.head))) == SEEN


def test_several_roots_add_up_and_no_root_sees_nothing(stage: Stage) -> None:
    with stage.open(stage.of(stage.cast.sibling.place, stage.cast.next_commune)) as two:
        assert set(two.exec(select(Household.head))) == {"Tráng Seo Vần", "Nông Thị Hai"}
    with stage.open(Scope()) as nobody:
        assert nobody.exec(select(Household.head)).all() == []
        assert nobody.exec(select(Team.name)).all() == []
        assert nobody.exec(select(Place.name)).all() == []


def test_criteria_are_those_of_the_asking_session(stage: Stage) -> None:
    """Compiled statements and criteria are cached: another scope must never get the first one's."""
    query = select(Household.head)
    for _ in range(3):
        with stage.open() as chi, stage.open(stage.of(stage.cast.next_commune)) as dung:
            assert set(chi.exec(query)) == SEEN
            assert set(dung.exec(query)) == {"Nông Thị Hai"}
    with stage.open(EVERYWHERE) as system:
        assert len(system.exec(query).all()) == 4


# Days.


def test_a_merge_decided_for_next_month_acts_on_its_day(stage: Stage) -> None:
    day = today() + timedelta(days=30)
    cast, world = stage.cast, stage.world
    edge = world.session.exec(select(PlaceParent).where(PlaceParent.place_id == cast.sibling.id)).first()
    assert edge
    edge.until = day
    world.session.add(edge)
    world.under(cast.sibling.place, cast.next_commune, since=day)
    world.session.commit()
    roots = frozenset({cast.commune.id or 0})
    with stage.open(Scope(roots=roots)) as chi_today:
        assert "Tráng Seo Vần" in set(chi_today.exec(select(Household.head)))
    with stage.open(Scope(roots=roots, day=day)) as chi_then:
        assert "Tráng Seo Vần" not in set(chi_then.exec(select(Household.head)))
    with stage.open(Scope(roots=frozenset({cast.next_commune.id or 0}), day=day)) as dung_then:
        assert "Tráng Seo Vần" in set(dung_then.exec(select(Household.head)))
    with stage.open(Scope(roots=frozenset({cast.next_commune.id or 0}))) as dung_today:
        assert "Tráng Seo Vần" not in set(dung_today.exec(select(Household.head)))


def test_facts_of_an_ended_place_stay_under_its_successor(stage: Stage) -> None:
    from tdteam.store.places import rebuild_closure

    cast, session = stage.cast, stage.world.session
    old, heir = cast.sibling.place, cast.village.place
    old.until, old.successor_id = today() - timedelta(days=3), heir.id
    session.add(old)
    session.flush()
    rebuild_closure(session)
    session.commit()
    with stage.open(stage.of(heir)) as an:
        assert "Tráng Seo Vần" in set(an.exec(select(Household.head)))
    with stage.open() as chi:
        assert "Tráng Seo Vần" in set(chi.exec(select(Household.head)))


# The gate itself.


def test_a_session_without_a_scope_does_not_open(engine: Engine) -> None:
    for wrong in (None, {}, "everywhere", 1):
        with pytest.raises(Ungated):
            open_session(engine, wrong)  # type: ignore[arg-type]


def test_every_table_says_how_it_is_scoped() -> None:
    assert {cls.__name__ for cls in gate.all_tables() if not scope.scope_word(cls)} == set()
    mapped = {mapper.class_ for mapper in SQLModel._sa_registry.mappers}
    assert {cls.__name__ for cls in mapped} == {cls.__name__ for cls in gate.all_tables()}


def test_a_table_that_does_not_say_fails_closed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Household, "__scope__", None)
    scope._criteria.cache_clear()
    try:
        with stage.open() as chi, pytest.raises(Ungated):
            chi.exec(select(Household.head)).all()
    finally:
        scope._criteria.cache_clear()


def test_every_table_with_a_village_or_place_of_facts_is_scoped() -> None:
    """A column village_id or commune_id on an open table would be a hole."""
    open_ones = {cls for cls in gate.all_tables() if getattr(cls, "__scope__", "") == "open"}
    holes = {
        cls.__name__
        for cls in open_ones
        if {"village_id", "commune_id", "household_id", "resident_id"} & set(cls.__table__.c.keys())  # type: ignore[attr-defined]
    }
    assert holes == set()


def test_accounts_may_be_read_for_names_by_everyone(chi: GatedSession) -> None:
    assert "Lê Tiến Dũng" in set(chi.exec(select(Account.name)))


def test_there_are_no_relationships_that_could_bring_rows_in() -> None:
    """There are no relationships to load; should one come, lazy="raise" and this test keep it scoped."""
    for cls in gate.all_tables():
        assert not cls.__mapper__.relationships.keys(), cls.__name__  # type: ignore[attr-defined]
