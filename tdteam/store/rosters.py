"""What an import reads: the units a roster may name, the households and members there are, the teams of villages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from tdteam.domain.places import Level
from tdteam.domain.rosters.stored import StoredHousehold, StoredMember
from tdteam.domain.rosters.villages import Communes, KnownCommune, KnownVillage, Villages
from tdteam.domain.rosters.words import RosterWords
from tdteam.domain.vietnamese import fold
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.places import holds_on, ids_inside, split_kind
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
)

PART = 500  # ids in one statement


def spare_memory(session: GatedSession) -> None:
    """For the rest of this connection SQLite keeps 4 MB of the database in memory instead of 32: an import that writes
    50,000 rows is no slower for it (`scripts/import_speed.py`)."""
    if session.get_bind().dialect.name == "sqlite":
        bulk.run(session, text("PRAGMA cache_size = -4000"), places=())


def read_commune_names(session: GatedSession, words: RosterWords) -> Communes:
    """All communes there are or were, in whatever scope: only whether a word names one is asked of them."""
    table = Place.__table__  # type: ignore[attr-defined]
    query = select(table.c.id, table.c.name, table.c.until).where(table.c.level == Level.COMMUNE)
    known = [KnownCommune(row.id, row.name, row.until is None) for row in bulk.run(session, query, places=())]
    return Communes(known, words, session.exec(select(PlaceAlias.name, PlaceAlias.place_id)).all())


def read_units(
    session: GatedSession, words: RosterWords, inside: int | None, on: date
) -> tuple[Communes, Villages]:
    """The communes a title and the villages a row may name: those of the scope, or of one place in it.

    Old communes come along with the present one that took them over; of an area, those its villages came from.
    """
    known = _villages(session, inside, on)
    aliases = session.exec(select(PlaceAlias.name, PlaceAlias.place_id)).all()
    query = select(Place.id, Place.name, Place.until).where(Place.level == Level.COMMUNE)
    rows = [(place_id or 0, name, until is None) for place_id, name, until in session.exec(query)]
    if inside is not None:
        within = set(session.exec(ids_inside(inside, on)))
        within |= {place for v in known for place in (v.old_commune_id, v.present_commune_id)}
        rows = [row for row in rows if row[0] in within]
    communes = Communes([KnownCommune(*row) for row in rows if session.permits(row[0])], words, aliases)
    return communes, Villages(known, communes, words, aliases)


def _villages(session: GatedSession, inside: int | None, on: date) -> list[KnownVillage]:
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
    return [
        KnownVillage(village_id or 0, name, origin_id or present, present)
        for village_id, name, origin_id, present in session.exec(query)
        if session.permits(village_id or 0)
    ]


def is_taken(session: GatedSession, origin_id: int, name: str) -> bool:
    """Whether a village of that name came from a commune before: one that ended, or stands under another by now."""
    table = Place.__table__  # type: ignore[attr-defined]
    named = (table.c.origin_id == origin_id) & (table.c.name_fold == fold(split_kind(name)[1]))
    return bulk.run(session, select(table.c.id).where(named), places=(origin_id,)).first() is not None


def commune_ids_of(session: GatedSession, village_ids: Iterable[int], on: date) -> set[int]:
    """The present communes of some villages."""
    found: set[int] = set()
    for part in _parts(village_ids):
        query = (
            select(PlaceParent.parent_id)
            .join(Place, col(Place.id) == PlaceParent.parent_id)
            .where(
                col(PlaceParent.place_id).in_(part),
                Place.level == Level.COMMUNE,
                holds_on(PlaceParent, on),
            )
        )
        found |= set(session.exec(query))
    return found


def list_stored_households(session: GatedSession, village_ids: Iterable[int]) -> list[StoredHousehold]:
    """The households of some villages, as far as a roster can change them; ended ones are past. Locked by a writer."""
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
        Household.version,
    )
    out: list[StoredHousehold] = []
    for part in _parts(village_ids):
        query = (
            select(*columns)
            .where(col(Household.village_id).in_(part), col(Household.ended_on).is_(None))
            .order_by(Household.created_at, Household.id)
        )
        held = query.with_for_update() if session.is_writing else query
        out += [StoredHousehold(*row) for row in session.exec(held)]
    return out


@dataclass(frozen=True)
class VillageTeam:
    """The team that serves a village: what an import needs to know of it."""

    team_id: int
    decision_number: str


def teams_of(session: GatedSession, village_ids: Iterable[int], on: date) -> dict[int, VillageTeam]:
    """Village to the team that serves it on a day; the oldest where there are several."""
    out: dict[int, VillageTeam] = {}
    for part in _parts(village_ids):
        query = (
            select(TeamVillage.village_id, Team.id, Team.decision_number)
            .join(Team, col(Team.id) == TeamVillage.team_id)
            .where(col(TeamVillage.village_id).in_(part), holds_on(TeamVillage, on), holds_on(Team, on))
            .order_by(col(Team.id).desc())
        )
        for village_id, team_id, number in session.exec(query):
            out[village_id] = VillageTeam(team_id or 0, number)
    return out


def list_stored_members(session: GatedSession, team_ids: Iterable[int]) -> list[StoredMember]:
    """The members who serve in some teams now, one for each membership. Locked by a writer."""
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
        Member.version,
    )
    out: list[StoredMember] = []
    for part in _parts(team_ids):
        query = (
            select(*columns)
            .join(Member, col(Member.id) == Membership.member_id)
            .where(col(Membership.team_id).in_(part), col(Membership.left).is_(None))
            .order_by(col(Membership.id))
        )
        held = query.with_for_update(of=[Member, Membership]) if session.is_writing else query
        out += [StoredMember(*row) for row in session.exec(held)]
    return out


def _parts(ids: Iterable[int]) -> Iterable[list[int]]:
    wanted = sorted(set(ids))
    return (wanted[start : start + PART] for start in range(0, len(wanted), PART))
