"""Records on the wire (`docs/sync.md`): the envelope, its hash, the phone's clock. Nothing here knows what a body means."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeGuard

from tdteam.domain.ids import is_id
from tdteam.domain.periods import VIETNAM

SCHEMA = 1
OLDEST_SCHEMA = max(1, SCHEMA - 2)
MIN_CLIENT = 1
MOST_RECORDS = 50
LARGEST_BATCH = 256 * 1024
MOST_MISSING = 100
FARTHEST_CLOCK = timedelta(hours=48)
_LARGEST = 2**31 - 1
_FARTHEST_MS = 2**53
_HASH = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RecordKind(StrEnum):
    VISIT = "visit"
    GATHERING = "gathering"
    HOUSEHOLD = "household"
    RESIDENT = "resident"
    FILING = "filing"
    CONFIRMATION = "confirmation"
    PROPOSAL = "proposal"
    UNKNOWN = "unknown"  # a kind this server does not know yet: kept, refused


_KINDS = frozenset(RecordKind)


class Verdict(StrEnum):
    """What the server says of a record; `duplicate` and `unreceived` are never stored."""

    ACCEPTED = "accepted"
    LATE = "late"
    CONFLICT = "conflict"
    HELD = "held"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
    UNRECEIVED = "unreceived"


class Doubt(StrEnum):
    """Why an accepted record is to be looked at."""

    CLOCK = "clock"  # the phone's clock was more than 48 hours off
    FUTURE = "future"  # its day was still to come


@dataclass(frozen=True)
class Envelope:
    """A record as sent, shape checked, body not looked into. `code` says why it cannot be received, or ""."""

    id: str
    sha256: str
    seq: int
    kind: str
    schema: int
    base_version: int | None
    recorded_at: str
    clock_offset: int | None
    body: Any
    canonical: str = field(repr=False, default="")
    code: str = ""


@dataclass(frozen=True)
class Batch:
    """A request's records and who says so. `measured`: milliseconds the phone's clock is behind ours, None where unsaid."""

    device_id: str
    client: str
    measured: int | None
    from_account: int | None
    records: tuple[Envelope, ...]


class NotABatch(ValueError):
    """The body of the request is none of ours; the code says how (`shape`, `too_many`)."""


def canonical(value: Any) -> str:
    """JSON as RFC 8785 has it, for strings, whole numbers, booleans, null, lists and objects; ValueError for the rest.

    Keys are sorted by UTF-16 code units, as JavaScript compares them (for ASCII keys that is any order by letters).
    """
    if _check_plain(value, 0):
        return _ENCODER.encode(value)
    return _canon(value)


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False)


def _canon(value: Any) -> str:
    if isinstance(value, dict):
        keys = sorted(value, key=_utf16)
        return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{_canon(value[k])}" for k in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_canon, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")


def _is_small(value: Any) -> bool:
    """Whether there is nothing to check: most of what a body holds."""
    kind = type(value)
    return (
        value is None
        or (kind is str and value.isascii())
        or (kind is int and -_FARTHEST_MS < value < _FARTHEST_MS)
    )


def _check_plain(value: Any, depth: int) -> bool:
    """Whether all keys are ASCII; ValueError for what a body may not hold."""
    kind, plain = type(value), True
    if kind is str:
        if not value.isascii():
            value.encode()  # half a surrogate pair has no bytes, so no hash
        return True
    if depth > 12:
        raise ValueError("deep")
    if kind is dict:
        plain = all(map(str.isascii, value))
        value = value.values()  # every one is checked, whatever the keys are
    if kind is dict or kind is list:
        for inner in value:
            if not _is_small(inner):
                plain &= _check_plain(inner, depth + 1)
        return plain
    if kind is int and abs(value) >= _FARTHEST_MS:
        raise ValueError("number")
    if kind not in (int, bool, type(None)):
        raise ValueError("number")
    return True


def read_batch(data: Any, now: datetime) -> Batch:
    """A request's JSON as a batch. Raises NotABatch; single records that cannot be received carry their code."""
    if not isinstance(data, dict) or not isinstance(data.get("records"), list):
        raise NotABatch("shape")
    if len(data["records"]) > MOST_RECORDS:
        raise NotABatch("too_many")
    device, client = data.get("device_id"), data.get("client", "")
    if not isinstance(device, str) or not _NAME.fullmatch(device):
        raise NotABatch("shape")
    if not isinstance(client, str) or len(client) > 20 or not client.isprintable():
        raise NotABatch("shape")
    author = data.get("from_account")
    author = author if _is_number(author) and 0 < author <= _LARGEST else None
    records = tuple(read_envelope(item) for item in data["records"])
    return Batch(device, client, _measure(data.get("sent_at"), now), author, records)


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def read_envelope(item: Any) -> Envelope:
    """One record of a batch. Raises NotABatch where it has no id, number or hash to answer with."""
    if not isinstance(item, dict):
        raise NotABatch("shape")
    record_id, sha256, seq = item.get("id"), item.get("sha256"), item.get("seq")
    if not isinstance(record_id, str) or not is_id(record_id.lower()):
        raise NotABatch("shape")
    if not isinstance(sha256, str) or not _HASH.fullmatch(sha256):
        raise NotABatch("shape")
    if not _is_number(seq) or not 1 <= seq <= _LARGEST:
        raise NotABatch("shape")
    kind, schema, base = item.get("kind"), item.get("schema"), item.get("base_version")
    recorded_at, offset = item.get("recorded_at"), item.get("clock_offset")
    body, code, text = item.get("body"), "", ""
    try:
        text = canonical(body)
    except (ValueError, RecursionError, TypeError):
        code = "hash_mismatch"
    if not code and hashlib.sha256(text.encode()).hexdigest() != sha256:
        code = "hash_mismatch"
    return Envelope(
        id=record_id.lower(),
        sha256=sha256,
        seq=seq,
        kind=kind if isinstance(kind, str) and kind in _KINDS else RecordKind.UNKNOWN,
        schema=schema if _is_number(schema) and 0 <= schema <= _LARGEST else 0,
        base_version=base if _is_number(base) and 0 <= base <= _LARGEST else None,
        recorded_at=recorded_at[:40] if isinstance(recorded_at, str) and recorded_at.isprintable() else "",
        clock_offset=offset if _is_number(offset) and abs(offset) < _FARTHEST_MS else None,
        body=body,
        canonical=text,
        code=code,
    )


def _measure(sent_at: object, now: datetime) -> int | None:
    moment = read_moment(sent_at)
    return round((now - moment).total_seconds() * 1000) if moment else None


def read_moment(text: object) -> datetime | None:
    """A moment with its offset, None for anything else."""
    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


@dataclass(frozen=True)
class Timing:
    """When a record was really made: its moment by our clock, days to add to what the phone took for the day, a doubt."""

    recorded_at: datetime
    shift: timedelta
    doubt: Doubt | None


def time_of(envelope: Envelope, measured: int | None, now: datetime) -> Timing:
    """A record's timing. A phone that says nothing of its clock is believed, but never about the future."""
    written = read_moment(envelope.recorded_at)
    if written is None or measured is None:
        return Timing(min(written or now, now), timedelta(0), None)
    believed = timedelta(milliseconds=envelope.clock_offset or 0)
    real = timedelta(milliseconds=measured)
    try:
        made, thought = written + real, written + believed
        shift = made.astimezone(VIETNAM).date() - thought.astimezone(VIETNAM).date()
    except (OverflowError, ValueError):
        return Timing(now, timedelta(0), Doubt.CLOCK)
    doubt = Doubt.CLOCK if abs(real - believed) > FARTHEST_CLOCK else None
    return Timing(min(made, now), shift, doubt)


def shifted(day: date, shift: timedelta, today: date) -> tuple[date, Doubt | None]:
    """A day the phone meant, by our clock; one still to come becomes today, with a doubt."""
    try:
        moved = day + shift
    except OverflowError:
        return today, Doubt.CLOCK
    return (today, Doubt.FUTURE) if moved > today else (moved, None)


def gaps(through: int, highest: int, seen: Iterable[int]) -> tuple[int, list[int]]:
    """How far all numbers have come, and those below `highest` that never did (MOST_MISSING at most)."""
    here = set(seen)
    while through + 1 in here:
        through += 1
    missing: list[int] = []
    for number in range(through + 1, highest):
        if number not in here:
            missing.append(number)
            if len(missing) == MOST_MISSING:
                break
    return through, missing
