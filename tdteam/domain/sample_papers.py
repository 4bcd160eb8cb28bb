"""What stands on the sheet of a spot check. `household` is None on a sheet without names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tdteam.domain.report_settings import PaperSettings


@dataclass(frozen=True)
class SheetLine:
    """A visit to be looked into; `state` is the record's now ("current", "superseded", "void")."""

    code: str
    village: str
    team: str
    household: str | None
    visited_on: date
    kinds: str
    state: str
    answer: str | None = None
    note: str = ""


@dataclass(frozen=True)
class SpotSheet:
    """A sample as a paper, with all that is needed to draw it again."""

    settings: PaperSettings
    number: int
    place: str
    since: date
    last_day: date
    seed: str
    frame: str
    population: int
    drawn_at: datetime
    has_names: bool
    lines: tuple[SheetLine, ...]
