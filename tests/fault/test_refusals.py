"""A database that cannot be written: the page says so and when to try again, nothing is half written, then all is well."""

from __future__ import annotations

import ctypes
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil
import pytest
from flask import Flask
from sqlalchemy import Engine, event

from tdteam import create_app
from tdteam.config import Config
from tdteam.store.engine import writers
from tests.browser.site import PASSWORD, ROOT, environment
from tests.client import CheckingClient
from tests.fault.served import LONG, SECRET, Answer, Client, Served, Told, check_kept, prepared, seed

SAID = "Tạm thời chưa vào được dữ liệu"
PLAIN = "Cơ sở dữ liệu chưa nhận được"
OVER_FILE_MODES = (1, 2, 3)
"""CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER: with these, root writes what is read-only."""


def database_of(served: Served) -> Path:
    return Path(served.url_of_database.removeprefix("sqlite:///"))


def check_refusal(answer: Answer) -> None:
    assert answer.status == 503, answer.text[:2000]
    assert answer.headers["retry-after"] == "5"
    assert SAID in answer.text


@pytest.fixture
def chi(hasty: Served) -> Client:
    return hasty.client().sign_in()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_locked_database_is_said_and_nothing_is_written(hasty: Served, chi: Client) -> None:
    told = Told()
    kept = hasty.seeded.form()
    assert told.post(chi, kept) == 302
    with locked(database_of(hasty)):
        late = hasty.seeded.form()
        check_refusal(chi.post("/visits/new", late))
        assert told.post(chi, hasty.seeded.form()) == 503
        check_refusal(chi.post(f"/visits/{kept['id']}/void", {"why": "nhập nhầm"}))
        check_refusal(chi.post("/sign-in", {"username": "chi", "password": PASSWORD}))
        assert chi.get("/teams/").status == 200, "reading goes on while somebody writes"
    assert told.post(chi, late) == 302
    check_kept(hasty.url_of_database, told)


@contextmanager
def full_after(served: Served, size: int) -> Iterator[None]:
    """No file of the server may grow beyond so many bytes: each write that would is refused by the system."""
    family = served.family()
    for one in family:
        one.rlimit(psutil.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    yield
    for one in family:
        one.rlimit(psutil.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@pytest.mark.slow
def test_a_full_disk_refuses_whole_visits_and_loses_none(hasty: Served, chi: Client) -> None:
    """The disk is full at another write each time: somewhere in the journal of this visit, or of a later one."""
    told = Told()
    journal = Path(f"{database_of(hasty)}-wal")
    assert told.post(chi, hasty.seeded.form()) == 302
    for room in range(0, 130_000, 1_500 if LONG else 13_000):
        with full_after(hasty, journal.stat().st_size + room):
            for _ in range(3):
                if told.post(chi, hasty.seeded.form()) == 503:
                    page = chi.get("/visits/new")
                    assert page.status == 200 and "Đã lưu" not in page.text
        assert told.strange == []
        assert told.post(chi, hasty.seeded.form()) == 302, "there is room again"
    assert len(told.refused) > 3
    check_kept(hasty.url_of_database, told)


@pytest.fixture
def cramped(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database that may hold only a few pages more."""
    made = create_app(Config(tmp_path, sqlite_url, SECRET, mode="production"))
    made.testing = True
    made.test_client_class = CheckingClient
    engine: Engine = made.extensions["tdteam_engine"]

    def _bound(connection: sqlite3.Connection, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 4}")

    for one in (engine, writers(engine)):
        event.listen(one, "connect", _bound)
    yield made
    engine.dispose()


def test_a_database_that_is_full_is_said_too(cramped: Flask, sqlite_url: str) -> None:
    seeded = seed(sqlite_url)
    told = Told()
    client = cramped.test_client()
    token = client.get("/sign-in").get_data(as_text=True).partition('name="csrf_token" value="')[2]
    client.token = token.partition('"')[0]  # type: ignore[attr-defined]
    assert client.post("/sign-in", data={"username": "chi", "password": PASSWORD}).status_code == 302
    token = client.get("/visits/new").get_data(as_text=True).partition('name="csrf_token" value="')[2]
    client.token = token.partition('"')[0]  # type: ignore[attr-defined]
    for _ in range(60):
        form = seeded.form()
        answer = client.post("/visits/new", data=form)
        if answer.status_code != 302:
            assert answer.status_code == 503 and answer.headers["Retry-After"] == "5"
            assert SAID in answer.get_data(as_text=True)
            told.refused.add(form["id"])
            break
        told.acknowledged.add(form["id"])
    assert told.refused and told.acknowledged
    check_kept(sqlite_url, told)


def obey_file_modes() -> None:
    """In the child before it is the server: even root is then bound by what is read-only."""
    for capability in OVER_FILE_MODES:
        with suppress(OSError):
            ctypes.CDLL(None).prctl(
                24, capability, 0, 0, 0
            )  # PR_CAPBSET_DROP; without root there is none to drop


def test_a_read_only_file_is_said_and_works_when_it_is_mended(sqlite_url: str, tmp_path: Path) -> None:
    served = prepared(tmp_path / "instance", sqlite_url)
    served.before = obey_file_modes
    database = database_of(served)
    database.chmod(0o444)
    try:
        served.start()
        client = served.client()
        check_refusal(_try_in(client))
        ready = client.get("/readyz")
        assert ready.status == 503 and '"database":false' in ready.text.replace(" ", "")
        assert client.get("/healthz").status == 200
        for file in tmp_path.glob("tdteam.db*"):  # its journals took over the mode
            file.chmod(0o644)
        for _ in range(len(served.family()) - 1):  # each worker lets its old connections go when they fail
            if _try_in(served.client()).status == 302:
                break
        told = Told()
        assert told.post(served.client().sign_in(), served.seeded.form()) == 302
        check_kept(sqlite_url, told)
        assert "Traceback" not in served.log()
    finally:
        served.stop()


def _try_in(client: Client) -> Answer:
    client.read_token("/sign-in")
    return client.post("/sign-in", {"username": "chi", "password": PASSWORD})


def test_a_read_only_folder_stops_the_start_with_a_plain_sentence(sqlite_url: str, tmp_path: Path) -> None:
    served = prepared(tmp_path / "instance", sqlite_url)
    tmp_path.chmod(0o555)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "tdteam", "serve"],
            env=environment(served.instance, PORT=str(served.port), **served.more),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            preexec_fn=obey_file_modes,
        )
    finally:
        tmp_path.chmod(0o755)
    assert ended.returncode == 1
    assert PLAIN in ended.stderr and "Traceback" not in ended.stderr
