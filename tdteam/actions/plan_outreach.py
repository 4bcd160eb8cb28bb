"""Plan an outreach, change it, call it off. It shows on the phones of its villages. The caller commits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tdteam.domain.errors import Conflict, Flaw, Refused
from tdteam.domain.occasions import judge_why
from tdteam.domain.outreach import OutreachDraft, judge_outreach
from tdteam.domain.periods import today
from tdteam.domain.roles import Actor
from tdteam.domain.wire import stored
from tdteam.store import audit, outreach
from tdteam.store.gate import GatedSession
from tdteam.store.places import list_villages
from tdteam.store.tables import Outreach

_FIELDS = ("title", "held_on", "starts", "ends", "place", "note")


def plan_outreach(session: GatedSession, draft: OutreachDraft, actor: Actor) -> Outreach:
    """Put a plan into the calendar of the commune its villages belong to. Raises Refused."""
    draft = _whole(draft)
    commune_id = _sound(session, draft)
    now = datetime.now(UTC)
    row = Outreach(
        commune_id=commune_id, made_at=now, changed_at=now, made_by=actor.account_id, **_said(draft)
    )
    session.add(row)
    session.flush()
    outreach.set_villages(session, row.id or 0, draft.village_ids)
    audit.append(session, "create", "outreach", row.id, place_id=commune_id, villages=len(draft.village_ids))
    return row


def change_outreach(
    session: GatedSession, outreach_id: int, draft: OutreachDraft, base_version: int
) -> Outreach:
    """Change a plan read at `base_version`. Raises Refused; Conflict `stale`, or `cancelled` where it was called off."""
    row = outreach.get_outreach(session, outreach_id)
    if row.cancelled_at:
        raise Conflict("cancelled")
    if row.version != base_version:
        raise Conflict("stale", version=row.version)
    draft = _whole(draft)
    commune_id = _sound(session, draft)
    if commune_id != row.commune_id:
        raise Refused([Flaw("village_ids", "one_commune")])
    before = {name: getattr(row, name) for name in _FIELDS}
    moved = outreach.set_villages(session, outreach_id, draft.village_ids)
    changed = [name for name, value in _said(draft).items() if before[name] != value]
    if not changed and not moved:
        return row
    for name in changed:
        setattr(row, name, getattr(draft, name))
    _touch(session, row)
    fields = [*changed, *(["village_ids"] if moved else [])]
    audit.append(session, "change", "outreach", row.id, place_id=row.commune_id, fields=fields)
    return row


def cancel_outreach(session: GatedSession, outreach_id: int, why: str) -> Outreach:
    """Call a plan off, with the reason; villages see it struck out. Twice is as once. Raises Refused."""
    row = outreach.get_outreach(session, outreach_id)
    if row.cancelled_at:
        return row
    why = stored(why)
    if flaws := judge_why(why):
        raise Refused(flaws)
    row.cancelled_at, row.cancelled_why = datetime.now(UTC), why
    _touch(session, row)
    audit.append(session, "cancel", "outreach", row.id, place_id=row.commune_id)
    return row


def _touch(session: GatedSession, row: Outreach) -> None:
    row.version, row.changed_at = row.version + 1, datetime.now(UTC)
    session.add(row)
    session.flush()


def _whole(draft: OutreachDraft) -> OutreachDraft:
    return replace(draft, title=stored(draft.title), place=stored(draft.place), note=stored(draft.note))


def _said(draft: OutreachDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in _FIELDS}


def _sound(session: GatedSession, draft: OutreachDraft) -> int:
    """The one commune of the plan's villages. Raises Refused."""
    flaws = judge_outreach(draft, today())
    communes = {line.id: line.commune_id for line in list_villages(session)}
    if any(village_id not in communes for village_id in draft.village_ids):
        flaws.append(Flaw("village_ids", "not_found"))
    named = {communes[village_id] for village_id in draft.village_ids if village_id in communes}
    if len(named) > 1:
        flaws.append(Flaw("village_ids", "one_commune"))
    if flaws:
        raise Refused(flaws)
    return named.pop()
