"""Record ids: UUIDs as 36-letter text, made on the phone or here. Ours are version 7, so that they sort by time."""

from __future__ import annotations

import os
import re
import time
import uuid

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def new_id() -> str:
    """A fresh UUIDv7 (RFC 9562 section 5.7) as text."""
    stamp = time.time_ns() // 1_000_000
    bits = (stamp << 80) | int.from_bytes(os.urandom(10), "big")
    bits = bits & ~(0xF << 76) | (0x7 << 76)
    bits = bits & ~(0x3 << 62) | (0x2 << 62)
    return str(uuid.UUID(int=bits))


def new_ids(count: int) -> list[str]:
    """Many fresh UUIDv7, in ascending order: those of one millisecond count up (RFC 9562 section 6.2)."""
    stamp = f"{time.time_ns() // 1_000_000:012x}"
    drawn = os.urandom(7 * count).hex()
    out = []
    for number in range(count):
        own = drawn[14 * number : 14 * number + 14]
        # 18 bits count, so that the ids of a batch stand in the order of its rows; 56 bits are drawn.
        out.append(
            f"{stamp[:8]}-{stamp[8:]}-7{number >> 6 & 0xFFF:03x}-{0x80 | number & 0x3F:02x}{own[:2]}-{own[2:]}"
        )
    return out


def is_id(text: str) -> bool:
    """Whether text is a UUID in its canonical lower-case form."""
    return _ID.fullmatch(text) is not None
