"""What an import reads and writes: the units a roster may name, the households and members there are, many rows at once.

Every row an import adds or changes leaves an `upload_change` with what stood there before, so that it can be undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from tdteam.domain.ids import new_id
from tdteam.domain.people import SubjectKind
from tdteam.domain.places import Level
from tdteam.domain.rosters.plans import Change, StoredHousehold, StoredMember
from tdteam.domain.rosters.rows import HouseholdRow
from tdteam.domain.rosters.villages import Communes, KnownCommune, KnownVillage, Villages
from tdteam.domain.rosters.words import RosterWords
from tdteam.domain.vietnamese import name_key
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.places import holds_on, ids_inside
from tdteam.store.tables import (
    Household,
    Member,
    Membership,
    Place,
    PlaceAlias,
    PlaceParent,
    Team,
    TeamVillage,
    Training,
    UploadChange,
)

CHUNK = 2_000


def read_communes(session: GatedSession, words: RosterWords) -> Communes:
    """The communes a title may name: those the scope reaches, old ones included."""
    rows = session.exec(select(Place.id, Place.name, Place.until).where(Place.level == Level.COMMUNE)).all()
    known = [KnownCommune(place_id or 0, name, until is None) for place_id, name, until in rows]
    aliases = session.exec(select(PlaceAlias.name, PlaceAlias.place_id)).all()
    return Communes(known, words, aliases)


def read_villages(
    session: GatedSession, communes: Communes, words: RosterWords, inside: int | None, on: Any
) -> Villages:
    """The villages a row may name: those inside the scope, or inside one place of it."""
    commune = Place.__table__.alias("present")  # type: ignore[attr-defined]
    query = (
        select(Place.id, Place.name, Place.origin_id, commune.c.id)
        .join(PlaceParent, col(PlaceParent.place_id) == Place.id)
        .join(commune, commune.c.id == PlaceParent.parent_id)
        .where(
            Place.level == Level.VILLAGE,
            commune.c.level == Level.COMMUNE,
            holds_on(PlaceParent, on),
            holds_on(Place, on),
        )
    )
    if inside is not None:
        query = query.where(col(Place.id).in_(ids_inside(inside, on)))
    known = [
        KnownVillage(village_id or 0, name, origin_id or present, present)
        for village_id, name, origin_id, present in session.exec(query)
        if session.permits(village_id or 0)
    ]
    aliases = session.exec(select(PlaceAlias.name, PlaceAlias.place_id)).all()
    return Villages(known, communes, words, aliases)


def list_stored_households(session: GatedSession, village_ids: Iterable[int]) -> list[StoredHousehold]:
    """The households of some villages, as far as a roster can change them; ended ones are past."""
    columns: tuple[Any, ...] = (
        Household.id,
        Household.village_id,
        Household.head,
        Household.head_fold,
        Household.birth_year,
        Household.people,
        Household.adults,
        Household.eid2,
        Household.poverty,
        Household.smartphone,
        Household.phone,
        Household.note,
        Household.kind,
    )
    wanted = sorted(set(village_ids))
    out = []
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        query = (
            select(*columns)
            .where(col(Household.village_id).in_(part), col(Household.ended_on).is_(None))
            .order_by(Household.created_at, Household.id)
        )
        out += [StoredHousehold(*row) for row in session.exec(query)]
    return out


def add_households(session: GatedSession, rows: Sequence[HouseholdRow], upload_id: int | None) -> None:
    """Many new households at once."""
    now = datetime.now(UTC)
    places = {row.village_id for row in rows}
    for start in range(0, len(rows), CHUNK):
        values = [
            {
                "id": new_id(),
                "village_id": row.village_id,
                "kind": row.kind or SubjectKind.HOUSEHOLD,
                "head": row.head,
                "head_fold": row.folded,
                "head_sort": name_key(row.head),
                "birth_year": row.birth_year,
                "people": row.people,
                "adults": row.adults,
                "eid2": row.eid2,
                "poverty": row.poverty,
                "smartphone": row.smartphone,
                "phone": row.phone,
                "note": row.note or "",
                "version": 1,
                "created_at": now,
                "changed_at": now,
                "ended_why": "",
            }
            for row in rows[start : start + CHUNK]
        ]
        bulk.insert_rows(session, Household.__table__, values, places=places)  # type: ignore[attr-defined]
        note_changes(session, upload_id, "household", [(str(v["id"]), None, 1) for v in values])


def change_households(
    session: GatedSession,
    changed: Sequence[tuple[StoredHousehold, HouseholdRow, tuple[Change, ...]]],
    upload_id: int | None,
) -> None:
    """Write what the file says otherwise, one version up; what stood there before is noted."""
    table = Household.__table__  # type: ignore[attr-defined]
    for record, row, changes in changed:
        before = {one.field: one.old for one in changes}
        values: dict[str, Any] = {one.field: one.new for one in changes}
        if "head" in values:
            values |= {"head_fold": row.folded, "head_sort": name_key(row.head)}
            before |= {"head_fold": record.folded, "head_sort": name_key(record.head)}
        statement = (
            update(table)
            .where(table.c.id == record.id)
            .values(**values, version=table.c.version + 1, changed_at=datetime.now(UTC))
            .returning(table.c.version)
        )
        version = bulk.run(session, statement, places={record.village_id}).scalar_one()
        note_changes(session, upload_id, "household", [(record.id, before, version)])


def note_changes(
    session: GatedSession,
    upload_id: int | None,
    noun: str,
    changes: Iterable[tuple[str, Mapping[str, Any] | None, int]],
) -> None:
    """What an import did to each row: (id, what stood there before or None, its version after)."""
    if upload_id is None:
        return
    values = [
        {"upload_id": upload_id, "noun": noun, "target": target, "before": before, "after_version": version}
        for target, before, version in changes
    ]
    bulk.insert_rows(session, UploadChange.__table__, values, places=())  # type: ignore[attr-defined]


def find_team(session: GatedSession, village_id: int, on: Any) -> Team | None:
    """The team that serves a village on a day; the oldest where there are several."""
    query = (
        select(Team)
        .join(TeamVillage, col(TeamVillage.team_id) == Team.id)
        .where(TeamVillage.village_id == village_id, holds_on(TeamVillage, on), holds_on(Team, on))
        .order_by(col(Team.id))
    )
    return session.exec(query).first()


def list_stored_members(session: GatedSession, team_ids: Iterable[int]) -> list[StoredMember]:
    """The members who serve in some teams now, one for each membership."""
    trained = select(Training.member_id).distinct().scalar_subquery()
    columns: tuple[Any, ...] = (
        Membership.id,
        Membership.team_id,
        Member.name,
        Member.name_fold,
        Member.birth_year,
        Member.sex,
        Membership.role,
        Membership.component,
        Member.phone,
        col(Member.id).in_(trained),
        Member.note,
    )
    query = (
        select(*columns)
        .join(Member, col(Member.id) == Membership.member_id)
        .where(col(Membership.team_id).in_(sorted(set(team_ids))), col(Membership.left).is_(None))
        .order_by(col(Membership.id))
    )
    return [StoredMember(*row) for row in session.exec(query)]
