"""What is left to do after visits: return dates and help in progress. Rules 2 and 3 of `todo.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tdteam.domain.vocabulary import Contact, Outcome

Json = Mapping[str, Any]
OPEN_OUTCOMES = (Outcome.IN_PROGRESS, Outcome.REFERRED)
TOLD = ("kind", "outcome", "resident_id")


@dataclass
class Left:
    """What is left to do at a household (or of a visit without one). `on`: the last day known, "" for none."""

    on: str = ""
    return_on: str | None = None
    return_id: str = ""
    assists: list[dict[str, Any]] = field(default_factory=list)
    moved: bool = False

    def told(self) -> list[dict[str, Any]]:
        """The open help in the shape of the wire, by kind and person."""
        told = [{name: one[name] for name in TOLD} for one in self.assists]
        return sorted(told, key=lambda one: (one["kind"], one["resident_id"] or "", one["outcome"]))


def follow_ups(visits: Iterable[Json]) -> list[dict[str, Any]]:
    """What is left to do after visits (bodies with id, in force, any order), as the roster tells it: rules 2 and 3."""
    homes: dict[str, tuple[Any, Left]] = {}
    for visit in sorted(visits, key=lambda one: str(one["visited_on"])):
        key = visit.get("household_id") or visit["id"]
        _, left = homes.setdefault(key, (visit.get("household_id"), Left()))
        fold(left, visit, corrects=False)
    out: dict[str, dict[str, Any]] = {}
    for home, left in homes.values():

        def at(visit_id: str, home: Any = home) -> dict[str, Any]:
            fresh = {"id": visit_id, "household_id": home, "return_on": None, "assists": []}
            return out.setdefault(visit_id, fresh)

        if left.return_on:
            at(left.return_id)["return_on"] = left.return_on
        for assist in left.assists:
            at(assist["visit_id"])["assists"].append({name: assist[name] for name in TOLD})
    return list(out.values())


def fold(left: Left, visit: Json, *, corrects: bool) -> None:
    """Lay one visit over what was left. `corrects`: it takes another's place, so its day may be an earlier one."""
    if visit["visited_on"] < left.on and not corrects:
        return
    left.on = max(left.on, visit["visited_on"])
    contact = visit.get("contact") or Contact.MET
    left.moved = contact == Contact.MOVED
    if left.moved:
        left.return_on, left.assists = visit.get("return_on"), []
    elif contact != Contact.NOBODY_HOME or visit.get("return_on"):
        left.return_on = visit.get("return_on")
    if left.return_on and left.return_on == visit.get("return_on"):
        left.return_id = visit["id"]
    for assist in visit.get("assists") or ():
        left.assists = [one for one in left.assists if not _same_help(one, assist)]
        if assist["outcome"] in OPEN_OUTCOMES:
            left.assists.append(opened(assist, visit["id"]))


def _same_help(one: Json, other: Json) -> bool:
    first, second = one.get("resident_id"), other.get("resident_id")
    return one["kind"] == other["kind"] and (first == second or not first or not second)


def opened(assist: Json, visit_id: str) -> dict[str, Any]:
    """Help that stays open, with the visit that told it."""
    return {
        "kind": assist["kind"],
        "outcome": assist["outcome"],
        "resident_id": assist.get("resident_id"),
        "visit_id": visit_id,
    }
