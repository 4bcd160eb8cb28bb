"""Takes photos in piece by piece, and keeps them: checked, drawn anew, on the disk before anybody is told.

Pieces wait in `evidence/parts`, a file an account and photo. The last piece never goes there: with it the photo is
checked and kept at once, so that a phone which asks how far it came always has something left to send.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tdteam.actions.pictures import Picture, redraw
from tdteam.domain.errors import Flaw, NotFound, Refused, Unavailable
from tdteam.domain.evidence import LARGEST, MOST_PARTS, PARTS_KEPT_DAYS, Piece, Removal, is_hash
from tdteam.store import audit, evidence, locks
from tdteam.store.evidence import FOLDER, file_of
from tdteam.store.gate import GatedSession

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class NoSpace(Unavailable):
    """The disk is full: nothing was kept; the phone keeps what it has and tries again."""

    status = 507
    code = "no_space"


@dataclass(frozen=True)
class Taken:
    """After a piece: bytes held so far, whether it joined them, and the whole photo once the last has come."""

    received: int
    joined: bool
    whole: bytes | None = None


def received(instance: Path, account_id: int, sha256: str) -> int:
    """Bytes held of an unfinished photo."""
    try:
        return _part(instance, account_id, sha256).stat().st_size
    except OSError:
        return 0


def take_piece(instance: Path, account_id: int, sha256: str, piece: Piece, body: bytes) -> Taken:
    """Add a piece to what an account has sent of a photo. Raises Refused (image_large), NoSpace, Unavailable."""
    if piece.total > LARGEST:
        raise Refused([Flaw("", "image_large", {"megabytes": LARGEST >> 20})])
    path = _part(instance, account_id, sha256)
    with _telling():
        path.parent.mkdir(parents=True, exist_ok=True)
        if piece.first == 0:
            sweep_parts(path.parent, account_id)
        with locks.held(path, wait=True), path.open("r+b") as part:
            held = part.seek(0, os.SEEK_END)
            if piece.first != held:
                return Taken(held, joined=False)
            if piece.is_final:
                part.seek(0)
                return Taken(piece.total, joined=True, whole=part.read() + body)
            part.write(body)
        return Taken(piece.last + 1, joined=True)


def draw_checked(sha256: str, body: bytes) -> Picture:
    """The photo to keep. Raises Refused: hash_mismatch, image_kind, image_pixels."""
    if hashlib.sha256(body).hexdigest() != sha256:
        raise Refused([Flaw("", "hash_mismatch")])
    return redraw(body)


def keep_file(instance: Path, picture: Picture) -> str:
    """Put a photo's file on the disk, whole or not at all; the hash it is kept under."""
    stored = hashlib.sha256(picture.body).hexdigest()
    path = file_of(instance, stored)
    with _telling():
        if not (path.is_file() and path.stat().st_size == len(picture.body)):
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, picture.body)
            _to_disk(path.parent.parent)
    return stored


def note_evidence(
    session: GatedSession, instance: Path, sha256: str, body: bytes, picture: Picture, stored: str
) -> None:
    """The row of a photo whose file is kept. Two uploads at once end in one."""
    if evidence.is_settled(session, instance, sha256):
        return
    evidence.add_evidence(
        session,
        {
            "sha256": sha256,
            "stored_sha256": stored,
            "size": len(body),
            "stored_size": len(picture.body),
            "width": picture.width,
            "height": picture.height,
            "account_id": session.scope.actor.account_id,
            "received_at": datetime.now(UTC),
        },
    )
    audit.append(session, "keep", "evidence", sha256, size=len(picture.body))


def drop_part(instance: Path, account_id: int, sha256: str) -> None:
    """Forget the pieces of a photo that is kept, or never will be."""
    with suppress(OSError):
        _part(instance, account_id, sha256).unlink(missing_ok=True)


def remove_evidence(session: GatedSession, sha256: str, why: Removal, *, in_queue: bool = False) -> None:
    """Take a photo away, with a reason; `in_queue`: one of a record that waits for a decision too. The caller commits, then
    calls `delete_unwanted`."""
    row, record_id, village_id = evidence.get_seen(session, sha256, in_queue=in_queue)
    evidence.mark_removed(session, row.sha256)
    audit.append(session, "remove", "evidence", sha256, place_id=village_id, record=record_id, why=why)


def delete_unwanted(session: GatedSession, instance: Path) -> int:
    """Delete the files of removed photos, those included that a crash left; how many there were."""
    deleted = 0
    for stored in evidence.unwanted_files(session):
        path = file_of(instance, stored)
        with suppress(FileNotFoundError):
            path.unlink()
            deleted += 1
    return deleted


def read_evidence(instance: Path, stored_sha256: str) -> bytes:
    """A kept photo's bytes; NotFound where the file is gone or no longer what was kept."""
    try:
        body = file_of(instance, stored_sha256).read_bytes()
    except OSError as away:
        raise NotFound from away
    if hashlib.sha256(body).hexdigest() != stored_sha256:
        raise NotFound("evidence_damaged")
    return body


def sweep_parts(folder: Path, account_id: int, now: float | None = None) -> None:
    """Remove pieces nobody came back for, and the oldest of an account that began too many."""
    oldest = (now or time.time()) - PARTS_KEPT_DAYS * 86_400
    own: list[tuple[float, Path]] = []
    with suppress(OSError):
        for path in folder.iterdir():
            with suppress(OSError):
                touched = path.stat().st_mtime
                if touched < oldest:
                    path.unlink()
                elif path.name.startswith(f"{account_id}-"):
                    own.append((touched, path))
    for _touched, path in sorted(own)[: max(0, len(own) - MOST_PARTS + 1)]:
        path.unlink(missing_ok=True)


def _part(instance: Path, account_id: int, sha256: str) -> Path:
    if not is_hash(sha256):
        raise NotFound
    return instance / FOLDER / "parts" / f"{account_id}-{sha256}"


@contextmanager
def _telling() -> Iterator[None]:
    """A disk that takes nothing is said in our words."""
    try:
        yield
    except OSError as error:
        raise (NoSpace() if error.errno in _FULL else Unavailable()) from error


def _write(path: Path, body: bytes) -> None:
    """A rename is whole or not there; bytes and name are on the disk when this returns."""
    handle, half = tempfile.mkstemp(dir=path.parent, prefix=".half-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(half).replace(path)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
    _to_disk(path.parent)


def _to_disk(folder: Path) -> None:
    if os.name != "posix":
        return  # elsewhere a folder cannot be opened, and its entries are written through
    where = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(where)
    finally:
        os.close(where)
