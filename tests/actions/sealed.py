"""Short words for the tests of sealing: seal November, take a step, issue, record, and look that all is well."""

from __future__ import annotations

import json
import threading
import time
import zlib
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Engine

from tdteam.actions.record_visit import record_visit
from tdteam.actions.report_life import take_step
from tdteam.actions.seal_report import seal_figures
from tdteam.domain.periods import Period
from tdteam.domain.report_life import Stage, Step
from tdteam.domain.snapshots import Snapshot
from tdteam.store import audit
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.rebuild import compare
from tdteam.store.tables import Account, Place, Sealing
from tests.actions.given import actor_of, helped, signed_in, visit_at
from tests.cast import Cast

NOVEMBER = Period(2026, 11, 15)
URL = "https://to.example"
T = TypeVar("T")


def commune_of(session: GatedSession, cast: Cast) -> Place:
    return session.get_one(Place, cast.commune.id)


def seal(session: GatedSession, cast: Cast, who: Account | None = None, **more: object) -> Sealing:
    return seal_figures(
        session,
        commune_of(session, cast),
        NOVEMBER,
        actor_of(who or cast.chi),
        address=URL,
        **more,  # type: ignore[arg-type]
    )


def step(session: GatedSession, cast: Cast, what: Step, who: Account, **more: object) -> Stage:
    return take_step(session, commune_of(session, cast), "2026-11", what, actor_of(who), **more)  # type: ignore[arg-type]


def issue(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        step(session, cast, Step.SUBMIT, cast.chi)
    with signed_in(engine, cast.em) as session:
        step(session, cast, Step.SIGN, cast.em)
    with signed_in(engine, cast.chi) as session:
        step(session, cast, Step.ISSUE, cast.chi)


def record(engine: Engine, cast: Cast, **values: object) -> str:
    with signed_in(engine, cast.an) as session:
        return record_visit(session, visit_at(cast.village, helped(), **values), actor_of(cast.an)).id


def visits_of(snapshot: Snapshot, village: str = "Hốc Đá") -> object:
    rows = {row.name: row for row in snapshot.facts.villages.rows}
    codes = [column.code for column in snapshot.facts.villages.columns]
    return rows[village].values[codes.index("visits")]


def all_is_well(engine: Engine) -> None:
    with open_session(engine, EVERYWHERE) as session:
        assert compare(session) == []
        assert audit.first_broken(session) is None


def fifty_phones(engine: Engine, cast: Cast, act: Callable[[], T]) -> tuple[T, set[str]]:
    """What `act` gives while fifty phones record two visits each; and the visits' ids."""
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
    done = act()
    for thread in threads:
        thread.join(120)
    assert faults == [] and len(ids) == 100
    return done, set(ids)


def counted_ids(row: Sealing) -> set[str]:
    """The visits a seal counted."""
    return {one for one, _version in json.loads(zlib.decompress(row.counted))["visits"]}
