"""Answers what a phone offers after a restore: the records that are not here, and the photos of those that are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tdteam.domain.offers import Offer
from tdteam.store import evidence, inbox, settings
from tdteam.store.gate import GatedSession


@dataclass(frozen=True)
class Answer:
    """The epoch to keep, ids of records to send again, hashes of photos to send again."""

    epoch: str
    lacking: list[str]
    photos: list[str]


def answer_offer(session: GatedSession, offer: Offer, instance: Path) -> Answer:
    """A record is here when its very content is, whoever delivered it. Of the account's own that are here, the photos they
    name must be too: as the record's row says, or its body where it waits for the commune."""
    lacking = set(inbox.lacking(session, offer.pairs))
    here = [record_id for record_id, _sha256 in offer.pairs if record_id not in lacking]
    named = evidence.named_by(session, session.scope.actor.account_id or 0, here)
    photos = evidence.lacking(session, sorted(named), instance)
    return Answer(settings.epoch(session), sorted(lacking), photos)
