"""What stretch of time a report speaks of: a month, quarter, half-year, year (Decree 09/2019/ND-CP art. 12) or any days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tdteam.domain.errors import Flaw, Refused
from tdteam.domain.periods import STATUTORY_START_DAY, Period, period_of

LONGEST = 3 * 366  # days of a report over any days
_CODE = re.compile(r"(\d{4})(?:-(?:Q([1-4])|H([12])|(0[1-9]|1[0-2])))?", re.ASCII)
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


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


def as_span(at: Period | ReportSpan) -> ReportSpan:
    """A period as the month it is; a span as itself."""
    return month_span(at) if isinstance(at, Period) else at


def span_code(span: ReportSpan) -> str:
    """How a span is written in addresses and rows: `2026-11`, `2026-Q4`, `2026-H2`, `2026`, `2026-10-15..2026-11-20`."""
    match span.kind:
        case SpanKind.MONTH:
            return f"{span.year:04d}-{span.index:02d}"
        case SpanKind.QUARTER:
            return f"{span.year:04d}-Q{span.index}"
        case SpanKind.HALF:
            return f"{span.year:04d}-H{span.index}"
        case SpanKind.YEAR:
            return f"{span.year:04d}"
    return f"{span.since.isoformat()}..{span.last_day.isoformat()}"


def span_named(text: str, start_day: int = STATUTORY_START_DAY) -> ReportSpan:
    """The span of a code. Raises Refused `span_form` for anything else, for days that end before they begin, and for
    more than three years of them."""
    if found := _CODE.fullmatch(text):
        year, quarter, half, month = found.groups()
        if _FIRST_YEAR <= int(year) <= _LAST_YEAR:
            if quarter:
                return span_of(SpanKind.QUARTER, int(year), int(quarter), start_day)
            if half:
                return span_of(SpanKind.HALF, int(year), int(half), start_day)
            if month:
                return span_of(SpanKind.MONTH, int(year), int(month), start_day)
            return span_of(SpanKind.YEAR, int(year), 1, start_day)
    elif days := _DAYS.fullmatch(text):
        try:
            since, last_day = (date.fromisoformat(day) for day in days.groups())
        except ValueError:
            raise Refused([Flaw("span", "span_form")]) from None
        years = since.year >= _FIRST_YEAR and last_day.year <= _LAST_YEAR
        if years and since <= last_day < since + timedelta(days=LONGEST):
            return range_span(since, last_day, start_day)
    raise Refused([Flaw("span", "span_form")])


def span_before(span: ReportSpan, start_day: int = STATUTORY_START_DAY) -> ReportSpan:
    """What a span is compared with: the quarter before a quarter; before any days, as many days."""
    if span.kind is SpanKind.RANGE:
        days = span.last_day - span.since
        last_day = span.since - timedelta(days=1)
        return range_span(last_day - days, last_day, start_day)
    if span.index > 1:
        return span_of(span.kind, span.year, span.index - 1, start_day)
    return span_of(span.kind, span.year - 1, 12 // _MONTHS[span.kind], start_day)


def span_so_far(span: ReportSpan, start_day: int = STATUTORY_START_DAY) -> ReportSpan:
    """The statutory year up to a span's last day, as days."""
    return range_span(span.year_since, span.last_day, start_day)


@dataclass(frozen=True)
class Stretch:
    """A span taken apart: the periods that lie wholly in it, and the days at its ends (both included) that do not."""

    periods: tuple[Period, ...]
    days: tuple[tuple[date, date], ...] = ()

    @property
    def codes(self) -> list[str]:
        return [period.code for period in self.periods]


def stretch_of(span: ReportSpan, start_day: int = STATUTORY_START_DAY) -> Stretch:
    """A span's whole periods, oldest first, and the days left over."""
    first, last = period_of(span.since, start_day), period_of(span.last_day, start_day)
    begin = first if first.since == span.since else first.plus(1)
    end = last if last.last_day == span.last_day else last.plus(-1)
    if end < begin:
        return Stretch((), ((span.since, span.last_day),))
    periods = end.back((end.year - begin.year) * 12 + end.month - begin.month + 1)
    days = []
    if span.since < begin.since:
        days.append((span.since, begin.since - timedelta(days=1)))
    if span.last_day > end.last_day:
        days.append((end.until, span.last_day))
    return Stretch(tuple(periods), tuple(days))
