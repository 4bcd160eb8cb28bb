"""A village's proposal to the commune, and the commune's answer. The caller commits."""

from __future__ import annotations

from datetime import UTC, datetime

from tdteam.domain.errors import Conflict, Flaw, Refused
from tdteam.domain.outreach import ProposalDraft, ProposalState, judge_answer, judge_proposal
from tdteam.domain.periods import local_day
from tdteam.domain.roles import Actor
from tdteam.domain.wire import stored
from tdteam.store import audit, proposals, settings
from tdteam.store.confirmations import has_team
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Proposal


def propose(session: GatedSession, draft: ProposalDraft, actor: Actor, made_at: datetime) -> Proposal:
    """Write a proposal down; the same again gives the same one. Raises Refused, Conflict `id_taken`."""
    flaws = judge_proposal(draft)
    if draft.village_id and not session.permits(draft.village_id):
        flaws.append(Flaw("village_id", "not_found"))
    if draft.team_id and not has_team(session, draft.team_id):
        flaws.append(Flaw("team_id", "not_found"))
    if flaws:
        raise Refused(flaws)
    held = proposals.find_proposal(session, str(draft.id))
    if held:
        if (held.village_id, held.text) == (draft.village_id, draft.text):
            return held
        raise Conflict("id_taken")
    now = datetime.now(UTC)
    row = Proposal(
        id=str(draft.id),
        village_id=draft.village_id or 0,
        team_id=draft.team_id or 0,
        period=settings.period_on(session, local_day(made_at)).code,
        text=draft.text,
        made_at=made_at,
        received_at=now,
        changed_at=now,
        made_by=actor.account_id,
    )
    session.add(row)
    session.flush()
    audit.append(session, "propose", "proposal", row.id, place_id=row.village_id)
    return row


def answer_proposal(
    session: GatedSession, proposal_id: str, state: str, answer: str, base_version: int, actor: Actor
) -> Proposal:
    """The commune's word on a proposal. Raises Refused; Conflict where somebody answered meanwhile."""
    row = proposals.get_proposal(session, proposal_id)
    answer = stored(answer)
    flaws = judge_answer(state, answer)
    if flaws:
        raise Refused(flaws)
    if row.version != base_version:
        raise Conflict("stale", version=row.version)
    if (row.state, row.answer) == (state, answer):
        return row
    now = datetime.now(UTC)
    row.state, row.answer, row.version = ProposalState(state), answer, row.version + 1
    row.answered_by, row.answered_at, row.changed_at = actor.account_id, now, now
    session.add(row)
    session.flush()
    audit.append(session, "answer", "proposal", row.id, place_id=row.village_id, state=state)
    return row
