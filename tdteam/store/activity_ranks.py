"""What teams and members of a place did over some periods, for the commendation list and a team's sheet.

The rule stands in `domain/activity_ranks`. Everything is summed by the database, a row a team or member.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_
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


def list_teams(session: GatedSession, place_id: int, periods: Sequence[str], on: date) -> list[Doer]:
    """Every team that visited in a place, in Vietnamese order of their names."""
    counting = _counting(session, ids_inside(place_id, on), periods)
    met = (
        select(Visit.team_id, Visit.household_id, Visit.period)
        .where(counting, Visit.contact == Contact.MET, col(Visit.household_id).is_not(None))
        .distinct()
        .subquery()
    )
    reached = dict(session.exec(select(met.c.team_id, func.count()).group_by(met.c.team_id)).all())
    done = dict(
        session.exec(
            select(Visit.team_id, func.count())
            .join(Assist, col(Assist.visit_id) == Visit.id)
            .where(counting, Assist.outcome == Outcome.DONE)
            .group_by(col(Visit.team_id))
        ).all()
    )
    query = (
        select(Team.id, Team.name)
        .where(col(Team.id).in_({*reached, *done}))
        .order_by(Team.name_sort, col(Team.id))
    )
    return [
        Doer(team_id or 0, name, name, int(reached.get(team_id or 0, 0)), int(done.get(team_id or 0, 0)))
        for team_id, name in session.exec(query)
    ]


def list_members(session: GatedSession, place_id: int, periods: Sequence[str], on: date) -> list[Doer]:
    """Every member named at a visit in a place, in Vietnamese order of their names. A visit counts for each member who
    was there."""
    return _members(session, _counting(session, ids_inside(place_id, on), periods))


def list_members_of(
    session: GatedSession, villages: Sequence[int], periods: Sequence[str], team_id: int
) -> list[Doer]:
    """The same of one team's visits in some villages."""
    return _members(session, and_(_counting(session, villages, periods), col(Visit.team_id) == team_id))


def _members(session: GatedSession, counting: Any) -> list[Doer]:
    met = (
        select(VisitMember.member_id, Visit.household_id, Visit.period)
        .join(Visit, col(Visit.id) == VisitMember.visit_id)
        .where(counting, Visit.contact == Contact.MET, col(Visit.household_id).is_not(None))
        .distinct()
        .subquery()
    )
    reached = dict(session.exec(select(met.c.member_id, func.count()).group_by(met.c.member_id)).all())
    done = dict(
        session.exec(
            select(VisitMember.member_id, func.count())
            .join(Visit, col(Visit.id) == VisitMember.visit_id)
            .join(Assist, col(Assist.visit_id) == Visit.id)
            .where(counting, Assist.outcome == Outcome.DONE)
            .group_by(col(VisitMember.member_id))
        ).all()
    )
    ids = {*reached, *done}
    teams = _teams_of(session, counting)
    query = (
        select(Member.id, Member.name)
        .where(col(Member.id).in_(ids))
        .order_by(Member.name_sort, col(Member.id))
    )
    return [
        Doer(
            member or 0,
            name,
            teams.get(member or 0, ""),
            int(reached.get(member or 0, 0)),
            int(done.get(member or 0, 0)),
        )
        for member, name in session.exec(query)
    ]


def _teams_of(session: GatedSession, counting: Any) -> dict[int, str]:
    """Member -> the team they made most visits in."""
    query = (
        select(VisitMember.member_id, Visit.team_id)
        .join(Visit, col(Visit.id) == VisitMember.visit_id)
        .where(counting)
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
