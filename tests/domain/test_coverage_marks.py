"""What stands beside a figure: under its target, held against the period before or only shown next to it."""

from __future__ import annotations

from decimal import Decimal

from tdteam.domain.coverage import LEAD, Line
from tdteam.domain.coverage_marks import mark
from tdteam.domain.indicators import Indicator, Selector
from tdteam.domain.shares import Share, Value
from tdteam.domain.vocabulary import Nature, Source


def share(nature: Nature = Nature.DISTINCT, unit: str = "%") -> Indicator:
    return Indicator(LEAD, LEAD, unit, nature, Source.COUNTED, whole=(Selector("households"),))


def line(value: Value, before: Value = None, target: int | None = None) -> Line:
    targets = {} if target is None else {LEAD: Decimal(target)}
    return Line(1, "a", "a", {LEAD: value}, targets=targets, previous={LEAD: before} if before else {})


def test_only_a_known_share_under_its_target_is_low() -> None:
    assert mark(line(Share(4, 9), target=45), share(), runs=False).is_low
    assert not mark(line(Share(5, 9), target=45), share(), runs=False).is_low
    assert not mark(line(Share(None, 9), target=45), share(), runs=False).is_low
    assert not mark(line(Share(4, 9)), share(), runs=False).is_low
    assert not mark(line(4, target=45), share(unit="days"), runs=False).is_low


def test_a_month_that_runs_is_not_held_against_a_whole_one_but_a_stock_is() -> None:
    told = line(Share(4, 8), before=Share(6, 8))
    over = mark(told, share(), runs=False)
    assert over.is_held and over.moved == Decimal("-25.0")
    running = mark(told, share(), runs=True)
    assert (running.is_held, running.moved, running.before) == (False, None, Share(6, 8))
    assert mark(told, share(Nature.STOCK), runs=True).moved == Decimal("-25.0")
    assert not mark(line(Share(4, 8)), share(), runs=False).is_held
