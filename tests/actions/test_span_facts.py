"""Reports over other spans: flows are the sum of their periods, households and stocks a recount, sealed stays sealed."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from tdteam.actions.draft_report import read_facts
from tdteam.actions.record_visit import record_visit
from tdteam.actions.seal_report import seal_figures
from tdteam.actions.span_facts import read_span_facts
from tdteam.domain.errors import Conflict
from tdteam.domain.indicators import Row
from tdteam.domain.periods import Period, today
from tdteam.domain.report_facts import FigureLine, ReportFacts
from tdteam.domain.report_spans import SpanKind, range_span, span_named, span_of
from tdteam.domain.shares import Share
from tdteam.domain.span_sum import add_values
from tdteam.domain.tallies import FLOWS, REACHED_FIRST
from tdteam.domain.vocabulary import Nature, RecordState, Source
from tdteam.store import stocks
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.indicators import list_indicators, read_figures
from tdteam.store.span_sums import sum_days
from tdteam.store.tables import Place, PlaceParent, Tally, Visit
from tests.actions.given import actor_of, helped, signed_in, visit_at
from tests.actions.sealed import NOVEMBER, URL, all_is_well, record, seal
from tests.cast import Cast
from tests.store.test_tallies import Life, changes, new_things
from tests.world import World

LIVED = (Period(2025, 12), Period(2026, 1), Period(2026, 2))  # the periods of `Life`
SPANS = (
    (span_of(SpanKind.QUARTER, 2026, 1), [Period(2026, month) for month in (1, 2, 3)]),
    (span_of(SpanKind.HALF, 2026, 1), [Period(2026, month) for month in range(1, 7)]),
    (span_of(SpanKind.YEAR, 2026), [Period(2026, month) for month in range(1, 13)]),
    (range_span(LIVED[0].since, LIVED[2].last_day), list(LIVED)),
)
EXAMPLES = {"sqlite": 8, "postgresql": 3}
seals = st.lists(
    st.tuples(st.just("seal"), st.integers(0, 2), st.sampled_from([p.code for p in LIVED])), max_size=3
)
STEPS = st.tuples(new_things(6), seals, changes(3), new_things(3)).map(
    lambda parts: [step for part in parts for step in part]
)


class SealedLife(Life):
    """A life whose seals are real ones."""

    def __init__(self, session: GatedSession, cast: Cast) -> None:
        super().__init__(session, cast)
        self.hands = [actor_of(cast.chi), actor_of(cast.chi), actor_of(cast.dung)]

    def seal(self, place: int, period: str) -> None:
        whole = Period(int(period[:4]), int(period[5:]))
        try:
            seal_figures(self.session, self.communes[place], whole, self.hands[place], address=URL)
        except Conflict as conflict:
            assert conflict.code == "stage"  # it is sealed already


def counted(facts: ReportFacts) -> dict[str, Any]:
    return {line.code: line for line in facts.figures if line.source is Source.COUNTED}


def recount_reached(session: GatedSession, villages: list[int], periods: list[Period]) -> int:
    """Households met, told once more by hand."""
    rows = session.scalars(select(Visit).where(Visit.village_id.in_(villages)))  # type: ignore[attr-defined]
    codes = {period.code for period in periods}
    return len(
        {
            (row.household_id, row.village_id)
            for row in rows
            if row.state == RecordState.CURRENT
            and row.contact == "met"
            and row.household_id
            and row.period in codes
        }
    )


def check_spans(session: GatedSession, life: Life, commune: Place) -> None:
    villages = [v.id for v, c in zip(life.villages, life.communes, strict=True) if c.id == commune.id]
    months = {period.code: read_facts(session, commune.id or 0, period) for period in SPANS[2][1][:4]}
    for period in (LIVED[0], *SPANS[2][1]):
        if period.code not in months:  # nothing but what came late: figures are enough
            months[period.code] = only_figures(session, commune.id or 0, period)
    for span, periods in SPANS:
        facts = read_span_facts(session, commune.id or 0, span)
        parts = [months[period.code] for period in periods]
        last = counted(parts[-1])
        for code, line in counted(facts).items():
            if line.nature is Nature.FLOW:
                assert line.now == add_values(counted(part)[code].now for part in parts), (span, code)
                if span.kind is SpanKind.YEAR:
                    assert line.cumulative == line.now == last[code].cumulative, code
            elif line.nature is Nature.STOCK:
                assert line.now == last[code].now, code
        reached = counted(facts)["HOUSEHOLDS_REACHED"].now
        if reached is not None:
            assert reached.part == recount_reached(session, villages, periods)
        if span.kind is SpanKind.QUARTER:
            check_villages(facts, parts)
            causes: Counter[str] = Counter()
            for part in parts:
                causes.update({c.code: c.now or 0 for c in part.difficulties.causes})
            assert {c.code: c.now for c in facts.difficulties.causes if c.now} == {
                code: n for code, n in causes.items() if n
            }


def only_figures(session: GatedSession, commune_id: int, period: Period) -> ReportFacts:
    known = list_indicators(session)
    found = read_figures(session, commune_id, period, min(period.last_day, today()), known)
    return ReportFacts(
        figures=tuple(
            FigureLine(one.code, "", "", "", one.nature, Source.COUNTED, told.now, None, told.cumulative)
            for one in known
            if (told := found.get(one.code))
        )
    )


def check_villages(facts: ReportFacts, parts: list[ReportFacts]) -> None:
    columns = [column.code for column in facts.villages.columns]
    for row in facts.villages.rows:
        for place, column in enumerate(columns):
            if column in ("households", "members", "women", "youth"):
                continue
            each = [
                other.values[place]
                for part in parts
                for other in part.villages.rows
                if other.village_id == row.village_id
            ]
            assert row.values[place] == add_values(each), (row.name, column)


def check_days(session: GatedSession, life: Life) -> None:
    """Flows told by days are those of the tallies, where the days are a period and nothing came late."""
    villages = [village.id for village in life.villages]
    for period in LIVED:
        query = select(Tally).where(Tally.span == period.code, Tally.value != 0, Tally.measure.in_(FLOWS))  # type: ignore[attr-defined]
        kept = {
            (row.village_id, Row(row.measure, row.kind, row.outcome, row.value))
            for row in session.scalars(query)
            if row.measure != REACHED_FIRST
        }
        told = sum_days(session, villages, ((period.since, period.last_day),)).rows
        assert {(village, row) for village, rows in told.items() for row in rows} == kept
        middle = date(period.last_day.year, period.last_day.month, 1)
        halves = sum_days(session, villages, ((period.since, middle), (middle, period.last_day))).rows
        assert halves == told  # a day told twice counts once


def lived(engine: Engine, cast: Cast, steps: Any, kind: type[Life], *, by_days: bool) -> None:
    cast.village.world.session.rollback()

    @settings(
        max_examples=EXAMPLES[engine.dialect.name],
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    )
    @given(steps)
    def live(steps: list[tuple[str, Any, Any]]) -> None:
        with open_session(engine, EVERYWHERE, write=True) as session:
            for village in (cast.village, cast.sibling, cast.next_village):
                village.world.session = session
            life = kind(session, cast)
            stocks.touch(session, [village.id for village in life.villages], on=date(2025, 11, 15))
            for step in steps:
                life.step(*step)
            if by_days:
                check_days(session, life)
            check_spans(session, life, cast.commune)
            session.rollback()

    live()


def test_a_span_is_the_sum_of_its_periods_and_a_recount_of_households(engine: Engine, cast: Cast) -> None:
    steps = st.tuples(new_things(8), changes(4)).map(lambda parts: [*parts[0], *parts[1]])
    lived(engine, cast, steps, Life, by_days=True)


def test_it_is_so_whatever_is_sealed_in_between(engine: Engine, cast: Cast) -> None:
    lived(engine, cast, STEPS, SealedLife, by_days=False)


def figures(engine: Engine, cast: Cast, code: str) -> tuple[dict[str, Any], ReportFacts]:
    with signed_in(engine, cast.chi, write=False) as session:
        facts = read_span_facts(session, cast.commune.id or 0, span_named(code))
        return counted(facts), facts


def test_a_sealed_month_enters_as_sealed_and_what_came_late_counts_where_it_counts(
    engine: Engine, cast: Cast
) -> None:
    record(engine, cast)
    with signed_in(engine, cast.chi) as session:
        row = seal(session, cast)
    record(engine, cast)  # of the same day: late, counts in December
    quarter, facts = figures(engine, cast, "2026-Q4")
    assert quarter["VISITS"].now == 2
    assert facts.parts is not None
    assert (facts.parts.sealed, facts.parts.open, facts.parts.days) == (
        ("2026-11",),
        ("2026-10", "2026-12"),
        (),
    )
    assert figures(engine, cast, "2026-10-15..2026-11-14")[0]["VISITS"].now == 1
    cut, facts = figures(engine, cast, "2026-10-15..2026-11-20")
    assert cut["VISITS"].now == 1  # December's days hold none by their own day
    assert facts.parts is not None and facts.parts.days == ((date(2026, 11, 15), date(2026, 11, 20)),)
    assert facts.reporting is None and facts.charts == ()
    assert row.period == NOVEMBER.code
    all_is_well(engine)


def test_a_seal_speaks_even_where_the_tallies_say_otherwise(engine: Engine, cast: Cast) -> None:
    record(engine, cast)
    with signed_in(engine, cast.chi) as session:
        seal(session, cast)
    with open_session(engine, EVERYWHERE, write=True) as session:
        for row in session.scalars(select(Tally).where(Tally.measure == "visits", Tally.span == "2026-11")):
            row.value = 77
            session.add(row)
        session.commit()
    quarter, facts = figures(engine, cast, "2026-Q4")
    assert (quarter["VISITS"].now, quarter["VISITS"].cumulative) == (1, 1)
    columns = [column.code for column in facts.villages.columns]
    assert facts.villages.total and facts.villages.total.values[columns.index("visits")] == 1


def test_a_household_met_in_three_months_is_one_and_days_are_compared_with_as_many_before(
    engine: Engine, cast: Cast
) -> None:
    with open_session(engine, EVERYWHERE, write=True) as session:
        cast.village.world.session = session
        home, other = cast.village.household("Lý A").id, cast.village.household("Lý B").id
        stocks.touch(session, [cast.village.id], on=date(2026, 9, 20))
        session.commit()
    for day, who in (
        (date(2026, 9, 20), home), (date(2026, 10, 20), home), (date(2026, 11, 10), home), (date(2026, 11, 16), other),
    ):  # fmt: skip
        record(engine, cast, visited_on=day, household_id=who)
    quarter, _ = figures(engine, cast, "2026-Q4")
    assert quarter["HOUSEHOLDS_REACHED"].now == Share(2, 2)
    assert quarter["VISITS"].now == 4 and quarter["VISITS"].previous is None
    days, _ = figures(engine, cast, "2026-11-01..2026-11-20")
    assert (days["VISITS"].now, days["VISITS"].previous, days["VISITS"].cumulative) == (2, 1, 4)
    assert days["HOUSEHOLDS_REACHED"].previous == Share(1, 2)
    assert figures(engine, cast, "2026-09-25..2026-09-26")[0]["VISITS"].now is None  # nothing is known: not 0


def test_where_a_village_moved_the_span_adds_up_the_villages_of_its_last_day(
    engine: Engine, cast: Cast, world: World
) -> None:
    record(engine, cast)
    with open_session(engine, EVERYWHERE, write=True) as session:
        record_visit(session, visit_at(cast.next_village, helped()), actor_of(cast.hai))
        session.commit()
    with signed_in(engine, cast.chi) as session:
        seal(session, cast)
    assert figures(engine, cast, "2026-Q4")[0]["VISITS"].now == 1
    edge = world.session.scalars(
        select(PlaceParent).where(PlaceParent.place_id == cast.next_village.id)
    ).one()
    edge.until = date(2026, 11, 16)
    world.session.add(edge)
    world.under(cast.next_village.place, cast.commune, since=date(2026, 11, 16))
    world.session.commit()
    quarter, facts = figures(engine, cast, "2026-Q4")
    assert quarter["VISITS"].now == 2
    assert facts.parts and (facts.parts.sealed, facts.parts.moved) == ((), ("2026-11",))
    month, facts = figures(engine, cast, "2026-10-15..2026-11-14")  # ends before the move
    assert month["VISITS"].now == 1
    assert facts.parts and facts.parts.sealed == ("2026-11",)


@pytest.mark.parametrize("code", ["2026-Q4", "2026-H2", "2026", "2026-10-01..2026-11-20"])
def test_who_may_not_see_the_commune_reads_nothing_of_it(engine: Engine, cast: Cast, code: str) -> None:
    record(engine, cast)
    with signed_in(engine, cast.dung, write=False) as session:
        facts = read_span_facts(session, cast.commune.id or 0, span_named(code))
        assert facts.villages.rows == () and counted(facts)["VISITS"].now is None
    assert visit_at(cast.village, helped()).village_id == cast.village.id
