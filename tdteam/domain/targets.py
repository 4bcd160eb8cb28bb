"""Targets: what a place is to reach in a statutory year or a period; a share in percent, kept in hundredths, or a count.

Where a place has none of its own, that of what it lies in holds: the nearest first, and of one place the period's
before the year's, as on the board (`domain/coverage.holds_for`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tdteam.domain.cells import Cell, parse_count
from tdteam.domain.coverage import board_columns, holds_for
from tdteam.domain.errors import Flaw
from tdteam.domain.indicators import PERCENT, Indicator
from tdteam.domain.periods import Period
from tdteam.domain.vietnamese import nfc
from tdteam.domain.vocabulary import Source

WHOLE = 10_000
LARGEST = 9_999_999
_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?\s*%?")
Known = Mapping[tuple[int, str, str], int]
"""(place, indicator, span) -> value."""


def is_share(one: Indicator) -> bool:
    """Whether a target of it is typed in percent; else it is a count."""
    return one.has_whole and one.unit == PERCENT


def targeted(indicators: Iterable[Indicator], *, everything: bool = False) -> tuple[Indicator, ...]:
    """The counted indicators a target can be set for: shares and counts that should rise, no averages. Those of the
    board, or `everything`."""
    known = list(indicators)
    asked = [one for one in known if one.source is Source.COUNTED] if everything else board_columns(known)
    return tuple(one for one in asked if not one.is_falling_good and (is_share(one) or not one.has_whole))


def parse_target(text: str, name: str, *, share: bool = True) -> int | None | Flaw:
    """ "82,5" to 8250, of a count "1.200" to 1200; nothing typed is None. Codes: `percent_form`, `percent_over`, those of
    `parse_count`."""
    typed = nfc(text).strip()
    if not typed:
        return None
    if not share:
        return parse_count(typed, name, LARGEST)
    found = _PERCENT.fullmatch(typed)
    if not found:
        return Flaw(name, "percent_form")
    value = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
    return value if value <= WHOLE else Flaw(name, "percent_over")


def read_cell(cell: Cell, name: str, *, share: bool) -> int | None | Flaw:
    """A cell of a workbook: percents are typed as numbers (82.5), so 0.825 is under one percent."""
    if isinstance(cell, float):
        rounded = Decimal(repr(cell)).quantize(Decimal("0.01"))
        return parse_target(f"{rounded.normalize():f}" if share else f"{cell:.15g}", name, share=share)
    return parse_target(str(cell), name, share=share)


def shown(value: int) -> Decimal:
    """A kept share in percent."""
    return Decimal(value) / 100


@dataclass(frozen=True)
class Inherited:
    """A target that holds for a place that has none of its own for the span: whose it is, and of which span."""

    value: int
    place_id: int
    span: str


@dataclass(frozen=True)
class GridRow:
    """A place in the grid. `above`: what it lies in, the nearest first. A place outside the scope cannot be typed into."""

    place_id: int
    name: str
    level: str
    above: tuple[int, ...] = ()
    is_open: bool = False
    can_open: bool = False
    is_typed: bool = True


@dataclass(frozen=True)
class TargetGrid:
    """The grid of a place and span ("2026" or "2026-11"): places in rows, indicators in columns. `names` of the places
    that targets come from."""

    place_id: int
    span: str
    columns: tuple[Indicator, ...]
    rows: tuple[GridRow, ...]
    known: Known = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    period: Period | None = None

    def own(self, row: GridRow, one: Indicator) -> int | None:
        return self.known.get((row.place_id, one.code, self.span))

    def inherited(self, row: GridRow, one: Indicator) -> Inherited | None:
        """What holds where the place's own cell stays empty."""
        return inherit(row.place_id, row.above, one, self.span, self.period, self.known)

    @property
    def stamp(self) -> str:
        """Tells whether somebody else set a target of these rows meanwhile."""
        mine = {row.place_id for row in self.rows}
        told = sorted((p, c, v) for (p, c, span), v in self.known.items() if span == self.span and p in mine)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def holding(
    line: Sequence[int], one: Indicator, period: Period, known: Known, *, year: bool
) -> Inherited | None:
    """The target the figures of a period (or of the year so far) are to have reached: of the first place in `line` (a place,
    then what it lies in, the nearest first) that has one, and there the period's before the year's."""
    for place in line:
        for span in (period.code, period.year_code):
            if (place, one.code, span) in known and holds_for(one, span, period, year=year):
                return Inherited(known[place, one.code, span], place, span)
    return None


def inherit(
    place_id: int, above: Sequence[int], one: Indicator, span: str, period: Period | None, known: Known
) -> Inherited | None:
    """The target that holds for a place and span by what is set elsewhere: of its own year (for a period), then of what
    it lies in."""
    year = period.year_code if period else span
    of_year = period is None or holds_for(one, year, period, year=False)
    asked = [(place_id, year)] if period and of_year else []
    for place in above:
        asked += [(place, span)] if period else []
        asked += [(place, year)] if of_year else []
    for place, wanted in asked:
        if (place, one.code, wanted) in known:
            return Inherited(known[place, one.code, wanted], place, wanted)
    return None
