"""What a team should do next, from what its phone knows: the twin of `static/js/phone/todo.js`, rule for rule.

Both take one world (`docs/sync.md`, section 5: lists of households, residents, follow_ups, filings, visits, outreach;
`records`: what waits on the phone, in order of seq; `today`; `start_day`) and give one list.

1. Records lie over the roster in their order. A visit that corrects or voids another takes its place, whichever version
   it names. `set` of an edit wins over what stood; `ended` takes away. A filing told in an assist counts from then on.
2. Follow-ups are folded visit by visit (by day, then as they came). Met or refused: the return date is the visit's own,
   or none. Nobody home: a date given replaces, none given leaves what stood. Moved away: nothing is left to do.
   A visit before the last one known changes nothing, unless it corrects one.
3. Help in progress or referred stays open until the same kind is told again for the same person (a person not named
   stands for anyone). Level 2 asked for somebody who has it is closed.
4. Reached: met in the statutory year of today. Level 2: from 14 years, by birth year; the list of people counts where it
   has birth years, else the household's own numbers; unknown is not 0.
5. A household stands once, with a tag for each reason: return, assist, never, level2. One that moved away is only told
   of a return date or of help. Filings without a result and the commune's calendar from today on stand for themselves.
6. Groups: overdue, today, soon (7 days), outreach, doing, filings, never, level2, later. Within a group by day; never and
   level2: poor and near-poor first, then who lacks more; then by id, so that the order is stable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tdteam.domain.follow_ups import Left, fold, opened
from tdteam.domain.periods import STATUTORY_START_DAY, period_of
from tdteam.domain.residents import EID2, LEVEL2_AGE
from tdteam.domain.vocabulary import Contact, FilingState
from tdteam.domain.waiting import OPEN_FILINGS, View, lay_over

Json = Mapping[str, Any]
EID2_KINDS = ("EID2_REFER", "EID2_ACTIVATE")
POOR = ("poor", "near_poor")
SOON_DAYS = 7
GROUPS = ("overdue", "today", "soon", "outreach", "doing", "filings", "never", "level2", "later")
_DATED = ("overdue", "today", "soon", "later")
_KIND_ORDER = {"outreach": 0, "home": 1, "visit": 1, "filing": 2}


def todo(world: Json) -> list[dict[str, Any]]:
    """The list, in the order it is to be done."""
    view = lay_over(world)
    year = period_of(_day(world["today"]), world.get("start_day") or STATUTORY_START_DAY).year
    left, reached = _fold_all(world, view, year)
    people = _by_household(view.residents)
    items = []
    for home, household in view.households.items():
        missing = _missing(household, people.get(home, ()), year)
        items.append(_of_household(household, left[home], missing, home in reached))
    items += [_of_visit(visit_id, what) for visit_id, what in left.items() if visit_id not in view.households]
    items = [item for item in items if item["tags"]]
    items += [_of_filing(one) for one in view.filings.values() if one.get("state") in OPEN_FILINGS]
    items += [_of_outreach(one) for one in world.get("outreach") or () if one["on"] >= world["today"]]
    for item in items:
        _group(item, world["today"])
    ordered = sorted(items, key=lambda item: _order(item, view))
    return [{name: value for name, value in item.items() if not name.startswith("_")} for item in ordered]


def _day(text: str) -> date:
    return date.fromisoformat(text)


# Rules 2 and 3 over the roster.


def _fold_all(world: Json, view: View, year: int) -> tuple[dict[str, Left], set[str]]:
    """What is left at each household (or of visits without one), and the households reached."""
    left: dict[str, Left] = {}
    reached = {home for home, one in view.households.items() if one.get("reached_year")}
    for home, household in view.households.items():
        left[home] = Left(on=household.get("last_visit") or "")
    for visit in sorted(world.get("visits") or (), key=lambda one: str(one["visited_on"])):
        if view.roots[visit["id"]] not in view.gone and visit.get("household_id") in left:
            home_left = left[visit["household_id"]]
            home_left.moved = visit["contact"] == Contact.MOVED
            home_left.on = max(home_left.on, visit["visited_on"])
    for told in world.get("follow_ups") or ():
        _take_over(left, view, told)
    for visit in view.visits:
        met = visit.get("household_id")
        if met and met not in view.households:
            continue
        fold(left.setdefault(met or visit["id"], Left()), visit, corrects=visit["_corrects"])
        if met and visit.get("contact") == Contact.MET:
            start = world.get("start_day") or STATUTORY_START_DAY
            if period_of(_day(visit["visited_on"]), start).year == year:
                reached.add(met)
    for what in left.values():
        what.assists = [one for one in what.assists if not _has_it(one, view)]
    return left, reached


def _take_over(left: dict[str, Left], view: View, told: Json) -> None:
    home = told.get("household_id")
    if view.roots.get(told["id"], told["id"]) in view.gone or (home and home not in view.households):
        return
    what = left.setdefault(home or told["id"], Left())
    if told.get("return_on") and (what.return_on is None or told["return_on"] < what.return_on):
        what.return_on, what.return_id = told["return_on"], told["id"]
    what.assists += [opened(one, told["id"]) for one in told.get("assists") or ()]


def _has_it(assist: Json, view: View) -> bool:
    person = view.residents.get(assist["resident_id"] or "")
    return assist["kind"] in EID2_KINDS and person is not None and EID2 in (person.get("attained") or ())


# Rules 4 to 6: items and their order.


def _by_household(residents: Mapping[str, Json]) -> dict[str, list[Json]]:
    out: dict[str, list[Json]] = {}
    for one in residents.values():
        out.setdefault(one["household_id"], []).append(one)
    return out


def _missing(household: Json, people: Sequence[Json], year: int) -> int | None:
    """People of 14 years and over without level 2; None where nobody knows."""
    known = [one for one in people if one.get("birth_year")]
    if known:
        adults = [one for one in known if one["birth_year"] <= year - LEVEL2_AGE]
        return sum(EID2 not in (one.get("attained") or ()) for one in adults)
    if household.get("adults") is None or household.get("eid2") is None:
        return None
    return max(0, int(household["adults"]) - int(household["eid2"]))


def _item(kind: str, thing: str, village: Any, **more: Any) -> dict[str, Any]:
    blank = {"household_id": None, "filing_id": None, "outreach_id": None, "visit_id": None, "due_on": None}
    rest = {"key": f"{kind}:{thing}", "village_id": village, "late": 0, "assists": [], "missing": None}
    return {**blank, **rest, "tags": [], "group": "", "_since": "", **more, "_kind": kind, "_id": thing}


def _of_household(household: Json, left: Left, missing: int | None, reached: bool) -> dict[str, Any]:
    here = not left.moved
    reasons = {
        "return": bool(left.return_on),
        "assist": bool(left.assists),
        "never": here and not reached,
        "level2": here and bool(missing),
    }
    return _item(
        "home",
        household["id"],
        household.get("village_id"),
        household_id=household["id"],
        due_on=left.return_on,
        assists=left.told(),
        missing=missing,
        tags=[tag for tag, holds in reasons.items() if holds],
        _since=left.on,
    )


def _of_visit(visit_id: str, left: Left) -> dict[str, Any]:
    tags = [*(["return"] if left.return_on else []), *(["assist"] if left.assists else [])]
    told = left.told()
    more = {"due_on": left.return_on, "assists": told, "tags": tags, "_since": left.on}
    return _item("visit", visit_id, None, visit_id=visit_id, **more)


def _of_filing(filing: Json) -> dict[str, Any]:
    return _item(
        "filing",
        filing["id"],
        filing.get("village_id"),
        household_id=filing.get("household_id"),
        filing_id=filing["id"],
        due_on=filing.get("due_on"),
        tags=["filing"],
    )


def _of_outreach(plan: Json) -> dict[str, Any]:
    more = {"outreach_id": plan["id"], "due_on": plan["on"], "_since": plan.get("from") or ""}
    return _item("outreach", str(plan["id"]), None, tags=["outreach"], **more)


def _group(item: dict[str, Any], today: str) -> None:
    """Set the group, and the days an item is late."""
    due, undated = item["due_on"], {"outreach": "outreach", "filing": "filings"}.get(item["_kind"])
    if due and due < today and undated != "outreach":
        item["group"], item["late"] = "overdue", (_day(today) - _day(due)).days
    elif due == today:
        item["group"] = "today"
    elif undated:
        item["group"] = undated
    elif due:
        near = (_day(today) + timedelta(days=SOON_DAYS)).isoformat()
        item["group"] = "soon" if due <= near else "later"
    else:
        first = item["tags"][0]
        item["group"] = "doing" if first == "assist" else first


def _order(item: Json, view: View) -> tuple[Any, ...]:
    """Where an item stands. Within a group all keys have one shape."""
    group, place = item["group"], GROUPS.index(item["group"])
    if group in _DATED:
        hour = item["_since"] if item["_kind"] == "outreach" else ""
        return (place, item["due_on"], _KIND_ORDER[item["_kind"]], hour, item["_id"])
    if group == "outreach":
        return (place, item["due_on"], item["_since"], item["outreach_id"])
    if group == "doing":
        return (place, item["_since"], item["_id"])
    if group == "filings":
        filing = view.filings[item["filing_id"]]
        waits = filing["state"] != FilingState.SUPPLEMENT
        return (place, waits, item["due_on"] or "9999", filing.get("submitted_on") or "", item["_id"])
    household = view.households[item["household_id"]]
    return (place, household.get("poverty") not in POOR, -(item["missing"] or 0), item["_id"])
