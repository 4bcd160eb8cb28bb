"""The thirteen periods of the demonstration and how busy each of their days is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from tdteam.actions.demonstration.chance import Chance, Lot, told
from tdteam.domain.periods import Period, period_of

PERIODS = 13
GROWTH = 0.75  # by how much the last period is busier than the first
SATURDAY = 5
A_MORNING = 0.2  # of a day: today has only begun


@cache
def _new_years() -> tuple[date, ...]:
    return tuple(date.fromisoformat(day) for day in told("district")["new_year"].values())


def _season(day: date) -> float:
    """How busy a day is by its season: the lunar new year stops everything, the harvest in September slows it."""
    for new_year in _new_years():
        if -6 <= (day - new_year).days <= 7:
            return 0.12
    share: float = told("district")["seasons"][str(day.month)]
    return share * (1.5 if day.weekday() >= SATURDAY else 0.8)


@dataclass(frozen=True)
class Month:
    """One of the periods: its days so far, and how much work of all periods falls into it."""

    period: Period
    index: int
    days: tuple[date, ...]
    lot: Lot[date]
    work: float

    @property
    def code(self) -> str:
        return self.period.code

    @property
    def is_current(self) -> bool:
        return self.index == PERIODS - 1

    @property
    def ripeness(self) -> float:
        """0 in the first period, 1 in the last: how far the district has come."""
        return self.index / (PERIODS - 1)

    def some_day(self, chance: Chance) -> date:
        return self.lot.draw(chance)


def months(today: date, start_day: int) -> list[Month]:
    """Thirteen periods that end with the one of today, which is filled up to today."""
    out = []
    for index, period in enumerate(period_of(today, start_day).back(PERIODS)):
        last = min(period.last_day, today)
        days = [period.since + timedelta(days=i) for i in range((last - period.since).days + 1)]
        weights = {day: _season(day) * (1.0 if day < today else A_MORNING) for day in days}
        work = sum(weights.values()) * (1 + GROWTH * index / (PERIODS - 1))
        out.append(Month(period, index, tuple(days), Lot(weights), work))
    return out
