"""Both sides of a conflict as the official sees them: what stands, and what was sent; who and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tdteam.actions import edit_from_phone
from tdteam.domain.errors import NotFound
from tdteam.domain.sync import RecordKind
from tdteam.domain.vocabulary import RecordState
from tdteam.store import filing_rows, gathering_rows, households, inbox_queue, residents, visit_rows
from tdteam.store.history import find_account_name
from tdteam.store.tables import Inbox
from tdteam.web.gate import session
from tdteam.web.history import acts_on
from tdteam.web.record_words import Names, body_of, label_of, pairs_of, value_of


@dataclass(frozen=True)
class FieldSides:
    """One field of an edit, both values in words."""

    name: str
    label: str
    stored: str
    sent: str


@dataclass(frozen=True)
class Sides:
    """A conflict. `version`: of what stands, to be sent back with the choice. `fields` are empty where whole versions
    stand against each other; `stored` then says the one that stands, empty where it is gone (`is_gone`)."""

    version: int = 0
    fields: tuple[FieldSides, ...] = ()
    stored: tuple[tuple[str, str], ...] = ()
    by: str | None = None
    at: datetime | None = None
    is_gone: bool = False


@dataclass(frozen=True)
class _Stored:
    """What stands: its values in the wire's shape, version, and who wrote it when."""

    values: Mapping[str, Any]
    version: int
    by: str | None
    at: datetime | None


def read_sides(row: Inbox, body: Mapping[str, Any], names: Names) -> Sides:
    """Both sides of a conflict, the stored one as it is now."""
    found = _find(row, body)
    told = (row.clash or {}).get("fields") or {}
    if found is None:
        fields = tuple(
            FieldSides(
                name, label_of(name), value_of(name, one["stored"], names), value_of(name, one["sent"], names)
            )
            for name, one in told.items()
        )
        return Sides(fields=fields, is_gone=True)
    if told:
        fields = tuple(
            FieldSides(
                name,
                label_of(name),
                value_of(name, found.values.get(name), names),
                value_of(name, one["sent"], names),
            )
            for name, one in told.items()
        )
        return Sides(found.version, fields, (), found.by, found.at)
    return Sides(found.version, (), tuple(pairs_of(found.values, names)), found.by, found.at)


def _find(row: Inbox, body: Mapping[str, Any]) -> _Stored | None:
    """What stands of the thing a record is about; None where it is gone, voided or outside the scope."""
    try:
        if row.kind in (RecordKind.VISIT, RecordKind.GATHERING):
            return _occasion(row, body)
        if row.kind == RecordKind.HOUSEHOLD:
            home = households.get_household(session(), row.target)
            return _of("household", home.id, edit_from_phone.household_values(home), home.version)
        if row.kind == RecordKind.RESIDENT:
            person = residents.get_resident(session(), str(body.get("household_id")), row.target)
            return _of(
                "resident", person.id, edit_from_phone.resident_values(session(), person), person.version
            )
        if row.kind == RecordKind.FILING:
            filing = filing_rows.get_filing_row(session(), row.target)
            values = edit_from_phone.filing_values(filing_rows.draft_of(filing))
            return None if filing.voided_at else _of("filing", filing.id, values, filing.version)
    except NotFound:
        pass
    return None


def _occasion(row: Inbox, body: Mapping[str, Any]) -> _Stored | None:
    target = str(body.get("corrects") or body.get("voids") or row.record_id)
    newest = inbox_queue.newest_of(session(), row.kind, target)
    if newest is None or newest.state == RecordState.VOID:
        return None
    rows: Any = visit_rows if row.kind == RecordKind.VISIT else gathering_rows
    by = find_account_name(session(), newest.recorded_by)
    return _Stored(body_of(rows.draft_of(session(), newest)), newest.version, by, newest.received_at)


def _of(noun: str, target: str, values: Mapping[str, Any], version: int) -> _Stored:
    last = acts_on((noun, target), limit=1)
    return _Stored(values, version, last[0].by if last else None, last[0].at if last else None)
