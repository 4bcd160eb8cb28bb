"""Sparklines: figures of the last periods as the points of an SVG line. All share one slope: 40 points of percent high."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDE, HIGH, EDGE = 76.0, 26.0, 4.0
POINTS_HIGH = 40


@dataclass(frozen=True)
class Spark:
    """Lines (broken where a period has no figure), the dot of the last period, and the figures to tell in words."""

    lines: tuple[str, ...]
    dot: tuple[float, float] | None
    first: Decimal
    last: Decimal
    count: int


def spark(series: Sequence[Decimal | None]) -> Spark | None:
    """The sparkline of a series, oldest first; None with fewer than two figures. The dot stands only at the newest."""
    known = [value for value in series if value is not None]
    if len(known) < 2:
        return None
    middle = (max(known) + min(known)) / 2
    step = (WIDE - 2 * EDGE) / (len(series) - 1)

    def place(index: int, value: Decimal) -> tuple[float, float]:
        high = HIGH / 2 - float(value - middle) * (HIGH - 2 * EDGE) / POINTS_HIGH
        return round(EDGE + index * step, 1), round(min(max(high, EDGE), HIGH - EDGE), 1)

    runs: list[list[tuple[float, float]]] = [[]]
    for index, value in enumerate(series):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(place(index, value))
    newest = series[-1]
    return Spark(
        lines=tuple(" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1),
        dot=place(len(series) - 1, newest) if newest is not None else None,
        first=known[0],
        last=known[-1],
        count=len(known),
    )
