"""The file a phone exports when it cannot send (`docs/sync.md`, section 3): read, and cut into batches as on the wire."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tdteam.domain.errors import Flaw, Refused
from tdteam.domain.evidence import LARGEST as LARGEST_PHOTO
from tdteam.domain.evidence import is_hash
from tdteam.domain.sync import MOST_RECORDS, Batch, NotABatch, read_batch

FORMAT = "tdteam-unsent"
LARGEST_FILE = 20 * 1024 * 1024
MOST_IN_FILE = 2_000
LONGEST_NAME = 120


@dataclass(frozen=True)
class Unsent:
    """A file of unsent records: whose it says it is, the batches to receive, photos as the file has them (base64)."""

    account_id: int
    name: str
    batches: tuple[Batch, ...]
    photos: Mapping[str, str]

    @property
    def count(self) -> int:
        """Records in the file."""
        return sum(len(batch.records) for batch in self.batches)


class _Float:
    """Stands for a number bodies may not hold, so that only its record is refused."""


def _number(text: str) -> Any:
    return int(text) if len(text) <= 17 and text.lstrip("-").isdecimal() else _Float()


def read_unsent(raw: bytes, now: datetime) -> Unsent:
    """The file. Raises Refused beside `file`: unsent_large, unsent_form, unsent_version, unsent_many, unsent_empty."""
    if len(raw) > LARGEST_FILE:
        raise Refused([Flaw("file", "unsent_large", {"megabytes": LARGEST_FILE >> 20})])
    data = _json(raw)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise Refused([Flaw("file", "unsent_form")])
    if data.get("version") != 1 or isinstance(data.get("version"), bool):
        raise Refused([Flaw("file", "unsent_version")])
    account, records, photos = data.get("account"), data.get("records"), data.get("photos")
    if not isinstance(account, dict) or not isinstance(records, list):
        raise Refused([Flaw("file", "unsent_form")])
    if not records:
        raise Refused([Flaw("file", "unsent_empty")])
    if len(records) > MOST_IN_FILE:
        raise Refused([Flaw("file", "unsent_many", {"most": MOST_IN_FILE})])
    name = account.get("name")
    batches = tuple(_batches(data, account.get("id"), records, now))
    return Unsent(
        batches[0].from_account or 0,
        name.strip()[:LONGEST_NAME] if isinstance(name, str) and name.isprintable() else "",
        batches,
        {key: text for key, text in photos.items() if is_hash(key) and isinstance(text, str)}
        if isinstance(photos, dict)
        else {},
    )


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw, parse_float=_number, parse_int=_number, parse_constant=_number)
    except (ValueError, RecursionError) as error:
        raise Refused([Flaw("file", "unsent_form")]) from error


def _batches(data: Mapping[str, Any], author: object, records: list[Any], now: datetime) -> Iterator[Batch]:
    """What the phone would have sent. Its clock cannot be measured by a file that was carried about: `sent_at` is unsaid."""
    head = {"device_id": data.get("device_id"), "client": data.get("client"), "from_account": author}
    for start in range(0, len(records), MOST_RECORDS):
        try:
            batch = read_batch({**head, "records": records[start : start + MOST_RECORDS]}, now)
        except NotABatch as error:
            raise Refused([Flaw("file", "unsent_form")]) from error
        if batch.from_account is None:
            raise Refused([Flaw("file", "unsent_form")])
        yield batch


def photo_bytes(text: str) -> bytes | None:
    """A photo of the file; None where it is none, or larger than one may be."""
    if len(text) > LARGEST_PHOTO * 4 // 3 + 4:
        return None
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
