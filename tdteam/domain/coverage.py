"""The coverage board: communes and villages in rows, indicators in columns, and what a reviewer should look at first.

A share stands under its target by what the target is for: a period's holds for that period, a year's for what is known
at the year's pace (stocks, rates of filings); how many households were reached in a year is judged by the year alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tdteam.domain.indicators import PERCENT, Indicator
from tdteam.domain.month import ORDER, TeamStatus
from tdteam.domain.periods import Period
from tdteam.domain.shares import Average, Share, Value
from tdteam.domain.vocabulary import Nature, Source

LEAD = "HOUSEHOLDS_REACHED"
"""The indicator a board is about: with fraction, change and trend."""
SERIES = 13
SILENT_LISTED = 1_000
"""Teams of a board beyond which the silent ones are counted, not listed."""
SILENT_DAYS = 14
"""While a period runs, a team that has sent nothing is worth a word once it has been silent for so long."""


class VillageWord(StrEnum):
    """How the villages of a place are called together."""

    VILLAGES = "villages"  # thon, ban
    WARDS = "wards"  # to dan pho
    BOTH = "both"


@dataclass(frozen=True)
class Line:
    """A place on the board. `values` by indicator; `series` are percents of the lead over the last periods.

    `state` is the report's of a commune ("none", "draft"), a TeamStatus of a village, "" of the whole. `known_villages`
    are all villages of a commune, those outside the board's place too; `is_beyond`: it reaches beyond that place.
    `previous`: the same figures of the period before; `statuses`: how many of its teams stand in each state; `declared`:
    for a share whose denominator does not come (or not wholly) from the registry, the day somebody declared it.
    """

    place_id: int
    name: str
    sort: str
    values: Mapping[str, Value]
    before: Value = None
    series: tuple[Decimal | None, ...] = ()
    targets: Mapping[str, Decimal] = field(default_factory=dict)
    villages: int = 0
    village_word: VillageWord = VillageWord.VILLAGES
    known_villages: int = 0
    is_beyond: bool = False
    teams: int = 0
    last_on: date | None = None
    state: str = ""
    level: str = ""
    previous: Mapping[str, Value] = field(default_factory=dict)
    statuses: Mapping[TeamStatus, int] = field(default_factory=dict)
    declared: Mapping[str, date] = field(default_factory=dict)
    is_model: bool = False

    @property
    def lead(self) -> Value:
        return self.values.get(LEAD)


@dataclass(frozen=True)
class TeamActivity:
    """A team's state in a period and the last day it did anything, or its paper came in, up to that period's end."""

    team_id: int
    name: str
    villages: tuple[tuple[int, str], ...]
    commune_id: int
    status: TeamStatus
    last_on: date | None

    @property
    def label(self) -> str:
        return ", ".join(name for _, name in self.villages) or self.name

    def silent_days(self, today: date) -> int | None:
        """Days since it last did anything; None where it never did."""
        return (today - self.last_on).days if self.last_on else None


@dataclass(frozen=True)
class TeamLine:
    """A team of an opened village: its state, and its own work of the period (None where nothing was ever sent)."""

    team: TeamActivity
    visits: int | None = None
    assists: int | None = None
    people: int | None = None
    gatherings: int | None = None
    filings: int | None = None


@dataclass(frozen=True)
class Board:
    """The board of a place in a period, or of several provinces together (then `whole` has place 0 and no name).

    `communes` are its rows: communes, but provinces where the board is of several; each Line tells its `level`. `inside`
    are the rows of whatever stands open: communes of a province, villages of a commune, in the board's order. `teams` are
    those of opened villages. `opened` are the villages of the one commune asked for by `Asked.opened`.
    `silent` is empty where a board has more than `SILENT_LISTED` teams: each line's `statuses` still count them.
    """

    period: Period
    columns: tuple[Indicator, ...]
    whole: Line
    communes: tuple[Line, ...]
    opened: tuple[Line, ...] = ()
    teamless: int = 0
    drafts: int = 0
    silent: tuple[TeamActivity, ...] = ()
    inside: Mapping[int, tuple[Line, ...]] = field(default_factory=dict)
    teams: Mapping[int, tuple[TeamLine, ...]] = field(default_factory=dict)


def board_columns(indicators: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """The counted indicators meant for the board: the lead, what people have (stocks), what was filed, gatherings."""
    shown = [one for one in indicators if one.on_board and one.source is Source.COUNTED]

    def place(one: Indicator) -> tuple[bool, bool, bool, int]:
        return (one.code != LEAD, one.nature is not Nature.STOCK, one.section == "outreach", one.sort)

    return tuple(sorted(shown, key=place))


def chosen_columns(indicators: Iterable[Indicator], codes: Sequence[str] | None) -> tuple[Indicator, ...]:
    """The columns a reader chose, in that order, unknown codes left out; None: those meant for the board. The lead is
    always among them, for a board is about it."""
    if codes is None:
        return board_columns(indicators)
    counted = {one.code: one for one in indicators if one.source is Source.COUNTED}
    wanted = [code for code in dict.fromkeys(codes) if code in counted]
    first = [] if LEAD in wanted or LEAD not in counted else [LEAD]
    return tuple(counted[code] for code in (*first, *wanted))


def _added(numbers: Iterable[int | None]) -> int | None:
    """Their sum, unknown ones left out; None where all are unknown."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def add_values(values: Sequence[Value]) -> Value:
    """The same indicator of several places together: numerators and denominators added, unknown ones left out."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    if isinstance(known[0], Share):
        shares = [value for value in known if isinstance(value, Share)]
        return Share(_added(one.part for one in shares), _added(one.whole for one in shares))
    if isinstance(known[0], Average):
        means = [value for value in known if isinstance(value, Average)]
        return Average(_added(one.total for one in means), _added(one.count for one in means))
    return _added(value for value in known if isinstance(value, int))


def add_lines(lines: Sequence[Line]) -> Line:
    """Places that share no village as one line without a name, place 0. Its series is not known from theirs."""
    codes = list(dict.fromkeys(code for line in lines for code in line.values))
    previous = list(dict.fromkeys(code for line in lines for code in line.previous))
    return Line(
        place_id=0,
        name="",
        sort="",
        values={code: add_values([line.values.get(code) for line in lines]) for code in codes},
        before=add_values([line.before for line in lines]),
        villages=sum(line.villages for line in lines),
        known_villages=sum(line.known_villages for line in lines),
        teams=sum(line.teams for line in lines),
        last_on=max((line.last_on for line in lines if line.last_on), default=None),
        previous={code: add_values([line.previous.get(code) for line in lines]) for code in previous},
        statuses={status: sum(line.statuses.get(status, 0) for line in lines) for status in TeamStatus},
    )


def holds_for(one: Indicator, span: str, period: Period, *, year: bool) -> bool:
    """Whether a target of a span ("2026" or "2026-11") is what the shown figures should have reached: of shares, and of
    counts. What is counted up over a year is judged by the year's target at the year alone."""
    is_share = one.has_whole and one.unit == PERCENT
    if one.is_falling_good or (one.has_whole and not is_share):
        return False
    if span == period.code:
        return not year
    adds_up = one.nature is Nature.DISTINCT or (one.nature is Nature.FLOW and not is_share)
    return span == period.year_code and (year or not adds_up)


def target_size(one: Indicator, target: int) -> Decimal:
    """A target as `size_of` gives the figure it is for: percent of a share, else the count."""
    return percent_of(target) if one.has_whole else Decimal(target)


def percent_of(target: int) -> Decimal:
    """A share's target as it is kept (hundredths of a percent) in percent."""
    return Decimal(target) / 100


def size_of(value: Value) -> Decimal | None:
    """A figure as one number, to put rows in order by."""
    if isinstance(value, Share):
        return value.percent
    if isinstance(value, Average):
        return value.value
    return None if value is None else Decimal(value)


def is_unknown(value: Value) -> bool:
    """Whether nothing at all is known of a figure: neither of its two numbers."""
    if isinstance(value, Share):
        return value.part is None and value.whole is None
    if isinstance(value, Average):
        return value.total is None and value.count is None
    return value is None


def sort_lines(lines: Iterable[Line], order: str) -> tuple[Line, ...]:
    """Rows by `name`, `last`, `state` or an indicator's code, downwards with "-" before it; unknown ones by the lead.

    What has no figure stands first on the way up: it is what a reviewer must ask about. Ties by name.
    """
    named = sorted(lines, key=lambda line: line.sort)
    key, is_down = order.removeprefix("-"), order.startswith("-")
    if key == "name":
        return tuple(reversed(named) if is_down else named)

    def rank(line: Line) -> tuple[bool, Decimal]:
        found = _rank(line, key)
        return (found is not None, found or Decimal(0))

    return tuple(sorted(named, key=rank, reverse=is_down))


def _rank(line: Line, key: str) -> Decimal | None:
    if key == "last":
        return Decimal(line.last_on.toordinal()) if line.last_on else None
    if key == "state":
        return (
            Decimal(ORDER[TeamStatus(line.state)])
            if line.state in set(TeamStatus)
            else Decimal(len(line.state))
        )
    return size_of(line.values.get(key, line.lead))


def silent_teams(teams: Iterable[TeamActivity], period: Period, today: date) -> tuple[TeamActivity, ...]:
    """Teams of which nothing came in the period, the longest silent first; while it runs, only those silent long."""
    runs = today < period.until

    def days(team: TeamActivity) -> int:
        found = team.silent_days(today)
        return 100_000 if found is None else found

    found = [
        team for team in teams if team.status is TeamStatus.SILENT and (not runs or days(team) >= SILENT_DAYS)
    ]
    return tuple(sorted(found, key=lambda team: (-days(team), team.label)))


def worst_status(states: Sequence[TeamStatus]) -> str:
    """What a village shows that several teams serve: the state to ask about first. "" where no team serves it."""
    return str(min(states, key=lambda state: ORDER[state])) if states else ""


def village_word(kinds: Iterable[str]) -> VillageWord:
    """The word for villages of these kinds together."""
    wards = {kind == "tdp" for kind in kinds}
    if wards == {True}:
        return VillageWord.WARDS
    return VillageWord.BOTH if len(wards) > 1 else VillageWord.VILLAGES
