"""Promised returns: whom a team said it would come back to, and has not been to since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import aliased
from sqlmodel import col, select

from tdteam.domain.vocabulary import RecordState
from tdteam.store.gate import GatedSession
from tdteam.store.places import ids_inside
from tdteam.store.tables import Household, Place, Visit

RETURNS_SHOWN = 60  # days: an older promise is no longer a plan


@dataclass(frozen=True)
class ReturnLine:
    """A household a team promised to come back to, and has not been to since."""

    visit_id: str
    household_id: str
    household: str | None
    village: str
    return_on: date


def list_returns(session: GatedSession, place_id: int, until: date, limit: int = 20) -> list[ReturnLine]:
    """Promised returns up to a day, the longest due first; one visit to the household since keeps the promise."""
    later = aliased(Visit)
    kept = select(later.id).where(
        later.household_id == Visit.household_id,
        later.state == RecordState.CURRENT,
        later.visited_on > Visit.visited_on,
    )
    query = (
        select(Visit.id, Visit.household_id, Household.head, Place.label, Visit.return_on)
        .join(Place, col(Place.id) == Visit.village_id)
        .join(Household, col(Household.id) == Visit.household_id)
        .where(
            Visit.state == RecordState.CURRENT,
            col(Visit.village_id).in_(ids_inside(place_id)),
            col(Visit.return_on).is_not(None),
            col(Visit.return_on) <= until,
            col(Visit.return_on) > until - timedelta(days=RETURNS_SHOWN),
            ~kept.exists(),
        )
        .order_by(col(Visit.return_on), Visit.id)
        .limit(limit)
    )
    names = session.scope.names
    return [
        ReturnLine(visit_id, household_id, head if names else None, village, day)
        for visit_id, household_id, head, village, day in session.exec(query)
    ]
