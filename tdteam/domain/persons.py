"""What members, heads of households and residents have in common: a name, a birth year, a phone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tdteam.domain.errors import Flaw
from tdteam.domain.phones import parse_phone
from tdteam.domain.privacy import find_forbidden

NAME_LENGTH = 120
OLDEST = 120


def judge_name(field: str, name: str) -> list[Flaw]:
    """A person's name: there, of letters. Digits in it are a number typed into the wrong field, or one never kept."""
    clean = name.strip()
    if not clean:
        return [Flaw(field, "required")]
    if len(clean) > NAME_LENGTH:
        return [Flaw(field, "text_long", {"most": NAME_LENGTH})]
    code = find_forbidden(clean)
    if code:
        return [Flaw(field, code)]
    if any(letter.isdigit() for letter in clean) or not any(letter.isalpha() for letter in clean):
        return [Flaw(field, "name_letters")]
    return []


def judge_birth_year(field: str, year: int | None, low: int, high: int) -> list[Flaw]:
    """A birth year, where given, between two years."""
    if year is None or low <= year <= high:
        return []
    return [Flaw(field, "birth_year", {"low": low, "high": high})]


def judge_phone(field: str, typed: str | None) -> list[Flaw]:
    """A phone that can be read, or none."""
    read = parse_phone(typed, field)
    return [read] if isinstance(read, Flaw) else []


def judge_known(field: str, value: str | None, known: Iterable[str], *, needed: bool = False) -> list[Flaw]:
    """A word of a vocabulary; none at all only where it is not needed."""
    if not value:
        return [Flaw(field, "required")] if needed else []
    return [] if value in set(known) else [Flaw(field, "choice_unknown")]


def oldest_year(on: date) -> int:
    """The earliest birth year of a person who may live on a day."""
    return on.year - OLDEST
