"""The words by which rosters are understood: labels of columns, values, rows that are no people.

They are data (`tdteam/data/roster_columns.json`), so that a province can add its own without a developer. Everything
is compared plain: folded, and with every run of other signs as one space ("Thon/TDP (x)" is "thon tdp x").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from tdteam.domain.vietnamese import fold

_LONGEST = 300
_OTHER_SIGNS = re.compile(r"[^a-z0-9]+")


class RosterKind(StrEnum):
    TEAMS = "teams"
    HOUSEHOLDS = "households"


class Meaning(StrEnum):
    """What a column means. PRIVATE columns (ethnicity, ID numbers …) are recognised in order never to be kept."""

    IGNORED = "ignored"
    PRIVATE = "private"
    NUMBER = "number"
    COMMUNE = "commune"
    VILLAGE = "village"
    NAME = "name"
    BIRTH_YEAR = "birth_year"
    BIRTH_YEAR_MALE = "birth_year_male"
    BIRTH_YEAR_FEMALE = "birth_year_female"
    PHONE = "phone"
    NOTE = "note"
    # teams
    SEX = "sex"
    MALE = "male"
    FEMALE = "female"
    ROLE = "role"
    COMPONENT = "component"
    TRAINED = "trained"
    # households
    PEOPLE = "people"
    ADULTS = "adults"
    EID2 = "eid2"
    POOR = "poor"
    NEAR_POOR = "near_poor"
    POVERTY = "poverty"
    SMARTPHONE = "smartphone"
    SUBJECT = "subject"


_M = Meaning
_COMMON = {
    _M.IGNORED,
    _M.PRIVATE,
    _M.NUMBER,
    _M.COMMUNE,
    _M.VILLAGE,
    _M.NAME,
    _M.BIRTH_YEAR,
    _M.PHONE,
    _M.NOTE,
}
_COMMON |= {_M.BIRTH_YEAR_MALE, _M.BIRTH_YEAR_FEMALE, _M.MALE, _M.FEMALE, _M.SEX}
MEANINGS: dict[RosterKind, frozenset[Meaning]] = {
    RosterKind.TEAMS: frozenset(_COMMON | {_M.ROLE, _M.COMPONENT, _M.TRAINED}),
    RosterKind.HOUSEHOLDS: frozenset(
        _COMMON
        | {_M.PEOPLE, _M.ADULTS, _M.EID2, _M.POOR, _M.NEAR_POOR, _M.POVERTY, _M.SMARTPHONE, _M.SUBJECT}
    ),
}
"""The meanings a column may have in each kind of roster: the choices of the page that lets a person correct them."""

TELLING: dict[RosterKind, frozenset[Meaning]] = {
    RosterKind.TEAMS: frozenset({_M.ROLE, _M.COMPONENT, _M.TRAINED}),
    RosterKind.HOUSEHOLDS: MEANINGS[RosterKind.HOUSEHOLDS] - _COMMON,
}
"""The columns that tell one kind from the other."""


def plain(text: str) -> str:
    """Folded, every run of other signs one space. Only the beginning of an endless text: no word of ours is longer."""
    return _plain(text[:_LONGEST])


@lru_cache(maxsize=16384)
def _plain(text: str) -> str:
    return _OTHER_SIGNS.sub(" ", fold(text)).strip()


@dataclass(frozen=True)
class _Phrases:
    """Phrases and what each stands for, the longest first."""

    whole: Mapping[str, str]
    parts: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, lists: Mapping[str, Iterable[str]]) -> _Phrases:
        pairs = [
            (phrase.startswith("="), plain(phrase), name)
            for name, listed in lists.items()
            for phrase in listed
        ]
        parts = sorted(
            ((text, name) for whole, text, name in pairs if not whole), key=lambda pair: -len(pair[0])
        )
        return cls({text: name for _, text, name in pairs}, tuple(parts))

    def find(self, text: str) -> tuple[str, int] | None:
        """(what it stands for, how much of the text says so in percent) for a plain text."""
        if text in self.whole:
            return self.whole[text], 100
        padded = f" {text} "
        for phrase, name in self.parts:
            if f" {phrase} " in padded:
                return name, 100 * len(phrase) // (len(text) + 1)
        return None


@dataclass(frozen=True)
class RosterWords:
    """The compiled words. Build once with `roster_words_of`. `examples` number the example row of our template,
    `reasons` head the column our workbook of bad rows adds: both are ours and no data."""

    titles: Mapping[str, tuple[str, ...]]
    labels: Mapping[RosterKind, _Phrases]
    values: Mapping[str, _Phrases]
    totals: re.Pattern[str]
    footers: re.Pattern[str]
    ditto: frozenset[str]
    examples: frozenset[str]
    reasons: frozenset[str]
    groups: re.Pattern[str]
    village_ignored: re.Pattern[str]
    village_kinds: tuple[tuple[str, str], ...]
    commune_kinds: Mapping[str, str]
    commune_ignored: frozenset[str]

    def meaning(self, kind: RosterKind, label: str) -> tuple[Meaning, int] | None:
        """What a column label means in this kind of roster, and how surely in percent."""
        found = self.labels[kind].find(plain(label))
        return (Meaning(found[0]), found[1]) if found else None

    def value(self, what: str, text: str, *, whole: bool = False) -> str | None:
        """The code of a value ("To pho" among `role` is `deputy`); `whole`: the whole text must be a known phrase."""
        phrases = self.values[what]
        if whole:
            return phrases.whole.get(plain(text))
        found = phrases.find(plain(text))
        return found[0] if found else None


def _starts(phrases: Iterable[str], end: str) -> re.Pattern[str]:
    listed = sorted({plain(phrase) for phrase in phrases}, key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(listed)}){end}")


def _totals(phrases: Iterable[str]) -> re.Pattern[str]:
    """Two words ("tong cong") settle it; a single one may begin a name, so only figures or a unit may follow it."""
    listed = sorted({plain(phrase) for phrase in phrases})
    several = "|".join(phrase for phrase in listed if " " in phrase)
    single = "|".join(phrase for phrase in listed if " " not in phrase)
    return re.compile(
        rf"(?:(?:{several})\b.*|(?:{single})(?: [0-9].*| (?:thon|ban|xa|tdp|to dan pho)\b.*)?)$"
    )


def roster_words_of(data: Mapping[str, Any]) -> RosterWords:
    """The words out of `roster_columns.json`. A private label outweighs every other, whatever its length."""
    columns = data["columns"]
    labels = {}
    for kind, allowed in MEANINGS.items():
        listed = {name: phrases for name, phrases in columns.items() if Meaning(name) in allowed}
        phrases = _Phrases.of(listed)
        private = tuple(pair for pair in phrases.parts if pair[1] == Meaning.PRIVATE)
        labels[kind] = _Phrases(phrases.whole, private + phrases.parts)
    villages = data["villages"]
    communes = data["communes"]
    return RosterWords(
        titles={name: tuple(plain(phrase) for phrase in listed) for name, listed in data["titles"].items()},
        labels=labels,
        values={name: _Phrases.of(listed) for name, listed in data["values"].items()},
        totals=_starts(
            data["rows"]["totals"], r"(?: [0-9]+.*| thon .*| ban .*| xa .*| tdp .*| to dan pho .*|)$"
        ),
        footers=_starts(data["rows"]["footers"], r"\b.*"),
        ditto=frozenset(
            {text.strip() for text in data["rows"]["ditto"]} | {plain(text) for text in data["rows"]["ditto"]}
        )
        - {""},
        examples=frozenset(plain(text) for text in data["rows"]["examples"]),
        reasons=frozenset(plain(text) for text in data["rows"]["reasons"]),
        groups=_starts(villages["group"], r" .+"),
        village_ignored=_starts(villages["ignored"], r" (?=.)"),
        village_kinds=tuple(
            sorted(
                ((plain(phrase), kind) for kind, listed in villages["kinds"].items() for phrase in listed),
                key=lambda pair: -len(pair[0]),
            )
        ),
        commune_kinds={
            plain(phrase): kind for kind, listed in communes["kinds"].items() for phrase in listed
        },
        commune_ignored=frozenset(plain(phrase) for phrase in communes["ignored"]),
    )
