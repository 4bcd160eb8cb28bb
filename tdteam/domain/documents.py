"""Evidence documents (tai lieu kiem chung): what one says of itself, what it must satisfy, what it still lacks.

A document is cited as "so, ky hieu; ngay; co quan; trich yeu" (scoring practice of the digital index, DTI): a decision,
plan, report or letter without one of these does not count there, so what is missing is told and never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tdteam.domain.errors import Flaw
from tdteam.domain.privacy import find_forbidden, judge_text

NUMBER_LENGTH = 60
ISSUER_LENGTH = 200
ABSTRACT_LENGTH = 1_000
MOST_INDICATORS = 60
MOST_TIES = 60
EARLIEST = date(1990, 1, 1)
_CAMERA = re.compile(
    r"(?:(?:IMG|VID|PXL|MVIMG|DSC|Screenshot|photo|image|anh)[-_ ]?)?(?:19|20)\d\d[-_]?[01]\d[-_]?[0-3]\d[-_ ]?"
    r"\d{2}[-_.]?\d{2}[-_.]?\d{2}(?:[-_.]?\d{1,3})?(?:[-_~ (].{0,20})?",
    re.IGNORECASE,
)
_MESSENGER = re.compile(r"(?:z\d{13}_[0-9a-f]{8,40}|received_\d{10,20}|\d{17,20}_\d+_[on])", re.IGNORECASE)


class DocumentKind(StrEnum):
    """What a document is."""

    DECISION = "decision"  # quyet dinh
    PLAN = "plan"  # ke hoach
    REPORT = "report"  # bao cao
    LETTER = "letter"  # cong van
    MINUTES = "minutes"  # bien ban
    LIST = "list"  # danh sach
    PHOTO = "photo"
    SCREEN = "screen"  # picture of a screen
    OTHER = "other"


class TieNoun(StrEnum):
    """What a document may belong to."""

    TEAM = "team"
    GATHERING = "gathering"
    VILLAGE = "village"
    REPORT = "report"
    MODEL = "model"


PAPERS = frozenset(
    (DocumentKind.DECISION, DocumentKind.PLAN, DocumentKind.REPORT, DocumentKind.LETTER)
)  # cited by number
NAMED = frozenset((DocumentKind.LIST, DocumentKind.PHOTO, DocumentKind.MINUTES))
"""Kinds that people are usually named or seen in."""

Tie = tuple[str, str]
"""Noun and what it names: a team's or village's number, a gathering's id, "<commune>:<span>", a model village's number."""


@dataclass(frozen=True)
class DocumentDraft:
    """A document as typed; its file comes beside."""

    place_id: int | None = None
    kind: str = ""
    number: str = ""
    dated: date | None = None
    issuer: str = ""
    abstract: str = ""
    since: date | None = None
    until: date | None = None
    has_names: bool = True
    indicators: tuple[str, ...] = ()
    ties: tuple[Tie, ...] = field(default=())


def judge_document(draft: DocumentDraft, today: date) -> list[Flaw]:
    """What is wrong with a document. Codes: required, choice_unknown, date_future, document_too_old, span_order,
    text_long, document_many and those of `privacy`."""
    flaws = [] if draft.place_id else [Flaw("place_id", "required")]
    if draft.kind not in set(DocumentKind):
        flaws.append(Flaw("kind", "choice_unknown" if draft.kind else "required"))
    flaws += judge_text("number", draft.number, NUMBER_LENGTH)
    flaws += judge_text("issuer", draft.issuer, ISSUER_LENGTH)
    flaws += judge_text("abstract", draft.abstract, ABSTRACT_LENGTH)
    if not draft.abstract.strip():
        flaws.append(Flaw("abstract", "required"))
    if draft.dated and draft.dated > today:
        flaws.append(Flaw("dated", "date_future", {"today": today}))
    for name in ("dated", "since", "until"):
        day = getattr(draft, name)
        if day and day < EARLIEST:
            flaws.append(Flaw(name, "document_too_old", {"year": EARLIEST.year}))
    if draft.since and draft.until and draft.until < draft.since:
        flaws.append(Flaw("until", "span_order"))
    if len(draft.indicators) > MOST_INDICATORS:
        flaws.append(Flaw("indicators", "document_many", {"most": MOST_INDICATORS}))
    if len(draft.ties) > MOST_TIES:
        flaws.append(Flaw("ties", "document_many", {"most": MOST_TIES}))
    return flaws


class Lack(StrEnum):
    """What a document lacks before it counts."""

    NUMBER = "number"
    DATED = "dated"
    ISSUER = "issuer"
    FILE = "file"
    INDICATOR = "indicator"


def lacks_of(
    kind: str, number: str, dated: date | None, issuer: str, *, has_file: bool, has_indicator: bool
) -> tuple[Lack, ...]:
    """What is missing of a document, in the order it is told. Only papers are cited by number and issuer."""
    out = []
    if kind in PAPERS:
        out += [Lack.NUMBER] if not number else []
        out += [Lack.ISSUER] if not issuer else []
    out += [Lack.DATED] if dated is None else []
    out += [Lack.FILE] if not has_file else []
    out += [Lack.INDICATOR] if not has_indicator else []
    return tuple(out)


def clean_name(name: str) -> str:
    """A file's name without folder and ending; "" for one a camera or messenger made up, whose digits say nothing."""
    stem = re.sub(r"\s+", " ", name.replace("\\", "/").rsplit("/", 1)[-1].rpartition(".")[0] or name).strip()
    stem = "".join(letter for letter in stem if letter.isprintable())[:80]
    return "" if _CAMERA.fullmatch(stem) or _MESSENGER.fullmatch(stem) else stem


def judge_name(name: str) -> list[Flaw]:
    """A file's name that holds an identity or card number: the file most likely shows one."""
    return [Flaw("file", "document_name")] if find_forbidden(name) else []
