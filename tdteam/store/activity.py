"""What the teams of a place did in a period, without anybody's name: for the board and for timeliness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import case, func
from sqlmodel import col, select

from tdteam.domain.coverage import TeamActivity
from tdteam.domain.month import status_of
from tdteam.domain.periods import Period
from tdteam.store.gate import GatedSession
from tdteam.store.organisation import teams_inside
from tdteam.store.places import holds_on, ids_inside
from tdteam.store.tables import Confirmation, Declared, Place, Team, TeamTally, TeamVillage


def list_activity(
    session: GatedSession, place_id: int, period: Period, on: date, commune_of: Mapping[int, int]
) -> list[TeamActivity]:
    """Every team at work in a place. `commune_of`: village -> commune; a team stands under its first village's."""
    query = (
        select(Team.id, Team.name, Place.id, Place.label)
        .join(TeamVillage, col(TeamVillage.team_id) == Team.id)
        .join(Place, col(Place.id) == TeamVillage.village_id)
        .where(
            col(TeamVillage.village_id).in_(ids_inside(place_id, on)),
            holds_on(TeamVillage, on),
            holds_on(Team, on),
        )
        .order_by(Team.name_sort, col(Team.id), Place.name_sort, col(Place.id))
    )
    names: dict[int, str] = {}
    villages: dict[int, list[tuple[int, str]]] = {}
    for team_id, name, village_id, label in session.exec(query):
        names[team_id or 0] = name
        villages.setdefault(team_id or 0, []).append((village_id or 0, label))
    worked = _worked(session, place_id, period, on)
    confirmed = _confirmed(session, place_id, period, on)
    told = _told(session, place_id, period, on)
    out = []
    for team_id, name in names.items():
        last_on, work = worked.get(team_id, (None, 0))
        paper_on, is_told = told.get(team_id, (None, False))
        out.append(
            TeamActivity(
                team_id=team_id,
                name=name,
                villages=tuple(villages[team_id]),
                commune_id=commune_of.get(villages[team_id][0][0], 0),
                status=status_of(confirmed.get(team_id), work > 0, is_told),
                last_on=max((day for day in (last_on, paper_on) if day), default=None),
            )
        )
    return out


def teams_at_work(session: GatedSession, place_id: int, on: date) -> Sequence[Team]:
    """The teams that serve a place on a day, in Vietnamese order of their names."""
    query = (
        select(Team)
        .where(col(Team.id).in_(teams_inside(place_id, on)), holds_on(Team, on))
        .order_by(Team.name_sort, col(Team.id))
    )
    return session.exec(query).all()


def find_teams(session: GatedSession, team_ids: Sequence[int]) -> Sequence[Team]:
    """Some teams of the scope."""
    return session.exec(select(Team).where(col(Team.id).in_(list(team_ids)))).all()


def _worked(
    session: GatedSession, place_id: int, period: Period, on: date
) -> dict[int, tuple[date | None, int]]:
    """Team -> its last day of work up to the period's end, and how much it did in the period."""
    work = TeamTally.visits + TeamTally.gatherings + TeamTally.filings
    query = (
        select(
            TeamTally.team_id,
            func.max(TeamTally.last_on),
            func.sum(case((col(TeamTally.period) == period.code, work), else_=0)),
        )
        .where(col(TeamTally.team_id).in_(teams_inside(place_id, on)), col(TeamTally.period) <= period.code)
        .group_by(col(TeamTally.team_id))
    )
    return {team_id: (last_on, int(done)) for team_id, last_on, done in session.exec(query)}


def _confirmed(session: GatedSession, place_id: int, period: Period, on: date) -> dict[int, str]:
    query = select(Confirmation.team_id, Confirmation.kind).where(
        col(Confirmation.team_id).in_(teams_inside(place_id, on)), Confirmation.period == period.code
    )
    return dict(session.exec(query).all())


def _told(
    session: GatedSession, place_id: int, period: Period, on: date
) -> dict[int, tuple[date | None, bool]]:
    """Team -> the day its last paper came in up to the period's end, and whether it told anything of the period."""
    now = case((col(Declared.period) == period.code, 1), else_=0)
    query = (
        select(Declared.team_id, func.max(Declared.received_on), func.max(now))
        .where(
            col(Declared.place_id).in_(ids_inside(place_id, on)),
            col(Declared.team_id).is_not(None),
            col(Declared.period) <= period.code,
            col(Declared.superseded_at).is_(None),
        )
        .group_by(col(Declared.team_id))
    )
    return {team_id or 0: (day, bool(told)) for team_id, day, told in session.exec(query)}
