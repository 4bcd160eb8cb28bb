"""A team's word on its period. The newest word stands; the caller commits."""

from __future__ import annotations

from datetime import UTC, datetime

from tdteam.domain.confirmations import ConfirmationDraft, judge_confirmation
from tdteam.domain.errors import Closed, Conflict, Flaw, Refused
from tdteam.domain.ids import new_id
from tdteam.domain.periods import Period, today
from tdteam.domain.roles import Actor
from tdteam.domain.wire import stored
from tdteam.store import audit, confirmations, settings, team_months, teams
from tdteam.store.gate import GatedSession
from tdteam.store.periods import PeriodBook
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


def confirm_at_desk(
    session: GatedSession, team_id: int, period: Period, kind: str, actor: Actor, *, seen: str
) -> Confirmation:
    """Confirm a team's figures of a period (`figures`), or that there was nothing (`zero`), from a page of the desk.

    `seen` is the mark of the figures that the page showed: Conflict `figures_moved` where they are others by now.
    Closed for a sealed period; Refused for a zero report beside figures. Raises NotFound for a team outside the scope.
    """
    team = teams.get_team(session, team_id)
    book = PeriodBook(session)
    served = team_months.villages_served(session, team_id, team_months.tree_day(period))
    if not all(book.is_open(village, period) for village in served):
        raise Closed("period_sealed")
    found = team_months.read_team_period(session, team_id, period)
    if kind == "zero" and (found.has_work or team_months.has_declared(session, team_id, period.code)):
        raise Refused([Flaw("zero", "zero_with_figures", {"visits": found.now["visits"] or 0})])
    if found.mark != seen:
        raise Conflict("figures_moved")
    told = {name: value or 0 for name, value in found.now.items()}
    draft = ConfirmationDraft(id=new_id(), team_id=team.id, period=period.code, kind=kind, figures=told)
    return confirm_month(session, draft, actor, datetime.now(UTC))


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
