"""The registry as it stood at the end of each period that is over: fewer with level 2, with a phone, with consent given."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from tdteam.actions.demonstration.calendar import Month
from tdteam.actions.demonstration.villages import Village
from tdteam.domain.tallies import ATTAINED, CONSENT, EID2, SMARTPHONE, TallyKey
from tdteam.store import demonstration, stocks
from tdteam.store.gate import GatedSession

PHONES_GREW = 0.09  # share of today's smartphones that came within the thirteen periods


class Past:
    """Remembers on which days consents and attainments came, village by village."""

    def __init__(self) -> None:
        self._days: dict[tuple[int, TallyKey], list[date]] = {}

    def remember(
        self, village_id: int, households: Iterable[Mapping[str, Any]], attained: Iterable[Mapping[str, Any]]
    ) -> None:
        for row in households:
            if row["consent"] is not None:
                answer = TallyKey(CONSENT, "yes" if row["consent"] else "no")
                self._days.setdefault((village_id, answer), []).append(row["consent_on"])
        for row in attained:
            key = TallyKey(ATTAINED, row["indicator"])
            self._days.setdefault((village_id, key), []).append(row["attained_on"] or date.min)

    def write(
        self, session: GatedSession, villages: Sequence[Village], months: Sequence[Month], today: date
    ) -> None:
        """Count today's registry, freeze it for the periods that are over, and let those tell of their own day."""
        for days in self._days.values():
            days.sort()
        ids = [village.id for village in villages]
        stocks.touch(session, ids, on=today)
        stocks.backfill(session, ids, months[0].period, on=today)
        by_id = {village.id: village for village in villages}
        for month in months[:-1]:
            frozen = demonstration.list_frozen(session, month.code)
            then = [
                (village, key, self._then(by_id[village], key, value, month))
                for village, key, value in frozen
            ]
            demonstration.set_frozen(session, month.code, then)

    def _then(self, village: Village, key: TallyKey, now: int, month: Month) -> int:
        if key.measure == EID2:
            first, last = village.eid
            return min(now, round(now * (first + (last - first) * month.ripeness) / last))
        if key.measure == SMARTPHONE:
            return round(now * (1 - PHONES_GREW * (1 - month.ripeness)))
        days = self._days.get((village.id, key))
        return min(now, bisect_right(days, month.period.last_day)) if days else now
