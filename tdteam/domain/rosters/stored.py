"""What is stored, as far as a roster can change it: the other side of a comparison (`domain/rosters/plans.py`)."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass


@dataclass(slots=True)
class StoredHousehold:
    """A household in the store, as far as a roster can change it."""

    id: str
    village_id: int
    head: str
    folded: str
    birth_year: int | None
    people: int | None
    adults: int | None
    eid2: int | None
    poverty: str | None
    smartphone: bool | None
    phone: str | None
    note: str | None
    kind: str
    version: int = 1


@dataclass(slots=True)
class StoredMember:
    """A member in the store with one membership; `team` is whatever the caller keys its teams by."""

    id: Hashable
    team: Hashable
    name: str
    folded: str
    birth_year: int | None
    sex: str | None
    role: str
    component: str | None
    phone: str | None
    trained: bool | None
    note: str | None
    version: int = 1
