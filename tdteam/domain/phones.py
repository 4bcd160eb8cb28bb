"""Vietnamese phone numbers as people type them into lists, to the ten digits they dial today.

Mobile numbers have ten digits since 2018 (the 11-digit prefixes 012x, 016x, 018x, 0199 were exchanged one for one),
landlines eleven since 2017. Excel drops the leading zero of a number. What fits no rule is a flaw, never a guess.
"""

from __future__ import annotations

import re

from tdteam.domain.errors import Flaw
from tdteam.domain.vietnamese import fold

_MOBILE_PREFIXES = {
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037", "0168": "038",
    "0169": "039", "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078", "0123": "083",
    "0124": "084", "0125": "085", "0127": "081", "0129": "082", "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
_LANDLINE_PREFIXES = {"020": "0214", "029": "0216"}  # Lao Cai and Yen Bai before 2017
_MOBILE = re.compile(r"0[35789]\d{8}")
_OLD_MOBILE = re.compile(r"01\d{9}")
_LANDLINE = re.compile(r"02\d{9}")
_OLD_LANDLINE = re.compile(r"02[09]\d{7}")
_COUNTRY = re.compile(r"(?:\+|00)?84(?=[1-9]\d{8,9}$|0\d{9,10}$)")
_NOISE = re.compile(r"[\s.\-()\u2013\u00a0']+")
_LETTERS_BEFORE = re.compile(r"^(?:so dt|so|sdt|dt|dd|tel|phone|zalo)\s*[:.]?\s*")
_LONGEST = 100
_NOTHING = frozenset(
    {"", "khong", "khong co", "ko", "ko co", "k", "chua co", "chua", "-", "--", "\u2014", "x"}
)


def parse_phone(raw: object, field: str = "phone") -> str | None | Flaw:
    """The number in canonical form (10 digits, 11 for a landline), None where the cell says "none", else a Flaw.

    Takes text or a number from a cell. Codes: `phone_form`, `phone_two` (two numbers in one cell).
    """
    if raw is None or isinstance(raw, bool):
        return None if raw is None else Flaw(field, "phone_form")
    if isinstance(raw, (int, float)):
        text = str(int(raw)) if float(raw).is_integer() else ""
    elif isinstance(raw, str) and len(raw) == 10 and raw.isascii() and _MOBILE.fullmatch(raw):
        return raw  # as nearly all of a long list are written
    else:
        text = _LETTERS_BEFORE.sub("", fold(str(raw)[:_LONGEST]))
    if text in _NOTHING and not isinstance(raw, (int, float)):
        return None
    number = _canonical(_NOISE.sub("", text))
    if number:
        return number
    parts = [part for part in re.split(r"[/;,]|\s+-\s+|\bva\b|\bhoac\b|\s{2,}", text) if part.strip()]
    if len(parts) > 1 and all(_canonical(_NOISE.sub("", part)) for part in parts):
        return Flaw(field, "phone_two")
    return Flaw(field, "phone_form")


def _canonical(digits: str) -> str | None:
    digits = _COUNTRY.sub("", digits)
    if not digits.isascii() or not digits.isdecimal():
        return None
    if not digits.startswith("0"):
        digits = "0" + digits
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return digits
    if _OLD_MOBILE.fullmatch(digits) and digits[:4] in _MOBILE_PREFIXES:
        return _MOBILE_PREFIXES[digits[:4]] + digits[4:]
    if _OLD_LANDLINE.fullmatch(digits):
        return _LANDLINE_PREFIXES[digits[:3]] + digits[3:]
    return None


def show_phone(number: str | None) -> str:
    """A canonical number grouped for reading: `0912 345 678`, `0214 3840 034`; anything else as it is."""
    if not number or not number.isdecimal():
        return number or ""
    if len(number) == 11:
        return f"{number[:4]} {number[4:8]} {number[8:]}"
    return f"{number[:4]} {number[4:7]} {number[7:]}"
