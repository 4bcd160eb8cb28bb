"""What stands on the papers beside the report: a team's month, a village's page, silent teams, who did most.

None of them bears a number, and none names a resident. Missing is None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tdteam.domain.activity_ranks import Doer
from tdteam.domain.periods import Period
from tdteam.domain.report_facts import ChartSeries
from tdteam.domain.report_settings import PaperSettings
from tdteam.domain.shares import Share, Value
from tdteam.domain.team_month import TeamPeriod


@dataclass(frozen=True)
class KindLine:
    """People helped with one kind of help, by how it ended."""

    name: str
    done: int
    pending: int
    not_done: int

    @property
    def people(self) -> int:
        return self.done + self.pending + self.not_done


@dataclass(frozen=True)
class MemberLine:
    """A member's part of the month; `role` is a code. None where the team sent nothing."""

    name: str
    role: str
    visits: int | None
    households: int | None
    done: int | None


@dataclass(frozen=True)
class TeamSheet:
    """A team's one page. `met`: visits at which somebody was met, now and before; `target` in percent of households, of the period
    and of its year."""

    settings: PaperSettings
    team: str
    villages: str
    leader: str
    month: TeamPeriod
    met: tuple[int | None, int | None]
    kinds: tuple[KindLine, ...]
    members: tuple[MemberLine, ...]
    target: Decimal | None = None
    year_target: Decimal | None = None


@dataclass(frozen=True)
class ServingTeam:
    """A team of a village, as its page tells it."""

    name: str
    leader: str
    members: int
    decision: str
    decided_on: date | None


@dataclass(frozen=True)
class FigureRow:
    """An indicator of a village in a period, before it, and over the year so far."""

    name: str
    unit: str
    now: Value
    before: Value
    year: Value


@dataclass(frozen=True)
class VillageSheet:
    """A village's page. `states`: code of a state -> households, or a share of those of whom it is known."""

    settings: PaperSettings
    name: str
    period: Period
    teams: tuple[ServingTeam, ...]
    figures: tuple[FigureRow, ...]
    chart: ChartSeries | None
    states: Mapping[str, int | Share | None]


@dataclass(frozen=True)
class SilentTeam:
    """A team of which nothing came. `phone` is None for whoever may not see it; `last_on` where it never sent."""

    name: str
    villages: str
    commune: str
    leader: str
    phone: str | None
    last_on: date | None
    days: int | None


@dataclass(frozen=True)
class SilentList:
    """The teams of a place of which nothing came in a period, the longest silent first. `teams`: how many there are."""

    settings: PaperSettings
    place: str
    period: Period
    on: date
    teams: int
    silent: tuple[SilentTeam, ...]
    has_phones: bool
    has_communes: bool


@dataclass(frozen=True)
class ActiveList:
    """The teams and members that did most from a first to a last period."""

    settings: PaperSettings
    place: str
    first: Period
    last: Period
    teams: tuple[Doer, ...]
    members: tuple[Doer, ...]
    most: int
