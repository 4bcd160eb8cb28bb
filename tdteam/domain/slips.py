"""Slips: a printed paper a member, with a code that lets one phone in, once, within fourteen days."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tdteam.domain.accounts import LONGEST
from tdteam.domain.people import MemberRole
from tdteam.domain.roles import Role
from tdteam.domain.vietnamese import fold

GOOD_DAYS = 14
MOST_AT_ONCE = 400
CALL_LENGTH = 80
STEPS = 3


class Barred(StrEnum):
    """Why a member is given no slip."""

    DESK = "desk"  # the member's account belongs to a desk: it signs in with its password and enrols its phone itself
    DISABLED = "disabled"  # an administrator closed the account
    ELSEWHERE = "elsewhere"  # the account reaches places that whoever prints does not


@dataclass(frozen=True)
class Slip:
    """One slip to print. `address` is what its QR code says; the code in it stands nowhere else."""

    name: str
    role: str
    team: str
    villages: str
    address: str
    until: date


@dataclass(frozen=True)
class SlipWords:
    """What a slip says in Vietnamese; `until` and `call` are whole sentences' beginnings."""

    title: str
    team: str
    villages: str
    steps: tuple[str, ...]
    until: str
    call: str
    secret: str


@dataclass(frozen=True)
class SlipSheet:
    """The slips of one printing: whose commune, whom to call, `demo` the mark of the demonstration or ""."""

    commune: str
    slips: tuple[Slip, ...]
    call: str
    words: SlipWords
    demo: str = ""


def draw_code() -> str:
    """The code of a slip: 128 random bits in 22 letters, short enough for a coarse QR."""
    return secrets.token_urlsafe(16)


def role_of(membership_roles: set[str]) -> Role:
    """The role of an account made at joining: those who lead a team, or stand in for its leader, are leaders."""
    leads = membership_roles & {MemberRole.LEADER, MemberRole.DEPUTY}
    return Role.LEADER if leads else Role.MEMBER


def username_of(name: str, member_id: int) -> str:
    """A sign-in name nobody has to type: given name, initials and the member's number ("si.ll31")."""
    words = ["".join(c for c in word if c.isascii() and c.isalnum()) for word in fold(name).split()]
    words = [word for word in words if word and word[0].isalpha()] or ["to"]
    given, initials = words[-1], "".join(word[0] for word in words[:-1])[:6]
    tail = f"{initials}{member_id}" if initials else str(member_id)
    return f"{given[: LONGEST - len(tail) - 1]}.{tail}"
