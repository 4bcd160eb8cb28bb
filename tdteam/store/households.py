"""Households: finding one, those that might be the same, a search."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_
from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.domain.vietnamese import fold
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.household_list import HouseholdLine, lines_of, matching
from tdteam.store.paging import nearness
from tdteam.store.tables import Household
from tdteam.store.village_names import list_village_names


def get_household(session: GatedSession, household_id: str) -> Household:
    """A household of the scope, or NotFound; held until the transaction ends where one writes."""
    query = select(Household).where(Household.id == household_id)
    row = session.exec(query.with_for_update() if session.is_writing else query).first()
    if row is None:
        raise NotFound
    return row


def line_of(session: GatedSession, row: Household) -> HouseholdLine:
    """A household's row as a line."""
    return lines_of(session, [row], list_village_names(session, row.village_id))[0]


def find_twins(
    session: GatedSession, village_id: int, head: str, birth_year: int | None, *, but: str | None = None
) -> list[HouseholdLine]:
    """Households of a village whose head has the same name (marks aside) and whose birth years do not differ."""
    query = select(Household).where(
        Household.village_id == village_id,
        Household.head_fold == fold(head),
        col(Household.ended_on).is_(None),
    )
    if birth_year is not None:
        query = query.where(or_(col(Household.birth_year).is_(None), col(Household.birth_year) == birth_year))
    if but is not None:
        query = query.where(Household.id != but)
    rows: Sequence[Household] = session.exec(query.order_by(col(Household.id)).limit(5)).all()
    return lines_of(session, rows, list_village_names(session, village_id)) if rows else []


def search_households(session: GatedSession, q: str, limit: int = 10) -> list[HouseholdLine]:
    """Households in force whose head's name or phone holds `q`, exact spellings first."""
    where = matching(session, q)
    if not where:
        return []
    exact = nearness(col(Household.head), col(Household.head_fold), q.strip(), fold(q))
    query = select(Household).where(*where, col(Household.ended_on).is_(None))
    rows = session.exec(query.order_by(exact, col(Household.head_sort), col(Household.id)).limit(limit)).all()
    return lines_of(session, rows, list_village_names(session)) if rows else []


def is_taken(session: GatedSession, household_id: str) -> bool:
    """Whether a household with this id is there, seen or not."""
    table = Household.__table__  # type: ignore[attr-defined]
    return bulk.run(session, table.select().where(table.c.id == household_id), places=()).first() is not None
