"""Months, quarters, half-years and years of Decree 09/2019."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdteam.domain.errors import Refused
from tdteam.domain.periods import Period
from tdteam.domain.report_spans import (
    LONGEST,
    ReportSpan,
    SpanKind,
    month_span,
    range_span,
    span_before,
    span_code,
    span_named,
    span_of,
    stretch_of,
)


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


COUNTS = {SpanKind.MONTH: 12, SpanKind.QUARTER: 4, SpanKind.HALF: 2, SpanKind.YEAR: 1}


@st.composite
def spans(draw: st.DrawFn, start_day: int) -> ReportSpan:
    kind = draw(st.sampled_from(list(SpanKind)))
    if kind is SpanKind.RANGE:
        since = draw(st.dates(date(2000, 1, 1), date(2096, 1, 1)))
        return range_span(since, since + timedelta(days=draw(st.integers(0, LONGEST - 1))), start_day)
    return span_of(kind, draw(st.integers(2000, 2100)), draw(st.integers(1, COUNTS[kind])), start_day)


@pytest.mark.parametrize("start_day", [15, 1])
def test_a_span_is_read_back_from_its_code(start_day: int) -> None:
    @given(spans(start_day))
    def read_back(span: ReportSpan) -> None:
        code = span_code(span)
        assert span_named(code, start_day) == span
        assert len(code) <= 24  # what the tables hold

    read_back()


@pytest.mark.parametrize("start_day", [15, 1])
def test_a_stretch_is_each_day_of_the_span_once(start_day: int) -> None:
    @given(spans(start_day))
    def taken_apart(span: ReportSpan) -> None:
        found = stretch_of(span, start_day)
        pairs = [*found.days, *((period.since, period.last_day) for period in found.periods)]
        days = [since + timedelta(days=n) for since, last in pairs for n in range((last - since).days + 1)]
        whole = (span.last_day - span.since).days + 1
        assert sorted(days) == [span.since + timedelta(days=n) for n in range(whole)]
        assert bool(found.days) <= (span.kind is SpanKind.RANGE)

    taken_apart()


@given(spans(15))
def test_what_a_span_is_compared_with_ends_the_day_before(span: ReportSpan) -> None:
    before = span_before(span)
    assert before.last_day == span.since - timedelta(days=1)
    assert before.kind is span.kind
    if span.kind is SpanKind.RANGE:
        assert before.last_day - before.since == span.last_day - span.since


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026-13", "2026-00", "2026-Q5", "2026-Q0", "2026-H3", "26-Q1", "1999", "2101-Q1", "2026-q1", "2026 "),
        *("2026-11-20..2026-11-19", "2026-02-30..2026-03-01", "2026-11-20", "2026-11-20...2026-11-21"),
        *("2020-01-01..2026-01-01", "1999-12-31..2000-01-02", "٢٠٢٦", "2026-Q1\n"),
    ],
)  # fmt: skip
def test_nothing_else_is_a_span(text: str) -> None:
    with pytest.raises(Refused) as refused:
        span_named(text)
    assert [flaw.code for flaw in refused.value.flaws] == ["span_form"]
