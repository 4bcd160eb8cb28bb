"""Households, residents and visits as a phone keeps them: the fewest fields that recording help needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import col, select

from tdteam.domain.vocabulary import Contact, Outcome, RecordState
from tdteam.store import settings
from tdteam.store.gate import GatedSession
from tdteam.store.tables import (
    Assist,
    Attainment,
    Filing,
    Household,
    Reached,
    RecordPhoto,
    Resident,
    Visit,
    VisitMember,
)

VISIT_DAYS = 60
_HOUSEHOLD = (
    *("id", "village_id", "kind", "head", "birth_year", "people", "adults", "eid2", "poverty", "smartphone"),
    *("phone", "consent", "consent_method", "consent_on", "note", "version", "changed_at"),
)
_HOUSEHOLD_COLUMNS = [getattr(Household, name) for name in _HOUSEHOLD]
_RESIDENT = ("id", "household_id", "village_id", "name", "birth_year", "sex", "version")
_RESIDENT_COLUMNS = [getattr(Resident, name) for name in _RESIDENT]


def read_households(
    session: GatedSession, villages: Collection[int], since: datetime | None, after: str, limit: int
) -> Sequence[Any]:
    """Households that stand, in order of id: all, or those that changed or were visited since."""
    query = select(*_HOUSEHOLD_COLUMNS).where(
        col(Household.village_id).in_(sorted(villages)),
        col(Household.ended_on).is_(None),
        Household.id > after,
    )
    if since:
        visited = select(Visit.household_id).where(
            col(Visit.village_id).in_(sorted(villages)),
            or_(col(Visit.received_at) > since, col(Visit.ended_at) > since),
        )
        query = query.where(or_(col(Household.changed_at) > since, col(Household.id).in_(visited)))
    return session.execute(query.order_by(Household.id).limit(limit)).all()


def tell(session: GatedSession, found: Sequence[Any], on: date) -> dict[str, Any]:
    """Households and their residents in the words of the wire. Without the power to see names, none are told."""
    ids = [row.id for row in found]
    names = session.scope.names
    year = settings.period_on(session, on).year_code
    reached = set(
        session.scalars(
            select(Reached.household_id).where(
                _in(Reached.household_id, ids), Reached.span == year, Reached.visits > 0
            )
        )
    )
    last: dict[str, date] = dict(
        session.execute(
            select(Visit.household_id, func.max(Visit.visited_on))
            .where(
                _in(Visit.household_id, ids), Visit.state == RecordState.CURRENT, Visit.contact == Contact.MET
            )
            .group_by(col(Visit.household_id))
        ).all()
    )
    done = defaultdict(list)
    query = (
        select(Visit.household_id, Assist.kind)
        .join(Visit, col(Visit.id) == Assist.visit_id)
        .where(
            _in(Visit.household_id, ids), Visit.state == RecordState.CURRENT, Assist.outcome == Outcome.DONE
        )
        .distinct()
    )
    for household_id, kind in session.execute(query):
        done[household_id].append(kind)
    households = [
        {
            **{name: getattr(row, name) for name in _HOUSEHOLD[:11]},
            "head": row.head if names else "",
            "phone": row.phone if names else None,
            "consent": _consent(row),
            "note": row.note if names else "",
            "version": row.version,
            "reached_year": row.id in reached,
            "last_visit": _day(last.get(row.id)),
            "done": sorted(done[row.id]),
        }
        for row in found
    ]
    people = select(*_RESIDENT_COLUMNS).where(
        _in(Resident.household_id, ids), col(Resident.ended_on).is_(None)
    )
    rows = session.execute(people.order_by(Resident.household_id, Resident.id)).all() if ids else []
    return {"households": households, "residents": _residents(session, rows)}


def _in(column: Any, ids: Sequence[str]) -> Any:
    return col(column).in_(ids)


def _consent(row: Any) -> dict[str, Any] | None:
    if row.consent is None:
        return None
    return {"consent": row.consent, "method": row.consent_method, "on": _day(row.consent_on)}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _residents(session: GatedSession, rows: Sequence[Any]) -> list[dict[str, Any]]:
    names = session.scope.names
    attained: dict[str, list[dict[str, Any]]] = defaultdict(list)
    ids = [row.id for row in rows]
    for start in range(0, len(ids), 1000):
        query = select(Attainment).where(_in(Attainment.resident_id, ids[start : start + 1000]))
        for one in session.scalars(query.order_by(Attainment.indicator)):
            attained[one.resident_id].append(
                {"indicator": one.indicator, "on": _day(one.attained_on), "source": one.source}
            )
    return [
        {
            **{name: getattr(row, name) for name in _RESIDENT},
            "name": row.name if names else "",
            "attained": [one["indicator"] for one in attained[row.id]],
            "attainments": attained[row.id],
        }
        for row in rows
    ]


def changed_residents(
    session: GatedSession, villages: Collection[int], since: datetime, told: Collection[str]
) -> list[dict[str, Any]]:
    """Residents changed since whose household did not."""
    query = select(*_RESIDENT_COLUMNS).where(
        col(Resident.village_id).in_(sorted(villages)),
        Resident.changed_at > since,
        col(Resident.ended_on).is_(None),
    )
    rows = session.execute(query.order_by(Resident.id)).all()
    return _residents(session, [row for row in rows if row.id not in told])


def removed_since(session: GatedSession, villages: Collection[int], since: datetime) -> list[str]:
    """Ids of what is no longer there: households and residents that ended, visits superseded or voided, filings voided."""
    inside = sorted(villages)
    queries: list[Any] = [
        select(table.id).where(
            col(table.village_id).in_(inside),
            table.changed_at > since,
            col(table.ended_on).is_not(None),
        )
        for table in (Household, Resident)
    ]
    queries.append(select(Visit.id).where(col(Visit.village_id).in_(inside), col(Visit.ended_at) > since))
    queries.append(select(Filing.id).where(col(Filing.village_id).in_(inside), col(Filing.voided_at) > since))
    return [found for query in queries for found in session.scalars(query)]


def read_visits(
    session: GatedSession, villages: Collection[int], since: datetime | None, on: date
) -> list[dict[str, Any]]:
    """Visits in force of the last sixty days, or those received since, as bodies."""
    query = select(Visit).where(
        col(Visit.village_id).in_(sorted(villages)),
        Visit.state == RecordState.CURRENT,
        Visit.visited_on >= on - timedelta(days=VISIT_DAYS),
    )
    if since:
        query = query.where(Visit.received_at > since)
    return visit_bodies(session, session.scalars(query.order_by(col(Visit.visited_on), col(Visit.id))).all())


def visit_bodies(session: GatedSession, visits: Sequence[Visit]) -> list[dict[str, Any]]:
    """Visits as bodies, with id, root, version and period."""
    ids = [visit.id for visit in visits]
    members, assists, photos = defaultdict(list), defaultdict(list), defaultdict(list)
    for start in range(0, len(ids), 1000):
        part = ids[start : start + 1000]
        for helped in session.scalars(select(VisitMember).where(_in(VisitMember.visit_id, part))):
            members[helped.visit_id].append(helped.member_id)
        for one in session.scalars(select(Assist).where(_in(Assist.visit_id, part)).order_by(Assist.id)):
            filing = {"id": one.filing_id} if one.filing_id else None
            said = {
                name: getattr(one, name)
                for name in ("id", "kind", "outcome", "cause", "people", "resident_id")
            }
            assists[one.visit_id].append({**said, "filing": filing})
        for photo in session.scalars(select(RecordPhoto).where(_in(RecordPhoto.record_id, part))):
            photos[photo.record_id].append(photo.sha256)
    plain = (
        "id",
        "root_id",
        "version",
        "period",
        "village_id",
        "team_id",
        "household_id",
        "place",
        "contact",
        "minutes",
    )
    return [
        {
            **{name: getattr(visit, name) for name in plain},
            "visited_on": _day(visit.visited_on),
            "return_on": _day(visit.return_on),
            "note": visit.note if session.scope.names else "",
            "member_ids": sorted(members[visit.id]),
            "assists": assists[visit.id],
            "photos": photos[visit.id],
        }
        for visit in visits
    ]
