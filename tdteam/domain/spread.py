"""How unevenly a figure is spread over places: their ranking, the distribution over tenths, quarters, the lowest fifth.

What is unknown has no rank and stands apart: a village without a registry is not the worst one, it is one nobody can
speak of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import quantiles

from tdteam.domain.coverage import size_of
from tdteam.domain.shares import Share, Value

TENTHS = 10
STEPS = 5


@dataclass(frozen=True)
class Standing:
    """A place's figure now and a period before, its target in percent, and the place it lies in.

    `size` is the figure as one number (percent of a share, value of an average, a count); None where unknown.
    """

    place_id: int
    name: str
    value: Value
    before: Value = None
    target: Decimal | None = None
    commune_id: int = 0
    commune: str = ""
    is_part: bool = False  # only some villages of a commune: not to be compared with a whole one

    @property
    def size(self) -> Decimal | None:
        return size_of(self.value)


@dataclass(frozen=True)
class Ranked:
    """A standing and its rank, 1 the one to look at first; equal figures share a rank. None where unknown."""

    rank: int | None
    standing: Standing


@dataclass(frozen=True)
class Distribution:
    """Of known figures: how many, how many places are unknown, lowest, quarters, highest, and for percents how many
    places lie in each tenth (0 to under 10, … 90 to 100). `share_low` are all the numbers of the lowest fifth of places
    taken together, `share_high` of the highest fifth, where figures are shares."""

    known: int
    unknown: int
    low: Decimal | None = None
    quarter: Decimal | None = None
    middle: Decimal | None = None
    three_quarters: Decimal | None = None
    high: Decimal | None = None
    tenths: tuple[int, ...] = field(default=())
    share_low: Share | None = None
    share_high: Share | None = None


def rank(standings: Iterable[Standing], *, falling_good: bool = False) -> tuple[Ranked, ...]:
    """All places, the one to look at first in front; unknown ones last, by name as they came."""
    told = list(standings)
    known = [one for one in told if one.size is not None]
    known.sort(key=lambda one: one.size or Decimal(0), reverse=falling_good)
    out: list[Ranked] = []
    for place, one in enumerate(known, 1):
        same = out and out[-1].standing.size == one.size
        out.append(Ranked(out[-1].rank if same else place, one))
    return (*out, *(Ranked(None, one) for one in told if one.size is None))


def distribution(standings: Sequence[Standing], *, percent: bool) -> Distribution:
    """How the known figures lie. Quarters by the inclusive method (a single figure is all of them)."""
    sizes = sorted(one.size for one in standings if one.size is not None)
    unknown = len(standings) - len(sizes)
    if not sizes:
        return Distribution(0, unknown)
    quarters = quantiles(sizes, n=4, method="inclusive") if len(sizes) > 1 else [sizes[0]] * 3
    return Distribution(
        known=len(sizes),
        unknown=unknown,
        low=sizes[0],
        quarter=_tenth(quarters[0]),
        middle=_tenth(quarters[1]),
        three_quarters=_tenth(quarters[2]),
        high=sizes[-1],
        tenths=_tenths(sizes) if percent else (),
        share_low=_together(standings, reverse=False) if percent else None,
        share_high=_together(standings, reverse=True) if percent else None,
    )


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"))


def _tenths(sizes: Sequence[Decimal]) -> tuple[int, ...]:
    out = [0] * TENTHS
    for size in sizes:
        out[min(max(int(size // TENTHS), 0), TENTHS - 1)] += 1
    return tuple(out)


def _together(standings: Sequence[Standing], *, reverse: bool) -> Share | None:
    """The lowest (or highest) fifth of the places as one share: at least one place, both numbers summed."""
    shares = [
        (one.value.percent, one.value.part or 0, one.value.whole or 0)
        for one in standings
        if isinstance(one.value, Share) and one.value.percent is not None
    ]
    shares.sort(key=lambda one: one[0] or Decimal(0), reverse=reverse)
    chosen = shares[: max(1, len(shares) // STEPS)]
    return Share(sum(part for _, part, _ in chosen), sum(whole for _, _, whole in chosen)) if chosen else None


def steps(standings: Sequence[Standing], *, percent: bool) -> dict[int, int]:
    """Place -> how dark it is shaded: 1 to 5, 0 where unknown. Percents by the fixed fifths of 100, so that every page
    shades alike; other figures by fifths of the largest one."""
    most = max((one.size for one in standings if one.size is not None), default=Decimal(0))
    top = Decimal(100) if percent else most
    out = {}
    for one in standings:
        if one.size is None:
            out[one.place_id] = 0
        else:
            fifth = int(one.size * STEPS // top) if top > 0 else 0
            out[one.place_id] = min(max(fifth, 0), STEPS - 1) + 1
    return out
