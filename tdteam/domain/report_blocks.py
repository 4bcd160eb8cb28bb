"""What a composed report is made of: sentences by code, tables, series. No words, no millimetres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tdteam.domain.report_facts import (
    CauseLine,
    ChartSeries,
    FigureChange,
    FigureLine,
    TeamChange,
    TeamLine,
    VillageTable,
)


@dataclass(frozen=True)
class Sentence:
    """A sentence by its code; `params` are figures, dates and names, never markup."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Words:
    """A text of the official's own, paragraphs parted by line ends."""

    text: str


@dataclass(frozen=True)
class Subheading:
    """`1. <pillar>`: numbered inside its chapter; `name` overrides the usual words of the code."""

    number: int
    code: str
    name: str = ""


@dataclass(frozen=True)
class FigureGroup:
    code: str
    name: str
    lines: tuple[FigureLine, ...]


@dataclass(frozen=True)
class FigureTable:
    groups: tuple[FigureGroup, ...]


@dataclass(frozen=True)
class CauseTable:
    lines: tuple[CauseLine, ...]
    total: CauseLine | None
    whole: int | None  # assists not done: what each cause is a share of


@dataclass(frozen=True)
class TeamTable:
    lines: tuple[TeamLine, ...]


@dataclass(frozen=True)
class ChangeTable:
    lines: tuple[TeamChange, ...]
    is_known: bool = True  # else nobody can say that nothing changed


@dataclass(frozen=True)
class ChangeList:
    """What differs from the report this one replaces, figure by figure."""

    lines: tuple[FigureChange, ...]


Block = (
    Sentence
    | Words
    | Subheading
    | FigureTable
    | ChartSeries
    | VillageTable
    | CauseTable
    | TeamTable
    | ChangeTable
    | ChangeList
)


@dataclass(frozen=True)
class Chapter:
    """One of I to V; `code` names its heading."""

    code: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Annex:
    code: str
    blocks: tuple[Block, ...]
    landscape: bool = False
