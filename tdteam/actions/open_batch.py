"""A batch of records read through before its turn to write comes: all that needs no database."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tdteam.actions.record_visits import Sent, read_sent
from tdteam.domain.masking import is_surely_clean, masked
from tdteam.domain.periods import today
from tdteam.domain.sync import (
    OLDEST_SCHEMA,
    SCHEMA,
    Batch,
    Envelope,
    RecordKind,
    canonical,
    time_of,
)

SATISFACTION = "satisfaction"
_LARGEST = 2**31 - 1
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Opened:
    """A batch with all done to it that needs no database. On SQLite one writes at a time: this is done before, while
    others write. `kept`: the bodies as the inbox keeps them; `visits`: by place, those that may go together."""

    batch: Batch
    now: datetime
    villages: tuple[int | None, ...]
    kept: tuple[str, ...]
    visits: Mapping[int, Sent]


def open_batch(batch: Batch, now: datetime) -> Opened:
    """Read all there is to read of a batch without looking into the database."""
    day, visits = today(), {}
    for place, record in enumerate(batch.records):
        if _is_new_visit(record):
            try:
                visits[place] = read_sent(record.id, record.body, time_of(record, batch.measured, now), day)
            except Exception:  # a fault of ours: judged alone it is refused and kept, and blocks no other
                _log.exception("a visit could not be read")
    return Opened(
        batch,
        now,
        tuple([village_of(record) for record in batch.records]),
        tuple(["" if record.code else kept_body(record) for record in batch.records]),
        visits,
    )


def village_of(record: Envelope) -> int | None:
    """The village a record says it is about."""
    value: object = record.body.get("village_id") if isinstance(record.body, dict) else None
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 < value <= _LARGEST else None


def _is_new_visit(record: Envelope) -> bool:
    """Whether a record is a visit that corrects and voids nothing."""
    return (
        not record.code
        and record.kind == RecordKind.VISIT
        and record.base_version is None
        and OLDEST_SCHEMA <= record.schema <= SCHEMA
        and isinstance(record.body, dict)
        and not ("corrects" in record.body or "voids" in record.body)
    )


def kept_body(record: Envelope) -> str:
    """What the inbox keeps of a body: texts masked, the score taken out (it is counted, and nobody's)."""
    body = record.body
    if isinstance(body, dict) and SATISFACTION in body:
        body = {name: value for name, value in body.items() if name != SATISFACTION}
    elif is_surely_clean(record.canonical):
        return record.canonical
    clean = masked(body)
    return record.canonical if clean is record.body else canonical(clean).replace("\\u0000", "")
