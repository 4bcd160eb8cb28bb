"""Paging through visits: nobody is skipped, nobody comes twice, and a deep page costs what the first does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import select

from tdteam.domain.ids import new_id
from tdteam.store import visit_filter
from tdteam.store.engine import make_engine
from tdteam.store.gate import Scope, open_session
from tdteam.store.paging import encode
from tdteam.store.tables import Assist, Visit
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


def helped_work(world: World, cast: Cast) -> dict[str, list[str]]:
    """A month's visits; every fifth refers to the police, every tenth met nobody; ids by what they are, newest first."""
    found: dict[str, list[str]] = {"EID2_REFER": [], "SKILL": [], "nobody_home": []}
    for number, key in enumerate(months_work(world, cast)):
        row = world.session.get_one(Visit, key)
        kind, outcome = ("EID2_REFER", "referred") if number % 5 == 0 else ("SKILL", "done")
        row.contact = "nobody_home" if number % 10 == 0 else "met"
        world.add(
            Assist(id=new_id(), visit_id=key, village_id=row.village_id, kind=kind, outcome=outcome, people=1)
        )
        found[kind].append(key)
        if row.contact == "nobody_home":
            found["nobody_home"].append(key)
    world.session.commit()
    return found


@pytest.mark.parametrize("few", [0, 10_000])
def test_a_filter_finds_the_same_visits_from_its_rows_as_visit_by_visit(
    engine: Engine, world: World, cast: Cast, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    found = helped_work(world, cast)
    head = cast.village.household("Lý Láo Tả")
    mine = world.session.get_one(Visit, found["SKILL"][0])
    mine.household_id, mine.village_id = head.id, head.village_id
    world.session.commit()
    monkeypatch.setattr(visit_filter, "FEW_ASSISTS", few)
    monkeypatch.setattr(visit_filter, "FEW_HEADS", few)
    with open_session(engine, chi(cast)) as session:

        def ids(**filters: Any) -> list[str]:
            return [line.id for line in iterate_visits(session, **filters)]

        assert ids(kind="EID2_REFER") == found["EID2_REFER"]
        assert ids(outcome="done") == found["SKILL"]
        assert ids(kind="EID2_REFER", outcome="done") == []
        assert ids(kind="EID2_REFER", contact="nobody_home") == found["nobody_home"]
        assert ids(contact="nobody_home") == found["nobody_home"]
        assert ids(q="ly lao") == [mine.id]
        assert ids(state="void") == []
        page = list_visits(session, kind="SKILL", limit=3)
        page = list_visits(session, kind="SKILL", limit=3, after=page.after)
        assert [line.id for line in page.rows] == found["SKILL"][3:6]


def test_what_few_visits_meet_is_found_from_those_few(
    engine: Engine, world: World, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    helped_work(world, cast)
    monkeypatch.setattr(visit_filter, "FEW_ASSISTS", 5)
    with open_session(engine, chi(cast)) as session:
        assert visit_filter.rare_filters(session, kind="EID2_REFER") == {"assists"}
        assert visit_filter.rare_filters(session, kind="SKILL") == frozenset()
        assert visit_filter.rare_filters(session, kind="SKILL", village_id=cast.next_village.id) == {
            "assists"
        }
        assert visit_filter.rare_filters(session, q="khong co ai", kind="SKILL") == {"heads"}


def test_a_rare_kind_is_not_looked_for_in_every_visit(sqlite_url: str) -> None:
    """SQLite's own plan of the page's query: the visits are searched by key, the assists by their index."""
    engine = make_engine(sqlite_url)
    query = visit_filter.filter_visits(
        select(Visit.id), names=True, kind="SIGNATURE", outcome="not_done", rare=frozenset({"assists"})
    )
    query = query.order_by(Visit.visited_on.desc(), Visit.id.desc()).limit(51)  # type: ignore[attr-defined]
    with engine.connect() as connection:
        plain = query.compile(connection, compile_kwargs={"literal_binds": True})
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {plain}")]
    engine.dispose()
    assert not [step for step in plan if step.startswith("SCAN visit")], plan
    assert any("SEARCH visit" in step and "id=?" in step for step in plan), plan
