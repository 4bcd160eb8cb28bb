"""Proposals of villages: found, listed for the commune, offered to section V of its report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.domain.outreach import ProposalState
from tdteam.domain.periods import VIETNAM
from tdteam.domain.report_spans import ReportSpan, stretch_of
from tdteam.store.gate import GatedSession
from tdteam.store.paging import Page, read_page
from tdteam.store.places import ids_inside
from tdteam.store.tables import Account, Place, Proposal, Team


@dataclass(frozen=True)
class ProposalLine:
    """A proposal with the names around it."""

    row: Proposal
    village: str
    team: str
    by: str | None
    answered_by: str | None


def find_proposal(session: GatedSession, proposal_id: str) -> Proposal | None:
    """A proposal inside the scope, held until the transaction ends where one writes."""
    query = select(Proposal).where(Proposal.id == proposal_id)
    return session.exec(query.with_for_update() if session.is_writing else query).first()


def get_proposal(session: GatedSession, proposal_id: str) -> Proposal:
    """The same, or NotFound."""
    row = find_proposal(session, proposal_id)
    if row is None:
        raise NotFound
    return row


def get_line(session: GatedSession, proposal_id: str) -> ProposalLine:
    """A proposal with the names around it, or NotFound."""
    return _lines(session, select(Proposal.id).where(Proposal.id == get_proposal(session, proposal_id).id))[0]


def list_proposals(
    session: GatedSession,
    *,
    state: str | None = None,
    village_id: int | None = None,
    period: str | None = None,
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> Page[ProposalLine]:
    """A page of the scope's proposals, newest first."""
    query = _narrowed(select(Proposal.id), village_id, period)
    if state:
        query = query.where(Proposal.state == state)
    return read_page(
        lambda asked: _lines(session, asked),
        query,
        (col(Proposal.made_at), col(Proposal.id)),
        (_moment, str),
        key=lambda line: (line.row.made_at.isoformat(), line.row.id),
        after=after,
        before=before,
        limit=limit,
    )


def count_states(
    session: GatedSession, *, village_id: int | None = None, period: str | None = None
) -> dict[str, int]:
    """How many proposals of the scope are in each state."""
    query = _narrowed(select(Proposal.state, func.count()), village_id, period).group_by(Proposal.state)
    return {str(state): count for state, count in session.execute(query)}


def list_forwarded(session: GatedSession, commune_id: int, span: ReportSpan) -> list[ProposalLine]:
    """What villages of a commune proposed in a span's periods, or was taken up in it: words for section V of its report."""
    since, until = (
        datetime.combine(day, time(), VIETNAM).astimezone(UTC)
        for day in (span.since, span.last_day + timedelta(days=1))
    )
    codes = stretch_of(span, span.year_since.day).codes
    taken_up = (col(Proposal.answered_at) >= since) & (col(Proposal.answered_at) < until)
    query = select(Proposal.id).where(
        Proposal.state == ProposalState.FORWARDED,
        col(Proposal.village_id).in_(ids_inside(commune_id)),
        or_(col(Proposal.period).in_(codes), taken_up),
    )
    return _lines(session, query.order_by(col(Proposal.made_at), col(Proposal.id)))


def _narrowed(query: Any, village_id: int | None, period: str | None) -> Any:
    if village_id:
        query = query.where(Proposal.village_id == village_id)
    return query.where(Proposal.period == period) if period else query


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _lines(session: GatedSession, ids: Any) -> list[ProposalLine]:
    """The proposals whose ids a query finds, in its order."""
    found = [one for (one,) in session.execute(ids)]
    query = (
        select(Proposal, Place.label, Team.name)
        .join(Place, col(Place.id) == Proposal.village_id)
        .join(Team, col(Team.id) == Proposal.team_id)
        .where(col(Proposal.id).in_(found))
    )
    rows = {row.id: (row, village, team) for row, village, team in session.execute(query)}
    asked = {one for row, _, _ in rows.values() for one in (row.made_by, row.answered_by) if one}
    people = select(Account.id, Account.name).where(col(Account.id).in_(sorted(asked)))
    names: dict[int | None, str] = dict(session.execute(people).all())
    return [
        ProposalLine(row, village, team, names.get(row.made_by), names.get(row.answered_by))
        for row, village, team in (rows[one] for one in found if one in rows)
    ]
