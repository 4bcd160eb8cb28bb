"""`kill -9` of the server while phones send: nothing acknowledged is lost, nothing arrives twice (`docs/sync.md`)."""

from __future__ import annotations

import random
import threading
import time

import pytest

from tests.conftest import BOTH
from tests.fault.phones import Crowd, Phone, check_phones
from tests.fault.served import LONG, Client, Served
from tests.fault.test_kill import kill_everything, kill_master, kill_worker

STRIKES = 300 if LONG else 4
CHECK_EVERY = 25 if LONG else 2
COPIES = 20


def phones_of(served: Served, chi: Client, count: int = 4) -> list[Phone]:
    return [Phone(served.client(signed_in=chi), served, f"phone-{n}") for n in range(count)]


@pytest.mark.slow
@pytest.mark.parametrize("database_url", BOTH if LONG else BOTH[:1], indirect=True)
def test_phones_lose_nothing_and_send_nothing_twice_while_the_server_is_killed(
    served: Served, chi: Client
) -> None:
    phones = phones_of(served, chi)
    for strike in range(1, STRIKES + 1):
        crowd = Crowd(phones)
        time.sleep(0.2 + random.random() * 0.4)
        random.choice((kill_everything, kill_worker, kill_master))(served)
        crowd.stop()
        assert [one for phone in phones for one in phone.strange] == []
        if served.process is not None and served.process.poll() is not None:
            served.start()
        if strike % CHECK_EVERY == 0:
            check_phones(served.url_of_database, phones)
    for phone in phones:
        while phone.outbox:
            assert phone.send(50), "the server is back and does not answer"
    check_phones(served.url_of_database, phones)
    told = [states for phone in phones for states in phone.told.values()]
    assert len(told) > STRIKES and any(phone.cut for phone in phones), "nobody worked: the test shows nothing"
    assert {states[-1] for states in told} <= {"accepted", "duplicate"}


def test_twenty_copies_of_one_batch_at_once_arrive_once(served: Served, chi: Client) -> None:
    first = phones_of(served, chi, 1)[0]
    for _ in range(25 if LONG else 2):
        first.log(30)
        copies = [
            Phone(served.client(signed_in=chi), served, "phone-0", outbox=list(first.outbox))
            for _ in range(COPIES)
        ]
        start = threading.Barrier(COPIES)

        def send(phone: Phone, start: threading.Barrier = start) -> None:
            phone.client.get("/healthz")  # connected before the start
            start.wait()
            while phone.outbox:
                phone.send(50)

        threads = [threading.Thread(target=send, args=(phone,)) for phone in copies]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        states = [state for phone in copies for told in phone.told.values() for state in told]
        assert sorted(states) == ["accepted"] * 30 + ["duplicate"] * 30 * (COPIES - 1)
        assert [one for phone in copies for one in phone.strange] == []
        first.told |= {record["id"]: ["accepted"] for record in first.outbox}
        first.outbox = []
        for phone in copies:
            phone.client.close()
    check_phones(served.url_of_database, [first])
