"""Figures as they stand on paper."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tdteam.domain.shares import Average, Share
from tdteam.reports.figures import fraction, number, percent, show, signed


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "-"),
        ("", "-"),
        (0, "0"),
        (1234567, "1.234.567"),
        (Decimal("7.4"), "7,4"),
        (Decimal("1234.5"), "1.234,5"),
        (date(2026, 3, 5), "05/03/2026"),
        (Share(2887, 6104), "2.887/6.104 (47,3%)"),
        (Share(41, 41), "41/41 (100%)"),
        (Share(0, 41), "0/41 (0%)"),
        (Share(203, None), "203/-"),
        (Share(None, 6104), "-"),
        (Share(None, None), "-"),
        (Share(0, 0), "0/0"),
        (Average(2353, 318), "7,4 (2.353/318)"),
        (Average(None, 318), "-"),
        (Average(0, 0), "-"),
        (" =A1 ", "=A1"),
    ],
)
def test_each_figure_keeps_its_parts_and_missing_is_a_dash(value: object, told: str) -> None:
    assert show(value) == told  # type: ignore[arg-type]


def test_changes_carry_their_sign() -> None:
    assert [signed(by) for by in (7, -7, 0, None, Decimal("5.5"), Decimal("-0.6"))] == [
        "+7",
        "-7",
        "0",
        "-",
        "+5,5",
        "-0,6",
    ]


def test_parts_of_a_figure_alone() -> None:
    assert number(10_000) == "10.000"
    assert percent(None) == "-" and percent(Decimal("88.0")) == "88%" and percent(Decimal("0.1")) == "0,1%"
    assert fraction(Share(3, None)) == "3/-"
