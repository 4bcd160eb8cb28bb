"""Files of evidence documents: told by their bytes, looked at before anything opens them, pictures drawn anew, kept under
their hash."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tdteam.actions import archive_guard
from tdteam.actions.keep_scan import keep_bytes
from tdteam.actions.pictures import redraw
from tdteam.actions.workbook_guard import check_zip
from tdteam.domain.documents import clean_name, judge_name
from tdteam.domain.errors import Flaw, Refused
from tdteam.domain.evidence import look

LARGEST = 20 * 1024 * 1024
_ZIP = b"PK\x03\x04"
_TEXT_PART = "word/document.xml"


@dataclass(frozen=True)
class CheckedFile:
    """A file as it is kept: its name with the ending that its bytes deserve."""

    name: str
    kind: str
    body: bytes


@dataclass(frozen=True)
class KeptFile:
    """What a document's row says of its file."""

    name: str
    kind: str
    size: int
    sha256: str


def check_file(body: bytes, name: str) -> CheckedFile:
    """A harmless file. Raises Refused on the field `file`: document_empty, document_large, document_type,
    document_name, image_pixels, image_kind, or a `file_…` code of the guards."""
    if not body:
        raise Refused([Flaw("file", "document_empty")])
    if len(body) > LARGEST:
        raise Refused([Flaw("file", "document_large", {"megabytes": LARGEST >> 20})])
    stem = clean_name(name)
    if flaws := judge_name(stem):
        raise Refused(flaws)
    kind, kept = _looked_at(body)
    return CheckedFile(f"{stem or 'tai-lieu'}.{kind}", kind, kept)


def _looked_at(body: bytes) -> tuple[str, bytes]:
    """The file's kind and the bytes to keep."""
    if body.startswith(b"%PDF-"):
        return "pdf", body
    if look(body) is not None:
        return "jpg", _drawn(body)
    if not body.startswith(_ZIP):
        raise Refused([Flaw("file", "document_type")])
    archive = archive_guard.open_archive(body)
    if _TEXT_PART not in archive.namelist():
        return _workbook(body), body
    archive_guard.check_parts(archive)
    unpacked = 0
    for part in archive.infolist():
        for piece in archive_guard.pieces(archive, part):
            unpacked += len(piece)
            if unpacked > archive_guard.MAX_UNPACKED:
                raise archive_guard.refusal("file_bomb", megabytes=archive_guard.MAX_UNPACKED >> 20)
    return "docx", body


def _drawn(body: bytes) -> bytes:
    """A picture without what a camera writes beside it."""
    try:
        return redraw(body).body
    except Refused as refused:
        raise Refused([Flaw("file", flaw.code, flaw.params) for flaw in refused.flaws]) from refused


def _workbook(body: bytes) -> str:
    try:
        kind, _archive = check_zip(body)
    except Refused as refused:
        codes = [flaw.code for flaw in refused.flaws]
        raise Refused([Flaw("file", "document_type")]) if codes == ["file_type"] else refused from refused
    if kind != "xlsx":
        raise Refused([Flaw("file", "document_type")])
    return kind


def keep_file(instance: Path, checked: CheckedFile) -> KeptFile:
    """Put a checked file on the disk, whole or not at all."""
    sha256 = keep_bytes(instance, checked.body)
    return KeptFile(checked.name, checked.kind, len(checked.body), sha256)
