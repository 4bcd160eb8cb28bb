"""A board under the units of another day: its figures follow those units, its teams are those of today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tdteam.domain.coverage import Board, Line
from tdteam.domain.month import TeamStatus
from tdteam.domain.places import Level


def with_teams(then: Board, now: Board) -> Board:
    """`then` with the teams of `now`: what a village's teams sent does not hang on the commune it stood in."""
    known = {line.place_id: line for lines in now.inside.values() for line in lines}

    def of(line: Line) -> Line:
        return _with_villages(line, _villages(then, line), known)

    return replace(
        then,
        whole=_like(then.whole, now.whole),
        communes=tuple(of(line) for line in then.communes),
        inside={place: tuple(of(line) for line in lines) for place, lines in then.inside.items()},
        silent=now.silent,
        teams=now.teams,
        teamless=0,
        drafts=0,
    )


def _villages(board: Board, line: Line) -> Sequence[Line]:
    """The villages of a row: itself, those of a commune, those of a province's communes."""
    if line.level == Level.VILLAGE:
        return [line]
    inside = board.inside.get(line.place_id, ())
    return [village for one in inside for village in _villages(board, one)]


def _with_villages(line: Line, villages: Iterable[Line], known: Mapping[int, Line]) -> Line:
    found = [known[village.place_id] for village in villages if village.place_id in known]
    if line.level == Level.VILLAGE:
        return _like(line, found[0]) if found else line
    return replace(
        line,
        teams=sum(village.teams for village in found),
        last_on=max((village.last_on for village in found if village.last_on), default=None),
        statuses={status: sum(village.statuses.get(status, 0) for village in found) for status in TeamStatus},
        state="",
    )


def _like(line: Line, other: Line) -> Line:
    return replace(line, teams=other.teams, statuses=other.statuses, last_on=other.last_on, state=other.state)
