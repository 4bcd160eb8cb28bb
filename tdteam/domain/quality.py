"""Findings about the data: what looks wrong in what was entered, by rules that explain themselves.

Rows and findings carry ids, days and counts, never a person's name or a note's words. A finding is known by `target`,
which changes with the records it is about: dismissed, it stays dismissed while they stay as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from tdteam.domain.rule_limits import Limit, Rule

BOARD = "quality"

TWIN_HOUSEHOLDS = Rule("twin_households", BOARD)
TWIN_RESIDENTS = Rule("twin_residents", BOARD)
DOUBLE_VISITS = Rule("double_visits", BOARD)
BEFORE_TEAM = Rule("before_team", BOARD)
OUTSIDE_SERVICE = Rule("outside_service", BOARD)
AFTER_END = Rule("after_end", BOARD)
FUTURE = Rule("future_day", BOARD)
LONG_AFTER = Rule("long_after", BOARD, (Limit("days", 45, 7, 365),))
BURST = Rule(
    "burst", BOARD, (Limit("least", 12, 5, 200), Limit("minutes", 10, 1, 240), Limit("days", 5, 2, 31))
)
COPIED_NOTES = Rule("copied_notes", BOARD, (Limit("least", 6, 3, 100), Limit("letters", 25, 10, 200)))
DAILY = Rule("daily_household", BOARD, (Limit("days", 5, 3, 14), Limit("within", 7, 3, 31)))

RULES = (
    DOUBLE_VISITS,
    TWIN_HOUSEHOLDS,
    TWIN_RESIDENTS,
    FUTURE,
    BEFORE_TEAM,
    OUTSIDE_SERVICE,
    AFTER_END,
    LONG_AFTER,
    BURST,
    COPIED_NOTES,
    DAILY,
)
"""In the order they are shown: what makes figures wrong first."""


@dataclass(frozen=True)
class Ref:
    """A record a finding is about."""

    noun: str  # visit, household, resident
    id: str


@dataclass(frozen=True)
class Finding:
    """What a rule found. `numbers` fill the rule's sentence; `since` and `until` are the days of what it is about."""

    rule: str
    target: str
    village_id: int
    records: tuple[Ref, ...]
    team_id: int | None = None
    since: date | None = None
    until: date | None = None
    numbers: Mapping[str, int | date | None] = field(default_factory=dict)


class VisitRow(NamedTuple):
    """A counted visit as the rules look at it. `recorded_by`: the account."""

    id: str
    village_id: int
    team_id: int
    household_id: str | None
    visited_on: date
    recorded_at: datetime
    recorded_by: int | None


class HouseholdRow(NamedTuple):
    """A household in force, its head folded (`domain/vietnamese.fold`)."""

    id: str
    village_id: int
    version: int
    head_fold: str
    birth_year: int | None
    phone: str | None
    people: int | None


class ResidentRow(NamedTuple):
    """A resident in force, the name folded."""

    id: str
    village_id: int
    version: int
    household_id: str
    name_fold: str
    birth_year: int | None
    sex: str | None


def target_of(noun: str, first: str, told: Iterable[object]) -> str:
    """What a finding is known by: its first record, and a mark of all it looked at."""
    mark = hashlib.sha256("\n".join(sorted(map(str, told))).encode()).hexdigest()[:16]
    return f"{noun}:{first}#{mark}"
