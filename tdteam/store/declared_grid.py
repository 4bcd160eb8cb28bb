"""Reads the grid of declared figures: teams of a place, what is declared of them, what the tool counted beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlmodel import col, select

from tdteam.domain.declared_grid import Grid, GridRow
from tdteam.domain.indicators import Indicator
from tdteam.domain.people import Channel
from tdteam.domain.periods import Period
from tdteam.domain.places import Level
from tdteam.domain.shares import Value
from tdteam.domain.vocabulary import PeriodStatus
from tdteam.store import declared, indicators
from tdteam.store.gate import GatedSession
from tdteam.store.organisation import teams_inside
from tdteam.store.periods import status_of
from tdteam.store.places import commune_of, holds_on
from tdteam.store.sums import by_team
from tdteam.store.tables import Declared, Place, Team, TeamVillage

BY_HAND = (Channel.PAPER, Channel.ZALO)


def team_indicators(session: GatedSession) -> tuple[Indicator, ...]:
    """The indicators a team may tell otherwise, in the order of the catalogue."""
    return tuple(one for one in indicators.list_indicators(session) if one.is_teams)


def read_grid(
    session: GatedSession, place: Place, period: Period, on: date, *, everybody: bool = False
) -> Grid:
    """The grid of a commune (or village). Without `everybody`: the teams on paper or Zalo, and those already told of."""
    place_id = place.id or 0
    columns = team_indicators(session)
    rows = declared.list_of_teams(session, place_id, period.code, on)
    counted = indicators.read_by(session, place_id, period, on, columns, by_team(session, place_id, on))
    told: dict[int, list[Declared]] = {}
    for row in rows:
        told.setdefault(row.team_id or 0, []).append(row)
    lines = [
        _line(team, villages, told.get(team.id or 0, []), counted.get(team.id or 0, {}))
        for team, villages in _teams(session, place_id, on)
        if everybody or team.channel in BY_HAND or team.id in told
    ]
    commune_id = (
        place_id if place.level != Level.VILLAGE else commune_of(session, place_id, period.last_day).id or 0
    )
    is_open = status_of(session, commune_id, period.code) == PeriodStatus.OPEN
    return Grid(place_id, period, columns, tuple(lines), is_open)


def _teams(session: GatedSession, place_id: int, on: date) -> list[tuple[Team, list[tuple[int, str]]]]:
    """The teams at work on a day, with the villages each serves."""
    query = (
        select(Team, Place.id, Place.label)
        .join(TeamVillage, col(TeamVillage.team_id) == Team.id)
        .join(Place, col(Place.id) == TeamVillage.village_id)
        .where(col(Team.id).in_(teams_inside(place_id, on)), holds_on(Team, on), holds_on(TeamVillage, on))
        .order_by(Team.name_sort, col(Team.id), Place.name_sort, col(Place.id))
    )
    out: dict[int, tuple[Team, list[tuple[int, str]]]] = {}
    for team, village_id, label in session.exec(query):
        out.setdefault(team.id or 0, (team, []))[1].append((village_id or 0, label))
    return list(out.values())


def _line(
    team: Team,
    villages: Sequence[tuple[int, str]],
    rows: Collection[Declared],
    counted: Mapping[str, Value],
) -> GridRow:
    newest = max(rows, key=lambda row: row.id or 0, default=None)
    return GridRow(
        team_id=team.id or 0,
        name=team.name,
        villages=", ".join(label for _, label in villages),
        channel=team.channel,
        place_id=villages[0][0],
        cells={row.indicator: row.part for row in rows},
        ids={row.indicator: row.id or 0 for row in rows},
        counted=counted,
        places={row.indicator: row.place_id for row in rows},
        sources={row.indicator: row.source for row in rows},
        sender=newest.sender if newest else "",
        received_on=newest.received_on if newest else None,
        note=newest.note if newest else "",
        scan_name=newest.scan_name if newest else "",
        scan_sha256=newest.scan_sha256 if newest else None,
    )
