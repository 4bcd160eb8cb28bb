"""Keeping residents: adding to a household, correcting, what each has attained, leaving."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tdteam.domain.errors import Conflict, Flaw, Refused
from tdteam.domain.ids import new_id
from tdteam.domain.periods import today
from tdteam.domain.residents import ResidentDraft, judge, judge_end
from tdteam.domain.vietnamese import fold, name_key
from tdteam.store import audit, households, residents, stocks
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Attainment, Resident


def create(
    session: GatedSession, household_id: str, draft: ResidentDraft, *, resident_id: str | None = None
) -> Resident:
    """Add a person to a household. Raises Refused, Conflict `id_taken`."""
    household = households.get_household(session, household_id)
    draft = _sound(session, draft)
    if resident_id and residents.is_taken(session, resident_id):
        raise Conflict("id_taken")
    now = datetime.now(UTC)
    row = Resident(
        id=resident_id or new_id(),
        household_id=household_id,
        village_id=household.village_id,
        name=draft.name,
        name_fold=fold(draft.name),
        name_sort=name_key(draft.name),
        birth_year=draft.birth_year,
        sex=draft.sex,
        created_at=now,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    _attain(session, row, draft)
    stocks.touch(session, [row.village_id])
    audit.append(session, "create", "resident", row.id, place_id=row.village_id, household=household_id)
    return row


def change(
    session: GatedSession, household_id: str, resident_id: str, draft: ResidentDraft, base_version: int
) -> list[str]:
    """Correct a person and what he or she has attained; the fields that changed. Raises Refused or Conflict."""
    row = residents.get_resident(session, household_id, resident_id)
    if row.version != base_version:
        raise Conflict
    draft = _sound(session, draft)
    values = {"name": draft.name, "birth_year": draft.birth_year, "sex": draft.sex}
    fields = [name for name, value in values.items() if getattr(row, name) != value]
    for name, value in values.items():
        setattr(row, name, value)
    row.name_fold, row.name_sort = fold(draft.name), name_key(draft.name)
    fields += [f"attained.{code}" for code in _attain(session, row, draft)]
    if fields:
        _touch(session, row)
        audit.append(session, "change", "resident", row.id, place_id=row.village_id, fields=fields)
    return fields


def end(
    session: GatedSession, household_id: str, resident_id: str, why: str | None, ended_on: date | None
) -> None:
    """A person is no longer of the household, from a day on and for a reason. Raises Refused."""
    row = residents.get_resident(session, household_id, resident_id)
    flaws = judge_end(why, ended_on, today())
    if row.ended_on is not None:
        flaws = [Flaw("ended_on", "resident_ended")]
    if flaws or why is None:
        raise Refused(flaws)
    row.ended_on, row.ended_why = ended_on, why
    _touch(session, row)
    audit.append(session, "end", "resident", row.id, place_id=row.village_id, why=why)


def reopen(session: GatedSession, household_id: str, resident_id: str) -> None:
    """Take a person's leaving back."""
    row = residents.get_resident(session, household_id, resident_id)
    if row.ended_on is None:
        return
    row.ended_on, row.ended_why = None, ""
    _touch(session, row)
    audit.append(session, "reopen", "resident", row.id, place_id=row.village_id)


def _sound(session: GatedSession, draft: ResidentDraft) -> ResidentDraft:
    draft = draft.tidy()
    flaws = judge(draft, today(), residents.attainable(session))
    if flaws:
        raise Refused(flaws)
    return draft


def _attain(session: GatedSession, row: Resident, draft: ResidentDraft) -> list[str]:
    """Bring what is kept of a person's attainments to the draft's; the codes that changed."""
    wanted = {one.indicator: one for one in draft.attained}
    kept = {one.indicator: one for one in residents.attainments_of(session, row.id)}
    changed = []
    for code, old in kept.items():
        if code not in wanted:
            session.delete(old)
            changed.append(code)
    for code, new in wanted.items():
        held = kept.get(code) or Attainment(
            resident_id=row.id, village_id=row.village_id, indicator=code, attained_on=None
        )
        if code not in kept or (held.attained_on, held.source) != (new.on, new.source):
            held.attained_on, held.source = new.on, new.source
            session.add(held)
            changed.append(code)
    session.flush()
    return changed


def _touch(session: GatedSession, row: Resident) -> None:
    row.version += 1
    row.changed_at = datetime.now(UTC)
    session.add(row)
    session.flush()
    stocks.touch(session, [row.village_id])
