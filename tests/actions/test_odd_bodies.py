"""Whatever a phone or a forger sends ends as a record, as flaws or as a conflict; nothing else is ever raised."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tdteam.actions.record_filing import record_filing
from tdteam.actions.record_gathering import record_gathering
from tdteam.actions.record_visit import record_visit
from tdteam.domain import filings, gatherings, visits
from tdteam.domain.errors import Conflict, Refused
from tdteam.domain.ids import new_id
from tdteam.store.rebuild import compare
from tests.actions.given import actor_of, signed_in
from tests.cast import Cast

KINDS = ["SAFETY", "EID2_ACTIVATE", "EID2_REFER", "FILING_SUBMIT", "FILING_TRACK", "NONE", "", 7]
ODD: list[Any] = [None, "", "x", -1, 0, 2**31, 1.5, True, [], {}, "\x00", "\ud83d", "2026-11-31", new_id()]


def bodies(good: dict[str, list[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Bodies whose fields are mostly right, and now and then anything."""

    def field(name: str) -> st.SearchStrategy[Any]:
        usual, others, odd = st.just(good[name][0]), st.sampled_from(good[name]), st.sampled_from(ODD)
        return st.integers(0, 15).flatmap(lambda n: odd if n == 0 else others if n < 4 else usual)

    def some(*names: str) -> dict[str, st.SearchStrategy[Any]]:
        return {name: field(name) for name in names}

    filing = st.fixed_dictionaries(
        {}, optional=some("id", "code", "procedure", "submitted_on", "household_id", "state", "result_on")
    )
    assist = st.fixed_dictionaries(
        some("kind", "outcome"),
        optional={**some("id", "cause", "people", "resident_id"), "filing": filing | st.sampled_from(ODD)},
    )
    return st.fixed_dictionaries(
        some("village_id", "team_id", "visited_on", "held_on", "submitted_on", "attended"),
        optional={
            **some("id", "household_id", "contact", "place", "minutes", "return_on", "note", "women"),
            **some("member_ids", "household_ids", "code", "procedure", "state", "result_on"),
            "assists": st.lists(assist, max_size=3) | st.sampled_from(ODD),
        },
    )


def test_no_body_breaks_recording(engine: Engine, cast: Cast) -> None:
    home, far = cast.village.household().id, cast.next_village.household().id
    person = cast.village.resident(cast.village.household()).id
    cast.village.world.session.commit()
    days = ["2026-11-01", "2026-10-20", "2030-01-01", "2019-01-01"]
    good: dict[str, list[Any]] = {
        "id": [None, *(new_id() for _ in range(4)), home],
        "village_id": [cast.village.id, cast.village.id, cast.next_village.id, 999],
        "team_id": [cast.village.team.id, cast.village.team.id, cast.next_village.team.id],
        "household_id": [home, far, None],
        "household_ids": [[home], [far], []],
        "resident_id": [person, None],
        "member_ids": [[], [cast.an_member.id], [999]],
        "contact": ["met", "met", "nobody_home", "refused"],
        "place": ["home", "office"],
        "kind": KINDS,
        "outcome": ["done", "not_done", "in_progress", "referred"],
        "cause": [None, "NO_OTP", "MOOD"],
        "people": [1, 3, 2000, 2001],
        "procedure": ["BIRTH", "FLYING"],
        "code": ["H38-261110-0001", "H38-261110-0002", "0102030045678"],
        "state": ["submitted", "returned", "lost"],
        "note": ["Gặp bà Mẩy", "CCCD 010203004567"],
        "attended": [30],
        "women": [3, 31],
        "minutes": [10],
        **dict.fromkeys(("visited_on", "held_on", "submitted_on", "result_on"), days),
        "return_on": ["2026-11-20", *days],
    }
    good["assists"] = [[{"kind": "SAFETY", "outcome": "done"}]]

    def right(*names: str) -> dict[str, Any]:
        return {name: good[name][0] for name in ("village_id", "team_id", *names)}

    accepted = {"visit": 0, "gathering": 0, "filing": 0}

    @settings(
        max_examples=250 if engine.dialect.name == "sqlite" else 80,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(bodies(good), st.sampled_from(sorted(accepted)))
    @example(right("visited_on", "assists"), "visit")
    @example(right("held_on", "attended", "assists"), "gathering")
    @example(right("code", "procedure", "submitted_on", "state"), "filing")
    def sent(body: dict[str, Any], noun: str) -> None:
        reader, record = {
            "visit": (visits.draft_from_json, record_visit),
            "gathering": (gatherings.draft_from_json, record_gathering),
            "filing": (filings.draft_from_json, record_filing),
        }[noun]
        draft, _ = reader(body)
        with signed_in(engine, cast.an) as session:
            try:
                record(session, draft, actor_of(cast.an))  # type: ignore[operator]
                accepted[noun] += 1
            except (Refused, Conflict):
                session.rollback()

    sent()
    assert all(accepted.values()), accepted
    assert compare(cast.village.world.session) == []
