"""When a period's figures are cut off, by which day the report is due, and what that leaves each role to do.

Cut-off is the period's last day (Decree 09/2019/ND-CP art. 12). The due day is so many working days after it: Monday to
Friday, without the national holidays that fall on fixed days of the solar calendar (Labour Code 2019 art. 112) and
without the days an installation adds (Tet, Hung Kings' day, days in lieu), which change every year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tdteam.domain.errors import Flaw
from tdteam.domain.periods import Period
from tdteam.domain.report_life import Stage

DUE_DAYS = 3
MOST_DAYS = 20
MOST_HOLIDAYS = 60
FIXED_HOLIDAYS = frozenset({(1, 1), (4, 30), (5, 1), (9, 2)})  # (month, day)
SOON = 3
"""Days before the cut-off from which silent teams are worth a reminder."""
_SATURDAY = 5
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


@dataclass(frozen=True)
class Calendar:
    """How many working days after the cut-off a report is due, and the days off that no fixed date tells."""

    due_days: int = DUE_DAYS
    days_off: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        return (
            day.weekday() < _SATURDAY
            and (day.month, day.day) not in FIXED_HOLIDAYS
            and day not in self.days_off
        )

    def due_day(self, period: Period) -> date:
        """The last day on which a period's report comes in time."""
        day, left = period.last_day, self.due_days
        while left:
            day += timedelta(days=1)
            left -= self.is_working(day)
        return day


def judge_calendar(due_days: int | None, days_off: Iterable[date]) -> list[Flaw]:
    """What is wrong with a calendar. Codes: due_days_range, too_many."""
    flaws = []
    if due_days is None or not 1 <= due_days <= MOST_DAYS:
        flaws.append(Flaw("due_days", "due_days_range", {"most": MOST_DAYS}))
    if len(set(days_off)) > MOST_HOLIDAYS:
        flaws.append(Flaw("days_off", "too_many", {"limit": MOST_HOLIDAYS}))
    return flaws


def read_days(text: str) -> tuple[list[date], list[str]]:
    """Days typed one a line or with commas, `dd/mm/yyyy`: (the days in order, what is none)."""
    days, bad = set(), []
    for word in re.split(r"[\s,;]+", text.strip()):
        if not word:
            continue
        found = _DAY.fullmatch(word)
        try:
            days.add(date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(word))
        except ValueError:
            bad.append(word)
    return sorted(days), bad


@dataclass(frozen=True)
class Due:
    """Where a day stands between a period's end and its due day; days left are negative once it is past."""

    period: Period
    due: date
    days_left: int

    @property
    def is_over(self) -> bool:
        return self.days_left < 0


def due_of(period: Period, calendar: Calendar, today: date) -> Due:
    due = calendar.due_day(period)
    return Due(period, due, (due - today).days)


class Task(StrEnum):
    """What a period asks of somebody who opens the first page."""

    CONFIRM = "confirm"  # the leader: the team's month
    SILENT = "silent"  # the official: teams that sent nothing
    SEAL = "seal"
    SUBMIT = "submit"
    SIGN = "sign"  # the approver
    ISSUE = "issue"
    ANSWER = "answer"  # the official: the area returned the report


class Part(StrEnum):
    """In what capacity somebody meets a deadline; one account may hold several."""

    LEADER = "leader"
    WRITER = "writer"
    APPROVER = "approver"


def open_tasks(
    parts: frozenset[Part],
    *,
    period: Period,
    today: date,
    stage: Stage,
    unconfirmed: int = 0,
    silent: int = 0,
    is_returned: bool = False,
) -> tuple[Task, ...]:
    """What a period asks of somebody on a day, in the order it is done.

    A team confirms from the cut-off day on and while the figures are open. Silent teams are told SOON before the
    cut-off and until the seal. Sealing waits for the period's end.
    """
    ended, is_open = today > period.last_day, stage is Stage.DRAFT
    tasks = []
    if Part.LEADER in parts and unconfirmed and is_open and today >= period.last_day:
        tasks.append(Task.CONFIRM)
    if Part.WRITER in parts:
        if is_returned:
            tasks.append(Task.ANSWER)
        if is_open and silent and today >= period.last_day - timedelta(days=SOON):
            tasks.append(Task.SILENT)
        if is_open and ended:
            tasks.append(Task.SEAL)
        if stage is Stage.SEALED:
            tasks.append(Task.SUBMIT)
        if stage is Stage.SIGNED:
            tasks.append(Task.ISSUE)
    if Part.APPROVER in parts and stage is Stage.SUBMITTED:
        tasks.append(Task.SIGN)
    return tuple(tasks)
