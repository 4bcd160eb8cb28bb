"""Members: who serves where, since when, trained in what; who might be the same person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, or_
from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.domain.people import MemberRole
from tdteam.domain.periods import today
from tdteam.domain.teams import Served
from tdteam.domain.vietnamese import fold
from tdteam.store.gate import GatedSession
from tdteam.store.organisation import serving
from tdteam.store.paging import contains, nearness
from tdteam.store.tables import Member, Membership, Team, Training

RANK = case(
    (col(Membership.role) == MemberRole.LEADER, 0),
    (col(Membership.role) == MemberRole.DEPUTY, 1),
    else_=2,
)


@dataclass(frozen=True)
class ServiceLine:
    """A person's time in a team. `phone` and `birth_year` are None where the session may not see names of residents:
    members serve by a published decision, so their names are seen with the team; how to reach them is personal."""

    id: int
    team_id: int
    team: str
    member_id: int
    name: str
    birth_year: int | None
    sex: str | None
    phone: str | None
    role: str
    component: str
    joined: date | None
    left: date | None
    decision: str
    trained: bool

    def served(self) -> Served:
        return Served(self.id, self.role, self.joined)


def list_services(
    session: GatedSession,
    *,
    team_ids: Iterable[int] | None = None,
    member_id: int | None = None,
    on: date | None = None,
) -> list[ServiceLine]:
    """Memberships of teams or of a person, leaders first and then by given name; with `on` only those of that day."""
    query = (
        select(Membership, Member, Team.name, col(Member.id).in_(select(Training.member_id)))
        .join(Member, col(Member.id) == Membership.member_id)
        .join(Team, col(Team.id) == Membership.team_id)
        .order_by(RANK, Member.name_sort, col(Member.id), col(Membership.id))
    )
    if team_ids is not None:
        query = query.where(col(Membership.team_id).in_(list(team_ids)))
    if member_id is not None:
        query = query.where(Membership.member_id == member_id)
    if on is not None:
        query = query.where(serving(on))
    names = session.scope.names
    return [_line(served, who, team, trained, names) for served, who, team, trained in session.exec(query)]


def _line(served: Membership, who: Member, team: str, trained: bool, names: bool) -> ServiceLine:
    return ServiceLine(
        id=served.id or 0,
        team_id=served.team_id,
        team=team,
        member_id=who.id or 0,
        name=who.name,
        birth_year=who.birth_year if names else None,
        sex=who.sex,
        phone=who.phone if names else None,
        role=served.role,
        component=served.component,
        joined=served.joined,
        left=served.left,
        decision=served.decision,
        trained=bool(trained),
    )


def get_service(session: GatedSession, membership_id: int) -> ServiceLine:
    """One membership, or NotFound."""
    query = (
        select(Membership, Member, Team.name, col(Member.id).in_(select(Training.member_id)))
        .join(Member, col(Member.id) == Membership.member_id)
        .join(Team, col(Team.id) == Membership.team_id)
        .where(Membership.id == membership_id)
    )
    row = session.exec(query).first()
    if row is None:
        raise NotFound
    return _line(*row, session.scope.names)


def get_member(session: GatedSession, member_id: int) -> Member:
    """A member of a team the scope reaches, or NotFound; held until the transaction ends where one writes."""
    query = select(Member).where(Member.id == member_id)
    row = session.exec(query.with_for_update() if session.is_writing else query).first()
    if row is None:
        raise NotFound
    return row


def get_membership(session: GatedSession, membership_id: int) -> Membership:
    """A membership to change, held until the transaction ends; NotFound outside the scope."""
    query = select(Membership).where(Membership.id == membership_id).with_for_update()
    row = session.exec(query).first()
    if row is None:
        raise NotFound
    return row


@dataclass(frozen=True)
class Alike:
    """Somebody of the scope who might be the person being written down."""

    id: int
    name: str
    birth_year: int | None
    teams: str


def find_alike(
    session: GatedSession, name: str, birth_year: int | None, *, but: int | None = None
) -> list[Alike]:
    """Members of the same name (marks aside) whose birth year is the same or unknown on one side."""
    query = select(Member).where(Member.name_fold == fold(name)).order_by(col(Member.id))
    if birth_year is not None:
        query = query.where(or_(col(Member.birth_year).is_(None), col(Member.birth_year) == birth_year))
    if but is not None:
        query = query.where(Member.id != but)
    found = session.exec(query.limit(10)).all()
    teams = _teams_of(session, [row.id for row in found if row.id])
    return [Alike(row.id or 0, row.name, row.birth_year, teams.get(row.id or 0, "")) for row in found]


def _teams_of(session: GatedSession, member_ids: Sequence[int]) -> dict[int, str]:
    """The teams each serves in today, in words."""
    query = (
        select(Membership.member_id, Team.name)
        .join(Team, col(Team.id) == Membership.team_id)
        .where(col(Membership.member_id).in_(member_ids), serving(today()))
        .order_by(Team.name_sort)
    )
    out: dict[int, list[str]] = {}
    for member_id, name in session.exec(query):
        out.setdefault(member_id, []).append(name)
    return {member_id: ", ".join(names) for member_id, names in out.items()}


def list_trainings(session: GatedSession, member_ids: Iterable[int]) -> Sequence[Training]:
    """Courses taken, newest first; those without a day last."""
    query = (
        select(Training)
        .where(col(Training.member_id).in_(list(member_ids)))
        .order_by(col(Training.trained_on).is_(None), col(Training.trained_on).desc(), col(Training.id))
    )
    return session.exec(query).all()


def list_courses(session: GatedSession, limit: int = 30) -> list[str]:
    """Names of courses already written down in the scope, the commonest first, to choose from."""
    query = (
        select(Training.course)
        .where(Training.course != "")
        .group_by(Training.course)
        .order_by(func.count().desc(), Training.course)
        .limit(limit)
    )
    return list(session.exec(query))


def search_members(session: GatedSession, q: str, limit: int = 10) -> list[ServiceLine]:
    """Serving members whose name holds every word of `q`, exact spellings first."""
    folded = fold(q)
    if not folded:
        return []
    exact = nearness(col(Member.name), col(Member.name_fold), q.strip(), folded)
    query: Any = (
        select(Membership, Member, Team.name, col(Member.id).in_(select(Training.member_id)))
        .join(Member, col(Member.id) == Membership.member_id)
        .join(Team, col(Team.id) == Membership.team_id)
        .where(and_(contains(col(Member.name_fold), folded), serving(today())))
        .order_by(exact, Member.name_sort, col(Member.id))
        .limit(limit)
    )
    names = session.scope.names
    return [_line(served, who, team, trained, names) for served, who, team, trained in session.exec(query)]


def open_memberships(session: GatedSession, team_id: int) -> Sequence[Membership]:
    """Memberships of a team that nobody has ended, as rows to change."""
    query = select(Membership).where(Membership.team_id == team_id, col(Membership.left).is_(None))
    return session.exec(query.with_for_update()).all()


def memberships_left_on(session: GatedSession, team_id: int, day: date) -> Sequence[Membership]:
    """Memberships of a team that ended on a day, as rows to change."""
    query = select(Membership).where(Membership.team_id == team_id, Membership.left == day)
    return session.exec(query.with_for_update()).all()
