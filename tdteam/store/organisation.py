"""A commune's teams and members on a day, and their comings and goings within days: chapter I and annex III of a report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, case, or_
from sqlmodel import col, select

from tdteam.domain.people import Component, MemberRole, Sex
from tdteam.domain.periods import today
from tdteam.domain.places import ALWAYS, Level
from tdteam.domain.report_facts import ChangeKind, Organisation, TeamChange, TeamLine
from tdteam.domain.shares import Share
from tdteam.store.gate import GatedSession, kept
from tdteam.store.places import holds_on, ids_inside, list_inside
from tdteam.store.tables import Member, Membership, Place, Team, TeamVillage, Training

YOUTH = {Component.YOUTH_SECRETARY, Component.YOUTH_UNION}


def teams_inside(place_id: int, day: date) -> Any:
    """Subquery: ids of the teams that serve a village inside the place on a day."""
    return select(TeamVillage.team_id).where(
        col(TeamVillage.village_id).in_(ids_inside(place_id, day)), holds_on(TeamVillage, day)
    )


def serving(day: Any) -> Any:
    """The condition that a membership holds on a day (a date or a `bindparam`); an unknown joining day counts as long ago."""
    return and_(
        or_(col(Membership.joined).is_(None), col(Membership.joined) <= day),
        or_(col(Membership.left).is_(None), col(Membership.left) > day),
    )


@dataclass(frozen=True)
class _Service:
    """A membership with the person behind it."""

    team_id: int
    member_id: int
    name: str
    sex: str | None
    role: str
    component: str
    trained: bool


def _services(session: GatedSession, team_ids: Any, day: date) -> list[_Service]:
    trained = select(Training.member_id).distinct().scalar_subquery()
    query = (
        select(
            Membership.team_id,
            Member.id,
            Member.name,
            Member.sex,
            Membership.role,
            Membership.component,
            col(Member.id).in_(trained),
        )
        .join(Member, col(Member.id) == Membership.member_id)
        .where(col(Membership.team_id).in_(team_ids), serving(day))
        .order_by(Member.name_sort, col(Member.id))
    )
    return [_Service(*row) for row in session.exec(query)]


def _teams(session: GatedSession, place_id: int, day: date) -> Sequence[Team]:
    query = (
        select(Team)
        .where(col(Team.id).in_(teams_inside(place_id, day)), holds_on(Team, day))
        .order_by(Team.name_sort, col(Team.id))
    )
    return session.exec(query).all()


def village_names(session: GatedSession, team_ids: Iterable[int], day: date) -> dict[int, str]:
    """The villages each team serves on a day, in words."""
    query = (
        select(TeamVillage.team_id, Place.label)
        .join(Place, col(Place.id) == TeamVillage.village_id)
        .where(col(TeamVillage.team_id).in_(list(team_ids)), holds_on(TeamVillage, day))
        .order_by(Place.name_sort, Place.label)
    )
    names: dict[int, list[str]] = defaultdict(list)
    for team_id, label in session.exec(query):
        names[team_id].append(label)
    return {team_id: ", ".join(labels) for team_id, labels in names.items()}


def read_organisation(
    session: GatedSession, place_id: int, since: date, last_day: date
) -> tuple[Organisation, tuple[TeamLine, ...], tuple[TeamChange, ...]]:
    """Teams and members of a place on `last_day`, and what changed from `since` to it (both included).

    A person who serves in two teams is one member of the commune. Where no sex was ever written down, women are unknown.
    """
    teams = _teams(session, place_id, last_day)
    services = _services(session, [team.id for team in teams], last_day)
    ended = session.exec(
        select(Team).where(
            col(Team.id).in_(teams_inside(place_id, since)), col(Team.until).between(since, last_day)
        )
    ).all()
    changes = _changes(session, teams, ended, since, last_day)
    served = session.exec(
        select(TeamVillage.village_id)
        .where(col(TeamVillage.team_id).in_([team.id for team in teams]), holds_on(TeamVillage, last_day))
        .distinct()
    ).all()
    villages = [place.id for place in list_inside(session, place_id, Level.VILLAGE, last_day)]
    people = {service.member_id: service for service in services}
    told = Organisation(
        teams=len(teams),
        villages_with_team=Share(len(set(served) & set(villages)), len(villages)),
        members=len(people),
        women=_women(people.values()),
        youth=len({service.member_id for service in services if service.component in YOUTH}),
        trained=sum(service.trained for service in people.values()),
        joined=sum(change.kind is ChangeKind.JOINED for change in changes),
        left=sum(change.kind is ChangeKind.LEFT for change in changes),
    )
    return told, _lines(session, teams, services, last_day), changes


def _women(people: Iterable[_Service]) -> int | None:
    known = [person for person in people if person.sex]
    return sum(person.sex == Sex.FEMALE for person in known) if known else None


def _lines(
    session: GatedSession, teams: Sequence[Team], services: list[_Service], day: date
) -> tuple[TeamLine, ...]:
    villages = village_names(session, [team.id for team in teams if team.id], day)
    by_team: dict[int, list[_Service]] = defaultdict(list)
    for service in services:
        by_team[service.team_id].append(service)
    lines = []
    for team in teams:
        own = by_team[team.id or 0]
        lines.append(
            TeamLine(
                name=team.name,
                villages=_beside(villages.get(team.id or 0, ""), team.name),
                decision=team.decision_number,
                decided_on=team.decision_date,
                leader=next((s.name for s in own if s.role == MemberRole.LEADER), ""),
                members=len(own),
                women=_women(own),
                trained=sum(s.trained for s in own),
                note=team.note,
            )
        )
    return tuple(lines)


def _beside(villages: str, name: str) -> str:
    """The villages of a team where its name does not already say them."""
    return "" if name.endswith(villages) else villages


def _changes(
    session: GatedSession, teams: Sequence[Team], ended: Sequence[Team], since: date, last_day: date
) -> tuple[TeamChange, ...]:
    found = [
        TeamChange(team.since, team.name, ChangeKind.FOUNDED, basis=team.decision_number)
        for team in teams
        if team.since != ALWAYS and since <= team.since <= last_day
    ]
    names = {team.id: team.name for team in teams}
    found += [TeamChange(team.until, team.name, ChangeKind.ENDED) for team in ended if team.until]
    query = (
        select(Membership, Member.name)
        .join(Member, col(Member.id) == Membership.member_id)
        .where(
            col(Membership.team_id).in_([team.id for team in teams]),
            or_(
                col(Membership.joined).between(since, last_day),
                col(Membership.left).between(since, last_day),
            ),
        )
    )
    for served, who in session.exec(query):
        team = names[served.team_id]
        if served.joined and since <= served.joined <= last_day:
            found.append(TeamChange(served.joined, team, ChangeKind.JOINED, who, served.decision))
        if served.left and since <= served.left <= last_day:
            found.append(TeamChange(served.left, team, ChangeKind.LEFT, who, served.decision))
    return tuple(sorted(found, key=lambda change: (change.on, change.team, change.kind, change.who)))


def team_names(
    session: GatedSession, village_id: int | None = None, day: date | None = None
) -> list[tuple[int, str]]:
    """(id, name) of the teams of the scope at work on a day (default today), or of those that serve one village."""
    asked = {"day": day or today(), "village": village_id}
    found = session.exec(_team_names(of_village=village_id is not None), params=asked)
    return [(team_id or 0, name) for team_id, name in found]


@cache
def _team_names(*, of_village: bool) -> Any:
    on: Any = bindparam("day")
    query = select(Team.id, Team.name).where(holds_on(Team, on)).order_by(Team.name_sort, col(Team.id))
    if of_village:
        serving_it = select(TeamVillage.team_id).where(
            TeamVillage.village_id == bindparam("village"), holds_on(TeamVillage, on)
        )
        query = query.where(col(Team.id).in_(serving_it))
    return kept(query)


def member_names(session: GatedSession, team_id: int, day: date) -> list[tuple[int, str]]:
    """(id, name) of the members who serve in a team on a day, the leader first."""
    rank = case(
        (col(Membership.role) == MemberRole.LEADER, 0),
        (col(Membership.role) == MemberRole.DEPUTY, 1),
        else_=2,
    )
    query = (
        select(Member.id, Member.name)
        .join(Membership, col(Membership.member_id) == Member.id)
        .where(Membership.team_id == team_id, serving(day))
        .order_by(rank, Member.name_sort, col(Member.id))
    )
    return [(member_id or 0, name) for member_id, name in session.exec(query)]


def count_by_village(session: GatedSession, place_id: int, day: date) -> dict[int, dict[str, int | None]]:
    """Members, women and youth of the teams that serve each village, under the codes of annex I."""
    query = select(TeamVillage.village_id, TeamVillage.team_id).where(
        col(TeamVillage.village_id).in_(ids_inside(place_id, day)), holds_on(TeamVillage, day)
    )
    served: dict[int, set[int]] = defaultdict(set)
    for village_id, team_id in session.exec(query):
        served[village_id].add(team_id)
    services = _services(session, teams_inside(place_id, day), day)
    out: dict[int, dict[str, int | None]] = {}
    for village_id, teams in served.items():
        own = {s.member_id: s for s in services if s.team_id in teams}
        youth = {s.member_id for s in services if s.team_id in teams and s.component in YOUTH}
        out[village_id] = {"members": len(own), "women": _women(own.values()), "youth": len(youth)}
    return out
