"""Short lists that forms choose from: the households of a village, the people of a household."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select

from tdteam.store.gate import GatedSession
from tdteam.store.tables import Household, Resident


@dataclass(frozen=True)
class Head:
    """A household in a select."""

    id: str
    head: str
    birth_year: int | None


def list_heads(session: GatedSession, village_id: int) -> list[Head]:
    """The households a village has now, by the given name of their heads; none where names may not be seen."""
    if not session.scope.names:
        return []
    query = (
        select(Household.id, Household.head, Household.birth_year)
        .where(Household.village_id == village_id, col(Household.ended_on).is_(None))
        .order_by(Household.head_sort, Household.id)
    )
    return [Head(*row) for row in session.exec(query)]


def list_people(session: GatedSession, household_id: str) -> list[tuple[str, str]]:
    """(id, name) of the residents of a household; none where names may not be seen."""
    if not session.scope.names:
        return []
    query = (
        select(Resident.id, Resident.name)
        .where(Resident.household_id == household_id, col(Resident.ended_on).is_(None))
        .order_by(Resident.name_sort, Resident.id)
    )
    return [(resident_id, name) for resident_id, name in session.exec(query)]
