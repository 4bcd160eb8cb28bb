"""The deadline calendar: working days after the cut-off, and what is open to whom."""

from __future__ import annotations

from datetime import date

import pytest

from tdteam.domain.deadlines import (
    Calendar,
    Part,
    Task,
    due_of,
    judge_calendar,
    open_tasks,
    read_days,
)
from tdteam.domain.periods import Period
from tdteam.domain.report_life import Stage

NOVEMBER = Period(2026, 11)  # to Saturday 14 November
WRITER, APPROVER, LEADER = (frozenset({part}) for part in (Part.WRITER, Part.APPROVER, Part.LEADER))


@pytest.mark.parametrize(
    ("period", "days", "due"),
    [
        (NOVEMBER, 3, date(2026, 11, 18)),  # cut off on a Saturday: Monday, Tuesday, Wednesday
        (Period(2026, 10), 3, date(2026, 10, 19)),  # cut off on a Wednesday: over a weekend
        (Period(2026, 10), 1, date(2026, 10, 15)),
        (Period(2026, 5, 1), 3, date(2026, 6, 3)),  # calendar months, cut off on a Sunday
        (Period(2026, 4, 28), 3, date(2026, 5, 4)),  # 30 April and 1 May are holidays, then a weekend
        (Period(2027, 1, 1), 3, date(2027, 2, 3)),
        (Period(2025, 12, 1), 1, date(2026, 1, 2)),  # New Year's day
        (Period(2026, 8, 1), 2, date(2026, 9, 3)),  # National day on a Wednesday
    ],
)
def test_a_report_is_due_so_many_working_days_after_the_cut_off(period: Period, days: int, due: date) -> None:
    assert Calendar(days).due_day(period) == due


def test_days_off_that_no_fixed_date_tells_push_the_due_day() -> None:
    tet = frozenset({date(2026, 11, 16), date(2026, 11, 17)})
    assert Calendar(3, tet).due_day(NOVEMBER) == date(2026, 11, 20)


def test_days_left_turn_negative_after_the_due_day() -> None:
    assert due_of(NOVEMBER, Calendar(), date(2026, 11, 18)).days_left == 0
    over = due_of(NOVEMBER, Calendar(), date(2026, 11, 23))
    assert (over.days_left, over.is_over) == (-5, True)


def test_days_typed_by_hand_are_read_and_nonsense_is_named() -> None:
    days, bad = read_days("17/2/2026, 16/02/2026\n30-04-2026; 31/02/2026 Tết 2026-02-18")
    assert days == [date(2026, 2, 16), date(2026, 2, 17), date(2026, 2, 18), date(2026, 4, 30)]
    assert bad == ["31/02/2026", "Tết"]


@pytest.mark.parametrize("days", [None, 0, -1, 21])
def test_a_calendar_without_sense_is_refused(days: int | None) -> None:
    assert [flaw.code for flaw in judge_calendar(days, [])] == ["due_days_range"]


def tasks(parts: frozenset[Part], day: date, stage: Stage = Stage.DRAFT, **more: object) -> tuple[Task, ...]:
    return open_tasks(parts, period=NOVEMBER, today=day, stage=stage, **more)  # type: ignore[arg-type]


def test_a_leader_confirms_from_the_cut_off_day_until_the_figures_are_sealed() -> None:
    assert tasks(LEADER, date(2026, 11, 13), unconfirmed=1) == ()
    assert tasks(LEADER, date(2026, 11, 14), unconfirmed=1) == (Task.CONFIRM,)
    assert tasks(LEADER, date(2026, 11, 14)) == ()
    assert tasks(LEADER, date(2026, 11, 20), Stage.SEALED, unconfirmed=1) == ()


def test_an_official_asks_silent_teams_shortly_before_and_seals_after_the_end() -> None:
    assert tasks(WRITER, date(2026, 11, 10), silent=4) == ()
    assert tasks(WRITER, date(2026, 11, 11), silent=4) == (Task.SILENT,)
    assert tasks(WRITER, date(2026, 11, 15), silent=4) == (Task.SILENT, Task.SEAL)
    assert tasks(WRITER, date(2026, 11, 15)) == (Task.SEAL,)


@pytest.mark.parametrize(
    ("stage", "writer", "approver"),
    [
        (Stage.SEALED, (Task.SUBMIT,), ()),
        (Stage.SUBMITTED, (), (Task.SIGN,)),
        (Stage.SIGNED, (Task.ISSUE,), ()),
        (Stage.ISSUED, (), ()),
    ],
)
def test_after_the_seal_each_stage_waits_for_one_of_them(
    stage: Stage, writer: tuple[Task, ...], approver: tuple[Task, ...]
) -> None:
    day = date(2026, 11, 16)
    assert tasks(WRITER, day, stage, silent=4) == writer
    assert tasks(APPROVER, day, stage) == approver


def test_a_returned_report_asks_for_an_answer_first() -> None:
    assert tasks(WRITER, date(2026, 11, 20), Stage.ISSUED, is_returned=True) == (Task.ANSWER,)
