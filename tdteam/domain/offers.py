"""What a phone offers after a restore: the id and hash of every record it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tdteam.domain.evidence import is_hash
from tdteam.domain.ids import is_id

MOST_PAIRS = 500
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True)
class Offer:
    """Whose phone, and the records it holds as (id, hash)."""

    device_id: str
    pairs: tuple[tuple[str, str], ...]


class NotAnOffer(ValueError):
    """The body is none of ours; the code says how (`shape`, `too_many`)."""


def read_offer(data: Any) -> Offer:
    """A request's JSON as an offer. Raises NotAnOffer."""
    if not isinstance(data, dict) or not isinstance(data.get("pairs"), list):
        raise NotAnOffer("shape")
    device = data.get("device_id")
    if not isinstance(device, str) or not _NAME.fullmatch(device):
        raise NotAnOffer("shape")
    if len(data["pairs"]) > MOST_PAIRS:
        raise NotAnOffer("too_many")
    return Offer(device, tuple(dict.fromkeys(_pair(item) for item in data["pairs"])))


def _pair(item: Any) -> tuple[str, str]:
    if not isinstance(item, list) or len(item) != 2:
        raise NotAnOffer("shape")
    record_id, sha256 = item
    if not isinstance(record_id, str) or not is_id(record_id.lower()) or not is_hash(sha256):
        raise NotAnOffer("shape")
    return record_id.lower(), sha256
