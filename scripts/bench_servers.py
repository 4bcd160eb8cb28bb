"""Which server shall carry us: each candidate on a loopback port, with and without slow phones in the crowd.

    .venv/bin/python scripts/bench_servers.py [--seconds 3] [--rounds 3] [--slow 50]

The app is small but of our kind: Flask, SQLAlchemy on sqlcipher3's SQLite (WAL, synchronous FULL), a page of one
query and one template, a form post that is a durable insert, and a 400 KB answer. 16 quick clients measure. Of the
slow ones a third drips the head of a form post, a third its body, a third reads the large answer drop by drop.
Everything stays on 127.0.0.1 and ends by itself. The table goes to standard output, in Markdown.
"""

import argparse
import contextlib
import multiprocessing
import os
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
QUICK = 16
LARGE = 400_000

GRANIAN = "granian --interface=wsgi --host=127.0.0.1 --port={port} --workers=2 --no-ws --log-level=error"
CANDIDATES = {
    "gunicorn sync, 3": "gunicorn -w3 -b127.0.0.1:{port} bench_servers:app",
    "gunicorn gthread, 2 x 8": "gunicorn -w2 --threads=8 -b127.0.0.1:{port} bench_servers:app",
    "gunicorn gthread, 2 x 64": "gunicorn -w2 --threads=64 -b127.0.0.1:{port} bench_servers:app",
    "granian, 2 x 8": GRANIAN + " --blocking-threads=8 bench_servers:app",
    "granian, 2 x 64": GRANIAN + " --blocking-threads=64 bench_servers:app",
    "waitress, 1 x 8": "waitress-serve --listen=127.0.0.1:{port} --threads=8 bench_servers:app",
    "tdteam/server.py (waitress, 2 x 4)": "python scripts/bench_servers.py --ours={port}",
}


# The app ------------------------------------------------------------------------------------------------------


def make_app():  # noqa: ANN201 (Flask is imported only in the servers' processes)
    """A Flask app of our kind on the database named by BENCH_DB."""
    import sqlalchemy as sa
    from flask import Flask, render_template_string, request
    from sqlcipher3 import dbapi2

    made = Flask("bench")
    engine = sa.create_engine(f"sqlite:///{os.environ['BENCH_DB']}", module=dbapi2, pool_size=16)

    @sa.event.listens_for(engine, "connect")
    def _pragmas(raw, _record):  # noqa: ANN001, ANN202
        raw.isolation_level = None
        for line in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON"):
            raw.execute(f"PRAGMA {line}")

    rows = sa.Table(
        "visit", sa.MetaData(), *(sa.Column(name, sa.Text) for name in ("id", "head", "village", "note"))
    )

    @made.get("/page")
    def page():  # noqa: ANN202
        with engine.connect() as db:
            found = db.execute(sa.select(rows).order_by(rows.c.id.desc()).limit(50)).all()
        return render_template_string(PAGE, rows=found)

    @made.post("/visit")
    def visit():  # noqa: ANN202
        with engine.connect() as db:
            db.exec_driver_sql("BEGIN IMMEDIATE")
            db.execute(
                rows.insert().values(id=os.urandom(8).hex(), head=request.form["head"], village="v", note="n")
            )
            db.exec_driver_sql("COMMIT")
        return "saved"

    @made.get("/large")
    def large():  # noqa: ANN202
        return b"x" * LARGE

    @made.get("/half-second")
    def half_second():  # noqa: ANN202
        time.sleep(0.5)
        return "finished"

    return made


PAGE = """<!doctype html><title>Visits</title><h1>Visits</h1><table>{% for row in rows %}
<tr><td>{{ row.id }}<td>{{ row.head }}<td>{{ row.village }}<td>{{ row.note }}</tr>{% endfor %}</table>"""


def __getattr__(name: str):  # noqa: ANN202
    if name == "app":  # what the servers import
        return make_app()
    raise AttributeError(name)


# The clients --------------------------------------------------------------------------------------------------

GET = b"GET /page HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
FORM = b"head=" + b"n" * 60
HEAD = b"POST /visit HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
POST = HEAD + b"Content-Length: %d\r\n\r\n" % len(FORM) + FORM
SLOW_FORM = b"head=" + b"n" * 600
SLOW_POST = HEAD + b"Content-Length: %d\r\n\r\n" % len(SLOW_FORM) + SLOW_FORM
LARGE_GET = b"GET /large HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


@dataclass
class Client:
    """One quick client: keeps its connection, sends again as soon as it has been answered."""

    port: int
    request: bytes
    sock: socket.socket | None = None
    sent_at: float = 0.0
    buffer: bytearray = field(default_factory=bytearray)

    def send(self, chooser: selectors.BaseSelector) -> None:
        if self.sock is None:
            self.sock = socket.create_connection(("127.0.0.1", self.port))
            chooser.register(self.sock, selectors.EVENT_READ, self)
        self.buffer.clear()
        self.sent_at = time.perf_counter()
        self.sock.sendall(self.request)

    def drop(self, chooser: selectors.BaseSelector) -> None:
        if self.sock is not None:
            chooser.unregister(self.sock)
            self.sock.close()
            self.sock = None

    def answered(self) -> bool | None:
        """None while the answer is incomplete, else whether it was a 200. Raises OSError on a closed connection."""
        assert self.sock is not None
        piece = self.sock.recv(65536)
        if not piece:
            raise ConnectionError
        self.buffer += piece
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self.buffer[:end]).lower()
        if b"transfer-encoding: chunked" in head:
            return self.buffer.startswith(b"HTTP/1.1 200") if self.buffer.endswith(b"\r\n0\r\n\r\n") else None
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        return self.buffer.startswith(b"HTTP/1.1 200") if len(self.buffer) >= end + 4 + length else None


def measure(port: int, request: bytes, seconds: float) -> tuple[list[float], int]:
    """Answer times in seconds of QUICK clients asking without pause, and how many requests failed or hung."""
    chooser = selectors.DefaultSelector()
    clients = [Client(port, request) for _ in range(QUICK)]
    times: list[float] = []
    failed = 0
    for client in clients:
        client.send(chooser)
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for key, _ in chooser.select(timeout=0.2):
            client = key.data
            try:
                outcome = client.answered()
                if outcome is None:
                    continue
                times.append(time.perf_counter() - client.sent_at)
                failed += not outcome
                closing = b"\r\nconnection: close" in bytes(client.buffer[:400]).lower()
            except (
                OSError
            ):  # a server that closes after each answer (gunicorn sync) is not a failure in itself
                failed += bool(client.buffer)
                closing = True
            if closing:
                client.drop(chooser)
            client.send(chooser)
    now = time.perf_counter()
    hung = [now - client.sent_at for client in clients if now - client.sent_at > 1]
    for client in clients:
        client.drop(chooser)
    return times + hung, failed + len(hung)


def slow_crowd(port: int, count: int) -> None:
    """Senders at 20 bytes a second and readers at 20 KB a second, for ever; each comes back when it has finished."""
    chooser = selectors.DefaultSelector()

    def connect(kind: int) -> None:
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(("127.0.0.1", port))
        sock.setblocking(False)
        at_once = (b"", SLOW_POST[: -len(SLOW_FORM)], LARGE_GET)[kind]
        sock.send(at_once)
        chooser.register(sock, selectors.EVENT_READ, [kind, len(at_once)])

    for number in range(count):
        connect(number % 3)
    while True:
        time.sleep(0.05)
        for key in list(chooser.get_map().values()):
            sock, state = key.fileobj, key.data
            assert isinstance(sock, socket.socket)
            try:
                if state[0] < 2 and state[1] < len(SLOW_POST):
                    state[1] += sock.send(SLOW_POST[state[1] : state[1] + 1])
                    continue
                over = sock.recv(1024) == b"" or state[0] < 2
            except BlockingIOError:
                continue
            except OSError:
                over = True
            if over:
                chooser.unregister(sock)
                sock.close()
                with contextlib.suppress(OSError):
                    connect(state[0])


# The measuring ------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def started(command: str, folder: Path) -> Iterator[tuple[psutil.Process, int, float]]:
    """The server in a process group of its own: (process, port, seconds to the first answer)."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "BENCH_DB": str(folder / "bench.db"), "PYTHONPATH": f"{HERE}:{HERE.parent}"}
    words = command.format(port=port).split()
    begin = time.perf_counter()
    process = subprocess.Popen(
        [BIN / words[0], *words[1:]],
        cwd=HERE.parent,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", port), timeout=2) as sock,
            ):
                sock.sendall(GET)
                if sock.recv(12).endswith(b"200"):
                    break
            if time.perf_counter() - begin > 20 or process.poll() is not None:
                raise RuntimeError(f"did not start: {words}")
            time.sleep(0.01)
        yield psutil.Process(process.pid), port, time.perf_counter() - begin
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
        process.kill()


def finishes_on_sigterm(process: psutil.Process, port: int) -> bool:
    """Whether a request that is being answered when SIGTERM comes still gets its answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=3) as sock:
        sock.sendall(b"GET /half-second HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        said = b""
        with contextlib.suppress(OSError):
            while piece := sock.recv(4096):
                said += piece
        return said.endswith(b"finished")


def memory(process: psutil.Process) -> float:
    """MiB of the whole family, each shared page counted once (PSS)."""
    family = [process, *process.children(recursive=True)]
    return sum(member.memory_full_info().pss for member in family) / 2**20


def make_database(path: Path) -> None:
    from sqlcipher3 import dbapi2

    with contextlib.closing(dbapi2.connect(str(path))) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE visit (id TEXT PRIMARY KEY, head TEXT, village TEXT, note TEXT)")
        lines = ((os.urandom(8).hex(), f"Head {n}", "village", "note") for n in range(20_000))
        db.executemany("INSERT INTO visit VALUES (?, ?, ?, ?)", lines)
        db.commit()


def trial(command: str, seconds: float, slow: int) -> dict[str, float]:
    """One round of one candidate: figures by name."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        make_database(Path(folder) / "bench.db")
        with started(command, Path(folder)) as (process, port, start):
            figures["start s"] = start
            for crowd in (0, slow):
                crowding = multiprocessing.Process(target=slow_crowd, args=(port, crowd), daemon=True)
                if crowd:
                    crowding.start()
                    time.sleep(1)
                for name, request in (("page", GET), ("insert", POST)):
                    times, failed = measure(port, request, seconds)
                    label = f"{name}, {crowd} slow"
                    figures[f"{label}: /s"] = (len(times) - failed) / seconds
                    figures[f"{label}: p50 ms"] = statistics.median(times) * 1000
                    figures[f"{label}: p95 ms"] = statistics.quantiles(times, n=20)[-1] * 1000
                    figures[f"{label}: failed"] = failed
                if crowd:
                    figures["MiB"] = memory(process)
                    crowding.terminate()
                    crowding.join()
            time.sleep(0.5)
            figures["in hand at SIGTERM"] = float(finishes_on_sigterm(process, port))
    return figures


def shown(row: str, figure: float) -> str:
    if row == "in hand at SIGTERM":
        return "answered" if figure else "lost"
    return f"{figure:.1f}" if row == "start s" or ("ms" in row and figure < 10) else f"{figure:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=3, help="length of each measurement")
    parser.add_argument("--rounds", type=int, default=3, help="rounds; the table shows medians")
    parser.add_argument("--slow", type=int, default=50, help="number of slow clients")
    parser.add_argument("--ours", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.ours:
        from tdteam.server import serve

        serve(make_app, "127.0.0.1", chosen.ours, workers=2)
        return
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in CANDIDATES}
    for number in range(chosen.rounds):  # by rounds, so that a noisy minute touches every candidate alike
        for name, command in CANDIDATES.items():
            print(f"round {number + 1}: {name}", file=sys.stderr)
            rounds[name].append(trial(command, chosen.seconds, chosen.slow))
    names = list(CANDIDATES)
    print("| | " + " | ".join(names) + " |")
    print("|---|" + "--:|" * len(names))
    for row in rounds[names[0]][0]:
        cells = (statistics.median(figures[row] for figures in rounds[name]) for name in names)
        print(
            f"| {row} | " + " | ".join(f"{cell:.2f}" if cell < 10 else f"{cell:.0f}" for cell in cells) + " |"
        )


if __name__ == "__main__":
    main()
