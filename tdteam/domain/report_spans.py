"""What stretch of time a report speaks of: a month, quarter, half-year, year (Decree 09/2019/ND-CP art. 12) or any days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tdteam.domain.periods import STATUTORY_START_DAY, Period, period_of


class SpanKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    RANGE = "range"


_MONTHS = {SpanKind.MONTH: 1, SpanKind.QUARTER: 3, SpanKind.HALF: 6, SpanKind.YEAR: 12}


@dataclass(frozen=True)
class ReportSpan:
    """First and last day (both belong), and the first day of the statutory year that cumulative figures start from.

    `index` is the month 1-12, quarter 1-4 or half 1-2 of `year`; 1 for a year, 0 for a range.
    """

    kind: SpanKind
    year: int
    index: int
    since: date
    last_day: date
    year_since: date

    @property
    def following(self) -> tuple[int, int]:
        """(year, index) of the span after this one; a range has none and answers its own."""
        if self.kind is SpanKind.RANGE:
            return self.year, self.index
        count = 12 // _MONTHS[self.kind]
        return (self.year + 1, 1) if self.index == count else (self.year, self.index + 1)


def span_of(kind: SpanKind, year: int, index: int = 1, start_day: int = STATUTORY_START_DAY) -> ReportSpan:
    """The index-th month, quarter or half of a year, or the year, with the statutory (or calendar) days."""
    months = _MONTHS[kind]
    if not 1 <= index <= 12 // months:
        raise ValueError(f"no {kind} {index} in a year")
    last = Period(year, index * months, start_day)
    first = last.plus(1 - months)
    return ReportSpan(kind, year, index, first.since, last.last_day, Period(year, 1, start_day).since)


def month_span(period: Period) -> ReportSpan:
    return span_of(SpanKind.MONTH, period.year, period.month, period.start_day)


def range_span(since: date, last_day: date, start_day: int = STATUTORY_START_DAY) -> ReportSpan:
    """Any days, both ends included ("bao cao nhanh"); the year is that of the period the last day falls in."""
    if since > last_day:
        raise ValueError("a span ends before it begins")
    year = period_of(last_day, start_day).year
    return ReportSpan(SpanKind.RANGE, year, 0, since, last_day, Period(year, 1, start_day).since)
