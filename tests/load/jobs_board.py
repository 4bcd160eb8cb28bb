"""The coverage board as a page, through the whole application: an area while visits grow, a province, a simulated country."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable
from pathlib import Path

from tests.load.district import district
from tests.load.harness import Pair, job
from tests.load.jobs_figures import MANY, SIZES
from tests.load.jobs_pages import asking_as
from tests.load.nation import PROVINCES, nation

BOARD = "/coverage"
MOST_SENT = 40 * 1024
"""Bytes of a board on its way, compressed as `docs/deploy.md` has the proxy do it."""


def seeded(folder: Path, visits: int, path: str = BOARD) -> Callable[[], bytes]:
    """A call for a page of the area's reviewer, among so many visits."""
    folder.mkdir(exist_ok=True)
    district(folder, visits, indexed=visits < MANY).dispose()
    return small_enough(asking_as(folder, "giamsat", path))


def small_enough(ask: Callable[[], bytes]) -> Callable[[], bytes]:
    """The same call, once its page was seen to be small enough; how small it is goes to standard error."""
    sent = len(gzip.compress(ask(), 6))
    print(f"{sent / 1024:.1f} KB compressed", file=sys.stderr)
    if sent > MOST_SENT:
        raise RuntimeError(f"{sent:,} bytes compressed")
    return ask


def grown(folder: Path, visits: int) -> Pair:
    """The page among many visits, in turns with the same among the fewest: the ratio is the growth."""
    return Pair(work=seeded(folder / "many", visits), floor=seeded(folder / "few", SIZES[0]))


def simulated(folder: Path, who: str, provinces: int) -> Pair:
    """The board of somebody who sees so many provinces."""
    nation(folder, provinces)
    return Pair(work=small_enough(asking_as(folder, who, BOARD)), floor=asking_as(folder, who, "/help"))


REQUEST = "coverage board, the whole request"
job(REQUEST, f"188 villages, {SIZES[0]:,} visits", "≤ 25 ms, ≤ 40 KB compressed", "the help page, signed in")(
    lambda folder: Pair(
        work=seeded(folder / "few", SIZES[0]), floor=asking_as(folder / "few", "giamsat", "/help")
    )
)
for size in SIZES[1:]:
    job(
        REQUEST, f"188 villages, {size:,} visits", "≤ 25 ms, ratio ≤ 1.5", f"the same at {SIZES[0]:,} visits"
    )(
        lambda folder, size=size: grown(folder, size)  # type: ignore[misc]
    )
job(REQUEST, "a province of 3,080 teams", "≤ 60 ms, ≤ 40 KB compressed", "the help page, signed in")(
    lambda folder: simulated(folder, "tinh", 1)
)
job(
    REQUEST,
    "a country of 94,000 teams, simulated",
    "≤ 250 ms, ≤ 40 KB compressed",
    "the help page, signed in",
)(lambda folder: simulated(folder, "nuoc", PROVINCES))
for name in ("map", "ranking", "trends"):
    job(f"coverage, {name}, the whole request", f"188 villages, {SIZES[0]:,} visits")(
        lambda folder, name=name: Pair(work=seeded(folder / "few", SIZES[0], f"{BOARD}/{name}/"))  # type: ignore[misc]
    )
