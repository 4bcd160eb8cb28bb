"""The demonstration district: made whole or not at all, the same for the same day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func
from sqlmodel import select

from tdteam.actions.demonstrate import demonstrate
from tdteam.actions.demonstration.district import Size
from tdteam.actions.keep_scan import read_scan
from tdteam.domain.errors import Conflict
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.rebuild import compare
from tdteam.store.tables import (
    Account,
    Document,
    Household,
    Team,
    Visit,
)

TODAY = date(2026, 11, 23)
SMALL = Size(households=3_000, visits=5_000, listed_villages=30)


@dataclass(frozen=True)
class Setup:
    is_demo: bool = True
    period_start_day: int | None = None


def make(engine: Engine, **more: Any) -> Any:
    return demonstrate(engine, Setup(), lambda *_: None, size=SMALL, today=TODAY, **more)


def count(session: GatedSession, cls: Any, *where: Any) -> int:
    return session.exec(select(func.count()).select_from(cls).where(*where)).one()


def test_the_district_is_made_on_both_databases_and_a_recount_agrees(engine: Engine) -> None:
    told: list[tuple[int, int, str]] = []
    summary = demonstrate(engine, Setup(), lambda *said: told.append(said), size=SMALL, today=TODAY)
    assert summary.made and summary.rows["Team"] == 188 and summary.rows["Member"] == 1297
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert told[0][0] == 0 and told[-1][:2] == (100, 100)
    with open_session(engine, EVERYWHERE) as session:
        assert count(session, Household) == 3_000
        assert compare(session) == []


def test_production_refuses(engine: Engine) -> None:
    with pytest.raises(Conflict):
        demonstrate(engine, Setup(is_demo=False), lambda *_: None, size=SMALL, today=TODAY)
    with open_session(engine, EVERYWHERE) as session:
        assert count(session, Team) == 0


def test_a_broken_off_demonstration_leaves_nothing(engine: Engine) -> None:
    def stop(done: int, _total: int, _what: str) -> None:
        if done > 50:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demonstrate(engine, Setup(), stop, size=SMALL, today=TODAY)
    with open_session(engine, EVERYWHERE) as session:
        assert (count(session, Team), count(session, Household), count(session, Account)) == (0, 0, 0)


def test_the_same_day_gives_the_same_district(sqlite_template: Any, tmp_path: Any) -> None:
    import shutil

    from tdteam.store.engine import make_engine

    def drawn(name: str) -> list[Any]:
        copy = tmp_path / name
        shutil.copy(sqlite_template, copy)
        engine = make_engine(f"sqlite:///{copy}")
        demonstrate(engine, Setup(), lambda *_: None, size=Size(1_000, 600, 10), today=TODAY)
        with open_session(engine, EVERYWHERE) as session:
            homes = session.exec(select(Household).order_by(Household.id)).all()
            visits = session.exec(select(Visit).order_by(Visit.id)).all()
            out = [row.model_dump(exclude={"consent_by"}) for row in (*homes, *visits)]
        engine.dispose()
        return out

    assert drawn("one.db") == drawn("two.db")


@pytest.mark.parametrize("today", [date(2026, 11, 15), date(2027, 2, 14), date(2028, 2, 29)])
def test_any_day_will_do(sqlite_url: str, today: date) -> None:
    from tdteam.store.engine import make_engine

    engine = make_engine(sqlite_url)
    summary = demonstrate(engine, Setup(), lambda *_: None, size=Size(1_000, 600, 10), today=today)
    with open_session(engine, EVERYWHERE) as session:
        assert session.exec(select(func.max(Visit.visited_on))).one() <= today
        assert summary.rows["Visit"] > 400
    engine.dispose()


def test_documents_have_files_that_say_what_they_are_and_one_lacks_its_file(
    sqlite_url: str, tmp_path: Path
) -> None:
    from tdteam.store.engine import make_engine
    from tests.reports.reading import read_pdf

    engine = make_engine(sqlite_url)
    size = Size(1_000, 600, 10)
    demonstrate(engine, Setup(), lambda *_: None, size=size, today=TODAY, instance=tmp_path)
    with open_session(engine, EVERYWHERE) as session:
        rows = session.exec(select(Document)).all()
        with_file = [row for row in rows if row.sha256]
        assert with_file and {row.kind for row in rows if not row.sha256} == {"letter"}
        for row in with_file:
            body = read_scan(tmp_path, row.sha256 or "")
            said = " ".join(" ".join(page.text for page in read_pdf(body)).split())
            assert row.file_name.endswith(".pdf") and row.number in said
            assert "không phải văn bản của cơ quan nào" in said
        numbers = {row.number for row in with_file}
        assert len({row.sha256 for row in with_file}) >= len(numbers)
    engine.dispose()
