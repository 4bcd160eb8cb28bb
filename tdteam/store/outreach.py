"""The commune's outreach calendar: plans by day, each with the villages it is for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Outreach, OutreachVillage, Place


@dataclass(frozen=True)
class OutreachLine:
    """A plan and the villages of the scope it is for: (id, name)."""

    plan: Outreach
    villages: tuple[tuple[int, str], ...]


def list_outreach(
    session: GatedSession, since: date, until: date, *, village_id: int | None = None
) -> list[OutreachLine]:
    """Plans for villages of the scope from a day to before another, in the order they come."""
    inside = select(OutreachVillage.outreach_id)
    if village_id:
        inside = inside.where(OutreachVillage.village_id == village_id)
    query = (
        select(Outreach)
        .where(Outreach.held_on >= since, Outreach.held_on < until, col(Outreach.id).in_(inside))
        .order_by(col(Outreach.held_on), col(Outreach.starts), col(Outreach.id))
    )
    return lines_of(session, session.exec(query).all())


def lines_of(session: GatedSession, plans: Sequence[Outreach]) -> list[OutreachLine]:
    """Plans with the names of their villages, in Vietnamese order."""
    query = (
        select(OutreachVillage.outreach_id, Place.id, Place.label)
        .join(Place, col(Place.id) == OutreachVillage.village_id)
        .where(col(OutreachVillage.outreach_id).in_([plan.id for plan in plans]))
        .order_by(col(Place.name_sort), col(Place.id))
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for outreach_id, village_id, label in session.execute(query):
        found.setdefault(outreach_id, []).append((village_id, label))
    return [OutreachLine(plan, tuple(found.get(plan.id or 0, ()))) for plan in plans]


def get_outreach(session: GatedSession, outreach_id: int) -> Outreach:
    """A plan of a commune that lies wholly inside the scope, held until the transaction ends where one writes; NotFound."""
    query = select(Outreach).where(Outreach.id == outreach_id)
    row = session.exec(query.with_for_update() if session.is_writing else query).first()
    if row is None or not session.permits(row.commune_id):
        raise NotFound
    return row


def set_villages(session: GatedSession, outreach_id: int, village_ids: Collection[int]) -> bool:
    """Make these the villages a plan is for; whether that changed anything."""
    rows = session.exec(select(OutreachVillage).where(OutreachVillage.outreach_id == outreach_id)).all()
    held = {row.village_id for row in rows}
    for row in rows:
        if row.village_id not in village_ids:
            session.delete(row)
    for village_id in sorted(set(village_ids) - held):
        session.add(OutreachVillage(outreach_id=outreach_id, village_id=village_id))
    session.flush()
    return held != set(village_ids)
