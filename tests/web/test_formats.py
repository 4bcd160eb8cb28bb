"""Figures and days as Vietnamese readers expect them; what is missing is never 0."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from markupsafe import Markup

from tdteam.domain.periods import Period
from tdteam.domain.shares import Share
from tdteam.web import formats


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (0, None, "0"),
        (1234567, None, "1.234.567"),
        (-1234, None, "−1.234"),
        (1234.5, None, "1.234,5"),
        (Decimal("3.45"), None, "3,5"),
        (Decimal("-0.05"), 1, "−0,1"),
        (3, 1, "3,0"),
        (None, None, "—"),
    ],
)
def test_numbers(value: float | Decimal | None, digits: int | None, shown: str) -> None:
    assert formats.num(value, digits) == shown


def test_a_share_keeps_both_numbers_and_says_when_one_is_missing() -> None:
    assert formats.pct(Share(2887, 6104)) == "47,3%"
    assert formats.pct(Share(0, 64)) == "0,0%"
    assert formats.pct(Share(1300, 1300)) == "100,0%"
    assert formats.pct(Share(None, 87)) == formats.pct(Share(3, 0)) == formats.pct(None) == "—"
    assert formats.frac(Share(2887, 6104)) == "2.887/6.104"
    assert formats.frac(Share(None, 87)) == "—/87"


def test_the_shade_of_a_share_tells_no_figures_from_zero() -> None:
    parts = (None, 0, 199, 200, 399, 400, 600, 799, 800, 1000, 1500)
    assert [formats.step(Share(part, 1000)) for part in parts] == [0, 1, 1, 2, 2, 3, 4, 4, 5, 5, 5]
    assert formats.below(Share(499, 1000), 50) and not formats.below(Share(500, 1000), 50)
    assert not formats.below(Share(None, 1000), 50) and not formats.below(Share(1, 1000), None)


def test_changes_carry_their_sign() -> None:
    assert formats.change(Share(2887, 6104), Share(2550, 6104)) == "+5,5"
    assert formats.change(Share(151, 1000), Share(181, 1000)) == "−3,0"
    assert formats.change(46, 39) == "+7"
    assert formats.change(46, 46) == "0"
    assert formats.change(46, None) == "—"


def test_days_and_instants_are_those_of_viet_nam() -> None:
    late_in_london = datetime(2026, 11, 10, 18, 30, tzinfo=UTC)
    assert formats.day(date(2026, 3, 5)) == "05/03/2026"
    assert formats.day(late_in_london) == "11/11/2026"
    assert formats.clock(late_in_london) == "01:30"
    assert formats.moment(late_in_london) == "11/11/2026 01:30"
    assert formats.moment_short(late_in_london) == "11/11 01:30"
    assert formats.span(Period(2026, 11)) == "15/10–14/11"
    assert formats.month_year(Period(2026, 3)) == "03/2026"
    nothing = (
        formats.day,
        formats.day_month,
        formats.clock,
        formats.moment,
        formats.span,
        formats.month_year,
    )
    assert {show(None) for show in nothing} == {"—"}


def test_phones_sizes_and_long_text() -> None:
    assert formats.phone("0912345678").split() == ["0912", "345", "678"]
    assert formats.phone("02143861234") == "02143861234"
    assert [formats.size(n).split() for n in (950, 12_400, 1_234_567)] == [
        ["950", "B"],
        ["12", "KB"],
        ["1,2", "MB"],
    ]
    assert formats.lines("a <b>\nc") == Markup("a &lt;b&gt;<br>c")
    assert formats.text("") == formats.text(None) == formats.lines("") == "—"
    assert formats.text(0) == "0"
