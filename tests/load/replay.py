"""The rows our program leaves of each batch, put down again by the bare driver into our own tables: what keys, indexes and
a durable commit cost whatever program writes. Sums that are added to (tallies, a phone's number) are left out, so the
floor is rather too low than too high."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from tdteam.store.engine import make_engine, sqlite_url

TABLES = ("inbox", "visit", "visit_member", "assist", "reached", "audit")
"""In an order in which each row finds what it names."""


class Replay:
    """Batches as rows of these tables, on a copy of the database of its own."""

    def __init__(self, engine: Engine, folder: Path, receive: Callable[[Engine], None], batches: int) -> None:
        """`receive` has one batch received by an engine; so many are made on a copy, and told from its tables."""
        made, target = (folder / f"replay-{name}.db" for name in ("made", "target"))
        for path in (made, target):
            _copy(engine, path)
        source = make_engine(sqlite_url(made))
        raw = source.raw_connection()
        reader: Any = raw.driver_connection
        self.words = [_insert(reader, table) for table in TABLES]
        self.waiting = list(_told(reader, lambda: receive(source), batches))
        raw.close()
        source.dispose()
        self.connection: Any = make_engine(sqlite_url(target)).raw_connection().driver_connection

    def put(self) -> None:
        """The next batch's rows in one durable transaction."""
        rows = self.waiting.pop(0)
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        for words, many in zip(self.words, rows, strict=True):
            cursor.executemany(words, many)
        cursor.execute("COMMIT")


def _copy(engine: Engine, path: Path) -> None:
    raw = engine.raw_connection()
    driver: Any = raw.driver_connection
    driver.execute("VACUUM INTO ?", (str(path),))
    raw.close()


def _insert(driver: Any, table: str) -> str:
    marks = ", ".join("?" for _ in driver.execute(f"PRAGMA table_info({table})"))
    return f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 - names of ours


def _told(driver: Any, receive: Callable[[], None], batches: int) -> Iterator[list[list[tuple[Any, ...]]]]:
    """For each batch the new rows of each table."""
    seen = [_last(driver, table) for table in TABLES]
    for _ in range(batches):
        receive()
        yield [
            driver.execute(f"SELECT * FROM {table} WHERE rowid > ?", (last,)).fetchall()  # noqa: S608
            for table, last in zip(TABLES, seen, strict=True)
        ]
        seen = [_last(driver, table) for table in TABLES]


def _last(driver: Any, table: str) -> int:
    return int(driver.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()[0])  # noqa: S608
