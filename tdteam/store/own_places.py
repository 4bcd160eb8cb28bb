"""What an account begins from: its own places and the areas inside its provinces. They are its scope, so nothing has to
be looked for in it: of a country that would be every village."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from tdteam.domain.places import Level
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.places import holds_on
from tdteam.store.tables import Place, PlaceParent


def own_places(session: GatedSession) -> list[Place]:
    """The scope's roots, the first made first."""
    query = select(Place).where(col(Place.id).in_(sorted(session.scope.roots))).order_by(col(Place.id))
    return list(bulk.run(session, query, places=()).scalars())


def own_areas(session: GatedSession) -> list[Place]:
    """The areas that stand today right below the scope's provinces, in Vietnamese order."""
    query = (
        select(Place)
        .join(PlaceParent, col(PlaceParent.place_id) == Place.id)
        .where(
            col(PlaceParent.parent_id).in_(sorted(session.scope.roots)),
            col(Place.level) == Level.AREA,
            holds_on(PlaceParent, session.scope.day),
            holds_on(Place, session.scope.day),
        )
        .order_by(col(Place.name_sort), col(Place.id))
    )
    return list(bulk.run(session, query, places=()).scalars())


def with_areas(session: GatedSession) -> list[Place]:
    """The scope's own places; where a province is among them, these first and its areas last. Boards begin from each."""
    own = own_places(session)
    provinces = [place for place in own if place.level == Level.PROVINCE]
    if not provinces:
        return own
    rest = [place for place in own if place.level != Level.PROVINCE]
    seen = {place.id for place in own}
    return [*provinces, *rest, *(area for area in own_areas(session) if area.id not in seen)]
