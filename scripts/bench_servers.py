"""Which server shall carry us: each candidate on a loopback port, with and without slow phones in the crowd.

    .venv/bin/python scripts/bench_servers.py [--seconds 3] [--rounds 3] [--slow 50] [--only waitress]

The app is small but of our kind: Flask, SQLAlchemy on sqlcipher3's SQLite (WAL, synchronous FULL), a page of one
query and one template, a form post that is a durable insert, and a 400 KB answer. 16 quick clients measure. Of the
slow ones a third drips the head of a form post, a third its body, a third reads the large answer drop by drop.
Everything stays on 127.0.0.1 and ends by itself. The table goes to standard output, in Markdown.
"""

import argparse
import contextlib
import multiprocessing
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from tests.load.clients import GET, POST, measure, slow_crowd  # noqa: E402

BIN = Path(sys.executable).parent

GRANIAN = "granian --interface=wsgi --host=127.0.0.1 --port={port} --workers=2 --no-ws --log-level=error"
CANDIDATES = {
    "gunicorn sync, 3": "gunicorn -w3 -b127.0.0.1:{port} bench_servers_app:make_app()",
    "gunicorn gthread, 2 x 8": "gunicorn -w2 --threads=8 -b127.0.0.1:{port} bench_servers_app:make_app()",
    "gunicorn gthread, 2 x 64": "gunicorn -w2 --threads=64 -b127.0.0.1:{port} bench_servers_app:make_app()",
    "granian, 2 x 8": GRANIAN + " --blocking-threads=8 --factory bench_servers_app:make_app",
    "granian, 2 x 64": GRANIAN + " --blocking-threads=64 --factory bench_servers_app:make_app",
    "waitress, 1 x 8": "waitress-serve --listen=127.0.0.1:{port} --threads=8 --call bench_servers_app:make_app",
    "tdteam/server.py (waitress, 2 x 4)": "python scripts/bench_servers_app.py {port}",
}


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=3, help="length of each measurement")
    parser.add_argument("--rounds", type=int, default=3, help="rounds; the table shows medians")
    parser.add_argument("--slow", type=int, default=50, help="number of slow clients")
    parser.add_argument("--only", default="", help="only the candidates whose name holds this")
    chosen = parser.parse_args()
    names = [name for name in CANDIDATES if chosen.only in name]
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for number in range(chosen.rounds):  # by rounds, so that a noisy minute touches every candidate alike
        for name in names:
            print(f"round {number + 1}: {name}", file=sys.stderr)
            rounds[name].append(trial(CANDIDATES[name], chosen.seconds, chosen.slow))
    print("| | " + " | ".join(names) + " |")
    print("|---|" + "--:|" * len(names))
    for row in rounds[names[0]][0]:
        cells = (statistics.median(figures[row] for figures in rounds[name]) for name in names)
        print(f"| {row} | " + " | ".join(shown(row, cell) for cell in cells) + " |")


def shown(row: str, figure: float) -> str:
    """A figure as the table writes it."""
    if row == "in hand at SIGTERM":
        return "answered" if figure else "lost"
    return f"{figure:.1f}" if row == "start s" or ("ms" in row and figure < 10) else f"{figure:.0f}"


if __name__ == "__main__":
    main()
