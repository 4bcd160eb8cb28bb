"""Places: the hierarchy is data with validity, never columns.

Districts ended on 1 July 2025, communes merged and official codes were reused, so a code names a unit only together
with a date and the surrogate id is the only key. All ranges are half-open `[since, until)`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ALWAYS = date(1900, 1, 1)
"""The `since` of what stood before anybody here kept dates."""

REFORM = date(2025, 7, 1)
"""Two-tier local government (Resolution 1673/NQ-UBTVQH15 for Lao Cai)."""


class Level(StrEnum):
    PROVINCE = "province"
    AREA = "area"
    COMMUNE = "commune"
    VILLAGE = "village"


class PlaceKind(StrEnum):
    PROVINCE = "province"
    DISTRICT = "district"  # huyen
    TOWN = "town"  # thi xa
    CITY = "city"
    AREA = "area"  # a named set of villages a reviewer covers
    COMMUNE = "commune"  # xa
    WARD = "ward"  # phuong
    TOWNSHIP = "township"  # thi tran
    THON = "thon"
    BAN = "ban"
    TDP = "tdp"  # to dan pho


@dataclass(frozen=True)
class Edge:
    """`place_id` stands under `parent_id` in `[since, until)`; an ended place stands under its successor ever after."""

    place_id: int
    parent_id: int
    since: date
    until: date | None


@dataclass(frozen=True, order=True)
class Reach:
    """A row of the closure: `place_id` lies inside `ancestor_id` in `[since, until)`."""

    ancestor_id: int
    place_id: int
    since: date
    until: date | None


def _overlap(a: tuple[date, date | None], b: tuple[date, date | None]) -> tuple[date, date | None] | None:
    since = max(a[0], b[0])
    ends = [end for end in (a[1], b[1]) if end is not None]
    until = min(ends) if ends else None
    return None if until is not None and since >= until else (since, until)


def _joined(spans: Iterable[tuple[date, date | None]]) -> list[tuple[date, date | None]]:
    """Overlapping or touching spans as one, so that a place is inside an ancestor at most once on a day."""
    out: list[tuple[date, date | None]] = []
    for since, until in sorted(spans, key=lambda s: (s[0], s[1] or date.max)):
        if out and (out[-1][1] is None or since <= out[-1][1]):
            last = out[-1][1]
            out[-1] = (out[-1][0], None if last is None or until is None else max(last, until))
        else:
            out.append((since, until))
    return out


def closure(edges: Iterable[Edge], places: Iterable[int]) -> set[Reach]:
    """The closure of dated edges for `places`: every ancestor (and the place itself) with the days it held.

    A loop in the edges raises ValueError: a place can never lie inside itself.
    """
    parents: dict[int, list[Edge]] = {}
    for edge in edges:
        parents.setdefault(edge.place_id, []).append(edge)
    found: dict[int, dict[int, list[tuple[date, date | None]]]] = {}
    under_way: set[int] = set()

    def above(place: int) -> dict[int, list[tuple[date, date | None]]]:
        if place in found:
            return found[place]
        if place in under_way:
            raise ValueError(f"places form a loop at {place}")
        under_way.add(place)
        spans: dict[int, list[tuple[date, date | None]]] = {place: [(ALWAYS, None)]}
        for edge in parents.get(place, ()):
            for ancestor, held in above(edge.parent_id).items():
                for span in held:
                    both = _overlap(span, (edge.since, edge.until))
                    if both:
                        spans.setdefault(ancestor, []).append(both)
        under_way.discard(place)
        found[place] = {ancestor: _joined(held) for ancestor, held in spans.items()}
        return found[place]

    return {
        Reach(ancestor, place, since, until)
        for place in places
        for ancestor, held in above(place).items()
        for since, until in held
    }
