"""Proposals of villages: found, listed for the commune."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Proposal


def find_proposal(session: GatedSession, proposal_id: str) -> Proposal | None:
    """A proposal inside the scope."""
    return session.exec(select(Proposal).where(Proposal.id == proposal_id)).first()


def get_proposal(session: GatedSession, proposal_id: str) -> Proposal:
    """The same, or NotFound."""
    row = find_proposal(session, proposal_id)
    if row is None:
        raise NotFound
    return row


def list_proposals(
    session: GatedSession, *, states: Sequence[str] = (), period: str | None = None, limit: int = 200
) -> Sequence[Proposal]:
    """Proposals of the scope, newest first."""
    query = select(Proposal).order_by(col(Proposal.made_at).desc(), Proposal.id).limit(limit)
    if states:
        query = query.where(col(Proposal.state).in_(states))
    if period:
        query = query.where(Proposal.period == period)
    return session.exec(query).all()
