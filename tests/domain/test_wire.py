"""JSON bodies: read into drafts, or told what is wrong with their shape; never an exception."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tdteam.domain import filings, gatherings, visits
from tdteam.domain.assists import AssistDraft
from tdteam.domain.visits import VisitDraft, draft_from_json, judge
from tests.domain.known import CATALOGUE, DAY, FACTS, FILING, HOME, MAY, TODAY


def test_the_body_of_the_wire_is_read() -> None:
    body = {
        "village_id": 1,
        "team_id": 7,
        "member_ids": [32, 32],
        "household_id": HOME.upper(),
        "visited_on": "2026-11-20",
        "place": "home",
        "contact": "met",
        "minutes": 25,
        "return_on": None,
        "note": "  hai   máy ",
        "later_field": {"kept": "by the inbox"},
        "assists": [
            {
                "id": MAY,
                "kind": "EID2_ACTIVATE",
                "outcome": "done",
                "cause": None,
                "people": 1,
                "filing": None,
            }
        ],
    }
    draft, found = draft_from_json(body, FILING)
    assert found == []
    assert draft == VisitDraft(
        id=FILING,
        village_id=1,
        team_id=7,
        member_ids=(32,),
        household_id=HOME,
        visited_on=DAY,
        minutes=25,
        note="hai máy",
        assists=(AssistDraft(id=MAY, kind="EID2_ACTIVATE", outcome="done"),),
    )
    assert judge(draft, CATALOGUE, FACTS, TODAY) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([], [("", "shape")]),
        (None, [("", "shape")]),
        ({"village_id": "1"}, [("village_id", "number_form")]),
        ({"village_id": True}, [("village_id", "number_form")]),
        ({"village_id": 2**40}, [("village_id", "number_form")]),
        ({"minutes": 1.5}, [("minutes", "number_form")]),
        ({"visited_on": "20-11-2026"}, [("visited_on", "date_form")]),
        ({"visited_on": "2026-W47-5"}, [("visited_on", "date_form")]),
        ({"visited_on": "2026-02-30"}, [("visited_on", "date_form")]),
        ({"household_id": "12"}, [("household_id", "id_form")]),
        ({"member_ids": [1, "2"]}, [("member_ids", "list_form")]),
        ({"member_ids": 3}, [("member_ids", "list_form")]),
        ({"note": 5}, [("note", "text_form")]),
        ({"note": "\ud800"}, [("note", "text_form")]),
        ({"note": "a\x00b"}, [("note", "text_form")]),
        ({"assists": [3]}, [("assists.0", "shape")]),
        ({"assists": [{"people": "x"}]}, [("assists.0.people", "number_form")]),
        ({"assists": [{"filing": "H38"}]}, [("assists.0.filing", "shape")]),
        ({"assists": [{}] * 501}, [("assists", "list_form")]),
    ],
)
def test_an_error_of_shape_is_a_flaw(body: object, expected: list[tuple[str, str]]) -> None:
    assert [(flaw.field, flaw.code) for flaw in draft_from_json(body)[1]] == expected


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.dates().map(str),
    st.just(HOME),
)
NAMES = st.sampled_from(
    [
        "id",
        "village_id",
        "team_id",
        "member_ids",
        "household_id",
        "visited_on",
        "place",
        "contact",
        "minutes",
        "return_on",
        "note",
        "assists",
        "kind",
        "outcome",
        "cause",
        "people",
        "resident_id",
        "filing",
        "code",
        "procedure",
        "submitted_on",
        "mode",
        "fee_due",
        "paid_online",
        "due_on",
        "state",
        "result_on",
        "electronic_result",
        "held_on",
        "topic",
        "attended",
        "women",
        "youth",
        "elders",
        "household_ids",
    ]
)
BODIES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=8),
    max_leaves=20,
)


@settings(max_examples=400, deadline=None)
@given(BODIES)
def test_no_body_raises(body: object) -> None:
    for module in (visits, gatherings, filings):
        draft, found = module.draft_from_json(body)
        found = found + module.judge(draft, CATALOGUE, FACTS, TODAY)
        json.dumps([[flaw.field, flaw.code] for flaw in found])
        assert all(flaw.code for flaw in found)
