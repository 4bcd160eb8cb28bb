"""What visits, gatherings and filings have in common: a day, a village, a team that serves it, households in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tdteam.domain.errors import Flaw
from tdteam.domain.facts import Facts
from tdteam.domain.privacy import judge_text

EARLIEST = date(2020, 1, 1)
"""Teams exist since 2022 (CV 793/BTTTT-THH); a margin for pilots. An older date is a slip of the hand."""
WHY_LENGTH = 500


def judge_day(field: str, day: date, today: date) -> list[Flaw]:
    """A day of something that happened: not in the future, not before there were teams."""
    if day > today:
        return [Flaw(field, "date_future", {"today": today})]
    if day < EARLIEST:
        return [Flaw(field, "date_too_old", {"earliest": EARLIEST})]
    return []


def judge_number(field: str, value: int | None, low: int, high: int) -> list[Flaw]:
    """A number, where given, inside its bounds."""
    if value is None or low <= value <= high:
        return []
    return [Flaw(field, "number_range", {"low": low, "high": high})]


def judge_occasion(
    facts: Facts,
    today: date,
    *,
    village_id: int | None,
    team_id: int | None,
    day: date | None,
    day_field: str,
    households: Iterable[tuple[str, str | None]] = (),
) -> list[Flaw]:
    """Where, who and when. A place, team or household outside the scope is not found, never said to exist."""
    flaws = _judge_known("village_id", village_id, facts.villages)
    flaws += _judge_known("team_id", team_id, facts.teams)
    flaws += judge_day(day_field, day, today) if day else [Flaw(day_field, "required")]
    if not flaws and village_id and team_id and day and not facts.team_serves(team_id, village_id, day):
        flaws.append(Flaw("team_id", "team_not_here"))
    return flaws + judge_households(facts, village_id, households)


def judge_households(
    facts: Facts, village_id: int | None, households: Iterable[tuple[str, str | None]]
) -> list[Flaw]:
    """Each (field, household) named is known and lives in the village."""
    flaws = []
    for field, household_id in households:
        if household_id is None:
            continue
        if household_id not in facts.households:
            flaws.append(Flaw(field, "not_found"))
        elif village_id and facts.households[household_id] != village_id:
            flaws.append(Flaw(field, "household_elsewhere"))
    return flaws


def _judge_known(field: str, value: int | None, known: frozenset[int]) -> list[Flaw]:
    if not value:
        return [Flaw(field, "required")]
    return [] if value in known else [Flaw(field, "not_found")]


def judge_why(why: str) -> list[Flaw]:
    """The reason given for voiding something: asked for, and kept clean like any text."""
    return judge_text("why", why, WHY_LENGTH) if why else [Flaw("why", "required")]
