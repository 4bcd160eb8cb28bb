"""Phones as the server knows them: their own word for themselves, the token they hold, and how long a contact counts."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import TypeGuard

from tdteam.domain.privacy import mask
from tdteam.domain.vietnamese import nfc

LABEL_LENGTH = 80
CONTACT_EVERY = timedelta(minutes=10)
"""How often a phone's last contact is written down at most."""
_DEVICE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
_CLIENT = re.compile(r"[A-Za-z0-9._+-]{1,20}")


def is_device_id(given: object) -> TypeGuard[str]:
    """Whether this can be a phone's word for itself: 1 to 64 plain letters, drawn by the phone."""
    return isinstance(given, str) and bool(_DEVICE.fullmatch(given))


def is_token(given: object) -> TypeGuard[str]:
    """Whether this can be a token of ours."""
    return isinstance(given, str) and bool(_TOKEN.fullmatch(given))


def clean_label(given: object) -> str:
    """What a phone calls itself, as it is kept: one printable line, without numbers that may not be kept."""
    if not isinstance(given, str):
        return ""
    text = "".join(letter for letter in nfc(given[:400]) if letter.isprintable())
    return mask(text)[:LABEL_LENGTH].strip()


def clean_client(given: object) -> str:
    """The version of the app a phone says it runs, or ""."""
    return given if isinstance(given, str) and _CLIENT.fullmatch(given) else ""


def draw_token() -> str:
    """A phone's token: 256 random bits, shown to the phone once."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """How a token is kept: random already, so one SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_contact_due(last: datetime | None, now: datetime) -> bool:
    """Whether a contact is to be written down again."""
    return last is None or now - last >= CONTACT_EVERY
