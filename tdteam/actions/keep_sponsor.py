"""Keep the agencies that sponsor a commune, and what its villages have. The caller commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from tdteam.domain.errors import Conflict, Flaw, Refused
from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.domain.sponsors import GroundDraft, SponsorDraft, judge_ground, judge_sponsor, judge_word
from tdteam.domain.wire import stored
from tdteam.store import audit, sponsors, village_ground
from tdteam.store.gate import GatedSession
from tdteam.store.named import judge_named
from tdteam.store.places import get_place, hold_places, list_inside
from tdteam.store.tables import Sponsor

_FIELDS = ("agency", "village_id", "contact", "since", "until", "note")


def add_sponsor(session: GatedSession, commune_id: int, draft: SponsorDraft) -> Sponsor:
    """Note an agency that sponsors a commune. Raises Refused, NotFound outside the scope."""
    session.demand(commune_id)
    draft = _sound(session, commune_id, draft)
    row = Sponsor(commune_id=commune_id, agency=draft.agency, changed_at=datetime.now(UTC))
    _put(session, row, draft)
    audit.append(session, "create", "sponsor", row.id, place_id=commune_id)
    return row


def change_sponsor(
    session: GatedSession,
    commune_id: int,
    sponsor_id: int,
    draft: SponsorDraft,
    base_version: int,
    *,
    with_contact: bool = True,
) -> Sponsor:
    """Change an agency read at `base_version`; without `with_contact` its contact stays. Raises Refused, NotFound, Conflict
    `stale`."""
    row = sponsors.get_sponsor(session, commune_id, sponsor_id)
    if row.version != base_version:
        raise Conflict("stale", version=row.version)
    draft = _sound(session, commune_id, draft if with_contact else replace(draft, contact=row.contact))
    fields = [name for name in _FIELDS if getattr(row, name) != getattr(draft, name)]
    if not fields:
        return row
    row.version += 1
    _put(session, row, draft)
    audit.append(session, "change", "sponsor", row.id, place_id=commune_id, fields=fields)
    return row


def _sound(session: GatedSession, commune_id: int, draft: SponsorDraft) -> SponsorDraft:
    draft = replace(
        draft, agency=stored(draft.agency), contact=stored(draft.contact), note=stored(draft.note)
    )
    flaws = judge_sponsor(draft, today()) + judge_named(session, commune_id, {"note": draft.note})
    if draft.village_id:
        inside = {place.id for place in list_inside(session, commune_id, Level.VILLAGE)}
        flaws += [] if draft.village_id in inside else [Flaw("village_id", "not_found")]
    if flaws:
        raise Refused(flaws)
    return draft


def _put(session: GatedSession, row: Sponsor, draft: SponsorDraft) -> None:
    for name in _FIELDS:
        setattr(row, name, getattr(draft, name))
    row.changed_at, row.changed_by = datetime.now(UTC), session.scope.actor.account_id
    session.add(row)
    session.flush()


def save_grounds(
    session: GatedSession, place_id: int, drafts: Sequence[GroundDraft], source: str, as_of: date | None
) -> int:
    """Write down what villages have, as one form told it; how many lines changed. Lines that say nothing new stay with their
    source and day. Raises Refused (fields `<village>-<name>`; `ground_stale` beside a line that somebody changed
    meanwhile), NotFound outside the scope."""
    session.demand(place_id)
    get_place(session, place_id)
    hold_places(session, [draft.village_id for draft in drafts])
    rows = village_ground.read_grounds(session, [draft.village_id for draft in drafts])
    changed, flaws = [], []
    for draft in drafts:
        session.demand(draft.village_id)
        draft = replace(draft, note=stored(draft.note))
        row = rows.get(draft.village_id)
        held = village_ground.draft_of(row) if row else GroundDraft(draft.village_id)
        if replace(draft, base_version=held.base_version) == held:
            continue
        changed.append(draft)
        flaws += judge_ground(draft, f"{draft.village_id}-")
        flaws += judge_named(session, draft.village_id, {f"{draft.village_id}-note": draft.note})
        if draft.base_version != held.base_version:
            flaws.append(Flaw(f"{draft.village_id}-note", "ground_stale"))
    if not changed:
        return 0
    source = stored(source)
    flaws += judge_word(source, as_of, today())
    if flaws:
        raise Refused(flaws)
    for draft in changed:
        village_ground.write_ground(session, draft, rows.get(draft.village_id), source, as_of or today())
    audit.append(session, "write", "village_ground", place_id, place_id=place_id, count=len(changed))
    return len(changed)
