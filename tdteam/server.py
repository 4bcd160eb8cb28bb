"""The HTTP server: a few waitress processes behind one listening socket. Why these: docs/decisions/0001-server.md.

Waitress reads a whole request before a thread sees it and keeps the rest of an answer when the reader is slow, so
fifty phones on a bad network hold fifty sockets and no thread. Several processes, because threads share one
interpreter; they are forked after the imports, so they share that memory, and before the first database connection,
because SQLite's may not cross a fork. Where there is no fork (Windows) one process serves.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import waitress
from waitress.server import BaseWSGIServer

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

THREADS = 4
MOST_WORKERS = 4
GRACE = 20.0
"""Seconds that requests in hand are given after SIGTERM or Ctrl-C."""
COULD_NOT_START = 3

_log = logging.getLogger(__name__)

_SETTINGS: dict[str, Any] = {
    "threads": THREADS,
    "connection_limit": 800,  # a process may open 1,024 files by default
    "asyncore_use_poll": True,
    "channel_timeout": 120,
    "max_request_header_size": 32 * 1024,
    "max_request_body_size": 64 * 1024 * 1024,  # the pages' own limits are lower; this one protects the disk
    "ident": None,
    # Only a proxy on this machine is believed; anyone else's X-Forwarded-* headers are dropped.
    "trusted_proxy": "127.0.0.1",
    "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    "clear_untrusted_proxy_headers": True,
}


def default_workers() -> int:
    """One process a core, four at most; one where processes cannot be forked."""
    return max(1, min(MOST_WORKERS, os.cpu_count() or 1)) if hasattr(os, "fork") else 1


def serve(
    factory: Callable[[], Wsgi],
    host: str,
    port: int,
    *,
    workers: int | None = None,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Serve until SIGTERM or Ctrl-C, then let requests in hand finish; ends the process by SystemExit on failure.

    `factory` makes the app and runs once in each process, so that each opens its own database connections; the
    caller must hold none. `port` 0 takes a free one. `announce` is told the address, `http://host:port`, once the
    socket listens; OSError is raised before that when the port is taken.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=1024) as listening:
        listening.setblocking(False)
        if announce is not None:
            shown = f"[{host}]" if ":" in host else host
            announce(f"http://{shown}:{listening.getsockname()[1]}")
        count = default_workers() if workers is None else workers
        if count > 1 and hasattr(os, "fork"):
            _Crew(factory, listening, count).run()
        else:
            _work(factory(), listening, stop_on=(signal.SIGTERM, signal.SIGINT))


def _work(app: Wsgi, listening: socket.socket, stop_on: Iterable[signal.Signals]) -> None:
    """Serve in this process until one of the signals comes and the requests in hand are answered."""
    # What the application is made of stays; what a request makes is mostly gone by counting when it ends. Looked for
    # rings as often as Python does by default, a list page takes 5 to 14 in a hundred more of the processor.
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 20)
    server = waitress.create_server(app, sockets=[listening], **_SETTINGS)
    stopping = threading.Event()

    def stop(_number: int, _frame: object) -> None:
        stopping.set()
        server.pull_trigger()  # wakes the loop below

    for number in stop_on:
        signal.signal(number, stop)
    while not stopping.is_set():
        server.asyncore.loop(timeout=1, count=1, map=server._map, use_poll=True)
    _finish(server)


def _finish(server: BaseWSGIServer) -> None:
    server.accepting = False
    deadline = time.monotonic() + GRACE
    while server.active_channels and time.monotonic() < deadline:
        for channel in list(server.active_channels.values()):
            if not channel.requests and not channel.total_outbufs_len:
                channel.will_close = True
        server.asyncore.loop(timeout=0.05, count=1, map=server._map, use_poll=True)
    server.task_dispatcher.shutdown(timeout=1)


class _Crew:
    """The parent: starts the workers, replaces one that dies, passes on the signal to stop."""

    def __init__(self, factory: Callable[[], Wsgi], listening: socket.socket, count: int) -> None:
        self.factory = factory
        self.listening = listening
        self.count = count
        self.pids: set[int] = set()
        self.stopping = False
        self.pipe = os.pipe()  # its end of file tells the workers that the parent is gone, even by kill -9

    def run(self) -> None:
        gc.collect()
        gc.freeze()  # what is imported by now stays shared with the workers
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGALRM, self._kill)
        for _ in range(self.count):
            self._start()
        failed = False
        while self.pids:
            pid, status = os.wait()
            self.pids.discard(pid)
            if self.stopping:
                continue
            code = os.waitstatus_to_exitcode(status)
            if code == COULD_NOT_START:
                failed = True
                self._stop()
            else:
                _log.error("worker %s ended with %s; starting another", pid, code)
                self._start()
        signal.alarm(0)
        if failed:
            sys.exit(1)

    def _start(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            self._be_worker()
        self.pids.add(pid)
        if self.stopping:  # the signal came between the fork and the line above
            os.kill(pid, signal.SIGTERM)

    def _be_worker(self) -> None:
        """Never returns: what the parent has registered to do at exit is the parent's."""
        code = COULD_NOT_START
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches everyone; the parent decides
            os.close(self.pipe[1])
            threading.Thread(target=_follow_parent, args=(self.pipe[0],), daemon=True).start()
            app = self.factory()
            code = 1
            _work(app, self.listening, stop_on=(signal.SIGTERM,))
            code = 0
        except BaseException:
            _log.exception("worker could not go on")
        finally:
            logging.shutdown()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _stop(self, *_signal: object) -> None:
        self.stopping = True
        signal.alarm(int(GRACE) + 5)
        self._tell(signal.SIGTERM)

    def _kill(self, *_signal: object) -> None:
        self._tell(signal.SIGKILL)

    def _tell(self, number: signal.Signals) -> None:
        for pid in list(self.pids):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


def _follow_parent(pipe: int) -> None:
    os.read(pipe, 1)
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
