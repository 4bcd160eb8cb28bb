"""Paging through visits: nobody is skipped, nobody comes twice, and a deep page costs what the first does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, event

from tdteam.domain.ids import new_id
from tdteam.store.engine import make_engine
from tdteam.store.gate import Scope, open_session
from tdteam.store.paging import encode
from tdteam.store.tables import Visit
from tdteam.store.visit_lists import iterate_visits, list_visits
from tests.cast import Cast
from tests.world import Hamlet, World

NOON = datetime(2026, 11, 3, 5, tzinfo=UTC)


def visit(world: World, village: Hamlet, on: date) -> str:
    key = new_id()
    assert village.team.id is not None
    row = Visit(
        id=key,
        root_id=key,
        village_id=village.id,
        team_id=village.team.id,
        visited_on=on,
        period="2026-11",
        recorded_at=NOON,
        received_at=NOON,
    )
    world.add(row)
    return key


def months_work(world: World, cast: Cast) -> list[str]:
    """Five visits a day on five days in two villages, and some elsewhere; ids in the order of the list."""
    kept = []
    for day in range(5):
        on = date(2026, 11, 3) + timedelta(days=day)
        for number in range(5):
            kept.append((on, visit(world, (cast.village, cast.sibling)[number % 2], on)))
        visit(world, cast.next_village, on)
    world.session.commit()
    return [key for _, key in sorted(kept, reverse=True)]


def chi(cast: Cast) -> Scope:
    assert cast.commune.id is not None
    return Scope(frozenset({cast.commune.id}), names=True)


def test_pages_forward_and_back_meet_every_visit_of_the_commune_once(
    engine: Engine, world: World, cast: Cast
) -> None:
    expected = months_work(world, cast)
    with open_session(engine, chi(cast)) as session:
        walked, page = [], list_visits(session, limit=4)
        while True:
            walked += [line.id for line in page.rows]
            if page.after is None:
                break
            page = list_visits(session, limit=4, after=page.after)
        back = [line.id for line in page.rows]
        while page.before is not None:
            page = list_visits(session, limit=4, before=page.before)
            back = [line.id for line in page.rows] + back
        every = [line.id for line in iterate_visits(session)]
    assert walked == expected
    assert back == expected
    assert every == expected


def test_a_made_up_cursor_starts_anew(engine: Engine, world: World, cast: Cast) -> None:
    expected = months_work(world, cast)
    with open_session(engine, chi(cast)) as session:
        for cursor in ("x", "e30", "WyJub3QgYSBkYXkiLCJ5Il0", "A" * 501):
            assert [line.id for line in list_visits(session, limit=4, after=cursor).rows] == expected[:4]


def test_a_deep_page_is_found_by_an_index_alone(sqlite_url: str) -> None:
    """What keeps the thousandth page of a million visits at the cost of the first (make bench measures it)."""
    engine = make_engine(sqlite_url)
    asked: list[tuple[str, Any]] = []

    @event.listens_for(engine, "before_cursor_execute")
    def hear(_c: Any, _u: Any, statement: str, values: Any, _x: Any, _m: bool) -> None:
        asked.append((statement, values))

    with open_session(engine, Scope(frozenset({1}), names=True)) as session:
        list_visits(session, after=encode(("2026-05-05", "~")))
    deep, values = next(told for told in asked if "LIMIT" in told[0])
    with engine.connect() as db:
        plan = [row[3] for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {deep}", values)]
    engine.dispose()
    assert any(
        "ix_visit_village_id_visited_on (village_id=? AND (visited_on,id)<(?,?))" in step for step in plan
    ), plan
    assert not any("USING INTEGER PRIMARY KEY" in step for step in plan), (
        "nothing is joined before the page is cut"
    )
