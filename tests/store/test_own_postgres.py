"""The suite's own PostgreSQL does what the other tests take for granted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests import postgres

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.postgres
OUTLIVED = """
import os, signal
from tests.postgres import postgres_url, server
postgres_url("outlived")
print(server().process.pid, server().home, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def count(url: str) -> int:
    with psycopg.connect(url) as db:
        row = db.execute("SELECT count(*) FROM village").fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def template() -> str:
    url = postgres.postgres_url(f"own_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("CREATE TABLE IF NOT EXISTS village (name text)")
    return url


def test_each_test_gets_a_database_of_its_own(template: str) -> None:
    first, second = postgres.fresh_database(template), postgres.fresh_database(template)
    with psycopg.connect(first) as db:
        db.execute("INSERT INTO village VALUES ('Hốc Đá')")
    assert (count(first), count(second), count(template)) == (1, 0, 0)
    postgres.drop_database(first)
    postgres.drop_database(second)
    with pytest.raises(psycopg.OperationalError):
        count(first)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["stopped", "crashed"])
def test_committed_rows_outlive_a_restart(template: str, how: signal.Signals) -> None:
    url = postgres.fresh_database(template)
    with psycopg.connect(url) as db:
        db.execute("INSERT INTO village VALUES ('Hốc Đá')")
    postgres.server().restart(how)
    assert count(url) == 1
    postgres.drop_database(url)


def test_letters_sort_and_fold_alike_on_every_machine(template: str) -> None:
    with psycopg.connect(template) as db:
        row = db.execute("SELECT lower('ĐẶNG') = 'đặng', 'Z' < 'a', 'z' < 'ă'").fetchone()
    assert row == (True, True, True)


def test_the_server_dies_with_a_killed_test_process() -> None:
    said = subprocess.run(
        [sys.executable, "-c", OUTLIVED], cwd=ROOT, capture_output=True, text=True
    ).stdout.split()
    status = Path(f"/proc/{said[0]}/status")
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and status.exists() and "zombie" not in status.read_text():
        time.sleep(0.05)
    assert not status.exists() or "zombie" in status.read_text()
    postgres._sweep()
    assert not Path(said[1]).exists()
