"""Which places need help most: silence, a year far behind its target, no list, one cause; and what makes no fuss."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tdteam.domain.coverage import LEAD, Line
from tdteam.domain.coverage_needs import LEVEL_TWO, Need, Pace, Why, gone_of_year, list_needs, with_causes
from tdteam.domain.month import TeamStatus
from tdteam.domain.periods import Period
from tdteam.domain.shares import Share, Value

ON = date(2026, 11, 24)
HALF = Pace(Decimal("0.5"), Decimal(40))


def village(number: int, lead: Value = None, **more: Any) -> Line:
    """A village with one team that sent something yesterday, unless told otherwise."""
    state = more.pop("state", TeamStatus.DOING)
    values: Mapping[str, Value] = {LEAD: lead, **more.pop("values", {})}
    given = {"teams": 1, "last_on": date(2026, 11, 23), "statuses": {state: 1}, "level": "village", **more}
    return Line(place_id=number, name=f"V{number}", sort=f"v{number}", values=values, **given)


def needs(*lines: Line, pace: Pace = HALF, over: bool = False) -> list[Need]:
    return list_needs([(line, None) for line in lines], pace, ON, period_over=over)


def reasons(line: Line, **more: Any) -> list[Why]:
    return [reason.why for need in needs(line, **more) for reason in need.reasons]


def test_a_village_on_its_way_needs_nothing() -> None:
    assert needs(village(1, Share(41, 100), targets={LEAD: Decimal(80)})) == []
    assert needs(village(1, Share(37, 100))) == []  # of 40 % all together: near enough


def test_the_target_of_the_year_is_due_by_what_is_gone_of_it() -> None:
    line = village(1, Share(30, 100), targets={LEAD: Decimal(80)})
    assert reasons(line) == [Why.BEHIND]
    assert reasons(line, pace=Pace(Decimal("0.3"), None)) == []


def test_without_a_target_a_village_is_held_against_all_together() -> None:
    (need,) = needs(village(1, Share(10, 100)))
    (reason,) = need.reasons
    assert (reason.why, reason.share, reason.against) == (Why.BELOW_ALL, Share(10, 100), Decimal(40))


def test_unknown_households_are_no_zero_and_known_but_unreached_ones_are() -> None:
    assert reasons(village(1)) == [Why.NO_REGISTRY]
    assert reasons(village(1, Share(0, 0))) == [Why.NO_REGISTRY]
    assert (
        needs(village(1, Share(None, 50), state=TeamStatus.DECLARED)) == []
    )  # figures on paper name no household
    (need,) = needs(village(1, Share(None, 50), state=TeamStatus.SILENT, last_on=date(2026, 11, 20)))
    assert need.reasons[0].why is Why.UNKNOWN and need.unreached == 50
    assert reasons(village(1, Share(0, 50))) == [Why.BELOW_ALL]


def test_silence_counts_from_fourteen_days_while_the_period_runs_and_at_once_after_it() -> None:
    silent = {"state": TeamStatus.SILENT, "lead": Share(40, 100)}
    assert reasons(village(1, last_on=date(2026, 11, 11), **silent)) == []
    assert reasons(village(1, last_on=date(2026, 11, 10), **silent)) == [Why.SILENT]
    assert reasons(village(1, last_on=date(2026, 11, 11), **silent), over=True) == [Why.SILENT]
    assert reasons(village(1, last_on=None, **silent)) == [Why.NEVER]
    assert reasons(village(1, teams=0, statuses={}, lead=Share(40, 100))) == [Why.NO_TEAM]
    busy = {TeamStatus.SILENT: 1, TeamStatus.DOING: 1}
    assert reasons(village(1, Share(40, 100), teams=2, statuses=busy, last_on=date(2026, 1, 1))) == []


def test_level_two_is_a_reason_only_far_under_its_target() -> None:
    def line(part: int) -> Line:
        return village(
            1, Share(40, 100), values={LEVEL_TWO: Share(part, 100)}, targets={LEVEL_TWO: Decimal(90)}
        )

    assert reasons(line(79)) == [Why.LEVEL_TWO] and reasons(line(80)) == []


def test_the_neediest_stands_first_and_of_two_alike_the_one_with_more_households() -> None:
    far, near = village(1, Share(2, 100)), village(2, Share(30, 100))
    large = village(3, Share(20, 1000))
    silent = village(4, Share(2, 100), state=TeamStatus.SILENT, last_on=None)
    assert [need.line.place_id for need in needs(near, far, large, silent)] == [4, 3, 1, 2]


def test_one_cause_of_many_lifts_a_village_and_a_few_people_do_not() -> None:
    first, second = village(1, Share(20, 100)), village(2, Share(20, 100))
    found = needs(first, second)
    lifted = with_causes(found, {2: {"NO_OTP": 30, "OTHER": 3}, 1: {"NO_OTP": 9}}, {1: 20, 2: 60})
    assert [need.line.place_id for need in lifted] == [2, 1]
    cause = next(reason for reason in lifted[0].reasons if reason.why is Why.CAUSE)
    assert (cause.cause, cause.people, cause.share) == ("NO_OTP", 30, Share(30, 60))
    assert all(reason.why is not Why.CAUSE for reason in lifted[1].reasons)


def test_the_year_goes_from_december_to_december() -> None:
    assert gone_of_year(Period(2026, 12), date(2026, 12, 31)) == 1
    assert gone_of_year(Period(2026, 1), date(2025, 12, 15)) == Decimal(1) / 365
    assert gone_of_year(Period(2026, 6), date(2027, 1, 1)) == gone_of_year(Period(2026, 6), date(2026, 6, 14))
