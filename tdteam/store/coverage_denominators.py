"""Reads what villages and communes declared of their households and adults, where no registry tells it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, bindparam, literal, or_
from sqlalchemy import select as core_select
from sqlmodel import col, select

from tdteam.domain.coverage import Board
from tdteam.domain.coverage_denominators import (
    ADULTS_DECLARED,
    HOUSEHOLDS_DECLARED,
    Told,
    add_up,
    with_declared,
)
from tdteam.domain.periods import Period
from tdteam.domain.places import Level
from tdteam.domain.tallies import EID2_OF, HOUSEHOLDS
from tdteam.store.coverage_ground import Asked
from tdteam.store.gate import GatedSession
from tdteam.store.inbox import utc
from tdteam.store.places import holds_on, ids_inside
from tdteam.store.prepared import Prepared, any_of
from tdteam.store.sums import by_village, sum_stock
from tdteam.store.tables import Declared, Place, PlaceAncestor, Sealing
from tdteam.store.team_months import tree_day

CODES = (HOUSEHOLDS_DECLARED, ADULTS_DECLARED)
_COUNTED = {HOUSEHOLDS_DECLARED: HOUSEHOLDS, ADULTS_DECLARED: EID2_OF}


def fill_denominators(session: GatedSession, asked: Asked, board: Board) -> Board:
    """The board of one place with declared denominators where the registry has none. Nearly always nothing is declared,
    and one question tells so."""
    told = _read_told(session, asked)
    if not told:
        return board
    villages = _of_level(session, told, Level.VILLAGE)
    communes = _of_level(session, told, Level.COMMUNE)
    known = sum_stock(
        session, ids_inside(asked.place_id, asked.on), asked.period, set(_COUNTED.values()), by_village()
    )
    has = {(village, row.measure) for village, rows in known.items() for row in rows if row.value}
    around = _communes_of(session, asked)
    going: dict[int, dict[str, list[Told]]] = defaultdict(lambda: defaultdict(list))
    for code, measure in _COUNTED.items():
        covered = {around.get(village) for village, found in has if found == measure}
        for village in villages:
            if code in told[village] and (village, measure) not in has:
                covered.add(around.get(village))
                for row in {village, around.get(village, 0), asked.place_id}:
                    going[row][code].append(told[village][code])
        for commune in communes - covered:
            if code in told[commune]:
                for row in {commune, asked.place_id}:
                    going[row][code].append(told[commune][code])
    counts = {
        row: {code: found for code, listed in codes.items() if (found := add_up(listed))}
        for row, codes in going.items()
    }
    return with_declared(board, board.columns, counts)


def _read_told(session: GatedSession, asked: Asked) -> dict[int, dict[str, Told]]:
    """The newest numbers up to the period's end, by place. Where the commune's figures of the period are sealed, those that
    were in force at that moment: what is declared later, for whatever day, moves nothing beside the sealed paper."""
    values = {"place": asked.place_id, "day": asked.on, "until": asked.period.last_day}
    rows = [row for row in _TOLD.ask(session, values, places=()) if session.permits(row[0])]
    if not rows:
        return {}
    sealed = _sealed(session, asked, {row[0] for row in rows})
    out: dict[int, dict[str, Told]] = defaultdict(dict)
    for place, indicator, count, as_of, begun, ended in rows:
        if _stood(begun, ended, sealed.get(place)):
            out[place][indicator] = Told(count, as_of)
    return out


def _stood(begun: datetime, ended: datetime | None, moment: datetime | None) -> bool:
    """Whether a number stood at a moment, or stands now."""
    if moment is None:
        return ended is None
    return utc(begun) <= moment and (ended is None or utc(ended) > moment)


def _sealed(session: GatedSession, asked: Asked, places: set[int]) -> dict[int, datetime]:
    """When the figures of the commune of each place were sealed for the period, where they are. An area's consolidated
    report seals sums of such seals, and decides nothing here."""
    values = {"places": sorted(places), "day": tree_day(asked.period), "period": asked.period.code}
    return {place: utc(moment) for place, moment in _SEALED.ask(session, values, places=())}


def has_declared(session: GatedSession, roots: Iterable[int], on: date, period: Period) -> set[int]:
    """The places in which such a number stands for some period up to this one."""
    values = {"roots": list(roots), "day": on, "until": period.last_day}
    return {root for (root,) in _HAS.ask(session, values, places=())}


_row: Any = Declared.__table__  # type: ignore[attr-defined]
_reach: Any = PlaceAncestor.__table__  # type: ignore[attr-defined]
_place: Any = Place.__table__  # type: ignore[attr-defined]
_sealing: Any = Sealing.__table__  # type: ignore[attr-defined]
_DATED = (
    or_(*(_row.c.indicator == literal(code) for code in CODES)),
    _row.c.team_id.is_(None),
    _row.c.as_of <= bindparam("until", type_=Date()),
)
_HAS = Prepared(
    core_select(_reach.c.ancestor_id)
    .select_from(_row)
    .join(_reach, _reach.c.place_id == _row.c.place_id)
    .where(
        any_of(_reach.c.ancestor_id, "roots"),
        holds_on(_reach.c, bindparam("day", type_=Date())),
        _row.c.superseded_at.is_(None),
        *_DATED,
    )
    .distinct()
)
_TOLD = Prepared(
    core_select(
        _row.c.place_id,
        _row.c.indicator,
        _row.c.part,
        _row.c.as_of,
        _row.c.declared_at,
        _row.c.superseded_at,
    )
    .where(
        *_DATED,
        _row.c.place_id.in_(
            core_select(_reach.c.place_id).where(
                _reach.c.ancestor_id == bindparam("place"), holds_on(_reach.c, bindparam("day", type_=Date()))
            )
        ),
    )
    .order_by(_row.c.as_of, _row.c.id)
)
_SEALED = Prepared(
    core_select(_reach.c.place_id, _sealing.c.sealed_at)
    .join(_sealing, _sealing.c.commune_id == _reach.c.ancestor_id)
    .join(_place, _place.c.id == _sealing.c.commune_id)
    .where(
        _place.c.level == Level.COMMUNE.value,
        any_of(_reach.c.place_id, "places"),
        holds_on(_reach.c, bindparam("day", type_=Date())),
        _sealing.c.period == bindparam("period"),
        _sealing.c.ended.is_(None),
    )
)


def _of_level(session: GatedSession, places: Iterable[int], level: Level) -> set[int]:
    query = select(Place.id).where(col(Place.id).in_(list(places)), Place.level == level)
    return {place or 0 for place in session.exec(query)}


def _communes_of(session: GatedSession, asked: Asked) -> dict[int, int]:
    """Village -> commune of the board's day."""
    query = (
        select(PlaceAncestor.place_id, PlaceAncestor.ancestor_id)
        .join(Place, col(Place.id) == PlaceAncestor.ancestor_id)
        .where(
            col(PlaceAncestor.place_id).in_(ids_inside(asked.place_id, asked.on)),
            Place.level == Level.COMMUNE,
            holds_on(PlaceAncestor, asked.on),
            holds_on(Place, asked.on),
        )
    )
    return {village: commune for village, commune in session.exec(query) if village != commune}
