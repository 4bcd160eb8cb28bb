"""Keeping households: adding, correcting, ending with a reason (never deleting), and what each said of its data."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from tdteam.domain.errors import Conflict, Flaw, Refused
from tdteam.domain.households import ConsentDraft, HouseholdDraft, judge, judge_consent, judge_end
from tdteam.domain.ids import new_id
from tdteam.domain.periods import today
from tdteam.domain.vietnamese import fold, name_key
from tdteam.store import audit, households, places, residents, stocks
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Household


def create(
    session: GatedSession,
    draft: HouseholdDraft,
    consent: ConsentDraft | None = None,
    *,
    household_id: str | None = None,
) -> Household:
    """Write a household down, with its consent where it was asked. Raises Refused, Conflict `id_taken`."""
    draft = draft.tidy()
    flaws = _judge(session, draft)
    if consent:
        flaws += judge_consent(consent, today())
    if flaws:
        raise Refused(flaws)
    if household_id and households.is_taken(session, household_id):
        raise Conflict("id_taken")
    now = datetime.now(UTC)
    row = Household(
        id=household_id or new_id(),
        **_values(draft),
        **_consent_values(session, consent),
        created_at=now,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    stocks.touch(session, [row.village_id])
    audit.append(session, "create", "household", row.id, place_id=row.village_id)
    return row


def change(session: GatedSession, household_id: str, draft: HouseholdDraft, base_version: int) -> list[str]:
    """Correct a household; the fields that changed. Raises Refused, or Conflict where `base_version` is stale."""
    row = households.get_household(session, household_id)
    if row.version != base_version:
        raise Conflict
    draft = draft.tidy()
    flaws = _judge(session, draft, was_in=row.village_id)
    if flaws:
        raise Refused(flaws)
    values = _values(draft)
    fields = [name for name, value in values.items() if getattr(row, name) != value]
    if not fields:
        return []
    villages = {row.village_id, values["village_id"]}
    for name, value in values.items():
        setattr(row, name, value)
    if "village_id" in fields:
        _take_along(session, row)
    _touch(session, row, villages)
    shown = [name for name in fields if name not in ("head_fold", "head_sort")]
    audit.append(session, "change", "household", household_id, place_id=row.village_id, fields=shown)
    return shown


def give_consent(session: GatedSession, household_id: str, draft: ConsentDraft) -> None:
    """Note that a household agreed, refused, or took its word back. Raises Refused."""
    row = households.get_household(session, household_id)
    flaws = judge_consent(draft, today())
    if flaws:
        raise Refused(flaws)
    word = "withdraw" if row.consent and draft.consent is False else "consent"
    for name, value in _consent_values(session, draft).items():
        setattr(row, name, value)
    _touch(session, row, {row.village_id})
    audit.append(session, word, "household", household_id, place_id=row.village_id, given=draft.consent)


def end(session: GatedSession, household_id: str, why: str | None, ended_on: date | None) -> None:
    """A household is no longer counted, from a day on and for a reason. Raises Refused."""
    row = households.get_household(session, household_id)
    flaws = judge_end(why, ended_on, today())
    if row.ended_on is not None:
        flaws = [Flaw("ended_on", "household_ended")]
    if flaws or why is None:
        raise Refused(flaws)
    row.ended_on, row.ended_why = ended_on, why
    _touch(session, row, {row.village_id})
    audit.append(session, "end", "household", household_id, place_id=row.village_id, why=why)


def reopen(session: GatedSession, household_id: str) -> None:
    """Take an ending back."""
    row = households.get_household(session, household_id)
    if row.ended_on is None:
        return
    row.ended_on, row.ended_why = None, ""
    _touch(session, row, {row.village_id})
    audit.append(session, "reopen", "household", household_id, place_id=row.village_id)


def _judge(session: GatedSession, draft: HouseholdDraft, *, was_in: int | None = None) -> list[Flaw]:
    flaws = judge(draft, today())
    known = {village.id for village in places.list_villages(session)} | {was_in}
    if draft.village_id and draft.village_id not in known:
        flaws.append(Flaw("village_id", "not_found"))
    return flaws


def _values(draft: HouseholdDraft) -> dict[str, Any]:
    return {
        "village_id": draft.village_id,
        "kind": draft.kind,
        "head": draft.head,
        "head_fold": fold(draft.head),
        "head_sort": name_key(draft.head),
        "birth_year": draft.birth_year,
        "people": draft.people,
        "adults": draft.adults,
        "eid2": draft.eid2,
        "poverty": draft.poverty,
        "smartphone": draft.smartphone,
        "phone": draft.phone,
        "note": draft.note,
    }


def _consent_values(session: GatedSession, consent: ConsentDraft | None) -> dict[str, Any]:
    if consent is None:
        return {}
    return {
        "consent": consent.consent,
        "consent_method": consent.method,
        "consent_on": consent.on,
        "consent_by": session.scope.actor.account_id,
    }


def _take_along(session: GatedSession, row: Household) -> None:
    """A household that changes village takes its people along; its visits stay facts of the village they were made in."""
    for person in residents.rows_of(session, row.id):
        person.village_id = row.village_id
        session.add(person)
        for attained in residents.attainments_of(session, person.id):
            attained.village_id = row.village_id
            session.add(attained)


def _touch(session: GatedSession, row: Household, villages: set[int]) -> None:
    row.version += 1
    row.changed_at = datetime.now(UTC)
    session.add(row)
    session.flush()
    stocks.touch(session, sorted(villages))
