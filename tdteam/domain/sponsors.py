"""Agencies that sponsor a commune (co quan do dau), and what a village has of network and culture house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tdteam.domain.errors import Flaw
from tdteam.domain.privacy import judge_text
from tdteam.domain.rule_limits import Limit, Rule, Standing

FEW = Rule("few_sponsors", "sponsors", (Limit("least", 3, 1, 20),))
"""Agencies each commune should have: usually the rule of Bao Thang, 2024 (at least three agencies sponsor a commune, which
picks one model village); an administrator sets it as other places have it."""
RULES = (FEW,)
NAME_LENGTH = 200
NOTE_LENGTH = 500
EARLIEST = date(2020, 1, 1)


def least_of(standing: Standing) -> int:
    """How many agencies a commune should have; 0 where nobody asks."""
    return standing["least"] if standing.is_active else 0


@dataclass(frozen=True)
class SponsorDraft:
    """A sponsoring agency as typed. `contact`: an office and its phone, a person at work."""

    agency: str = ""
    village_id: int | None = None
    contact: str = ""
    since: date | None = None
    until: date | None = None
    note: str = ""


def judge_sponsor(draft: SponsorDraft, today: date) -> list[Flaw]:
    """What is wrong with it."""
    flaws = [] if draft.agency.strip() else [Flaw("agency", "required")]
    flaws += judge_text("agency", draft.agency, NAME_LENGTH)
    flaws += judge_text("contact", draft.contact, NAME_LENGTH) + judge_text("note", draft.note, NOTE_LENGTH)
    for name in ("since", "until"):
        day = getattr(draft, name)
        if day and day < EARLIEST:
            flaws.append(Flaw(name, "date_too_old", {"earliest": EARLIEST}))
    if draft.since and draft.since > today:
        flaws.append(Flaw("since", "date_future", {"today": today}))
    if draft.since and draft.until and draft.until < draft.since:
        flaws.append(Flaw("until", "span_order"))
    return flaws


class Signal(StrEnum):
    """Mobile network in a village."""

    NONE = "none"
    WEAK = "weak"
    GOOD = "good"


@dataclass(frozen=True)
class GroundDraft:
    """What a village has, as typed; unknown is None. `base_version` 0: nothing was known when the form was filled."""

    village_id: int
    has_house: bool | None = None
    has_wifi: bool | None = None
    signal: str | None = None
    has_fibre: bool | None = None
    note: str = ""
    base_version: int = 0


def judge_ground(draft: GroundDraft, field: str = "") -> list[Flaw]:
    """What is wrong with a village's line; `field` stands before the names of its fields."""
    flaws = []
    if draft.has_wifi and draft.has_house is False:
        flaws.append(Flaw(f"{field}has_wifi", "wifi_without_house"))
    if draft.signal is not None and draft.signal not in set(Signal):
        flaws.append(Flaw(f"{field}signal", "choice_unknown"))
    return flaws + judge_text(f"{field}note", draft.note, NAME_LENGTH)


def judge_word(source: str, as_of: date | None, today: date) -> list[Flaw]:
    """By whose word and as of which day the lines stand."""
    flaws = judge_text("source", source, NAME_LENGTH) if source.strip() else [Flaw("source", "required")]
    if as_of is None:
        return [*flaws, Flaw("as_of", "required")]
    if as_of > today:
        flaws.append(Flaw("as_of", "as_of_future"))
    elif as_of < EARLIEST:
        flaws.append(Flaw("as_of", "date_too_old", {"earliest": EARLIEST}))
    return flaws
