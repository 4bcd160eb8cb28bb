"""Reporting periods by Decree 09/2019/ND-CP art. 12.

The month of a report runs from the 15th of the month before to the 14th of the month it is named after; quarter,
half-year and year run alike (the year from 15 December to 14 December). A setting may choose calendar months
(`start_day=1`). Days are those of Asia/Ho_Chi_Minh, whatever the server's zone. All ranges are half-open: `until` is
the first day that no longer belongs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cached_property, lru_cache

from tdteam.domain.errors import Flaw, Refused

# Vietnam keeps UTC+7 all year; a fixed offset needs no zone database on Windows.
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
STATUTORY_START_DAY = 15
_PERIOD = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def today() -> date:
    """The day it is now in Vietnam."""
    return datetime.now(UTC).astimezone(VIETNAM).date()


def local_day(instant: datetime) -> date:
    """The Vietnamese day of an aware instant."""
    return instant.astimezone(VIETNAM).date()


@dataclass(frozen=True, order=True)
class Period:
    """A month of reporting, written `2026-11`; `start_day` 15 by the decree, 1 for calendar months."""

    year: int
    month: int
    start_day: int = STATUTORY_START_DAY

    @cached_property
    def code(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def since(self) -> date:
        """First day of the period."""
        if self.start_day == 1:
            return date(self.year, self.month, 1)
        before = self.plus(-1)
        return date(before.year, before.month, self.start_day)

    @property
    def until(self) -> date:
        """First day after the period."""
        if self.start_day == 1:
            after = self.plus(1)
            return date(after.year, after.month, 1)
        return date(self.year, self.month, self.start_day)

    @property
    def last_day(self) -> date:
        return self.until - timedelta(days=1)

    @property
    def year_code(self) -> str:
        """The statutory year a period's flows add up to, written `2026`."""
        return f"{self.year:04d}"

    def plus(self, months: int) -> Period:
        index = self.year * 12 + self.month - 1 + months
        return Period(index // 12, index % 12 + 1, self.start_day)

    def back(self, count: int) -> list[Period]:
        """The `count` periods that end with this one, oldest first."""
        return [self.plus(i - count + 1) for i in range(count)]

    def of_year_so_far(self) -> list[Period]:
        """The periods of the statutory year up to and with this one (for "luy ke" figures)."""
        return self.back(self.month)

    def __contains__(self, day: date) -> bool:
        return self.since <= day < self.until


@lru_cache(maxsize=4096)
def period_of(day: date, start_day: int = STATUTORY_START_DAY) -> Period:
    """The period a day belongs to."""
    if start_day == 1 or day.day < start_day:
        return Period(day.year, day.month, start_day)
    return Period(day.year, day.month, start_day).plus(1)


def parse_period(text: str, start_day: int = STATUTORY_START_DAY) -> Period:
    """`2026-11` to a Period; raises Refused with code `period_form`."""
    found = _PERIOD.fullmatch(text)
    if not found or not 2000 <= int(found[1]) <= 2100:
        raise Refused([Flaw("period", "period_form")])
    return Period(int(found[1]), int(found[2]), start_day)
