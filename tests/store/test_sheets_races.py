"""Writers of figures, readers of boards and keepers of sheets at the same moment: at rest no fresh sheet is wrong."""

from __future__ import annotations

import random
import threading
from datetime import date

from sqlalchemy import Engine
from sqlmodel import select

from tdteam.actions.record_visit import record_visit, void_visit
from tdteam.domain.errors import Unavailable
from tdteam.domain.periods import Period
from tdteam.domain.roles import SYSTEM
from tdteam.store import coverage, stocks
from tdteam.store.coverage_ground import Asked
from tdteam.store.gate import EVERYWHERE, Scope, open_session
from tdteam.store.rebuild import compare
from tdteam.store.sheet_upkeep import compare_sheets, refresh
from tdteam.store.tables import Household, Place, Sheet
from tests.actions.given import helped, visit_at
from tests.cast import Cast
from tests.store.sheet_oracle import Oracle, Registry, plain
from tests.store.sheet_worlds import due_of
from tests.world import Hamlet

DEEDS = 14
ROUNDS, ENOUGH = 3, 30
PERIOD = Period(2026, 11)
SENT = ("VISITS", "PEOPLE", "HELP_DONE")


class Crowd:
    """Two teams at work, a registry being written, and two reviewers who read and keep."""

    def __init__(self, engine: Engine, cast: Cast) -> None:
        self.engine, self.cast = engine, cast
        self.homes = {one.id: one.household(people=3).id for one in (cast.village, cast.sibling)}
        cast.village.world.session.commit()
        self.faults: list[BaseException] = []
        self.kept: list[int] = []  # how many sheets each look wrote down while others wrote

    def run(self) -> None:
        threads = [
            threading.Thread(target=self.guarded, args=(deed, seed))
            for seed, deed in enumerate((self.record, self.record, self.settle, self.review, self.review))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def guarded(self, deed: object, seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(DEEDS):
            try:
                deed(dice)  # type: ignore[operator]
            except Unavailable:
                continue  # the other had the database
            except BaseException as fault:
                self.faults.append(fault)

    def village(self, dice: random.Random) -> Hamlet:
        return dice.choice([self.cast.village, self.cast.sibling])

    def record(self, dice: random.Random) -> None:
        village = self.village(dice)
        with open_session(self.engine, EVERYWHERE, write=True) as session:
            day = dice.choice([date(2026, 11, 10), date(2026, 10, 10)])
            draft = visit_at(village, helped(), household_id=self.homes[village.id], visited_on=day)
            row = record_visit(session, draft, SYSTEM)
            if dice.random() < 0.3:
                void_visit(session, row.id, "nhầm", SYSTEM)
            session.commit()

    def settle(self, dice: random.Random) -> None:
        village = self.village(dice)
        with open_session(self.engine, EVERYWHERE, write=True) as session:
            home = session.get_one(Household, self.homes[village.id])
            home.adults, home.eid2 = 3, dice.choice([0, 1, 2, None])
            session.add(home)
            stocks.touch(session, [village.id], on=date(2026, 11, 12))
            session.commit()

    def review(self, dice: random.Random) -> None:
        root = dice.choice([self.cast.area.id, self.cast.commune.id, self.cast.village.world.province.id])
        scope = Scope(roots=frozenset({root or 0}))
        with open_session(self.engine, scope) as session:
            asked = Asked(session.get_one(Place, root), PERIOD, scope.day, all_opened=True)
            coverage.read_board(session, asked)
            due = due_of(session)
        self.kept.append(refresh(self.engine, scope, due, seconds=30))


def test_no_fresh_sheet_is_wrong_when_all_is_quiet(engine: Engine, cast: Cast) -> None:
    crowd = Crowd(engine, cast)
    for number in range(ENOUGH):
        if number >= ROUNDS and sum(crowd.kept) > 0:
            break
        crowd.run()
        assert crowd.faults == []
        with open_session(engine, EVERYWHERE) as session:
            assert compare(session) == []
            assert compare_sheets(session) == []
            oracle = Oracle(session, Registry())
        for root in (cast.area, cast.commune, cast.village.world.province):
            scope = Scope(roots=frozenset({root.id or 0}))
            with open_session(engine, scope) as session:
                asked = Asked(session.get_one(Place, root.id), PERIOD, scope.day, columns=SENT)
                board = coverage.read_board(session, asked)
            inside = oracle.inside(root.id or 0, scope.day)
            for one in (one for one in oracle.indicators if one.code in SENT):
                assert plain(board.whole.values.get(one.code)) == oracle.value(
                    inside, one, PERIOD, year=False
                )
    assert sum(crowd.kept) > 0  # or nothing was tried


def test_what_was_counted_before_a_write_is_not_written_down_after_it(engine: Engine, cast: Cast) -> None:
    crowd = Crowd(engine, cast)
    scope = Scope(roots=frozenset({cast.commune.id or 0}))
    with open_session(engine, scope) as early:
        coverage.read_board(early, Asked(early.get_one(Place, cast.commune.id), PERIOD, scope.day))
        crowd.record(random.Random(3))  # after the reader's first look
        due = due_of(early)
    assert refresh(engine, scope, due, seconds=30) > 0
    with open_session(engine, EVERYWHERE) as session:
        assert compare_sheets(session) == []
        sums = session.exec(select(Sheet).where(Sheet.place_id == cast.commune.id, Sheet.span == "2026-11"))
        assert sums.one().is_stale is False


def test_a_busy_database_keeps_no_sheet_and_nobody_waits(engine: Engine, cast: Cast) -> None:
    scope = Scope(roots=frozenset({cast.commune.id or 0}))
    with open_session(engine, scope) as session:
        coverage.read_board(session, Asked(session.get_one(Place, cast.commune.id), PERIOD, scope.day))
        due = due_of(session)
    with open_session(engine, EVERYWHERE, write=True) as writing:
        crowd_visit = visit_at(cast.village, helped(), visited_on=date(2026, 11, 10))
        record_visit(writing, crowd_visit, SYSTEM)
        writing.flush()
        written = refresh(engine, scope, due, seconds=30)
        writing.commit()
    with open_session(engine, EVERYWHERE) as session:
        assert compare_sheets(session) == []
    assert written == 0 or engine.dialect.name == "postgresql"
