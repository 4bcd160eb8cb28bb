"""Residents of households and what each has attained; what a household's list says in place of its counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, exists, func
from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.domain.residents import EID2, HEALTH_BOOK, LEVEL2_AGE
from tdteam.domain.vocabulary import Source
from tdteam.store import bulk
from tdteam.store.gate import BY_KEY, GatedSession
from tdteam.store.tables import Attainment, Household, Indicator, Resident


@dataclass(frozen=True)
class Attained:
    """Something attained: an indicator's code, since when (unknown: None), by whose word."""

    indicator: str
    on: date | None
    source: str


@dataclass(frozen=True)
class ResidentLine:
    """A person of a household; `name` and `birth_year` are None where the session may not see names.
    `of_age`: 14 and over (may have level 2); None where no birth year was written down."""

    id: str
    name: str | None
    birth_year: int | None
    of_age: bool | None
    sex: str | None
    attained: tuple[Attained, ...]
    ended_on: date | None
    ended_why: str
    version: int

    def has(self, indicator: str) -> bool:
        return any(one.indicator == indicator for one in self.attained)


@dataclass(frozen=True)
class Sums:
    """What a household's list of residents says."""

    people: int
    adults: int
    eid2: int
    health_book: int


def is_adult(day: date) -> Any:
    """The condition that a resident is 14 or over in the year of a day, as level 2 asks (Decree 69/2024 art. 7)."""
    return col(Resident.birth_year) <= day.year - LEVEL2_AGE


def _has(indicator: str) -> Any:
    return exists().where(col(Attainment.resident_id) == Resident.id, col(Attainment.indicator) == indicator)


def listed() -> Any:
    """The condition that a household has a list of residents; its own counts then no longer serve."""
    return exists().where(col(Resident.household_id) == Household.id, col(Resident.ended_on).is_(None))


def without_level2(day: date) -> Any:
    """The condition that somebody on a household's list is 14 or over and without level 2."""
    return exists().where(
        col(Resident.household_id) == Household.id,
        col(Resident.ended_on).is_(None),
        is_adult(day),
        ~_has(EID2),
    )


def sums_of(session: GatedSession, household_ids: Sequence[str], day: date) -> dict[str, Sums]:
    """The sums of those households that have a list."""
    of_age = is_adult(day)
    query = (
        select(
            Resident.household_id,
            func.count(),
            func.sum(case((of_age, 1), else_=0)),
            func.sum(case((and_(of_age, _has(EID2)), 1), else_=0)),
            func.sum(case((_has(HEALTH_BOOK), 1), else_=0)),
        )
        .where(col(Resident.household_id).in_(household_ids), col(Resident.ended_on).is_(None))
        .group_by(Resident.household_id)
    )
    rows = session.exec(query, execution_options=BY_KEY)
    return {row[0]: Sums(*(int(figure) for figure in row[1:])) for row in rows}


def list_residents(
    session: GatedSession, household_id: str, day: date, *, ended: bool = False
) -> list[ResidentLine]:
    """The people of a household: the eldest first, unknown birth years last; those who left only on request."""
    query = (
        select(Resident)
        .where(Resident.household_id == household_id)
        .order_by(
            col(Resident.ended_on).is_not(None),
            col(Resident.birth_year).is_(None),
            col(Resident.birth_year),
            col(Resident.name_sort),
            col(Resident.id),
        )
    )
    if not ended:
        query = query.where(col(Resident.ended_on).is_(None))
    rows = session.exec(query).all()
    attained = attained_by(session, [row.id for row in rows])
    return [line_of(session, row, attained[row.id], day) for row in rows]


def line_of(session: GatedSession, row: Resident, attained: Sequence[Attained], day: date) -> ResidentLine:
    """A resident's row as a line."""
    names = session.scope.names
    return ResidentLine(
        id=row.id,
        name=row.name if names else None,
        birth_year=row.birth_year if names else None,
        of_age=None if row.birth_year is None else row.birth_year <= day.year - LEVEL2_AGE,
        sex=row.sex,
        attained=tuple(attained),
        ended_on=row.ended_on,
        ended_why=row.ended_why,
        version=row.version,
    )


def attained_by(session: GatedSession, resident_ids: Iterable[str]) -> defaultdict[str, list[Attained]]:
    """What each of some residents has attained."""
    query = select(Attainment).where(col(Attainment.resident_id).in_(list(resident_ids)))
    out: defaultdict[str, list[Attained]] = defaultdict(list)
    for row in session.exec(query.order_by(col(Attainment.id)), execution_options=BY_KEY):
        out[row.resident_id].append(Attained(row.indicator, row.attained_on, row.source))
    return out


def attainments_of(session: GatedSession, resident_id: str) -> Sequence[Attainment]:
    """The rows to change."""
    return session.exec(select(Attainment).where(Attainment.resident_id == resident_id)).all()


def get_resident(session: GatedSession, household_id: str, resident_id: str) -> Resident:
    """A person of a household, or NotFound; held until the transaction ends where one writes."""
    query = select(Resident).where(Resident.id == resident_id, Resident.household_id == household_id)
    row = session.exec(query.with_for_update() if session.is_writing else query).first()
    if row is None:
        raise NotFound
    return row


def attainable(session: GatedSession) -> dict[str, str]:
    """Code -> words of what a resident can attain: level 2, and whatever the catalogue's indicators count as attained."""
    query = (
        select(Indicator)
        .where(col(Indicator.is_active), Indicator.source == Source.COUNTED)
        .order_by(col(Indicator.sort), col(Indicator.code))
    )
    out: dict[str, str] = {}
    for row in session.exec(query):
        for part in row.part or []:
            codes = [EID2] if part.get("measure") == "eid2" else part.get("kind") or []
            if part.get("measure") in ("eid2", "attained"):
                for code in codes:
                    out.setdefault(str(code), row.part_name or row.short_name or row.name)
    return out


def rows_of(session: GatedSession, household_id: str) -> Sequence[Resident]:
    """All people ever of a household, as rows to change."""
    return session.exec(select(Resident).where(Resident.household_id == household_id)).all()


def is_taken(session: GatedSession, resident_id: str) -> bool:
    """Whether a person with this id is there, seen or not."""
    table = Resident.__table__  # type: ignore[attr-defined]
    return bulk.run(session, table.select().where(table.c.id == resident_id), places=()).first() is not None
