"""Draws the coverage board as PDF: the rows of the page, its columns, and what a reader of the paper must know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tdteam.domain.coverage import Line
from tdteam.domain.indicators import Indicator
from tdteam.reports.board_paper import BoardLine, BoardPaper, draw_board_pdf
from tdteam.reports.figures import Cell
from tdteam.reports.tables import BLANK


@dataclass(frozen=True)
class BoardWords:
    """What is said on the paper. `whole` names the row of everything; `target` marks a share under its target."""

    title: str
    subtitle: str
    unit: str
    teams: str
    last: str
    state: str
    whole: str
    notes: tuple[str, ...]
    author: str = ""
    demo: str = ""


def draw_board(
    columns: Sequence[Indicator],
    lines: Sequence[tuple[Line, int]],
    words: BoardWords,
    *,
    teams_of: Callable[[Line], Sequence[int]],
    state_of: Callable[[Line], str],
) -> bytes:
    """The board as PDF. `lines`: places with their depth, the whole first with -1."""
    drawn = [
        BoardLine(
            depth,
            words.whole if depth < 0 else line.name,
            (
                *(_cell(line, one) for one in columns),
                " · ".join(str(count) for count in teams_of(line)),
                line.last_on,
                state_of(line) or BLANK,
            ),
        )
        for line, depth in lines
    ]
    heads = (words.unit, *(one.short_name for one in columns), words.teams, words.last, words.state)
    return draw_board_pdf(
        BoardPaper(
            words.title,
            words.subtitle,
            heads,
            tuple(drawn),
            words.notes,
            author=words.author,
            demo=words.demo,
        )
    )


def _cell(line: Line, one: Indicator) -> Cell:
    return line.values.get(one.code)
