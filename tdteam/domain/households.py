"""Households as they are typed: as little as helping them needs.

Law 91/2025/QH15 and Decree 356/2025: consent is asked, never presumed; identity numbers, health and ethnicity have no
field anywhere, and free text that holds such a number is refused (`domain/privacy.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tdteam.domain.errors import Flaw
from tdteam.domain.people import ConsentMethod, Poverty, SubjectKind
from tdteam.domain.persons import (
    NAME_LENGTH,
    judge_birth_year,
    judge_known,
    judge_name,
    judge_phone,
    oldest_year,
)
from tdteam.domain.phones import parse_phone
from tdteam.domain.privacy import judge_text
from tdteam.domain.vietnamese import nfc, title_name

MOST_PEOPLE = 99
MOST_OF_A_BUSINESS = 9_999
REASON_LENGTH = 200


class EndWhy(StrEnum):
    """Why a household is no longer counted. It is never deleted."""

    MOVED = "moved"
    DISSOLVED = "dissolved"  # nobody lives there any more, or it joined another household
    TWIN = "twin"  # written down twice


@dataclass(frozen=True)
class HouseholdDraft:
    """A household, household business or cooperative as typed. Counts serve where no residents are listed; None: unknown."""

    village_id: int | None
    head: str
    kind: str = SubjectKind.HOUSEHOLD
    birth_year: int | None = None
    people: int | None = None
    adults: int | None = None
    eid2: int | None = None
    poverty: str | None = None
    smartphone: bool | None = None
    phone: str | None = None
    note: str = ""

    def tidy(self) -> HouseholdDraft:
        """In the stored spelling; a phone that cannot be read stays as it was typed, for `judge` to refuse."""
        phone = parse_phone(self.phone)
        is_home = self.kind == SubjectKind.HOUSEHOLD
        return replace(
            self,
            head=title_name(self.head) if is_home else nfc(self.head),
            poverty=(self.poverty or None) if is_home else None,
            phone=self.phone if isinstance(phone, Flaw) else phone,
            note=self.note.strip(),
        )


@dataclass(frozen=True)
class ConsentDraft:
    """The household's word on its data: yes or no, how it was given, when."""

    consent: bool | None
    method: str | None = None
    on: date | None = None


def judge(draft: HouseholdDraft, on: date) -> list[Flaw]:
    """What is wrong with a household's draft on a day."""
    flaws = [] if draft.village_id else [Flaw("village_id", "required")]
    flaws += judge_known("kind", draft.kind, SubjectKind, needed=True)
    if draft.kind == SubjectKind.HOUSEHOLD:
        flaws += judge_name("head", draft.head)
    elif not draft.head.strip():
        flaws.append(Flaw("head", "required"))
    else:
        flaws += judge_text("head", draft.head, NAME_LENGTH)
    flaws += judge_birth_year("birth_year", draft.birth_year, oldest_year(on), on.year - 10)
    flaws += _judge_counts(draft)
    flaws += judge_known("poverty", draft.poverty, Poverty)
    flaws += judge_phone("phone", draft.phone)
    return flaws + judge_text("note", draft.note)


def _judge_counts(draft: HouseholdDraft) -> list[Flaw]:
    most = MOST_PEOPLE if draft.kind == SubjectKind.HOUSEHOLD else MOST_OF_A_BUSINESS
    flaws = []
    if draft.people is not None and not 1 <= draft.people <= most:
        flaws.append(Flaw("people", "number_range", {"low": 1, "high": most}))
    if _over(draft.adults, draft.people):
        flaws.append(Flaw("adults", "adults_over_people", {"people": draft.people}))
    if _over(draft.eid2, draft.adults):
        flaws.append(Flaw("eid2", "eid2_over_adults", {"adults": draft.adults}))
    elif draft.adults is None and _over(draft.eid2, draft.people):
        flaws.append(Flaw("eid2", "adults_over_people", {"people": draft.people}))
    return flaws


def _over(part: int | None, whole: int | None) -> bool:
    return part is not None and whole is not None and part > whole


def judge_consent(draft: ConsentDraft, on: date) -> list[Flaw]:
    """What is wrong with a consent: nothing is presumed, so each of the three must be said."""
    flaws = [] if draft.consent is not None else [Flaw("consent", "required")]
    flaws += judge_known("method", draft.method, ConsentMethod, needed=True)
    if draft.on is None:
        flaws.append(Flaw("consent_on", "required"))
    elif draft.on > on:
        flaws.append(Flaw("consent_on", "date_future", {"today": on}))
    return flaws


def judge_end(why: str | None, ended_on: date | None, on: date) -> list[Flaw]:
    """What is wrong with the end of a household: a reason of the list, a day that has come."""
    flaws = judge_known("why", why, EndWhy, needed=True)
    if ended_on is None:
        flaws.append(Flaw("ended_on", "required"))
    elif ended_on > on:
        flaws.append(Flaw("ended_on", "date_future", {"today": on}))
    return flaws


def short_id(record_id: str) -> str:
    """What a household or resident is called where names are hidden: the last six letters of its id, which differ
    even among records of one second."""
    return record_id[-6:].upper()
