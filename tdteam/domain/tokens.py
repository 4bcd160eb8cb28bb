"""Tokens of machines: how one is drawn, told apart and kept. The token itself is shown once and kept by nobody here."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import date, timedelta

from tdteam.domain.errors import Flaw

LONGEST_NAME = 100
LONGEST_DAYS = 731
"""A token is drawn anew at least every two years."""
USED_DAYS = 365
"""How long one is good where nobody says otherwise."""
HINT = 8
_SHAPE = re.compile(r"tdt_[A-Za-z0-9_-]{43}")


def draw_token() -> str:
    """A new token: 256 random bits behind a word by which scanners of leaked secrets know it."""
    return f"tdt_{secrets.token_urlsafe(32)}"


def is_token(text: str) -> bool:
    """Whether a text has the shape of a token at all."""
    return _SHAPE.fullmatch(text) is not None


def hash_of(token: str) -> str:
    """What is kept of a token. It has no dictionary to be guessed from, so one round is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def hint_of(token: str) -> str:
    """The first letters, by which its holder tells it from others."""
    return token[:HINT]


def is_live(expires_on: date | None, revoked: bool, today: date) -> bool:
    """Whether a token still opens: not taken back, its last day not over."""
    return not revoked and (expires_on is None or today <= expires_on)


def judge_token(name: str, expires_on: date | None, today: date) -> list[Flaw]:
    """What is wrong with a token somebody asks for. Codes: required, too_long, token_past, token_far."""
    flaws = []
    if not name.strip():
        flaws.append(Flaw("name", "required"))
    elif len(name) > LONGEST_NAME:
        flaws.append(Flaw("name", "too_long", {"limit": LONGEST_NAME}))
    if expires_on is None:
        flaws.append(Flaw("expires_on", "required"))
    elif expires_on < today:
        flaws.append(Flaw("expires_on", "token_past"))
    elif expires_on > today + timedelta(days=LONGEST_DAYS):
        flaws.append(Flaw("expires_on", "token_far", {"until": today + timedelta(days=LONGEST_DAYS)}))
    return flaws
