"""The six digits a member signs in with on an enrolled phone: what makes a good one, and how often one may err.

A PIN is worth something only beside the phone's own token (256 random bits): whoever holds neither cannot guess at all,
whoever holds the phone gets a few tries and then a wait (`RULE`). So only what is tried first is refused: runs, repeats,
well-known figures, the holder's year of birth and telephone. Hashing lives in `actions/passwords.py`.
"""

from __future__ import annotations

import re
from datetime import timedelta

from tdteam.domain.errors import Flaw
from tdteam.domain.throttle import Rule

LENGTH = 6
# Five tries, then waits of a minute to an hour: some 25 guesses a day at a million PINs, and the owner is never out for good.
RULE = Rule(4, timedelta(minutes=1), timedelta(hours=1), timedelta(hours=24))
_FORM = re.compile(r"[0-9]{6}")
# Figures drawn on a keypad, prices of luck, and the days every Vietnamese knows (19/5, 30/4, 2/9, 7/5, 3/2, 22/12, 1/5).
_LIST = """
147258 147369 258147 258369 369147 369258 741852 741963 852963 963852 963741 159357 357159 159753 753159
951357 123789 789123 456123 456789 789456 321654 654987 147852 258963 852147 123654 321456 987321 102030
010203 112358 314159 520131 168168 190590 190500 300475 020945 070554 030230 221244 010586 010101
101010 007007 123321 456654 789987 123451 112211 198000 199000 200000
"""
_KNOWN = frozenset(_LIST.split())


def judge_pin(
    pin: object, *, birth_year: int | None = None, phone: str | None = None, field: str = "pin"
) -> list[Flaw]:
    """What is wrong with a new PIN: `pin_form` unless it is six digits, `pin_common` where it is tried first. `birth_year`
    and `phone` are the holder's own."""
    if not isinstance(pin, str) or not _FORM.fullmatch(pin):
        return [Flaw(field, "pin_form")]
    if _is_common(pin) or _is_own(pin, birth_year, phone):
        return [Flaw(field, "pin_common")]
    return []


def is_pin(pin: object) -> bool:
    """Whether a PIN has the shape of one."""
    return isinstance(pin, str) and bool(_FORM.fullmatch(pin))


def tries_left(failures: int) -> int:
    """How many wrong PINs are still free before a wait."""
    return max(0, RULE.free + 1 - failures)


def _is_common(pin: str) -> bool:
    digits = [int(letter) for letter in pin]
    if len(set(pin)) < 3 or pin in _KNOWN:
        return True  # 111111, 686868, 112112
    if _is_run(digits) or pin[:3] == pin[3:]:
        return True  # 123456, 987654, 135791; 123123
    pairs = [pin[at : at + 2] for at in (0, 2, 4)]
    if all(pair[0] == pair[1] for pair in pairs):
        return _is_run([int(pair[0]) for pair in pairs])  # 112233, 664422
    return _is_run([int(pair) for pair in pairs], 100)  # 101112, 202122


def _is_run(numbers: list[int], modulus: int = 10) -> bool:
    """Whether the numbers go up or down by one and the same step, around the end too (890123)."""
    steps = {(after - before) % modulus for before, after in zip(numbers, numbers[1:], strict=False)}
    return len(steps) == 1


def _is_own(pin: str, birth_year: int | None, phone: str | None) -> bool:
    if phone and pin in re.sub(r"\D", "", phone):
        return True
    if not birth_year:
        return False
    year, short = f"{birth_year:04d}", f"{birth_year % 100:02d}"
    return (
        year in pin
        or _is_day(pin[:4])
        and pin[4:] == short
        or pin[:2] == short
        and _is_day(pin[4:] + pin[2:4])
    )


def _is_day(text: str) -> bool:
    """Whether four digits are a day and a month, in either order."""
    first, second = int(text[:2]), int(text[2:])
    return (1 <= first <= 31 and 1 <= second <= 12) or (1 <= first <= 12 and 1 <= second <= 31)
