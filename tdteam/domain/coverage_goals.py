"""A place's shares against the year's targets: how many more people or households would reach each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from tdteam.domain.coverage import Line
from tdteam.domain.indicators import Indicator
from tdteam.domain.shares import Share


@dataclass(frozen=True)
class Goal:
    """A share beside its target in percent; `missing`: how many more would reach it, 0 where it is reached."""

    indicator: Indicator
    share: Share
    target: Decimal

    @property
    def missing(self) -> int:
        if self.share.whole is None:
            return 0
        return max(0, ceil(self.target * self.share.whole / 100) - (self.share.part or 0))


def goals_of(line: Line, columns: Iterable[Indicator]) -> tuple[Goal, ...]:
    """A place's shares that have a target and are known, the farthest from it first."""
    found = [
        Goal(one, share, line.targets[one.code])
        for one in columns
        if one.code in line.targets and isinstance(share := line.values.get(one.code), Share) and share.whole
    ]
    return tuple(sorted(found, key=lambda goal: -goal.missing))
