"""The few visits that the rules about the data look at: the database sorts out, the rules judge.

`where` is always the condition of the visits that count in a place and period.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import String, and_, cast, func, or_, tuple_
from sqlmodel import col, select

from tdteam.domain.periods import VIETNAM, local_day
from tdteam.domain.places import ALWAYS
from tdteam.domain.quality import ResidentRow, VisitRow
from tdteam.domain.quality_twins import Helped
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Assist, Household, Membership, Resident, Team, Visit, VisitMember

FEW = 300
"""Keys asked for at once."""
Day = tuple[int, date, datetime, datetime]
"""A team's visits of a day: the team, the day, when the first and the last of them was recorded."""


def _read(session: GatedSession, *where: Any) -> list[VisitRow]:
    query = select(
        Visit.id,
        Visit.village_id,
        Visit.team_id,
        Visit.household_id,
        Visit.visited_on,
        col(Visit.recorded_at),
        Visit.recorded_by,
    )
    return [VisitRow._make(row) for row in session.exec(query.where(*where))]


def _in_turns(keys: Sequence[Any]) -> Iterator[list[Any]]:
    for first in range(0, len(keys), FEW):
        yield list(keys[first : first + FEW])


def read_same_day(session: GatedSession, where: Any) -> list[VisitRow]:
    """The visits of households that were visited twice on one day."""
    query = (
        select(Visit.household_id, Visit.visited_on)
        .where(where, col(Visit.household_id).is_not(None))
        .group_by(col(Visit.household_id), col(Visit.visited_on))
        .having(func.count() > 1)
    )
    keys = [(home, on) for home, on in session.exec(query)]
    pair = tuple_(col(Visit.household_id), col(Visit.visited_on))
    return [row for some in _in_turns(keys) for row in _read(session, where, pair.in_(some))]


def read_helped(session: GatedSession, visit_ids: Sequence[str]) -> dict[str, Helped]:
    """What some visits were about, and who helped."""
    assists: dict[str, set[tuple[str, str]]] = defaultdict(set)
    members: dict[str, set[int]] = defaultdict(set)
    for some in _in_turns(visit_ids):
        query = select(Assist.visit_id, Assist.kind, Assist.resident_id).where(col(Assist.visit_id).in_(some))
        for visit_id, kind, resident in session.exec(query):
            assists[visit_id or ""].add((kind, resident or ""))
        by = select(VisitMember.visit_id, VisitMember.member_id).where(col(VisitMember.visit_id).in_(some))
        for visit_id, member in session.exec(by):
            members[visit_id].add(member)
    return {one: Helped(frozenset(assists[one]), frozenset(members[one])) for one in visit_ids}


def read_days(session: GatedSession, where: Any) -> list[Day]:
    """Every day of every team: from these few rows it is seen where a day can be wrong at all."""
    query = (
        select(
            Visit.team_id,
            Visit.visited_on,
            func.min(col(Visit.recorded_at)),
            func.max(col(Visit.recorded_at)),
        )
        .where(where)
        .group_by(col(Visit.team_id), col(Visit.visited_on))
    )
    return [(team, on, first, last) for team, on, first, last in session.exec(query)]


def read_odd_days(session: GatedSession, where: Any, days: Sequence[Day], most: int | None) -> list[VisitRow]:
    """Visits recorded before their day, or more than `most` days after it."""
    odd = {
        on
        for _team, on, first, last in days
        if local_day(first) < on or (most is not None and (local_day(last) - on).days > most)
    }
    out: list[VisitRow] = []
    for on in sorted(odd):
        strange = col(Visit.recorded_at) < _midnight(on)
        if most is not None:
            strange = or_(strange, col(Visit.recorded_at) >= _midnight(on + timedelta(days=most + 1)))
        out += _read(session, where, col(Visit.visited_on) == on, strange)
    return out


def _midnight(day: date) -> datetime:
    """The instant a Vietnamese day begins."""
    return datetime.combine(day, time(0, 0), VIETNAM).astimezone(UTC)


def read_before_team(
    session: GatedSession, where: Any, days: Sequence[Day]
) -> Iterator[tuple[VisitRow, date]]:
    """Visits of a day before their team was founded, with that day."""
    earliest: dict[int, date] = {}
    for team, on, _first, _last in days:
        earliest[team] = min(on, earliest.get(team, on))
    for some in _in_turns(sorted(earliest)):
        query = select(Team.id, Team.since).where(col(Team.id).in_(some), Team.since != ALWAYS)
        for team_id, since in session.exec(query):
            if earliest[team_id or 0] < since:
                early = (col(Visit.team_id) == team_id, col(Visit.visited_on) < since)
                yield from ((row, since) for row in _read(session, where, *early))


def read_outside_service(session: GatedSession, where: Any) -> list[tuple[VisitRow, int]]:
    """Visits with members of the team whose known times in it do not hold the day, and how many of them."""
    query = (
        select(Visit.team_id, VisitMember.member_id, func.min(Visit.visited_on), func.max(Visit.visited_on))
        .join(VisitMember, col(VisitMember.visit_id) == Visit.id)
        .where(where)
        .group_by(col(Visit.team_id), col(VisitMember.member_id))
    )
    did = {(team, member): (first, last) for team, member, first, last in session.exec(query)}
    served: dict[tuple[int, int], list[tuple[date, date]]] = defaultdict(list)
    for some in _in_turns(sorted({team for team, _ in did})):
        for stint in session.exec(select(Membership).where(col(Membership.team_id).in_(some))):
            served[stint.team_id, stint.member_id].append((stint.joined or ALWAYS, stint.left or date.max))
    count: dict[VisitRow, int] = defaultdict(int)
    for key, (first, last) in did.items():
        spans = served.get(key, [])
        if not spans or any(begun <= first and last <= end for begun, end in spans):
            continue
        mine = select(VisitMember.visit_id).where(VisitMember.member_id == key[1])
        for row in _read(session, where, col(Visit.team_id) == key[0], col(Visit.id).in_(mine)):
            if not any(begun <= row.visited_on <= end for begun, end in spans):
                count[row] += 1
    return list(count.items())


def read_after_end(session: GatedSession, where: Any, inside: Any) -> Iterator[tuple[VisitRow, date]]:
    """Visits of households that had ended, with the day they did."""
    query = select(Household.id, Household.ended_on).where(
        col(Household.village_id).in_(inside), col(Household.ended_on).is_not(None)
    )
    ended = {key: on for key, on in session.exec(query) if on}
    for some in _in_turns(sorted(ended)):
        for row in _read(session, where, col(Visit.household_id).in_(some)):
            yield row, ended[row.household_id or ""]


def read_sittings(session: GatedSession, where: Any, least: int) -> list[VisitRow]:
    """The visits of accounts and days of recording that hold many visits of several days, and of the days beside (a
    sitting may cross midnight)."""
    day = func.substr(cast(col(Visit.recorded_at), String), 1, 10)
    query = (
        select(Visit.recorded_by, func.min(col(Visit.recorded_at)), func.max(col(Visit.recorded_at)))
        .where(where, col(Visit.recorded_by).is_not(None))
        .group_by(col(Visit.recorded_by), day)
        .having(and_(func.count() >= (least + 1) // 2, func.count(col(Visit.visited_on).distinct()) > 1))
    )
    beside = timedelta(hours=4)
    sat = [
        and_(
            col(Visit.recorded_by) == account,
            col(Visit.recorded_at).between(first - beside, last + beside),
        )
        for account, first, last in session.exec(query)
    ]
    out = {row.id: row for some in _in_turns(sat) for row in _read(session, where, or_(*some))}
    return list(out.values())


def read_often(session: GatedSession, where: Any, days: int) -> list[VisitRow]:
    """The visits of households that were visited on so many days."""
    query = (
        select(Visit.household_id)
        .where(where, col(Visit.household_id).is_not(None))
        .group_by(col(Visit.household_id))
        .having(func.count(col(Visit.visited_on).distinct()) >= days)
    )
    keys = list(session.exec(query))
    return [
        row for some in _in_turns(keys) for row in _read(session, where, col(Visit.household_id).in_(some))
    ]


def read_same_notes(session: GatedSession, where: Any, letters: int, least: int) -> list[list[VisitRow]]:
    """Groups of a team's visits under one note; the words stay in the database."""
    shared = (
        select(Visit.team_id, Visit.note)
        .where(where, func.length(Visit.note) >= letters)
        .group_by(col(Visit.team_id), col(Visit.note))
        .having(func.count() >= least)
        .subquery()
    )
    query = (
        select(Visit.id, Visit.note)
        .join(shared, and_(shared.c.team_id == Visit.team_id, shared.c.note == Visit.note))
        .where(where)
    )
    note_of = dict(session.exec(query).all())
    groups: dict[tuple[int, str], list[VisitRow]] = defaultdict(list)
    for some in _in_turns(sorted(note_of)):
        for row in _read(session, col(Visit.id).in_(some)):
            groups[row.team_id, note_of[row.id]].append(row)
    return list(groups.values())


def read_namesakes(session: GatedSession, inside: Any) -> list[ResidentRow]:
    """Residents who share their name (without marks) with another of their household, or name and birth year with
    another of their village."""
    here = and_(col(Resident.village_id).in_(inside), col(Resident.ended_on).is_(None))
    found: set[ResidentRow] = set()
    shared = (
        (Resident.household_id, Resident.name_fold),
        (Resident.village_id, Resident.name_fold, Resident.birth_year),
    )
    for keys in shared:
        columns = [col(key) for key in keys]
        known = [column.is_not(None) for column in columns]
        query = select(*columns).where(here, *known).group_by(*columns).having(func.count() > 1)
        for some in _in_turns([tuple(key) for key in session.execute(query)]):
            found.update(_read_residents(session, here, tuple_(*columns).in_(some)))
    return list(found)


def _read_residents(session: GatedSession, *where: Any) -> list[ResidentRow]:
    query = select(
        Resident.id,
        Resident.village_id,
        Resident.version,
        Resident.household_id,
        Resident.name_fold,
        Resident.birth_year,
        col(Resident.sex),
    )
    return [ResidentRow._make(row) for row in session.exec(query.where(*where))]
