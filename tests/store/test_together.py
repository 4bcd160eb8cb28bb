"""Those who share a transaction: each fails by itself, all are kept at once, and nobody is told before."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, event

from tdteam.domain.errors import Unavailable
from tdteam.store import settings, together
from tdteam.store.engine import make_engine, writers
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.together import writing_together


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    made = make_engine(f"{sqlite_url}?timeout=2")
    yield made
    made.dispose()


def seen(engine: Engine, *keys: str) -> list[str | None]:
    with open_session(engine, EVERYWHERE) as look:
        return [settings.find_setting(look, key) for key in keys]


class Crowd:
    """The first to come waits inside until all others stand behind it; `told` says how each came out."""

    def __init__(self, engine: Engine, work: dict[str, Callable[[], None]]) -> None:
        self.engine, self.work = engine, work
        self.told: dict[str, str] = {}
        self.behind = threading.Event()

    def run(self) -> dict[str, str]:
        first, *others = self.work
        inside = threading.Event()
        threads = [threading.Thread(target=self._write, args=(first, inside))]
        threads[0].start()
        assert inside.wait(10)
        threads += [threading.Thread(target=self._write, args=(name, None)) for name in others]
        for thread in threads[1:]:
            thread.start()
        queue = together._queue_of(self.engine)
        while queue.waiting < len(others):
            threading.Event().wait(0.005)
        self.behind.set()
        for thread in threads:
            thread.join(30)
        return self.told

    def _write(self, name: str, inside: threading.Event | None) -> None:
        try:
            with writing_together(self.engine, EVERYWHERE) as session:
                settings.set_setting(session, name, "kept")
                session.flush()
                if inside is not None:
                    inside.set()
                    self.behind.wait(10)
                self.work[name]()
            self.told[name] = "kept" if seen(self.engine, name) == ["kept"] else "told too early"
        except Exception as error:
            self.told[name] = type(error).__name__


def commits(engine: Engine) -> list[None]:
    """Grows by one with each commit."""
    counted: list[None] = []
    event.listen(writers(engine), "commit", lambda _connection: counted.append(None))
    return counted


def nothing() -> None:
    pass


def fails() -> None:
    raise ZeroDivisionError


def test_those_who_are_ready_share_one_commit_and_are_told_after_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "LONGEST", 60)
    counted = commits(engine)
    told = Crowd(engine, {"a": nothing, "b": nothing, "c": nothing}).run()
    assert told == {"a": "kept", "b": "kept", "c": "kept"}
    assert len(counted) == 1


@pytest.mark.parametrize("which", ["a", "b", "c"])
def test_whoever_fails_takes_only_its_own_back(
    engine: Engine, which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "LONGEST", 60)
    work = dict.fromkeys("abc", nothing) | {which: fails}
    told = Crowd(engine, work).run()
    assert told == dict.fromkeys("abc", "kept") | {which: "ZeroDivisionError"}
    assert seen(engine, "a", "b", "c") == [None if name == which else "kept" for name in "abc"]


def test_a_commit_that_fails_has_failed_for_all(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "LONGEST", 60)

    def full(_connection: object) -> None:
        raise Unavailable

    event.listen(writers(engine), "commit", full)
    told = Crowd(engine, {"a": nothing, "b": nothing}).run()
    event.remove(writers(engine), "commit", full)
    assert told == {"a": "Unavailable", "b": "Unavailable"}
    assert seen(engine, "a", "b") == [None, None]
    with writing_together(engine, EVERYWHERE) as session:
        settings.set_setting(session, "a", "kept")
    assert seen(engine, "a") == ["kept"]


def test_a_transaction_the_database_undid_is_kept_for_nobody(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk may undo the whole transaction under one of several."""
    monkeypatch.setattr(together, "LONGEST", 60)

    def undone() -> None:
        shared = together._queue_of(engine).shared
        assert shared is not None
        shared.connection.connection.driver_connection.execute("ROLLBACK")  # type: ignore[union-attr]
        raise Unavailable

    told = Crowd(engine, {"a": nothing, "b": undone, "c": nothing}).run()
    assert told["a"] == "Unavailable" and told["b"] != "kept"
    assert told["c"] == "kept", "a new transaction"
    assert seen(engine, "a", "b", "c") == [None, None, "kept"]


def test_no_more_come_in_than_may(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "LONGEST", 60)
    monkeypatch.setattr(together, "MOST", 2)
    counted = commits(engine)
    told = Crowd(engine, dict.fromkeys("abcde", nothing)).run()
    assert told == dict.fromkeys("abcde", "kept")
    assert len(counted) == 3


def test_a_writer_of_another_kind_waits_and_one_whose_turn_does_not_come_is_told(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "PATIENCE", 0.1)
    with writing_together(engine, EVERYWHERE) as session:
        settings.set_setting(session, "a", "kept")
        session.flush()
        with pytest.raises(Unavailable), writing_together(engine, EVERYWHERE):
            pass
        with pytest.raises(Unavailable), open_session(engine, EVERYWHERE, write=True) as other:
            settings.set_setting(other, "b", "kept")
    assert seen(engine, "a", "b") == ["kept", None]
