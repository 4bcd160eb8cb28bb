"""How long an import of 50,000 households takes from file to commit, and how much memory.

    python scripts/import_speed.py [ROWS] [--again]

Makes a workbook (see `roster_speed.py`) in a temporary folder and imports it with the command line into a fresh
SQLite there, in a process of its own; then, with --again, once more unchanged, and with every count changed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Ran:
    """What a command printed, how long it took, how long of that it had a processor, its peak of memory."""

    out: str
    seconds: float
    busy: float
    mib: float

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s ({self.busy:.2f} s of processor), {self.mib:.0f} MiB"


def run(folder: Path, *words: str) -> Ran:
    """One command of `python -m tdteam` on the folder's instance. This process must stay small: a child's peak of
    memory is never told below its parent's."""
    kept: Mapping[str, str] = {
        name: value for name, value in os.environ.items() if not name.startswith("TDTEAM_")
    }
    environment = {**kept, "TDTEAM_INSTANCE": str(folder / "instance"), "TDTEAM_MODE": "demo"}
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as errors:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "tdteam", *words], cwd=ROOT, env=environment, stdout=out, stderr=errors
        )
        _, status, used = os.wait4(process.pid, 0)
        took = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit((folder / "err").read_text("utf-8"))
    said = (folder / "out").read_text("utf-8")
    return Ran(said, took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def make(path: Path, rows: int, more_people: int = 0) -> Path:
    """A workbook of made-up households, written by a process of its own."""
    words = [str(ROOT / "scripts" / "roster_speed.py"), "--make", str(path), str(rows), str(more_people)]
    subprocess.run([sys.executable, *words], check=True)
    return path


def main() -> None:
    rows = next((int(word) for word in sys.argv[1:] if word.isdecimal()), 50_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = make(folder / "roster.xlsx", rows)
        run(folder, "migrate")
        print(f"start of the program alone: {run(folder, 'import-roster', '--help')}")
        asked = [("first import", path)]
        if "--again" in sys.argv:
            asked += [
                ("unchanged", path),
                ("all changed", make(folder / "changed.xlsx", rows, more_people=1)),
            ]
        for what, file in asked:
            ran = run(folder, "import-roster", str(file), "--json")
            said = {key: value for key, value in json.loads(ran.out).items() if key != "bad"}
            print(f"{what}: {ran}, {said}")


if __name__ == "__main__":
    main()
