"""Thirty people helped at the culture house is one form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tdteam.domain.assists import AssistDraft
from tdteam.domain.gatherings import GatheringDraft, draft_from_json, judge
from tests.domain.known import AWAY, CATALOGUE, DAY, FACTS, HOME, MAY, TODAY

GATHERING = GatheringDraft(village_id=1, team_id=7, held_on=DAY, attended=30, women=18)


def flaws(draft: GatheringDraft) -> list[tuple[str, str]]:
    return [(flaw.field, flaw.code) for flaw in judge(draft, CATALOGUE, FACTS, TODAY)]


def test_a_plain_gathering_has_no_flaw() -> None:
    helped = (
        AssistDraft(kind="EID2_ACTIVATE", outcome="done", people=12),
        AssistDraft(kind="EID2_ACTIVATE", outcome="not_done", people=18),
    )
    assert flaws(replace(GATHERING, household_ids=(HOME,), assists=helped)) == []


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"attended": None}, "attended", "required"),
        ({"attended": 0, "women": None}, "attended", "number_range"),
        ({"women": 31}, "women", "more_than_attended"),
        ({"youth": 31}, "youth", "more_than_attended"),
        ({"elders": -1}, "elders", "number_range"),
        ({"held_on": None}, "held_on", "required"),
        ({"place": "street"}, "place", "choice_unknown"),
        ({"topic": "OTP 123456"}, "topic", "secret_code"),
        ({"household_ids": (HOME, AWAY)}, "household_ids", "household_elsewhere"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, Any], field: str, code: str) -> None:
    assert flaws(replace(GATHERING, **change)) == [(field, code)]


def test_nobody_is_helped_who_did_not_attend() -> None:
    many = AssistDraft(kind="SAFETY", outcome="done", people=31)
    assert flaws(replace(GATHERING, assists=(many,))) == [("assists.0.people", "more_than_attended")]


def test_a_crowd_has_no_names() -> None:
    named = AssistDraft(kind="SAFETY", outcome="done", resident_id=MAY)
    assert flaws(replace(GATHERING, assists=(named,))) == [("assists.0.kind", "crowd_has_no_names")]


def test_several_wrong_households_are_one_flaw() -> None:
    assert flaws(replace(GATHERING, household_ids=(MAY, "nowhere"))) == [("household_ids", "not_found")]


def test_the_body_of_the_wire_is_read() -> None:
    body = {
        "village_id": 1,
        "team_id": 7,
        "held_on": "2026-11-20",
        "attended": 30,
        "women": 18,
        "assists": [{"kind": "SAFETY", "outcome": "done", "people": 30}],
    }
    draft, found = draft_from_json(body)
    assert found == []
    assert draft == replace(GATHERING, assists=(AssistDraft(kind="SAFETY", outcome="done", people=30),))
