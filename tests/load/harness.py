"""Measures jobs beside their floors. A job is a function decorated with `@job`; `make bench` runs them all.

A floor is the least any program could do for the same end (a raw driver's insert, a bare library call). Job and
floor are timed in turns in the same process, so that a noisy minute of a shared machine touches both; the ratio is
what we steer by. Each job has a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import gc
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

Thunk = Callable[[], object]


@dataclass(frozen=True)
class Pair:
    """What to time. `work` is run first and alone for the peak of memory. `rounds` bounds slow jobs."""

    work: Thunk
    floor: Thunk | None = None
    rounds: int = 200
    per: int = 1
    """Units of one call, for jobs told by the second ("visits/s")."""


@dataclass(frozen=True)
class Job:
    """One line of the table."""

    name: str
    size: str
    goal: str
    floor: str
    prepare: Callable[[Path], Pair | Result]


@dataclass(frozen=True)
class Result:
    """Milliseconds a call, MiB of the process at its highest."""

    median: float
    p95: float
    peak: float
    floor: float | None
    rate: float
    cpu: float | None = None
    """Median of the processor's time; on a shared machine it tells more than the clock's. None for other processes."""
    note: str = ""


JOBS: list[Job] = []


def job(
    name: str, size: str, goal: str = "", floor: str = ""
) -> Callable[[Callable[[Path], Pair | Result]], None]:
    """Register a job; the function prepares it in an empty folder, off the clock, or measures by itself."""

    def keep(prepare: Callable[[Path], Pair | Result]) -> None:
        JOBS.append(Job(name, size, goal, floor, prepare))

    return keep


def measure(wanted: Job, folder: Path, seconds: float) -> Result:
    """Time one job for about `seconds`, at least three rounds."""
    pair = wanted.prepare(folder)
    if isinstance(pair, Result):
        return pair
    gc.collect()
    pair.work()
    peak = peak_mib()
    if pair.floor is not None:
        pair.floor()
    works: list[float] = []
    used: list[float] = []
    floors: list[float] = []
    until = time.perf_counter() + seconds
    while len(works) < 3 or (time.perf_counter() < until and len(works) < pair.rounds):
        begin = time.process_time()
        works.append(timed(pair.work))
        used.append((time.process_time() - begin) * 1000)
        if pair.floor is not None:
            floors.append(timed(pair.floor))
    median = statistics.median(works)
    return Result(
        median=median,
        p95=statistics.quantiles(works, n=20, method="inclusive")[-1],
        peak=peak,
        floor=statistics.median(floors) if floors else None,
        rate=pair.per * 1000 / median,
        cpu=statistics.median(used),
    )


def timed(thunk: Thunk) -> float:
    """Milliseconds of one call."""
    begin = time.perf_counter()
    thunk()
    return (time.perf_counter() - begin) * 1000


def peak_mib() -> float:
    """The process's highest resident memory so far, in MiB.

    Not getrusage where it can be helped: on Linux its figure begins with that of the process which started this one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 2**20 if sys.platform == "darwin" else most / 1024


HEAD = (
    "job",
    "size",
    "median",
    "p95",
    "processor",
    "each second",
    "peak MiB",
    "floor",
    "floor's median",
    "ratio",
    "goal",
)


def line(wanted: Job, result: Result) -> str:
    """A row of the Markdown table."""
    ratio = "" if result.floor is None else f"{result.median / result.floor:.1f}"
    floor = "" if result.floor is None else duration(result.floor)
    cells = (
        *(wanted.name, wanted.size, duration(result.median), duration(result.p95)),
        *("" if result.cpu is None else duration(result.cpu), quantity(result.rate)),
        *(f"{result.peak:.0f}", wanted.floor, floor, ratio, wanted.goal),
    )
    return "| " + " | ".join(cells) + " |"


def duration(ms: float) -> str:
    if ms >= 1000:
        return f"{ms / 1000:.2f} s"
    return f"{ms:.0f} ms" if ms >= 100 else f"{ms:.1f} ms" if ms >= 1 else f"{ms:.2f} ms"


def quantity(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"


def as_dict(result: Result) -> dict[str, object]:
    return asdict(result)
