"""A file of unsent records, delivered at the desk: batch by batch as a phone would have sent it, each committed by itself.

What was delivered once is a duplicate the second time, so a file that broke off half way is simply brought again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app

from tdteam.actions import keep_evidence
from tdteam.actions.open_batch import open_batch
from tdteam.actions.receive_records import Result, receive
from tdteam.domain.errors import Refused, Unavailable
from tdteam.domain.sync import Batch, Verdict
from tdteam.domain.unsent import Unsent, photo_bytes, read_unsent
from tdteam.store import evidence
from tdteam.store.gate import open_session
from tdteam.web.gate import Visitor, engine

TRIES = 3


@dataclass(frozen=True)
class Delivered:
    """What became of a file: records by state, those refused, photos kept, known before, and not usable."""

    file: Unsent
    states: Counter[str]
    refused: list[Result]
    photos_kept: int
    photos_known: int
    photos_bad: int


def deliver(who: Visitor, raw: bytes) -> Delivered:
    """Receive a file in the deliverer's scope. Raises Refused where it is no such file; Unavailable."""
    now = datetime.now(UTC)
    file = read_unsent(raw, now)
    results = [result for batch in file.batches for result in _receive(who, batch, now)]
    kept, known, bad = _keep_photos(who, file)
    return Delivered(
        file,
        Counter(str(result.outcome.state) for result in results),
        [one for one in results if one.outcome.state in (Verdict.REFUSED, Verdict.UNRECEIVED)],
        kept,
        known,
        bad,
    )


def _receive(who: Visitor, batch: Batch, now: datetime) -> list[Result]:
    opened = open_batch(batch, now)
    for attempt in range(TRIES):
        try:
            with open_session(engine(), who.scope, write=True) as writing:
                results, _missing = receive(writing, opened, who.actor)
                writing.commit()
            return results
        except Unavailable:
            if attempt + 1 == TRIES or engine().dialect.name == "sqlite":
                raise
    raise Unavailable


def _keep_photos(who: Visitor, file: Unsent) -> tuple[int, int, int]:
    """Photos that records of the file name; the others are left in it."""
    instance = Path(current_app.config["TDTEAM"].instance)
    named = dict.fromkeys(
        sha256
        for batch in file.batches
        for record in batch.records
        if isinstance(record.body, dict)
        for sha256 in evidence.named_in(record.body.get("photos"))
    )
    kept = known = bad = 0
    for sha256 in named:
        if sha256 not in file.photos:
            continue
        with open_session(engine(), who.scope) as looking:
            if evidence.is_settled(looking, instance, sha256):
                known += 1
                continue
        body = photo_bytes(file.photos[sha256])
        if body is None or not _keep(who, instance, sha256, body):
            bad += 1
        else:
            kept += 1
    return kept, known, bad


def _keep(who: Visitor, instance: Path, sha256: str, body: bytes) -> bool:
    """File first, then the row, committed; False where it is no photo, or not the one named."""
    try:
        picture = keep_evidence.draw_checked(sha256, body)
    except Refused:
        return False
    stored = keep_evidence.keep_file(instance, picture)
    with open_session(engine(), who.scope, write=True) as writing:
        keep_evidence.note_evidence(writing, instance, sha256, body, picture, stored)
        writing.commit()
    return True
