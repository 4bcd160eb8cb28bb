"""What the title block above a roster's head says: which commune, which village, which founding decision."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tdteam.domain.cells import parse_date
from tdteam.domain.people import SubjectKind
from tdteam.domain.rosters.sheets import Row
from tdteam.domain.rosters.words import RosterWords, plain
from tdteam.domain.vietnamese import fold, nfc, title_name

_KIND = r"(?:xa|phuong|thi tran|t\.?t)\.?"
_WHOLE = re.compile(rf"(?:(?:ubnd|uy ban nhan dan)\s+)?({_KIND}\s+(?!hoi\b)[^,;:()0-9]+)")
_INSIDE = re.compile(
    rf"\b({_KIND}:?\s+(?!hoi\b)[^,;:()/\d]+?)(?=\s*(?:[,;:()/\d-]|$|\bhuyen\b|\btinh\b|\bnam\b|\bquy\b|\bthang\b))"
)
_DECISION = re.compile(r"(?:quyet dinh|qd)\s*(?:so)?\s*:?\s*([0-9]+[a-z]?\s*/\s*[a-z0-9/\-]*[a-z])")
_DAY = re.compile(
    r"ngay\s*:?\s*([0-9]{1,2}\s*[/.\-]\s*[0-9]{1,2}\s*[/.\-]\s*[0-9]{2,4}|[0-9]{1,2} thang [0-9]{1,2} nam [0-9]{4})"
)
_VILLAGE = re.compile(
    r"\b((?:thon|ban|to dan pho|tdp)\s+[^,;:()]+?)(?=\s*(?:[,;:()-]|$|\bxa\b|\bphuong\b|\bthi tran\b|\btt\b))"
)


_LONGEST = 300  # letters of a title, and cells across


@dataclass(slots=True)
class TitleFacts:
    """`commune` and `village` as the title writes them, "" where it does not. `is_guess`: the commune is but the name
    of the sheet, which may be any other word."""

    commune: str = ""
    is_guess: bool = False
    village: str = ""
    decision_number: str = ""
    decision_on: date | None = None
    subject: SubjectKind | None = None
    kinds: tuple[str, ...] = ()


def title_facts(rows: Iterable[Row], sheet_name: str, words: RosterWords, today: date) -> TitleFacts:
    """The facts in the rows above the head; the sheet's name serves where no row names a commune."""
    texts = [
        nfc(cell)[:_LONGEST]
        for row in rows
        for cell in row[:_LONGEST]
        if isinstance(cell, str) and cell.strip()
    ]
    facts = TitleFacts()
    facts.commune = _commune(texts) or _commune([sheet_name])
    if not facts.commune:
        facts.commune = _commune([sheet_name], sure=True)
        facts.is_guess = bool(facts.commune)
    whole = " ".join(plain(text) for text in texts)
    facts.kinds = tuple(
        kind for kind, phrases in words.titles.items() if any(phrase in whole for phrase in phrases)
    )
    facts.subject = _subject(whole)
    for text in texts:
        folded = _aligned(text)
        if (number := _DECISION.search(folded)) and not facts.decision_number:
            facts.decision_number = re.sub(r"\s", "", text[number.start(1) : number.end(1)])
            day = _DAY.search(folded, number.end())
            found = (
                parse_date(re.sub(r"\s*([/.\-])\s*", r"\1", day[1]), "decision_on", today) if day else None
            )
            facts.decision_on = found if isinstance(found, date) else None
        if (village := _VILLAGE.search(folded)) and not facts.village and "cong dong" in folded:
            facts.village = title_name(text[village.start(1) : village.end(1)])
    return facts


def _aligned(text: str) -> str:
    """Folded text with every letter in its place, so that what is found can be cut out of the original."""
    folded = fold(text)
    return folded if len(folded) == len(text) else "".join(fold(char)[:1] or " " for char in text)


def _commune(texts: list[str], *, sure: bool = False) -> str:
    """The first cell that is nothing but a commune; else the last commune inside a sentence; else, if `sure`, the text."""
    for text in texts:
        if whole := _WHOLE.fullmatch(_aligned(text)):
            return _named(text[whole.start(1) : whole.end(1)])
    inside = [
        _named(text[found.start(1) : found.end(1)])
        for text in texts
        for found in _INSIDE.finditer(_aligned(text))
    ]
    if inside:
        return inside[-1]
    return (
        _named(texts[0])
        if sure and texts and re.fullmatch(r"[^\W\d_]+(?: [^\W\d_]+){1,3}", nfc(texts[0]))
        else ""
    )


def _named(text: str) -> str:
    """A commune's name in the usual spelling: capitals undone, the kind a common noun."""
    words = title_name(text.strip(" .-")).split()
    if fold(" ".join(words[:2])) == "thi tran":
        words[1] = words[1].lower()
    return " ".join(words)


def _subject(title: str) -> SubjectKind | None:
    if "hop tac xa" in title or "htx" in title.split():
        return SubjectKind.COOPERATIVE
    return SubjectKind.BUSINESS if "ho kinh doanh" in title else None
