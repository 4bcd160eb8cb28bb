"""Ratios that keep both their numbers, and the changes between two figures.

Unknown is never 0: a missing part or whole, or a whole of 0, gives None, and whoever shows the figure writes a dash.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

_TENTH = Decimal("0.1")


@lru_cache(maxsize=32_768)  # a board says the same hundreds of ratios again and again
def tenths(part: int, whole: int, times: int = 1) -> Decimal:
    """`times * part / whole` to one decimal, halves away from zero; whole is not 0."""
    return (Decimal(part * times) / Decimal(whole)).quantize(_TENTH, ROUND_HALF_UP)


@dataclass(frozen=True)
class Share:
    """So many of so many: households reached of households known."""

    part: int | None
    whole: int | None

    @property
    def percent(self) -> Decimal | None:
        """The share in percent to one decimal as it is printed; None when unknown or when the whole is 0."""
        if self.part is None or not self.whole:
            return None
        return tenths(self.part, self.whole, 100)


@dataclass(frozen=True)
class Average:
    """A sum over a count: days of all filings over filings. Keeps both, like a share, but is not a percentage."""

    total: int | None
    count: int | None

    @property
    def value(self) -> Decimal | None:
        """To one decimal; None when unknown or when nothing was counted."""
        if self.total is None or not self.count:
            return None
        return tenths(self.total, self.count)


Value = int | Share | Average | None


def change(now: Value, before: Value) -> int | Decimal | None:
    """How far `now` is from `before`: a count for counts, points for shares, a difference for averages.

    Points are the difference of the two printed percentages, so that a reader who subtracts finds what is printed.
    None when either is unknown or the two are of different kinds.
    """
    if isinstance(now, int) and isinstance(before, int):
        return now - before
    if isinstance(now, Share) and isinstance(before, Share):
        return _difference(now.percent, before.percent)
    if isinstance(now, Average) and isinstance(before, Average):
        return _difference(now.value, before.value)
    return None


def _difference(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if now is None or before is None else now - before
