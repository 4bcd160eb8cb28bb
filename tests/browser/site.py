"""The real application in a process of its own, on an instance folder of its own, for tests in a real browser."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "tdteam-demo-2026"
OURS = ("TDTEAM_", "HOST", "PORT")


def environment(instance: Path, **more: str) -> dict[str, str]:
    """This process's environment without what would lead the application elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "TDTEAM_INSTANCE": str(instance), "TDTEAM_MODE": "demo", "PYTHONPATH": str(ROOT), **more}


def run(instance: Path, *words: str) -> None:
    """One command of `python -m tdteam` on an instance; raises with what it printed when it fails."""
    ended = subprocess.run(
        [sys.executable, "-m", "tdteam", *words],
        env=environment(instance),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if ended.returncode:
        raise RuntimeError(
            f"tdteam {' '.join(words)} ended with {ended.returncode}:\n{ended.stdout}{ended.stderr}"
        )


def demo_instance(shared: Path) -> Path:
    """A folder with the migrated demonstration district, made once for all workers of a run. Copy it, don't serve it."""
    made = shared / "demo-instance"
    with (shared / "demo-instance.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            half = shared / "demo-instance.half"
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            run(half, "migrate")
            run(half, "demo")
            half.rename(made)
    return made


@dataclass
class Site:
    """A running application. `url` has no slash at its end; `stop` and `start` are for offline journeys."""

    instance: Path
    port: int
    more: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    before: Callable[[], None] | None = None
    """Run in the new process before the application is: for faults."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def log(self) -> str:
        return (self.instance / "server.log").read_text("utf-8", "replace")

    def start(self) -> None:
        """Start and wait for /healthz. Raises with the log when it ends or stays silent."""
        with (self.instance / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tdteam", "serve"],
                env=environment(self.instance, HOST="127.0.0.1", PORT=str(self.port), **self.more),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=self.before,
            )
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self.process.poll() is None:
            with (
                contextlib.suppress(OSError, urllib.error.URLError),
                urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer,
            ):
                if answer.status == 200:
                    return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"the application did not start:\n{self.log()[-3000:]}")

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def running(template: Path, folder: Path, **more: str) -> Iterator[Site]:
    """A copy of an instance, served on a free port until the block ends."""
    shutil.copytree(template, folder)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    site = Site(folder, port, more)
    try:
        site.start()
        yield site
    finally:
        site.stop()
