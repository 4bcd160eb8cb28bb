"""Which rows of a board a reader wants to see: under the target, silent for some days, without a report, a name, models."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tdteam.domain.coverage import LEAD, Line, size_of
from tdteam.domain.month import TeamStatus
from tdteam.domain.places import Level
from tdteam.domain.vietnamese import fold

SILENT_CHOICES = (7, 14, 30, 60)


class Show(StrEnum):
    """What a board can be narrowed to, as it stands in the address."""

    UNDER = "under"  # a share of the board under its target
    NO_REPORT = "no_report"  # communes whose report is not started
    MODEL = "model"  # villages that are to become a model


@dataclass(frozen=True)
class Narrowed:
    """A filter. `silent`: days a team has been silent for, at least; `models`: the villages that are to become a model."""

    q: str = ""
    show: frozenset[Show] = frozenset()
    silent: int | None = None
    models: frozenset[int] = frozenset()

    @property
    def is_asked(self) -> bool:
        return bool(self.q or self.show or self.silent)

    def takes(self, line: Line, today: date) -> bool:
        """Whether a village's row, or that of a place whose villages are not looked at, is wanted."""
        return (
            (not self.q or fold(self.q) in fold(line.name))
            and (Show.UNDER not in self.show or is_under(line))
            and (Show.MODEL not in self.show or line.place_id in self.models)
            and (not self.silent or is_silent(line, self.silent, today))
            and self._reports(line)
        )

    def _reports(self, line: Line) -> bool:
        return Show.NO_REPORT not in self.show or line.level != Level.COMMUNE or line.state == "none"

    def rows(self, line: Line, villages: Iterable[Line], today: date) -> tuple[bool, tuple[Line, ...]]:
        """Whether a commune's row stays, and which of its villages do. A commune that is named itself keeps them all."""
        if not self._reports(line):
            return False, ()
        inside = tuple(villages)
        if self.show == {Show.NO_REPORT} and not self.q and not self.silent:
            return True, ()
        is_named = bool(self.q) and fold(self.q) in fold(line.name)
        rest = Narrowed("", self.show, self.silent, self.models) if is_named else self
        found = tuple(village for village in inside if rest.takes(village, today))
        return bool(found), found


def is_under(line: Line) -> bool:
    """Whether any share of a row stands under its target; the lead's before the others' where both have one."""
    targets = line.targets
    asked: Collection[str] = [LEAD] if LEAD in targets else list(targets)
    for code in asked:
        size = size_of(line.values.get(code))
        if size is not None and size < targets[code]:
            return True
    return False


def is_silent(line: Line, days: int, today: date) -> bool:
    """Whether a team of a row has sent nothing this period; of a village, and did nothing at all for so many days."""
    if not line.statuses.get(TeamStatus.SILENT):
        return False
    if line.level != Level.VILLAGE:
        return True
    return line.last_on is None or (today - line.last_on).days >= days
