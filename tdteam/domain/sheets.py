"""Sheets: a place's figures of one period as a row of whole numbers, two a counted indicator, that add up place by place.

Unknown stays unknown: None beside a number leaves the number, None beside None is None. So the sheet of a commune is the
sum of its villages', and says what counting all their tallies together would.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any
from zlib import crc32

from tdteam.domain.indicators import Indicator, Row, Selector, pair
from tdteam.domain.periods import Period
from tdteam.domain.shares import Value
from tdteam.domain.tallies import ACTIVITY, DISTINCT, FLOWS, REACHED, REACHED_FIRST, STOCKS
from tdteam.domain.vocabulary import Nature, Source

FORM = 1
"""To be raised where a sheet of an older version of this file would be read wrongly."""
SENT = frozenset((*FLOWS, *DISTINCT, *ACTIVITY))
"""What a team sent, whatever it was: it tells 0 from missing."""
_STOCKS = frozenset(STOCKS)
Figures = Sequence[int | None]
YEAR, TEAMS = "y", "t"
"""What stands before a period where a sheet is not of its figures alone: the year up to its end; how its teams stand."""


@dataclass(frozen=True)
class YearSoFar:
    """The statutory year up to the end of a period, which has a sheet of its own, written `y2026-11`."""

    last: Period

    @cached_property
    def code(self) -> str:
        return YEAR + self.last.code

    @cached_property
    def months(self) -> list[Period]:
        return self.last.of_year_so_far()


Span = Period | YearSoFar


def months_of(span: Span) -> list[Period]:
    return span.months if isinstance(span, YearSoFar) else [span]


def team_span(period: Period) -> str:
    """How a teams' sheet of a period is named (`domain/team_sheets.py`): `t2026-11`."""
    return TEAMS + period.code


def kind_of_span(span: str) -> tuple[str, str]:
    """What a sheet is of: "" (figures of a period), YEAR or TEAMS, and the period it ends with."""
    return (span[0], span[1:]) if span[:1] in (YEAR, TEAMS) else ("", span)


def years_moved(period: str) -> list[str]:
    """The years so far that hold a period: up to its own end and to that of each later one of its year."""
    year, _, month = period.partition("-")
    return [f"{YEAR}{year}-{number:02d}" for number in range(int(month), 13)] if month else []


class Layout:
    """Where each counted indicator's numbers stand in a sheet.

    Slot 0 says whether anything was sent (1 or 0); then numerator and denominator of each indicator in turn; then, of each
    distinct one, what the period adds to the year. `mark` changes whenever an indicator's definition does.
    """

    def __init__(self, indicators: Iterable[Indicator]) -> None:
        self.counted = tuple(one for one in indicators if one.source is Source.COUNTED)
        self.at = {one.code: 1 + 2 * place for place, one in enumerate(self.counted)}
        distinct = [one.code for one in self.counted if one.nature is Nature.DISTINCT]
        first = 1 + 2 * len(self.counted)
        self.adds = {code: first + place for place, code in enumerate(distinct)}
        self.width = first + len(distinct)
        self.mark = crc32(json.dumps([FORM, *map(_told, self.counted)]).encode())
        self._sent, self._registered = [*self._parts_sent()], [*self._parts_registered()]
        self.zeros = {slot: _nothing(picked) for slot, picked, _ in self._sent}
        self._of_sent: dict[tuple[str, str, str], tuple[int, ...]] = {}
        self._of_registry: dict[tuple[str, str, str], tuple[tuple[int, ...], tuple[int, ...]]] = {}

    def _parts_sent(self) -> Iterable[tuple[int, Sequence[Selector], str]]:
        for one in self.counted:
            slot = self.at[one.code]
            if one.nature is not Nature.STOCK:
                yield slot, one.part, REACHED
                if one.nature is Nature.FLOW and one.whole is not None:
                    yield slot + 1, one.whole, REACHED
            if one.nature is Nature.DISTINCT:
                yield self.adds[one.code], one.part, REACHED_FIRST

    def _parts_registered(self) -> Iterable[tuple[int, Sequence[Selector]]]:
        for one in self.counted:
            slot = self.at[one.code]
            if one.nature is Nature.STOCK:
                yield slot, one.part
            if one.nature is not Nature.FLOW and one.whole is not None:
                yield slot + 1, one.whole

    def count(self, sent: Sequence[Row] | None, registry: Sequence[Row] | None) -> list[int | None]:
        """A village's sheet from its tally rows of a period and the registry's as of its end; None: there are none."""
        out: list[int | None] = [None] * self.width
        out[0] = int(sent is not None)
        if sent is not None:
            for slot, number in self.zeros.items():
                out[slot] = number
            for row in sent:
                for slot in self._sent_slots(row):
                    out[slot] = (out[slot] or 0) + row.value
        if registry is not None:
            for slot, picked in self._registered:
                out[slot] = _nothing(picked)
            for row in registry:
                known, counted = self._registry_slots(row)
                for slot in known:
                    out[slot] = out[slot] or 0
                for slot in counted:
                    out[slot] = (out[slot] or 0) + row.value
        return out

    def of_year(self, months: Sequence[Figures]) -> Figures:
        """A place's year up to the last of its months: flows and what each month first reached added up, the registry as
        of the last. Slot 0 counts the months in which something was sent."""
        out, last = list(add(months)), months[-1]
        for one in self.counted:
            slot = self.at[one.code]
            if one.nature is Nature.DISTINCT:
                out[slot], out[slot + 1] = out[self.adds[one.code]], last[slot + 1]
            elif one.nature is Nature.STOCK:
                out[slot], out[slot + 1] = last[slot], last[slot + 1]
        return out

    def _sent_slots(self, row: Row) -> tuple[int, ...]:
        """The slots a tally row counts in. What the year first reached stands as REACHED in its own slots alone."""
        key = (row.measure, row.kind, row.outcome)
        if key not in self._of_sent:
            is_first = row.measure == REACHED_FIRST
            asked = Row(REACHED, row.kind, row.outcome, 0) if is_first else row
            self._of_sent[key] = tuple(
                slot
                for slot, picked, of in self._sent
                if (of == REACHED_FIRST and is_first and _picks(picked, asked))
                or (of != REACHED_FIRST and _picks(picked, row))
            )
        return self._of_sent[key]

    def _registry_slots(self, row: Row) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The slots a row of the registry makes known, and those it counts in."""
        key = (row.measure, row.kind, row.outcome)
        if key not in self._of_registry:
            self._of_registry[key] = (
                tuple(s for s, picked in self._registered if any(row.measure == p.measure for p in picked)),
                tuple(s for s, picked in self._registered if _picks(picked, row)),
            )
        return self._of_registry[key]


class Reading:
    """Some indicators read out of sheets: adds up only their slots."""

    def __init__(self, layout: Layout, columns: Sequence[Indicator]) -> None:
        self.layout = layout
        self.columns = [one for one in columns if one.code in layout.at]
        slots = [0]
        for one in self.columns:
            slots += [layout.at[one.code], layout.at[one.code] + 1]
        self.width = len(slots) - 1
        self._pick = itemgetter(*slots)
        self._zeros = [layout.zeros.get(slot) for slot in slots]

    def pick(self, sheet: Figures) -> tuple[int | None, ...]:
        picked: tuple[int | None, ...] = self._pick(sheet)
        return picked

    def confirmed(self, picked: Figures) -> Figures:
        """What a place without anything sent shows where a team of it said that there was nothing: 0, not missing."""
        return [zero if number is None else number for number, zero in zip(picked, self._zeros, strict=True)]

    def values(self, picked: Figures | None) -> dict[str, Value]:
        """Each indicator's value of picked numbers; nothing of no sheet at all."""
        if picked is None or not any(number is not None for number in picked[1:]):
            return {}
        return {
            one.code: as_value(one, picked[1 + 2 * n], picked[2 + 2 * n])
            for n, one in enumerate(self.columns)
        }


def add(figures: Sequence[Figures]) -> Figures:
    """Sheets of places that share no village, as one; they are all of one layout (or picked alike)."""
    if len(figures) == 1:
        return figures[0]
    return [_sum(numbers) for numbers in zip(*figures, strict=True)]


def _sum(numbers: tuple[int | None, ...]) -> int | None:
    try:
        return sum(numbers)  # type: ignore[arg-type]
    except TypeError:  # some are unknown
        known = [number for number in numbers if number is not None]
        return sum(known) if known else None


def as_value(one: Indicator, part: int | None, whole: int | None) -> Value:
    """Two numbers in the indicator's shape; None where neither is known."""
    return None if part is None and whole is None else pair(one, part, whole)


def _picks(picked: Sequence[Selector], row: Row) -> bool:
    return any(selector.picks(row) for selector in picked)


def _nothing(picked: Sequence[Selector]) -> int | None:
    """The sum of no row at all: 0, but unknown of what only the registry tells."""
    measures = {selector.measure for selector in picked}
    return None if measures and _STOCKS.issuperset(measures) else 0


def _told(one: Indicator) -> list[Any]:
    parts = [one.part, one.whole]
    return [
        *(one.code, one.unit, str(one.nature)),
        *(None if part is None else [_selected(selector) for selector in part] for part in parts),
    ]


def _selected(one: Selector) -> list[Any]:
    return [
        one.measure,
        *(None if given is None else sorted(given) for given in (one.kind, one.kind_not, one.outcome)),
    ]
