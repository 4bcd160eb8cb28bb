"""Photos: which are kept, where their files are, and which records show them.

A photo is known by the hash of the bytes a phone sent; its file is named by the hash of the bytes we kept. It is seen
through a record that names it, inside the scope, and no other way.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, or_, update
from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.domain.evidence import MOST_OF_RECORD, SMALL_SIDE, is_hash
from tdteam.domain.sync import Verdict
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Evidence, Gathering, Inbox, RecordPhoto, Visit

FOLDER = "evidence"
_evidence: Table = Evidence.__table__  # type: ignore[attr-defined]
_named: Table = RecordPhoto.__table__  # type: ignore[attr-defined]
_inbox: Table = Inbox.__table__  # type: ignore[attr-defined]
_CHUNK = 500


@dataclass(frozen=True)
class Photo:
    """A photo a record names. `state` is kept, awaited (still on the phone) or removed; sizes are known once it is kept."""

    sha256: str
    state: str
    width: int = 0
    height: int = 0

    @property
    def small(self) -> tuple[int, int]:
        """Width and height of its thumbnail."""
        part = min(1.0, SMALL_SIDE / max(self.width, self.height, 1))
        return round(self.width * part), round(self.height * part)


def file_of(instance: Path, stored_sha256: str) -> Path:
    """Where a kept photo's file is."""
    if not is_hash(stored_sha256):
        raise NotFound
    return instance / FOLDER / stored_sha256[:2] / f"{stored_sha256}.jpg"


def find_evidence(session: GatedSession, sha256: str) -> Evidence | None:
    """A photo by the hash of the bytes sent, removed ones too."""
    return session.exec(select(Evidence).where(Evidence.sha256 == sha256)).first()


def is_settled(session: GatedSession, instance: Path, sha256: str) -> bool:
    """Whether nothing more is wanted of this photo: it is kept, or was removed on purpose."""
    row = find_evidence(session, sha256)
    if row is None:
        return False
    return row.removed_at is not None or file_of(instance, row.stored_sha256).is_file()


def add_evidence(session: GatedSession, values: dict[str, Any]) -> Evidence:
    """Note a photo whose file is on the disk. Two uploads at once end in one row; one whose file was lost gets the new
    file's name. What was removed stays removed."""
    statement = bulk.insert(session, _evidence).values(values)
    statement = statement.on_conflict_do_update(
        index_elements=["sha256"],
        set_={name: values[name] for name in ("stored_sha256", "stored_size", "width", "height")},
        where=_evidence.c.removed_at.is_(None),
    )
    bulk.run(session, statement, places=())
    row = find_evidence(session, values["sha256"])
    assert row
    return row


def link_photos(session: GatedSession, record_id: str, village_id: int, hashes: object) -> None:
    """Say that a record of a village names these photos; again is the same as once. `hashes` is what a body says: what is
    no list, or no hash in it, is passed over."""
    rows = [
        {"record_id": record_id, "sha256": sha256, "village_id": village_id} for sha256 in named_in(hashes)
    ]
    if rows:
        statement = bulk.insert(session, _named).on_conflict_do_nothing()
        bulk.run(session, statement, rows, places=(village_id,))


def named_in(hashes: object) -> list[str]:
    """The photos a body names, each once, MOST_OF_RECORD at most."""
    if not isinstance(hashes, list | tuple):
        return []
    return list(dict.fromkeys(one for one in hashes if is_hash(one)))[:MOST_OF_RECORD]


def named_by(session: GatedSession, account_id: int, record_ids: Sequence[str]) -> set[str]:
    """Hashes of the photos that these records of an account name: as rows say, or the record itself where it waits for
    the commune. Wherever they are: the phones that sent them ask."""
    found: set[str] = set()
    own = or_(_inbox.c.account_id == account_id, _inbox.c.from_account == account_id)
    for start in range(0, len(record_ids), _CHUNK):
        ids = record_ids[start : start + _CHUNK]
        sent = select(_inbox.c.record_id, _inbox.c.body).where(_inbox.c.record_id.in_(ids), own)
        bodies = [(row.record_id, row.body) for row in bulk.run(session, sent, places=())]
        for _record_id, body in bodies:
            found.update(_photos_in(body))
        mine = {record_id for record_id, _body in bodies}
        named = select(_named.c.sha256).where(_named.c.record_id.in_(sorted(mine)))
        found.update(bulk.run(session, named, places=()).scalars())
    return found


def lacking(session: GatedSession, hashes: Iterable[str], instance: Path | None = None) -> list[str]:
    """Which of these photos are not kept (and were not removed), in order, each once. With `instance`, a photo whose file
    is gone is lacking too."""
    wanted = [sha256 for sha256 in dict.fromkeys(hashes) if is_hash(sha256)]
    here: set[str] = set()
    for start in range(0, len(wanted), _CHUNK):
        query = select(Evidence).where(col(Evidence.sha256).in_(wanted[start : start + _CHUNK]))
        for row in session.exec(query):
            if row.removed_at or instance is None or file_of(instance, row.stored_sha256).is_file():
                here.add(row.sha256)
    return [sha256 for sha256 in wanted if sha256 not in here]


def photos_of(session: GatedSession, record_ids: Sequence[str]) -> list[Photo]:
    """The photos these records name, each once."""
    query = (
        select(RecordPhoto.sha256, Evidence)
        .outerjoin(Evidence, col(Evidence.sha256) == RecordPhoto.sha256)
        .where(col(RecordPhoto.record_id).in_(record_ids))
        .order_by(col(Evidence.received_at), col(RecordPhoto.sha256))
    )
    found: dict[str, Photo] = {}
    for sha256, row in session.exec(query):
        found[sha256] = _photo(sha256, row)
    return list(found.values())


def _photo(sha256: str, row: Evidence | None) -> Photo:
    if row is None:
        return Photo(sha256, "awaited")
    return Photo(sha256, "removed") if row.removed_at else Photo(sha256, "kept", row.width, row.height)


def is_named_by(session: GatedSession, account_id: int, sha256: str) -> bool:
    """Whether a record this account sent, and that was not refused, names a photo: as rows say, or the record itself where
    it waits for the commune. Wherever it is: the phone that holds the photo asks."""
    own = (_inbox.c.account_id == account_id, _inbox.c.state != Verdict.REFUSED)
    linked = select(_named.c.sha256).join(_inbox, _inbox.c.record_id == _named.c.record_id)
    query = linked.where(_named.c.sha256 == sha256, *own).limit(1)
    if bulk.run(session, query, places=()).first():
        return True
    sent = select(_inbox.c.body).where(*own, _inbox.c.body.contains(sha256)).limit(MOST_OF_RECORD)
    return any(sha256 in _photos_in(body) for body in bulk.run(session, sent, places=()).scalars())


def photos_waiting(session: GatedSession, hashes: object) -> list[Photo]:
    """The photos that the body of a record in the commune's queue names, each once, in its order."""
    named = named_in(hashes)
    query = select(Evidence).where(col(Evidence.sha256).in_(named))
    kept = {row.sha256: row for row in session.exec(query)} if named else {}
    return [_photo(sha256, kept.get(sha256)) for sha256 in named]


def get_seen(session: GatedSession, sha256: str, *, in_queue: bool = False) -> tuple[Evidence, str, int]:
    """A kept photo, a record of the scope that shows it, and that record's village; NotFound for any other. `in_queue`: what
    waits for the commune's decision shows its photos too, to whoever decides."""
    query = (
        select(Evidence, RecordPhoto.record_id, RecordPhoto.village_id)
        .join(RecordPhoto, col(RecordPhoto.sha256) == Evidence.sha256)
        .where(Evidence.sha256 == sha256, col(Evidence.removed_at).is_(None))
        .order_by(col(RecordPhoto.record_id))
        .limit(1)
    )
    found = session.exec(query).first() if is_hash(sha256) else None
    if found is None and in_queue:
        found = _seen_in_queue(session, sha256)
    if found is None:
        raise NotFound
    return found[0], found[1], found[2]


def _seen_in_queue(session: GatedSession, sha256: str) -> Any:
    """A kept photo and the undecided record of the scope that names it."""
    row = find_evidence(session, sha256) if is_hash(sha256) else None
    if row is None or row.removed_at:
        return None
    query = (
        select(Inbox)
        .where(col(Inbox.state).in_((Verdict.HELD, Verdict.CONFLICT)), col(Inbox.decided_at).is_(None))
        .where(col(Inbox.body).contains(sha256), col(Inbox.village_id).is_not(None))
        .order_by(col(Inbox.n))
    )
    for waiting in session.exec(query):
        if sha256 in _photos_in(waiting.body):
            return row, waiting.record_id, waiting.village_id
    return None


def _photos_in(body: str | None) -> list[str]:
    """The photos a kept body names."""
    told = json.loads(body) if body else None
    return named_in(told.get("photos")) if isinstance(told, dict) else []


def kind_of(session: GatedSession, record_id: str) -> str | None:
    """Whether a record became a visit or a gathering; None for what waits or is none."""
    if session.exec(select(Visit.id).where(Visit.id == record_id)).first():
        return "visit"
    if session.exec(select(Gathering.id).where(Gathering.id == record_id)).first():
        return "gathering"
    return None


def mark_removed(session: GatedSession, sha256: str) -> None:
    """The row stays and says when; the caller deletes the file once this is committed."""
    statement = (
        update(_evidence)
        .where(_evidence.c.sha256 == sha256, _evidence.c.removed_at.is_(None))
        .values(removed_at=datetime.now(UTC))
    )
    bulk.run(session, statement, places=())


def unwanted_files(session: GatedSession) -> list[str]:
    """Stored hashes that only removed photos have: their files must not be on the disk."""
    kept = select(Evidence.stored_sha256).where(col(Evidence.removed_at).is_(None))
    query = select(Evidence.stored_sha256).where(
        col(Evidence.removed_at).is_not(None), col(Evidence.stored_sha256).not_in(kept)
    )
    return list(session.exec(query.distinct()))
