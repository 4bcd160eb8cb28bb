"""Tallies equal a recount of the rows after any sequence of writes, and a sealed period never moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from tdteam.actions.record_filing import change_filing, record_filing, void_filing
from tdteam.actions.record_gathering import correct_gathering, record_gathering, void_gathering
from tdteam.actions.record_visit import correct_visit, record_visit, void_visit
from tdteam.domain.assists import AssistDraft
from tdteam.domain.errors import Conflict
from tdteam.domain.filings import FilingDraft
from tdteam.domain.gatherings import GatheringDraft
from tdteam.domain.roles import SYSTEM
from tdteam.domain.visits import VisitDraft
from tdteam.store import filing_rows, gathering_rows, visit_rows
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.rebuild import compare, rebuild
from tdteam.store.tables import PeriodState, Tally
from tests.cast import Cast

FIRST_DAY = date(2025, 11, 15)  # periods 2025-12 to 2026-02, across the turn of the statutory year
DAYS = 92
KINDS = [
    ("SAFETY", "done"),
    ("EID2_ACTIVATE", "done"),
    ("EID2_ACTIVATE", "not_done"),
    ("FILING_SUBMIT", "done"),
]


@st.composite
def assists(draw: st.DrawFn, *, crowd: bool = False) -> tuple[AssistDraft, ...]:
    out = []
    for kind, outcome in draw(st.lists(st.sampled_from(KINDS), max_size=3)):
        cause = draw(st.sampled_from(["NO_OTP", "NO_NETWORK"])) if outcome == "not_done" else None
        filing = None
        if kind == "FILING_SUBMIT" and not crowd and draw(st.booleans()):
            filing = FilingDraft(fee_due=draw(st.booleans()), procedure="BIRTH")
        out.append(AssistDraft(None, kind, outcome, cause, draw(st.integers(1, 3)), None, filing))
    return tuple(out)


days = st.integers(0, DAYS - 1).map(lambda n: FIRST_DAY + timedelta(days=n))
places = st.integers(0, 2)


@st.composite
def visits(draw: st.DrawFn) -> dict[str, Any]:
    contact = draw(st.sampled_from(["met", "met", "met", "nobody_home"]))
    return {
        "place": draw(places),
        "household": draw(st.integers(0, 2)) if contact != "met" else draw(st.integers(-1, 2)),
        "visited_on": draw(days),
        "contact": contact,
        "assists": draw(assists()) if contact == "met" else (),
    }


@st.composite
def gatherings(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "place": draw(places),
        "held_on": draw(days),
        "attended": draw(st.integers(3, 40)),
        "women": draw(st.none() | st.integers(0, 3)),
        "assists": draw(assists(crowd=True)),
    }


@st.composite
def filings(draw: st.DrawFn) -> dict[str, Any]:
    submitted = draw(days)
    result = draw(st.none() | st.integers(0, 30).map(lambda n: submitted + timedelta(days=n)))
    result = result if result and result < FIRST_DAY + timedelta(days=DAYS) else None
    return {
        "place": draw(places),
        "submitted_on": submitted,
        "mode": draw(st.sampled_from([None, "full", "partial"])),
        "fee_due": draw(st.sampled_from([None, True, False])),
        "due_on": draw(st.none() | st.just(submitted + timedelta(days=5))),
        "result_on": result,
        "electronic_result": draw(st.sampled_from([None, True])) if result else None,
    }


def new_things(most: int) -> st.SearchStrategy[list[Any]]:
    record = st.one_of(
        st.tuples(st.just("record"), st.just("visit"), visits()),
        st.tuples(st.just("record"), st.just("visit"), visits()),
        st.tuples(st.just("record"), st.just("gathering"), gatherings()),
        st.tuples(st.just("record"), st.just("filing"), filings()),
    )
    return st.lists(record, min_size=most // 2, max_size=most)


def changes(most: int) -> st.SearchStrategy[list[Any]]:
    nth = st.integers(0, 9)
    change = st.one_of(
        st.tuples(st.just("correct"), st.just("visit"), st.tuples(nth, visits())),
        st.tuples(st.just("correct"), st.just("gathering"), st.tuples(nth, gatherings())),
        st.tuples(st.just("correct"), st.just("filing"), st.tuples(nth, filings())),
        st.tuples(st.just("void"), st.sampled_from(["visit", "visit", "gathering", "filing"]), nth),
    )
    return st.lists(change, min_size=most // 2, max_size=most)


seals = st.lists(
    st.tuples(st.just("seal"), places, st.sampled_from(["2025-12", "2026-01", "2026-02"])), max_size=2
)
# Something happens, some of it is sealed, it is corrected; and again.
STEPS = st.tuples(new_things(6), seals, changes(4), new_things(3), seals, changes(4)).map(
    lambda parts: [step for part in parts for step in part]
)


class Life:
    """Three villages of two communes, lived through step by step."""

    def __init__(self, session: GatedSession, cast: Cast) -> None:
        self.session = session
        self.villages = [cast.village, cast.sibling, cast.next_village]
        self.communes = [cast.commune, cast.commune, cast.next_commune]
        self.homes = [[village.household(f"Hộ {n}").id for n in range(3)] for village in self.villages]
        self.made: dict[str, list[str]] = {"visit": [], "gathering": [], "filing": []}
        self.sealed: dict[tuple[int, str], dict[Any, int]] = {}

    def step(self, verb: str, what: Any, values: Any) -> None:
        try:
            if verb == "seal":
                self.seal(what, values)
            elif verb == "record":
                self.made[what].append(getattr(self, f"record_{what}")(values))
            elif self.made[what]:
                index = values if verb == "void" else values[0]
                target = self.made[what][index % len(self.made[what])]
                if verb == "void":
                    VOID[what](self.session, target, "nhầm", SYSTEM)
                else:
                    getattr(self, f"correct_{what}")(target, values[1])
        except Conflict as conflict:
            assert conflict.code in {"voided", "stale"}  # correcting what was voided

    def draft(self, values: dict[str, Any], cls: Any) -> Any:
        place = values["place"]
        given = {key: value for key, value in values.items() if key not in ("place", "household")}
        draft = cls(village_id=self.villages[place].id, team_id=self.villages[place].team.id, **given)
        if values.get("household", -1) >= 0:
            draft = replace(draft, household_id=self.homes[place][values["household"]])
        return draft

    def record_visit(self, values: dict[str, Any]) -> str:
        return record_visit(self.session, self.draft(values, VisitDraft), SYSTEM).id

    def record_gathering(self, values: dict[str, Any]) -> str:
        return record_gathering(self.session, self.draft(values, GatheringDraft), SYSTEM).id

    def record_filing(self, values: dict[str, Any]) -> str:
        return record_filing(self.session, self.draft(values, FilingDraft), SYSTEM).id

    def correct_visit(self, target: str, values: dict[str, Any]) -> None:
        base = visit_rows.newest_version(self.session, target).version
        correct_visit(self.session, target, self.draft(values, VisitDraft), base, SYSTEM)

    def correct_gathering(self, target: str, values: dict[str, Any]) -> None:
        base = gathering_rows.newest_version(self.session, target).version
        correct_gathering(self.session, target, self.draft(values, GatheringDraft), base, SYSTEM)

    def correct_filing(self, target: str, values: dict[str, Any]) -> None:
        base = filing_rows.get_filing_row(self.session, target).version
        change_filing(self.session, target, self.draft(values, FilingDraft), base, SYSTEM)

    def seal(self, place: int, period: str) -> None:
        commune = self.communes[place].id
        assert commune is not None
        if not self.session.get(PeriodState, (commune, period)):
            self.session.add(PeriodState(commune_id=commune, period=period, status="sealed", version=1))
        else:
            self.session.get(PeriodState, (commune, period)).status = "sealed"  # type: ignore[union-attr]
        self.session.flush()
        for at, other in enumerate(self.communes):
            if other.id == commune:
                self.sealed.setdefault((at, period), self.figures(at, period))

    def figures(self, place: int, period: str) -> dict[Any, int]:
        query = select(Tally).where(Tally.village_id == self.villages[place].id, Tally.span == period)
        self.session.expire_all()
        return {
            (row.measure, row.kind, row.outcome): row.value
            for row in self.session.scalars(query)
            if row.value
        }

    def check(self) -> None:
        assert compare(self.session) == []
        for (place, period), figures in self.sealed.items():
            assert self.figures(place, period) == figures


VOID: dict[str, Any] = {"visit": void_visit, "gathering": void_gathering, "filing": void_filing}
EXAMPLES = {"sqlite": 60, "postgresql": 12}


def test_tallies_equal_a_recount_at_every_step_and_sealed_figures_stay(engine: Engine, cast: Cast) -> None:
    cast.village.world.session.rollback()

    @settings(
        max_examples=EXAMPLES[engine.dialect.name],
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    )
    @given(STEPS)
    def lived(steps: list[tuple[str, Any, Any]]) -> None:
        with open_session(engine, EVERYWHERE, write=True) as session:
            for village in (cast.village, cast.sibling, cast.next_village):
                village.world.session = session
            life = Life(session, cast)
            for step in steps:
                life.step(*step)
                life.check()
            rebuild(session)
            life.check()
            session.rollback()

    lived()
