"""Which places need help most, and why in a few plain reasons: computed from figures, ranked, each reason with its numbers.

A place is judged by the statutory year: how many households were reached against what should have been reached by now
(the year's target at the year's pace; where nobody set one, the share of the whole board), whether its team is heard of,
whether its households are known, level 2 against its target, and one cause that keeps many people from being helped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tdteam.domain.coverage import LEAD, SILENT_DAYS, Line
from tdteam.domain.month import TeamStatus
from tdteam.domain.periods import Period
from tdteam.domain.shares import Share, tenths

LEVEL_TWO = "EID2_RESIDENTS"
SHOWN = 5
LOOKED_AT = 15
"""Places whose causes are read: more than are shown, so that a cause can still lift one of them."""
CAUSE_PEOPLE, CAUSE_PERCENT = 10, 20
"""One cause is worth a word once so many people, and so many percent of those who came, were not helped for it."""
ALL = Decimal(100)


class Why(StrEnum):
    NO_TEAM = "no_team"
    NO_REGISTRY = "no_registry"
    UNKNOWN = "unknown"  # its households are known, and nothing at all of who was reached
    NEVER = "never"  # its team never sent anything
    SILENT = "silent"
    BEHIND = "behind"  # of its target at the year's pace
    BELOW_ALL = "below_all"  # of the whole board, where no target is set
    LEVEL_TWO = "level_two"
    CAUSE = "cause"


@dataclass(frozen=True)
class Reason:
    """Why a place needs help. `weight`: points it adds; `share` the figure; `against` percent it should be;
    `days` of silence; `cause` a cause's code with how many people it kept from help in `people`."""

    why: Why
    weight: Decimal
    share: Share | None = None
    against: Decimal | None = None
    days: int = 0
    cause: str = ""
    people: int = 0


@dataclass(frozen=True)
class Need:
    """A place that needs help, its reasons the weightiest first. `inside`: the commune a village stands in."""

    line: Line
    inside: Line | None
    reasons: tuple[Reason, ...]

    @property
    def weight(self) -> Decimal:
        return sum((reason.weight for reason in self.reasons), Decimal(0))

    @property
    def unreached(self) -> int:
        """Households nobody has come to this year: what two places of one weight are told apart by."""
        lead = self.line.lead
        known = isinstance(lead, Share) and lead.whole is not None
        return lead.whole - (lead.part or 0) if known and isinstance(lead, Share) and lead.whole else 0


@dataclass(frozen=True)
class Pace:
    """How far the statutory year of a period is gone on a day, and the share the whole board has reached."""

    gone: Decimal
    whole: Decimal | None


def gone_of_year(period: Period, on: date) -> Decimal:
    """The part of the statutory year that is over, 0 to 1: up to the period's end, or to `on` while it runs."""
    first, end = (
        Period(period.year, 1, period.start_day).since,
        Period(period.year, 12, period.start_day).until,
    )
    day = min(max(on, first), period.last_day)
    return Decimal((day - first).days + 1) / Decimal((end - first).days)


def list_needs(
    lines: Iterable[tuple[Line, Line | None]], pace: Pace, on: date, *, period_over: bool
) -> list[Need]:
    """Every place that needs help, the neediest first. `lines`: places with what they stand in, figures of the year."""
    found = []
    for line, inside in lines:
        reasons = tuple(_reasons(line, pace, on, period_over=period_over))
        if reasons:
            found.append(Need(line, inside, reasons))
    return _ranked(found)


def with_causes(
    needs: Sequence[Need], causes: Mapping[int, Mapping[str, int]], people: Mapping[int, int]
) -> list[Need]:
    """The same with the cause that keeps most people from help, where it is many. `causes`: place -> cause -> people;
    `people`: place -> all who came for help."""
    return _ranked([_with_cause(need, causes, people) for need in needs])


def _with_cause(need: Need, causes: Mapping[int, Mapping[str, int]], people: Mapping[int, int]) -> Need:
    place = need.line.place_id
    own, came = causes.get(place, {}), people.get(place, 0)
    if not own or not came:
        return need
    cause, many = max(own.items(), key=lambda item: (item[1], item[0]))
    percent = tenths(many, came, 100)
    if many < CAUSE_PEOPLE or percent < CAUSE_PERCENT:
        return need
    reason = Reason(Why.CAUSE, min(percent / 5, Decimal(15)), Share(many, came), cause=cause, people=many)
    reasons = tuple(sorted((*need.reasons, reason), key=lambda one: -one.weight))
    return Need(need.line, need.inside, reasons)


def _ranked(needs: Iterable[Need]) -> list[Need]:
    return sorted(needs, key=lambda need: (-need.weight, -need.unreached, need.line.sort))


def _reasons(line: Line, pace: Pace, on: date, *, period_over: bool) -> list[Reason]:
    found = [*_heard_of(line, on, period_over=period_over), *_reached(line, pace), *_level_two(line)]
    return sorted(found, key=lambda reason: -reason.weight)


def _heard_of(line: Line, on: date, *, period_over: bool) -> Iterable[Reason]:
    """Nobody serves it, nobody was ever heard of, or not for long. A commune counts its silent teams instead."""
    silent = line.statuses.get(TeamStatus.SILENT, 0)
    if not line.teams:
        yield Reason(Why.NO_TEAM, Decimal(45))
    elif silent < line.teams or not silent:
        return
    elif line.last_on is None:
        yield Reason(Why.NEVER, Decimal(45))
    else:
        days = (on - line.last_on).days
        if period_over or days >= SILENT_DAYS:
            yield Reason(Why.SILENT, 20 + Decimal(min(days, 90)) / 4, days=days)


def _reached(line: Line, pace: Pace) -> Iterable[Reason]:
    """Households reached this year against what should have been by now. Nobody known: nothing can be said of them."""
    lead = line.lead
    if not isinstance(lead, Share) or not lead.whole:
        yield Reason(Why.NO_REGISTRY, Decimal(40))
        return
    if lead.part is None:
        if line.statuses.get(TeamStatus.SILENT, 0) < line.teams:
            return  # it works, and tells its figures on paper: whom it reached is not known that way
        yield Reason(Why.UNKNOWN, Decimal(60), lead)
        return
    target = line.targets.get(LEAD)
    due = target * pace.gone if target is not None else pace.whole
    percent = tenths(lead.part, lead.whole, 100)
    if due and percent < due * Decimal("0.9"):
        why = Why.BEHIND if target is not None else Why.BELOW_ALL
        weight = 60 * (1 - percent / due)
        yield Reason(why, weight, lead, target if target is not None else due)


def _level_two(line: Line) -> Iterable[Reason]:
    share, target = line.values.get(LEVEL_TWO), line.targets.get(LEVEL_TWO)
    if isinstance(share, Share) and share.percent is not None and target and share.percent < target - 10:
        yield Reason(Why.LEVEL_TWO, (target - share.percent) / 2, share, target)
