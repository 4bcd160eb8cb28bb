"""Keeps the scan, or the digitally signed file, of a signed report byte for byte, and gives the very bytes back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tdteam.actions.keep_scan import keep_scan, kind_of, read_scan
from tdteam.domain.errors import Conflict
from tdteam.domain.report_life import Stage
from tdteam.domain.roles import Actor
from tdteam.reports.lists import ascii_filename
from tdteam.store import audit, signed_copies
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place

LARGEST = 20 * 1024 * 1024
SIGNED = (Stage.SIGNED, Stage.ISSUED)


@dataclass(frozen=True)
class Copy:
    """A signed copy's bytes, and a name for them without diacritics."""

    body: bytes
    file_name: str


def keep_signed(
    session: GatedSession, place: Place, span_code: str, body: bytes, name: str, actor: Actor, instance: Path
) -> int:
    """Keep a copy of the report in force; its id. The same file twice is kept once.

    Raises Refused (`scan_empty`, `scan_large`, `scan_type`), Conflict `stage` while the report is not signed, NotFound
    outside the scope or where no report was begun.
    """
    session.demand(place.id or 0)
    report = signed_copies.hold_stage(session, place.id or 0, span_code)
    if report.stage not in SIGNED or report.sealing_id is None:
        raise Conflict("stage", stage=report.stage)
    scan = keep_scan(instance, body, name, LARGEST)
    copy_id, is_new = signed_copies.keep_copy(session, report, scan.name, scan.sha256, len(body))
    if is_new:
        audit.append(
            session,
            "keep",
            "signed_copy",
            copy_id,
            place_id=place.id,
            sealing=report.sealing_id,
            sha256=scan.sha256,
        )
    return copy_id


def read_signed(session: GatedSession, place: Place, span_code: str, copy_id: int, instance: Path) -> Copy:
    """A copy's very bytes; NotFound outside the scope, or where they are lost or altered."""
    session.demand(place.id or 0)
    row = signed_copies.get_copy(session, place.id or 0, span_code, copy_id)
    body = read_scan(instance, row.sha256)
    return Copy(body, ascii_filename(f"{Path(row.name).stem}-{row.sha256[:8]}", kind_of(body) or "bin"))
