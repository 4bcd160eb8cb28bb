"""Sealing a quarter races phones that send: its figures are those of one moment, and no record is lost or counted twice."""

from __future__ import annotations

import json
import threading
import time
import zlib
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
from tests.actions.sealed import NOVEMBER, URL, all_is_well, commune_of, record, visits_of
from tests.cast import Cast

AUTUMN = range_span(date(2026, 10, 15), date(2026, 11, 20))


def counted(row: Sealing) -> set[str]:
    return {one for one, _version in json.loads(zlib.decompress(row.counted))["visits"]}


def test_fifty_phones_send_while_the_official_seals_a_span(engine: Engine, cast: Cast) -> None:
    """What is sealed is what its list of versions says; the rest is told as come after the seal; no month is closed."""
    ids: list[str] = []
    faults: list[BaseException] = []
    go = threading.Barrier(51)

    def phone() -> None:
        go.wait(60)
        for _ in range(2):
            try:
                ids.append(record(engine, cast))
            except BaseException as fault:
                faults.append(fault)

    threads = [threading.Thread(target=phone) for _ in range(50)]
    for thread in threads:
        thread.start()
    go.wait(60)
    time.sleep(0.4)  # some have sent, some have not
    with signed_in(engine, cast.chi) as session:
        row = seal_span(session, commune_of(session, cast), AUTUMN, actor_of(cast.chi), address=URL)
    for thread in threads:
        thread.join(120)
    assert faults == [] and len(ids) == 100
    with signed_in(engine, cast.chi) as session:
        facts = snapshot_from(row.snapshot).facts
        sealed = counted(row)
        assert sealed <= set(ids)
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
        assert counted(again) == set(ids)
    all_is_well(engine)
