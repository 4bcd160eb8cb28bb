"""What a team should do next, told as its leader meets it. That the phone says the same: tests/browser/test_phone_twins.py."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tdteam.domain.follow_ups import follow_ups
from tdteam.domain.todo import todo
from tests.domain.todo_worlds import ASSIST, CONTACTS, WORLD, days, maybe

TODAY = "2026-11-23"
HOME = {"id": "h1", "village_id": 1, "head": "Lý Thị Mẩy", "reached_year": True, "last_visit": "2026-11-01"}


def world(**lists: Any) -> dict[str, Any]:
    return {"today": TODAY, "households": [HOME], **lists}


def visit(record: str = "w1", **body: Any) -> dict[str, Any]:
    told = {"household_id": "h1", "visited_on": TODAY, "contact": "met", "return_on": None, "assists": []}
    return {"id": record, "kind": "visit", "body": {**told, **body}}


def follow_up(**more: Any) -> dict[str, Any]:
    return {"id": "v1", "household_id": "h1", "village_id": 1, "return_on": None, "assists": [], **more}


def assist(
    kind: str = "EID2_ACTIVATE", outcome: str = "in_progress", who: str | None = None
) -> dict[str, Any]:
    return {"kind": kind, "outcome": outcome, "resident_id": who}


def groups(given: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["key"], item["group"]) for item in todo(given)]


@pytest.mark.parametrize(
    ("day", "group", "late"),
    [
        ("2026-11-20", "overdue", 3),
        (TODAY, "today", 0),
        ("2026-11-24", "soon", 0),
        ("2026-11-30", "soon", 0),
        ("2026-12-01", "later", 0),
    ],
)
def test_a_return_date_stands_where_it_falls(day: str, group: str, late: int) -> None:
    [item] = todo(world(follow_ups=[follow_up(return_on=day)]))
    assert (item["group"], item["late"], item["due_on"], item["tags"]) == (group, late, day, ["return"])


@pytest.mark.parametrize(
    ("contact", "promised", "left"),
    [
        ("met", None, []),
        ("met", "2026-11-28", [("home:h1", "soon")]),
        ("refused", None, []),
        ("nobody_home", None, [("home:h1", "overdue")]),  # still owed a visit
        ("nobody_home", "2026-11-26", [("home:h1", "soon")]),  # put off
        ("moved", None, []),
    ],
)
def test_a_visit_on_this_phone_settles_or_moves_a_return_date(
    contact: str, promised: str | None, left: list[tuple[str, str]]
) -> None:
    due = [follow_up(return_on="2026-11-20")]
    assert groups(world(follow_ups=due, records=[visit(contact=contact, return_on=promised)])) == left


def test_a_visit_written_down_late_does_not_settle_what_was_promised_after_it() -> None:
    due = [follow_up(return_on="2026-11-20")]
    assert groups(world(follow_ups=due, records=[visit(visited_on="2026-10-20")])) == [("home:h1", "overdue")]


def test_a_corrected_visit_takes_its_return_date_with_it() -> None:
    due = [follow_up(return_on="2026-11-20")]
    known = [
        {
            "id": "v1",
            "root_id": "v0",
            "household_id": "h1",
            "visited_on": "2026-11-01",
            "contact": "met",
        }
    ]
    again = visit(corrects="v0", visited_on="2026-11-01", return_on="2026-11-25")
    assert groups(world(follow_ups=due, visits=known, records=[again])) == [("home:h1", "soon")]
    voided = {"id": "w2", "kind": "visit", "body": {"voids": "w1", "village_id": 1}}
    assert groups(world(follow_ups=due, visits=known, records=[again, voided])) == []


def test_help_in_progress_is_done_when_the_same_help_of_the_same_person_is_told_again() -> None:
    open_help = [follow_up(assists=[assist(who="r1"), assist("HEALTH_BOOK")])]
    people = [{"id": who, "household_id": "h1", "birth_year": 1990, "attained": []} for who in ("r1", "r2")]
    given = world(follow_ups=open_help, residents=people)
    assert [a["kind"] for a in todo(given)[0]["assists"]] == ["EID2_ACTIVATE", "HEALTH_BOOK"]
    for who, left in [
        ("r1", ["HEALTH_BOOK"]),
        ("r2", ["EID2_ACTIVATE", "HEALTH_BOOK"]),
        (None, ["HEALTH_BOOK"]),
    ]:
        [item] = todo({**given, "records": [visit(assists=[assist(outcome="done", who=who)])]})
        assert [a["kind"] for a in item["assists"]] == left


def test_who_has_level_two_waits_for_it_no_more() -> None:
    person = {"id": "r1", "household_id": "h1", "birth_year": 1990, "attained": ["EID2"]}
    asked = [follow_up(assists=[assist("EID2_REFER", "referred", "r1")])]
    assert groups(world(follow_ups=asked, residents=[person])) == []


def test_level_two_is_counted_from_the_list_of_people_else_from_the_household() -> None:
    def missing(home: dict[str, Any], *people: tuple[int | None, list[str]]) -> Any:
        residents = [
            {"id": f"r{n}", "household_id": "h1", "birth_year": year, "attained": has}
            for n, (year, has) in enumerate(people)
        ]
        items = todo(world(households=[{**HOME, "reached_year": False, **home}], residents=residents))
        return items[0]["missing"]

    assert missing({}) is None  # nobody knows
    assert missing({"adults": 4, "eid2": 1}) == 3
    assert missing({"adults": 4, "eid2": None}) is None
    assert missing({"adults": 4, "eid2": 1}, (2012, []), (2013, []), (1960, ["EID2"])) == 1
    assert missing({"adults": 4, "eid2": 1}, (None, [])) == 3


def test_a_household_met_on_this_phone_is_no_longer_unreached() -> None:
    fresh = {**HOME, "reached_year": False, "last_visit": None}
    assert groups(world(households=[fresh])) == [("home:h1", "never")]
    assert groups(world(households=[fresh], records=[visit()])) == []
    assert groups(world(households=[fresh], records=[visit(contact="nobody_home")])) == [("home:h1", "never")]
    last_year = visit(visited_on="2025-12-14")  # before the statutory year of 2026
    assert groups(world(households=[fresh], records=[last_year])) == [("home:h1", "never")]
    assert groups(world(households=[fresh], records=[visit(visited_on="2025-12-15")])) == []


def test_who_moved_away_is_not_asked_for_again() -> None:
    fresh = {**HOME, "reached_year": False, "adults": 3, "eid2": 0}
    gone = {"id": "v1", "root_id": "v1", "household_id": "h1", "visited_on": "2026-11-10", "contact": "moved"}
    assert groups(world(households=[fresh], visits=[gone])) == []


def test_filings_wait_until_their_result() -> None:
    filings = [
        {"id": "f1", "household_id": "h1", "state": "submitted", "submitted_on": "2026-11-20"},
        {"id": "f2", "household_id": "h1", "state": "submitted", "due_on": "2026-11-20"},
        {"id": "f3", "household_id": "h1", "state": "supplement", "submitted_on": "2026-11-22"},
        {"id": "f4", "household_id": "h1", "state": "returned"},
    ]
    waiting = [("filing:f2", "overdue"), ("filing:f3", "filings"), ("filing:f1", "filings")]
    assert groups(world(filings=filings)) == waiting
    given_back = {
        "id": "w1",
        "kind": "filing",
        "body": {"filing_id": "f2", "set": {"result_on": TODAY}},
    }
    assert groups(world(filings=filings, records=[given_back])) == waiting[1:]


def test_a_filing_told_in_a_visit_waits_at_once() -> None:
    told = {**assist("FILING_SUBMIT", "done"), "filing": {"id": "f9", "due_on": "2026-11-26"}}
    assert groups(world(records=[visit(assists=[told])])) == [("filing:f9", "filings")]


def test_plans_of_the_commune_stand_by_day_and_hour_and_those_gone_by_go() -> None:
    plans = [
        {"id": 1, "on": "2026-11-25", "from": "14:00"},
        {"id": 2, "on": "2026-11-25", "from": "08:00"},
        {"id": 3, "on": TODAY, "from": ""},
        {"id": 4, "on": "2026-11-22", "from": ""},
    ]
    assert groups(world(outreach=plans)) == [
        ("outreach:3", "today"),
        ("outreach:2", "outreach"),
        ("outreach:1", "outreach"),
    ]


def test_the_list_begins_with_what_is_late_and_poor_households_come_first_among_the_unreached() -> None:
    homes = [
        {"id": "h5", "adults": 9, "eid2": 0, "poverty": "none"},
        {"id": "h4", "adults": 1, "eid2": 0, "poverty": "none"},
        {"id": "h3", "adults": 1, "eid2": 0, "poverty": "poor"},
        {"id": "h2", "reached_year": True, "adults": 1, "eid2": 0},
        HOME,
    ]
    given = world(
        households=homes,
        follow_ups=[follow_up(return_on="2026-11-20")],
        filings=[{"id": "f1", "state": "submitted", "due_on": "2026-11-19"}],
    )
    assert [key for key, _ in groups(given)] == [
        *("filing:f1", "home:h1"),
        *("home:h3", "home:h5", "home:h4", "home:h2"),
    ]


def test_somebody_helped_outside_the_list_is_remembered_too() -> None:
    open_help = follow_up(id="v7", household_id=None, return_on=TODAY, assists=[assist()])
    [item] = todo(world(follow_ups=[open_help]))
    assert (item["key"], item["visit_id"], item["household_id"]) == ("visit:v7", "v7", None)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(WORLD)
def test_the_list_names_each_thing_once_and_is_ordered_whatever_comes(given_world: dict[str, Any]) -> None:
    items = todo(given_world)
    keys = [item["key"] for item in items]
    assert len(keys) == len(set(keys))
    assert all((item["late"] > 0) == (item["group"] == "overdue") for item in items)
    for name in ("households", "residents", "filings", "outreach"):
        given_world[name] = given_world[name][::-1]
    assert [item["key"] for item in todo(given_world)] == keys  # the order of lists does not matter


HISTORY = st.lists(
    st.fixed_dictionaries(
        {
            "household_id": st.sampled_from(["h1", "h2"]),
            "visited_on": days(-30, 0),
            "contact": st.sampled_from(CONTACTS),
            "return_on": maybe(days(-10, 20)),
            "assists": st.lists(ASSIST.map(lambda one: {**one, "filing": None}), max_size=2),
        }
    ),
    max_size=8,
).map(lambda many: sorted(many, key=lambda one: str(one["visited_on"])))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HISTORY, st.integers(0, 8))
def test_the_list_does_not_change_when_the_server_takes_over_what_waited(
    history: list[dict[str, Any]], known: int
) -> None:
    """The roster's follow-ups after some visits, with the rest waiting on the phone, say what the roster says after all."""
    told = [{**one, "id": f"v{place}"} for place, one in enumerate(history)]

    def seen(server: list[dict[str, Any]], phone: list[dict[str, Any]]) -> dict[str, Any]:
        homes = []
        for home in ("h1", "h2"):
            own = [one for one in server if one["household_id"] == home]
            met = [one["visited_on"] for one in own if one["contact"] == "met"]
            homes.append({"id": home, "reached_year": bool(met), "last_visit": max(met, default=None)})
        records = [{"id": one["id"], "kind": "visit", "body": one} for one in phone]
        return world(households=homes, visits=server, follow_ups=follow_ups(server), records=records)

    assert todo(seen(told, [])) == todo(seen(told[:known], told[known:]))
