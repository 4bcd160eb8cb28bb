"""TCVN3 (ABC) and VNI text as Unicode: files typed before 2010 still circulate, in `.Vn…` and `VNI-…` fonts.

Such a cell holds Western letters that only its font draws as Vietnamese. The font's name therefore decides where it
is known; where it is not (`.csv`, text pasted elsewhere) `guess` counts which reading gives Vietnamese syllables.
Two traps: ư in TCVN3 is U+00AD, an invisible soft hyphen, so nothing may strip it before; and fonts ending in H
(`.VnTimeH`) draw the small letters as capitals.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyen, hoi, nga, sac, nang


class Encoding(StrEnum):
    UNICODE = "unicode"
    TCVN3 = "tcvn3"
    TCVN3_CAPITALS = "tcvn3_capitals"
    VNI = "vni"


_TCVN3_LETTERS = """
à b5 á b8 ả b6 ã b7 ạ b9  ă a8 ằ bb ắ be ẳ bc ẵ bd ặ c6  â a9 ầ c7 ấ ca ẩ c8 ẫ c9 ậ cb
è cc é d0 ẻ ce ẽ cf ẹ d1  ê aa ề d2 ế d5 ể d3 ễ d4 ệ d6  ì d7 í dd ỉ d8 ĩ dc ị de
ò df ó e3 ỏ e1 õ e2 ọ e4  ô ab ồ e5 ố e8 ổ e6 ỗ e7 ộ e9  ơ ac ờ ea ớ ed ở eb ỡ ec ợ ee
ù ef ú f3 ủ f1 ũ f2 ụ f4  ư ad ừ f5 ứ f8 ử f6 ữ f7 ự f9  ỳ fa ý fd ỷ fb ỹ fc ỵ fe
đ ae Đ a7  Ă a1 Â a2 Ê a3 Ô a4 Ơ a5 Ư a6
"""
_PAIRS = _TCVN3_LETTERS.split()
TCVN3 = {int(code, 16): letter for letter, code in zip(_PAIRS[::2], _PAIRS[1::2], strict=True)}
"""Code of the byte (as the Western letter it reads as) to the Vietnamese letter."""


def _vni_table() -> dict[str, str]:
    """VNI writes letter + mark ("aù" is á); ơ ư đ ỉ ĩ ị ỵ have signs of their own. Capitals take either mark."""
    plain = dict(zip(TONES, "øûõùï", strict=True))
    hat = dict(zip(TONES, "àåãáä", strict=True))
    breve = dict(zip(TONES, "èúüéë", strict=True))
    table = {
        "ñ": "đ",
        "æ": "ỉ",
        "ó": "ĩ",
        "ò": "ị",
        "î": "ỵ",
        "ô": "ơ",
        "ö": "ư",
        "aâ": "â",
        "eâ": "ê",
        "oâ": "ô",
    }
    table["aê"] = "ă"
    for letter, base in [*zip("aeouy", "aeouy", strict=True), ("ô", "ơ"), ("ö", "ư")]:
        marks = {letter + sign: base + tone for tone, sign in plain.items()}
        if base in "aeo":
            marks |= {letter + sign: table[letter + "â"] + tone for tone, sign in hat.items()}
        if base == "a":
            marks |= {letter + sign: "ă" + tone for tone, sign in breve.items()}
        table |= {signs: unicodedata.normalize("NFC", drawn) for signs, drawn in marks.items()}
    capitals = {signs.upper(): drawn.upper() for signs, drawn in table.items()}
    mixed = {signs[0].upper() + signs[1:]: drawn.upper() for signs, drawn in table.items() if len(signs) == 2}
    return {**table, **capitals, **mixed}


VNI = _vni_table()
_VNI_SIGNS = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))


def encoding_of_font(name: str) -> Encoding:
    """What a font's name says of its text; UNICODE for every other font."""
    bare = name.strip().lower()
    if bare.startswith(".vn"):
        return Encoding.TCVN3_CAPITALS if name.strip().endswith("H") else Encoding.TCVN3
    return Encoding.VNI if bare.startswith(("vni-", "vni ")) else Encoding.UNICODE


# Letters and marks no legacy encoding has. Dashes and dots above U+00FF are not among them: Excel puts those anywhere.
_UNICODE_ONLY = re.compile(
    "[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u0300-\u0323\u1ea0-\u1ef9]"
)


def is_unicode(text: str) -> bool:
    """Whether text holds letters that no legacy encoding can: it must be left as it is, whatever its font."""
    return _UNICODE_ONLY.search(text) is not None


def decode(text: str, encoding: Encoding) -> str:
    """Legacy text as Unicode. Text that is plain ASCII or already Unicode comes back unchanged."""
    if encoding is Encoding.UNICODE or is_unicode(text):
        return text
    if encoding is Encoding.VNI:
        return _VNI_SIGNS.sub(lambda signs: VNI[signs[0]], text)
    drawn = text.translate(TCVN3)
    return drawn.upper() if encoding is Encoding.TCVN3_CAPITALS else drawn


_SMALL_START = re.compile(
    r"(?:^|(?<=\s))[àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ](?=\w)"
)


def with_capitals(name: str) -> str:
    """A name whose words begin with the capitals TCVN3 lacks: "Lê Đức ánh" could not be typed otherwise.

    For names only, and only where another word has its capital: no particle of a name begins with a toned vowel.
    """
    if name.istitle() or name.isascii() or not any(word[0].isupper() for word in name.split()):
        return name
    return _SMALL_START.sub(lambda letter: letter[0].upper(), name)


_SYLLABLE = re.compile(
    r"(?:b|ch|c|d|đ|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x)?"
    r"[ou]?(?:iê|yê|ia|ya|uô|ua|ươ|ưa|oo|[aăâeêioôơuưy])(?:ch|c|m|ng|nh|n|p|t|i|y|o|u)?"
)
_BREAKS = re.compile(r"[\s!-/:-@\[-`{-~0-9]+")


@lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    """Whether a word has the shape of a Vietnamese syllable (names of the highlands, "Giàng A Páo", included)."""
    parts = unicodedata.normalize("NFD", word.lower())
    tones = sum(parts.count(tone) for tone in TONES)
    bare = unicodedata.normalize("NFC", "".join(char for char in parts if char not in TONES))
    return tones <= 1 and _SYLLABLE.fullmatch(bare) is not None


def guess(texts: Iterable[str], at_most: int = 600) -> Encoding:
    """The encoding under which a sample of texts reads as Vietnamese; UNICODE when in doubt.

    Words of plain ASCII say nothing and are not counted. A legacy reading must make sense of at least four words in
    five, and of clearly more than the text does as it stands ("Ngô" and "Lý" are words in all three).
    """
    words = []
    for text in texts:
        if not text.isascii():
            words += [word for word in _BREAKS.split(text) if word and not word.isascii()]
        if len(words) >= at_most:
            break
    if not words:
        return Encoding.UNICODE
    as_it_stands = sum(map(is_syllable, words)) / len(words)
    read = {
        encoding: sum(is_syllable(decode(word, encoding)) for word in words) / len(words)
        for encoding in (Encoding.TCVN3, Encoding.VNI)
    }
    best = max(read, key=lambda encoding: read[encoding])
    return best if read[best] >= 0.8 and read[best] >= as_it_stands + 0.2 else Encoding.UNICODE
