"""Old tree, new tree: what stood for a unit on another day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import col, select

from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place


def stood_for(session: GatedSession, units: Sequence[Place], on: date) -> tuple[Place, ...]:
    """The units of a day in whose place these came: themselves where they stood already, else those of their level that
    they took over. By name; empty where nothing stood for them."""
    found: dict[int, Place] = {}
    asked = list(units)
    while asked:
        late = []
        for unit in asked:
            if unit.since <= on and (unit.until is None or unit.until > on):
                found[unit.id or 0] = unit
            else:
                late.append(unit)
        asked = _taken_over(session, late) if late else []
    return tuple(sorted(found.values(), key=lambda unit: (unit.name_sort, unit.id or 0)))


def _taken_over(session: GatedSession, units: Sequence[Place]) -> list[Place]:
    levels = {unit.level for unit in units}
    query = select(Place).where(
        col(Place.successor_id).in_([unit.id for unit in units]), col(Place.level).in_(levels)
    )
    return list(session.exec(query))
