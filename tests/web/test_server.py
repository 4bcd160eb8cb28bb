"""The server itself, run as a process of its own with a tiny app: who waits, who dies, who is answered."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import os, time
from tdteam.server import serve

def factory():
    def app(environ, start):
        path = environ["PATH_INFO"]
        if path == "/slow":
            time.sleep(0.6)
        if path == "/body":
            environ["wsgi.input"].read()
        said = {"/who": environ["REMOTE_ADDR"] + " " + environ["wsgi.url_scheme"], "/pid": str(os.getpid())}.get(path, "ok")
        start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(said)))])
        return [said.encode()]
    if os.environ.get("BROKEN"):
        raise RuntimeError("the secret is missing")
    return app

serve(factory, "127.0.0.1", 0, workers=int(os.environ["WORKERS"]), announce=lambda address: print(address, flush=True))
"""


class Running:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        assert process.stdout is not None
        self.address = process.stdout.readline().strip()
        self.port = int(self.address.rsplit(":", 1)[1])

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=5)

    def get(self, path: str, *headers: str) -> str:
        with self.connect() as sock:
            lines = [f"GET {path} HTTP/1.1", "Host: here", "Connection: close", *headers]
            sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            return read_all(sock)

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()


def read_all(sock: socket.socket) -> str:
    said = b""
    with contextlib.suppress(ConnectionError):
        while piece := sock.recv(4096):
            said += piece
    return said.decode()


def eventually(true: object, within: float = 5) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if callable(true) and true():
            return True
        time.sleep(0.02)
    return False


@contextlib.contextmanager
def started(**environment: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": str(ROOT), "WORKERS": "2", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        children = psutil.Process(process.pid).children() if process.poll() is None else []
        process.kill()
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
        process.communicate()


@pytest.fixture(params=["1", "2"], ids=["one process", "two processes"])
def running(request: pytest.FixtureRequest) -> Iterator[Running]:
    with started(WORKERS=request.param) as process:
        yield Running(process)


@pytest.fixture
def crew() -> Iterator[Running]:
    with started() as process:
        yield Running(process)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_a_request_in_hand_is_answered_before_the_server_stops(
    running: Running, number: signal.Signals
) -> None:
    assert running.get("/").endswith("ok")
    with running.connect() as sock:
        sock.sendall(b"GET /slow HTTP/1.1\r\nHost: here\r\n\r\n")
        time.sleep(0.2)
        running.process.send_signal(number)
        assert read_all(sock).endswith("ok")
    assert running.process.wait(timeout=5) == 0


def test_phones_that_send_their_body_slowly_keep_nobody_waiting(running: Running) -> None:
    slow = [running.connect() for _ in range(40)]
    for sock in slow:
        sock.sendall(b"POST /body HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\nhalf")
    time.sleep(0.2)
    begin = time.monotonic()
    assert running.get("/").endswith("ok")
    assert time.monotonic() - begin < 3, "the slow ones hold every thread"
    for sock in slow:
        sock.sendall(b"-other")
    assert all(b"200 OK" in sock.recv(100) for sock in slow)
    for sock in slow:
        sock.close()


def test_a_worker_that_is_killed_is_replaced(crew: Running) -> None:
    assert eventually(lambda: len(crew.workers()) == 2)
    victim = crew.workers()[0]
    victim.kill()
    assert eventually(lambda: len(crew.workers()) == 2 and victim.pid not in {w.pid for w in crew.workers()})
    assert crew.get("/").endswith("ok")


def test_workers_go_when_their_parent_is_killed(crew: Running) -> None:
    assert crew.get("/").endswith("ok")
    workers = crew.workers()
    assert len(workers) == 2
    crew.process.kill()
    gone, alive = psutil.wait_procs(workers, timeout=5)
    assert not [worker for worker in alive if worker.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_app_that_cannot_start_ends_the_server_and_says_why(workers: str) -> None:
    with started(WORKERS=workers, BROKEN="1") as process:
        _, said = process.communicate(timeout=10)
        assert process.returncode == 1
        assert "the secret is missing" in said


def test_the_proxy_of_this_machine_is_believed_about_the_phone(running: Running) -> None:
    said = running.get("/who", "X-Forwarded-For: 198.51.100.9, 203.0.113.7", "X-Forwarded-Proto: https")
    assert said.endswith("203.0.113.7 https")


def test_the_answer_does_not_name_the_software(running: Running) -> None:
    assert "waitress" not in running.get("/").lower()


def test_a_taken_port_is_told_before_anything_is_announced() -> None:
    from tdteam.server import serve

    with socket.create_server(("127.0.0.1", 0)) as taken:
        told: list[str] = []
        with pytest.raises(OSError):
            serve(lambda: lambda *_: [], "127.0.0.1", taken.getsockname()[1], announce=told.append)
    assert told == []
