"""Edits from phones merge field by field: what stands as the phone saw it is set; anything else keeps both values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Merged:
    """`values`: fields to set. `clash`: field -> {"base", "sent", "stored"}, where another value came in between."""

    values: dict[str, Any] = field(default_factory=dict)
    clash: dict[str, dict[str, Any]] = field(default_factory=dict)


def merge(stored: Mapping[str, Any], base: Mapping[str, Any], sent: Mapping[str, Any]) -> Merged:
    """Merge an edit. `base` is what the phone saw of the fields it sends; a field it says nothing of counts as seen empty."""
    merged = Merged()
    for name, value in sent.items():
        now, seen = stored.get(name), base.get(name)
        if _same(now, value):
            continue
        if _same(now, seen):
            merged.values[name] = value
        else:
            merged.clash[name] = {"base": seen, "sent": value, "stored": now}
    return merged


def together(
    merged: Merged, stored: Mapping[str, Any], base: Mapping[str, Any], names: Collection[str]
) -> Merged:
    """The same, where some fields are one word: if one of them clashes, the others sent wait beside it, and none is set."""
    if not any(name in merged.clash for name in names):
        return merged
    waiting = {
        name: {"base": base.get(name), "sent": value, "stored": stored.get(name)}
        for name, value in merged.values.items()
        if name in names
    }
    values = {name: value for name, value in merged.values.items() if name not in names}
    return Merged(values, {**merged.clash, **waiting})


def _same(one: Any, other: Any) -> bool:
    """Nothing, an empty text and an empty list are alike; true is not 1."""
    if (
        one in (None, "", [])
        and other in (None, "", [])
        and not isinstance(one, bool)
        and not isinstance(other, bool)
    ):
        return True
    return type(one) is type(other) and bool(one == other)
