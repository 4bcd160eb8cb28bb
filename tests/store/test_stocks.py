"""The registry's figures: unknown is not 0, lists count before numbers, and a period's end is frozen."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, select

from tdteam.domain.errors import NotFound
from tdteam.domain.periods import Period
from tdteam.domain.tallies import TallyKey
from tdteam.store import stocks, sums
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.tables import Attainment, Household, Place, Tally
from tests.actions.given import signed_in
from tests.cast import Cast
from tests.world import Hamlet, World

NOVEMBER = date(2026, 11, 23)  # in period 2026-12


def stock(session: GatedSession, village: Hamlet, span: str = "now") -> dict[str, int]:
    query = select(Tally).where(Tally.village_id == village.id, Tally.span == span)
    session.expire_all()
    return {
        "/".join((row.measure, row.kind, row.outcome)).rstrip("/"): row.value
        for row in session.scalars(query)
    }


def attain(world: World, resident_id: str, village: Hamlet, code: str = "EID2") -> None:
    world.add(Attainment(resident_id=resident_id, village_id=village.id, indicator=code))


def test_unknown_numbers_are_on_neither_side_of_a_share(world: World) -> None:
    village = world.village()
    village.household(people=4, adults=3, eid2=1, smartphone=True, poverty="poor")
    village.household(people=5, adults=2, eid2=None, smartphone=None)
    village.household(people=None, adults=None, eid2=None, smartphone=False, consent=True)
    stocks.touch(world.session, [village.id], on=NOVEMBER)
    assert stock(world.session, village) == {
        "households/household": 3,
        "inhabitants": 9,
        "adults": 5,
        "eid2": 1,
        "eid2_of": 3,
        "smartphone": 1,
        "smartphone_of": 2,
        "poverty/poor": 1,
        "consent/yes": 1,
    }


def test_a_registry_that_knows_nothing_of_level_2_has_no_share_of_it(world: World) -> None:
    village = world.village()
    village.household(people=None, adults=None, eid2=None)
    stocks.touch(world.session, [village.id], on=NOVEMBER)
    assert stock(world.session, village) == {"households/household": 1}


def test_ended_households_count_no_more_and_businesses_count_apart(world: World) -> None:
    village = world.village()
    village.household(kind="business", people=None, adults=None, eid2=None)
    gone = village.household(ended_on=date(2026, 11, 1))
    village.resident(gone)
    stocks.touch(world.session, [village.id], on=NOVEMBER)
    assert stock(world.session, village) == {"households/business": 1}


def test_a_list_of_residents_counts_before_the_household_s_own_numbers(world: World) -> None:
    village = world.village()
    home = village.household(people=9, adults=9, eid2=9)
    adult, child, unknown = (village.resident(home, birth_year=year) for year in (1980, 2013, None))
    attain(world, adult.id, village)
    attain(world, adult.id, village, "HEALTH_BOOK")
    attain(world, child.id, village)
    stocks.touch(world.session, [village.id], on=NOVEMBER)
    assert stock(world.session, village) == {
        "households/household": 1,
        "inhabitants": 3,
        "adults": 1,
        "eid2": 1,
        "eid2_of": 1,
        "listed": 3,
        "attained": 0,
        "attained/EID2": 2,
        "attained/HEALTH_BOOK": 1,
        "coming_of_age/2027": 1,
        "coming_of_age/2027/EID2": 1,
    }
    assert unknown.birth_year is None


def test_a_list_without_birth_years_leaves_the_adults_to_the_household(world: World) -> None:
    village = world.village()
    village.resident(village.household(people=9, adults=5, eid2=2), birth_year=None)
    stocks.touch(world.session, [village.id], on=NOVEMBER)
    figures = stock(world.session, village)
    assert (figures["inhabitants"], figures["adults"], figures["eid2"]) == (1, 5, 2)


def test_the_end_of_a_period_is_frozen_before_the_next_write(world: World) -> None:
    village = world.village()
    home = village.household(eid2=1)
    session = world.session
    stocks.touch(session, [village.id], on=date(2026, 9, 1))  # in period 2026-09
    home.eid2 = 2
    session.add(home)
    stocks.touch(session, [village.id], on=date(2026, 9, 14))  # its last day
    home.eid2 = 3
    session.add(home)
    stocks.touch(session, [village.id], on=NOVEMBER)  # three periods ended meanwhile
    for span in ("2026-09", "2026-10", "2026-11"):
        assert stock(session, village, span)["eid2"] == 2, span
    assert stock(session, village)["eid2"] == 3
    assert stock(session, village, "2026-12") == {}
    home.eid2 = None
    session.add(home)
    stocks.touch(session, [village.id], on=NOVEMBER)
    assert stock(session, village, "2026-11")["eid2"] == 2
    assert stocks.compare_stocks(session) == []


def test_the_period_before_the_registry_began_borrows_it_and_no_earlier_one_does(world: World) -> None:
    village = world.village()
    home = village.household(eid2=1)
    session = world.session
    stocks.touch(session, [village.id], on=NOVEMBER)
    home.eid2 = 2
    session.add(home)
    stocks.touch(session, [village.id], on=NOVEMBER)
    assert stock(session, village, "2026-11") == {}  # still read from "now": half a registry is never frozen
    stocks.touch(session, [village.id], on=date(2026, 12, 20))
    assert stock(session, village, "2026-11")["eid2"] == 2
    assert stock(session, village, "2026-12")["eid2"] == 2
    assert stock(session, village, "2026-10") == {}


def test_children_come_of_age_with_the_year_though_nobody_touched_their_village(world: World) -> None:
    village = world.village()
    home = village.household()
    village.resident(home, birth_year=1980)
    attain(world, village.resident(home, birth_year=2013).id, village)
    village.resident(home, birth_year=2014)
    session = world.session
    stocks.touch(session, [village.id], on=NOVEMBER)
    stocks.touch(session, [village.id], on=date(2027, 2, 20))
    december, january = (stock(session, village, span) for span in ("2026-12", "2027-01"))
    assert (december["adults"], december["eid2"]) == (1, 0)
    assert (january["adults"], january["eid2_of"], january["eid2"]) == (2, 2, 1)
    assert not any(key.startswith("coming") for key in january)
    assert stock(session, village)["adults"] == 2
    grown = stocks.grown({TallyKey("adults"): 1, TallyKey("coming_of_age", "2028"): 1}, 2028)
    assert grown == {TallyKey("adults"): 2, TallyKey("eid2_of"): 1, TallyKey("eid2"): 0}  # known, and none


def test_a_first_registry_borrowed_by_december_reckons_ages_by_that_year(world: World) -> None:
    """Written down in January, read for December too: who turns 14 in the new year is of age in January only."""
    village, session = world.village(), world.session
    village.resident(village.household(), birth_year=2013)
    stocks.touch(session, [village.id], on=date(2027, 1, 2))
    session.commit()

    def level_two(period: Period) -> dict[str, int]:
        inside = select(Place.id).where(Place.id == village.id)
        rows = sums.sum_stock(session, inside, period, ("adults", "eid2", "eid2_of"))[None]
        return {
            measure: sum(row.value for row in rows if row.measure == measure)
            for measure in {row.measure for row in rows}
        }

    def check() -> None:
        assert level_two(Period(2026, 12)).get("adults") == 0
        assert "eid2_of" not in level_two(Period(2026, 12))
        assert level_two(Period(2027, 1)) == {"adults": 1, "eid2": 0, "eid2_of": 1}
        assert stocks.compare_stocks(session) == []

    check()
    stocks.touch(session, [village.id], on=date(2027, 1, 20))  # December and January are past, and frozen
    check()


def test_a_registry_brought_along_counts_for_past_periods(world: World) -> None:
    village = world.village()
    village.household(eid2=2)
    session = world.session
    stocks.touch(session, [village.id], on=NOVEMBER)
    stocks.backfill(session, [village.id], Period(2026, 9), on=NOVEMBER)
    assert [stock(session, village, span).get("eid2") for span in ("2026-08", "2026-09", "2026-11")] == [
        *(None, 2, 2)
    ]


def test_a_member_may_touch_the_own_village_and_no_other(engine: Engine, cast: Cast) -> None:
    cast.village.household()
    cast.village.world.session.commit()
    with signed_in(engine, cast.an) as session:
        stocks.touch(session, [cast.village.id], on=NOVEMBER)
        with pytest.raises(NotFound):
            stocks.touch(session, [cast.next_village.id], on=NOVEMBER)


def test_a_forgotten_touch_is_found(engine: Engine, cast: Cast) -> None:
    home = cast.village.household(eid2=1)
    session = cast.village.world.session
    stocks.touch(session, [cast.village.id], on=NOVEMBER)
    assert stocks.compare_stocks(session) == []
    home.eid2 = 3
    session.add(home)
    session.commit()
    with open_session(engine, EVERYWHERE) as looking:
        assert [(key.measure, kept, counted) for _, key, kept, counted in stocks.compare_stocks(looking)] == [
            ("eid2", 1, 3)
        ]
        assert looking.get(Household, home.id) is not None
