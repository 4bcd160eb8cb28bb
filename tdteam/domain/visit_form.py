"""The blank "Phieu ghi ho tro" of a team that works on paper: what its rows may hold, as marks short enough for a pen.

The back of the sheet asks for the same figures as the declared grid (`domain/declared`), so that the commune's
official copies numbers and converts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tdteam.domain.report_spans import ReportSpan

ROWS = 16
# Without the letters of outcomes (X D H K) and those that read as 1 and 0 in handwriting.
_LETTERS = "ABCEFGLMNPQRSTUVWYZ"


@dataclass(frozen=True)
class Choice:
    """A mark to write (`7`, `B`) and what it stands for."""

    mark: str
    name: str


@dataclass(frozen=True)
class VisitForm:
    """A sheet for one team and span. `figures` are (name, unit) of the grid; `demo` prints the demonstration mark."""

    commune: str
    team: str
    villages: str
    span: ReportSpan
    kinds: tuple[Choice, ...]
    causes: tuple[Choice, ...]
    figures: tuple[tuple[str, str], ...] = ()
    rows: int = ROWS
    demo: bool = False


def numbered(names: Iterable[str]) -> tuple[Choice, ...]:
    """Choices marked 1, 2, 3: for kinds of help."""
    return tuple(Choice(str(order), name) for order, name in enumerate(names, 1))


def lettered(names: Iterable[str]) -> tuple[Choice, ...]:
    """Choices marked A, B, C, E ...: for causes, so that no mark means two things on one sheet."""
    return tuple(Choice(_letter(order), name) for order, name in enumerate(names))


def _letter(order: int) -> str:
    more, last = divmod(order, len(_LETTERS))
    return (_LETTERS[more - 1] if more else "") + _LETTERS[last]
