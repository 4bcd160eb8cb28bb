r"""What free text may never hold of a person: identity and card numbers, one-time codes and passwords.

Law 91/2025/QH15 and Decree 356/2025: no ID number is kept, not even in a note. `find_forbidden` names what it sees:

- `id_number`: 9 or 12 digits (identity cards old and new), also with single blanks, dots or hyphens between;
- `card_number`: 13 digits and more (bank cards, insurance cards);
- `secret_code`: 4 to 8 digits beside the word for a one-time code, password or passcode.

Left alone: dates, dossier codes, sums of money with their currency, and phones (10 digits that start with 0, or +84):
a phone is ordinary contact data with a field of its own, and a team's note "call her son at …" is its daily work.

Patterns spell Vietnamese letters as \u escapes inside raw strings, which `re` reads.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from tdteam.domain.errors import Flaw

NOTE_LENGTH = 2_000
_IDENTITY = (9, 12)
_CARD, _LONGEST_CARD = 13, 19
_MASK = "*"

_EDGE_LEFT = r"(?<!\d)(?<!\d[ .-])"
_EDGE_RIGHT = r"(?![ .-]?\d)"
_YEAR = r"(?:19|20)\d\d"
_EXEMPT = re.compile(
    "|".join(
        [
            r"(?<![a-z0-9])(?:\d{3}\.\d\d\.\d\d\.)?[a-z]\d\d(?:\.\d{1,3}){0,4}-\d{6}-\d{1,7}(?!\d)",
            _EDGE_LEFT + r"[0-3]?\d([./-])[01]?\d\1" + _YEAR + r"(?![./-]?\d)",
            _EDGE_LEFT + _YEAR + r"-[01]\d-[0-3]\d(?![./-]?\d)",
            r"(?<!\d)(?:\+?84|0)[235789]\d{8}(?!\d)",
            _EDGE_LEFT + r"(?:\+84 ?|0)[35789]\d{1,2}[ .-]\d{3}[ .-]\d{3,4}" + _EDGE_RIGHT,
            _EDGE_LEFT + r"\d{1,3}(?:\.\d{3})+(?= ?(?:\u0111|dong\b|vn[d\u0111]))",
        ]
    ),
    re.IGNORECASE,
)
_RUN = re.compile(r"\d(?:[ .\-_]?\d)*")
_DIGITS = r"(?P<secret>\d(?:[ .-]?\d){3,7})(?![ .-]?\d)"
_WORD_BESIDE = r"\b(?:otp|pass(?:word|code)?|m\u1eadt kh\u1ea9u|mat khau|mk)\b"
_CODE_BEFORE = (
    r"\bm\u00e3(?:\s+(?:otp|pin|sms|l\u00e0|s\u1ed1|v\u1ec1|g\u1eedi|x\u00e1c nh\u1eadn|x\u00e1c th\u1ef1c"
    r"|b\u1ea3o m\u1eadt|k\u00edch ho\u1ea1t|\u0111\u0103ng nh\u1eadp))*"
)
_SECRETS = [
    re.compile(_WORD_BESIDE + r"[^\d,;.\n]{0,20}" + _DIGITS, re.IGNORECASE),
    re.compile(_CODE_BEFORE + r"\s*[:=(-]?\s*" + _DIGITS, re.IGNORECASE),
    re.compile(r"\bPIN\b\s*[:=(-]?\s*" + _DIGITS + r"(?! ?m?Ah)"),
    re.compile(
        r"(?<![\d.])" + _DIGITS + r"[\s(:-]*(?:l\u00e0\s+)?(?:(?:m\u00e3|ma)\s+)?" + _WORD_BESIDE,
        re.IGNORECASE,
    ),
]
_YEAR_SAID = re.compile(r"n\u0103m\s*$", re.IGNORECASE)


def find_forbidden(text: str | None) -> str | None:
    """The code of the first forbidden thing in a text, or None."""
    return next((code for code, _, _ in _forbidden(_plain(text))), None) if text else None


def mask(text: str, sign: str = _MASK) -> str:
    """The text with every digit of what is forbidden in it blotted out; unchanged where nothing is. With "0" as the
    sign it is still told to be forbidden."""
    plain = _plain(text)
    letters = list(plain)
    found = False
    for _, start, end in _forbidden(plain):
        found = True
        letters[start:end] = [sign if letter.isdigit() else letter for letter in letters[start:end]]
    return "".join(letters) if found else text


def judge_text(field: str, text: str | None, most: int = NOTE_LENGTH) -> list[Flaw]:
    """What is wrong with a free text: too long, or holding what may not be kept."""
    if not text:
        return []
    if len(text) > most:
        return [Flaw(field, "text_long", {"most": most})]
    code = find_forbidden(text)
    return [Flaw(field, code)] if code else []


def _plain(text: str) -> str:
    """Digits of any script as 0-9, exotic blanks as blanks, invisible joiners gone, runs of blanks as one."""
    composed = unicodedata.normalize("NFKC", text)
    kept = [
        str(unicodedata.digit(letter)) if unicodedata.category(letter) == "Nd" else letter
        for letter in composed
        if unicodedata.category(letter) != "Cf"
    ]
    return re.sub(r"[^\S\n]+", " ", "".join(kept))


def _forbidden(text: str) -> Iterator[tuple[str, int, int]]:
    """Code, start and end of each forbidden stretch of a plain text."""
    for pattern in _SECRETS:
        for found in pattern.finditer(text):
            if not _YEAR_SAID.search(text[: found.start("secret")]):
                yield "secret_code", found.start("secret"), found.end("secret")
    left = _EXEMPT.sub(lambda found: "x" * len(found[0]), text)
    for run in _RUN.finditer(left):
        code = _judge_run(run[0])
        if code:
            yield code, run.start(), run.end()


def _judge_run(run: str) -> str | None:
    groups = re.split(r"[ .\-_]", run)
    sizes = [len(group) for group in groups]
    total = sum(sizes)
    if any(size in _IDENTITY for size in sizes):
        return "id_number"
    if any(size >= _CARD for size in sizes):
        return "card_number"
    if _is_years(groups):
        return None
    is_card = _CARD <= total <= _LONGEST_CARD
    if sizes[:4] == [4, 4, 4, 4] and is_card:
        return "card_number"
    if total in _IDENTITY or _holds_window(sizes):
        return "id_number"
    return "card_number" if is_card else None


def _is_years(groups: list[str]) -> bool:
    """Years with days and months about them ("2024 2025", "15 10 2026"): numbers of another kind."""
    years = [group for group in groups if re.fullmatch(_YEAR, group)]
    return bool(years) and all(len(group) <= 2 or group in years for group in groups)


def _holds_window(sizes: list[int]) -> bool:
    """Whether groups of three or four, as people write identity numbers, stand inside a longer run."""
    windows = ((3, 3, 3, 3), (3, 3, 3), (4, 4, 4))
    return any(
        tuple(sizes[at : at + len(window)]) == window for window in windows for at in range(len(sizes))
    )
