"""The list of households: order, pages, filters; and that nobody finds a name by searching who may not see one."""

from __future__ import annotations

import random
from datetime import date

import pytest
from sqlalchemy import Engine, event

from tdteam.domain.periods import today
from tdteam.domain.vietnamese import name_key
from tdteam.store import household_list
from tdteam.store.gate import GatedSession
from tdteam.store.household_list import Filters, HouseholdLine
from tdteam.store.tables import Attainment, Reached
from tdteam.store.village_names import list_village_names
from tests.actions.given import signed_in
from tests.cast import Cast
from tests.world import World

NAMES = [
    "Lý Láo Tả",
    "Nguyễn Văn Đức",
    "Nguyễn Văn Ánh",
    "Bàn Thị Ăn",
    "Vàng A Páo",
    "Lý Thị Dế",
    "Tẩn Mẩy Y",
]


def everything(session: GatedSession, wanted: Filters | None = None, order: str = "village", size: int = 3):
    """All pages of a list, forwards."""
    villages = list_village_names(session)
    pages, after = [], None
    while True:
        page = household_list.list_households(
            session, wanted or Filters(), villages=villages, order=order, after=after, size=size
        )
        pages.append(page)
        after = page.after
        if after is None:
            return pages


def heads(pages) -> list[str]:
    return [row.head for page in pages for row in page.rows]


@pytest.fixture
def many(world: World, cast: Cast) -> World:
    """Forty households here and there, some with the same name."""
    rnd = random.Random(7)
    for _ in range(40):
        village = rnd.choice([cast.village, cast.sibling, cast.next_village])
        village.household(rnd.choice(NAMES), birth_year=rnd.choice([1950, 1980, None]))
    world.session.commit()
    return world


@pytest.mark.parametrize("size", [1, 3, 7, 50])
@pytest.mark.parametrize("order", ["village", "name"])
def test_pages_hold_each_household_once_in_vietnamese_order(
    engine: Engine, cast: Cast, many: World, order: str, size: int
) -> None:
    with signed_in(engine, cast.hai, write=False) as session:
        session.scope = session.scope.__class__(roots=session.scope.roots, names=True)
        rows = [row for page in everything(session, order=order, size=size) for row in page.rows]
    assert len({row.id for row in rows}) == len(rows) == 40

    def key(row: HouseholdLine) -> tuple[object, ...]:
        place = (cast.next_village.id, cast.village.id, cast.sibling.id).index(row.village_id)
        return (place if order == "village" else 0, name_key(str(row.head)), row.id)

    assert rows == sorted(rows, key=key)


@pytest.mark.parametrize("order", ["village", "name"])
def test_going_back_shows_the_same_pages(engine: Engine, cast: Cast, many: World, order: str) -> None:
    with signed_in(engine, cast.chi, write=False) as session:
        forth = everything(session, order=order)
        villages = list_village_names(session)
        page, back = forth[-1], [forth[-1]]
        while page.before:
            page = household_list.list_households(
                session, Filters(), villages=villages, order=order, before=page.before, size=3
            )
            back.insert(0, page)
    assert [[row.id for row in p.rows] for p in back] == [[row.id for row in p.rows] for p in forth]


def test_a_made_up_cursor_starts_the_list_anew(engine: Engine, cast: Cast, many: World) -> None:
    with signed_in(engine, cast.chi, write=False) as session:
        villages = list_village_names(session)
        first, odd = (
            household_list.list_households(session, Filters(), villages=villages, after=after)
            for after in (None, "' OR 1=1")
        )
        assert first.rows == odd.rows


def test_an_official_sees_only_the_own_commune(engine: Engine, cast: Cast, many: World) -> None:
    with signed_in(engine, cast.chi, write=False) as session:
        rows = [row for page in everything(session) for row in page.rows]
        assert {row.village_id for row in rows} == {cast.village.id, cast.sibling.id}
        foreign = Filters(village_id=cast.next_village.id)
        assert heads(everything(session, foreign)) == []


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("nguyen van duc", ["Nguyễn Văn Đức"]),
        ("NGUYỄN văn", ["Nguyễn Văn Ánh", "Nguyễn Văn Đức"]),
        ("duc nguyen", ["Nguyễn Văn Đức"]),
        ("0912 34", ["Lý Láo Tả"]),
        ("%", []),
        ("a_o", []),
        ("xyz", []),
    ],
)
def test_names_are_found_without_marks_and_phones_by_digits(
    engine: Engine, world: World, cast: Cast, q: str, found: list[str]
) -> None:
    for name in NAMES[:3]:
        cast.village.household(name, phone="0912345678" if name == "Lý Láo Tả" else None)
    world.session.commit()
    with signed_in(engine, cast.chi, write=False) as session:
        assert heads(everything(session, Filters(q=q), order="name")) == found


def test_without_the_power_there_are_no_names_and_no_search_for_them(
    engine: Engine, world: World, cast: Cast
) -> None:
    cast.village.household("Lý Láo Tả", phone="0912345678", birth_year=1971)
    world.session.commit()
    with signed_in(engine, cast.giang, write=False) as session:
        (row,) = everything(session)[0].rows
        assert (row.head, row.phone, row.birth_year) == (None, None, None)
        assert (row.people, row.adults, row.eid2) == (4, 3, 1)
        for q in ("Lý Láo Tả", "ly", "0912345678"):
            assert everything(session, Filters(q=q))[0].rows == []
            assert household_list.count_households(session, Filters(q=q), list_village_names(session)) == 0


@pytest.fixture
def varied(world: World, cast: Cast) -> dict[str, str]:
    """One household for each thing a filter asks for."""
    v = cast.village
    rows = {
        "plain": v.household("A", poverty="none", smartphone=True, consent=True, adults=2, eid2=2),
        "poor": v.household("B", poverty="poor", smartphone=False, adults=2, eid2=2),
        "near": v.household("C", poverty="near_poor", consent=False, adults=2, eid2=2),
        "shop": v.household("D", kind="business", adults=None, eid2=None),
        "lacking": v.household("E", adults=3, eid2=1),
        "listed": v.household("F", adults=3, eid2=1),
        "gone": v.household("G", ended_on=date(2026, 1, 1), ended_why="moved", adults=9, eid2=0),
        "met": v.household("H", adults=2, eid2=2),
        "sibling": cast.sibling.household("I", adults=2, eid2=2),
    }
    for born in (1980, today().year - 13):
        person = v.resident(rows["listed"], f"P{born}", birth_year=born)
        if born == 1980:
            world.add(Attainment(resident_id=person.id, village_id=v.id, indicator="EID2"))
    world.add(Reached(household_id=rows["met"].id, span="2025", village_id=v.id, visits=2))
    world.add(Reached(household_id=rows["plain"].id, span="2026", village_id=v.id, visits=0))
    world.session.commit()
    return {row.id: name for name, row in rows.items()}


ALL = {"plain", "poor", "near", "shop", "lacking", "listed", "met", "sibling"}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ALL),
        ({"kind": "business"}, {"shop"}),
        ({"poverty": "poor"}, {"poor"}),
        ({"poverty": "any"}, {"poor", "near"}),
        ({"smartphone": "yes"}, {"plain"}),
        ({"smartphone": "no"}, {"poor"}),
        ({"consent": "yes"}, {"plain"}),
        ({"consent": "no"}, {"near"}),
        ({"consent": "none"}, ALL - {"plain", "near"}),
        ({"reached": "yes"}, {"met"}),
        ({"reached": "no"}, ALL - {"met"}),
        ({"level2": "missing"}, {"lacking"}),
        ({"ended": "yes"}, {"gone"}),
        ({"ended": "all"}, ALL | {"gone"}),
        ({"level2": "missing", "ended": "all"}, {"lacking", "gone"}),
    ],
)
def test_filters_find_what_they_say(
    engine: Engine, cast: Cast, varied: dict[str, str], wanted: dict[str, str], found: set[str]
) -> None:
    with signed_in(engine, cast.chi, write=False) as session:
        filters = Filters(**wanted)  # type: ignore[arg-type]
        villages = list_village_names(session)
        pages = everything(session, filters)
        assert {varied[row.id] for page in pages for row in page.rows} == found
        assert household_list.count_households(session, filters, villages) == len(found)
        inside = Filters(**wanted, village_id=cast.sibling.id)  # type: ignore[arg-type]
        assert {varied[row.id] for p in everything(session, inside) for row in p.rows} == found & {"sibling"}


def test_figures_come_from_the_list_of_residents_where_there_is_one(
    engine: Engine, cast: Cast, varied: dict[str, str]
) -> None:
    with signed_in(engine, cast.chi, write=False) as session:
        rows = {varied[row.id]: row for page in everything(session) for row in page.rows}
    listed, counted = rows["listed"], rows["lacking"]
    assert (listed.people, listed.adults, listed.eid2, listed.health_book) == (2, 1, 1, 0)
    assert (counted.people, counted.adults, counted.eid2, counted.health_book) == (4, 3, 1, None)
    assert (rows["shop"].adults, rows["shop"].eid2) == (None, None)
    assert rows["met"].reached and not rows["plain"].reached


def test_an_export_reads_every_household_once(engine: Engine, cast: Cast, many: World) -> None:
    with signed_in(engine, cast.chi, write=False) as session:
        villages = list_village_names(session)
        lines = list(household_list.every_line(session, Filters(), villages, step=4))
        assert [line.id for line in lines] == [row.id for page in everything(session) for row in page.rows]


def test_a_page_costs_the_same_few_queries_however_many_rows(engine: Engine, cast: Cast, many: World) -> None:
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cu, sql, *_more: asked.append(sql))
    with signed_in(engine, cast.chi, write=False) as session:
        villages = list_village_names(session)
        costs = []
        for size in (2, 20):
            asked.clear()
            household_list.list_households(session, Filters(), villages=villages, order="name", size=size)
            costs.append(len(asked))
    assert costs[0] == costs[1] <= 4
