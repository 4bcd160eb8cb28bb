"""Denominators of a board where a village has no registry: the households or adults that somebody declared, with the day.

A village's registry stands before its own declaration, and that before what its commune declared as a whole. What is
declared is marked on every row it goes into, and never mixed in silently. A row that holds some has no trend: the periods
before were counted otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from tdteam.domain.coverage import Board, Line
from tdteam.domain.indicators import PERCENT, Indicator
from tdteam.domain.shares import Share, Value
from tdteam.domain.tallies import ADULTS, EID2_OF, HOUSEHOLDS

HOUSEHOLDS_DECLARED, ADULTS_DECLARED = "HOUSEHOLDS_DECLARED", "ADULTS_DECLARED"
_FOR = {HOUSEHOLDS: HOUSEHOLDS_DECLARED, EID2_OF: ADULTS_DECLARED, ADULTS: ADULTS_DECLARED}


@dataclass(frozen=True)
class Told:
    """A number somebody declared of a place, as of a day."""

    count: int
    as_of: date


Counts = Mapping[int, Mapping[str, Told]]
"""Place -> declared indicator -> the newest number."""


def declared_for(one: Indicator) -> str | None:
    """The declared indicator that can stand in for a share's denominator; None where none can."""
    if one.unit != PERCENT or one.whole is None or len(one.whole) != 1:
        return None
    (selector,) = one.whole
    whole = selector.kind is None and not selector.kind_not and selector.outcome is None
    return _FOR.get(selector.measure) if whole else None


def with_declared(board: Board, columns: Iterable[Indicator], counts: Counts) -> Board:
    """The board with declared denominators. `counts`: what goes into each row, by place, the whole's too."""
    asked = {one.code: code for one in columns if (code := declared_for(one))}

    def of(line: Line) -> Line:
        return _filled(line, asked, counts.get(line.place_id, {}))

    return replace(
        board,
        whole=of(board.whole),
        communes=tuple(of(line) for line in board.communes),
        opened=tuple(of(line) for line in board.opened),
        inside={place: tuple(of(line) for line in lines) for place, lines in board.inside.items()},
    )


def add_up(told: Iterable[Told]) -> Told | None:
    """Several places' numbers together, as of the oldest of their days."""
    known = list(told)
    return Told(sum(one.count for one in known), min(one.as_of for one in known)) if known else None


def _filled(line: Line, asked: Mapping[str, str], told: Mapping[str, Told]) -> Line:
    found = {code: told[declared] for code, declared in asked.items() if declared in told}
    if not found:
        return line
    return replace(
        line,
        values={**line.values, **{code: _more(line.values.get(code), one) for code, one in found.items()}},
        previous={
            **line.previous,
            **{code: _more(line.previous[code], one) for code, one in found.items() if code in line.previous},
        },
        series=(),
        declared={code: one.as_of for code, one in found.items()},
    )


def _more(value: Value, told: Told) -> Share:
    known = value if isinstance(value, Share) else Share(None, None)
    return Share(known.part, (known.whole or 0) + told.count)
