"""What teams and members of a place did over some periods, for the commendation list and a team's sheet.

The rule stands in `domain/activity_ranks`. Everything is summed by the database, a row a team or member.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, distinct, func, literal, or_, union_all
from sqlmodel import col, select

from tdteam.domain.activity_ranks import Doer
from tdteam.domain.sync import RecordKind, Verdict
from tdteam.domain.vocabulary import Contact, Outcome, RecordState
from tdteam.store.gate import GatedSession
from tdteam.store.places import ids_inside
from tdteam.store.tables import Assist, Inbox, Member, Team, Visit, VisitMember


def _counting(session: GatedSession, villages: Any, periods: Sequence[str]) -> Any:
    """The condition on a visit: current, of these villages and periods, and not waiting for a decision."""
    disputed = select(Inbox.target).where(
        Inbox.kind == RecordKind.VISIT,
        or_(col(Inbox.doubt).is_not(None), col(Inbox.state) == Verdict.CONFLICT),
        col(Inbox.decided_at).is_(None),
    )
    return and_(
        col(Visit.village_id).in_(villages),
        col(Visit.period).in_(list(periods)),
        col(Visit.state) == RecordState.CURRENT,
        col(Visit.root_id).not_in(disputed),
    )


@dataclass(frozen=True)
class Sums:
    """What was done, by id: (households reached, each once a period; pieces of help done)."""

    teams: dict[int, tuple[int, int]]
    members: dict[int, tuple[int, int]]


def sum_doers(session: GatedSession, place_id: int, periods: Sequence[str], on: date) -> Sums:
    """Every team that visited in a place, and every member named at a visit: it counts for each who was there."""
    return _sum(session, _counting(session, ids_inside(place_id, on), periods))


def _sum(session: GatedSession, counting: Any) -> Sums:
    """One pass over the visits, for teams and members alike."""
    pieces = (
        select(func.count())
        .where(Assist.visit_id == Visit.id, Assist.outcome == Outcome.DONE)
        .correlate(Visit)
        .scalar_subquery()
    )
    # household ids within a period: short distinct sets are what makes this quick
    reached = case((col(Visit.contact) == Contact.MET, Visit.household_id), else_=None)
    did = (
        select(Visit.id, Visit.team_id, Visit.period, reached.label("reached"), pieces.label("done"))
        .where(counting)
        .cte("did")
    )
    counts = (
        func.count(distinct(did.c.reached)).label("households"),
        func.coalesce(func.sum(did.c.done), 0).label("done"),
    )
    teams: Any = select(literal("team").label("kind"), did.c.team_id.label("id"), *counts)
    members: Any = select(literal("member").label("kind"), col(VisitMember.member_id).label("id"), *counts)
    members = members.join_from(VisitMember, did, did.c.id == VisitMember.visit_id)
    grouped = (
        teams.group_by(did.c.team_id, did.c.period),
        members.group_by(col(VisitMember.member_id), did.c.period),
    )
    out = Sums({}, {})
    for kind, key, households, done in session.execute(select(union_all(*grouped).subquery())):
        sums = out.teams if kind == "team" else out.members
        before = sums.get(key, (0, 0))
        sums[key] = before[0] + int(households), before[1] + int(done)
    return out


def name_teams(session: GatedSession, found: Mapping[int, tuple[int, int]]) -> list[Doer]:
    """Teams by their sums, in Vietnamese order of their names."""
    query = select(Team.id, Team.name).where(col(Team.id).in_(found))
    return [
        Doer(team or 0, name, name, *found[team or 0])
        for team, name in session.exec(query.order_by(Team.name_sort, col(Team.id)))
    ]


def name_members(session: GatedSession, found: Mapping[int, tuple[int, int]]) -> list[Doer]:
    """Members by their sums, in Vietnamese order of their names; their teams are told apart (`teams_of`)."""
    query = select(Member.id, Member.name).where(col(Member.id).in_(found))
    return [
        Doer(member or 0, name, "", *found[member or 0])
        for member, name in session.exec(query.order_by(Member.name_sort, col(Member.id)))
    ]


def list_members_of(
    session: GatedSession, villages: Sequence[int], periods: Sequence[str], team_id: int
) -> list[Doer]:
    """The members of one team's visits in some villages."""
    counting = and_(_counting(session, villages, periods), col(Visit.team_id) == team_id)
    return name_members(session, _sum(session, counting).members)


def teams_of(
    session: GatedSession, members: Sequence[int], place_id: int, periods: Sequence[str], on: date
) -> dict[int, str]:
    """Member -> the name of the team they made most visits in."""
    query = (
        select(VisitMember.member_id, Visit.team_id)
        .join(Visit, col(Visit.id) == VisitMember.visit_id)
        .where(col(VisitMember.member_id).in_(members), _counting(session, ids_inside(place_id, on), periods))
        .group_by(col(VisitMember.member_id), col(Visit.team_id))
        .order_by(func.count().desc(), col(Visit.team_id))
    )
    most: dict[int, int] = {}
    for member, team in session.exec(query):
        most.setdefault(member, team)
    names = dict(session.exec(select(Team.id, Team.name).where(col(Team.id).in_(set(most.values())))).all())
    return {member: names.get(team, "") for member, team in most.items()}


def count_kinds(session: GatedSession, team_id: int, period: str) -> dict[str, dict[str, int]]:
    """Kind of help -> outcome -> people helped at a team's visits of a period."""
    query = (
        select(Assist.kind, Assist.outcome, func.sum(Assist.people))
        .join(Visit, col(Visit.id) == Assist.visit_id)
        .where(Visit.team_id == team_id, Visit.period == period, Visit.state == RecordState.CURRENT)
        .group_by(Assist.kind, Assist.outcome)
    )
    out: dict[str, dict[str, int]] = defaultdict(dict)
    for kind, outcome, people in session.exec(query):
        out[kind][outcome] = int(people)
    return dict(out)


def count_contacts(session: GatedSession, team_id: int, period: str) -> dict[str, int]:
    """Contact -> a team's visits of a period."""
    query = (
        select(Visit.contact, func.count())
        .where(Visit.team_id == team_id, Visit.period == period, Visit.state == RecordState.CURRENT)
        .group_by(Visit.contact)
    )
    return {contact: int(count) for contact, count in session.exec(query)}


def count_by_member(session: GatedSession, team_id: int, period: str) -> dict[int, int]:
    """Member -> the team's visits of a period they were at."""
    query = (
        select(VisitMember.member_id, func.count())
        .join(Visit, col(Visit.id) == VisitMember.visit_id)
        .where(Visit.team_id == team_id, Visit.period == period, Visit.state == RecordState.CURRENT)
        .group_by(col(VisitMember.member_id))
    )
    return {member: int(count) for member, count in session.exec(query)}
