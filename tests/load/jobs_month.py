"""The month made official: a seal with its papers, every commune of the district, a look at a printed code."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from tests.load.district import district
from tests.load.harness import Pair, Result, job, peak_mib

PERIOD = "2026-10"
COMMUNES = ("02926", "02905", "02923", "02908", "02902", "02647")


def official() -> Any:
    from tdteam.domain.roles import Actor, Role

    return Actor(None, "bench", Role.OFFICIAL)


def seal_and_draw(engine: Engine, codes: tuple[str, ...]) -> None:
    """Seal, draw PDF and workbook of each commune; rolled back, so that it can be done again."""
    from tdteam.actions.report_life import draw_sealed
    from tdteam.actions.seal_report import seal_figures
    from tdteam.store.gate import EVERYWHERE, open_session
    from tdteam.store.places import commune_by_code
    from tdteam.store.settings import period_named

    with open_session(engine, EVERYWHERE, write=True) as session:
        month = period_named(session, PERIOD)
        for code in codes:
            commune = commune_by_code(session, code)
            row = seal_figures(session, commune, month, official(), address="https://to.example", demo=True)
            for form in ("pdf", "xlsx"):
                assert draw_sealed(session, commune, row, form).body
        session.rollback()


@job("seal, PDF and workbook", "a commune of 44 villages", "≤ 300 ms (60 villages)")
def _one(folder: Path) -> Pair:
    engine = district(folder)
    return Pair(work=lambda: seal_and_draw(engine, COMMUNES[:1]), rounds=20)


@job("seal, PDF and workbook", "every commune of the district", "≤ 3 s")
def _all(folder: Path) -> Pair:
    engine = district(folder)
    return Pair(work=lambda: seal_and_draw(engine, COMMUNES), rounds=5)


@job("seal figures", "every commune of the district, each committed by itself", "≤ 3 s")
def _each(folder: Path) -> Result:
    from tdteam.actions.seal_report import unseal
    from tdteam.actions.step_many import Asked, step_each
    from tdteam.domain.report_life import Step
    from tdteam.store.gate import EVERYWHERE, open_session
    from tdteam.store.places import commune_by_code
    from tdteam.store.settings import period_named

    engine, took = district(folder), []
    with open_session(engine, EVERYWHERE) as session:
        month = period_named(session, PERIOD)
        communes = [commune_by_code(session, code).id or 0 for code in COMMUNES]
    for _round in range(5):
        since = time.perf_counter()
        asked = [Asked(commune) for commune in communes]
        done = list(
            step_each(engine, EVERYWHERE, asked, month, Step.SEAL, official(), address="https://to.example")
        )
        took.append((time.perf_counter() - since) * 1000)
        assert all(one.done for one in done)
        with open_session(engine, EVERYWHERE, write=True) as session:  # off the clock
            for code in COMMUNES:
                unseal(session, commune_by_code(session, code), month, official(), "bench")
            session.commit()
    median = statistics.median(took)
    return Result(median, max(took), peak_mib(), None, len(communes) / median * 1000)


@job("/verify", "a sealed commune of 44 villages", "≤ 10 ms")
def _verify(folder: Path) -> Pair:
    from tdteam.actions.seal_report import seal_figures
    from tdteam.config import Config
    from tdteam.store.gate import EVERYWHERE, open_session
    from tdteam.store.places import commune_by_code
    from tdteam.store.settings import period_named
    from tdteam.web.app import make_app

    engine = district(folder)
    with open_session(engine, EVERYWHERE, write=True) as session:
        commune = commune_by_code(session, COMMUNES[0])
        month = period_named(session, PERIOD)
        code = seal_figures(session, commune, month, official(), address="https://to.example", demo=True).code
        session.commit()
    app = make_app(Config(folder, f"sqlite:///{folder / 'tdteam.db'}", "b" * 40 + "enchmark", mode="demo"))
    client = app.test_client()

    def look() -> None:
        assert client.get(f"/verify/{code}").status_code == 200

    return Pair(work=look, rounds=100)
