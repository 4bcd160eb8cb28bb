"""A team's word on its period. The newest word stands; the caller commits."""

from __future__ import annotations

from datetime import UTC, datetime

from tdteam.domain.confirmations import ConfirmationDraft, judge_confirmation
from tdteam.domain.errors import Flaw, Refused
from tdteam.domain.periods import today
from tdteam.domain.roles import Actor
from tdteam.domain.wire import stored
from tdteam.store import audit, confirmations, settings
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Confirmation


def confirm_month(
    session: GatedSession, draft: ConfirmationDraft, actor: Actor, confirmed_at: datetime
) -> Confirmation:
    """Note that a team's figures of a period stand, or that there was nothing. Raises Refused.

    A word given later (by the phone's corrected clock) replaces an earlier one; one that comes late and is older changes nothing.
    """
    flaws = judge_confirmation(draft)
    if not flaws:
        period = settings.period_named(session, str(draft.period))
        if period.since > today():
            flaws.append(Flaw("period", "period_to_come"))
        if not confirmations.has_team(session, draft.team_id):
            flaws.append(Flaw("team_id", "not_found"))
    if flaws:
        raise Refused(flaws)
    row = confirmations.hold_confirmation(session, draft.team_id or 0, str(draft.period))
    if row and _utc(row.confirmed_at) > confirmed_at:
        return row
    row = row or Confirmation(
        id=str(draft.id),
        team_id=draft.team_id or 0,
        period=str(draft.period),
        kind="",
        confirmed_at=confirmed_at,
    )
    row.kind, row.figures, row.note = str(draft.kind), draft.figures, stored(draft.note)
    row.confirmed_at, row.confirmed_by = confirmed_at, actor.account_id
    session.add(row)
    session.flush()
    audit.append(session, "confirm", "team", draft.team_id, period=draft.period, kind=draft.kind)
    return row


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
