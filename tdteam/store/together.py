"""Several batches in one transaction: on SQLite one may write at a time, and most of what a small transaction costs is
its end (pages written out and forced to the disk) and its beginning (pages read anew when another process wrote).

Whoever is ready while another of its process writes goes on in the same transaction, each in a savepoint, so that one
fails by itself. Nobody is told anything before the one commit; where that fails, it has failed for all. On PostgreSQL
writers do not wait for each other, and the server itself puts commits together: there each has its own transaction.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from tdteam.domain.errors import TdteamError, Unavailable
from tdteam.store.engine import is_sqlite, writers
from tdteam.store.gate import GatedSession, Scope, open_session

MOST = 8
LONGEST = 0.1
"""How many may share a transaction, and how old (in seconds) it may be when another comes in."""
PATIENCE = 10.0
"""Seconds somebody waits for those before in the same process."""


@contextmanager
def writing_together(engine: Engine, scope: Scope) -> Iterator[GatedSession]:
    """A writing session, committed at the end of the block: with others' where some are ready. What raises within the
    block undoes only its own. Raises Unavailable where nothing of it was kept."""
    if not is_sqlite(engine):
        with open_session(engine, scope, write=True) as alone:
            yield alone
            alone.commit()
        return
    queue = _queue_of(engine)
    shared = queue.enter()
    try:
        with GatedSession(engine, scope, write=True, within=shared.connection) as session:
            yield session
            session.commit()
    finally:
        queue.leave(shared)
    if not shared.is_kept:
        raise Unavailable


class _Shared:
    """A transaction of several. `ended` is set when all is over; `is_kept` says how."""

    def __init__(self, engine: Engine) -> None:
        self.connection: Connection = writers(engine).connect()
        self.began = time.monotonic()
        self.count = 0
        self.ended = threading.Event()
        self.is_kept = False
        try:
            self.connection.begin()
        except BaseException:
            self.connection.close()
            raise

    @property
    def stands(self) -> bool:
        """Whether the database still holds the transaction: some errors (a full disk) undo it whole."""
        fairy: Any = self.connection.connection
        return bool(fairy.driver_connection.in_transaction)

    def takes_more(self) -> bool:
        return self.count < MOST and time.monotonic() - self.began < LONGEST and self.stands

    def end(self) -> None:
        try:
            if self.stands:
                self.connection.commit()
                self.is_kept = True
        finally:
            with suppress(TdteamError):
                self.connection.close()
            self.ended.set()


class _Queue:
    """Those of one process who want to write together: one at a time is inside."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.door = threading.Condition()
        self.waiting = 0
        self.is_taken = False
        self.shared: _Shared | None = None

    def enter(self) -> _Shared:
        """Wait for one's turn, then go on in the transaction that stands, or begin one. Raises Unavailable."""
        with self.door:
            self.waiting += 1
            has_come = self.door.wait_for(lambda: not self.is_taken, PATIENCE)
            self.waiting -= 1
            if not has_come:
                raise Unavailable
            self.is_taken = True
        try:
            self.shared = self.shared or _Shared(self.engine)
        except BaseException:
            self._let_in()
            raise
        self.shared.count += 1
        return self.shared

    def leave(self, shared: _Shared) -> None:
        """Let the next one go on in the transaction; the last ends it. Returns when it has ended."""
        with self.door:
            goes_on = self.waiting > 0 and shared.takes_more()
        if goes_on:
            self._let_in()
            shared.ended.wait()
            return
        self.shared = None
        try:
            shared.end()
        finally:
            self._let_in()

    def _let_in(self) -> None:
        with self.door:
            self.is_taken = False
            self.door.notify()


_queues: WeakKeyDictionary[Any, _Queue] = WeakKeyDictionary()
_making = threading.Lock()


def _queue_of(engine: Engine) -> _Queue:
    with _making:
        if engine not in _queues:
            _queues[engine] = _Queue(engine)
        return _queues[engine]
