"""Puts the sent side of a conflict in force: fields of an edit, or a whole version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tdteam.actions import edit_from_phone, keep_household, keep_resident
from tdteam.actions.judge_note import judge_note
from tdteam.actions.receive_note import Note, Outcome, named, refuse
from tdteam.actions.record_filing import change_filing
from tdteam.domain import filings, residents
from tdteam.domain.errors import Conflict
from tdteam.domain.ids import new_id
from tdteam.domain.sync import RecordKind, Verdict
from tdteam.domain.vocabulary import RecordState
from tdteam.store import filing_rows, households, inbox_queue
from tdteam.store import residents as resident_rows

_AGAIN = (RecordKind.PROPOSAL, RecordKind.CONFIRMATION)


def take_fields(note: Note, target: str, values: Mapping[str, Any], seen_version: int) -> int:
    """Write chosen fields of a household, resident or filing; its version after. Conflict `stale`; Refused."""
    session, kind = note.session, note.record.kind
    row: Any
    if kind == RecordKind.HOUSEHOLD:
        row = households.get_household(session, target)
        _same(row.version, seen_version)
        edit_from_phone.set_household(note, row, values)
    elif kind == RecordKind.RESIDENT:
        row = resident_rows.get_resident(session, named(note, "household_id"), target)
        _same(row.version, seen_version)
        edit_from_phone.set_resident(note, row, values)
    else:
        row = filing_rows.get_filing_row(session, target)
        _same(row.version, seen_version)
        row = edit_from_phone.set_filing(note, row, values)
    return int(row.version)


def _same(version: int, seen: int) -> None:
    if version != seen:
        raise Conflict("stale", version=version)


def take_whole(note: Note, seen_version: int) -> Outcome:
    """Put the sent version of a thing in force; Conflict `stale` where the stored one is no longer the one seen."""
    record, kind = note.record, note.record.kind
    if kind in (RecordKind.VISIT, RecordKind.GATHERING):
        target = str(note.body.get("corrects") or note.body.get("voids") or record.id)
        newest = inbox_queue.newest_of(note.session, kind, target)
        if newest is None or newest.state == RecordState.VOID:
            return _as_new(note)
        _same(newest.version, seen_version)
        if "voids" in note.body:
            return judge_note(note)
        body = {**note.body, "corrects": newest.id}
        return judge_note(replace(note, record=replace(record, body=body, base_version=newest.version)))
    if kind in _AGAIN:
        return _as_new(note)
    return _overwrite(note, seen_version)


def _as_new(note: Note) -> Outcome:
    """A thing of its own: under a new id, correcting nothing."""
    body = {name: value for name, value in note.body.items() if name not in ("corrects", "id")}
    record = replace(note.record, id=new_id(), body=body, base_version=None)
    outcome = judge_note(replace(note, record=record))
    return replace(outcome, target=outcome.target or record.id)


def _overwrite(note: Note, seen_version: int) -> Outcome:
    """A household, resident or filing whose id stands with other content: what was sent is written over it."""
    session, record = note.session, note.record
    row: Any
    if record.kind == RecordKind.HOUSEHOLD:
        if (row := _find_household(note)) is None:
            return _as_new(note)
        _same(row.version, seen_version)
        draft, consent, flaws = edit_from_phone.household_of(note.body)
        refuse(flaws)
        keep_household.change(session, record.id, draft, seen_version)
        if consent and consent.consent is not None:
            keep_household.give_consent(session, record.id, consent)
    elif record.kind == RecordKind.RESIDENT:
        household = named(note, "household_id")
        row = resident_rows.get_resident(session, household, record.id)
        _same(row.version, seen_version)
        person, flaws = residents.draft_from_json(note.body)
        refuse(flaws)
        keep_resident.change(session, household, record.id, person, seen_version)
    else:
        filing = filing_rows.find_filing(session, record.id)
        if filing is None or filing.voided_at:
            return _as_new(note)
        _same(filing.version, seen_version)
        told, flaws = filings.draft_from_json(note.body)
        refuse(flaws)
        told = replace(told, submitted_on=note.day(told.submitted_on)[0])
        row = change_filing(session, record.id, replace(told, id=record.id), seen_version, note.actor)
    return Outcome(Verdict.ACCEPTED, row.version, target=record.id, village_id=row.village_id)


def _find_household(note: Note) -> Any:
    found = inbox_queue.heads_of(note.session, [note.record.id])
    return households.get_household(note.session, note.record.id) if found else None
