"""How many more would reach a target: always enough of them."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from tdteam.domain.coverage_goals import Goal
from tdteam.domain.shares import Share

ANY: Any = SimpleNamespace(code="HOUSEHOLDS_REACHED")


@pytest.mark.parametrize(
    ("part", "whole", "target", "missing"),
    [
        (165, 191, "98", 23),  # 187 of 191 is 97,9 %: 22 more would not do
        (54, 69, "87.5", 7),
        (3, 5, "80", 1),
        (4, 5, "80", 0),
        (5, 5, "80", 0),
        (0, 3, "0.1", 1),
        (None, 8, "50", 4),
        (2, None, "50", 0),
    ],
)
def test_so_many_more_reach_the_target_and_one_fewer_would_not(
    part: int | None, whole: int | None, target: str, missing: int
) -> None:
    goal = Goal(ANY, Share(part, whole), Decimal(target))
    assert goal.missing == missing
    if missing and whole:
        assert 100 * ((part or 0) + missing) >= goal.target * whole
        assert 100 * ((part or 0) + missing - 1) < goal.target * whole
