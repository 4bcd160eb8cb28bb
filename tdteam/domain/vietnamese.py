"""Vietnamese text: one spelling to store, one folded form to match, sort keys.

The sort keys use only `0-9a-z`, so that byte order, C and the usual locales of PostgreSQL agree on them. They give
the order of ICU's `vi`: letters a ă â b c d đ e ê … y (f j w z in their Latin places), then, where all letters
are equal, tones ngang, huyền, hỏi, ngã, sắc, nặng. ICU itself is not needed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# '0' ends the letters (tones follow), '1' parts words, '2' opens a number: the shorter first, then digits.
_SYMBOLS = "3456789abcdefghijklmnopqrstuvwxyz"
_PRIMARY = dict(zip(_LETTERS, _SYMBOLS, strict=True))
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_RANKS = "0123456789abcdefghijklmnopqrstuvwxyz"
# Joiners, byte-order marks and direction marks come along with text copied from web pages and chats.
_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF])
# U+00D0 (Icelandic eth) looks exactly like Đ; some keyboards and converters type it.
_STORED = {**_INVISIBLE, 0xD0: "\u0110"}
_WORD = re.compile(r"[0-9]+|[^\W\d_]+")


def nfc(text: str) -> str:
    """The stored spelling: composed letters, single spaces, no blanks at the ends; hòa and hoà stay apart."""
    if "\0" in text:  # nothing a person types; PostgreSQL takes no text that holds one
        text = text.replace("\0", "")
    if text.isascii():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFC", text.translate(_STORED)).split())


_DROPPED = {**_INVISIBLE, 0xAD: None}
_D_BAR = {0x0111: "d", 0x00F0: "d", 0x0110: "d", 0x00D0: "d"}


def _without_marks(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.translate(_DROPPED))
    return "".join([c for c in parts if not unicodedata.combining(c)]).lower().translate(_D_BAR)


def _quick_table() -> dict[int, str]:
    """Every composed Vietnamese letter to its folded one: most text then needs no decomposition."""
    letters = [
        unicodedata.normalize("NFC", base + tone) for base in "aăâeêioôơuưyđ" for tone in ["", *_TONES]
    ]
    whole = [letter for letter in letters if len(letter) == 1]
    return {ord(shape): _without_marks(letter) for letter in whole for shape in (letter, letter.upper())}


_QUICK = _quick_table()


def fold(text: str) -> str:
    """The form for searching and matching: lower case, no marks, đ as d, single spaces. Idempotent."""
    quick = text.translate(_QUICK)
    if not quick.isascii():
        quick = _without_marks(_without_marks(quick))
    return " ".join(quick.lower().split())


@lru_cache(maxsize=8192)
def _levels(word: str) -> tuple[str, str]:
    """(letters, tones) of one lower-case word or number, one sign a letter; foreign letters are left out."""
    if word.isdecimal():
        figure = word.lstrip("0")[:35]
        return f"2{_RANKS[len(figure)]}{figure}", ""
    letters, tones = [], []
    for char in word:
        parts = unicodedata.normalize("NFD", char)
        base, marks = parts[0], parts[1:]
        shape = unicodedata.normalize("NFC", base + "".join(m for m in marks if m not in _TONES))
        symbol = _PRIMARY.get(shape) or _PRIMARY.get(base)
        if symbol:
            letters.append(symbol)
            tones.append(next((_TONES[m] for m in marks if m in _TONES), "0"))
    return "".join(letters), "".join(tones)


def text_key(text: str) -> str:
    """Sort key of a place name or other text; digits compare as numbers ("Tả Hà 2" before "Tả Hà 10")."""
    letters, tones, end = "", "", 0
    for found in _WORD.finditer(nfc(text).lower()):
        word, marks = _levels(found[0])
        letters += f"1{word}" if letters and found.start() > end else word
        tones, end = tones + marks, found.end()
    return f"{letters}0{tones}" if letters else ""


def name_key(text: str) -> str:
    """Sort key of a person: given name (the last word), then the family name, then what stands between."""
    words = nfc(text).split()
    if not words:
        return ""
    given, family, middle = words[-1], words[0] if len(words) > 1 else "", " ".join(words[1:-1])
    return "".join(_part_key(part) for part in (given, family, middle))


@lru_cache(maxsize=8192)
def _part_key(part: str) -> str:
    """Names are made of few syllables: a list of 50,000 heads asks for some hundred keys again and again."""
    return text_key(part) or "0"


def title_name(text: str) -> str:
    """A person's name typed all in capitals, in the usual spelling ("NGUYỄN VĂN ĐỨC" to "Nguyễn Văn Đức").

    A name with any small letter is somebody's own spelling and comes back as it is (but for `nfc`).
    """
    name = nfc(text)
    if not name.isupper():
        return name
    return re.sub(r"(^|[\s\-'’(.])(\w)", lambda m: m[1] + m[2].upper(), name.lower())
