"""What makes a good password, and passwords drawn by lot.

Length decides, not composition (NIST SP 800-63B section 5.1.1.2): at least 12 letters of any kind, not one that is tried
first, not the account's own name. Hashing lives in `actions/passwords.py`.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from tdteam.domain.errors import Flaw
from tdteam.domain.vietnamese import fold

LEAST = 12
MOST = 128
_LIST = Path(__file__).parent.parent / "data" / "common_passwords.txt"
_WORDS_NEEDED = 3  # a password put together from fewer known words is guessed from lists
_LONGEST_WORD = 24
_ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_SIGNS = "@$!"
_SWAPPED = str.maketrans(f"431057{_SIGNS}", "aeiostasi")
# No letters or figures that are taken for each other on paper or over the telephone.
_DRAWN = "abcdefghkmnpqrstuvwxyz23456789"


def stored_password(typed: str) -> str:
    """The one spelling that is hashed: composed letters; keyboards differ in how they send an accent. Nothing is trimmed."""
    return unicodedata.normalize("NFC", typed)


@cache
def common_words() -> frozenset[str]:
    """Passwords that are tried first: lower case, without marks."""
    lines = _LIST.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def judge_password(typed: str, *, own: Iterable[str] = (), field: str = "password") -> list[Flaw]:
    """What is wrong with a new password; `own` are the account's name for signing in and its holder's name."""
    password = stored_password(typed)
    if len(password) < LEAST:
        return [Flaw(field, "password_short", {"least": LEAST})]
    if len(password) > MOST:
        return [Flaw(field, "password_long", {"most": MOST})]
    plain = _letters(password)
    if any(word in plain for word in _own_words(own)):
        return [Flaw(field, "password_yours")]
    if plain and (_is_repeated(plain) or _guessed(plain) or _guessed(_letters(password, _SIGNS))):
        return [Flaw(field, "password_common")]
    if not plain and len(set(password)) < 3:
        return [Flaw(field, "password_common")]
    return []


def draw_password() -> str:
    """A one-time password to be read off a slip: four groups of four, 78 bits."""
    return "-".join("".join(secrets.choice(_DRAWN) for _ in range(4)) for _ in range(4))


def _letters(text: str, kept: str = "") -> str:
    return "".join(c for c in fold(text) if c.isalnum() or c in kept)


def _own_words(own: Iterable[str]) -> set[str]:
    """The names a password may not hold: whole, and the last two words of a person's name ("thuhuong")."""
    out = set()
    for name in own:
        words = fold(name).split()
        out.add((_letters(name), 4))
        out.add(("".join(_letters(word) for word in words[-2:]), 6))
    return {word for word, least in out if len(word) >= least}


def _is_repeated(plain: str) -> bool:
    """One to four letters over and over: aaaaaaaaaaaa, abcabcabcabc."""
    return any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, 5))


def _guessed(plain: str) -> bool:
    """Whether the password falls apart into fewer than three known words; runs of keys, years and repeats count nothing."""
    cheapest = [0.0] + [float(len(plain))] * len(plain)
    for start in range(len(plain)):
        for end in range(start + 1, min(len(plain), start + _LONGEST_WORD) + 1):
            cost = cheapest[start] + _cost(plain[start:end])
            cheapest[end] = min(cheapest[end], cost)
    return cheapest[-1] < _WORDS_NEEDED


def _cost(piece: str) -> float:
    if len(piece) >= 3 and (len(set(piece)) == 1 or any(piece in row or piece[::-1] in row for row in _ROWS)):
        return 0
    if len(piece) == 4 and piece.isdecimal() and piece[:2] in ("19", "20"):
        return 0
    if piece.isdecimal():
        return 0 if piece in common_words() else max(1, len(piece) - 3)
    if piece in common_words() or piece.translate(_SWAPPED) in common_words():
        return 1
    return 1 if len(piece) == 1 else len(piece)
