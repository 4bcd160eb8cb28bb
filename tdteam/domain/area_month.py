"""An area's month: which communes' reports came in, in time or late, accepted or returned; and what they add up to.

An area reaches parts of communes: of each commune's sealed annex I only the rows of the area's own villages count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from tdteam.domain.errors import Flaw
from tdteam.domain.periods import local_day
from tdteam.domain.privacy import judge_text
from tdteam.domain.report_life import Stage
from tdteam.domain.shares import Share

WHY_LIMIT = 500
PEOPLE_COLUMNS = frozenset({"households", "members", "women", "youth"})
"""Columns of annex I that tell what there is, not what was done."""


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    RETURNED = "returned"


def judge_verdict(verdict: Verdict, why: str) -> list[Flaw]:
    """What is wrong with a reviewer's word. Codes: required (a return says why), and those of free text."""
    if verdict is Verdict.RETURNED and not why.strip():
        return [Flaw("why", "required")]
    return judge_text("why", why, WHY_LIMIT)


class AreaState(StrEnum):
    """A commune's report as the area sees it; worst first, the order of the list."""

    MISSING = "missing"
    RETURNED = "returned"
    RECEIVED = "received"
    ACCEPTED = "accepted"


ORDER = {state: place for place, state in enumerate(AreaState)}


@dataclass(frozen=True)
class Word:
    """A reviewer's newest word on an issued report."""

    verdict: Verdict
    why: str
    at: datetime
    who: str = ""


@dataclass(frozen=True)
class Received:
    """An issued report in force. `first_at`: when the first paper of the period was issued, which tells whether it came
    in time, for a replacing one answers for another."""

    sealing_id: int
    version: int
    sha256: str
    code: str
    issued_at: datetime
    first_at: datetime
    is_zero: bool
    word: Word | None = None


@dataclass(frozen=True)
class CommuneMonth:
    """A commune's line: villages of the area over all it has (None where nobody knows how many), and its report."""

    place_id: int
    name: str
    sort: str
    code: str
    villages: Share
    is_beyond: bool
    stage: Stage
    received: Received | None

    @property
    def state(self) -> AreaState:
        if self.received is None:
            return AreaState.MISSING
        word = self.received.word
        if word is None:
            return AreaState.RECEIVED
        return AreaState.ACCEPTED if word.verdict is Verdict.ACCEPTED else AreaState.RETURNED

    def is_late(self, due: date) -> bool | None:
        """Whether it came after the due day; None while it has not come."""
        return local_day(self.received.first_at) > due if self.received else None


@dataclass(frozen=True)
class Totals:
    """How many communes stand where. Zero, returned and accepted are among those received."""

    expected: int
    received: int
    on_time: int
    late: int
    zero: int
    returned: int
    accepted: int
    missing: int


def count_communes(lines: Sequence[CommuneMonth], due: date) -> Totals:
    states = Counter(line.state for line in lines)
    late = sum(line.is_late(due) is True for line in lines)
    received = len(lines) - states[AreaState.MISSING]
    return Totals(
        expected=len(lines),
        received=received,
        on_time=received - late,
        late=late,
        zero=sum(line.received is not None and line.received.is_zero for line in lines),
        returned=states[AreaState.RETURNED],
        accepted=states[AreaState.ACCEPTED],
        missing=states[AreaState.MISSING],
    )


def worst_first(lines: Iterable[CommuneMonth]) -> list[CommuneMonth]:
    return sorted(lines, key=lambda line: (ORDER[line.state], line.sort, line.place_id))


def is_zero(facts: Mapping[str, Any]) -> bool:
    """Whether a sealed report (its facts as JSON) says that nothing was done: every team reported nothing, or every
    known figure of annex I about work is 0."""
    reporting = facts.get("reporting") or {}
    if reporting.get("expected") and reporting.get("zero") == reporting["expected"]:
        return True
    table = facts.get("villages") or {}
    codes = [column["code"] for column in table.get("columns", ())]
    cells = [
        cell
        for row in table.get("rows", ())
        for code, cell in zip(codes, row["values"], strict=True)
        if code not in PEOPLE_COLUMNS and cell is not None
    ]
    return bool(cells) and not any(cells)
