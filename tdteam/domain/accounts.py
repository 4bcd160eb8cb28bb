"""What an account must say before it is kept: its name for signing in, whose it is, its role, its places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tdteam.domain.errors import Flaw
from tdteam.domain.places import Level
from tdteam.domain.roles import Role
from tdteam.domain.vietnamese import nfc

_USERNAME = re.compile(r"[a-z][a-z0-9]*([._-][a-z0-9]+)*")
SHORTEST, LONGEST = 2, 32
MOST_PLACES = 40
ONE_TIME_DAYS = 14
"""How long a drawn password waits for its first use."""
DEMO_PASSWORD = "tdteam-demo-2026"  # noqa: S105 - printed on the sign-in page, in demonstration mode only
VILLAGE_ROLES = frozenset({Role.MEMBER, Role.LEADER})


@dataclass(frozen=True)
class AccountDraft:
    """An account as a form or the command line brings it, unchecked. `places` are ids of the scope's roots."""

    username: str
    name: str
    role: str
    places: tuple[int, ...] = ()
    member_id: int | None = None


def clean_username(typed: str) -> str:
    """The one spelling of a sign-in name: lower case, no blanks around. Marks are not taken off: the typist should see."""
    return nfc(typed).lower()


def judge_username(typed: str) -> list[Flaw]:
    """2 to 32 of a-z, 0-9 and single dots, dashes or underscores inside, starting with a letter."""
    username = clean_username(typed)
    if not username:
        return [Flaw("username", "required")]
    if not SHORTEST <= len(username) <= LONGEST or not _USERNAME.fullmatch(username):
        return [Flaw("username", "username_form", {"least": SHORTEST, "most": LONGEST})]
    return []


def judge_account(draft: AccountDraft, levels: Iterable[str]) -> list[Flaw]:
    """What is wrong with a draft; `levels` are those of its places. Whether a name is taken is the store's affair."""
    flaws = judge_username(draft.username)
    name = nfc(draft.name)
    if not name:
        flaws.append(Flaw("name", "required"))
    elif len(name) > 100:
        flaws.append(Flaw("name", "name_long", {"most": 100}))
    if draft.role not in set(Role):
        flaws.append(Flaw("role", "required"))
    if not draft.places:
        flaws.append(Flaw("places", "places_needed"))
    elif len(draft.places) > MOST_PLACES:
        flaws.append(Flaw("places", "places_many", {"most": MOST_PLACES}))
    elif draft.role in VILLAGE_ROLES and any(level != Level.VILLAGE for level in levels):
        # They see names and phones: of their own villages, never of a whole commune.
        flaws.append(Flaw("places", "places_villages"))
    return flaws
