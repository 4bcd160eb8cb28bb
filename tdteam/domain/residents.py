"""Residents as they are typed: name, birth year, sex, and what each has attained. Nothing else, ever."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from tdteam.domain.errors import Flaw
from tdteam.domain.people import Sex
from tdteam.domain.persons import judge_birth_year, judge_known, judge_name, oldest_year
from tdteam.domain.privacy import judge_text
from tdteam.domain.vietnamese import nfc, title_name

SOURCE_LENGTH = 120


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
