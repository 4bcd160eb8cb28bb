"""`make bench`: every job of the jobs_*.py files beside this one, one table on standard output, in Markdown.

    .venv/bin/python -m tests.load.bench [--only TEXT] [--seconds 3] [--write]

Takes some ten minutes; big databases are made in a temporary folder and thrown away. Progress goes to standard error.
SIZES=100000,1000000 chooses the numbers of visits the board is measured with; --write keeps the table in
docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from tests.load.harness import HEAD, JOBS, Job, Result, as_dict, line, measure

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
MARKS = ("<!-- table -->", "<!-- /table -->")


def load_jobs() -> None:
    for path in sorted(Path(__file__).parent.glob("jobs_*.py")):
        importlib.import_module(f"tests.load.{path.stem}")


def jobs_of(module: str) -> list[Job]:
    return [one for one in JOBS if one.prepare.__module__ == module]


def run_one(module: str, number: int, seconds: float) -> None:
    """In a process of its own, which knows no other file of jobs: measure one job and say it as JSON."""
    importlib.import_module(module)
    with tempfile.TemporaryDirectory(prefix="tdteam-bench-") as folder:
        result = measure(jobs_of(module)[number], Path(folder), seconds)
    print(json.dumps(as_dict(result)))


def run_apart(wanted: Job, seconds: float) -> Result | str:
    """The result of a job's own process, or the last line it said before it failed."""
    module = wanted.prepare.__module__
    number = str(jobs_of(module).index(wanted))
    command = [sys.executable, "-m", "tests.load.bench", "--one", module, number, "--seconds", str(seconds)]
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode:
        said = (ended.stderr.strip().splitlines() or ["no word"])[-1]
        return re.sub(r"\(?/[\w./-]+\)?", "…", said)  # no place on this machine goes into the table
    return Result(**json.loads(ended.stdout.splitlines()[-1]))


def measured(chosen: argparse.Namespace) -> Iterator[tuple[Job, Result | str]]:
    """Each chosen job with its result, as it comes."""
    for wanted in JOBS:
        if chosen.only in f"{wanted.name} {wanted.size}":
            print(f"… {wanted.name}, {wanted.size}", file=sys.stderr)
            yield wanted, run_apart(wanted, chosen.seconds)


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.machine()}"
    )


def keep(table: list[str], command: str) -> None:
    """Put the table between the marks of docs/benchmarks.md."""
    before, _, rest = DOCUMENT.read_text("utf-8").partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    body = "\n".join([MARKS[0], "", f"`{command}` on {date.today():%d/%m/%Y}:", "", *table, "", MARKS[1]])
    DOCUMENT.write_text(before + body + after, "utf-8")


def main() -> int:
    """The exit code: 1 when a job could not be measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", default="", help="only the jobs whose name or size holds this")
    parser.add_argument("--seconds", type=float, default=3, help="time for each job")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/benchmarks.md")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one is not None:
        run_one(chosen.one[0], int(chosen.one[1]), chosen.seconds)
        return 0
    load_jobs()
    table: list[str] = []

    def say(text: str) -> None:
        table.extend(text.split("\n"))
        print(text, flush=True)

    say(f"{machine()}\n\n| " + " | ".join(HEAD) + " |\n|---|---|" + "--:|" * 5 + "---|--:|--:|---|")
    results = []
    for wanted, result in measured(chosen):
        results.append((wanted, result))
        failed = isinstance(result, str)
        say(f"| {wanted.name} | {wanted.size} | failed: {result} |" if failed else line(wanted, result))  # type: ignore[arg-type]
    if chosen.write:
        keep(table, " ".join(["python -m tests.load.bench", *(w for w in sys.argv[1:] if w != "--write")]))
    return 1 if any(isinstance(result, str) for _, result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
