"""Indicators are data: an indicator names the tally rows that make its numerator and denominator, and this evaluates it.

A selector picks tally rows: {"measure": "people", "kind": [...], "kind_not": [...], "outcome": [...]}; what it leaves
out is not asked. A numerator alone is a count; with a denominator it is a share where the unit is "%", else an average
(days of filings). A new indicator needs no developer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tdteam.domain.catalogue import judge_code
from tdteam.domain.errors import Flaw
from tdteam.domain.shares import Average, Share, Value
from tdteam.domain.tallies import STOCKS
from tdteam.domain.vocabulary import Nature, Source

PERCENT = "%"
_STOCKS = frozenset(STOCKS)


@dataclass(frozen=True)
class Row:
    """A tally row, summed over whatever was asked."""

    measure: str
    kind: str
    outcome: str
    value: int


@dataclass(frozen=True)
class Selector:
    """Which tally rows count."""

    measure: str
    kind: frozenset[str] | None = None
    kind_not: frozenset[str] = frozenset()
    outcome: frozenset[str] | None = None

    def picks(self, row: Row) -> bool:
        return (
            row.measure == self.measure
            and (self.kind is None or row.kind in self.kind)
            and row.kind not in self.kind_not
            and (self.outcome is None or row.outcome in self.outcome)
        )


@dataclass(frozen=True)
class Indicator:
    """An indicator as the figures need it; names are the catalogue's Vietnamese."""

    code: str
    name: str
    unit: str
    nature: Nature
    source: Source
    section: str = ""
    short_name: str = ""
    part: tuple[Selector, ...] = ()
    whole: tuple[Selector, ...] | None = None
    part_name: str = ""
    whole_name: str = ""
    beside: str | None = None
    annex: str = ""
    is_teams: bool = False
    is_places: bool = False
    in_report: bool = True
    is_headline: bool = False
    on_board: bool = False
    is_falling_good: bool = False
    sort: int = 0
    is_active: bool = True

    @property
    def has_whole(self) -> bool:
        """Whether it keeps a denominator; a declared percentage does."""
        return self.whole is not None or self.unit == PERCENT


def selectors(told: Sequence[Mapping[str, Any]] | None) -> tuple[Selector, ...]:
    """Selectors from the catalogue's JSON."""
    return tuple(
        Selector(
            one["measure"],
            frozenset(one["kind"]) if one.get("kind") else None,
            frozenset(one.get("kind_not") or ()),
            frozenset(one["outcome"]) if one.get("outcome") else None,
        )
        for one in told or ()
    )


def measures_of(indicators: Iterable[Indicator]) -> frozenset[str]:
    """The measures some indicators read: a query need fetch no others."""
    return frozenset(s.measure for one in indicators for s in (*one.part, *(one.whole or ())))


def is_refined(indicators: Iterable[Indicator]) -> bool:
    """Whether any of them asks for some kinds or outcomes of a measure only."""
    picked = (s for one in indicators for s in (*one.part, *(one.whole or ())))
    return any(s.kind is not None or s.kind_not or s.outcome is not None for s in picked)


def total(rows: Sequence[Row], picked: Sequence[Selector]) -> int | None:
    """The sum of the rows that at least one selector picks.

    Where something was sent, a flow without rows is 0. A stock without any row of its measure is unknown: a registry
    that never asked about poverty does not have 0 poor households.
    """
    measures = [selector.measure for selector in picked]
    own = [row for row in rows if row.measure in measures]
    if not own and measures and _STOCKS.issuperset(measures):
        return None
    found = 0
    for row in own:
        for selector in picked:
            if selector.picks(row):
                found += row.value
                break
    return found


def evaluate(indicator: Indicator, rows: Sequence[Row] | None) -> Value:
    """The indicator's value of some rows; None rows mean that nothing is known (missing is never 0)."""
    return evaluate_over(indicator, rows, rows)


def evaluate_over(
    indicator: Indicator, part_rows: Sequence[Row] | None, whole_rows: Sequence[Row] | None
) -> Value:
    """The same with a denominator from other rows: households reached in a period, among the households of its end."""
    if part_rows is None:
        return None
    part = total(part_rows, indicator.part)
    if indicator.whole is None:
        return part
    return pair(indicator, part, None if whole_rows is None else total(whole_rows, indicator.whole))


def pair(indicator: Indicator, part: int | None, whole: int | None) -> Value:
    """Two numbers in the indicator's shape: share, average, or a count alone."""
    if not indicator.has_whole:
        return part
    return Share(part, whole) if indicator.unit == PERCENT else Average(part, whole)


def judge_indicator(indicator: Indicator) -> list[Flaw]:
    """What is wrong with an indicator an administrator wrote. Codes: required, indicator_code, part_required,
    declared_nature, declared_nobody, shares_for_places."""
    flaws = [Flaw(name, "required") for name in ("name", "unit") if not getattr(indicator, name).strip()]
    flaws += judge_code(indicator.code)
    if indicator.source is Source.COUNTED:
        return flaws if indicator.part else [*flaws, Flaw("part", "part_required")]
    if indicator.nature is Nature.DISTINCT:
        flaws.append(Flaw("nature", "declared_nature"))
    if not indicator.is_teams and not indicator.is_places:
        flaws.append(Flaw("is_places", "declared_nobody"))
    if indicator.has_whole:
        flaws += [
            Flaw(name, "required")
            for name in ("part_name", "whole_name")
            if not getattr(indicator, name).strip()
        ]
        if indicator.is_teams:
            flaws.append(Flaw("is_teams", "shares_for_places"))
    return flaws
