"""A team's months on the phone: its own figures as tallied, its villages' by the desk's own indicators, its word on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlmodel import col, select

from tdteam.domain.indicators import Indicator
from tdteam.domain.periods import Period
from tdteam.domain.shares import Share
from tdteam.domain.vocabulary import Nature, Source
from tdteam.store import settings
from tdteam.store.gate import GatedSession
from tdteam.store.indicator_rows import list_indicators
from tdteam.store.indicators import Groups, read_groups, read_year
from tdteam.store.sums import by_village
from tdteam.store.tables import Confirmation, Satisfaction, TeamTally

MONTHS = 4
"""Periods told: this one and three before."""
LEAST_SCORES = 5
"""Answers it takes before satisfaction is told: of fewer, the team would know who gave which."""


def months(
    session: GatedSession, villages: Collection[int], teams: Sequence[dict[str, Any]], on: date
) -> list[dict[str, Any]]:
    """Each team's figures of the last periods as tallied, its villages' figures and shares, and its word on them; of this
    period also the shares of the year so far, which targets are held against."""
    periods = settings.period_on(session, on).back(MONTHS)
    codes = [period.code for period in periods]
    ids = [team["id"] for team in teams]
    tallies = session.scalars(
        select(TeamTally).where(col(TeamTally.team_id).in_(ids), col(TeamTally.period).in_(codes))
    )
    worked = {(row.period, row.team_id): row for row in tallies}
    said = session.scalars(
        select(Confirmation).where(col(Confirmation.team_id).in_(ids), col(Confirmation.period).in_(codes))
    )
    confirmed = {(row.period, row.team_id): row for row in said}
    known = [one for one in list_indicators(session) if one.source is Source.COUNTED]
    found = _by_village(session, villages, periods, on, known)
    flows = {one.code for one in known if one.nature is Nature.FLOW}
    year = _year(session, villages, periods[-1], on, known)
    scores = _scores(session, villages, codes)
    names = ("visits", "assists", "people", "gatherings", "filings")
    out = []
    for code in codes:
        for team in teams:
            row, word = worked.get((code, team["id"])), confirmed.get((code, team["id"]))
            said_so = (
                {"kind": word.kind, "at": word.confirmed_at.isoformat(), "figures": word.figures}
                if word
                else None
            )
            own = team["village_ids"]
            figures = {name: getattr(row, name) for name in names} if row else {}
            line = {
                "team_id": team["id"],
                "period": code,
                "figures": {**_counts(found[code], own, flows), **figures},
                "shares": _together(found[code], own),
                "satisfaction": _satisfied(scores, code, own),
                "confirmed": said_so,
            }
            out.append({**line, "year": _together(year, own)} if code == codes[-1] else line)
    return out


def _by_village(
    session: GatedSession,
    villages: Collection[int],
    periods: Sequence[Period],
    on: date,
    known: Sequence[Indicator],
) -> dict[str, Groups]:
    """The indicators by village, for each period."""
    out: dict[str, Groups] = {period.code: {} for period in periods}
    for root in sorted(session.scope.roots):
        for code, groups in read_groups(session, root, periods, on, known, by_village()).items():
            out[code] |= {village: values for village, values in groups.items() if village in villages}
    return out


def _year(
    session: GatedSession, villages: Collection[int], period: Period, on: date, known: Sequence[Indicator]
) -> Groups:
    """The shares among them over the statutory year up to a period, by village."""
    shares = [one for one in known if one.whole is not None]
    out: Groups = {}
    for root in sorted(session.scope.roots):
        groups = read_year(session, root, period, on, shares, by_village())
        out |= {village: values for village, values in groups.items() if village in villages}
    return out


def _counts(by_village: Groups, village_ids: Sequence[int], codes: Collection[str]) -> dict[str, int]:
    """Plain figures of a team's villages added; what none of them knows is left out."""
    summed: dict[str, int] = defaultdict(int)
    for village in village_ids:
        for code, value in by_village.get(village, {}).items():
            if code in codes and isinstance(value, int):
                summed[code] += value
    return dict(summed)


def _scores(
    session: GatedSession, villages: Collection[int], codes: Sequence[str]
) -> dict[tuple[str, int], dict[int, int]]:
    """How many gave which score, by period and village."""
    query = select(Satisfaction).where(
        col(Satisfaction.village_id).in_(sorted(villages)), col(Satisfaction.period).in_(codes)
    )
    out: dict[tuple[str, int], dict[int, int]] = defaultdict(dict)
    for row in session.scalars(query):
        out[(row.period, row.village_id)][row.score] = row.given
    return out


def _satisfied(
    scores: dict[tuple[str, int], dict[int, int]], code: str, village_ids: Sequence[int]
) -> dict[str, int] | None:
    """Score -> how many gave it, all three named; None while too few answered."""
    told = {
        str(score): sum(scores.get((code, village), {}).get(score, 0) for village in village_ids)
        for score in (1, 2, 3)
    }
    return told if sum(told.values()) >= LEAST_SCORES else None


def _together(by_village: Groups, village_ids: Sequence[int]) -> dict[str, dict[str, int]]:
    """A team's shares: parts and wholes of its villages added."""
    summed: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for village in village_ids:
        for code, value in by_village.get(village, {}).items():
            if isinstance(value, Share) and value.part is not None and value.whole is not None:
                summed[code][0] += value.part
                summed[code][1] += value.whole
    return {code: {"part": part, "whole": whole} for code, (part, whole) in summed.items()}
