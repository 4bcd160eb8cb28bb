"""Targets of places: read for a year, set, taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlmodel import col, select

from tdteam.domain.periods import today
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Target

Key = tuple[int, str]
"""Place and indicator."""


def read_targets(session: GatedSession, places: Sequence[int], span: str) -> dict[Key, int]:
    """The targets of some places for a span, in hundredths of a percent."""
    query = select(Target).where(col(Target.place_id).in_(places), Target.span == span)
    return {(row.place_id, row.indicator): row.value for row in session.exec(query)}


def write_targets(session: GatedSession, span: str, values: Mapping[Key, int | None]) -> list[Key]:
    """Set targets (None takes one away); answers what changed. NotFound for a place outside the scope."""
    for place, _ in values:
        session.demand(place)
    query = select(Target).where(
        col(Target.place_id).in_({place for place, _ in values}), Target.span == span
    )
    known = {(row.place_id, row.indicator): row for row in session.exec(query)}
    changed = []
    for key, value in sorted(values.items()):
        row = known.get(key)
        if (row.value if row else None) == value:
            continue
        changed.append(key)
        if row is not None and value is None:
            session.delete(row)
            continue
        row = row or Target(place_id=key[0], indicator=key[1], span=span, value=0, set_on=today())
        row.value, row.set_on, row.set_by = value or 0, today(), session.scope.actor.account_id
        session.add(row)
    session.flush()
    return changed
