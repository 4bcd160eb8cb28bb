"""The roster with what waits on the phone laid over it: rule 1 of `todo.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tdteam.domain.vocabulary import FilingState

Json = Mapping[str, Any]
OPEN_FILINGS = (FilingState.SUBMITTED, FilingState.SUPPLEMENT)
_ATTAINED = "attained."


@dataclass
class View:
    """Households, residents and filings by id as they stand then. `visits`: the waiting ones in force, by day; `gone`: the
    roots of visits they take the place of; `roots`: version -> root."""

    households: dict[str, dict[str, Any]]
    residents: dict[str, dict[str, Any]]
    filings: dict[str, dict[str, Any]]
    visits: list[dict[str, Any]]
    gone: set[str]
    roots: dict[str, str]


def lay_over(world: Json) -> View:
    """The view of a world (see `todo.py`)."""
    view = View(
        households={one["id"]: dict(one) for one in world.get("households") or ()},
        residents={one["id"]: dict(one) for one in world.get("residents") or ()},
        filings={one["id"]: dict(one) for one in world.get("filings") or ()},
        visits=[],
        gone=set(),
        roots={one["id"]: one.get("root_id") or one["id"] for one in world.get("visits") or ()},
    )
    versions: dict[str, dict[str, Any]] = {}
    for record in world.get("records") or ():
        body = record["body"]
        if record["kind"] == "visit":
            _lay_visit(view, versions, record["id"], body)
        elif record["kind"] == "household":
            _lay_household(view, record["id"], body)
        elif record["kind"] == "resident":
            _lay_resident(view, record["id"], body)
        elif record["kind"] == "filing":
            _lay_filing(view, record["id"], body)
    view.visits = sorted(versions.values(), key=lambda one: str(one["visited_on"]))
    for visit in view.visits:
        _lay_told_filings(view, visit)
    return view


def _lay_visit(view: View, versions: dict[str, dict[str, Any]], visit_id: str, body: Json) -> None:
    older = body.get("voids") or body.get("corrects")
    root: str = str(view.roots.get(older, older)) if older else visit_id
    view.roots[visit_id] = root
    versions.pop(root, None)
    if older:
        view.gone.add(root)
    if not body.get("voids"):
        versions[root] = {**body, "id": visit_id, "_corrects": bool(older)}


def _lay_household(view: View, record_id: str, body: Json) -> None:
    if "set" not in body:
        view.households[record_id] = {**body, "id": record_id, "reached_year": False, "last_visit": None}
        return
    home, changes = body["household_id"], body["set"]
    if changes.get("ended"):
        view.households.pop(home, None)
    elif home in view.households:
        view.households[home].update(changes)


def _lay_resident(view: View, record_id: str, body: Json) -> None:
    if "set" not in body:
        has = [one["indicator"] for one in body.get("attained") or ()]
        view.residents[record_id] = {**body, "id": record_id, "attained": has}
        return
    person, changes = body["resident_id"], body["set"]
    if changes.get("ended"):
        view.residents.pop(person, None)
    elif person in view.residents:
        known = view.residents[person]
        has = [code for code in known.get("attained") or () if _ATTAINED + code not in changes]
        has += [
            name.removeprefix(_ATTAINED)
            for name, told in changes.items()
            if name.startswith(_ATTAINED) and told
        ]
        view.residents[person] = {**known, **changes, "attained": has}


def _lay_filing(view: View, record_id: str, body: Json) -> None:
    if "set" not in body:
        view.filings[record_id] = _settled({"state": FilingState.SUBMITTED, **body, "id": record_id})
    elif body["filing_id"] in view.filings:
        view.filings[body["filing_id"]] = _settled({**view.filings[body["filing_id"]], **body["set"]})


def _lay_told_filings(view: View, visit: Json) -> None:
    for assist in visit.get("assists") or ():
        told = assist.get("filing")
        if not told or assist["kind"] != "FILING_SUBMIT" or not told.get("id") or told["id"] in view.filings:
            continue
        view.filings[told["id"]] = _settled(
            {
                **told,
                "state": told.get("state") or FilingState.SUBMITTED,
                "submitted_on": told.get("submitted_on") or visit["visited_on"],
                "household_id": visit.get("household_id") or told.get("household_id"),
                "village_id": visit.get("village_id"),
            }
        )


def _settled(filing: dict[str, Any]) -> dict[str, Any]:
    if filing.get("result_on") and filing["state"] in OPEN_FILINGS:
        filing["state"] = FilingState.RETURNED
    return filing
