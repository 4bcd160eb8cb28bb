"""Old tree, new tree: what stood for a unit on another day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlmodel import col, select

from tdteam.domain.coverage import LEAD, Board, add_lines, sort_lines
from tdteam.domain.coverage_units import with_teams
from tdteam.domain.places import Level
from tdteam.store.coverage import read_board
from tdteam.store.coverage_ground import Asked
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


def read_under(session: GatedSession, asked: Asked, place: Place, today: date) -> Board:
    """The board of today's `place` under the units of another day (`asked.on`): the same villages, and so the same totals.
    Teams are those of today: they stood in no tree of theirs."""
    wide = replace(asked, all_opened=True)
    then = _read_communes(session, wide) if _is_of_communes(asked) else read_board(session, wide)
    now = read_board(
        session,
        replace(asked, place=place, roots=(), on=today, all_opened=True, columns=(LEAD,), order="name"),
    )
    return with_teams(then, now)


def _is_of_communes(asked: Asked) -> bool:
    return bool(asked.roots) and asked.roots[0].level == Level.COMMUNE


def _read_communes(session: GatedSession, asked: Asked) -> Board:
    """Several communes as rows: those that one of today came from."""
    boards = [read_board(session, replace(asked, place=root, roots=())) for root in asked.roots]
    return Board(
        period=asked.period,
        columns=boards[0].columns,
        whole=add_lines([board.whole for board in boards]),
        communes=sort_lines([line for board in boards for line in board.communes], asked.order),
        inside={place: lines for board in boards for place, lines in board.inside.items()},
    )
