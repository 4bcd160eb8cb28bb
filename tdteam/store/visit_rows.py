"""Versions of visits as rows: written once, ended by the next version or by voiding, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select, update

from tdteam.domain.errors import NotFound
from tdteam.domain.tallies import Counted, deltas_of_visit, household_met
from tdteam.domain.visits import VisitDraft
from tdteam.domain.vocabulary import RecordState
from tdteam.store.assist_rows import drafts_of, insert_assists_of
from tdteam.store.gate import GatedSession
from tdteam.store.prepared import Rows
from tdteam.store.tables import Assist, Visit, VisitMember

_visit: Any = Visit.__table__  # type: ignore[attr-defined]
_member: Any = VisitMember.__table__  # type: ignore[attr-defined]
_COLUMNS = (
    *(
        "id",
        "root_id",
        "version",
        "replaces_id",
        "state",
        "village_id",
        "team_id",
        "household_id",
        "visited_on",
    ),
    *(
        "period",
        "place",
        "contact",
        "minutes",
        "return_on",
        "note",
        "recorded_by",
        "recorded_at",
        "received_at",
    ),
    "ended_why",
)
_ROWS = Rows(_visit, _COLUMNS, "ON CONFLICT DO NOTHING", key=("id",))
_MEMBERS = Rows(_member, ("visit_id", "member_id", "village_id"))


@dataclass(frozen=True)
class Version:
    """Where a version stands in its chain, and who wrote it when."""

    id: str
    root_id: str
    number: int
    replaces_id: str | None
    period: str
    account_id: int | None
    recorded_at: datetime
    received_at: datetime


def insert_visit(session: GatedSession, draft: VisitDraft, version: Version) -> bool:
    """Write the visit's own row; False where one with its id is there already. Its parts follow in `insert_parts`."""
    return bool(insert_visits(session, [(draft, version)]))


def insert_visits(session: GatedSession, visits: Sequence[tuple[VisitDraft, Version]]) -> set[str]:
    """Write the own rows of visits; the ids that were free."""
    rows = [_row(draft, version) for draft, version in sorted(visits, key=lambda pair: pair[1].id)]
    places = {draft.village_id or 0 for draft, _ in visits}
    return {visit_id for (visit_id,) in _ROWS.put_new(session, rows, places=places)}


def _row(draft: VisitDraft, version: Version) -> tuple[Any, ...]:
    """In the order of _COLUMNS."""
    return (
        version.id,
        version.root_id,
        version.number,
        version.replaces_id,
        RecordState.CURRENT.value,
        draft.village_id,
        draft.team_id,
        draft.household_id,
        draft.visited_on,
        version.period,
        draft.place,
        draft.contact,
        draft.minutes,
        draft.return_on,
        draft.note,
        version.account_id,
        version.recorded_at,
        version.received_at,
        "",
    )


def insert_parts(session: GatedSession, draft: VisitDraft, visit_id: str) -> None:
    """Write who helped and what was done."""
    insert_many_parts(session, [(draft, visit_id)])


def insert_many_parts(session: GatedSession, visits: Sequence[tuple[VisitDraft, str]]) -> None:
    """Write who helped and what was done at each visit."""
    places = {draft.village_id or 0 for draft, _ in visits}
    members = [
        (visit_id, member, draft.village_id) for draft, visit_id in visits for member in draft.member_ids
    ]
    _MEMBERS.put(session, members, places=places)
    insert_assists_of(
        session,
        [(draft.assists, draft.village_id or 0, {"visit_id": visit_id}) for draft, visit_id in visits],
    )


def find_visit(session: GatedSession, visit_id: str) -> Visit | None:
    """A version of a visit by its own id."""
    return session.exec(
        select(Visit).where(Visit.id == visit_id).execution_options(populate_existing=True)
    ).first()


def newest_version(session: GatedSession, visit_id: str) -> Visit:
    """The newest version of the visit any of whose versions bears the id; NotFound outside the scope."""
    row = find_visit(session, visit_id)
    if row is None:
        raise NotFound
    newest = session.exec(
        select(Visit)
        .where(Visit.root_id == row.root_id)
        .order_by(col(Visit.version).desc())
        .execution_options(populate_existing=True)
    ).first()
    return newest or row


def list_versions(session: GatedSession, root_id: str) -> Sequence[Visit]:
    """All versions of a visit, newest first."""
    return session.exec(
        select(Visit).where(Visit.root_id == root_id).order_by(col(Visit.version).desc())
    ).all()


def end_version(
    session: GatedSession, visit: Visit, state: RecordState, account_id: int | None, why: str = ""
) -> bool:
    """End a version if it still is the current one; False where somebody else was faster."""
    ended = session.exec(
        update(Visit)
        .where(col(Visit.id) == visit.id, col(Visit.state) == RecordState.CURRENT)
        .values(state=state, ended_at=datetime.now(UTC), ended_by=account_id, ended_why=why)
        .execution_options(synchronize_session=False)
    )
    return bool(ended.rowcount)


def draft_of(session: GatedSession, visit: Visit) -> VisitDraft:
    """A version as the draft it came from (filings by id only)."""
    members = session.exec(select(VisitMember.member_id).where(VisitMember.visit_id == visit.id))
    assists = session.exec(select(Assist).where(Assist.visit_id == visit.id).order_by(col(Assist.id)))
    return VisitDraft(
        id=visit.id,
        village_id=visit.village_id,
        team_id=visit.team_id,
        member_ids=tuple(sorted(members)),
        household_id=visit.household_id,
        visited_on=visit.visited_on,
        place=visit.place,
        contact=visit.contact,
        minutes=visit.minutes,
        return_on=visit.return_on,
        note=visit.note,
        assists=drafts_of(assists),
    )


def counted_of(draft: VisitDraft, period: str, received_at: datetime | None = None) -> Counted:
    """What a visit adds to the figures of a period."""
    return Counted(
        village_id=draft.village_id or 0,
        team_id=draft.team_id or 0,
        period=period,
        deltas=deltas_of_visit(draft),
        household_id=household_met(draft),
        worked_on=draft.visited_on,
        received_at=received_at,
    )
