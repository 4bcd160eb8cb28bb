"""What proves a paper: the seal's hash and its entry in the audit chain, the bytes it was issued as, the copies signed.

Asked by `/verify`, by `verify-audit` and by the doctor, so that all three say the same. Whoever alters a snapshot together
with its hash still has the audit against him: the entry of the seal tells the hash, and the chain holds the entry.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import LargeBinary, cast, func
from sqlalchemy.orm import defer
from sqlmodel import col, select

from tdteam.domain.paper_words import PaperWords, words_from
from tdteam.domain.snapshots import Snapshot, snapshot_from
from tdteam.store.audit import GENESIS
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Audit, Paper, Sealing, SignedCopy
from tdteam.store.tables.sealing import FORMS

_LEAN = (defer(Sealing.snapshot), defer(Sealing.counted))  # type: ignore[arg-type]
SCANS = "scans"  # `actions/keep_scan` writes there


class Fault(StrEnum):
    """In what stored things disagree."""

    SNAPSHOT = "snapshot"  # the text no longer has the hash it was sealed with
    UNREADABLE = "unreadable"  # the text is no snapshot any more
    ROW = "row"  # the snapshot names another code, version, place, span or audit head than its row
    HEAD = "head"  # the audit has no entry with the hash that the paper prints
    ENTRY = "entry"  # the audit tells no seal, or no issue, with this hash
    PAPER = "paper"  # the bytes of an issued paper, or its words, are not those that were issued
    COPY = "copy"  # a signed copy is gone or altered


UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError)
"""What reading altered JSON raises: syntax, shapes, missing keys, decimals."""


def find_seal(session: GatedSession, code: str) -> Sealing | None:
    """The seal a code names, its figures not read yet."""
    return session.exec(select(Sealing).where(Sealing.code == code).options(*_LEAN)).first()


def read_seal(session: GatedSession, row: Sealing) -> tuple[Snapshot | None, list[Fault]]:
    """A seal's snapshot (None where it cannot be read), and what is wrong with it."""
    body: bytes = session.exec(select(_raw(session, Sealing.snapshot)).where(Sealing.id == row.id)).one()
    faults = [] if hashlib.sha256(body).hexdigest() == row.sha256 else [Fault.SNAPSHOT]
    snapshot: Snapshot | None
    try:
        snapshot = snapshot_from(body.decode())
    except UNREADABLE:
        snapshot = None
        faults.append(Fault.UNREADABLE)
    else:
        told = (snapshot.code, snapshot.version, snapshot.place_id, snapshot.span_code, snapshot.audit_head)
        if told != (row.code, row.version, row.commune_id, row.period, row.audit_head):
            faults.append(Fault.ROW)
    if not _is_in_chain(session, row.audit_head):
        faults.append(Fault.HEAD)
    if not _is_told(session, row, {"sha256": row.sha256}):
        faults.append(Fault.ENTRY)
    return snapshot, faults


def read_paper(
    session: GatedSession, row: Sealing, form: str
) -> tuple[PaperWords | None, list[Fault]] | None:
    """The words of an issued paper (None where they cannot be read) and what is wrong with it, with its bytes, and with
    what the audit's entry of its issue tells of both; None where there is no such paper."""
    query = select(Paper.sha256, _raw(session, Paper.words), _raw(session, Paper.body)).where(
        Paper.sealing_id == row.id, Paper.form == form
    )
    found = session.exec(query).first()
    if found is None:
        return None
    sha256, text, body = found
    is_same = hashlib.sha256(body).hexdigest() == sha256
    words: PaperWords | None
    try:
        words = words_from(text.decode())
    except UNREADABLE:
        words = None
    faults = [] if is_same and words else [Fault.PAPER]
    if not _is_told(session, row, {form: sha256, "words": hashlib.sha256(text).hexdigest()}):
        faults.append(Fault.ENTRY)
    return words, faults


def _raw(session: GatedSession, column: Any) -> Any:
    """A column's bytes as they lie there: what somebody altered may be no text, or no bytes, any more."""
    if session.get_bind().dialect.name != "postgresql":
        return cast(column, LargeBinary)
    return (
        column if isinstance(column.type, LargeBinary) else func.convert_to(column, "UTF8", type_=LargeBinary)
    )


def _is_in_chain(session: GatedSession, head: str) -> bool:
    if head == GENESIS:
        return True
    return session.exec(select(Audit.id).where(Audit.hash == head)).first() is not None


def _is_told(session: GatedSession, row: Sealing, wanted: Mapping[str, str]) -> bool:
    """Whether one entry of the audit about a seal's report tells all of this."""
    query = select(Audit.detail).where(
        Audit.noun == "report", Audit.target == f"{row.commune_id}/{row.period}"
    )
    for value in wanted.values():
        query = query.where(col(Audit.detail).contains(value, autoescape=True))
    for detail in session.exec(query):
        with suppress(ValueError):
            found = json.loads(detail)
            if isinstance(found, dict) and wanted.items() <= found.items():
                return True
    return False


@dataclass(frozen=True)
class FileMark:
    """A file that may be held against a paper: what it is (`issued`, `signed`), its hash and its size in bytes."""

    kind: str
    sha256: str
    size: int


def list_files(session: GatedSession, sealing_id: int) -> list[FileMark]:
    """The files a seal was issued as, and the signed copies of it."""
    issued = session.exec(
        select(Paper.sha256, func.length(Paper.body))
        .where(Paper.sealing_id == sealing_id)
        .order_by(Paper.form)
    )
    signed = session.exec(
        select(SignedCopy.sha256, SignedCopy.size)
        .where(SignedCopy.sealing_id == sealing_id)
        .order_by(col(SignedCopy.id))
    )
    return [
        *(FileMark("issued", sha256, size) for sha256, size in issued),
        *(FileMark("signed", sha256, size) for sha256, size in signed),
    ]


def newest_issued(session: GatedSession, row: Sealing) -> tuple[Sealing, str] | None:
    """The newest issued seal after this one (without its snapshot), and the words of its paper."""
    query = (
        select(Sealing, Paper.words)
        .join(Paper, col(Paper.sealing_id) == Sealing.id)
        .where(
            Sealing.commune_id == row.commune_id,
            Sealing.period == row.period,
            Sealing.version > row.version,
            Paper.form == "pdf",
        )
        .order_by(col(Sealing.version).desc())
        .options(*_LEAN)
    )
    return session.exec(query).first()


@dataclass(frozen=True)
class Broken:
    """A paper that does not hold: its code and version, the fault, and of which form or file."""

    code: str
    version: int
    fault: Fault
    what: str = ""


@dataclass(frozen=True)
class Compared:
    """What comparing every paper found: how many seals, papers and signed copies there are, and what does not hold."""

    seals: int
    papers: int
    copies: int
    broken: tuple[Broken, ...]


def compare_papers(session: GatedSession, instance: Path) -> Compared:
    """Compare every seal, paper and signed copy with its hash and with the audit, one at a time."""
    broken: list[Broken] = []
    seals = papers = copies = 0
    for row in session.exec(select(Sealing).order_by(col(Sealing.id)).options(*_LEAN)).all():
        seals += 1
        broken += [Broken(row.code, row.version, fault) for fault in read_seal(session, row)[1]]
        for form in FORMS:
            if found := read_paper(session, row, form):
                papers += 1
                broken += [Broken(row.code, row.version, fault, form) for fault in found[1]]
        for copy in session.exec(select(SignedCopy).where(SignedCopy.sealing_id == row.id)).all():
            copies += 1
            if not is_whole(instance / SCANS / copy.sha256, copy.sha256):
                broken.append(Broken(row.code, row.version, Fault.COPY, copy.sha256[:12]))
    return Compared(seals, papers, copies, tuple(broken))


def is_whole(path: Path, sha256: str) -> bool:
    """Whether a file is there and has its hash."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False
