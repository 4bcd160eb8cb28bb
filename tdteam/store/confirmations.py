"""Teams' words on their periods."""

from __future__ import annotations

from sqlmodel import select

from tdteam.store.gate import GatedSession
from tdteam.store.tables import Confirmation, Team


def hold_confirmation(session: GatedSession, team_id: int, period: str) -> Confirmation | None:
    """A team's word on a period, locked until the transaction ends."""
    query = select(Confirmation).where(Confirmation.team_id == team_id, Confirmation.period == period)
    return session.exec(query.with_for_update()).first()


def has_team(session: GatedSession, team_id: int | None) -> bool:
    """Whether a team is inside the scope."""
    return session.exec(select(Team.id).where(Team.id == team_id)).first() is not None
