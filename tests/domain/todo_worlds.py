"""Small worlds for the to-do list, as hypothesis draws them: few ids, so that records meet each other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

TODAY = date(2026, 11, 23)
HOMES = ["h1", "h1", "h1", "h2", "h3"]
PEOPLE = ["r1", "r2"]
KINDS = ["EID2_REFER", "EID2_ACTIVATE", "EID2_ACTIVATE", "FILING_SUBMIT", "HEALTH_BOOK"]
OUTCOMES = ["done", "in_progress", "referred", "not_done"]
CONTACTS = ["met", "met", "nobody_home", "refused", "moved"]


def days(low: int, high: int) -> st.SearchStrategy[str]:
    return st.integers(low, high).map(lambda n: (TODAY + timedelta(days=n)).isoformat())


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


FILING = st.fixed_dictionaries(
    {"id": st.sampled_from(["f1", "f2", "f3"])},
    optional={
        "due_on": maybe(days(-20, 20)),
        "state": st.sampled_from(["submitted", "supplement", "returned", "refused"]),
        "result_on": maybe(days(-5, 0)),
        "submitted_on": maybe(days(-40, 0)),
        "household_id": maybe(st.sampled_from(HOMES)),
    },
)
ASSIST = st.fixed_dictionaries(
    {"kind": st.sampled_from(KINDS), "outcome": st.sampled_from(OUTCOMES)},
    optional={"resident_id": maybe(st.sampled_from(PEOPLE)), "filing": maybe(FILING)},
)
VISIT = st.fixed_dictionaries(
    {
        "village_id": st.just(1),
        "household_id": maybe(st.sampled_from([*HOMES, "h9"])),
        "visited_on": days(-40, 0) | st.sampled_from(["2025-12-14", "2025-12-15", "2026-11-14"]),
        "contact": st.sampled_from(CONTACTS),
        "return_on": maybe(days(-10, 20)),
        "assists": st.lists(ASSIST, max_size=3),
    }
)
HOUSEHOLD = st.fixed_dictionaries(
    {
        "village_id": st.sampled_from([1, 2]),
        "head": st.just("A"),
        "adults": maybe(st.integers(0, 5)),
        "eid2": maybe(st.integers(0, 5)),
        "poverty": st.sampled_from([None, "none", "poor", "near_poor"]),
    }
)
KNOWN_HOUSEHOLD = st.builds(
    lambda home, more: {**home, **more},
    HOUSEHOLD,
    st.fixed_dictionaries(
        {"id": st.sampled_from(HOMES), "reached_year": st.booleans(), "last_visit": maybe(days(-60, -20))}
    ),
)
RESIDENT = st.fixed_dictionaries(
    {
        "id": st.sampled_from(PEOPLE),
        "household_id": st.sampled_from(HOMES),
        "birth_year": maybe(st.integers(2009, 2015)),
        "attained": st.lists(st.sampled_from(["EID2", "HEALTH_BOOK"]), unique=True),
    }
)
KNOWN_FILING = st.builds(lambda one: {"state": "submitted", "village_id": 1, **one}, FILING)
FOLLOW_UP = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["v1", "v2", "v3", "v4"]),
        "household_id": maybe(st.sampled_from([*HOMES, "h9"])),
        "village_id": st.just(1),
        "return_on": maybe(days(-10, 20)),
        "assists": st.lists(ASSIST, max_size=2),
    }
)
KNOWN_VISIT = st.builds(
    lambda visit, more: {**visit, **more},
    VISIT,
    st.fixed_dictionaries(
        {"id": st.sampled_from(["v1", "v2", "v3"]), "root_id": st.sampled_from(["v1", "v2", "v0"])}
    ),
)
OUTREACH = st.fixed_dictionaries(
    {
        "id": st.integers(1, 30),
        "title": st.just("Level 2"),
        "on": days(-2, 9),
        "from": st.sampled_from(["", "08:00", "14:00"]),
        "cancelled": st.booleans(),
    }
)
ENDED = st.fixed_dictionaries({"why": st.just("moved"), "on": days(-3, 0)})
HOUSEHOLD_EDIT = st.fixed_dictionaries(
    {
        "household_id": st.sampled_from([*HOMES, "n1"]),
        "set": st.fixed_dictionaries(
            {}, optional={"adults": st.integers(0, 6), "eid2": st.integers(0, 6), "ended": maybe(ENDED)}
        ),
    }
)
RESIDENT_EDIT = st.fixed_dictionaries(
    {
        "resident_id": st.sampled_from([*PEOPLE, "n2"]),
        "household_id": st.sampled_from(HOMES),
        "set": st.fixed_dictionaries(
            {},
            optional={
                "birth_year": maybe(st.integers(2009, 2015)),
                "attained.EID2": maybe(st.just({"on": None, "source": ""})),
                "ended": maybe(ENDED),
            },
        ),
    }
)
NEW_RESIDENT = st.fixed_dictionaries(
    {
        "household_id": st.sampled_from([*HOMES, "n1"]),
        "birth_year": st.integers(2009, 2015),
        "attained": st.lists(st.just({"indicator": "EID2", "on": None, "source": ""}), max_size=1),
    }
)
FILING_EDIT = st.fixed_dictionaries(
    {
        "filing_id": st.sampled_from(["f1", "f2", "n3"]),
        "set": st.fixed_dictionaries(
            {}, optional={"state": st.sampled_from(["supplement", "returned"]), "due_on": maybe(days(-5, 5))}
        ),
    }
)
AGAIN = st.builds(
    lambda body, older: {**body, "corrects": older}, VISIT, st.sampled_from(["v1", "v2", "w0", "w1", "w2"])
)
VOID = st.fixed_dictionaries({"voids": st.sampled_from(["v1", "v3", "w0", "w1"]), "village_id": st.just(1)})
RECORD = st.one_of(
    VISIT.map(lambda body: ("visit", body)),
    VISIT.map(lambda body: ("visit", {**body, "household_id": "h1"})),
    AGAIN.map(lambda body: ("visit", body)),
    VOID.map(lambda body: ("visit", body)),
    HOUSEHOLD.map(lambda body: ("household", body)),
    HOUSEHOLD_EDIT.map(lambda body: ("household", body)),
    NEW_RESIDENT.map(lambda body: ("resident", body)),
    RESIDENT_EDIT.map(lambda body: ("resident", body)),
    FILING.map(lambda body: ("filing", {k: v for k, v in body.items() if k != "id"})),
    FILING_EDIT.map(lambda body: ("filing", body)),
    st.just(("proposal", {"text": "More antennas"})),
)
PREFIX = {"visit": "w", "household": "n", "resident": "n", "filing": "n", "proposal": "p"}


def _records(drawn: list[tuple[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"id": f"{PREFIX[kind]}{place}", "kind": kind, "body": body}
        for place, (kind, body) in enumerate(drawn)
    ]


def _once(many: st.SearchStrategy[Any], most: int, least: int = 0) -> st.SearchStrategy[list[Any]]:
    return st.lists(many, min_size=least, max_size=most, unique_by=lambda one: one["id"])


WORLD = st.fixed_dictionaries(
    {
        "today": days(-30, 30),
        "start_day": st.sampled_from([15, 15, 1]),
        "households": _once(KNOWN_HOUSEHOLD, 3, 1),
        "residents": _once(RESIDENT, 2),
        "follow_ups": _once(FOLLOW_UP, 4),
        "filings": _once(KNOWN_FILING, 3),
        "visits": _once(KNOWN_VISIT, 3),
        "outreach": _once(OUTREACH, 3),
        "records": st.lists(RECORD, max_size=7).map(_records),
    }
)
