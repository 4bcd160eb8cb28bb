"""Starting and carrying the application, beside a Flask page that does nothing."""

from __future__ import annotations

import contextlib
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from tests.load.clients import measure as ask
from tests.load.harness import Result, job

ROOT = Path(__file__).resolve().parents[2]
SERVE = """
from tdteam.server import serve
{make}
serve(factory, "127.0.0.1", {port})
"""
OURS = """
from tdteam import create_app as factory
import tdteam.web.app
"""
BARE = """
def factory():
    from flask import Flask
    app = Flask("bare")
    app.add_url_rule("/healthz", view_func=lambda: "alive")
    return app
"""
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
SECRET = "only-for-measuring-0123456789-abcdefgh"


@contextlib.contextmanager
def serving(make: str, folder: Path) -> Iterator[tuple[psutil.Process, int]]:
    """A server process that has answered once."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TDTEAM_", "PYTHON"))}
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE.format(make=make, port=port)],
        cwd=ROOT,
        env={
            **kept,
            "TDTEAM_INSTANCE": str(folder),
            "TDTEAM_SECRET_KEY": SECRET,
            "PYTHONPYCACHEPREFIX": str(folder / "compiled"),  # as installed: compiled once, then read
        },
        stderr=subprocess.DEVNULL,
    )
    try:
        while not answers(port):
            if process.poll() is not None:
                raise RuntimeError("the server ended before it answered")
            time.sleep(0.005)
        yield psutil.Process(process.pid), port
    finally:
        process.terminate()
        process.wait(timeout=30)


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as sock:
        sock.sendall(HEALTH)
        return sock.recv(12).endswith(b"200")
    return False


def family_mib(process: psutil.Process) -> float:
    """MiB of the server and its workers, each shared page counted once."""
    return sum(each.memory_full_info().pss for each in [process, *process.children(recursive=True)]) / 2**20


def start(make: str, folder: Path) -> tuple[float, float]:
    """Milliseconds to the first answer, and the memory then."""
    begin = time.perf_counter()
    with serving(make, folder) as (process, _):
        return (time.perf_counter() - begin) * 1000, family_mib(process)


@job("start to first answer", "migrated database", "≤ 2 s", "a bare Flask app on the same server")
def _start(folder: Path) -> Result:
    from tdteam.store import migrate

    migrate.upgrade(f"sqlite:///{folder}/tdteam.db")
    ours, theirs = [], []
    start(OURS, folder)
    for _ in range(7):
        ours.append(start(OURS, folder))
        theirs.append(start(BARE, folder))
    times = [took for took, _ in ours]
    return Result(
        median=statistics.median(times),
        p95=max(times),
        peak=max(memory for _, memory in ours),
        floor=statistics.median(took for took, _ in theirs),
        rate=1000 / statistics.median(times),
    )


def over_http(process: psutil.Process, port: int, bare: int, request: bytes, floor: bytes = HEALTH) -> Result:
    """One request of ours against one of the bare app, in turns, 16 connections each."""
    ours: list[float] = []
    theirs: list[float] = []
    turns, seconds = 4, 1.0
    ask(port, request, seconds)  # every worker compiles its templates and opens its database
    for _ in range(turns):
        ours += quick(port, request, seconds)
        theirs += quick(bare, floor, seconds)
    return Result(
        median=statistics.median(ours) * 1000,
        p95=statistics.quantiles(ours, n=20)[-1] * 1000,
        peak=family_mib(process),
        floor=statistics.median(theirs) * 1000,
        rate=len(ours) / (turns * seconds),
    )


def quick(port: int, request: bytes, seconds: float) -> list[float]:
    times, failed = ask(port, request, seconds)
    if failed:
        raise RuntimeError(f"{failed} requests failed")
    return times


@job(
    "an answer over HTTP",
    "/healthz, 16 connections",
    "≤ 200 MiB, all processes",
    "bare Flask on the same server",
)
def _answer(folder: Path) -> Result:
    from tdteam.store import migrate

    migrate.upgrade(f"sqlite:///{folder}/tdteam.db")
    with serving(OURS, folder) as (process, ours), serving(BARE, folder) as (_, bare):
        return over_http(process, ours, bare, HEALTH)
