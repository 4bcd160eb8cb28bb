"""The real server on a small world of its own, clients that post visits as browsers do, and what must be true after."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
from sqlalchemy import func, select

from tdteam.actions.passwords import hash_password
from tdteam.domain.ids import new_id
from tdteam.domain.periods import today
from tdteam.store import audit, settings
from tdteam.store.doctor import integrity
from tdteam.store.engine import make_engine
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.rebuild import compare
from tdteam.store.tables import Assist, Audit, Visit
from tests.browser.site import PASSWORD, Site
from tests.cast import make_cast
from tests.fault.answer import Answer
from tests.world import World

LONG = bool(os.environ.get("TDTEAM_LONG"))
SECRET = "a-secret-for-tests-only-0123456789abcdef"
HASH = hash_password(PASSWORD)


@dataclass(frozen=True)
class Seeded:
    """Where visits may be recorded: a village, its team and some households; Chi's account signs in with PASSWORD."""

    village_id: int
    team_id: int
    households: tuple[str, ...]

    def form(self, visit_id: str | None = None, **more: Any) -> dict[str, Any]:
        """A visit with two kinds of help, as the form posts it."""
        return {
            "id": visit_id or new_id(),
            "village_id": self.village_id,
            "team_id": self.team_id,
            "household_id": self.households[0],
            "visited_on": today().strftime("%d/%m/%Y"),
            "place": "home",
            "contact": "met",
            "assists-0-kind": "EID2_ACTIVATE",
            "assists-0-outcome": "done",
            "assists-0-people": "2",
            "assists-1-kind": "FILING_SUBMIT",
            "assists-1-outcome": "done",
            "assists-1-people": "1",
            **more,
        }


def seed(url: str) -> Seeded:
    """The cast of the tests and eight households, in a migrated and empty database."""
    engine = make_engine(url)
    with open_session(engine, EVERYWHERE, write=True) as session:
        settings.fix_period_start_day(session, 15)
        cast = make_cast(World(session))
        homes = tuple(cast.village.household(f"Lý Láo {number}").id for number in range(8))
        cast.chi.password_hash = HASH
        session.add(cast.chi)
        seeded = Seeded(cast.village.id, cast.village.team.id or 0, homes)
        session.commit()
    engine.dispose()
    return seeded


class Client:
    """A browser without a screen: cookies kept, forms sent with the session's token. Raises OSError when cut off."""

    def __init__(self, port: int, signed_in: Client | None = None, timeout: float = 30) -> None:
        self.port = port
        self.timeout = timeout
        self.cookies: dict[str, str] = dict(signed_in.cookies) if signed_in else {}
        self.token = signed_in.token if signed_in else ""
        self.connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, form: dict[str, Any] | None = None) -> Answer:
        headers, body = {"Accept": "text/html"}, None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({**form, "csrf_token": self.token}, doseq=True)
        return self._ask(method, path, headers, body)

    def ask_json(self, method: str, path: str, said: object) -> Answer:
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "X-CSRFToken": self.token,
        }
        return self._ask(method, path, headers, json.dumps(said))

    def _ask(self, method: str, path: str, headers: dict[str, str], body: str | None) -> Answer:
        headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
            self.connection.request(method, path, body, headers)
            came = self.connection.getresponse()
            text = came.read().decode()
        except (OSError, http.client.HTTPException) as cut:
            self.close()
            raise ConnectionError(str(cut)) from cut
        for line in came.headers.get_all("Set-Cookie") or ():
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return Answer(came.status, {k.lower(): v for k, v in came.headers.items()}, text)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, form: dict[str, Any]) -> Answer:
        return self.ask("POST", path, form)

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def sign_in(self, who: str = "chi") -> Client:
        self.read_token("/sign-in")
        entered = self.post("/sign-in", {"username": who, "password": PASSWORD})
        assert entered.status == 302, entered.text
        self.read_token("/visits/new")
        return self

    def read_token(self, path: str) -> None:
        page = self.get(path)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        assert found, page.text[:2000]
        self.token = found[1]


@dataclass
class Served(Site):
    """The application in processes of its own, which may be killed."""

    seeded: Seeded = field(default_factory=lambda: Seeded(0, 0, ()))
    url_of_database: str = ""

    def master(self) -> psutil.Process:
        assert self.process is not None
        return psutil.Process(self.process.pid)

    def family(self) -> list[psutil.Process]:
        """The master and its workers."""
        return [self.master(), *self.master().children(recursive=True)]

    def kill(self, victims: Iterable[psutil.Process]) -> None:
        """`kill -9`, and wait until they are gone."""
        struck = list(victims)
        for one in struck:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        if self.process is not None and self.process.pid in {one.pid for one in struck}:
            self.process.wait(timeout=30)

    def await_free_port(self) -> None:
        """Until nobody listens any more: workers whose master was killed first finish what they hold."""
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)):
                    return
            time.sleep(0.05)
        raise AssertionError("workers stay although their master is gone")

    def client(self, **more: Any) -> Client:
        return Client(self.port, **more)


def prepared(folder: Path, url: str, *, waits: float | None = None) -> Served:
    """A seeded world at `url`, ready to be served in production mode. `waits`: seconds a writer waits (SQLite)."""
    folder.mkdir(exist_ok=True)
    seeded = seed(url)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    asked = url if waits is None else f"{url}?timeout={waits}"
    more = {"TDTEAM_MODE": "production", "TDTEAM_SECRET_KEY": SECRET, "TDTEAM_DATABASE_URL": asked}
    return Served(folder, port, more, seeded=seeded, url_of_database=url)


@contextlib.contextmanager
def serving(folder: Path, url: str, *, waits: float | None = None) -> Iterator[Served]:
    """The same, served until the block ends."""
    served = prepared(folder, url, waits=waits)
    try:
        served.start()
        yield served
    finally:
        served.stop()


@dataclass
class Told:
    """What clients were told of the visits they sent: ids by outcome; of the unknown also the form, to send it again."""

    acknowledged: set[str] = field(default_factory=set)
    unknown: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    strange: list[str] = field(default_factory=list)

    def post(self, client: Client, form: dict[str, Any]) -> int:
        """Send one; returns the status, 0 when cut off."""
        visit_id = str(form["id"])
        try:
            answer = client.post("/visits/new", form)
        except OSError:
            self.unknown[visit_id] = form
            return 0
        self.unknown.pop(visit_id, None)
        if answer.status == 302 and answer.headers["location"].endswith(f"/visits/{visit_id}"):
            self.acknowledged.add(visit_id)
        elif answer.status == 503:
            self.refused.add(visit_id)
        else:
            self.strange.append(f"{answer.status} {answer.headers.get('location', '')} {answer.text[:600]}")
        return answer.status

    def refusals_are_unknown(self) -> None:
        """For a database server that dies: whether the last COMMIT came through, nobody was told."""
        self.unknown.update(dict.fromkeys(self.refused, {}))
        self.refused.clear()


class Crowd:
    """Some people who post one visit after another until told to stop, or until the server is gone."""

    def __init__(self, served: Served, signed_in: Client, told: Told, people: int = 4) -> None:
        self.stopping = threading.Event()
        self.served = served
        self.told = told
        clients = [served.client(signed_in=signed_in) for _ in range(people)]
        self.threads = [threading.Thread(target=self._work, args=each) for each in enumerate(clients)]
        for thread in self.threads:
            thread.start()

    def _work(self, number: int, client: Client) -> None:
        homes = self.served.seeded.households
        turn = number
        while not self.stopping.is_set():
            turn += 1
            form = self.served.seeded.form(household_id=homes[turn % len(homes)])
            if not self.told.post(client, form) and not self._is_there():
                break
        client.close()

    def _is_there(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.served.port)) == 0

    def stop(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)
            assert not thread.is_alive(), "a client waits for an answer that never comes"


def check_kept(url: str, told: Told) -> None:
    """Acknowledged: whole, exactly once. Unknown: at most once. Refused: never. Figures and audit as the rows say."""
    engine = make_engine(url)
    with open_session(engine, EVERYWHERE) as session:
        held = Counter(session.scalars(select(Visit.root_id)))
        helped = select(Assist.visit_id, func.count()).group_by(Assist.visit_id)
        parts: dict[str, int] = dict(session.execute(helped).all())  # type: ignore[arg-type]
        noted = Counter(
            session.scalars(select(Audit.target).where(Audit.action == "record", Audit.noun == "visit"))
        )
        assert {visit_id: held[visit_id] for visit_id in told.acknowledged if held[visit_id] != 1} == {}
        assert not told.refused & set(held)
        assert set(held) <= told.acknowledged | set(told.unknown)
        assert [visit_id for visit_id, times in held.items() if times != 1] == []
        assert {visit_id: parts.get(visit_id) for visit_id in held if parts.get(visit_id) != 2} == {}
        assert noted == held, "the audit and the visits tell different stories"
        assert compare(session) == []
        assert audit.first_broken(session) is None
    assert integrity(engine) is None
    engine.dispose()
