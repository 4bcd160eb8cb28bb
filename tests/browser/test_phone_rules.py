"""What the phone refuses before it saves is what the server would refuse: each rule that stands twice is asked on both sides."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tdteam.domain import gatherings, households, residents, visits
from tdteam.domain.catalogue import Catalogue, Cause, Kind, Procedure
from tdteam.domain.errors import Flaw
from tdteam.domain.facts import Facts, KnownFiling, Span
from tests.browser.modules import BATCHES, Modules, phone_page

phone = phone_page

TODAY = date(2026, 11, 23)
HOMES = ["01920000-0000-7000-8000-00000000000" + sign for sign in "abc"]
PEOPLE = ["01920000-0000-7000-8000-00000000001" + sign for sign in "abc"]
FILED = ["01920000-0000-7000-8000-00000000002" + sign for sign in "ab"]
NOBODY = "01920000-0000-7000-8000-0000000000ff"
CATALOGUE = Catalogue(
    kinds={
        one.code: one
        for one in (
            Kind(
                "EID2_REFER", "A", "A", "government", {"referred": "r", "in_progress": "i", "not_done": "n"}
            ),
            Kind("FILING_SUBMIT", "B", "B", "government", {"done": "d", "in_progress": "i", "not_done": "n"}),
            Kind("FILING_TRACK", "C", "C", "government", {"done": "d", "not_done": "n"}),
            Kind("SKILL", "D", "D", "society", {"done": "d"}),
        )
    },
    causes={"NO_OTP": Cause("NO_OTP", "a"), "OTHER": Cause("OTHER", "b")},
    procedures={"BIRTH": Procedure("BIRTH", "a")},
)
FACTS = Facts(
    villages=frozenset({1, 2}),
    teams=frozenset({11, 12}),
    serves={(11, 1): (Span(),), (12, 2): (Span(),)},
    members={(11, 31): (Span(),), (11, 32): (Span(),), (12, 33): (Span(),)},
    households={HOMES[0]: 1, HOMES[1]: 1, HOMES[2]: 2},
    residents={PEOPLE[0]: (HOMES[0], 1), PEOPLE[1]: (HOMES[0], 1), PEOPLE[2]: (HOMES[2], 2)},
    filings={
        FILED[0]: KnownFiling(FILED[0], "H38.12-261008-0975", 1),
        FILED[1]: KnownFiling(FILED[1], "H38.12-261009-0001", 2),
    },
)
ROSTER = {
    "villages": [{"id": 1}, {"id": 2}],
    "teams": [{"id": 11, "village_ids": [1]}, {"id": 12, "village_ids": [2]}],
    "members": [{"id": 31, "team_id": 11}, {"id": 32, "team_id": 11}, {"id": 33, "team_id": 12}],
    "households": [[home, {"id": home, "village_id": place}] for home, place in FACTS.households.items()],
    "residents": [[one, {"id": one, "household_id": home}] for one, (home, _) in FACTS.residents.items()],
    "filings": [asdict(one) for one in FACTS.filings.values()],
    "catalogue": {
        "kinds": [{**asdict(one), "outcomes": dict(one.outcomes)} for one in CATALOGUE.kinds.values()],
        "causes": [asdict(one) for one in CATALOGUE.causes.values()],
        "procedures": [asdict(one) for one in CATALOGUE.procedures.values()],
    },
}
DAYS = st.sampled_from(
    [
        "2026-11-23",
        "2026-11-22",
        "2026-11-24",
        "2019-12-31",
        "2020-01-01",
        "2027-11-23",
        "2027-11-24",
        "2029-12-01",
    ]
)
MAYBE_DAYS = st.none() | DAYS
SOME_TEXT = st.sampled_from(["", "Máy cũ", "CCCD 010203004567", "OTP 123456", "a" * 2001, "H38-261008-0975"])
OUTCOMES = st.sampled_from(["done", "in_progress", "referred", "not_done", "granted", None])
CAUSES = st.sampled_from([None, None, "NO_OTP", "XX"])
FILING = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from([*FILED, NOBODY]),
        "code": st.sampled_from(
            ["H38.12-261008-0975", "h38.12-261009-0001", "H38.12-261111-0002", "010203004567", "A" * 61]
        ),
        "procedure": st.sampled_from(["BIRTH", "XX"]),
        "mode": st.sampled_from(["full", "partial", "xx"]),
        "due_on": MAYBE_DAYS,
        "submitted_on": MAYBE_DAYS,
        "result_on": MAYBE_DAYS,
        "state": st.sampled_from(["submitted", "supplement", "returned", "refused", "xx"]),
        "fee_due": st.none() | st.booleans(),
        "paid_online": st.none() | st.booleans(),
        "electronic_result": st.none() | st.booleans(),
        "note": SOME_TEXT,
    },
)
ASSIST = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(
            ["EID2_REFER", "FILING_SUBMIT", "FILING_SUBMIT", "FILING_TRACK", "SKILL", "XX", None]
        ),
        "outcome": OUTCOMES,
        "cause": CAUSES,
        "people": st.sampled_from([1, 1, 1, 0, 2, 2001]),
        "resident_id": st.sampled_from([None, None, *PEOPLE, NOBODY]),
        "filing": st.none() | FILING,
    }
)
VISIT = st.fixed_dictionaries(
    {
        "village_id": st.sampled_from([1, 1, 1, 2, 3, None]),
        "team_id": st.sampled_from([11, 11, 11, 12, 13, None]),
        "member_ids": st.lists(st.sampled_from([31, 32, 33]), unique=True, max_size=2),
        "household_id": st.sampled_from([None, HOMES[0], HOMES[0], *HOMES, NOBODY]),
        "visited_on": st.sampled_from(["2026-11-23", "2026-11-22"]) | MAYBE_DAYS,
        "place": st.sampled_from(["home", "office", "xx"]),
        "contact": st.sampled_from(["met", "met", "nobody_home", "refused", "moved", "xx"]),
        "minutes": st.sampled_from([None, 0, 1, 1440, 1441]),
        "return_on": MAYBE_DAYS,
        "note": SOME_TEXT,
        "assists": st.lists(ASSIST, max_size=4),
    }
)
GATHERING = st.fixed_dictionaries(
    {
        "village_id": st.sampled_from([1, 1, 2, 3]),
        "team_id": st.sampled_from([11, 11, 12, None]),
        "held_on": MAYBE_DAYS,
        "place": st.sampled_from(["culture_house", "office", "xx"]),
        "topic": SOME_TEXT,
        **{
            name: st.sampled_from([None, -1, 0, 1, 30, 31, 5001])
            for name in ("attended", "women", "youth", "elders")
        },
        "household_ids": st.lists(st.sampled_from([*HOMES, NOBODY]), unique=True, max_size=3),
        "note": SOME_TEXT,
        "assists": st.lists(ASSIST, max_size=3),
    }
)


def told(flaws: list[Any]) -> list[tuple[str, str]]:
    """Which field, which code: what a reader is shown, whatever the order."""
    return sorted(
        (one.field, one.code) if isinstance(one, Flaw) else (one["field"], one["code"]) for one in flaws
    )


def judged(phone: Modules, name: str, bodies: list[dict[str, Any]]) -> list[list[tuple[str, str]]]:
    """The flaws the phone finds in each body."""
    answers = phone.page.evaluate(
        """async ([name, bodies, roster, today]) => {
            const judge = await import("/static/js/phone/judge.js");
            const known = {...roster, households: new Map(roster.households), residents: new Map(roster.residents)};
            return bodies.map((body) => judge[name](body, known, today));
        }""",
        [name, bodies, ROSTER, TODAY.isoformat()],
    )
    return [told(flaws) for flaws in answers]


def differing(bodies: list[Any], theirs: list[Any], ours: list[Any]) -> list[Any]:
    """The first body on which the two do not agree."""
    return [one for one in zip(bodies, theirs, ours, strict=True) if one[1] != one[2]][:1]


@BATCHES
@given(st.lists(VISIT, min_size=40, max_size=60))
def test_phone_and_server_judge_visits_alike(phone: Modules, bodies: list[dict[str, Any]]) -> None:
    ours = []
    for body in bodies:
        draft, shape = visits.draft_from_json(body)
        assert shape == []
        ours.append(told(visits.judge(draft, CATALOGUE, FACTS, TODAY)))
    assert differing(bodies, judged(phone, "judgeVisit", bodies), ours) == []


@BATCHES
@given(st.lists(GATHERING, min_size=40, max_size=60))
def test_phone_and_server_judge_gatherings_alike(phone: Modules, bodies: list[dict[str, Any]]) -> None:
    ours = []
    for body in bodies:
        draft, shape = gatherings.draft_from_json(body)
        assert shape == []
        ours.append(told(gatherings.judge(draft, CATALOGUE, FACTS, TODAY)))
    assert differing(bodies, judged(phone, "judgeGathering", bodies), ours) == []


NUMBERS = st.sampled_from([None, 0, 1, 2, 4, 99, 100, 9999, 10000])
YEARS = st.sampled_from([None, 1905, 1906, 1980, 2016, 2017, 2026, 2027])
SOME_NAMES = st.sampled_from(
    ["", "  ", "Lý Thị Mẩy", "LÝ THỊ MẨY", "Anh 2", "...", "010203004567", "a" * 121]
)
HOUSEHOLD = st.fixed_dictionaries(
    {
        "village_id": st.sampled_from([1, None]),
        "head": SOME_NAMES,
        "kind": st.sampled_from(["household", "household", "business", "xx"]),
        "birth_year": YEARS,
        "people": NUMBERS,
        "adults": NUMBERS,
        "eid2": NUMBERS,
        "poverty": st.sampled_from([None, "poor", "xx"]),
        "smartphone": st.sampled_from([None, True, False]),
        "phone": st.sampled_from([None, "", "0912345678", "12", "0912345678 / 0987654321"]),
        "note": SOME_TEXT,
    }
)


@BATCHES
@given(st.lists(HOUSEHOLD, min_size=40, max_size=60))
def test_phone_and_server_judge_households_alike(phone: Modules, bodies: list[dict[str, Any]]) -> None:
    drafts = [households.HouseholdDraft(**body) for body in bodies]
    theirs = phone.call("people.js", "judgeHousehold", [[body, TODAY.isoformat()] for body in bodies])
    assert [told(flaws) for flaws in theirs] == [told(households.judge(draft, TODAY)) for draft in drafts]
    tidy = phone.call("people.js", "tidyHousehold", [[body] for body in bodies])
    kept = [{name: one[name] for name in ("head", "poverty", "phone")} for one in tidy]
    assert kept == [
        {name: getattr(draft.tidy(), name) for name in ("head", "poverty", "phone")} for draft in drafts
    ]


RESIDENT = st.fixed_dictionaries(
    {
        "name": SOME_NAMES,
        "birth_year": YEARS,
        "sex": st.sampled_from([None, "female", "xx"]),
        "attained": st.lists(
            st.fixed_dictionaries(
                {"indicator": st.sampled_from(["EID2", "XX", ""]), "on": MAYBE_DAYS, "source": SOME_TEXT}
            ),
            max_size=2,
        ),
    }
)


@BATCHES
@given(st.lists(RESIDENT, min_size=40, max_size=60))
def test_phone_and_server_judge_residents_alike(phone: Modules, bodies: list[dict[str, Any]]) -> None:
    theirs = phone.call(
        "people.js", "judgeResident", [[body, TODAY.isoformat(), ["EID2"]] for body in bodies]
    )
    ours = []
    for body in bodies:
        attained = tuple(
            residents.AttainedDraft(
                one["indicator"], date.fromisoformat(one["on"]) if one["on"] else None, one["source"]
            )
            for one in body["attained"]
        )
        draft = residents.ResidentDraft(body["name"], body["birth_year"], body["sex"], attained)
        ours.append(told(residents.judge(draft, TODAY, ["EID2"])))
    assert [told(flaws) for flaws in theirs] == ours
