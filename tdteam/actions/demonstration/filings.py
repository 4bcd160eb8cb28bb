"""Dossiers filed with a team's help: code, procedure, fee, due date, result."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from tdteam.actions.demonstration.chance import Chance, Lot, told
from tdteam.actions.demonstration.villages import Village
from tdteam.domain.periods import period_of
from tdteam.domain.vocabulary import FilingMode, FilingState

_DELAY = Lot({-2: 12.0, -1: 36.0, 0: 43.0, 1: 5.0, 3: 2.5, 7: 1.5})  # days around the due date


@cache
def _procedures() -> Lot[str]:
    return Lot({code: words["weight"] for code, words in told("work")["procedures"].items()})


class FilingDrawer:
    """Draws filings; numbers of a day never repeat under one prefix."""

    def __init__(self, chance: Chance, today: date, start_day: int) -> None:
        self.chance, self.today, self.start_day = chance, today, start_day
        self._numbers: Counter[str] = Counter()

    def draw(
        self,
        village: Village,
        household_id: str,
        day: date,
        sent: datetime,
        ripeness: float,
        recorded_by: int | None,
    ) -> dict[str, Any]:
        """A filing submitted on `day`; `ripeness` is how used people have become to paying online."""
        chance = self.chance
        procedure = _procedures().draw(chance)
        words = told("work")["procedures"][procedure]
        fee = words["fee"] > 0 if chance.yes(0.97) else None
        paid_share = 0.34 + 0.34 * ripeness - 0.2 * village.remote
        row: dict[str, Any] = {
            "id": chance.record_id(sent),
            "village_id": village.id,
            "team_id": village.team_id,
            "household_id": household_id,
            "code": self._code(village, day, national=chance.yes(words["national"])),
            "procedure": procedure,
            "submitted_on": day,
            "period": period_of(day, self.start_day).code,
            "mode": (FilingMode.FULL if chance.yes(0.72 + 0.1 * ripeness) else FilingMode.PARTIAL).value,
            "fee_due": fee,
            "paid_online": chance.yes(paid_share) if fee else None,
            "due_on": _working_day(day, words["days"]) if chance.yes(0.95) else None,
            "note": "",
            "version": 1,
            "recorded_by": recorded_by,
            "recorded_at": sent,
            "received_at": sent,
            "void_why": "",
        }
        return row | self._result(row, words["days"])

    def _code(self, village: Village, day: date, *, national: bool) -> str | None:
        """The portal's code; a few were not noted down."""
        if not self.chance.yes(0.95):
            return None
        words = told("work")
        if national:
            prefix, digits, step = self.chance.one(words["national_codes"]), 6, 3217
        else:
            commune, village_number = village.ground.commune_id, village.id % 90 + 1
            prefix = words["provincial_code"].format(
                office=30 + commune % 29, desk=10 + commune % 60, village=village_number
            )
            digits, step = 4, 7
        key = f"{prefix}-{day:%y%m%d}"
        # other people file between two of ours: the day's numbers climb by jumps
        self._numbers[key] += 1 + self.chance.randrange(step)
        return f"{key}-{self._numbers[key]:0{digits}d}"

    def _result(self, row: dict[str, Any], days: int) -> dict[str, Any]:
        """What came of it by today."""
        chance = self.chance
        nothing = {"state": FilingState.SUBMITTED.value, "result_on": None, "result_period": None}
        nothing["electronic_result"] = None
        day = row["due_on"] or _working_day(row["submitted_on"], days)
        result_on = max(row["submitted_on"], day + timedelta(days=_DELAY.draw(chance)))
        share = chance.random()
        if share < 0.012:
            return nothing | {"state": FilingState.WITHDRAWN.value}
        if result_on > self.today:
            return nothing | ({"state": FilingState.SUPPLEMENT.value} if share > 0.9 else {})
        state = FilingState.REFUSED if share < 0.03 else FilingState.RETURNED
        return {
            "state": state.value,
            "result_on": result_on,
            "result_period": period_of(result_on, self.start_day).code,
            "electronic_result": chance.yes(0.68) if state is FilingState.RETURNED else None,
        }


def _working_day(day: date, count: int) -> date:
    """The day `count` working days on."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
