"""A restore and whoever uses the database keep out of each other's way."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import sqlcipher3.dbapi2 as sqlcipher

from tdteam.store import locks
from tests.conftest import SECRET
from tests.shell import ROOT, Run, failed, ready, run

__all__ = ["ready", "run"]


def home(tmp_path: Path) -> Path:
    return tmp_path / "instance"


def test_a_served_database_is_not_replaced(ready: Run, tmp_path: Path) -> None:
    target = tmp_path / "a.db"
    ready("backup", target)
    env = {**os.environ, "TDTEAM_INSTANCE": str(home(tmp_path)), "TDTEAM_SECRET_KEY": SECRET, "PORT": "0"}
    server = subprocess.Popen(
        [sys.executable, "-m", "tdteam", "serve"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        address = next(word for word in server.stdout.readline().split() if word.startswith("http://"))
        before = (home(tmp_path) / "tdteam.db").read_bytes()
        failed(ready("restore", target), "dừng máy chủ")
        assert urlopen(f"{address}/healthz", timeout=10).status == 200  # noqa: S310 - our own address
        assert (home(tmp_path) / "tdteam.db").read_bytes() == before
        server.kill()  # the lock dies with its holders, however they die
        server.wait(10)
        deadline = time.monotonic() + 30
        done = ready("restore", target)
        while done.exit_code and time.monotonic() < deadline:
            time.sleep(0.3)
            done = ready("restore", target)
        assert done.exit_code == 0, done.stderr
    finally:
        server.kill()
        server.wait(10)


def test_somebody_who_only_has_the_file_open_is_seen_too(ready: Run, tmp_path: Path) -> None:
    """Another server program, or a tool that looks into the database, knows nothing of our lock."""
    target = tmp_path / "a.db"
    ready("backup", target)
    with sqlcipher.connect(str(home(tmp_path) / "tdteam.db")) as other:
        other.execute("SELECT count(*) FROM account").fetchone()
        failed(ready("restore", target), "đang dùng")
    other.close()
    assert ready("restore", target).exit_code == 0


def test_while_a_restore_runs_nobody_begins(ready: Run, tmp_path: Path) -> None:
    with locks.held(home(tmp_path) / locks.SERVING):
        for command in (["serve"], ["account", "list"], ["migrate"], ["backup"], ["verify-audit"]):
            failed(ready(*command), "Đang khôi phục")
        failed(ready("restore", "x.db"), "đang dùng")
    assert ready("account", "list").exit_code == 0


def test_there_is_no_way_to_force_it(ready: Run) -> None:
    failed(ready("restore", "x.db", "--force"), "Không có tùy chọn --force")
