"""The catalogue as a value: kinds of help with the outcomes each allows, causes, common procedures.

It is data (`tdteam/data/*.json`, then the tables, which an administrator edits). No kind allows "granted level 2": a
team refers to the police (`EID2_REFER`) and activates (`EID2_ACTIVATE`), it never grants.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tdteam.domain.errors import Flaw
from tdteam.domain.vietnamese import fold
from tdteam.domain.vocabulary import Outcome, Pillar

REFER = "EID2_REFER"
FILING_SUBMIT = "FILING_SUBMIT"
FILING_KINDS = frozenset({FILING_SUBMIT, "FILING_TRACK", "FILING_PAY"})
"""The kinds of help that are about a dossier; only FILING_SUBMIT makes a new one."""


@dataclass(frozen=True)
class Kind:
    """A kind of help. `outcomes`: what may come of it -> its words for this kind, in the order to offer them."""

    code: str
    name: str
    short_name: str
    pillar: str
    outcomes: Mapping[str, str]
    is_active: bool = True

    def allows(self, outcome: str) -> bool:
        return outcome in self.outcomes


@dataclass(frozen=True)
class Cause:
    """Why an assist was not done."""

    code: str
    name: str
    is_active: bool = True


@dataclass(frozen=True)
class Procedure:
    """A public-service procedure; `is_essential`: one of the 25 that take no paper since 1 October 2025 (CT 24/CT-TTg)."""

    code: str
    name: str
    is_essential: bool = False
    is_active: bool = True


@dataclass(frozen=True)
class Catalogue:
    """All kinds, causes and procedures by code, in the order to offer them; retired ones stay, for old visits."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    causes: Mapping[str, Cause] = field(default_factory=dict)
    procedures: Mapping[str, Procedure] = field(default_factory=dict)
    version: str = ""

    def kinds_of(self, pillar: str) -> list[Kind]:
        """The kinds on offer under a pillar."""
        return [kind for kind in self.kinds.values() if kind.pillar == pillar and kind.is_active]

    def kind_name(self, code: str) -> str:
        """A kind's short words, or its code where the catalogue no longer knows it."""
        kind = self.kinds.get(code)
        return kind.short_name or kind.name if kind else code

    def outcome_name(self, code: str, outcome: str) -> str:
        """An outcome's words for a kind, or the outcome's code."""
        kind = self.kinds.get(code)
        return kind.outcomes.get(outcome, outcome) if kind else outcome

    def cause_name(self, code: str) -> str:
        cause = self.causes.get(code)
        return cause.name if cause else code


def judge_kind(kind: Kind) -> list[Flaw]:
    """What is wrong with a kind an administrator wrote."""
    flaws = [] if kind.name.strip() else [Flaw("name", "required")]
    if kind.pillar not in set(Pillar):
        flaws.append(Flaw("pillar", "choice_unknown"))
    if not kind.outcomes:
        flaws.append(Flaw("outcomes", "required"))
    if set(kind.outcomes) - set(Outcome):
        flaws.append(Flaw("outcomes", "choice_unknown"))
    if kind.allows(Outcome.DONE) and (kind.code == REFER or _grants(kind)):
        flaws.append(Flaw("outcomes", "only_police_grant"))
    return flaws


# Folded words: level 2 in its spellings, and what only the police do about it (collect, approve, grant).
_LEVEL_TWO = re.compile(r"\bmuc (?:do )?0?2\b")
_GRANTING = re.compile(r"\b(?:cap|duyet|thu nhan)\b")


def _grants(kind: Kind) -> bool:
    """Whether a kind that can be done speaks of granting level 2: teams refer and activate, only the police grant."""
    told = fold(" ; ".join((kind.name, kind.short_name, kind.outcomes.get(Outcome.DONE, ""))))
    return bool(_LEVEL_TWO.search(told) and _GRANTING.search(told))


CODE_LENGTH = 40
_CODE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")


def judge_code(code: str) -> list[Flaw]:
    """A code of the catalogue: capitals, digits and single underscores."""
    if not code:
        return [Flaw("code", "required")]
    return [] if _CODE.fullmatch(code) and len(code) <= CODE_LENGTH else [Flaw("code", "indicator_code")]
