"""What the commune decides on a record a phone sent (`docs/sync.md`): the words kept with it, and a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from tdteam.domain.errors import Flaw
from tdteam.domain.privacy import judge_text

LONGEST_WHY = 300


class Decision(StrEnum):
    """How a waiting record was settled."""

    TAKEN = "taken"  # what was held, or the sent version of a conflict
    DECLINED = "declined"  # what was held, with a reason
    KEPT = "kept"  # a conflict: what stands stays
    MIXED = "mixed"  # a conflict of several fields: some of each
    DAY_RIGHT = "day_right"
    DAY_CHANGED = "day_changed"


class Side(StrEnum):
    """Which value of a conflict."""

    STORED = "stored"
    SENT = "sent"


def judge_decline(why: str) -> list[Flaw]:
    """What is wrong with a reason the member will read."""
    flaws = [] if why.strip() else [Flaw("why", "required")]
    return flaws + judge_text("why", why, LONGEST_WHY)


def judge_sides(fields: Iterable[str], sides: Mapping[str, str]) -> list[Flaw]:
    """A choice is due for each field."""
    open_fields = [name for name in fields if sides.get(name) not in set(Side)]
    return [Flaw("sides", "choose_each")] if open_fields else []
