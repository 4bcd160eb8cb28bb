"""Sealing a quarter races phones that send: its figures are those of one moment, and no record is lost or counted twice."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine
from sqlmodel import select

from tdteam.actions.report_life import take_step
from tdteam.actions.seal_span import replace_span, seal_span
from tdteam.domain.report_life import Step
from tdteam.domain.report_spans import range_span, span_code
from tdteam.domain.snapshots import snapshot_from
from tdteam.store import late
from tdteam.store.tables import PeriodState, Sealing
from tests.actions.given import actor_of, figure, signed_in
from tests.actions.sealed import NOVEMBER, URL, all_is_well, commune_of, counted_ids, fifty_phones, visits_of
from tests.cast import Cast

AUTUMN = range_span(date(2026, 10, 15), date(2026, 11, 20))


def test_fifty_phones_send_while_the_official_seals_a_span(engine: Engine, cast: Cast) -> None:
    """What is sealed is what its list of versions says; the rest is told as come after the seal; no month is closed."""

    def official() -> Sealing:
        with signed_in(engine, cast.chi) as session:
            return seal_span(session, commune_of(session, cast), AUTUMN, actor_of(cast.chi), address=URL)

    row, ids = fifty_phones(engine, cast, official)
    with signed_in(engine, cast.chi) as session:
        facts = snapshot_from(row.snapshot).facts
        sealed = counted_ids(row)
        assert sealed <= ids
        assert visits_of(snapshot_from(row.snapshot)) == (len(sealed) or None)
        assert next(line.now for line in facts.figures if line.code == "VISITS") == (len(sealed) or None)
        assert figure(session, cast.village, "visits", "met") == 100  # none of them came late
        assert late.list_late(session, [cast.village.id], NOVEMBER) == []
        assert {state.status for state in session.exec(select(PeriodState))} == {"open"}
    with signed_in(engine, cast.chi) as session:
        place = commune_of(session, cast)
        take_step(session, place, span_code(AUTUMN), Step.SUBMIT, actor_of(cast.chi))
    with signed_in(engine, cast.em) as session:
        take_step(session, commune_of(session, cast), span_code(AUTUMN), Step.SIGN, actor_of(cast.em))
    with signed_in(engine, cast.chi) as session:
        place = commune_of(session, cast)
        take_step(session, place, span_code(AUTUMN), Step.ISSUE, actor_of(cast.chi))
        again = replace_span(session, place, AUTUMN, actor_of(cast.chi), "lượt đến sau", address=URL)
        assert counted_ids(again) == ids
    all_is_well(engine)
