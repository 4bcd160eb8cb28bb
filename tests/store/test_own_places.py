"""Where an account begins: its own places first, the areas of its provinces after them; and places' villages are found from
the places, not from every village of the country."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine

from tdteam.domain.periods import today
from tdteam.store.engine import make_engine
from tdteam.store.gate import Scope, open_session
from tdteam.store.own_places import own_areas, own_places, with_areas
from tdteam.store.prepared import _Made
from tdteam.store.sheets import _COMMUNES, _VILLAGES
from tests.cast import Cast
from tests.world import World


def test_a_province_comes_with_its_areas_and_an_area_with_nothing(
    engine: Engine, cast: Cast, world: World
) -> None:
    province, area, commune = world.province.id or 0, cast.area.id or 0, cast.commune.id or 0
    with open_session(engine, Scope(roots=frozenset({province, commune}))) as session:
        assert [one.id for one in with_areas(session)] == [province, commune, area]
        assert [one.id for one in own_places(session)] == sorted([province, commune])
    for roots in ({area}, {commune}):
        with open_session(engine, Scope(roots=frozenset(roots))) as session:
            assert [one.id for one in with_areas(session)] == sorted(roots)
            assert own_areas(session) == []
    with open_session(engine, Scope()) as session:
        assert with_areas(session) == []


def test_an_area_both_own_and_inside_stands_once_and_one_that_ended_not_at_all(
    engine: Engine, cast: Cast, world: World
) -> None:
    province, area = world.province.id or 0, cast.area.id or 0
    scope = Scope(roots=frozenset({province, area}))
    with open_session(engine, scope) as session:
        assert [one.id for one in with_areas(session)] == [province, area]
    cast.area.until = today()
    world.session.add(cast.area)
    world.session.commit()
    with open_session(engine, replace(scope, roots=frozenset({province}))) as session:
        assert own_areas(session) == []


def test_villages_inside_are_found_from_the_places_asked_for(sqlite_url: str) -> None:
    sqlite_engine = make_engine(sqlite_url)
    for question in (_VILLAGES, _COMMUNES):
        with sqlite_engine.connect() as connection:
            made = _Made(question.statement, connection.dialect)
            told = made.told({"places": [1, 2], "day": today()})
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {made.sql}", told).fetchall()
        assert "place_ancestor" in plan[0][3] and "ancestor_id=?" in plan[0][3], plan
    sqlite_engine.dispose()
