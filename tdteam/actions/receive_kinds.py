"""What becomes of one record from a phone, a kind at a time. Errors of our family are turned into verdicts by the caller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tdteam.actions import keep_household, keep_resident
from tdteam.actions.confirm_month import confirm_month
from tdteam.actions.edit_from_phone import edit_filing, edit_household, edit_resident, household_of
from tdteam.actions.propose import propose
from tdteam.actions.receive_note import Note, Outcome, named, outcome_of, refuse
from tdteam.actions.record_filing import record_filing
from tdteam.actions.record_gathering import correct_gathering, record_gathering, void_gathering
from tdteam.actions.record_visit import correct_visit, record_visit, void_visit
from tdteam.domain import filings, gatherings, visits
from tdteam.domain.confirmations import confirmation_from_json
from tdteam.domain.outreach import proposal_from_json
from tdteam.domain.roles import Power
from tdteam.domain.sync import RecordKind, Verdict
from tdteam.domain.wire import Reader
from tdteam.store.evidence import link_photos
from tdteam.store.periods import PeriodBook


def _visit(note: Note) -> Outcome:
    note.demand(Power.RECORD)
    session, actor = note.session, note.actor
    if "voids" in note.body:
        row = void_visit(session, named(note, "voids"), Reader(note.body).text("why"), actor)
        return Outcome(Verdict.ACCEPTED, row.version, target=row.root_id, village_id=row.village_id)
    draft, flaws = visits.draft_from_json(note.body, note.record.id)
    refuse(flaws)
    day, doubt = note.day(draft.visited_on)
    draft = replace(draft, id=note.record.id, visited_on=day)
    made = note.timing.recorded_at
    if "corrects" in note.body:
        base = note.base_version()
        row = correct_visit(session, named(note, "corrects"), draft, base, actor, recorded_at=made)
    else:
        row = record_visit(session, draft, actor, recorded_at=made)
    link_photos(session, row.id, row.village_id, note.body.get("photos") or [])
    outcome = outcome_of(
        PeriodBook(session), row.village_id, row.visited_on, row.period, row.version, row.root_id, doubt
    )
    return outcome if row.version == 1 else replace(outcome, period="")


def _gathering(note: Note) -> Outcome:
    note.demand(Power.RECORD)
    session, actor = note.session, note.actor
    if "voids" in note.body:
        row = void_gathering(session, named(note, "voids"), Reader(note.body).text("why"), actor)
        return Outcome(Verdict.ACCEPTED, row.version, target=row.root_id, village_id=row.village_id)
    draft, flaws = gatherings.draft_from_json(note.body, note.record.id)
    refuse(flaws)
    day, doubt = note.day(draft.held_on)
    draft = replace(draft, id=note.record.id, held_on=day)
    made = note.timing.recorded_at
    if "corrects" in note.body:
        base = note.base_version()
        row = correct_gathering(session, named(note, "corrects"), draft, base, actor, recorded_at=made)
    else:
        row = record_gathering(session, draft, actor, recorded_at=made)
    link_photos(session, row.id, row.village_id, note.body.get("photos") or [])
    book = PeriodBook(session)
    outcome = outcome_of(book, row.village_id, row.held_on, row.period, row.version, row.root_id, doubt)
    return replace(outcome, period="")


def _filing(note: Note) -> Outcome:
    note.demand(Power.RECORD)
    if note.record.base_version is not None:
        return edit_filing(note)
    draft, flaws = filings.draft_from_json(note.body)
    refuse(flaws)
    day, doubt = note.day(draft.submitted_on)
    draft = replace(draft, id=note.record.id, submitted_on=day)
    row = record_filing(note.session, draft, note.actor, recorded_at=note.timing.recorded_at)
    book = PeriodBook(note.session)
    outcome = outcome_of(book, row.village_id, row.submitted_on, row.period, row.version, row.id, doubt)
    return replace(outcome, period="")


def _household(note: Note) -> Outcome:
    note.demand(Power.KEEP_HOUSEHOLDS)
    if note.record.base_version is not None:
        return edit_household(note)
    draft, consent, flaws = household_of(note.body)
    refuse(flaws)
    row = keep_household.create(note.session, draft, consent, household_id=note.record.id)
    return Outcome(Verdict.ACCEPTED, row.version, target=row.id, village_id=row.village_id)


def _resident(note: Note) -> Outcome:
    note.demand(Power.KEEP_HOUSEHOLDS)
    if note.record.base_version is not None:
        return edit_resident(note)
    from tdteam.domain.residents import draft_from_json

    draft, flaws = draft_from_json(note.body)
    refuse(flaws)
    household = named(note, "household_id")
    row = keep_resident.create(note.session, household, draft, resident_id=note.record.id)
    return Outcome(Verdict.ACCEPTED, row.version, target=row.id, village_id=row.village_id)


def _confirmation(note: Note) -> Outcome:
    note.demand(Power.CONFIRM)
    draft, flaws = confirmation_from_json(note.body, note.record.id)
    refuse(flaws)
    row = confirm_month(note.session, draft, note.actor, note.timing.recorded_at)
    return Outcome(Verdict.ACCEPTED, 1, target=row.id)


def _proposal(note: Note) -> Outcome:
    note.demand(Power.RECORD)
    draft, flaws = proposal_from_json(note.body, note.record.id)
    refuse(flaws)
    row = propose(note.session, replace(draft, id=note.record.id), note.actor, note.timing.recorded_at)
    return Outcome(Verdict.ACCEPTED, row.version, target=row.id, village_id=row.village_id)


HANDLERS: dict[RecordKind, Callable[[Note], Outcome]] = {
    RecordKind.VISIT: _visit,
    RecordKind.GATHERING: _gathering,
    RecordKind.FILING: _filing,
    RecordKind.HOUSEHOLD: _household,
    RecordKind.RESIDENT: _resident,
    RecordKind.CONFIRMATION: _confirmation,
    RecordKind.PROPOSAL: _proposal,
}
