"""Declares a figure that somebody else counted; a second word on the same cell by the same source supersedes the first."""

from __future__ import annotations

from tdteam.domain.declared import DeclaredDraft, judge_declared
from tdteam.domain.errors import Refused
from tdteam.domain.periods import today
from tdteam.domain.roles import Actor
from tdteam.store import audit, declared, indicators, settings
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Declared


def declare(session: GatedSession, draft: DeclaredDraft, actor: Actor) -> Declared:
    """Store a declared figure. Raises Refused with flaws; NotFound where the place lies outside the scope."""
    session.demand(draft.place_id)
    known = {one.code: one for one in indicators.list_indicators(session)}
    now = today()
    flaws = judge_declared(draft, known.get(draft.indicator), now, settings.period_on(session, now))
    if flaws:
        raise Refused(flaws)
    before = declared.find_same(session, draft)
    if before and (before.part, before.whole, before.note, before.sender) == (
        draft.part,
        draft.whole,
        draft.note,
        draft.sender,
    ):
        return before
    if before:
        declared.supersede(session, before)
    row = declared.add_declared(session, draft)
    audit.append(
        session,
        "declare",
        "declared",
        row.id,
        place_id=draft.place_id,
        indicator=draft.indicator,
        span=declared.span_key(draft),
        supersedes=before.id if before else None,
    )
    return row


def withdraw(session: GatedSession, row: Declared, actor: Actor) -> None:
    """Take a declared figure back: it stays in the history, out of force."""
    session.demand(row.place_id)
    declared.supersede(session, row)
    audit.append(session, "withdraw", "declared", row.id, place_id=row.place_id)
