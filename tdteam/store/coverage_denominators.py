"""Reads what villages and communes declared of their households and adults, where no registry tells it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlmodel import col, select

from tdteam.domain.coverage import Board
from tdteam.domain.coverage_denominators import (
    ADULTS_DECLARED,
    HOUSEHOLDS_DECLARED,
    Told,
    add_up,
    with_declared,
)
from tdteam.domain.places import Level
from tdteam.domain.tallies import EID2_OF, HOUSEHOLDS
from tdteam.store.coverage_ground import Asked
from tdteam.store.gate import GatedSession
from tdteam.store.places import holds_on, ids_inside
from tdteam.store.sums import by_village, sum_stock
from tdteam.store.tables import Declared, Place, PlaceAncestor

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
    """The newest numbers up to the period's end, by place."""
    query = (
        select(Declared)
        .where(
            col(Declared.indicator).in_(CODES),
            col(Declared.place_id).in_(ids_inside(asked.place_id, asked.on)),
            col(Declared.team_id).is_(None),
            col(Declared.superseded_at).is_(None),
            col(Declared.as_of) <= asked.period.last_day,
        )
        .order_by(col(Declared.as_of), col(Declared.id))
    )
    out: dict[int, dict[str, Told]] = defaultdict(dict)
    for row in session.exec(query):
        if row.as_of:
            out[row.place_id][row.indicator] = Told(row.part, row.as_of)
    return out


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
