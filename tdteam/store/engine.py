"""Engines: SQLite through sqlcipher3 (ships an SQLite clear of the WAL-reset bug; encrypts with a key), or PostgreSQL by URL.

Durability is not negotiable (docs/decisions, quality figures): WAL with `synchronous=FULL`; writes begin IMMEDIATE, so
that three writers queue instead of failing with "database is locked".
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import OperationalError

from tdteam.domain.errors import Unavailable

__all__ = ["Engine", "Unusable", "is_sqlite", "make_engine", "sqlite_url", "writers"]

BUSY_MS = 10_000
_PAUSE = 0.001
_TURN = "tdteam_turn"
OLDEST_SAFE_SQLITE = (3, 51, 3)  # 3.7.0 to 3.51.2 can corrupt a WAL with two connections


class Unusable(Exception):
    """The database cannot be opened: the code says why (`wrong_key`, `sqlite_too_old`, `folder_missing`)."""


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def make_engine(url: str, *, key: str | None = None, foreign_keys: bool = True) -> Engine:
    """An engine for `url`. `key` encrypts SQLite at rest. Migrations ask for `foreign_keys=False` (batch tables).

    An SQLite URL may say how many seconds a writer waits for another: `sqlite:///…?timeout=30`.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
        event.listen(engine, "handle_error", _translate)
        return engine
    if sqlcipher.sqlite_version_info < OLDEST_SAFE_SQLITE:
        raise Unusable("sqlite_too_old")
    waits = parsed.query.get("timeout")
    busy_ms = int(float(str(waits)) * 1000) if waits else BUSY_MS
    queue, prepare = _Queue(busy_ms), _prepare(key, foreign_keys, busy_ms)
    engine, writer = (_sqlite(parsed, queue, prepare) for _ in range(2))
    _writers[engine] = writer.execution_options(immediate=True)
    event.listen(engine, "engine_disposed", lambda _engine: writer.dispose())
    return engine


_writers: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


def writers(engine: Engine) -> Engine:
    """The engine whose transactions write. On SQLite it has connections of its own, the one used last first: a
    connection keeps the pages it knows until somebody else writes, and those who write know most of them."""
    return _writers.get(engine) or engine.execution_options(immediate=True)


def _sqlite(url: URL, queue: _Queue, prepare: Any) -> Engine:
    # One in memory is a connection a thread, which knows no order.
    order = {"pool_use_lifo": True} if url.database and url.database != ":memory:" else {}
    engine = create_engine(url, module=sqlcipher, connect_args={"check_same_thread": False}, **order)
    # SQLAlchemy compiles these three anew each time, which takes longer than the database does.
    dialect: Any = engine.dialect
    dialect.do_savepoint = _saying("SAVEPOINT")
    dialect.do_release_savepoint = _saying("RELEASE SAVEPOINT")
    dialect.do_rollback_to_savepoint = _saying("ROLLBACK TO SAVEPOINT")
    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin(queue))
    event.listen(engine, "checkin", _let_go)
    event.listen(engine, "handle_error", _translate)
    return engine


def _saying(words: str) -> Callable[[Connection, str], None]:
    def say(connection: Connection, name: str) -> None:
        connection.exec_driver_sql(f"{words} {name}")  # the names are SQLAlchemy's own

    return say


def _prepare(key: str | None, foreign_keys: bool, busy_ms: int) -> Any:
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        if key:
            cursor.execute("PRAGMA key = '" + key.replace("'", "''") + "'")
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlcipher.DatabaseError as error:
            if "not a database" in str(error):
                raise Unusable("wrong_key") from error
            raise Unavailable from error
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute(f"PRAGMA busy_timeout = {busy_ms}")
        cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        cursor.execute("PRAGMA cache_size = -32000")
        # Pages that many transactions write go to the file once in 16 MB of log and not in every four.
        cursor.execute("PRAGMA wal_autocheckpoint = 4000")
        cursor.close()

    return prepare


class _Queue:
    """Writers of a process wait for each other here, in memory; the foremost asks every millisecond whether another
    process is through. SQLite's own waiting sleeps longer and longer, up to a tenth of a second, while others pass."""

    def __init__(self, busy_ms: int) -> None:
        self.busy_ms = busy_ms
        self.turn = threading.Lock()

    def begin(self, connection: Any, *, patient: bool = True) -> None:
        """BEGIN IMMEDIATE; raises Unavailable where it does not come to its turn in time (at once, if not patient)."""
        wait = self.busy_ms / 1000 if patient else 0
        until = time.monotonic() + wait
        if not self.turn.acquire(timeout=wait):
            raise Unavailable
        connection.connection.record_info[_TURN] = (
            self.turn
        )  # given back when the connection goes back to its pool
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA busy_timeout = 0")
        try:
            while not _begun(driver):
                if time.monotonic() >= until:
                    break
                time.sleep(_PAUSE)
            if not driver.in_transaction:
                connection.exec_driver_sql("BEGIN IMMEDIATE")  # says why not, in the words of `_translate`
        finally:
            driver.execute(f"PRAGMA busy_timeout = {self.busy_ms}")


def _begun(driver: Any) -> bool:
    """Whether there is no more to wait for: the transaction stands, or something else than another writer forbids it."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlcipher.DatabaseError as error:
        return "locked" not in str(error)
    return True


def _let_go(_connection: Any, record: Any) -> None:
    turn = record.record_info.pop(_TURN, None)
    if turn is not None:
        turn.release()


def _begin(queue: _Queue) -> Any:
    def begin(connection: Any) -> None:
        options = connection.get_execution_options()
        if options.get("immediate", False):
            queue.begin(connection, patient=options.get("patient", True))
        else:
            connection.exec_driver_sql("BEGIN")

    return begin


def is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def _translate(context: ExceptionContext) -> None:
    """A database that cannot take a statement now is one error of ours, whichever engine says it."""
    if context.is_pre_ping:
        return  # the pool opens another connection by itself
    if isinstance(context.sqlalchemy_exception, OperationalError) or context.is_disconnect:
        if "readonly database" in str(context.original_exception):
            context.is_disconnect = (
                True  # stays so on this connection, even when the file can be written again
            )
        raise Unavailable from context.original_exception
