"""Figures of the district while visits grow: read from tallies, so that they should not."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from tests.load.district import TODAY, district, scope_of
from tests.load.harness import Pair, job

SIZES = [int(size) for size in os.environ.get("SIZES", "100000,1000000,10000000").split(",")]
MANY = 2_000_000  # from here on the visits keep only the index a count by period needs
FLOOR = """
SELECT village_id, measure, kind, outcome, sum(value) FROM tally
WHERE span = ? AND village_id IN (SELECT place_id FROM place_ancestor WHERE ancestor_id = ? AND until IS NULL)
  AND measure IN ({marks})
GROUP BY village_id, measure, kind, outcome"""
COUNT = """
SELECT village_id, count(*), count(DISTINCT household_id) FROM visit
WHERE period = ? AND state = 'current' GROUP BY village_id"""


PERIOD = "2026-11"


def reading(engine: Engine) -> Callable[[], object]:
    """A call that reads each village's board figures of a period, as the reviewer of the area sees them."""
    from tdteam.domain.periods import parse_period
    from tdteam.store.gate import open_session
    from tdteam.store.indicators import by_village, list_indicators, read_by

    scope = scope_of(engine, "giamsat")
    (area,) = scope.roots

    def read() -> object:
        with open_session(engine, scope) as session:
            shown = [one for one in list_indicators(session) if one.on_board]
            rows = read_by(session, area, parse_period(PERIOD), TODAY, shown, by_village())
            assert len(rows) == 188
            return rows

    return read


def bare_sums(engine: Engine) -> Callable[[], object]:
    """A call that has the bare driver sum the tallies the board needs."""
    from tdteam.domain.indicators import measures_of
    from tdteam.store.gate import open_session
    from tdteam.store.indicators import list_indicators

    scope = scope_of(engine, "giamsat")
    (area,) = scope.roots
    with open_session(engine, scope) as session:
        measures = sorted(measures_of([one for one in list_indicators(session) if one.on_board]))
    query = FLOOR.format(marks=", ".join("?" * len(measures)))
    driver: Any = engine.raw_connection().driver_connection
    return lambda: driver.execute(query, (PERIOD, area, *measures)).fetchall()


def board(folder: Path, visits: int) -> Pair:
    engine = district(folder, visits, indexed=visits < MANY)
    return Pair(work=reading(engine), floor=bare_sums(engine))


def grown(folder: Path, visits: int) -> Pair:
    """The same board with many more visits, in turns with the smallest one: the ratio is the growth."""
    small = folder / "small"
    small.mkdir()
    few = district(small, SIZES[0])
    many = district(folder, visits, indexed=visits < MANY)
    return Pair(work=reading(many), floor=reading(few))


def counting(folder: Path, visits: int) -> Pair:
    """What the board would cost without tallies: the same period's visits counted by the bare driver."""
    engine = district(folder, visits, indexed=visits < MANY)
    driver: Any = engine.raw_connection().driver_connection
    return Pair(work=lambda: driver.execute(COUNT, (PERIOD,)).fetchall())


BOARD = "board figures, 188 villages"
job(BOARD, f"{SIZES[0]:,} visits", "≤ 25 ms", "the bare driver sums the same tallies")(
    lambda folder: board(folder, SIZES[0])
)
for size in SIZES[1:]:
    job(BOARD, f"{size:,} visits", "ratio ≤ 1.5", f"the same board at {SIZES[0]:,} visits")(
        lambda folder, size=size: grown(folder, size)  # type: ignore[misc]
    )
job("for comparison: visits counted, no tallies", f"{SIZES[min(1, len(SIZES) - 1)]:,} visits")(
    lambda folder: counting(folder, SIZES[min(1, len(SIZES) - 1)])
)
