"""The same form sent twenty times at the same moment is one visit."""

from __future__ import annotations

import threading

from tests.fault.served import LONG, Client, Served, Told, check_kept

COPIES = 20


def send_at_once(clients: list[Client], told: Told, form: dict[str, object]) -> list[int]:
    start = threading.Barrier(len(clients))
    statuses: list[int] = []

    def send(client: Client) -> None:
        client.get("/healthz")  # connected before the start
        start.wait()
        statuses.append(told.post(client, form))

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return statuses


def test_twenty_copies_at_once_are_one_visit(served: Served, chi: Client) -> None:
    told = Told()
    clients = [served.client(signed_in=chi) for _ in range(COPIES)]
    for _ in range(25 if LONG else 2):
        assert send_at_once(clients, told, served.seeded.form()) == [302] * COPIES, told.strange
    for client in clients:
        client.close()
    check_kept(served.url_of_database, told)
