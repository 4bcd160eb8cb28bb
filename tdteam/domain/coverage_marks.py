"""What stands beside a figure of the board, on screen and in files alike: under its target, against the period before."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tdteam.domain.coverage import LEAD, Line
from tdteam.domain.indicators import Indicator
from tdteam.domain.shares import Share, Value, change
from tdteam.domain.vocabulary import Nature


@dataclass(frozen=True)
class Mark:
    """`is_low`: a known share under its target. `before`: the figure of the period before, where it was read.

    A month that runs is not held against a whole one: then `is_held` is False, `before` stands there as it was and
    `moved` (a count, or points of a share) is None.
    """

    is_low: bool
    target: Decimal | None
    before: Value
    is_held: bool
    moved: int | Decimal | None


def mark(line: Line, one: Indicator, *, runs: bool) -> Mark:
    """What is said beside a line's figure; `runs`: the period shown is not over."""
    value, target = line.values.get(one.code), line.targets.get(one.code)
    before = line.previous.get(one.code, line.before if one.code == LEAD else None)
    percent = value.percent if isinstance(value, Share) and one.unit == "%" else None
    is_held = before is not None and (not runs or one.nature is Nature.STOCK)
    return Mark(
        is_low=percent is not None and target is not None and percent < target,
        target=target,
        before=before,
        is_held=is_held,
        moved=change(value, before) if is_held else None,
    )
