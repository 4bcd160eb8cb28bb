"""User text on its way to paper: composed letters, no invisible characters, no word wider than its line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

# Decree 30/2020 papers know one dash, U+002D; word processors and phones write the others unasked.
_DASHES = dict.fromkeys([*range(0x2010, 0x2016), 0x2212], "-")
# Controls, direction and zero-width marks, halves of pairs, private and unassigned code points: they print as
# nothing, as a box, or turn the line around.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
WORD_LIMIT = 20_000


CACHED_LENGTH = 120


def printable(text: str) -> str:
    """One line of text as it may be printed: NFC, single spaces, only visible characters. Idempotent."""
    return _kept(text) if len(text) <= CACHED_LENGTH else _printable(text)


def _printable(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_DASHES)
    text = " ".join(text.split())
    if text.isprintable():
        return text
    kept = "".join(c for c in text if c == " " or unicodedata.category(c) not in _UNPRINTABLE)
    return unicodedata.normalize("NFC", " ".join(kept.split()))


_kept = lru_cache(maxsize=8192)(_printable)


def paragraphs(text: str) -> list[str]:
    """The printable paragraphs of a text whose line ends part paragraphs; empty lines are dropped."""
    return [line for part in _LINE_END.split(text) if (line := printable(part))]


def break_word(word: str, room: float, width: Callable[[str], float]) -> list[str]:
    """A word in pieces no wider than room, at least a letter each, in time linear in its length."""
    pieces, piece, used = [], "", 0.0
    for letter in word[:WORD_LIMIT]:
        wide = width(letter)
        if piece and used + wide > room:
            pieces.append(piece)
            piece, used = "", 0.0
        piece += letter
        used += wide
    return [*pieces, piece] if piece else pieces


def wrap(text: str, room: float, width: Callable[[str], float], indent: float = 0.0) -> list[str]:
    """Lines of printable text, greedily filled; the first is narrower by `indent`. `width` measures in room's unit."""
    space = width(" ")
    lines: list[str] = []
    line: list[str] = []
    used = indent
    for word in text.split(" "):
        wide = width(word)
        if line and used + space + wide <= room:
            line.append(word)
            used += space + wide
            continue
        if line:
            lines.append(" ".join(line))
            used = 0.0
        if wide > room - used:
            *full, word = break_word(word, room - used, width)
            lines += full
            wide, used = width(word), 0.0 if full else used
        line = [word]
        used += wide
    return [*lines, " ".join(line)]
