"""`make bench`: every job of the jobs_*.py files beside this one, one table on standard output, in Markdown.

    .venv/bin/python -m tests.load.bench [--only TEXT] [--seconds 3]

Takes minutes; big databases are made in a temporary folder and thrown away. Progress goes to standard error.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.load.harness import HEAD, JOBS, Result, as_dict, line, measure


def load_jobs() -> None:
    for path in sorted(Path(__file__).parent.glob("jobs_*.py")):
        importlib.import_module(f"tests.load.{path.stem}")


def run_one(number: int, seconds: float) -> None:
    """In a process of its own: measure one job and say it as JSON."""
    with tempfile.TemporaryDirectory(prefix="tdteam-bench-") as folder:
        result = measure(JOBS[number], Path(folder), seconds)
    print(json.dumps(as_dict(result)))


def run_apart(number: int, seconds: float) -> Result | str:
    """The result of a job's own process, or the last line it said before it failed."""
    command = [sys.executable, "-m", "tests.load.bench", "--one", str(number), "--seconds", str(seconds)]
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode:
        return (ended.stderr.strip().splitlines() or ["no word"])[-1]
    return Result(**json.loads(ended.stdout.splitlines()[-1]))


def main() -> int:
    """The exit code: 1 when a job could not be measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", default="", help="only the jobs whose name or size holds this")
    parser.add_argument("--seconds", type=float, default=3, help="time for each job")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    load_jobs()
    if chosen.one is not None:
        run_one(chosen.one, chosen.seconds)
        return 0
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n")
    print("| " + " | ".join(HEAD) + " |\n|---|---|" + "--:|" * 4 + "---|--:|--:|---|", flush=True)
    failed = 0
    for number, wanted in enumerate(JOBS):
        if chosen.only not in f"{wanted.name} {wanted.size}":
            continue
        print(f"… {wanted.name}, {wanted.size}", file=sys.stderr)
        result = run_apart(number, chosen.seconds)
        failed += isinstance(result, str)
        print(
            f"| {wanted.name} | {wanted.size} | failed: {result} |"
            if isinstance(result, str)
            else line(wanted, result),
            flush=True,
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
