"""Versions of gatherings as rows, like those of visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select, update

from tdteam.domain.errors import NotFound
from tdteam.domain.gatherings import GatheringDraft
from tdteam.domain.tallies import Counted, deltas_of_gathering
from tdteam.domain.vocabulary import RecordState
from tdteam.store import bulk
from tdteam.store.assist_rows import drafts_of, insert_assists
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Assist, Gathering, GatheringHousehold
from tdteam.store.visit_rows import Version

_gathering: Any = Gathering.__table__  # type: ignore[attr-defined]
_household: Any = GatheringHousehold.__table__  # type: ignore[attr-defined]


def insert_gathering(session: GatedSession, draft: GatheringDraft, version: Version) -> bool:
    """Write a gathering with its households and assists; False where one with its id is there already."""
    village = draft.village_id or 0
    row = {
        "id": version.id,
        "root_id": version.root_id,
        "version": version.number,
        "replaces_id": version.replaces_id,
        "state": RecordState.CURRENT,
        "village_id": village,
        "team_id": draft.team_id,
        "held_on": draft.held_on,
        "period": version.period,
        "place": draft.place,
        "topic": draft.topic,
        "attended": draft.attended,
        "women": draft.women,
        "youth": draft.youth,
        "elders": draft.elders,
        "note": draft.note,
        "recorded_by": version.account_id,
        "recorded_at": version.recorded_at,
        "received_at": version.received_at,
        "ended_why": "",
    }
    statement = bulk.insert(session, _gathering).on_conflict_do_nothing().returning(_gathering.c.id)
    if bulk.run(session, statement, row, places=(village,)).first() is None:
        return False
    present = [
        {"gathering_id": version.id, "household_id": household, "village_id": village}
        for household in draft.household_ids
    ]
    bulk.insert_rows(session, _household, present, places=(village,))
    insert_assists(session, draft.assists, village_id=village, gathering_id=version.id)
    return True


def find_gathering(session: GatedSession, gathering_id: str) -> Gathering | None:
    """A version of a gathering by its own id."""
    return session.exec(
        select(Gathering).where(Gathering.id == gathering_id).execution_options(populate_existing=True)
    ).first()


def newest_version(session: GatedSession, gathering_id: str) -> Gathering:
    """The newest version of the gathering any of whose versions bears the id; NotFound outside the scope."""
    row = find_gathering(session, gathering_id)
    if row is None:
        raise NotFound
    return list_versions(session, row.root_id)[0]


def list_versions(session: GatedSession, root_id: str) -> Sequence[Gathering]:
    """All versions of a gathering, newest first."""
    return session.exec(
        select(Gathering)
        .where(Gathering.root_id == root_id)
        .order_by(col(Gathering.version).desc())
        .execution_options(populate_existing=True)
    ).all()


def end_version(
    session: GatedSession, gathering: Gathering, state: RecordState, account_id: int | None, why: str = ""
) -> bool:
    """End a version if it still is the current one; False where somebody else was faster."""
    ended = session.exec(
        update(Gathering)
        .where(col(Gathering.id) == gathering.id, col(Gathering.state) == RecordState.CURRENT)
        .values(state=state, ended_at=datetime.now(UTC), ended_by=account_id, ended_why=why)
        .execution_options(synchronize_session=False)
    )
    return bool(ended.rowcount)


def draft_of(session: GatedSession, gathering: Gathering) -> GatheringDraft:
    """A version as the draft it came from."""
    present = select(GatheringHousehold.household_id).where(GatheringHousehold.gathering_id == gathering.id)
    assists = session.exec(select(Assist).where(Assist.gathering_id == gathering.id).order_by(col(Assist.id)))
    return GatheringDraft(
        id=gathering.id,
        village_id=gathering.village_id,
        team_id=gathering.team_id,
        held_on=gathering.held_on,
        place=gathering.place,
        topic=gathering.topic,
        attended=gathering.attended,
        women=gathering.women,
        youth=gathering.youth,
        elders=gathering.elders,
        household_ids=tuple(sorted(session.exec(present))),
        note=gathering.note,
        assists=drafts_of(assists),
    )


def counted_of(draft: GatheringDraft, period: str, received_at: datetime | None = None) -> Counted:
    """What a gathering adds to the figures of a period."""
    return Counted(
        village_id=draft.village_id or 0,
        team_id=draft.team_id or 0,
        period=period,
        deltas=deltas_of_gathering(draft),
        worked_on=draft.held_on,
        received_at=received_at,
    )
