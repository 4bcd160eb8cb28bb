"""Ratios that keep both numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdteam.domain.shares import Average, Share, change


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (2887, 6104, "47.3"),
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (1, 8, "12.5"),
        (5, 10_000, "0.1"),  # 0.05 rounds away from zero
        (0, 5, "0.0"),
        (5, 5, "100.0"),
        (7, 5, "140.0"),
    ],
)
def test_percent_is_rounded_half_up_to_one_decimal(part: int, whole: int, percent: str) -> None:
    assert Share(part, whole).percent == Decimal(percent)


@pytest.mark.parametrize(("part", "whole"), [(None, 5), (5, None), (None, None), (0, 0), (5, 0)])
def test_what_is_unknown_or_of_nothing_has_no_percent(part: int | None, whole: int | None) -> None:
    assert Share(part, whole).percent is None
    assert Average(part, whole).value is None


def test_an_average_is_no_percentage() -> None:
    assert Average(2353, 318).value == Decimal("7.4")


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_points_are_the_difference_of_what_is_printed(a: int, b: int, c: int, d: int) -> None:
    now, before = Share(a, b), Share(c, d)
    assert now.percent is not None and before.percent is not None
    assert change(now, before) == now.percent - before.percent


def test_only_like_is_compared_with_like() -> None:
    assert change(46, 39) == 7 and change(39, 46) == -7 and change(3, 3) == 0
    assert change(None, 39) is None and change(46, None) is None
    assert change(46, Share(1, 2)) is None and change(Share(1, 2), Average(1, 2)) is None
    assert change(Share(1, 2), Share(1, 0)) is None
    assert change(Average(15, 2), Average(8, 1)) == Decimal("-0.5")
