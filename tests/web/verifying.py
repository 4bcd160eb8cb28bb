"""What tests of sealed papers share: an issued one, a page's verdict, and altering a database past its own triggers."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tdteam.domain.report_facts import Narrative
from tdteam.store import papers
from tests.actions.given import signed_in
from tests.actions.sealed import issue, record, seal
from tests.cast import Cast

RIGHT, REPLACED, BROKEN = "MÃ ĐÚNG", "ĐÃ ĐƯỢC THAY THẾ", "KHÔNG KHỚP"
VERDICTS = (RIGHT, REPLACED, BROKEN)
TABLES = ("sealing", "paper", "audit")


@pytest.fixture
def issued(engine: Engine, cast: Cast) -> str:
    """The code of Xuân Quang's November, number 47 of 17 November, issued."""
    record(engine, cast)
    with signed_in(engine, cast.chi) as session:
        made = seal(session, cast).code
    with signed_in(engine, cast.chi) as session:
        draft = papers.read_draft(session, cast.commune.id or 0, "2026-11")
        papers.save_draft(
            session, cast.commune.id or 0, "2026-11", Narrative(proposals="Bàn Thị An cần máy"), "47", date(2026, 11, 17), draft.version,
        )  # fmt: skip
    issue(engine, cast)
    return made


def one_verdict(answer: Any) -> str:
    """The page's only verdict, which is its heading."""
    page = answer.get_data(as_text=True)
    [heading] = re.findall(r"<h1>(.*?)</h1>", page, re.S)
    outside = re.sub(r"<template.*?</template>", "", page, flags=re.S)
    assert [one for one in VERDICTS if one in outside.split("<h1>", 1)[1]] == [heading]
    return str(heading)


def alter(engine: Engine, change: str, **values: object) -> None:
    """Drop the triggers that keep what is sealed, then run a statement."""
    with engine.begin() as connection:
        for table in TABLES:
            for verb in ("update", "delete", "change"):
                on = f" ON {table}" if engine.dialect.name == "postgresql" else ""
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}"))
        changed = connection.execute(text(change), values) if values else connection.exec_driver_sql(change)
        assert changed.rowcount, f"nothing was changed by {change}"
