"""Reads what tells which villages of a board need help most: the year's figures by village, and why people were not helped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, literal, or_
from sqlalchemy import select as core_select
from sqlmodel import col, select

from tdteam.domain.coverage import LEAD, Board, Line, size_of
from tdteam.domain.coverage_needs import (
    LEVEL_TWO,
    LOOKED_AT,
    SHOWN,
    Need,
    Pace,
    gone_of_year,
    list_needs,
    with_causes,
)
from tdteam.domain.tallies import CAUSES, PEOPLE
from tdteam.store.coverage import BoardReader, read_board
from tdteam.store.coverage_ground import Asked
from tdteam.store.gate import GatedSession
from tdteam.store.places import holds_on
from tdteam.store.prepared import Prepared, any_of
from tdteam.store.tables import ModelVillage, PlaceAncestor, Tally

_tally: Any = Tally.__table__  # type: ignore[attr-defined]
_CAUSES = Prepared(
    core_select(_tally.c.village_id, _tally.c.measure, _tally.c.outcome, func.sum(_tally.c.value))
    .where(
        any_of(_tally.c.village_id, "places"),
        any_of(_tally.c.span, "spans"),
        or_(_tally.c.measure == literal(CAUSES), _tally.c.measure == literal(PEOPLE)),
        _tally.c.value != literal(0),
    )
    .group_by(_tally.c.village_id, _tally.c.measure, _tally.c.outcome)
)
MANY_VILLAGES = 400
"""Villages of a board beyond which its communes are ranked instead: each commune's own board ranks its villages."""


@dataclass(frozen=True)
class Needs:
    """The places that need help most, and whether they are villages or communes; `gone`: percent of the year. `whole` is
    the board's own line of the year."""

    listed: tuple[Need, ...]
    is_villages: bool
    gone: int
    whole: Line


def read_with_needs(session: GatedSession, asked: Asked, today: date) -> tuple[Board, Needs | None]:
    """A board, and the neediest places of it with their reasons, the neediest first; none of a board of one village."""
    near = None if asked.is_country else BoardReader(session, asked)
    board = near.filled() if near else read_board(session, asked)
    if board.whole.villages < 2:
        return board, None
    is_villages = near is not None and board.whole.villages <= MANY_VILLAGES
    year = replace(
        asked,
        year=True,
        is_bare=True,
        order="name",
        columns=(LEAD, LEVEL_TWO),
        opened=None,
        open_ids=frozenset(),
        all_opened=is_villages,
    )
    of_year = BoardReader(session, year, near).filled() if near else read_board(session, year)
    return board, _needs_of(session, of_year, asked, today, is_villages=is_villages)


def _needs_of(session: GatedSession, board: Board, asked: Asked, today: date, *, is_villages: bool) -> Needs:
    """`board`: of the year, all its places open that are ranked."""
    gone = gone_of_year(asked.period, today)
    pace = Pace(gone, size_of(board.whole.lead))
    found = list_needs(_pairs(board, is_villages), pace, today, period_over=asked.period.until <= today)
    if is_villages:
        found = _read_causes(session, asked, found[:LOOKED_AT])
    return Needs(tuple(found[:SHOWN]), is_villages, round(gone * 100), board.whole)


def _pairs(board: Board, is_villages: bool) -> list[tuple[Line, Line | None]]:
    if not is_villages:
        return [(line, None) for line in board.communes]
    return [(village, line) for line in board.communes for village in board.inside.get(line.place_id, ())]


def _read_causes(session: GatedSession, asked: Asked, needs: Sequence[Need]) -> list[Need]:
    """Why people of these villages were not helped this year."""
    ids = [need.line.place_id for need in needs]
    if not ids:
        return []
    months = [month.code for month in asked.period.of_year_so_far()]
    causes: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    people: dict[int, int] = defaultdict(int)
    for village, measure, outcome, value in _CAUSES.ask(
        session, {"places": ids, "spans": months}, places=ids
    ):
        if measure == CAUSES:
            causes[village][outcome] += int(value)
        else:
            people[village] += int(value)
    return with_causes(needs, causes, people)


def list_model_villages(session: GatedSession, place_id: int, on: date) -> set[int]:
    """The villages of a place that are to become a model, not given up on."""
    inside = select(PlaceAncestor.place_id).where(
        col(PlaceAncestor.ancestor_id) == place_id, holds_on(PlaceAncestor, on)
    )
    query = select(ModelVillage.village_id).where(
        col(ModelVillage.village_id).in_(inside), col(ModelVillage.ended_on).is_(None)
    )
    return set(session.exec(query))
