"""Pages of rows for machines, in the order of their ids: places, targets, villages, seals."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import exists, or_
from sqlalchemy.orm import defer
from sqlmodel import col, select

from tdteam.domain.places import Level
from tdteam.store.gate import GatedSession
from tdteam.store.paging import Page, read_page
from tdteam.store.places import holds_on, ids_inside
from tdteam.store.tables import Paper, Place, PlaceParent, Sealing, Target

_ISSUED = exists().where(col(Paper.sealing_id) == col(Sealing.id))
STATES: dict[str, Any] = {
    "sealed": col(Sealing.ended).is_(None) & ~_ISSUED,
    "issued": col(Sealing.ended).is_(None) & _ISSUED,
    "unsealed": col(Sealing.ended) == "unsealed",
    "replaced": col(Sealing.ended) == "replaced",
}


def _page(
    session: GatedSession, query: Any, table: Any, after: str | None, limit: int, *, falling: bool = False
) -> Page[Any]:
    return read_page(
        lambda ordered: session.exec(ordered).all(),
        query,
        (col(table.id),),
        (int,),
        key=lambda row: (row.id,),
        after=after,
        before=None,
        limit=limit,
        falling=falling,
    )


def page_places(
    session: GatedSession,
    *,
    on: date,
    level: str | None,
    inside: int | None,
    after: str | None,
    limit: int,
) -> Page[Place]:
    """Places the scope reaches that stood on a day."""
    query = select(Place).where(holds_on(Place, on))
    if level:
        query = query.where(Place.level == level)
    if inside:
        query = query.where(col(Place.id).in_(ids_inside(inside, on)))
    return _page(session, query, Place, after, limit)


def page_villages(
    session: GatedSession, inside: int, on: date, *, after: str | None, limit: int
) -> Page[Place]:
    """Villages inside a place on a day, ended ones too: what they counted is their own."""
    query = select(Place).where(col(Place.id).in_(ids_inside(inside, on)), Place.level == Level.VILLAGE)
    return _page(session, query, Place, after, limit)


def page_targets(
    session: GatedSession,
    *,
    place: int | None,
    span: str | None,
    indicator: str | None,
    after: str | None,
    limit: int,
) -> Page[Target]:
    """Targets set inside the scope or above it."""
    query = select(Target)
    for column, wanted in ((Target.place_id, place), (Target.span, span), (Target.indicator, indicator)):
        if wanted is not None:
            query = query.where(column == wanted)
    return _page(session, query, Target, after, limit)


def page_seals(
    session: GatedSession,
    *,
    place: int | None,
    span: str | None,
    state: str | None,
    after: str | None,
    limit: int,
) -> Page[Sealing]:
    """Seals of the scope's communes and areas, newest first, without their snapshots."""
    query = _seals().options(defer(Sealing.snapshot), defer(Sealing.counted))  # type: ignore[arg-type]
    if place is not None:
        query = query.where(Sealing.commune_id == place)
    if span is not None:
        query = query.where(Sealing.period == span)
    if state is not None:
        query = query.where(STATES[state])
    return _page(session, _seen(session, query), Sealing, after, limit, falling=True)


def find_seal(session: GatedSession, sealing_id: int) -> Sealing | None:
    """One seal the scope sees."""
    found: Sealing | None = session.exec(_seen(session, _seals().where(Sealing.id == sealing_id))).first()
    return found


def _seals() -> Any:
    return select(Sealing).join(Place, col(Place.id) == Sealing.commune_id)


def _seen(session: GatedSession, query: Any) -> Any:
    """A commune's seal from below too, as its report's page; an area's or province's by who looks over all of it."""
    return query.where(or_(col(Place.level) == Level.COMMUNE, col(Place.id).in_(sorted(session.inside_ids))))


def parents_of(session: GatedSession, ids: Collection[int]) -> dict[int, list[PlaceParent]]:
    """The edges above some places, the eldest first; those to places the scope does not reach are left out."""
    query = (
        select(PlaceParent)
        .join(Place, col(Place.id) == PlaceParent.parent_id)
        .where(col(PlaceParent.place_id).in_(ids))
        .order_by(col(PlaceParent.since), col(PlaceParent.parent_id))
    )
    out: dict[int, list[PlaceParent]] = {one: [] for one in ids}
    for row in session.exec(query):
        out[row.place_id].append(row)
    return out


def places_by_id(session: GatedSession, ids: Collection[int]) -> dict[int, Place]:
    """Places of the scope by id."""
    return {
        place.id or 0: place for place in session.exec(select(Place).where(col(Place.id).in_(sorted(ids))))
    }


def papers_of(session: GatedSession, sealing_ids: Sequence[int]) -> dict[int, list[Paper]]:
    """The issued papers of some seals, without their bytes."""
    query = (
        select(Paper)
        .where(col(Paper.sealing_id).in_(sealing_ids))
        .order_by(Paper.form)
        .options(defer(Paper.body))  # type: ignore[arg-type]
    )
    out: dict[int, list[Paper]] = {one: [] for one in sealing_ids}
    for row in session.exec(query):
        out[row.sealing_id].append(row)
    return out
