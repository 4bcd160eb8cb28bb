"""What villages have: culture house, public wifi, mobile signal, fibre; each line with source and day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime

from sqlmodel import col, select

from tdteam.domain.sponsors import GroundDraft
from tdteam.store.gate import GatedSession
from tdteam.store.tables import VillageGround

FIELDS = ("has_house", "has_wifi", "signal", "has_fibre", "note")


def read_grounds(session: GatedSession, village_ids: Collection[int]) -> dict[int, VillageGround]:
    """The lines of some villages, held until the transaction ends where one writes."""
    query = select(VillageGround).where(col(VillageGround.village_id).in_(list(village_ids)))
    rows = session.exec(query.with_for_update() if session.is_writing else query)
    return {row.village_id: row for row in rows}


def draft_of(row: VillageGround) -> GroundDraft:
    """A line as the draft it came from."""
    return GroundDraft(
        row.village_id, base_version=row.version, **{name: getattr(row, name) for name in FIELDS}
    )


def write_ground(
    session: GatedSession, draft: GroundDraft, row: VillageGround | None, source: str, as_of: date
) -> None:
    """Write a village's line down."""
    now = datetime.now(UTC)
    if row is None:
        row = VillageGround(village_id=draft.village_id, changed_at=now, version=0)
    for name in FIELDS:
        setattr(row, name, getattr(draft, name))
    row.source, row.as_of = source, as_of
    row.version, row.changed_at = row.version + 1, now
    row.changed_by = session.scope.actor.account_id
    session.add(row)
    session.flush()
