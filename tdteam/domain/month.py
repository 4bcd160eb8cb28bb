"""A commune's month, team by team: who confirmed, who reported nothing happened, who is recording, who is silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tdteam.domain.periods import Period, local_day
from tdteam.domain.shares import Share


class TeamStatus(StrEnum):
    """Worst first: the order of the list."""

    SILENT = "silent"
    DOING = "doing"
    DECLARED = "declared"
    ZERO = "zero"
    DONE = "done"


ORDER = {status: place for place, status in enumerate(TeamStatus)}


def status_of(confirmed: str | None, worked: bool, declared: bool) -> TeamStatus:
    """A team's state in a period. `confirmed` is a Confirmation's kind; a zero report with work after it is being recorded."""
    if confirmed == "figures":
        return TeamStatus.DONE
    if worked:
        return TeamStatus.DOING
    if confirmed == "zero":
        return TeamStatus.ZERO
    return TeamStatus.DECLARED if declared else TeamStatus.SILENT


@dataclass(frozen=True)
class TeamMonth:
    """A team's line of the period. `visits` and `assists` are None where nothing was ever sent.

    `last_sent`: when a record of its own last came; `last_written`: the day figures last came on paper or by Zalo.
    `fresh`: visits recorded after the team's word on the period; `is_tentative`: that word came before the cut-off day.
    """

    team_id: int
    name: str
    villages: str
    village_ids: tuple[int, ...]
    leader: str
    status: TeamStatus
    visits: int | None
    assists: int | None
    reached: Share
    last_sent: datetime | None
    channel: str
    fresh: int = 0
    is_tentative: bool = False
    last_written: date | None = None

    @property
    def last_on(self) -> date | None:
        """The day something last came of the team, on whichever way; None where nothing ever did."""
        return max((day for day in (self._sent_on, self.last_written) if day), default=None)

    @property
    def is_last_sent(self) -> bool:
        """Whether what came last were records of its own, of which the hour is known."""
        return self._sent_on is not None and self._sent_on == self.last_on

    @property
    def _sent_on(self) -> date | None:
        return local_day(self.last_sent) if self.last_sent else None

    def silent_days(self, today: date) -> int | None:
        """Days since something last came of the team; None where nothing ever did."""
        return (today - self.last_on).days if self.last_on else None


def count_statuses(lines: Iterable[TeamMonth]) -> dict[TeamStatus, int]:
    """How many teams stand in each state, all states named."""
    counted = Counter(line.status for line in lines)
    return {status: counted[status] for status in TeamStatus}


def worst_first(lines: Iterable[TeamMonth]) -> list[TeamMonth]:
    """Silent teams first (the longest silent on top), then by share of households reached, rising."""

    def key(line: TeamMonth) -> tuple[int, int, float, str]:
        heard = line.last_on.toordinal() if line.last_on else 0
        share = float(line.reached.percent or 0)
        return (ORDER[line.status], heard if line.status is TeamStatus.SILENT else 0, share, line.name)

    return sorted(lines, key=key)


@dataclass(frozen=True)
class Deadline:
    """Days to the cut-off of a period: positive before it, 0 on its last day, negative after."""

    period: Period
    days_left: int

    @property
    def is_past(self) -> bool:
        return self.days_left < 0


def deadline(period: Period, today: date) -> Deadline:
    """How far the cut-off of a period is."""
    return Deadline(period, (period.last_day - today).days)
