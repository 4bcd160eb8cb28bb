"""Records from phones: received in process, and by the server over eight connections, on SQLite and on PostgreSQL. The
floor is the bare driver: the same columns into tables without keys, indexes or checks, as durably, in turns."""

from __future__ import annotations

import json
import selectors
import statistics
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from tests.load.clients import Client
from tests.load.district import TODAY, Demo, district, scope_of
from tests.load.harness import Pair, Result, job
from tests.load.jobs_serving import OURS, SECRET, family_mib, serving
from tests.load.replay import Replay
from tests.load.senders import SENDER, Floor, Sender, sender_in

BATCH = 50
CONNECTIONS = 8
TURNS, SECONDS = 4, 1.5
FLOOR = "bare driver: the same columns of inbox, visits and assists into bare tables, same fsync"


def _receiving(folder: Path) -> tuple[Any, Callable[[Any], None], Sender]:
    """A district, how one more batch is received by an engine over it, and who sends."""
    from tdteam.actions.open_batch import open_batch
    from tdteam.actions.receive_records import receive
    from tdteam.domain.roles import Actor
    from tdteam.domain.sync import read_batch
    from tdteam.store.gate import open_session

    engine = district(folder)
    sender = sender_in(engine)
    actor = Actor(sender.account, SENDER, "leader")
    scope = replace(scope_of(engine, SENDER), actor=actor)
    told = deque(json.dumps(sender.batch(BATCH), ensure_ascii=False) for _ in range(2 * ROUNDS))

    def ours(engine: Any) -> None:
        raw = told.popleft()
        now = datetime.now(UTC)
        opened = open_batch(read_batch(json.loads(raw), now), now)
        with open_session(engine, scope, write=True) as session:
            receive(session, opened, actor)
            session.commit()

    return engine, ours, sender


ROUNDS = 80
IN_PROCESS = "receive a batch of visits, in process"
WORK = f"{BATCH} visits: hashes, inbox, checks, tallies, audit, fsync"


@job(IN_PROCESS, WORK, "≤ 10 ms of the processor", FLOOR)
def _receive(folder: Path) -> Pair:
    engine, ours, sender = _receiving(folder)
    floor = Floor(sender, engine.raw_connection().driver_connection, "?").make()
    waiting = [sender.batch(BATCH)["records"] for _ in range(ROUNDS)]
    return Pair(lambda: ours(engine), lambda: floor.put(waiting.pop()), ROUNDS - 2, BATCH)


@job(
    IN_PROCESS,
    WORK,
    "ratio ≤ 2.9 (0.35 of the floor)",
    "bare driver: the same new rows into our own tables with their keys and indexes, same fsync",
)
def _receive_again(folder: Path) -> Pair:
    engine, ours, _ = _receiving(folder)
    replay = Replay(engine, folder, ours, ROUNDS)
    return Pair(lambda: ours(engine), replay.put, ROUNDS - 2, BATCH)


Waiting = list[deque[bytes]]
"""What each phone has to send, in the order of its numbers."""


class Posting:
    """Eight phones on a connection each, sending their next batch as soon as they were answered."""

    def __init__(self, app: Any, sender: Sender, size: int) -> None:
        self.phones = [replace(sender, device=f"bench-{n}") for n in range(CONNECTIONS)]
        self.size = size
        self.head = _signed_in(app, sender.account)

    def requests(self, count: int) -> Waiting:
        """`count` requests in all, dealt out to the phones."""
        dealt = [count // CONNECTIONS + (n < count % CONNECTIONS) for n in range(CONNECTIONS)]
        return [
            deque(self._request(phone) for _ in range(own))
            for phone, own in zip(self.phones, dealt, strict=True)
        ]

    def _request(self, phone: Sender) -> bytes:
        body = json.dumps(phone.batch(self.size), ensure_ascii=False).encode()
        return self.head + b"Content-Length: %d\r\n\r\n" % len(body) + body

    def run(self, port: int, requests: Waiting, seconds: float) -> tuple[list[float], float]:
        """Milliseconds of each answer, and the seconds it took in all."""
        chooser = selectors.DefaultSelector()
        times: list[float] = []
        left: dict[int, deque[bytes]] = {}
        for own in requests:
            client = Client(port, own.popleft())
            client.send(chooser)
            left[id(client)] = own
        began = time.perf_counter()
        open_ones = CONNECTIONS
        while open_ones:
            for key, _ in chooser.select(timeout=0.2):
                client = key.data
                outcome = client.answered()
                if outcome is None:
                    continue
                if not outcome or b'"state":"accepted"' not in client.buffer:
                    raise RuntimeError(bytes(client.buffer[:300]).decode(errors="replace"))
                times.append((time.perf_counter() - client.sent_at) * 1000)
                if time.perf_counter() - began < seconds and left[id(client)]:
                    client.request = left[id(client)].popleft()
                    client.send(chooser)
                else:
                    client.drop(chooser)
                    open_ones -= 1
        return times, time.perf_counter() - began


def _signed_in(app: Any, account: int) -> bytes:
    """The head of a request with the leader's session and its token."""
    from flask import session as cookie
    from flask.sessions import SecureCookieSessionInterface
    from flask_wtf.csrf import generate_csrf

    from tdteam.store.accounts import find_seen
    from tdteam.store.gate import EVERYWHERE, open_session

    with open_session(app.extensions["tdteam_engine"], EVERYWHERE) as session:
        seen = find_seen(session, account)
    assert seen is not None
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    with app.test_request_context():
        cookie.update({"_user_id": f"{seen.id}.{seen.stamp}", "_fresh": True})
        token = generate_csrf()
        kept = f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(cookie))}"
    head = f"Host: 127.0.0.1\r\nCookie: {kept}\r\nX-CSRFToken: {token}\r\nContent-Type: application/json\r\n"
    return f"POST /sync/records HTTP/1.1\r\n{head}".encode()


def over_http(folder: Path, url: str, size: int) -> Result:
    """Batches of `size` posted by eight connections, in turns with bare connections that insert the same: eight, on
    SQLite one. The floor's time is what one of eight would take on average, each waiting for the seven others."""
    from tdteam import create_app
    from tdteam.config import Config

    app = create_app(Config(folder, url, SECRET))
    engine = app.extensions["tdteam_engine"]
    sender = sender_in(engine)
    posting = Posting(app, sender, size)
    alone = (
        engine.dialect.name == "sqlite"
    )  # one writer at a time, and the bare driver waits badly for its turn
    floors = [_floor(engine, sender, n == 0) for n in range(1 if alone else CONNECTIONS)]
    make = f"import os\nos.environ['TDTEAM_DATABASE_URL'] = {url!r}\n{OURS}"
    times: list[float] = []
    bare = took = used = bare_took = 0.0
    most = 480 if size > 1 else 3_000
    with serving(make, folder) as (process, port):
        posting.run(port, posting.requests(4 * CONNECTIONS), SECONDS)  # workers open their databases
        for _ in range(TURNS):
            requests = posting.requests(most)
            before = _processor(process)
            answered, seconds = posting.run(port, requests, SECONDS)
            used += _processor(process) - before
            times += answered
            took += seconds
            count, seconds = _all_at_once(floors, [sender.batch(size)["records"] for _ in range(most)])
            bare += count
            bare_took += seconds
        peak = family_mib(process)
    return Result(
        median=statistics.median(times),
        p95=statistics.quantiles(times, n=20)[-1],
        peak=peak,
        floor=bare_took * 1000 * CONNECTIONS / bare,
        rate=len(times) * size / took,
        cpu=used * 1000 / len(times),
    )


def _floor(engine: Any, sender: Sender, is_first: bool) -> Floor:
    """A bare connection of its own; the first makes the tables."""
    connection = engine.raw_connection().driver_connection
    is_sqlite = engine.dialect.name == "sqlite"
    if not is_sqlite:
        connection.rollback()
        connection.autocommit = True  # BEGIN and COMMIT are said
    floor = Floor(sender, connection, "?" if is_sqlite else "%s")
    return floor.make() if is_first else floor


def _all_at_once(floors: list[Floor], batches: list[list[dict[str, Any]]]) -> tuple[int, float]:
    """How many batches all connections at once put down, and in how many seconds."""
    began, count = time.perf_counter(), len(batches)

    def work(floor: Floor) -> None:
        while batches and time.perf_counter() - began < SECONDS:
            floor.put(batches.pop())

    threads = [threading.Thread(target=work, args=(floor,)) for floor in floors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return count - len(batches), time.perf_counter() - began


def _processor(process: psutil.Process) -> float:
    """Seconds of the processor the server's processes have had."""
    family = [process, *process.children(recursive=True)]
    return sum(each.cpu_times().user + each.cpu_times().system for each in family)


def _postgres(folder: Path) -> str:
    """The address of a PostgreSQL of this job's own, with the demonstration in it and as durable as a deployment's."""
    from tdteam.actions.demonstrate import demonstrate
    from tdteam.store import migrate
    from tdteam.store.engine import make_engine
    from tests import postgres

    postgres.SETTINGS.update(fsync="on", full_page_writes="on", autovacuum="on", shared_buffers="128MB")
    url = postgres.postgres_url("bench")
    migrate.upgrade(url)
    engine = make_engine(url)
    demonstrate(engine, Demo(), lambda *_: None, today=TODAY)
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()
    return url


def _sqlite(folder: Path) -> str:
    district(folder).dispose()
    return f"sqlite:///{folder / 'tdteam.db'}"


MANY = f"{BATCH} visits a request, {CONNECTIONS} connections"
ONE = f"one visit a request, {CONNECTIONS} connections"
GOAL = "≥ 10,000 visits/s, p95 ≤ 50 ms; ratio ≤ 2.9 (0.35 of the floor)"
ODK = "≥ 4 × ODK Central's; none can be installed here, so not compared"


@job("records over HTTP, SQLite", MANY, GOAL, FLOOR)
def _many_sqlite(folder: Path) -> Result:
    return over_http(folder, _sqlite(folder), BATCH)


@job("records over HTTP, SQLite", ONE, ODK, FLOOR)
def _one_sqlite(folder: Path) -> Result:
    return over_http(folder, _sqlite(folder), 1)


@job("records over HTTP, PostgreSQL", MANY, GOAL, FLOOR)
def _many_postgres(folder: Path) -> Result:
    return over_http(folder, _postgres(folder), BATCH)


@job("records over HTTP, PostgreSQL", ONE, ODK, FLOOR)
def _one_postgres(folder: Path) -> Result:
    return over_http(folder, _postgres(folder), 1)
