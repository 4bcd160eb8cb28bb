"""Draws the coverage board as PDF: the rows of the page, its columns, and what a reader of the paper must know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tdteam.domain.coverage import Line
from tdteam.domain.coverage_marks import mark
from tdteam.domain.indicators import Indicator
from tdteam.reports.board_paper import BoardLine, BoardPaper, draw_board_pdf
from tdteam.reports.figures import Cell, Stacked, number, percent, show, signed
from tdteam.reports.tables import BLANK

LOW = "\u25bc"


@dataclass(frozen=True)
class BoardWords:
    """What is said on the paper. `whole` names the row of everything, `target` the row of targets; `before` stands before
    the figure of the period before, where this one still runs."""

    title: str
    subtitle: str
    unit: str
    teams: str
    last: str
    state: str
    whole: str
    target: str
    before: str
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
    runs: bool,
) -> bytes:
    """The board as PDF. `lines`: places with their depth, the whole first with -1; `runs`: the period is not over."""
    drawn = [
        BoardLine(
            depth,
            words.whole if depth < 0 else line.name,
            (
                *(_cell(line, one, words, runs=runs) for one in columns),
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
            (words.target, *(_goal(lines[0][0], one) for one in columns)) if lines else (),
            words.notes,
            author=words.author,
            demo=words.demo,
        )
    )


def _goal(whole: Line, one: Indicator) -> Cell:
    """The target of the board's place, as `95%` or `1.200`."""
    found = whole.targets.get(one.code)
    if found is None:
        return None
    return percent(found) if one.has_whole else number(found)


def _cell(line: Line, one: Indicator, words: BoardWords, *, runs: bool) -> Cell:
    """A figure; before it the sign of what lies under its target, under it the change or the figure of the period before."""
    value, beside = line.values.get(one.code), mark(line, one, runs=runs)
    under: tuple[str, ...] = ()
    if beside.is_held:
        under = (signed(beside.moved),)
    elif beside.before is not None:
        under = (f"{words.before} {show(beside.before)}",)
    return Stacked(value, LOW if beside.is_low else "", under)
