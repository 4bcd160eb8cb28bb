"""Whatever happened, and whether sheets are kept, stale or missing: every figure of every board is what raw rows say."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tdteam.actions.record_filing import record_filing
from tdteam.actions.record_gathering import record_gathering
from tdteam.actions.record_visit import record_visit
from tdteam.domain.coverage import LEAD, Board, Line, add_values, size_of
from tdteam.domain.coverage_needs import LEVEL_TWO, SHOWN
from tdteam.domain.gatherings import GatheringDraft
from tdteam.domain.people import Poverty, SubjectKind
from tdteam.domain.periods import Period, period_of
from tdteam.domain.roles import SYSTEM
from tdteam.store import coverage, coverage_needs
from tdteam.store.coverage_ground import Asked
from tdteam.store.engine import make_engine
from tdteam.store.gate import EVERYWHERE, GatedSession, Scope, open_session
from tdteam.store.rebuild import compare
from tdteam.store.sheet_upkeep import compare_sheets
from tdteam.store.tables import Attainment, Place
from tests.actions.given import helped, visit_at
from tests.cast import Cast
from tests.conftest import Begun
from tests.store.sheet_drafts import each_help, good_filing
from tests.store.sheet_oracle import Oracle, plain
from tests.store.sheet_worlds import BEGIN, END, REFORM, SheetWorld, due_of
from tests.world import Hamlet

STEPS = 14
OTHER_DAYS = (date(2026, 8, 31), REFORM)


@pytest.mark.parametrize("seed", range(2))
def test_every_figure_of_a_board_equals_a_recount_of_raw_rows(engine: Engine, cast: Cast, seed: int) -> None:
    live(SheetWorld(engine, cast, random.Random(seed)))


@settings(
    max_examples=4, deadline=None, print_blob=True, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)
@given(dice=st.randoms(use_true_random=False))
def test_so_it_is_in_worlds_nobody_lived_in_before(
    beginnings: Callable[[str, str], Begun], tmp_path_factory: pytest.TempPathFactory, dice: random.Random
) -> None:
    """Other worlds each time; a failure prints how to live through its world again."""
    begun = beginnings("sqlite", "cast")
    assert begun.world is not None and begun.cast is not None
    copy = tmp_path_factory.mktemp("lived") / "tdteam.db"
    shutil.copy(begun.url.removeprefix("sqlite:///"), copy)
    engine = make_engine(f"sqlite:///{copy}")
    with open_session(engine, EVERYWHERE, write=True) as session:
        session.expire_on_commit = False
        session.connection()
        cast = begun.cast.moved(begun.world.moved(session))
        session.commit()
        live(SheetWorld(engine, cast, dice))
    engine.dispose()


def test_in_a_full_year_no_indicator_of_the_catalogue_stays_at_nothing(engine: Engine, cast: Cast) -> None:
    """The boards of thirteen periods after each thing there is and sixty more happened: each counted figure is above 0 in one of them."""
    world = SheetWorld(engine, cast, random.Random(7))
    for village in world.villages:
        begin_with_everything(world, village)
    for _ in range(60):
        world.step()
    root, seen = cast.village.world.province.id or 0, set[str]()
    with open_session(engine, EVERYWHERE) as session:
        oracle = Oracle(session, world.registry)
    with open_session(engine, Scope(roots=frozenset({root}))) as session:
        codes = tuple(one.code for one in oracle.indicators)
        for period in period_of(END).back(13):
            asked = Asked(
                session.get_one(Place, root), period, session.scope.day, all_opened=True, columns=codes
            )
            board = coverage.read_board(session, asked)
            for line, villages in lines(board, oracle, session, root, asked.on):
                compare_line(line, villages, oracle, period, asked)
            seen |= {code for code, value in board.whole.values.items() if (size_of(value) or 0) > 0}
    assert set(codes) - seen == set()


def begin_with_everything(world: SheetWorld, village: Hamlet) -> None:
    """Each help with each outcome, a good dossier, a gathering, and homes, a shop and people with all that is counted."""
    session = world.session
    for visit in each_help(village, BEGIN):
        record_visit(session, visit, SYSTEM)
    record_filing(session, good_filing(village, BEGIN), SYSTEM)
    gathering = GatheringDraft(None, village.id, village.team.id, BEGIN, attended=20, women=9)
    record_gathering(session, gathering, SYSTEM)
    shown: dict[str, Any] = {"smartphone": True, "poverty": Poverty.POOR, "consent": True}
    homes = [village.household(adults=3, eid2=1, **shown) for _ in range(3)]
    village.household(kind=SubjectKind.BUSINESS, people=None, adults=None, eid2=None, **shown)
    for home in homes:
        person = village.resident(home, birth_year=1980)
        session.add(Attainment(resident_id=person.id, village_id=village.id, indicator="HEALTH_BOOK"))
        met = visit_at(village, helped(), visited_on=BEGIN, household_id=home.id)
        record_visit(session, met, SYSTEM)
    world.touch(village)
    session.commit()


def live(world: SheetWorld) -> None:
    """A year at random; after each thing that happened, boards of three places are held against raw rows."""
    engine, cast, done = world.engine, world.cast, []
    for number in range(STEPS):
        done.append(world.step())
        with open_session(engine, EVERYWHERE) as session:
            oracle = Oracle(session, world.registry)
        for root in (cast.village.world.province, cast.area, cast.commune):
            scope = Scope(roots=frozenset({root.id or 0}))
            with open_session(engine, scope) as session:
                look(session, world, oracle, root.id or 0, year=world.dice.random() < 0.3)
                due = due_of(session)
            if world.dice.random() < 0.6:
                world.keep(scope, due)
        with open_session(engine, EVERYWHERE) as session:
            assert compare_sheets(session) == [], done
            if number == STEPS - 1:
                assert compare(session) == []


def look(session: GatedSession, world: SheetWorld, oracle: Oracle, root: int, *, year: bool) -> None:
    """A board of a random period, everything open, by the tree of today or another day."""
    place = session.get_one(Place, root)
    latest = period_of(min(END, world.day))
    period = world.dice.choice(latest.back(4))
    on = world.dice.choice([session.scope.day, session.scope.day, *OTHER_DAYS])
    codes = tuple(one.code for one in oracle.indicators)
    asked = Asked(place, period, on, year=year, all_opened=True, columns=codes)
    board = coverage.read_board(session, asked)
    for line, villages in lines(board, oracle, session, root, on):
        compare_line(line, villages, oracle, period, asked)
    if on == session.scope.day:
        look_with_needs(session, asked, board)
    totals = {code: add_values([line.values.get(code) for line in board.communes]) for code in codes}
    for code in codes:
        if board.teamless == 0:
            assert plain(totals[code]) == plain(board.whole.values.get(code)), code


def look_with_needs(session: GatedSession, asked: Asked, board: Board) -> None:
    """The page's board, whose ground serves the year of its needs too, is the board read alone; so are its needs."""
    day = session.scope.day
    again, needs = coverage_needs.read_with_needs(session, asked, day)
    assert again == board
    year = replace(asked, year=True, is_bare=True, columns=(LEAD, LEVEL_TWO), order="name")
    alone = coverage.read_board(session, year)
    assert (needs is None) == (alone.whole.villages < 2)
    if needs is not None:
        villages = {line.place_id: line for inside in alone.inside.values() for line in inside}
        assert needs.whole == alone.whole
        assert all(need.line == villages[need.line.place_id] for need in needs.listed)
        assert len(needs.listed) <= SHOWN


def lines(
    board: Board, oracle: Oracle, session: GatedSession, root: int, on: date
) -> Iterator[tuple[Line, list[int]]]:
    """Each line with its villages: what lay inside that day and is the reader's today. A village that has since ended in
    another's place is that other's to see, under whatever tree."""
    own = set(oracle.inside(root, session.scope.day))

    def seen(place: int) -> list[int]:
        return [one for one in oracle.inside(place, on, among=root) if one in own]

    yield board.whole, seen(root)
    for line in board.communes:
        yield line, seen(line.place_id)
        for village in board.inside[line.place_id]:
            yield village, seen(village.place_id)


def compare_line(line: Line, villages: list[int], oracle: Oracle, period: Period, asked: Asked) -> None:
    before = period.plus(-1)
    for one in oracle.indicators:
        said = (line.name, one.code, period.code, asked)
        now = oracle.value(villages, one, period, year=asked.year)
        assert plain(line.values.get(one.code)) == now, said
        if not (asked.year and period.month == 1):
            was = oracle.value(villages, one, before, year=asked.year)
            assert plain(line.previous.get(one.code)) == was, said
        if one.code == LEAD:
            series = [size_of(oracle.value(villages, one, month, year=False)) for month in period.back(13)]
            assert list(line.series) == series, said


def test_a_village_that_ended_in_anothers_place_is_off_the_board_under_the_old_tree_too(
    engine: Engine, cast: Cast
) -> None:
    """What is not in a scope today is in none of its figures, though it lay there on the day whose tree is shown."""
    world = SheetWorld(engine, cast, random.Random(1))
    for village in (cast.village, cast.sibling):
        village.household()
        world.touch(village)
    root, on, period = cast.area.id or 0, REFORM - timedelta(days=1), period_of(world.day)
    codes = ("HOUSEHOLDS",)

    def households(root: int) -> object:
        world.session.commit()
        with open_session(engine, Scope(roots=frozenset({root}))) as session:
            asked = Asked(session.get_one(Place, root), period, on, all_opened=True, columns=codes)
            return coverage.read_board(session, asked).whole.values["HOUSEHOLDS"]

    assert households(root) == 2
    world.end(cast.village.place, cast.next_village.place)  # outside the area
    assert households(root) == 1
    assert households(cast.village.world.province.id or 0) == 2


def test_totals_are_equal_under_the_old_tree_and_the_new(engine: Engine, cast: Cast) -> None:
    world = SheetWorld(engine, cast, random.Random(99))
    for _ in range(12):
        world.step()
    world.settle()
    world.meet()
    world.merge_village()
    world.merge_commune()
    world.session.commit()
    root = cast.village.world.province.id or 0
    with open_session(engine, Scope(roots=frozenset({root}))) as session:
        place = session.get_one(Place, root)
        period = period_of(world.day)
        found = [
            coverage.read_board(session, Asked(place, period, on, all_opened=True))
            for on in (date(2026, 8, 31), REFORM, session.scope.day)
        ]
    old, new, now = found
    assert old.whole.values == new.whole.values == now.whole.values
    assert old.whole.values and BEGIN < END
    assert len(old.communes) > len(new.communes)
