"""Residents of a household and what each has attained."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.actions import keep_resident
from tdteam.domain.errors import Conflict, NotFound, Refused
from tdteam.domain.periods import today
from tdteam.domain.residents import AttainedDraft, ResidentDraft
from tdteam.store import residents
from tdteam.store.tables import Attainment, Household
from tests.actions.given import signed_in
from tests.cast import Cast
from tests.world import World

MEY = ResidentDraft("Lý Thị Mẩy", 1990, "female", (AttainedDraft("EID2", date(2025, 3, 5), "Công an xã"),))


@pytest.fixture
def home(world: World, cast: Cast) -> Household:
    made = cast.village.household("Lý Láo Tả")
    world.session.commit()
    return made


def test_what_can_be_attained_comes_from_the_catalogue(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.an, write=False) as session:
        known = residents.attainable(session)
    assert {"EID2", "HEALTH_BOOK"} <= set(known)
    assert all(known.values())


def test_a_person_is_added_with_level_2_by_the_polices_word(
    engine: Engine, cast: Cast, home: Household
) -> None:
    with signed_in(engine, cast.an) as session:
        row = keep_resident.create(session, home.id, MEY)
        person = residents.list_residents(session, home.id, today())[0]
    assert (person.name, person.of_age, person.sex) == ("Lý Thị Mẩy", True, "female")
    assert person.has("EID2") and not person.has("HEALTH_BOOK")
    assert (person.attained[0].on, person.attained[0].source) == (date(2025, 3, 5), "Công an xã")
    assert row.village_id == cast.village.id


def test_attainments_are_corrected_added_and_taken_off(engine: Engine, cast: Cast, home: Household) -> None:
    with signed_in(engine, cast.an) as session:
        row = keep_resident.create(session, home.id, MEY)
        later = ResidentDraft(
            "Lý Thị Mẩy",
            1990,
            "female",
            (AttainedDraft("EID2", date(2025, 4, 1)), AttainedDraft("HEALTH_BOOK")),
        )
        fields = keep_resident.change(session, home.id, row.id, later, 1)
        assert sorted(fields) == ["attained.EID2", "attained.HEALTH_BOOK"]
        assert keep_resident.change(session, home.id, row.id, later, 2) == []
        bare = ResidentDraft("Lý Thị Mẩy", 1990, "female", (AttainedDraft("HEALTH_BOOK"),))
        assert keep_resident.change(session, home.id, row.id, bare, 2) == ["attained.EID2"]
        assert session.exec(select(Attainment.indicator)).all() == ["HEALTH_BOOK"]
        with pytest.raises(Conflict):
            keep_resident.change(session, home.id, row.id, MEY, 2)


def test_an_attainment_nobody_knows_is_refused(engine: Engine, cast: Cast, home: Household) -> None:
    with signed_in(engine, cast.an) as session, pytest.raises(Refused):
        keep_resident.create(
            session, home.id, ResidentDraft("Lý", attained=(AttainedDraft("GRANTED_LEVEL_2"),))
        )


def test_a_person_of_another_household_is_not_found(
    engine: Engine, world: World, cast: Cast, home: Household
) -> None:
    other = cast.village.household("Vàng A Páo")
    world.session.commit()
    with signed_in(engine, cast.an) as session:
        row = keep_resident.create(session, home.id, MEY)
        with pytest.raises(NotFound):
            keep_resident.change(session, other.id, row.id, MEY, 1)


def test_somebody_leaves_the_household_and_comes_back(engine: Engine, cast: Cast, home: Household) -> None:
    with signed_in(engine, cast.an) as session:
        row = keep_resident.create(session, home.id, MEY)
        keep_resident.end(session, home.id, row.id, "moved", today())
        assert residents.list_residents(session, home.id, today()) == []
        gone = residents.list_residents(session, home.id, today(), ended=True)[0]
        assert (gone.ended_why, gone.ended_on) == ("moved", today())
        with pytest.raises(Refused):
            keep_resident.end(session, home.id, row.id, "moved", today())
        keep_resident.reopen(session, home.id, row.id)
        assert len(residents.list_residents(session, home.id, today())) == 1


def test_the_eldest_stands_first_and_names_are_hidden_without_the_power(
    engine: Engine, cast: Cast, home: Household
) -> None:
    with signed_in(engine, cast.an) as session:
        for name, born in (("Lý Văn An", 2015), ("Lý Thị Già", 1950), ("Lý Văn Chưa Rõ", None)):
            keep_resident.create(session, home.id, ResidentDraft(name, born))
        seen = residents.list_residents(session, home.id, today())
        assert [(one.name, one.of_age) for one in seen] == [
            ("Lý Thị Già", True),
            ("Lý Văn An", False),
            ("Lý Văn Chưa Rõ", None),
        ]
    with signed_in(engine, cast.giang, write=False) as session:
        seen = residents.list_residents(session, home.id, today())
        assert [(one.name, one.birth_year, one.of_age) for one in seen] == [
            (None, None, True),
            (None, None, False),
            (None, None, None),
        ]
