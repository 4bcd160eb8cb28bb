"""Whatever happens in whatever order: sealed bytes never change, and what is sealed and what is late are together all."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import col, func, select

from tdteam.actions.record_visit import correct_visit, record_visit, void_visit
from tdteam.actions.report_life import draw_sealed, take_step
from tdteam.actions.seal_report import replace_figures, seal_figures, unseal
from tdteam.domain.periods import Period
from tdteam.domain.report_life import Stage, Step
from tdteam.domain.snapshots import snapshot_from
from tdteam.domain.vocabulary import RecordState
from tdteam.store import papers, visit_rows
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.tables import PeriodState, Place, Sealing, Tally, Visit
from tests.actions.given import actor_of, helped, signed_in, visit_at
from tests.actions.sealed import URL, all_is_well, visits_of
from tests.cast import Cast

MONTHS = (Period(2026, 9, 15), Period(2026, 10, 15), Period(2026, 11, 15))
DEEDS = 26


class Office:
    """A commune where everything happens at random; what was sealed is remembered and looked at again each time."""

    def __init__(self, engine: Engine, cast: Cast, seed: int) -> None:
        self.engine, self.cast, self.dice = engine, cast, random.Random(seed)
        self.visits: list[str] = []
        self.sealed: dict[int, tuple[str, str]] = {}
        self.papers: dict[int, bytes] = {}
        self.done: Counter[str] = Counter()

    def deed(self) -> None:
        month = self.dice.choice(MONTHS)
        with signed_in(self.engine, self.cast.chi) as session:
            commune = session.get_one(Place, self.cast.commune.id)
            stage = papers.read_draft(session, commune.id or 0, month.code).stage
            name = self.dice.choice(["record"] * 3 + ["correct", "move", "void"] + ["next"] * 4)
            self.done[getattr(self, name)(session, commune, month, stage) or "nothing"] += 1

    def draft(self, month: Period | None = None) -> object:
        month = month or self.dice.choice(MONTHS)
        day = date.fromordinal(self.dice.randrange(month.since.toordinal(), month.until.toordinal()))
        village = self.dice.choice([self.cast.village, self.cast.sibling])
        return visit_at(village, helped(people=self.dice.randint(1, 3)), visited_on=day)

    def record(self, session: GatedSession, _commune: Place, month: Period, _stage: Stage) -> str:
        self.visits.append(record_visit(session, self.draft(month), actor_of(self.cast.chi)).id)  # type: ignore[arg-type]
        return "recorded"

    def correct(self, session: GatedSession, *_: object) -> str:
        if not self.visits:
            return ""
        old = visit_rows.newest_version(session, self.dice.choice(self.visits))
        if old.state == RecordState.VOID:
            return ""
        before = visit_rows.draft_of(session, old)
        changed = visit_at(
            self.cast.village if before.village_id == self.cast.village.id else self.cast.sibling,
            helped(people=self.dice.randint(1, 9)),
            visited_on=before.visited_on,
        )
        correct_visit(session, old.id, changed, old.version, actor_of(self.cast.chi))
        return "corrected"

    def move(self, session: GatedSession, *_: object) -> str:
        """A correction of the day or the village: the visit may leave a sealed period."""
        if not self.visits:
            return ""
        old = visit_rows.newest_version(session, self.dice.choice(self.visits))
        if old.state == RecordState.VOID:
            return ""
        correct_visit(session, old.id, self.draft(), old.version, actor_of(self.cast.chi))  # type: ignore[arg-type]
        return "moved"

    def void(self, session: GatedSession, *_: object) -> str:
        if not self.visits:
            return ""
        void_visit(session, self.dice.choice(self.visits), "nhầm", actor_of(self.cast.chi))
        return "voided"

    def next(self, session: GatedSession, commune: Place, month: Period, stage: Stage) -> str:
        """The next step of the month, or now and then back."""
        chi, em = actor_of(self.cast.chi), actor_of(self.cast.em)
        if stage is Stage.DRAFT:
            row = seal_figures(session, commune, month, chi, address=URL)
            self.sealed[row.id or 0] = (row.snapshot, row.sha256)
            return "sealed"
        if stage is Stage.ISSUED:
            keys = None if self.dice.random() < 0.5 else []
            row = replace_figures(session, commune, month, chi, "đếm sót", address=URL, keys=keys)
            self.sealed[row.id or 0] = (row.snapshot, row.sha256)
            return "replaced"
        seal = session.get_one(Sealing, papers.read_draft(session, commune.id or 0, month.code).sealing_id)
        if self.dice.random() < 0.25 and not seal.replaces_id:
            unseal(session, commune, month, chi, "còn thiếu")
            return "opened"
        step = {Stage.SEALED: Step.SUBMIT, Stage.SUBMITTED: Step.SIGN, Stage.SIGNED: Step.ISSUE}[stage]
        take_step(session, commune, month.code, step, em if step is Step.SIGN else chi)
        if step is Step.ISSUE:
            self.papers[seal.id or 0] = draw_sealed(session, commune, seal, "pdf").body
        return str(step)

    def look(self) -> None:
        """What was sealed is as it was; what stands sealed is what its tallies say; all periods together are all."""
        with open_session(self.engine, EVERYWHERE) as session:
            commune = session.get_one(Place, self.cast.commune.id)
            for number, kept in self.sealed.items():
                row = session.get_one(Sealing, number)
                assert (row.snapshot, row.sha256) == kept
            for number, body in self.papers.items():
                assert draw_sealed(session, commune, session.get_one(Sealing, number), "pdf").body == body
            for month in MONTHS:
                state = session.get(PeriodState, (commune.id, month.code))
                if state is None or state.status != "sealed":
                    continue
                draft = papers.read_draft(session, commune.id or 0, month.code)
                snapshot = snapshot_from(session.get_one(Sealing, draft.sealing_id).snapshot)
                for village in (self.cast.village, self.cast.sibling):
                    told = visits_of(snapshot, village.place.label)
                    assert (told or 0) == self.tally(session, village.id, month.code)
            stands = session.scalar(select(func.count(Visit.id)).where(Visit.state == RecordState.CURRENT))
            assert self.tally(session) == stands

    def tally(self, session: GatedSession, village: int | None = None, span: str | None = None) -> int:
        query = select(func.coalesce(func.sum(Tally.value), 0)).where(Tally.measure == "visits")
        if village is not None:
            query = query.where(Tally.village_id == village, Tally.span == span)
        return int(session.scalar(query.where(col(Tally.span) != "now")) or 0)


@pytest.mark.parametrize("seed", range(4))
def test_sealed_never_moves_and_sealed_and_late_are_all(engine: Engine, cast: Cast, seed: int) -> None:
    office = Office(engine, cast, seed)
    for _ in range(DEEDS):
        office.deed()
        office.look()
    assert office.done["sealed"] and office.done["recorded"], office.done
    all_is_well(engine)
