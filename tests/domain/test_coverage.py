"""The order of the board, what is under its target, and which silence is worth a word."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tdteam.domain.coverage import (
    LEAD,
    Line,
    TeamActivity,
    VillageWord,
    board_columns,
    holds_for,
    silent_teams,
    size_of,
    sort_lines,
    target_size,
    village_word,
    worst_status,
)
from tdteam.domain.indicators import Indicator, Selector
from tdteam.domain.month import TeamStatus
from tdteam.domain.periods import Period
from tdteam.domain.shares import Average, Share, Value
from tdteam.domain.vocabulary import Nature, Source

NOVEMBER = Period(2026, 11)


def line(name: str, value: Value = None, **more: object) -> Line:
    return Line(place_id=1, name=name, sort=name, values={LEAD: value}, **more)  # type: ignore[arg-type]


def names(lines: tuple[Line, ...]) -> str:
    return "".join(found.name for found in lines)


def test_the_worst_stand_first_and_what_nobody_counted_before_them() -> None:
    lines = [
        line("a", Share(1, 2)),
        line("b", Share(None, 9)),
        line("c", Share(0, 9)),
        line("d", Share(9, 9)),
    ]
    assert names(sort_lines(lines, LEAD)) == "bcad"
    assert names(sort_lines(lines, f"-{LEAD}")) == "dacb"
    assert names(sort_lines(reversed(lines), "nonsense")) == "bcad"


def test_rows_can_stand_by_name_by_the_last_day_and_by_state() -> None:
    lines = [
        line("b", last_on=date(2026, 11, 2), state="done"),
        line("a", last_on=None, state="doing"),
        line("c", last_on=date(2026, 10, 2), state="silent"),
    ]
    assert names(sort_lines(lines, "name")) == "abc"
    assert names(sort_lines(lines, "-name")) == "cba"
    assert names(sort_lines(lines, "last")) == "acb"
    assert names(sort_lines(lines, "state")) == "cab"


def test_figures_of_each_shape_can_be_put_in_order() -> None:
    assert size_of(Share(1, 3)) == Decimal("33.3")
    assert size_of(Average(7, 2)) == Decimal("3.5")
    assert size_of(0) == 0 and size_of(None) is None and size_of(Share(1, 0)) is None


def indicator(code: str, nature: Nature, unit: str = "%", **more: object) -> Indicator:
    """A share, or an average where its unit is no percent."""
    whole = (Selector("households"),)
    return Indicator(code, code, unit, nature, Source.COUNTED, **{"whole": whole, **more})  # type: ignore[arg-type]


def count(code: str, nature: Nature) -> Indicator:
    return indicator(code, nature, "n", whole=None)


@pytest.mark.parametrize(
    ("nature", "span", "year", "judged"),
    [
        (Nature.DISTINCT, "2026", False, False),  # one month cannot reach what a year is to reach
        (Nature.DISTINCT, "2026", True, True),
        (Nature.DISTINCT, "2026-11", False, True),
        (Nature.DISTINCT, "2026-11", True, False),
        (Nature.DISTINCT, "2026-10", False, False),
        (Nature.STOCK, "2026", False, True),
        (Nature.FLOW, "2026", False, True),
        (Nature.FLOW, "2025", False, False),
    ],
)
def test_a_target_judges_only_what_it_was_set_for(
    nature: Nature, span: str, year: bool, judged: bool
) -> None:
    assert holds_for(indicator("X", nature), span, NOVEMBER, year=year) is judged


@pytest.mark.parametrize(
    ("nature", "span", "year", "judged"),
    [
        (Nature.FLOW, "2026", False, False),  # one month need not bring what a year is to bring
        (Nature.FLOW, "2026", True, True),
        (Nature.FLOW, "2026-11", False, True),
        (Nature.STOCK, "2026", False, True),
    ],
)
def test_a_target_of_a_count_judges_the_span_it_was_set_for(
    nature: Nature, span: str, year: bool, judged: bool
) -> None:
    assert holds_for(count("X", nature), span, NOVEMBER, year=year) is judged


def test_a_target_has_the_size_of_its_figure() -> None:
    assert target_size(indicator("X", Nature.STOCK), 8250) == Decimal("82.5")
    assert target_size(count("X", Nature.STOCK), 1200) == 1200


def test_an_average_or_a_share_that_should_fall_is_never_under_its_target() -> None:
    assert not holds_for(indicator("X", Nature.STOCK, "days"), "2026", NOVEMBER, year=True)
    assert not holds_for(indicator("X", Nature.STOCK, is_falling_good=True), "2026", NOVEMBER, year=True)


def test_columns_begin_with_households_and_leave_out_what_is_declared_or_not_for_the_board() -> None:
    shown = [
        indicator("GATHERINGS", Nature.FLOW, "n", section="outreach", on_board=True, sort=1),
        indicator("FILINGS", Nature.FLOW, "n", section="government", on_board=True, sort=3),
        indicator("EID2", Nature.STOCK, on_board=True, sort=4),
        indicator(LEAD, Nature.DISTINCT, section="outreach", on_board=True, sort=2),
        indicator("HIDDEN", Nature.FLOW, sort=0),
        Indicator("POLICE", "POLICE", "%", Nature.STOCK, Source.DECLARED, on_board=True),
    ]
    assert [one.code for one in board_columns(shown)] == [LEAD, "EID2", "FILINGS", "GATHERINGS"]


def team(name: str, last_on: date | None, status: TeamStatus = TeamStatus.SILENT) -> TeamActivity:
    return TeamActivity(1, name, ((1, name),), 1, status, last_on)


def test_while_a_period_runs_only_a_long_silence_is_told() -> None:
    teams = [
        team("never", None),
        team("long", date(2026, 10, 1)),
        team("lately", date(2026, 11, 1)),
        team("busy", date(2026, 10, 1), TeamStatus.DOING),
    ]
    told = silent_teams(teams, NOVEMBER, date(2026, 11, 10))
    assert [one.name for one in told] == ["never", "long"]
    assert told[0].silent_days(date(2026, 11, 10)) is None and told[1].silent_days(date(2026, 11, 10)) == 40
    over = silent_teams(teams, NOVEMBER, date(2026, 11, 15))
    assert [one.name for one in over] == ["never", "long", "lately"]


def test_a_village_of_two_teams_shows_the_state_to_ask_about() -> None:
    assert worst_status([TeamStatus.DONE, TeamStatus.SILENT, TeamStatus.DOING]) == "silent"
    assert worst_status([]) == ""


def test_villages_are_called_what_they_are() -> None:
    assert village_word(["tdp", "tdp"]) is VillageWord.WARDS
    assert village_word(["thon", "ban"]) is VillageWord.VILLAGES
    assert village_word(["thon", "tdp"]) is VillageWord.BOTH
    assert village_word([]) is VillageWord.VILLAGES
