"""A team's own period: its figures beside those before, what it confirmed and when, what came after its word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tdteam.domain.periods import Period, local_day
from tdteam.domain.shares import Share

COUNTS = ("visits", "assists", "people", "gatherings", "filings")
"""A team's figures of a period, in the order in which they are shown."""
WORK = ("visits", "gatherings", "filings")
"""Those that show that something was done at all."""


@dataclass(frozen=True)
class Word:
    """What a team said of a period: kind `figures` or `zero`, when and who. `fresh`: visits recorded after it."""

    kind: str
    at: datetime
    by: str = ""
    fresh: int = 0


@dataclass(frozen=True)
class TeamPeriod:
    """A team's period. Counts are None where nothing was ever sent; `target` is in percent of households reached."""

    team_id: int
    period: Period
    now: dict[str, int | None]
    before: dict[str, int | None]
    reached: Share
    reached_before: Share
    word: Word | None = None
    is_sealed: bool = False

    @property
    def has_work(self) -> bool:
        """Whether anything was counted: then it is no month without work."""
        return any(self.now[name] for name in WORK)

    @property
    def is_tentative(self) -> bool:
        return self.word is not None and is_tentative(self.word.at, self.period)

    @property
    def mark(self) -> str:
        """The figures as one word, to tell whether they moved between a page and its button."""
        return ".".join("" if self.now[name] is None else str(self.now[name]) for name in COUNTS)


def is_tentative(confirmed_at: datetime, period: Period) -> bool:
    """Whether a word came before the cut-off day of its period, while visits could still be made."""
    return local_day(confirmed_at) < period.last_day
