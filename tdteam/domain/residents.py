"""Residents as they are typed: name, birth year, sex, and what each has attained. Nothing else, ever."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tdteam.domain.errors import Flaw
from tdteam.domain.people import Sex
from tdteam.domain.persons import judge_birth_year, judge_known, judge_name, oldest_year
from tdteam.domain.privacy import judge_text
from tdteam.domain.tallies import EID2_CODE
from tdteam.domain.vietnamese import nfc, title_name
from tdteam.domain.wire import Reader

SOURCE_LENGTH = 120
EID2 = EID2_CODE
"""Level 2 of electronic identification, granted by the police only (Decree 69/2024)."""
HEALTH_BOOK = "HEALTH_BOOK"
LEVEL2_AGE = 14


class ResidentEnd(StrEnum):
    """Why a person is no longer of the household."""

    MOVED = "moved"
    DIED = "died"
    TWIN = "twin"  # written down twice


@dataclass(frozen=True)
class AttainedDraft:
    """Something attained: an indicator's code, since when (unknown: None), by whose word."""

    indicator: str
    on: date | None = None
    source: str = ""


@dataclass(frozen=True)
class ResidentDraft:
    """A person of a household as typed."""

    name: str
    birth_year: int | None = None
    sex: str | None = None
    attained: tuple[AttainedDraft, ...] = ()

    def tidy(self) -> ResidentDraft:
        """In the stored spelling."""
        return replace(
            self,
            name=title_name(self.name),
            sex=self.sex or None,
            attained=tuple(replace(one, source=nfc(one.source)) for one in self.attained),
        )


def draft_from_json(body: object) -> tuple[ResidentDraft, list[Flaw]]:
    """A person's draft from a phone and what is wrong with its shape."""
    reader = Reader(body)
    attained = tuple(
        AttainedDraft(one.text("indicator"), one.day("on"), one.text("source"))
        for one in reader.objects("attained")
    )
    draft = ResidentDraft(reader.text("name"), reader.integer("birth_year"), reader.word("sex"), attained)
    return draft, reader.flaws


def judge_end(why: str | None, ended_on: date | None, on: date) -> list[Flaw]:
    """What is wrong with a person's leaving: a reason of the list, a day that has come."""
    flaws = judge_known("why", why, ResidentEnd, needed=True)
    if ended_on is None:
        flaws.append(Flaw("ended_on", "required"))
    elif ended_on > on:
        flaws.append(Flaw("ended_on", "date_future", {"today": on}))
    return flaws


def judge(draft: ResidentDraft, on: date, indicators: Collection[str]) -> list[Flaw]:
    """What is wrong with a resident's draft on a day; `indicators` are those a person can attain."""
    flaws = judge_name("name", draft.name)
    flaws += judge_birth_year("birth_year", draft.birth_year, oldest_year(on), on.year)
    flaws += judge_known("sex", draft.sex, Sex)
    for place, one in enumerate(draft.attained):
        flaws += judge_known(f"attained.{place}.indicator", one.indicator, indicators, needed=True)
        if one.on and one.on > on:
            flaws.append(Flaw(f"attained.{place}.on", "date_future", {"today": on}))
        elif one.on and draft.birth_year and one.on.year < draft.birth_year:
            flaws.append(Flaw(f"attained.{place}.on", "before_birth", {"year": draft.birth_year}))
        flaws += judge_text(f"attained.{place}.source", one.source, SOURCE_LENGTH)
    return flaws
