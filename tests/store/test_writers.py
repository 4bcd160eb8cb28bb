"""SQLite takes one writer at a time: the others wait their turn, and are told when it does not come."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tdteam.domain.errors import Unavailable
from tdteam.store import settings
from tdteam.store.engine import make_engine
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session

WAITS = 2  # seconds


@pytest.fixture
def engines(sqlite_url: str) -> Iterator[tuple[Engine, Engine]]:
    """Two engines of one database, as two processes have them."""
    made = make_engine(f"{sqlite_url}?timeout={WAITS}"), make_engine(f"{sqlite_url}?timeout={WAITS}")
    yield made
    for one in made:
        one.dispose()


def writing(engine: Engine, value: str) -> GatedSession:
    """A session that has written and not committed."""
    session = open_session(engine, EVERYWHERE, write=True)
    settings.set_setting(session, "turn", value)
    return session


@pytest.mark.parametrize("other", [0, 1], ids=["same process", "another process"])
def test_a_writer_whose_turn_does_not_come_is_told_and_may_try_again(
    engines: tuple[Engine, Engine], other: int
) -> None:
    with writing(engines[0], "first") as first:
        with pytest.raises(Unavailable), writing(engines[other], "second"):
            pass
        first.commit()
    with writing(engines[other], "third") as third:
        third.commit()
    with open_session(engines[0], EVERYWHERE) as look:
        assert settings.find_setting(look, "turn") == "third"


def test_a_turn_is_given_back_by_whoever_rolls_back_or_fails(engines: tuple[Engine, Engine]) -> None:
    with writing(engines[0], "first") as first:
        first.rollback()
    with pytest.raises(ZeroDivisionError), writing(engines[0], "second"):
        _ = 1 / 0
    with writing(engines[0], "third") as third:
        third.commit()


def test_many_writers_of_two_processes_all_come_to_their_turn(engines: tuple[Engine, Engine]) -> None:
    done: list[int] = []

    def work(number: int) -> None:
        for _ in range(5):
            with writing(engines[number % 2], str(number)) as session:
                session.commit()
            done.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(done) == [number for number in range(4) for _ in range(5)]
