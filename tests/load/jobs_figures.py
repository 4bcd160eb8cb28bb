"""Figures of the district while visits grow: read from tallies, so that they should not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

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


def board(folder: Path, visits: int) -> Pair:
    """Each village's board figures of a period, as the reviewer of the area sees them."""
    from tdteam.domain.indicators import measures_of
    from tdteam.domain.periods import parse_period
    from tdteam.store.gate import open_session
    from tdteam.store.indicators import by_village, list_indicators, read_by

    engine = district(folder, visits, indexed=visits < MANY)
    scope = scope_of(engine, "giamsat")
    (area,) = scope.roots
    period = parse_period("2026-11")

    def ours() -> object:
        with open_session(engine, scope) as session:
            shown = [one for one in list_indicators(session) if one.on_board]
            rows = read_by(session, area, period, TODAY, shown, by_village())
            assert len(rows) == 188
            return rows

    with open_session(engine, scope) as session:
        measures = sorted(measures_of([one for one in list_indicators(session) if one.on_board]))
    query = FLOOR.format(marks=", ".join("?" * len(measures)))
    driver: Any = engine.raw_connection().driver_connection

    def floor() -> object:
        return driver.execute(query, (period.code, area, *measures)).fetchall()

    return Pair(work=ours, floor=floor)


def counting(folder: Path, visits: int) -> Pair:
    """What the board would cost without tallies: the same period's visits counted by the bare driver."""
    engine = district(folder, visits, indexed=visits < MANY)
    driver: Any = engine.raw_connection().driver_connection
    return Pair(work=lambda: driver.execute(COUNT, ("2026-11",)).fetchall())


for size in SIZES:
    goal = "≤ 25 ms" if size == SIZES[0] else f"≤ 1.5 × its time at {SIZES[0]:,}"
    job("board figures, 188 villages", f"{size:,} visits", goal, "the bare driver sums the same tallies")(
        lambda folder, size=size: board(folder, size)  # type: ignore[misc]
    )
job("for comparison: visits counted, no tallies", f"{SIZES[min(1, len(SIZES) - 1)]:,} visits")(
    lambda folder: counting(folder, SIZES[min(1, len(SIZES) - 1)])
)
