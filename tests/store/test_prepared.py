"""Statements that go straight to the driver fail in the words SQLAlchemy's own way would have used."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Integer, MetaData, Select, String, Table, event, func, select, text
from sqlalchemy.exc import IntegrityError

from tdteam.domain.errors import Unavailable
from tdteam.store.gate import GatedSession
from tdteam.store.prepared import Prepared, Rows

_thing = Table("thing_told", MetaData(), Column("id", Integer, primary_key=True), Column("name", String))
_ROWS = Rows(_thing, ("id", "name"))
_NAMES: Select[tuple[str | None]] = select(_thing.c.name).order_by(_thing.c.id)


@pytest.fixture
def things(session: GatedSession) -> GatedSession:
    session.connection().exec_driver_sql(
        "CREATE TEMPORARY TABLE thing_told (id integer PRIMARY KEY, name text)"
    )
    assert _ROWS.put(session, [(1, "one"), (2, "two")], places=()) == 2
    return session


def names(session: GatedSession) -> list[str]:
    return [name for (name,) in Prepared(_NAMES).ask(session, {}, places=())]


@pytest.mark.parametrize("listening", [False, True])
def test_a_key_that_is_taken_is_an_integrity_error_and_the_savepoint_goes_back(
    things: GatedSession, listening: bool
) -> None:
    heard: list[str] = []
    if listening:  # then it goes SQLAlchemy's way, which must fail alike
        event.listen(things.connection(), "before_cursor_execute", lambda *told: heard.append(told[2]))
    with pytest.raises(IntegrityError), things.begin_nested():
        _ROWS.put(things, [(3, "three")], places=())
        _ROWS.put(things, [(4, "four"), (1, "again")], places=())
    assert names(things) == ["one", "two"]
    assert _ROWS.put(things, [(3, "three")], places=()) == 1
    assert names(things) == ["one", "two", "three"]
    assert bool(heard) is listening


def test_a_database_that_cannot_now_is_unavailable(things: GatedSession) -> None:
    connection = things.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only = ON")
        with pytest.raises(Unavailable):  # and the connection is thrown away: a read-only file stays so on it
            _ROWS.put(things, [(3, "three")], places=())
        return
    things.execute(text("SET LOCAL statement_timeout = 20"))
    with pytest.raises(Unavailable):
        Prepared(select(func.pg_sleep(2))).ask(things, {}, places=())
