"""Villages that are to become a model: criteria in four groups, filled from figures or ticked with evidence; how far a
village has come. Sponsoring agencies of a commune, and what a village has of network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tdteam.domain.catalogue import judge_code
from tdteam.domain.errors import Flaw
from tdteam.domain.indicators import Indicator
from tdteam.domain.occasions import judge_number
from tdteam.domain.privacy import judge_text
from tdteam.domain.shares import Average, Share, Value

NAME_LENGTH = 200
NOTE_LENGTH = 500
EARLIEST = date(2020, 1, 1)
LATEST_YEARS = 10
"""How far ahead a village may be planned."""


class Section(StrEnum):
    """The groups of criteria."""

    INFRASTRUCTURE = "infrastructure"  # ha tang so
    GOVERNMENT = "government"  # chinh quyen so
    ECONOMY = "economy"  # kinh te so
    SOCIETY = "society"  # xa hoi so


class Met(StrEnum):
    """Where a criterion stands in a village."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"  # no figure, or nobody said


@dataclass(frozen=True)
class Item:
    """A criterion. With an indicator, `at_least` is hundredths of a percent of a share, else a count."""

    code: str
    model: str
    section: str
    name: str
    indicator: str | None = None
    at_least: int | None = None
    sort: int = 0
    is_active: bool = True


@dataclass(frozen=True)
class Model:
    """A model villages strive for."""

    code: str
    name: str
    source: str = ""
    sort: int = 0
    is_active: bool = True


@dataclass(frozen=True)
class Tick:
    """Somebody's word on a criterion."""

    is_met: bool
    note: str
    at: datetime
    by: str | None
    document_id: int | None = None
    document: str = ""


@dataclass(frozen=True)
class ItemState:
    """A criterion in a village: its figure where it is filled from one, the words said (newest first) where not."""

    item: Item
    met: Met
    value: Value = None
    source: str = ""
    ticks: tuple[Tick, ...] = ()


@dataclass(frozen=True)
class Progress:
    """How far a village has come in a model, by group."""

    states: tuple[ItemState, ...]

    def of(self, section: str) -> tuple[ItemState, ...]:
        """The criteria of a group."""
        return tuple(one for one in self.states if one.item.section == section)

    def share(self, section: str | None = None) -> Share:
        """Criteria met of all, of a group or together; what is unknown is not met yet."""
        asked = self.of(section) if section else self.states
        return Share(sum(one.met is Met.YES for one in asked), len(asked))

    @property
    def sections(self) -> tuple[str, ...]:
        """The groups that have criteria."""
        return tuple(section for section in Section if self.of(section))


def reaches(indicator: Indicator, value: Value, at_least: int) -> Met:
    """Whether a figure reaches what a criterion asks for; UNKNOWN where there is none."""
    if isinstance(value, Share):
        if value.part is None or not value.whole:
            return Met.UNKNOWN
        return Met.YES if value.part * 10_000 >= at_least * value.whole else Met.NO
    if isinstance(value, Average):
        return Met.UNKNOWN
    if value is None:
        return Met.UNKNOWN
    good = value <= at_least if indicator.is_falling_good else value >= at_least
    return Met.YES if good else Met.NO


def judge_model(model: Model) -> list[Flaw]:
    """What is wrong with a model an administrator wrote."""
    flaws = judge_code(model.code)
    flaws += [] if model.name.strip() else [Flaw("name", "required")]
    flaws += judge_text("name", model.name, NAME_LENGTH) + judge_text("source", model.source, NOTE_LENGTH)
    return flaws + judge_number("sort", model.sort, 0, 99_999)


def judge_item(item: Item, indicators: Iterable[Indicator]) -> list[Flaw]:
    """What is wrong with a criterion. Codes besides those of texts: choice_unknown, at_least_required,
    at_least_alone, percent_over."""
    flaws = judge_code(item.code)
    flaws += [] if item.name.strip() else [Flaw("name", "required")]
    flaws += judge_text("name", item.name, NAME_LENGTH)
    if item.section not in set(Section):
        flaws.append(Flaw("section", "choice_unknown" if item.section else "required"))
    known = {one.code: one for one in indicators}
    if item.indicator is None:
        flaws += [Flaw("at_least", "at_least_alone")] if item.at_least is not None else []
    elif item.indicator not in known:
        flaws.append(Flaw("indicator", "indicator_unknown"))
    elif item.at_least is None:
        flaws.append(Flaw("at_least", "at_least_required"))
    elif known[item.indicator].has_whole and item.at_least > 10_000:
        flaws.append(Flaw("at_least", "percent_over"))
    return flaws + judge_number("sort", item.sort, 0, 99_999)


@dataclass(frozen=True)
class VillageDraft:
    """A village chosen for a model, as typed."""

    village_id: int | None = None
    model: str = ""
    planned_on: date | None = None
    launched_on: date | None = None
    ended_on: date | None = None
    note: str = ""


def judge_village(draft: VillageDraft, models: Sequence[str], today: date) -> list[Flaw]:
    """What is wrong with it. Codes: required, choice_unknown, date_future, date_too_far, date_too_old, span_order."""
    flaws = [] if draft.village_id else [Flaw("village_id", "required")]
    if draft.model not in models:
        flaws.append(Flaw("model", "choice_unknown" if draft.model else "required"))
    for name in ("planned_on", "launched_on", "ended_on"):
        day = getattr(draft, name)
        if day and day < EARLIEST:
            flaws.append(Flaw(name, "date_too_old", {"earliest": EARLIEST}))
    if draft.planned_on and draft.planned_on.year > today.year + LATEST_YEARS:
        flaws.append(Flaw("planned_on", "model_too_far", {"years": LATEST_YEARS}))
    for name in ("launched_on", "ended_on"):
        day = getattr(draft, name)
        if day and day > today:
            flaws.append(Flaw(name, "date_future", {"today": today}))
    if draft.launched_on and draft.ended_on and draft.ended_on < draft.launched_on:
        flaws.append(Flaw("ended_on", "span_order"))
    return flaws + judge_text("note", draft.note, NOTE_LENGTH)
