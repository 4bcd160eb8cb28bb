"""The audit chain: each action appends its entry last in its own transaction.

An entry's hash is SHA-256 over the previous hash and the entry in canonical JSON, so a changed, removed or reordered
entry breaks the chain from there on (`verify`). Triggers refuse UPDATE and DELETE. Entries carry ids, field names and
counts, never names, phones or words people typed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.prepared import Prepared, Rows
from tdteam.store.tables import Audit

GENESIS = "0" * 64
_LOCK = 7_465_616  # PostgreSQL advisory lock: one appender at a time, until the transaction ends
VIEW_MINUTES = 10
_audit = Audit.__table__  # type: ignore[attr-defined]
_LAST = select(_audit.c.id, _audit.c.hash).order_by(_audit.c.id.desc()).limit(1)
_COLUMNS = ("id", "at", "account_id", "action", "noun", "target", "place_id", "detail", "previous", "hash")
_NEWEST = Prepared(_LAST)
LOOKS = ("view", "export", "print", "sign_in", "sign_in_failed", "sign_out")
_CHANGED = Prepared(
    select(_audit.c.hash)
    .where(*(_audit.c.action != look for look in LOOKS))
    .order_by(_audit.c.id.desc())
    .limit(1)
)
_TAKE_LOCK = Prepared(select(func.pg_advisory_xact_lock(_LOCK)))
_ROWS = Rows(_audit, _COLUMNS)
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
_quoted = json.encoder.encode_basestring


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces (RFC 8785 for our strings, integers, lists and objects)."""
    return _ENCODER.encode(value)


def _digest(previous: str, entry: dict[str, Any]) -> str:
    return _hash(previous + canonical(entry))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _entry(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": _moment(row.at),
        "account_id": row.account_id,
        "action": row.action,
        "noun": row.noun,
        "target": row.target,
        "place_id": row.place_id,
        "detail": row.detail,
    }


@dataclass(frozen=True)
class Entry:
    """What one entry says, before it stands in the chain."""

    action: str
    noun: str
    target: object = ""
    place_id: int | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


def append(
    session: GatedSession,
    action: str,
    noun: str,
    target: object = "",
    *,
    place_id: int | None = None,
    **detail: object,
) -> None:
    """Append one entry by the session's actor and flush it. Call it last: on PostgreSQL it holds the chain's lock."""
    append_all(session, [Entry(action, noun, target, place_id, detail)])


def append_all(session: GatedSession, entries: Sequence[Entry]) -> None:
    """Append entries, in order, in one statement."""
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        _TAKE_LOCK.ask(session, {}, places=())
    last = _NEWEST.ask(session, {}, places=())
    number, previous = last[0] if last else (0, GENESIS)
    now, account, rows = datetime.now(UTC), session.scope.actor.account_id, []
    at, quoted, whose = _quoted(_moment(now)), _quoted, _ENCODER.encode(account)
    details: dict[int, str] = {}  # a batch's entries mostly share one
    for entry in entries:
        number += 1
        detail = details.get(id(entry.detail)) or canonical(entry.detail)
        details[id(entry.detail)] = detail
        target = str(entry.target)
        # `canonical` of the entry, put together by hand: fifty at a time, while others wait to write.
        place = "null" if entry.place_id is None else int(entry.place_id)
        digest = _hash(
            f'{previous}{{"account_id":{whose},"action":{quoted(entry.action)},"at":{at},"detail":{quoted(detail)},'
            f'"id":{number},"noun":{quoted(entry.noun)},"place_id":{place},"target":{quoted(target)}}}'
        )
        told = (entry.action, entry.noun, target, entry.place_id)
        rows.append((number, now, account, *told, detail, previous, digest))
        previous = digest
    _ROWS.put(session, rows, places=())


def head(session: GatedSession) -> str:
    """The hash of the newest entry (printed on papers)."""
    last = bulk.run(session, _LAST, places=()).first()
    return last.hash if last else GENESIS


def newest_change(session: GatedSession) -> str:
    """The hash of the newest entry that is not only a look, a file taken or a sign-in; GENESIS where there is none."""
    found = _CHANGED.ask(session, {}, places=())
    return str(found[0][0]) if found else GENESIS


@dataclass(frozen=True)
class Verified:
    """What walking the chain found: entries that follow from each other, the first that does not, the newest hash."""

    held: int
    first_broken: int | None
    head: str


def verify(session: GatedSession) -> Verified:
    """Walk the whole chain; an entry changed, removed or reordered breaks it from there on."""
    previous, held = GENESIS, 0
    columns = [getattr(Audit, name) for name in _COLUMNS]
    for row in session.execute(select(*columns).order_by(Audit.id), execution_options={"yield_per": 1000}):  # type: ignore[arg-type]
        if row.id != held + 1 or row.previous != previous or row.hash != _digest(previous, _entry(row)):
            return Verified(held, row.id, head(session))
        previous, held = row.hash, held + 1
    return Verified(held, None, previous)


def first_broken(session: GatedSession) -> int | None:
    """Id of the first entry that does not follow from the one before it; None while the chain holds."""
    return verify(session).first_broken


def viewed_lately(session: GatedSession, noun: str) -> bool:
    """Whether the actor's view of this list was noted within the last ten minutes."""
    since = datetime.now(UTC) - timedelta(minutes=VIEW_MINUTES)
    query = select(Audit.id).where(
        Audit.account_id == session.scope.actor.account_id,
        Audit.at > since,
        Audit.action == "view",
        Audit.noun == noun,
    )
    return session.scalar(query.limit(1)) is not None


def append_view(session: GatedSession, noun: str, *, place_id: int | None = None) -> bool:
    """Note that the actor saw a list with names: one entry per account, list and ten minutes. Whether one was due."""
    if viewed_lately(session, noun):
        return False
    append(session, "view", noun, place_id=place_id)
    return True
