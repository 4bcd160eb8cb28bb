"""Add an evidence document, change it, withdraw it. The caller commits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tdteam.actions.document_files import CheckedFile, keep_file
from tdteam.actions.keep_scan import read_scan
from tdteam.domain.documents import DocumentDraft, judge_document
from tdteam.domain.errors import Conflict, Flaw, NotAllowed, NotFound, Refused
from tdteam.domain.occasions import judge_why
from tdteam.domain.periods import today
from tdteam.domain.roles import Actor, Power
from tdteam.domain.wire import stored
from tdteam.reports.lists import ascii_filename
from tdteam.store import audit, document_ties, documents, indicators
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Document

_FIELDS = ("place_id", "kind", "number", "dated", "issuer", "abstract", "since", "until", "has_names")


def add_document(
    session: GatedSession, draft: DocumentDraft, file: CheckedFile | None, actor: Actor, instance: Path
) -> Document:
    """Put a document into the register, with its file where there is one. Raises Refused."""
    draft = _sound(session, draft, ())
    now = datetime.now(UTC)
    row = Document(added_at=now, changed_at=now, added_by=actor.account_id, **_said(draft))
    if file:
        _put_file(row, file, instance)
    session.add(row)
    session.flush()
    documents.set_indicators(session, row, draft.indicators)
    documents.set_ties(session, row, draft.ties)
    audit.append(session, "create", "document", row.id, place_id=row.place_id, **_hash_of(row))
    return row


def change_document(
    session: GatedSession,
    document_id: int,
    draft: DocumentDraft,
    file: CheckedFile | None,
    base_version: int,
    instance: Path,
) -> Document:
    """Change a document read at `base_version`; a file replaces the one it had. Raises Refused, NotFound; Conflict `stale`,
    or `withdrawn` where it was withdrawn meanwhile."""
    row = documents.get_own(session, document_id)
    if row.withdrawn_at:
        raise Conflict("withdrawn")
    if row.version != base_version:
        raise Conflict("stale", version=row.version)
    line = documents.get_line(session, document_id)
    draft = _sound(session, draft, line.ties)
    said = _said(draft)
    fields = [name for name in _FIELDS if getattr(row, name) != said[name]]
    for name in fields:
        setattr(row, name, said[name])
    before = row.sha256
    if file:
        _put_file(row, file, instance)
    if before != row.sha256:
        fields.append("file")
    session.add(row)
    session.flush()
    fields += ["indicators"] if documents.set_indicators(session, row, draft.indicators) else []
    fields += ["ties"] if documents.set_ties(session, row, draft.ties) else []
    if not fields:
        return row
    _touch(session, row)
    audit.append(session, "change", "document", row.id, place_id=row.place_id, fields=fields, **_hash_of(row))
    return row


def withdraw_document(session: GatedSession, document_id: int, why: str) -> Document:
    """Take a document out of force, with the reason; it stays to be read, and its file is kept. Twice is as once. Raises
    Refused, NotFound."""
    row = documents.get_own(session, document_id)
    if row.withdrawn_at:
        return row
    why = stored(why)
    if flaws := judge_why(why):
        raise Refused(flaws)
    row.withdrawn_at, row.withdrawn_why = datetime.now(UTC), why
    _touch(session, row)
    audit.append(session, "withdraw", "document", row.id, place_id=row.place_id)
    return row


def may_open(session: GatedSession, row: Document) -> bool:
    """Whether this account may open a document's file: one with names only inside its own places, with the power."""
    if row.sha256 is None:
        return False
    sees = session.scope.names and session.scope.actor.holds(Power.SEE_NAMES)
    return not row.has_names or (sees and session.permits(row.place_id))


def read_file(session: GatedSession, document_id: int, instance: Path) -> tuple[bytes, str]:
    """A document's very bytes and a name for them. NotFound where there are none; NotAllowed where people are named in
    them and this account sees no names."""
    row = documents.find_row(session, document_id)
    if row is None or row.sha256 is None:
        raise NotFound
    if not may_open(session, row):
        raise NotAllowed
    body = read_scan(instance, row.sha256)
    return body, file_name(row)


def file_name(row: Document) -> str:
    """A document's file for a disk: number or name, its id, its ending, without diacritics."""
    stem = row.number or Path(row.file_name).stem
    return ascii_filename(f"{row.id}-{stem}", row.file_kind or "bin")


def _said(draft: DocumentDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in _FIELDS}


def _hash_of(row: Document) -> dict[str, Any]:
    return {"sha256": row.sha256} if row.sha256 else {}


def _put_file(row: Document, file: CheckedFile, instance: Path) -> None:
    kept = keep_file(instance, file)
    row.file_name, row.file_kind, row.size, row.sha256 = kept.name, kept.kind, kept.size, kept.sha256


def _touch(session: GatedSession, row: Document) -> None:
    row.version, row.changed_at = row.version + 1, datetime.now(UTC)
    session.add(row)
    session.flush()


def _sound(session: GatedSession, draft: DocumentDraft, held: tuple[tuple[str, str], ...]) -> DocumentDraft:
    """The draft as it is stored. `held`: ties it has already, which may lie where this account cannot see. Raises Refused."""
    draft = replace(
        draft,
        number=stored(draft.number),
        issuer=stored(draft.issuer),
        abstract=stored(draft.abstract),
        indicators=tuple(dict.fromkeys(draft.indicators)),
        ties=tuple(dict.fromkeys(draft.ties)),
    )
    flaws = judge_document(draft, today())
    if draft.place_id and not session.permits(draft.place_id):
        flaws.append(Flaw("place_id", "not_found"))
    known = {one.code for one in indicators.list_indicators(session, active=False)}
    if not known.issuperset(draft.indicators):
        flaws.append(Flaw("indicators", "choice_unknown"))
    found = document_ties.find_ties(session, draft.ties)
    if any(tie not in found and tie not in held for tie in draft.ties):
        flaws.append(Flaw("ties", "not_found"))
    if flaws:
        raise Refused(flaws)
    return draft
