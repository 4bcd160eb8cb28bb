"""Months, quarters, half-years and years of Decree 09/2019."""

from __future__ import annotations

from datetime import date

import pytest

from tdteam.domain.periods import Period
from tdteam.domain.report_spans import SpanKind, month_span, range_span, span_of


@pytest.mark.parametrize(
    ("kind", "index", "since", "last_day"),
    [
        (SpanKind.MONTH, 11, date(2026, 10, 15), date(2026, 11, 14)),
        (SpanKind.MONTH, 1, date(2025, 12, 15), date(2026, 1, 14)),
        (SpanKind.QUARTER, 1, date(2025, 12, 15), date(2026, 3, 14)),
        (SpanKind.QUARTER, 4, date(2026, 9, 15), date(2026, 12, 14)),
        (SpanKind.HALF, 1, date(2025, 12, 15), date(2026, 6, 14)),
        (SpanKind.HALF, 2, date(2026, 6, 15), date(2026, 12, 14)),
        (SpanKind.YEAR, 1, date(2025, 12, 15), date(2026, 12, 14)),
    ],
)
def test_statutory_spans_run_from_the_15th_to_the_14th(
    kind: SpanKind, index: int, since: date, last_day: date
) -> None:
    span = span_of(kind, 2026, index)
    assert (span.since, span.last_day, span.year_since) == (since, last_day, date(2025, 12, 15))


def test_calendar_months_where_a_setting_says_so() -> None:
    span = month_span(Period(2026, 2, start_day=1))
    assert (span.since, span.last_day, span.year_since) == (
        date(2026, 2, 1),
        date(2026, 2, 28),
        date(2026, 1, 1),
    )


@pytest.mark.parametrize(
    ("kind", "index", "following"),
    [(SpanKind.MONTH, 11, (2026, 12)), (SpanKind.MONTH, 12, (2027, 1)), (SpanKind.QUARTER, 4, (2027, 1)), (SpanKind.HALF, 1, (2026, 2)), (SpanKind.YEAR, 1, (2027, 1))],
)  # fmt: skip
def test_the_span_after(kind: SpanKind, index: int, following: tuple[int, int]) -> None:
    assert span_of(kind, 2026, index).following == following


def test_any_days_count_their_year_by_the_last_day() -> None:
    span = range_span(date(2026, 12, 10), date(2026, 12, 20))
    assert (span.year, span.year_since) == (2027, date(2026, 12, 15))
    with pytest.raises(ValueError, match="before it begins"):
        range_span(date(2026, 12, 20), date(2026, 12, 10))


@pytest.mark.parametrize(
    ("kind", "index"),
    [
        (SpanKind.MONTH, 13),
        (SpanKind.QUARTER, 5),
        (SpanKind.HALF, 3),
        (SpanKind.YEAR, 2),
        (SpanKind.MONTH, 0),
    ],
)
def test_there_is_no_fifth_quarter(kind: SpanKind, index: int) -> None:
    with pytest.raises(ValueError, match="in a year"):
        span_of(kind, 2026, index)
