"""The audit chain: append-only for every program that opens the database, and a broken entry is named."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from tdteam.domain.roles import Actor
from tdteam.store import audit, audit_list
from tdteam.store.engine import is_sqlite
from tdteam.store.gate import EVERYWHERE, GatedSession, Scope, open_session
from tdteam.store.tables import Account, Audit
from tests.cast import Cast


def by(account: Account) -> Scope:
    return replace(EVERYWHERE, actor=Actor(account.id, account.name, account.role))


@pytest.fixture
def five(session: GatedSession) -> GatedSession:
    for number in range(5):
        audit.append(session, "change", "team", number, fields=["name", "note"], num=number)
    session.commit()
    return session


def behind_its_back(engine: Engine, *statements: str) -> None:
    """Change the table as somebody with the database file and no scruples would: triggers off first."""
    with engine.begin() as connection:
        if is_sqlite(engine):
            off = ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"]
        else:
            off = ["ALTER TABLE audit DISABLE TRIGGER ALL"]
        for statement in (*off, *statements):
            connection.execute(text(statement))


def verified(engine: Engine) -> audit.Verified:
    with open_session(engine, EVERYWHERE) as reading:
        return audit.verify(reading)


def test_entries_follow_from_each_other(five: GatedSession, engine: Engine) -> None:
    rows = five.exec(select(Audit).order_by(Audit.id)).all()  # type: ignore[arg-type]
    assert [row.id for row in rows] == [1, 2, 3, 4, 5]
    assert [row.previous for row in rows] == [audit.GENESIS, *(row.hash for row in rows[:-1])]
    assert rows[0].detail == '{"fields":["name","note"],"num":0}'
    five.rollback()
    found = verified(engine)
    assert (found.held, found.first_broken, found.head) == (5, None, rows[-1].hash)


def test_an_empty_chain_holds(engine: Engine) -> None:
    assert verified(engine) == audit.Verified(0, None, audit.GENESIS)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET target = 'x' WHERE id = 3", "DELETE FROM audit", "TRUNCATE audit"]
)
def test_the_database_itself_refuses_to_change_an_entry(
    five: GatedSession, engine: Engine, statement: str
) -> None:
    if is_sqlite(engine) and statement.startswith("TRUNCATE"):
        statement = "DELETE FROM audit WHERE id = 5"
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    assert verified(engine).held == 5


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit SET target = '99' WHERE id = 3", 3),
        ("UPDATE audit SET detail = '{}' WHERE id = 1", 1),
        ("UPDATE audit SET account_id = 7 WHERE id = 5", 5),
        ("UPDATE audit SET place_id = 1 WHERE id = 2", 2),
        ("DELETE FROM audit WHERE id = 2", 3),
        ("DELETE FROM audit WHERE id = 1", 2),
        ("UPDATE audit SET previous = hash WHERE id = 4", 4),
        ("UPDATE audit SET id = 9 WHERE id = 5", 9),
    ],
)
def test_the_first_broken_entry_is_named(
    five: GatedSession, engine: Engine, statement: str, broken: int
) -> None:
    behind_its_back(engine, statement)
    found = verified(engine)
    assert found.first_broken == broken
    assert found.held == min(broken, 5) - 1 if statement.startswith("UPDATE") else found.held < broken


def test_two_entries_that_change_places_are_seen(five: GatedSession, engine: Engine) -> None:
    behind_its_back(
        engine,
        "UPDATE audit SET id = 0 WHERE id = 2",
        "UPDATE audit SET id = 2 WHERE id = 3",
        "UPDATE audit SET id = 3 WHERE id = 0",
    )
    assert verified(engine).first_broken == 2


def test_an_entry_made_later_than_the_chain_is_seen(five: GatedSession, engine: Engine) -> None:
    behind_its_back(
        engine,
        "INSERT INTO audit (id, at, action, noun, target, detail, previous, hash) "
        f"VALUES (6, '2026-11-01 00:00:00', 'change', 'team', '1', '{{}}', '{audit.GENESIS}', 'abc')",
    )
    assert verified(engine).first_broken == 6


def test_a_rolled_back_write_leaves_no_entry_and_no_gap(session: GatedSession, engine: Engine) -> None:
    audit.append(session, "change", "team", 1)
    session.rollback()
    audit.append(session, "change", "team", 2)
    session.commit()
    assert verified(engine) == replace(verified(engine), held=1, first_broken=None)
    with open_session(engine, EVERYWHERE) as reading:
        assert [row.target for row in reading.exec(select(Audit))] == ["2"]


def test_appenders_at_the_same_moment_stand_in_line(engine: Engine) -> None:
    failed: list[BaseException] = []
    start = threading.Barrier(6)

    def append_ten(number: int) -> None:
        try:
            start.wait()
            for turn in range(10):
                with open_session(engine, EVERYWHERE, write=True) as writing:
                    audit.append(writing, "change", "team", f"{number}/{turn}")
                    writing.commit()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=append_ten, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert verified(engine).held == 60
    assert verified(engine).first_broken is None


def test_a_view_is_noted_once_in_ten_minutes(cast: Cast, engine: Engine) -> None:
    def view(noun: str, account: Account) -> bool:
        with open_session(engine, by(account), write=True) as writing:
            noted = audit.append_view(writing, noun)
            writing.commit()
            return noted

    assert view("households", cast.chi)
    assert not view("households", cast.chi)
    assert view("visits", cast.chi)
    assert view("households", cast.em)
    zone = "" if is_sqlite(engine) else "+00"
    past = f"{datetime.now(UTC) - timedelta(minutes=11):%Y-%m-%d %H:%M:%S}{zone}"
    behind_its_back(engine, f"UPDATE audit SET at = '{past}'")
    assert view("households", cast.chi)


# Who sees which entries.


@pytest.fixture
def entries(cast: Cast, engine: Engine) -> Callable[..., list[str]]:
    with open_session(engine, by(cast.chi), write=True) as writing:
        audit.append(writing, "change", "household", "own", place_id=cast.village.id)
        writing.commit()
    with open_session(engine, by(cast.dung), write=True) as writing:
        audit.append(writing, "change", "household", "foreign", place_id=cast.next_village.id)
        writing.commit()
    with open_session(engine, by(cast.hai), write=True) as writing:
        audit.append(writing, "change", "team", "own", place_id=cast.village.id)
        audit.append(writing, "sign_in", "account", cast.hai.id)
        writing.commit()
    with open_session(engine, EVERYWHERE, write=True) as writing:
        audit.append(writing, "sign_in_failed", "account")
        writing.commit()

    def ask(*places: int | None, **more: object) -> list[str]:
        scope = Scope(roots=frozenset(place for place in places if place))
        with open_session(engine, scope) as reading:
            page = audit_list.list_entries(reading, **more)  # type: ignore[arg-type]
        return [f"{line.action} {line.noun} {line.target}".strip() for line in page.rows]

    return ask


def test_an_auditor_sees_the_entries_of_the_own_scope(cast: Cast, entries: Callable[..., list[str]]) -> None:
    assert entries(cast.commune.id) == ["change team own", "change household own"]
    assert entries(cast.next_commune.id) == ["change household foreign"]
    assert len(entries(cast.hai.id and 1)) == 5  # the province: everything, guesses at unknown names too


def test_entries_are_filtered(cast: Cast, entries: Callable[..., list[str]]) -> None:
    province = 1
    assert entries(province, account="chi") == ["change household own"]
    assert entries(province, action="sign_in_failed") == ["sign_in_failed account"]
    assert entries(province, noun="team") == ["change team own"]
    assert entries(province, noun="household", target="foreign") == ["change household foreign"]
    today = datetime.now(UTC).astimezone().date()
    assert entries(province, until=today - timedelta(days=2)) == []
    assert len(entries(province, since=today - timedelta(days=2), until=today + timedelta(days=1))) == 5


def test_pages_of_entries_meet_without_gap(five: GatedSession, engine: Engine) -> None:
    with open_session(engine, EVERYWHERE) as reading:
        first = audit_list.list_entries(reading, limit=2)
        second = audit_list.list_entries(reading, limit=2, after=first.after)
        third = audit_list.list_entries(reading, limit=2, after=second.after)
        back = audit_list.list_entries(reading, limit=2, before=third.before)
    assert [[line.id for line in page.rows] for page in (first, second, third, back)] == [
        [5, 4],
        [3, 2],
        [1],
        [3, 2],
    ]
    assert (first.before, third.after) == (None, None)
