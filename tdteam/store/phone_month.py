"""A team's months on the phone: figures as tallied, its villages' shares, its word on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlmodel import col, select

from tdteam.domain.coverage import board_columns
from tdteam.domain.shares import Share
from tdteam.store import settings
from tdteam.store.gate import GatedSession
from tdteam.store.indicator_rows import list_indicators
from tdteam.store.indicators import read_groups
from tdteam.store.sums import by_village
from tdteam.store.tables import Confirmation, TeamTally

MONTHS = 4
"""Periods told: this one and three before."""


def months(
    session: GatedSession, villages: Collection[int], teams: Sequence[dict[str, Any]], on: date
) -> list[dict[str, Any]]:
    """Each team's figures of the last periods as tallied, its villages' shares, and its word on them."""
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
    shares = _shares(session, villages, periods, on)
    names = ("visits", "assists", "people", "gatherings", "filings")
    out = []
    for code in codes:
        for team in teams:
            row, word = worked.get((code, team["id"])), confirmed.get((code, team["id"]))
            known = (
                {"kind": word.kind, "at": word.confirmed_at.isoformat(), "figures": word.figures}
                if word
                else None
            )
            out.append(
                {
                    "team_id": team["id"],
                    "period": code,
                    "figures": {name: getattr(row, name) for name in names} if row else {},
                    "shares": _together(shares[code], team["village_ids"]),
                    "confirmed": known,
                }
            )
    return out


def _shares(
    session: GatedSession, villages: Collection[int], periods: Sequence[Any], on: date
) -> dict[str, Any]:
    """Shares of the board by village, for each period."""
    columns = board_columns(list_indicators(session))
    out: dict[str, Any] = {period.code: {} for period in periods}
    for root in sorted(session.scope.roots):
        for code, groups in read_groups(session, root, periods, on, columns, by_village()).items():
            out[code] |= {village: values for village, values in groups.items() if village in villages}
    return out


def _together(by_village: dict[int, Any], village_ids: Sequence[int]) -> dict[str, dict[str, int]]:
    """A team's shares: parts and wholes of its villages added."""
    summed: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for village in village_ids:
        for code, value in by_village.get(village, {}).items():
            if isinstance(value, Share) and value.part is not None and value.whole is not None:
                summed[code][0] += value.part
                summed[code][1] += value.whole
    return {code: {"part": part, "whole": whole} for code, (part, whole) in summed.items()}
