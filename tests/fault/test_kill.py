"""`kill -9` in the middle of work: what was acknowledged is there once, what was not is there once at the most."""

from __future__ import annotations

import random
import time

import pytest

from tests.conftest import BOTH
from tests.fault.served import LONG, Client, Crowd, Served, Told, check_kept

ROUNDS = 8 if LONG else 1


def kill_everything(served: Served) -> None:
    served.kill(served.family())


def kill_master(served: Served) -> None:
    """Its workers see that it is gone, answer what they hold and end."""
    served.kill([served.master()])
    served.await_free_port()


def kill_worker(served: Served) -> None:
    """The master starts another; the port never closes."""
    served.kill([random.choice(served.family()[1:])])
    time.sleep(0.3)


ENGINES = (
    BOTH if LONG else BOTH[:1]
)  # whose client dies is nothing new to PostgreSQL; SQLite is inside the dying process


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
def test_what_was_acknowledged_outlives_a_kill(served: Served, chi: Client) -> None:
    told = Told()
    for _ in range(ROUNDS):
        for strike in (kill_everything, kill_worker, kill_master):
            before = len(told.acknowledged)
            crowd = Crowd(served, chi, told)
            time.sleep(0.4 + random.random() * (1 if LONG else 0.3))
            strike(served)
            crowd.stop()
            assert told.strange == []
            assert len(told.acknowledged) > before, "nobody worked: the round shows nothing"
            if served.process is not None and served.process.poll() is not None:
                served.start()
            check_kept(served.url_of_database, told)
            print(f"{strike.__name__}: {len(told.acknowledged)} acknowledged, {len(told.unknown)} cut off")
            send_again(served, chi, told)
    check_kept(served.url_of_database, told)


def send_again(served: Served, chi: Client, told: Told) -> None:
    """Whoever heard nothing sends the same form again, and now hears that it is kept."""
    client = served.client(signed_in=chi)
    for form in list(told.unknown.values()):
        assert told.post(client, form) == 302, told.strange
    client.close()
    assert not told.unknown
