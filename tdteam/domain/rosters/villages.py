"""Which village a roster means: a village is (old commune, name), and names recur from one commune to the next.

The caller says which villages exist (`Villages`), the title block says which commune, the row says the name. A name is
looked for first in the old commune the title names, then in the present one of that name; as it is spelled, then
without marks, then without "Thon"/"TDP" and the like. The first step that finds one village answers; a step that
finds several is ambiguous and nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from tdteam.domain.errors import Flaw
from tdteam.domain.legacy_text import TONES, with_capitals
from tdteam.domain.rosters.words import RosterWords, plain
from tdteam.domain.vietnamese import fold, nfc, title_name

_ROMAN = {
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "i": "1",
    "v": "5",
    "x": "10",
}
_HELPED = (
    50  # unknown names that get suggestions: a wrong column holds thousands, and each costs milliseconds
)
_LONGEST = 60
_DIGITS = re.compile(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])")
_FORMER = re.compile(
    r"^(.*?)\s*\(([^()]+)\)$"
)  # "Lang Chung (Phong Nien cu)": the word for "former" is ignored below
_ENUMERATOR = re.compile(r"^\s*(?:[0-9]{1,3}|[IVXLC]{1,6}|[A-Za-z])\s*[.)/\-:]\s*")
_COUNTS_AFTER = re.compile(r"\s*[:(\u2013\-]\s*[0-9][0-9.]*\s*\S{0,12}(?:\s.*)?$")


@dataclass(frozen=True, slots=True)
class KnownCommune:
    """A commune a title block may name. `present` is False for one that ended (an old commune)."""

    commune_id: int
    name: str
    present: bool


@dataclass(frozen=True, slots=True)
class KnownVillage:
    """A village a row may name, with the commune it came from and the one it stands under today."""

    village_id: int
    name: str
    old_commune_id: int
    present_commune_id: int


def spelling(text: str) -> str:
    """Text as spelled but for case and for where the tone mark sits (hoa + huyen on either vowel)."""
    words = []
    for word in nfc(text).lower().split():
        parts = unicodedata.normalize("NFD", word)
        bare = "".join(char for char in parts if char not in TONES)
        words.append(bare + "".join(char for char in parts if char in TONES))
    return " ".join(words)


class Communes:
    """Communes by name. `aliases` are (other spelling, commune id): "TT Phong Hai" for "Thi tran Nong truong …"."""

    def __init__(
        self, known: Iterable[KnownCommune], words: RosterWords, aliases: Iterable[tuple[str, int]] = ()
    ) -> None:
        self._words = words
        self._by_name: dict[str, list[tuple[str, KnownCommune]]] = {}
        by_id = {commune.commune_id: commune for commune in known}
        names = [(commune.name, commune) for commune in by_id.values()]
        names += [(alias, by_id[commune_id]) for alias, commune_id in aliases if commune_id in by_id]
        for name, commune in names:
            kind, bare = self._parted(name)
            self._by_name.setdefault(bare, []).append((kind, commune))

    def _parted(self, name: str) -> tuple[str, str]:
        """("thi tran", "phong hai") of "TT Nong truong Phong Hai"; the kind is empty where none is said."""
        tokens = plain(name).split()
        kind = ""
        while len(tokens) > 1:
            two = " ".join(tokens[:2])
            if len(tokens) > 2 and not kind and two in self._words.commune_kinds:
                kind, tokens = self._words.commune_kinds[two], tokens[2:]
            elif not kind and tokens[0] in self._words.commune_kinds:
                kind, tokens = self._words.commune_kinds[tokens[0]], tokens[1:]
            elif skipped := self._ignored(tokens):
                tokens = tokens[skipped:]
            else:
                break
        if len(tokens) > 1 and tokens[-1] in self._words.commune_ignored:
            tokens = tokens[:-1]
        return kind, " ".join(tokens)

    def _ignored(self, tokens: list[str]) -> int:
        sizes = (size for size in (4, 2, 1) if len(tokens) > size)
        return next((size for size in sizes if " ".join(tokens[:size]) in self._words.commune_ignored), 0)

    def find(self, hint: str) -> list[KnownCommune]:
        """The communes a title may mean, old ones first; of one kind where the hint says a kind that exists."""
        kind, bare = self._parted(hint)
        found = self._by_name.get(bare, [])
        same_kind = [commune for said, commune in found if said == kind]
        communes = same_kind if kind and same_kind else [commune for _, commune in found]
        return sorted(dict.fromkeys(communes), key=lambda commune: (commune.present, commune.commune_id))


class Villages:
    """Villages by name within communes. `aliases` are (other spelling, village id)."""

    def __init__(
        self,
        known: Iterable[KnownVillage],
        communes: Communes,
        words: RosterWords,
        aliases: Iterable[tuple[str, int]] = (),
    ) -> None:
        self._communes = communes
        self._words = words
        self._known = {village.village_id: village for village in known}
        self._names = [(village.name, village) for village in self._known.values()]
        self._names += [(alias, self._known[place]) for alias, place in aliases if place in self._known]
        self._steps: tuple[Callable[[str], str], ...] = (
            spelling,
            plain,
            lambda text: village_key(text, words),
        )
        self._indexes: dict[tuple[int, ...] | None, list[dict[str, set[int]]]] = {}
        self._answers: dict[tuple[str, str], int | Flaw] = {}
        self._unknown = 0

    def resolve(self, hint: str, text: str) -> int | Flaw:
        """The village's id, or a Flaw on `village`: village_unknown(_near), village_ambiguous, commune_unknown.

        `hint` names the commune ("" when nothing did: then all villages given are looked at).
        """
        key = (hint, text)
        if key not in self._answers:
            self._answers[key] = self._resolve(hint, text)
        return self._answers[key]

    def _resolve(self, hint: str, text: str) -> int | Flaw:
        if (former := _FORMER.match(nfc(text))) and self._communes.find(former[2]):
            return self._resolve(former[2], former[1])
        wheres: list[tuple[int, ...] | None] = [None]
        if hint:
            found = self._communes.find(hint)
            if not found:
                return Flaw("village", "commune_unknown", {"commune": hint})
            old = tuple(commune.commune_id for commune in found if not commune.present)
            present = tuple(commune.commune_id for commune in found if commune.present)
            wheres = [where for where in (old, present) if where]
        for where in wheres:
            indexes = self._index(where)
            for step, index in zip(self._steps, indexes, strict=True):
                ids = index.get(step(text), set())
                if len(ids) == 1:
                    return next(iter(ids))
                if ids:
                    return Flaw("village", "village_ambiguous", {"village": nfc(text), "count": len(ids)})
        self._unknown += 1
        near = self._near(wheres, text) if self._unknown <= _HELPED and len(text) <= _LONGEST else ""
        if near:
            return Flaw("village", "village_unknown_near", {"village": nfc(text), "near": near})
        return Flaw("village", "village_unknown", {"village": nfc(text)})

    def _index(self, where: tuple[int, ...] | None) -> list[dict[str, set[int]]]:
        if where not in self._indexes:
            indexes: list[dict[str, set[int]]] = [{} for _ in self._steps]
            for name, village in self._names:
                if where is None or village.old_commune_id in where or village.present_commune_id in where:
                    for step, index in zip(self._steps, indexes, strict=True):
                        index.setdefault(step(name), set()).add(village.village_id)
            self._indexes[where] = indexes
        return self._indexes[where]

    def _near(self, wheres: list[tuple[int, ...] | None], text: str) -> str:
        """Up to three names that look alike, for the sentence that says what to do; "" when none does."""
        keys = {key: ids for where in wheres for key, ids in self._index(where)[2].items()}
        close = get_close_matches(village_key(text, self._words), keys, n=3, cutoff=0.7)
        return ", ".join(dict.fromkeys(self._known[min(keys[key])].name for key in close))


def village_key(text: str, words: RosterWords) -> str:
    """What names of one village share: no marks, no "Thon" or "TDP so", plain figures, i for y."""
    key = _DIGITS.sub(" ", plain(text))
    while (found := words.village_ignored.match(key)) and found.end() < len(key):
        key = key[found.end() :]
    tokens = key.split()
    if len(tokens) > 1:
        tokens[-1] = _ROMAN.get(tokens[-1], tokens[-1])
    return " ".join(
        token.lstrip("0") or "0" if token.isdecimal() else token.replace("y", "i") for token in tokens
    )


def village_name(text: str, words: RosterWords) -> tuple[str, str]:
    """(kind, name) to give a new village: ("tdp", "Phu Long") of "To dan pho Phu Long"; the kind is "" where unsaid.

    A prefix stays where only a figure would remain ("Thon 3"), and "Ban" always does: it is part of the name.
    """
    name = with_capitals(nfc(text))
    bare = plain(name)
    for phrase, kind in words.village_kinds:
        if bare.startswith(f"{phrase} "):
            length = len(phrase.split())
            rest = " ".join(name.split()[length:])
            keep = kind == "ban" or not re.search(r"[a-z]{2}", fold(rest).removeprefix("so "))
            return kind, title_name(name if keep else rest)
    return "", title_name(name)


def heading_village(text: str) -> str:
    """The village of a group row: "II. Thon Hoc Da (95 ho)" to "Thon Hoc Da"."""
    bare = _COUNTS_AFTER.sub("", _ENUMERATOR.sub("", nfc(text)))
    return bare.strip(" :.-") or nfc(text)
