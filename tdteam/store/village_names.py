"""The villages of a scope in the order people read them, ended ones too: households stay under the name they were
written down with, and follow a merged village into its new commune."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_
from sqlmodel import col, select

from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.store.gate import GatedSession
from tdteam.store.places import holds_on, ids_inside
from tdteam.store.tables import Place, PlaceAncestor


@dataclass(frozen=True)
class VillageName:
    """A village, also an ended one whose households are still under its name, and its commune of today."""

    id: int
    label: str
    commune_id: int
    commune: str


def list_village_names(session: GatedSession, inside: int | None = None) -> list[VillageName]:
    """The villages of the scope (or of a place), ended ones too, by commune and name in Vietnamese order."""
    day = today()
    commune = Place.__table__.alias("commune")  # type: ignore[attr-defined]
    query = (
        select(Place.id, Place.label, commune.c.id, commune.c.name)
        .join(PlaceAncestor, col(PlaceAncestor.place_id) == Place.id)
        .join(commune, commune.c.id == PlaceAncestor.ancestor_id)
        .where(
            Place.level == Level.VILLAGE,
            commune.c.level == Level.COMMUNE,
            or_(commune.c.until.is_(None), commune.c.until > day),
            holds_on(PlaceAncestor, day),
        )
        .order_by(commune.c.name_sort, commune.c.id, Place.name_sort, Place.label, col(Place.id))
    )
    if inside is not None:
        query = query.where(col(Place.id).in_(ids_inside(inside, day)))
    if not session.scope.is_everywhere:
        query = query.where(col(Place.id).in_(session.inside_ids))
    return [VillageName(*row) for row in session.exec(query)]
