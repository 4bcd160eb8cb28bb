"""The filter of lists of visits: which conditions are walked through, visit by visit, and which answered from their few rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import func, literal_column
from sqlmodel import col, select

from tdteam.domain.vietnamese import fold
from tdteam.domain.vocabulary import Contact, RecordState
from tdteam.store.gate import GatedSession
from tdteam.store.places import ids_inside
from tdteam.store.tables import Assist, Household, Visit, VisitMember

FEW_ASSISTS = 20_000
FEW_HEADS = 500
# Said in the words of the partial indexes, which SQLite takes only for the very same words: no bound values.
_ENDED = col(Visit.state) != literal_column("'current'")
_UNMET = col(Visit.contact) != literal_column("'met'")


def filter_visits(
    query: Any,
    *,
    names: bool,
    area_id: int | None = None,
    commune_id: int | None = None,
    village_id: int | None = None,
    team_id: int | None = None,
    household_id: str | None = None,
    member_id: int | None = None,
    kind: str | None = None,
    outcome: str | None = None,
    contact: str | None = None,
    period: str | None = None,
    since: date | None = None,
    until: date | None = None,
    q: str | None = None,
    state: str | None = None,
    rare: frozenset[str] = frozenset(),
) -> Any:
    """The query with the conditions of a filter; what is None is not asked. `since` and `until` are days, both included.

    `rare` (of `rare_filters`) says which conditions are answered from what matches them, instead of visit by visit.
    """
    same = {
        Visit.village_id: village_id,
        Visit.team_id: team_id,
        Visit.household_id: household_id,
        Visit.period: period,
    }
    query = query.where(*_standing(state, contact))
    query = query.where(*(column == value for column, value in same.items() if value))
    for around in (area_id, commune_id):
        if around:
            query = query.where(col(Visit.village_id).in_(ids_inside(around)))
    if since:
        query = query.where(Visit.visited_on >= since)
    if until:
        query = query.where(Visit.visited_on <= until)
    if member_id:
        helped = select(VisitMember.visit_id).where(VisitMember.member_id == member_id)
        query = query.where(col(Visit.id).in_(helped))
    if kind or outcome:
        query = query.where(_tied(Visit.id, _assisted(kind, outcome), Assist.visit_id, "assists" in rare))
    if q and names:
        query = query.where(_tied(Visit.household_id, _headed(q), Household.id, "heads" in rare))
    return query


def rare_filters(session: GatedSession, **filters: Any) -> frozenset[str]:
    """Which conditions of a filter so few rows meet that the visits are found from those rows: a walk from the newest
    visit back would read all of a province for them (9 s of a million visits). Counting stops where they are many."""
    found = set()
    kind, outcome, village_id = (filters.get(name) for name in ("kind", "outcome", "village_id"))
    if kind or outcome:
        assisted = _assisted(kind, outcome)
        if village_id:
            assisted = assisted.where(Assist.village_id == village_id)
        if _at_most(session, assisted, FEW_ASSISTS):
            found.add("assists")
    if filters.get("q") and session.scope.names and _at_most(session, _headed(filters["q"]), FEW_HEADS):
        found.add("heads")
    return frozenset(found)


def _standing(state: str | None, contact: str | None) -> Iterator[Any]:
    """How a visit stands and how it went. What is seldom has an index of its own, which holds nothing else."""
    yield Visit.state == (state or RecordState.CURRENT)
    if state and state != RecordState.CURRENT:
        yield _ENDED
    if contact:
        yield Visit.contact == contact
        if contact != Contact.MET:
            yield _UNMET


def _tied(key: Any, rows: Any, to: Any, is_rare: bool) -> Any:
    """The visits that some rows belong to, found from those rows, or looked at one visit after the other."""
    return col(key).in_(rows) if is_rare else rows.where(to == key).exists()


def _at_most(session: GatedSession, query: Any, most: int) -> bool:
    ones = query.with_only_columns(literal_column("1").label("one"), maintain_column_froms=True)
    few = ones.limit(most + 1).subquery()
    return int(session.exec(select(func.count()).select_from(few)).one()) <= most


def _assisted(kind: str | None, outcome: str | None) -> Any:
    """Visits of the assists of a kind, an outcome, or both."""
    query: Any = select(Assist.visit_id)
    query = query.where(Assist.kind == kind) if kind else query
    return query.where(Assist.outcome == outcome) if outcome else query


def _headed(q: str) -> Any:
    return select(Household.id).where(col(Household.head_fold).contains(fold(q), autoescape=True))
