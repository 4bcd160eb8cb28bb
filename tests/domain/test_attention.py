"""The rules of the attention list: what they raise, how grave, and in which order lines stand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tdteam.domain import attention as rules
from tdteam.domain.attention import Aim, Course, Ground, Item, Owed, Severity, Waiting
from tdteam.domain.attention_list import group, rank
from tdteam.domain.coverage import TeamActivity
from tdteam.domain.month import TeamStatus
from tdteam.domain.periods import Period
from tdteam.domain.rule_limits import Standing, judge_limits, stand
from tdteam.domain.shares import Share

NOVEMBER = Period(2026, 11)  # 15 October to 14 November
END = date(2026, 11, 14)
VILLAGE = Ground(7, "Hốc Đá", 2, 80)


def rule(code: str, **limits: int) -> Standing:
    return stand(rules.RULES, {code: (True, limits)})[code]


def team(status: TeamStatus, last_on: date | None) -> TeamActivity:
    return TeamActivity(1, "Tổ Hốc Đá", ((7, "Hốc Đá"),), 2, status, last_on)


def silent(status: TeamStatus, last_on: date | None, on: date = END) -> list[Item]:
    return list(rules.find_silent([team(status, last_on)], {7: VILLAGE}, NOVEMBER, on, rule("silent_team")))


def test_a_team_is_silent_after_fourteen_days_and_the_longer_the_graver() -> None:
    assert silent(TeamStatus.SILENT, date(2026, 11, 1)) == []
    levels = {
        days: silent(TeamStatus.SILENT, date.fromordinal(END.toordinal() - days))[0].severity
        for days in (14, 28, 42)
    }
    assert levels == {14: Severity.NOTE, 28: Severity.SERIOUS, 42: Severity.URGENT}
    found = silent(TeamStatus.SILENT, date(2026, 10, 1))[0]
    assert found.households == 80 and found.numbers["days"] == 44 and found.target == "team:1"


@pytest.mark.parametrize("status", [TeamStatus.ZERO, TeamStatus.DONE, TeamStatus.DECLARED, TeamStatus.DOING])
def test_a_team_that_said_anything_is_not_silent(status: TeamStatus) -> None:
    assert silent(status, date(2026, 9, 1)) == []


def test_a_team_never_heard_of_is_urgent_once_half_the_period_is_over() -> None:
    assert silent(TeamStatus.SILENT, None, date(2026, 10, 20)) == []
    assert silent(TeamStatus.SILENT, None)[0].severity is Severity.URGENT


def aim(part: int | None, target: str, gone: int, *, paced: bool = True, span: str = "2026") -> Aim:
    return Aim(VILLAGE, "REACHED", "Hộ", Share(part, 80), Decimal(target), span, gone, paced)


def behind(one: Aim, **limits: int) -> list[Item]:
    return list(rules.find_behind([one], NOVEMBER, rule("behind_target", **limits)))


def test_a_village_is_behind_under_half_of_what_was_due_by_now() -> None:
    # of 80 %, half the year gone: 40 % due, flagged under 20 %, that is 16 of 80 households
    assert behind(aim(16, "80", 50)) == []
    found = behind(aim(15, "80", 50))[0]
    assert found.severity is Severity.SERIOUS and found.households == 17  # 32 were due
    assert found.numbers["due"] == Decimal("40.0") and found.numbers["gone"] == 50
    assert behind(aim(7, "80", 50))[0].severity is Severity.URGENT
    assert behind(aim(15, "80", 50), part=40) == []


def test_early_in_the_year_and_without_figures_nobody_is_behind() -> None:
    assert behind(aim(0, "80", 24)) == [] and behind(aim(0, "80", 25))
    assert behind(aim(None, "80", 90)) == []


def test_what_people_have_is_measured_by_the_whole_target() -> None:
    assert behind(aim(30, "80", 30, paced=False))[0].numbers["due"] == Decimal("80.0")
    assert behind(aim(30, "80", 30, paced=False), whole=81) == []  # too few to say


def test_the_time_gone_counts_the_day_itself() -> None:
    assert rules.gone_of(NOVEMBER.since, NOVEMBER.until, END) == 100
    assert rules.gone_of(NOVEMBER.since, NOVEMBER.until, date(2026, 10, 14)) == 0
    assert rules.year_gone(NOVEMBER, date(2026, 12, 14)) == 100
    assert rules.year_gone(NOVEMBER, date(2025, 12, 15)) == 0


def test_a_report_is_missing_from_the_day_after_it_was_due() -> None:
    owed = Owed(2, "Xã Xuân Quang", 2, NOVEMBER, date(2026, 11, 18), 400)

    def late(day: int, **limits: int) -> list[Item]:
        return list(rules.find_unreported([owed], date(2026, 11, day), rule("report_missing", **limits)))

    assert late(18) == [] and late(19)[0].severity is Severity.NOTE
    assert late(28)[0].severity is Severity.URGENT and late(28)[0].span == "2026-11"
    assert late(20, days=2) == [] and late(21, days=2)


def test_filings_wait_too_long() -> None:
    waiting = Waiting(VILLAGE, 3, date(2026, 9, 1))
    found = next(iter(rules.find_waiting([waiting], NOVEMBER, END, rule("filing_waiting"))))
    assert (found.severity, found.households, found.numbers["days"]) == (Severity.SERIOUS, 3, 74)


def drops(now: int | None, *before: int | None, on: date = END, **limits: int) -> list[Item]:
    course = [Course(VILLAGE, now, before)]
    return list(rules.find_drops(course, NOVEMBER, on, rule("sudden_drop", **limits)))


def test_a_drop_is_measured_against_the_mean_and_the_time_gone() -> None:
    assert drops(11, 20, 20, 20) == []
    found = drops(9, 20, 20, 20)[0]
    assert found.numbers["percent"] == 55 and found.households == 11
    assert drops(0, 20, 20, 20)[0].severity is Severity.URGENT
    assert drops(9, 20, 20, 20, on=date(2026, 10, 31)) == []  # 55 % gone: 11 were due
    assert drops(9, 20, 20, 20, on=date(2026, 10, 25)) == []  # too early to say


def test_few_or_unknown_figures_do_not_drop() -> None:
    assert drops(0, 7, 7, 7) == [] and drops(0, None, None, 20) == [] and drops(None, 20, 20, 20) == []


def test_findings_about_the_data_count_from_three() -> None:
    def flagged(count: int) -> list[Item]:
        return list(rules.find_flagged({7: count}, {7: VILLAGE}, NOVEMBER, rule("quality_flags")))

    assert flagged(2) == [] and flagged(3)[0].severity is Severity.NOTE
    assert flagged(24)[0].severity is Severity.URGENT


def test_a_village_without_households_needs_no_team() -> None:
    empty = Ground(8, "Nậm Dù", 2, None)
    found = list(rules.find_teamless([VILLAGE, empty, Ground(9, "Tả", 2, 5)], {9}, NOVEMBER))
    assert [one.place_id for one in found] == [7]


def item(commune: int, severity: int, households: int | None, name: str) -> Item:
    return Item("no_team", name, "2026-11", 1, commune, name, Severity(severity), households)


def test_lines_stand_by_severity_then_households_then_name() -> None:
    lines = [
        item(1, 3, 900, "a"),
        item(2, 1, 5, "b"),
        item(1, 1, 7, "c"),
        item(3, 1, None, "e"),
        item(3, 1, 5, "d"),
    ]
    ranked = rank(lines)
    assert [one.name for one in ranked] == ["c", "b", "d", "e", "a"]
    top, others = group(ranked, {1: "X", 2: "Y", 3: "Z"}, 2)
    assert [(one.name, [i.name for i in one.items], one.rest) for one in top] == [
        ("X", ["c"], 1),
        ("Y", ["b"], 0),
    ]
    assert [(one.name, len(one.items), one.urgent) for one in others] == [("Z", 2, 2)]


def test_a_threshold_that_makes_no_sense_gives_way_to_the_usual_one() -> None:
    assert rule("silent_team", days=999)["days"] == 14 and rule("silent_team", days=True)["days"] == 14
    assert rule("silent_team", days=30)["days"] == 30 and not rule("silent_team", days=30).is_usual
    flaws = judge_limits(rules.SILENT, {"days": None})
    assert [(flaw.field, flaw.code) for flaw in flaws] == [("silent_team-days", "rule_range")]
