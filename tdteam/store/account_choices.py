"""What the form of an account offers: places found by name, members of the villages chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, or_
from sqlmodel import col, select

from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.domain.vietnamese import fold
from tdteam.store.account_lists import inside
from tdteam.store.gate import GatedSession
from tdteam.store.places import holds_on, ids_inside, split_kind
from tdteam.store.tables import Member, Membership, Place, PlaceParent, Team, TeamVillage

MOST_FOUND = 20
_ORDER = {Level.PROVINCE: 0, Level.AREA: 1, Level.COMMUNE: 2, Level.VILLAGE: 3}


@dataclass(frozen=True)
class PlaceChoice:
    """A place as a choice: its name, level and what it stands under."""

    id: int
    name: str
    level: str
    above: tuple[str, ...]


def find_places(session: GatedSession, q: str) -> list[PlaceChoice]:
    """Places inside the session's scope whose name holds the words, larger ones first, at most 20."""
    words = fold(q).replace("%", "").replace("_", "").strip()
    if not words:
        return []
    query = (
        _in_force(session)
        .where(or_(col(Place.name_fold).like(f"%{words}%"), col(Place.code) == words))
        .order_by(case(_ORDER, value=Place.level), Place.name_sort, Place.label)
        .limit(MOST_FOUND)
    )
    return _with_parents(session, session.exec(query).all())


def places_called(session: GatedSession, name: str, *, inside_of: int | None = None) -> list[PlaceChoice]:
    """Places in force with exactly this code or name (its kind may be left out), inside a place if one is given."""
    kind, short = split_kind(name)
    named = col(Place.name_fold) == fold(short)
    same = or_(col(Place.code) == name.strip(), and_(named, col(Place.kind) == kind) if kind else named)
    query = _in_force(session).where(same).order_by(case(_ORDER, value=Place.level), Place.name_sort)
    if inside_of is not None:
        query = query.where(col(Place.id).in_(ids_inside(inside_of)), Place.id != inside_of)
    else:
        query = query.where(Place.level != Level.VILLAGE)
    return _with_parents(session, session.exec(query).all())


def places_by_id(session: GatedSession, place_ids: Iterable[int]) -> list[PlaceChoice]:
    """Chosen places, those outside the scope left out."""
    query = _in_force(session).where(col(Place.id).in_(list(place_ids))).order_by(Place.name_sort)
    return _with_parents(session, session.exec(query).all())


def _in_force(session: GatedSession) -> Any:
    query = select(Place).where(holds_on(Place, today()))
    return query if session.scope.is_everywhere else query.where(col(Place.id).in_(inside(session)))


def _with_parents(session: GatedSession, rows: Sequence[Place]) -> list[PlaceChoice]:
    parent = Place.__table__.alias("parent")  # type: ignore[attr-defined]
    query = (
        select(PlaceParent.place_id, parent.c.name)
        .join(parent, parent.c.id == PlaceParent.parent_id)
        .where(col(PlaceParent.place_id).in_([row.id for row in rows]), holds_on(PlaceParent, today()))
        .order_by(parent.c.name_sort)
    )
    above: dict[int, list[str]] = {}
    for place_id, name in session.exec(query):
        above.setdefault(place_id, []).append(name)
    return [PlaceChoice(row.id, row.name, row.level, tuple(above.get(row.id, ()))) for row in rows if row.id]


@dataclass(frozen=True)
class MemberChoice:
    """A member in service, with the team served."""

    id: int
    name: str
    team: str


def members_of(session: GatedSession, place_ids: Iterable[int]) -> list[MemberChoice]:
    """The members in service of the teams that serve some villages, by given name."""
    day = today()
    query = (
        select(Member.id, Member.name, Team.name)
        .join(Membership, col(Membership.member_id) == Member.id)
        .join(Team, col(Team.id) == Membership.team_id)
        .join(TeamVillage, col(TeamVillage.team_id) == Team.id)
        .where(
            col(TeamVillage.village_id).in_(list(place_ids)),
            or_(col(Membership.left).is_(None), col(Membership.left) > day),
        )
        .order_by(col(Member.name_sort), col(Member.id))
    )
    found = {
        member_id: MemberChoice(member_id, name, team)
        for member_id, name, team in session.exec(query)
        if member_id
    }
    return list(found.values())
