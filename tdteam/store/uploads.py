"""Uploads: a roster file from the moment it came to the moment it was undone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Account, Place, Upload, UploadFile

KEPT_DAYS = 30


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


def add_upload(session: GatedSession, kind: str, place_id: int, file_name: str, body: bytes) -> Upload:
    """Keep a file as it came."""
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
    session.add(UploadFile(upload_id=row.id or 0, body=body))
    session.flush()
    return row


def get_upload(session: GatedSession, upload_id: int) -> Upload:
    """An upload inside the scope, or NotFound."""
    row = session.exec(select(Upload).where(Upload.id == upload_id)).first()
    if row is None:
        raise NotFound
    return row


def find_body(session: GatedSession, upload_id: int) -> bytes | None:
    """The file as it came; None once its time is over."""
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


def list_uploads(session: GatedSession, limit: int = 50) -> Sequence[UploadLine]:
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
        .order_by(col(Upload.id).desc())
        .limit(limit)
    )
    return [UploadLine(*row) for row in session.exec(query)]


def remove_old_files(session: GatedSession, now: datetime | None = None) -> int:
    """Remove the bytes of files older than KEPT_DAYS (they hold names); returns how many."""
    before = (now or datetime.now(UTC)) - timedelta(days=KEPT_DAYS)
    old = select(Upload.id).where(Upload.uploaded_at < before)
    gone = session.exec(delete(UploadFile).where(col(UploadFile.upload_id).in_(old)))
    return int(gone.rowcount)
