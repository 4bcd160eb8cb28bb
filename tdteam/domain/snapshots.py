"""Snapshots: a report's figures as canonical JSON (RFC 8785), and back to the very same values.

What is sealed is text, so that a stranger can hash it and later code can read it: keys sorted, no blanks, integers
only (a decimal is written as a string), days as ISO dates. A key that later code does not know is passed over; one
that an older snapshot lacks takes the field's default.
"""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from tdteam.domain.report_facts import FigureChange, ReportFacts
from tdteam.domain.report_settings import PaperReference
from tdteam.domain.report_spans import ReportSpan

SCHEMA = 1
T = TypeVar("T")


def canonical(value: Any) -> str:
    """JSON with sorted keys and no blanks: RFC 8785 for strings, integers, booleans, lists and objects.

    Raises TypeError for a float: it has no one form that every reader computes alike.
    """
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a float has no canonical form here")
    if isinstance(value, Mapping):
        for inner in value.values():
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)


def sha256_of(text: str) -> str:
    """SHA-256 of a text's UTF-8 bytes, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def to_json(value: Any) -> Any:
    """A frozen value as what JSON holds."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: to_json(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple | list):
        return [to_json(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): to_json(one) for key, one in value.items()}
    return value


def from_json(cls: type[T], body: Any) -> T:
    """The value of a type that `to_json` wrote. Raises ValueError or TypeError for what it did not write."""
    made = _read(cls, body)
    assert isinstance(made, cls)
    return made


def _read(kind: Any, body: Any) -> Any:
    if is_dataclass(kind):
        return _read_dataclass(kind, body)
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _read_union(get_args(kind), body)
    if origin is tuple:
        inner = get_args(kind)
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_read(inner[0], one) for one in body)
        return tuple(_read(one, part) for one, part in zip(inner, body, strict=True))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(body)
    if kind is date:
        return date.fromisoformat(body)
    if kind is Decimal:
        return Decimal(body)
    return body


def _read_union(kinds: tuple[Any, ...], body: Any) -> Any:
    """Which of several: None, a dataclass by its keys, else by the JSON value's own type."""
    if body is None:
        return None
    if isinstance(body, dict):
        for kind in kinds:
            if is_dataclass(kind) and {one.name for one in fields(kind)} >= body.keys():
                return _read_dataclass(kind, body)
        raise ValueError(f"no shape for {sorted(body)}")
    simple = [kind for kind in kinds if not is_dataclass(kind) and kind is not type(None)]
    if isinstance(body, str):
        rich = [kind for kind in simple if kind is not str and kind is not int]
        return _read(rich[0], body) if rich and str not in simple else body
    return body


def _read_dataclass(kind: Any, body: Mapping[str, Any]) -> Any:
    hints = _hints(kind)
    values = {}
    for one in fields(kind):
        if one.name in body:
            values[one.name] = _read(hints[one.name], body[one.name])
        elif one.default is MISSING and one.default_factory is MISSING:
            raise ValueError(f"{kind.__name__} lacks {one.name}")
    return kind(**values)


@lru_cache(maxsize=64)
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


@dataclass(frozen=True)
class Replaced:
    """The issued paper a snapshot replaces, why, and its seal."""

    reference: PaperReference
    why: str
    sha256: str


@dataclass(frozen=True)
class Counted:
    """What a seal counted: how many visits, gatherings and filings, and the SHA-256 of the list of their versions."""

    visits: int
    gatherings: int
    filings: int
    sha256: str


@dataclass(frozen=True)
class Snapshot:
    """A sealed set of figures. Without wording: words, signer, number and day belong to the paper (`PaperWords`).

    `place_code` is the unit's official code that day; `audit_head` the hash of the newest audit entry before the
    seal's own; `address` is TDTEAM_PUBLIC_URL as it was, so that an old code still leads somewhere.
    """

    code: str
    version: int
    place_id: int
    place_name: str
    place_code: str
    span: ReportSpan
    span_code: str
    facts: ReportFacts
    sealed_at: str  # ISO 8601, UTC
    audit_head: str
    address: str
    counted: Counted
    replaces: Replaced | None = None
    changes: tuple[FigureChange, ...] = ()
    demo: bool = False
    schema: int = SCHEMA
    parts: tuple[str, ...] = field(default=())  # of a consolidated report: the seals (SHA-256) it adds up

    def text(self) -> str:
        """The canonical JSON that is hashed and kept."""
        return canonical(to_json(self))


@lru_cache(maxsize=16)
def snapshot_from(text: str) -> Snapshot:
    """A snapshot from its kept text (the same text is read once: a page and its papers ask several times)."""
    return from_json(Snapshot, json.loads(text))
