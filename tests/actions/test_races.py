"""People who record, correct and void the same things at the same moment leave figures that equal their rows."""

from __future__ import annotations

import random
import threading
from datetime import date

from sqlalchemy import Engine

from tdteam.actions.record_visit import correct_visit, record_visit, void_visit
from tdteam.domain.errors import Conflict, NotFound
from tdteam.domain.filings import FilingDraft
from tdteam.domain.visits import VisitDraft
from tdteam.store import audit, visit_rows
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.rebuild import compare
from tests.actions.given import actor_of, helped, signed_in, visit_at
from tests.cast import Cast

PEOPLE, DEEDS = 4, 12


class Desk:
    """One person at work on visits that all of them know of."""

    def __init__(self, engine: Engine, cast: Cast, homes: list[str], known: list[str], seed: int) -> None:
        self.engine, self.cast, self.homes, self.known = engine, cast, homes, known
        self.dice = random.Random(seed)
        self.actor = actor_of(cast.chi)
        self.outcomes: list[str] = []

    def work(self) -> None:
        for _ in range(DEEDS):
            try:
                with signed_in(self.engine, self.cast.chi) as session:
                    self.outcomes.append(self.deed(session))
            except (Conflict, NotFound) as error:  # not found: the other has not committed it yet
                self.outcomes.append(error.code)
            except BaseException as fault:
                self.outcomes.append(repr(fault))

    def deed(self, session: GatedSession) -> str:
        if len(self.known) < 3 or self.dice.random() < 0.4:
            self.known.append(record_visit(session, self.draft(), self.actor).id)
            return "recorded"
        target = self.dice.choice(self.known)
        if self.dice.random() < 0.3:
            void_visit(session, target, "nhầm", self.actor)
            return "voided"
        base = visit_rows.newest_version(session, target).version
        correct_visit(session, target, self.draft(), base, self.actor)
        return "corrected"

    def draft(self) -> VisitDraft:
        filed = self.dice.random() < 0.3
        done = helped("FILING_SUBMIT", filing=FilingDraft(fee_due=True)) if filed else helped()
        day = date(2026, self.dice.choice([9, 10, 11]), self.dice.randint(1, 20))
        return visit_at(self.cast.village, done, household_id=self.dice.choice(self.homes), visited_on=day)


def test_four_people_at_once(engine: Engine, cast: Cast) -> None:
    homes = [cast.village.household().id for _ in range(2)]
    cast.village.world.session.commit()
    known: list[str] = []
    desks = [Desk(engine, cast, homes, known, seed) for seed in range(PEOPLE)]
    threads = [threading.Thread(target=desk.work) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    outcomes = [outcome for desk in desks for outcome in desk.outcomes]
    assert len(outcomes) == PEOPLE * DEEDS
    assert {"recorded", "corrected"} <= set(outcomes)
    assert set(outcomes) - {"recorded", "corrected", "voided", "stale", "not_found"} == set()
    with open_session(engine, EVERYWHERE) as session:
        assert compare(session) == []
        assert audit.first_broken(session) is None
