"""Standings of the places on a board in one indicator, by the board's own road: its figures, targets and communes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tdteam.domain.coverage import Line
from tdteam.domain.indicators import Indicator
from tdteam.domain.places import Level
from tdteam.domain.spread import Standing
from tdteam.store import coverage, indicators
from tdteam.store.coverage_ground import Asked
from tdteam.store.gate import GatedSession


@dataclass(frozen=True)
class Spread:
    """The communes of a board and all their villages, in one indicator, in the board's order of names. `whole`: the
    board's own place."""

    indicator: Indicator
    whole: Standing
    communes: tuple[Standing, ...]
    villages: tuple[Standing, ...]

    def of(self, level: Level) -> tuple[Standing, ...]:
        return self.communes if level is Level.COMMUNE else self.villages


def list_spreadable(session: GatedSession) -> list[Indicator]:
    """The counted indicators a map or ranking can be of: those of the board first, then all others."""
    board = coverage.board_columns(session)
    shown = {one.code for one in board}
    others = [one for one in indicators.list_indicators(session) if one.part and one.code not in shown]
    return [*board, *others]


def read_spread(session: GatedSession, asked: Asked, indicator: Indicator) -> Spread:
    """How an indicator stands in every commune and village of a board."""
    asked = replace(asked, columns=(indicator.code,))
    board = coverage.read_board(session, replace(asked, opened=None))
    communes, villages = [], []
    for line, inside in coverage.read_all_villages(session, asked):
        commune = _standing(line, indicator, line)
        communes.append(commune)
        villages += [_standing(village, indicator, line) for village in inside]
    return Spread(indicator, _standing(board.whole, indicator, None), tuple(communes), tuple(villages))


def _standing(line: Line, one: Indicator, commune: Line | None) -> Standing:
    return Standing(
        place_id=line.place_id,
        name=line.name,
        value=line.values.get(one.code),
        before=line.previous.get(one.code),
        target=line.targets.get(one.code),
        commune_id=commune.place_id if commune else 0,
        commune=commune.name if commune else "",
        is_part=line.known_villages > line.villages or line.is_beyond,
    )
