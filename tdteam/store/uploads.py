"""Uploads: a roster file from the moment it came to the moment it was undone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, delete
from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Account, Place, Upload, UploadChange, UploadFile

KEPT_DAYS = 30
_upload: Table = Upload.__table__  # type: ignore[attr-defined]
_file: Table = UploadFile.__table__  # type: ignore[attr-defined]
_change: Table = UploadChange.__table__  # type: ignore[attr-defined]
_place: Table = Place.__table__  # type: ignore[attr-defined]
ROSTERS = ("teams", "households", "mixed")


@dataclass(frozen=True)
class UploadLine:
    """An import in the list."""

    id: int
    kind: str
    place: str
    file_name: str
    state: str
    uploaded_at: datetime
    by: str | None
    outcome: dict[str, Any] | None


def add_upload(
    session: GatedSession, kind: str, place_id: int, file_name: str, body: bytes, *, kept: bytes | None = None
) -> Upload:
    """Write down that a file came; of its rows only `kept` is kept (`actions/kept_workbook.py`)."""
    session.demand(place_id)
    row = Upload(
        kind=kind,
        place_id=place_id,
        file_name=file_name[:200],
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        uploaded_at=datetime.now(UTC),
        uploaded_by=session.scope.actor.account_id,
    )
    session.add(row)
    session.flush()
    if kept is not None:
        session.add(UploadFile(upload_id=row.id or 0, body=kept))
        session.flush()
    return row


def get_upload(session: GatedSession, upload_id: int) -> Upload:
    """An upload inside the scope, or NotFound."""
    row = session.exec(select(Upload).where(Upload.id == upload_id)).first()
    if row is None:
        raise NotFound
    return row


def hold_upload(session: GatedSession, upload_id: int) -> Upload:
    """The same, locked with its place until the transaction ends: imports into one place follow each other."""
    row = get_upload(session, upload_id)
    bulk.run(
        session,
        select(_place.c.id).where(_place.c.id == row.place_id).with_for_update(key_share=True),
        places=(row.place_id,),
    )
    session.refresh(row, with_for_update=True)
    return row


def find_body(session: GatedSession, upload_id: int) -> bytes | None:
    """What was kept of the file's rows; None once its time is over, or where none were kept."""
    row = session.exec(select(UploadFile).where(UploadFile.upload_id == upload_id)).first()
    return row.body if row else None


def find_done_before(session: GatedSession, upload: Upload) -> Upload | None:
    """An earlier import of the very same file into the same place, still in force."""
    query = select(Upload).where(
        Upload.place_id == upload.place_id,
        Upload.sha256 == upload.sha256,
        Upload.state == "done",
        Upload.id != upload.id,
    )
    return session.exec(query.order_by(col(Upload.id).desc())).first()


def list_uploads(
    session: GatedSession, limit: int = 50, kinds: Sequence[str] = ROSTERS
) -> Sequence[UploadLine]:
    """The imports of the scope, newest first."""
    columns: tuple[Any, ...] = (
        Upload.id,
        Upload.kind,
        Place.name,
        Upload.file_name,
        Upload.state,
        Upload.uploaded_at,
        Account.name,
        Upload.outcome,
    )
    query = (
        select(*columns)
        .join(Place, col(Place.id) == Upload.place_id)
        .outerjoin(Account, col(Account.id) == Upload.uploaded_by)
        .where(col(Upload.kind).in_(kinds))
        .order_by(col(Upload.id).desc())
        .limit(limit)
    )
    return [UploadLine(*row) for row in session.exec(query)]


def remove_old(session: GatedSession, now: datetime | None = None) -> int:
    """Remove what is kept of uploads older than KEPT_DAYS, in whatever commune, for it holds names: the bytes of
    files, and what stood in rows before imports changed them. Returns how many files went."""
    before = (now or datetime.now(UTC)) - timedelta(days=KEPT_DAYS)
    old = select(_upload.c.id).where(_upload.c.uploaded_at < before)
    done = select(_upload.c.id).where(_upload.c.done_at < before)
    gone = bulk.run(session, delete(_file).where(_file.c.upload_id.in_(old)), places=())
    bulk.run(session, delete(_change).where(_change.c.upload_id.in_(done)), places=())
    return int(gone.rowcount)


def can_undo(upload: Upload, now: datetime | None = None) -> bool:
    """Whether an import can be taken back: while it stands, for KEPT_DAYS."""
    day = (now or datetime.now(UTC)) - timedelta(days=KEPT_DAYS)
    return upload.state == "done" and upload.done_at is not None and _aware(upload.done_at) > day


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
