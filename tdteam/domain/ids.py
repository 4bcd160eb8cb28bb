"""Record ids: UUIDs as 36-letter text, made on the phone or here. Ours are version 7, so that they sort by time."""

from __future__ import annotations

import os
import time
import uuid


def new_id() -> str:
    """A fresh UUIDv7 (RFC 9562 section 5.7) as text."""
    stamp = time.time_ns() // 1_000_000
    bits = (stamp << 80) | int.from_bytes(os.urandom(10), "big")
    bits = bits & ~(0xF << 76) | (0x7 << 76)
    bits = bits & ~(0x3 << 62) | (0x2 << 62)
    return str(uuid.UUID(int=bits))


def is_id(text: str) -> bool:
    """Whether text is a UUID in its canonical lower-case form."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
