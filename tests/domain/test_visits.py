"""What a visit must satisfy, told as its author meets it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tdteam.domain import visits
from tdteam.domain.assists import AssistDraft
from tdteam.domain.filings import FilingDraft
from tdteam.domain.visits import VisitDraft, judge
from tests.domain.known import AWAY, CATALOGUE, DAY, FACTS, FILING, HOME, MAY, TODAY

VISIT = VisitDraft(village_id=1, team_id=7, member_ids=(32,), household_id=HOME, visited_on=DAY)


def assist(**values: Any) -> AssistDraft:
    return AssistDraft(**{"kind": "SAFETY", "outcome": "done", **values})


def flaws(draft: VisitDraft) -> list[tuple[str, str]]:
    return [(flaw.field, flaw.code) for flaw in judge(draft, CATALOGUE, FACTS, TODAY)]


def test_a_plain_visit_has_no_flaw() -> None:
    assert flaws(VISIT) == []
    assert flaws(replace(VISIT, assists=(assist(resident_id=MAY), assist(people=12)))) == []


def test_an_empty_form_names_every_field_that_is_missing() -> None:
    assert flaws(VisitDraft()) == [
        ("village_id", "required"),
        ("team_id", "required"),
        ("visited_on", "required"),
    ]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"village_id": 9}, "village_id", "not_found"),
        ({"team_id": 8}, "team_id", "not_found"),
        ({"village_id": 2, "household_id": None}, "team_id", "team_not_here"),
        ({"visited_on": date(2023, 5, 1), "member_ids": ()}, "team_id", "team_not_here"),
        ({"visited_on": TODAY + timedelta(days=1)}, "visited_on", "date_future"),
        ({"visited_on": date(2019, 12, 31), "member_ids": ()}, "visited_on", "date_too_old"),
        ({"household_id": AWAY}, "household_id", "household_elsewhere"),
        ({"household_id": FILING}, "household_id", "not_found"),
        ({"member_ids": (31,)}, "member_ids", "member_not_in_team"),
        ({"member_ids": (99,)}, "member_ids", "member_not_in_team"),
        ({"member_ids": tuple(range(40))}, "member_ids", "list_long"),
        ({"place": "moon"}, "place", "choice_unknown"),
        ({"contact": "maybe"}, "contact", "choice_unknown"),
        ({"contact": "nobody_home", "household_id": None}, "household_id", "household_missing"),
        ({"minutes": 0}, "minutes", "number_range"),
        ({"minutes": 1441}, "minutes", "number_range"),
        ({"return_on": DAY}, "return_on", "return_before_visit"),
        ({"return_on": DAY + timedelta(days=400)}, "return_on", "date_too_far"),
        ({"note": "CCCD 010203004567"}, "note", "id_number"),
        ({"note": "x" * 2001}, "note", "text_long"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, Any], field: str, code: str) -> None:
    assert (field, code) in flaws(replace(VISIT, **change))


def test_a_member_counts_on_the_days_of_membership_only() -> None:
    last_day = replace(VISIT, member_ids=(31,), visited_on=date(2026, 11, 14))
    assert flaws(last_day) == []
    assert flaws(replace(last_day, visited_on=date(2026, 11, 15))) == [("member_ids", "member_not_in_team")]


@pytest.mark.parametrize("contact", ["nobody_home", "moved"])
def test_nobody_met_takes_no_assist(contact: str) -> None:
    assert flaws(replace(VISIT, contact=contact)) == []
    assert flaws(replace(VISIT, contact=contact, assists=(assist(),))) == [
        ("contact", "assists_without_contact")
    ]


def test_a_refusal_takes_only_what_was_declined() -> None:
    declined = assist(kind="EID2_ACTIVATE", outcome="not_done", cause="NO_OTP")
    assert flaws(replace(VISIT, contact="refused", assists=(declined,))) == []
    assert flaws(replace(VISIT, contact="refused", assists=(declined, assist()))) == [
        ("contact", "assists_after_refusal")
    ]


def test_a_return_date_is_possible_after_any_contact() -> None:
    for contact in ("met", "nobody_home", "refused", "moved"):
        assert flaws(replace(VISIT, contact=contact, return_on=DAY + timedelta(days=3))) == []


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"kind": None}, "assists.1.kind", "required"),
        ({"kind": "EID2_GRANT"}, "assists.1.kind", "choice_unknown"),
        ({"outcome": None}, "assists.1.outcome", "required"),
        ({"outcome": "great"}, "assists.1.outcome", "choice_unknown"),
        ({"kind": "EID2_REFER", "outcome": "done"}, "assists.1.outcome", "outcome_not_allowed"),
        ({"kind": "EID2_ACTIVATE", "outcome": "not_done"}, "assists.1.cause", "cause_missing"),
        (
            {"kind": "EID2_ACTIVATE", "outcome": "not_done", "cause": "MOOD"},
            "assists.1.cause",
            "choice_unknown",
        ),
        ({"cause": "NO_OTP"}, "assists.1.cause", "cause_not_allowed"),
        ({"people": 0}, "assists.1.people", "number_range"),
        ({"people": -3}, "assists.1.people", "number_range"),
        ({"people": 2, "resident_id": MAY}, "assists.1.people", "people_with_resident"),
        ({"resident_id": FILING}, "assists.1.resident_id", "not_found"),
        ({"filing": FilingDraft(code="H38.12-261008-0001")}, "assists.1.filing", "filing_not_here"),
        (
            {"kind": "FILING_TRACK", "filing": FilingDraft(code="H38.12-261008-0001")},
            "assists.1.filing.code",
            "filing_unknown",
        ),
        (
            {
                "kind": "FILING_SUBMIT",
                "outcome": "not_done",
                "cause": "NO_OTP",
                "filing": FilingDraft(code="H38.12-261008-0001"),
            },
            "assists.1.filing",
            "filing_not_submitted",
        ),
        (
            {"kind": "FILING_SUBMIT", "filing": FilingDraft(mode="half")},
            "assists.1.filing.mode",
            "choice_unknown",
        ),
    ],
)
def test_a_wrong_assist_is_named_with_its_place(values: dict[str, Any], field: str, code: str) -> None:
    draft = replace(VISIT, assists=(assist(), assist(**values))).completed()
    assert flaws(draft) == [(field, code)]


def test_a_cause_may_say_why_help_is_not_finished() -> None:
    waiting = assist(kind="EID2_ACTIVATE", outcome="in_progress", cause="NO_OTP")
    assert flaws(replace(VISIT, assists=(waiting,))) == []


def test_the_resident_belongs_to_the_household_visited() -> None:
    facts = replace(FACTS, households={**FACTS.households, AWAY: 1})
    draft = replace(VISIT, household_id=AWAY, assists=(assist(resident_id=MAY),))
    found = judge(draft, CATALOGUE, facts, TODAY)
    assert [(flaw.field, flaw.code) for flaw in found] == [("assists.0.resident_id", "resident_elsewhere")]
    assert judge(replace(draft, household_id=None), CATALOGUE, facts, TODAY) == []


def test_one_person_gets_one_kind_of_help_once_a_visit() -> None:
    twice = (assist(resident_id=MAY), assist(resident_id=MAY))
    assert flaws(replace(VISIT, assists=twice)) == [("assists.1.kind", "assist_twice")]
    assert flaws(replace(VISIT, assists=(assist(), assist()))) == []


def test_a_filing_takes_village_team_household_and_day_from_its_visit() -> None:
    draft = replace(
        VISIT, assists=(assist(kind="FILING_SUBMIT", filing=FilingDraft(code=" h38.12.05-261120-0003 ")),)
    ).completed()
    filing = draft.assists[0].filing
    assert filing is not None
    assert (filing.village_id, filing.team_id, filing.household_id) == (1, 7, HOME)
    assert (filing.submitted_on, filing.code) == (DAY, "H38.12.05-261120-0003")
    assert flaws(draft) == []


def test_a_known_code_of_the_same_village_ties_the_visit_to_its_filing() -> None:
    known = FilingDraft(code="H38.12.05-261008-0975")
    for kind in ("FILING_SUBMIT", "FILING_TRACK"):
        assert flaws(replace(VISIT, assists=(assist(kind=kind, filing=known),)).completed()) == []


def test_an_odd_code_is_a_doubt_not_a_refusal() -> None:
    draft = replace(
        VISIT, assists=(assist(kind="FILING_SUBMIT", filing=FilingDraft(code="HS-77")),)
    ).completed()
    assert flaws(draft) == []
    assert [(w.field, w.code) for w in visits.warn(draft)] == [("assists.0.filing.code", "filing_code_odd")]
