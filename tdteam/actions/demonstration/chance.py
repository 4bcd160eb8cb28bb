"""Chance with a fixed seed: weighted lots, record ids, and the data files that say what is drawn."""

from __future__ import annotations

import json
import uuid
from bisect import bisect
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from math import floor
from pathlib import Path
from random import Random
from typing import Any, Generic, TypeVar

from tdteam.domain.periods import VIETNAM

DATA = Path(__file__).parent.parent.parent / "data" / "demo"
T = TypeVar("T")


@cache
def told(name: str) -> Mapping[str, Any]:
    """A data file of the demonstration."""
    found: Mapping[str, Any] = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    return found


class Chance(Random):
    """Random numbers that come out the same for the same seed, on every machine (Mersenne Twister)."""

    def yes(self, share: float) -> bool:
        return self.random() < share

    def times(self, wanted: float) -> int:
        """A whole number that is `wanted` on average."""
        low = floor(wanted)
        return low + self.yes(wanted - low)

    def one(self, values: Sequence[T]) -> T:
        return values[int(self.random() * len(values))]

    def record_id(self, instant: datetime) -> str:
        """A UUIDv7 of an instant, as a phone would have made it then."""
        bits = (int(instant.timestamp() * 1000) << 80) | self.getrandbits(80)
        bits = bits & ~(0xF << 76) | (0x7 << 76)
        bits = bits & ~(0x3 << 62) | (0x2 << 62)
        return str(uuid.UUID(int=bits))

    def moment(self, day: date, first: int = 7, last: int = 21) -> datetime:
        """An instant of a Vietnamese day between two hours."""
        seconds = int((first + self.random() * (last - first)) * 3600)
        return (datetime.combine(day, time(), VIETNAM) + timedelta(seconds=seconds)).astimezone(UTC)


class Lot(Generic[T]):
    """Values with weights to draw from."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.values = list(weights)
        self._heaped = list(accumulate(weights.values()))

    def draw(self, chance: Chance) -> T:
        return self.values[bisect(self._heaped, chance.random() * self._heaped[-1])]
