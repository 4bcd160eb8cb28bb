"""Bodies as the inbox keeps them: what may not be kept is blotted out of their texts, ids and hashes stay."""

from __future__ import annotations

import re
from typing import Any

from tdteam.domain.privacy import mask

_FOUR_DIGITS = re.compile(r"(?:[0-9][^0-9]*){4}")
_HARMLESS = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}|[0-9]{4}-[0-9]{2}-[0-9]{2}"
)
_SURELY_CLEAN = re.compile(  # all strings in a JSON text: fewer than four digits, or an id, a hash, a day
    rf'(?:[^"]*+"(?:[^"0-9]*+(?:[0-9][^"0-9]*+){{0,3}}+"|(?:{_HARMLESS.pattern})"))*+[^"]*+'
)


def masked(value: Any) -> Any:
    """A body with what may not be kept blotted out of its texts; keys, ids and hashes stay. The value itself where clean."""
    if isinstance(value, str):
        return mask(value) if _may_hold(value) else value
    if isinstance(value, list):
        clean = list(enumerate(value))
    elif isinstance(value, dict):
        clean = list(value.items())
    else:
        return value
    changed = {}
    for key, inner in clean:
        if isinstance(inner, str | list | dict) and (kept := masked(inner)) is not inner:
            changed[key] = kept
    if not changed:
        return value
    if isinstance(value, list):
        return [changed.get(place, inner) for place, inner in clean]
    return {**value, **changed}


def is_surely_clean(text: str) -> bool:
    """Whether `masked` would change nothing in a body, told from its canonical text alone. False says nothing."""
    if "\\" in text or not (text.isascii() or not any(c.isdigit() for c in set(text) if c > "\x7f")):
        return False
    return _SURELY_CLEAN.fullmatch(text) is not None


def _may_hold(text: str) -> bool:
    """Whether a text has the four digits that anything forbidden needs, and is no id, no hash and no day."""
    if len(text) < 4 or text.isalpha():
        return False
    if text.isascii():
        if _FOUR_DIGITS.search(text) is None:
            return False
    elif sum(map(str.isdigit, text)) < 4:
        return False
    return _HARMLESS.fullmatch(text) is None
