"""Records of every kind from phones: corrections, gatherings, households and their edits, filings, the month, proposals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.ids import new_id
from tdteam.domain.periods import today
from tdteam.store.rebuild import compare
from tdteam.store.tables import (
    Attainment,
    Confirmation,
    Filing,
    Gathering,
    Household,
    Inbox,
    Proposal,
    Resident,
    Visit,
)
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import Phone, everywhere, visit_body


@pytest.fixture
def phone(client: CheckingClient, cast: Cast) -> Phone:
    return Phone(client, cast.binh)


@pytest.fixture(autouse=True)
def figures_hold(engine: Engine) -> Iterator[None]:
    yield
    with everywhere(engine) as session:
        assert compare(session) == []


def all_of(engine: Engine, table: Any) -> list[Any]:
    with everywhere(engine) as session:
        return list(session.exec(select(table)))


def test_a_visit_is_corrected_and_voided_from_the_phone(phone: Phone, cast: Cast, engine: Engine) -> None:
    first = phone.record("visit", visit_body(cast.village))
    assert phone.send(first)[0]["version"] == 1
    body = visit_body(cast.village, minutes=30, corrects=first["id"])
    second = phone.record("visit", body, base_version=1)
    result = phone.send(second)[0]
    assert (result["state"], result["version"]) == ("accepted", 2)
    stale = phone.record("visit", visit_body(cast.village, minutes=45, corrects=first["id"]), base_version=1)
    assert phone.states(stale) == ["conflict"]
    void = phone.record("visit", {"voids": second["id"], "village_id": cast.village.id, "why": "Ghi nhầm"})
    assert phone.states(void) == ["accepted"]
    states = sorted((v.version, v.state) for v in all_of(engine, Visit))
    assert states == [(1, "superseded"), (2, "void")]


def test_a_correction_of_what_is_not_there_is_refused(phone: Phone, cast: Cast) -> None:
    record = phone.record("visit", visit_body(cast.village, corrects=new_id()), base_version=1)
    result = phone.send(record)[0]
    assert (result["state"], result["flaws"][0]["code"]) == ("refused", "not_found")


def test_a_visit_with_a_filing_among_plain_ones(phone: Phone, cast: Cast, engine: Engine) -> None:
    filing = {
        "id": new_id(),
        "procedure": "BIRTH",
        "code": "H38-261110-0001",
        "submitted_on": today().isoformat(),
    }
    assist = {"id": new_id(), "kind": "FILING_SUBMIT", "outcome": "done", "people": 1, "filing": filing}
    bodies = [visit_body(cast.village), visit_body(cast.village, assists=[assist]), visit_body(cast.village)]
    records = [phone.record("visit", body) for body in bodies]
    assert phone.states(*records) == ["accepted"] * 3
    assert [row.code for row in all_of(engine, Filing)] == ["H38-261110-0001"]
    assert phone.states(*records) == ["duplicate"] * 3


def test_a_gathering_arrives_once(phone: Phone, cast: Cast, engine: Engine) -> None:
    body = {
        "village_id": cast.village.id,
        "team_id": cast.village.team.id,
        "held_on": today().isoformat(),
        "place": "culture_house",
        "topic": "Phòng tránh lừa đảo",
        "attended": 30,
        "women": 18,
        "assists": [{"id": new_id(), "kind": "SAFETY", "outcome": "done", "people": 30}],
    }
    record = phone.record("gathering", body)
    assert phone.states(record) == ["accepted"] and phone.states(record) == ["duplicate"]
    assert [(g.attended, g.women) for g in all_of(engine, Gathering)] == [(30, 18)]


def home_body(cast: Cast, **more: Any) -> dict[str, Any]:
    return {"village_id": cast.village.id, "head": "GIÀNG A PÁO", "people": 5, "adults": 3, "eid2": 1, **more}


def test_a_household_added_offline_and_its_visit_come_in_one_batch(
    phone: Phone, cast: Cast, engine: Engine
) -> None:
    consent = {"consent": True, "method": "spoken", "on": today().isoformat()}
    home = phone.record("household", home_body(cast, consent=consent))
    person = phone.record(
        "resident",
        {
            "household_id": home["id"],
            "village_id": cast.village.id,
            "name": "Giàng Thị Súa",
            "birth_year": 1990,
            "sex": "female",
            "attained": [{"indicator": "EID2", "on": None, "source": "Công an xã"}],
        },
    )
    visit = phone.record("visit", visit_body(cast.village, home["id"]))
    results = phone.send(home, person, visit)
    assert [one["state"] for one in results] == ["accepted"] * 3, results
    kept = all_of(engine, Household)
    assert [(h.id, h.head, h.people) for h in kept] == [(home["id"], "Giàng A Páo", 5)]
    assert [(r.id, r.household_id) for r in all_of(engine, Resident)] == [(person["id"], home["id"])]
    assert all_of(engine, Visit)[0].household_id == home["id"]


def edit(phone: Phone, cast: Cast, home: str, base: dict[str, Any], to: dict[str, Any]) -> dict[str, Any]:
    body = {"household_id": home, "village_id": cast.village.id, "base": base, "set": to}
    return phone.record("household", body, base_version=1)


def test_different_fields_of_one_household_merge_and_the_same_field_keeps_both(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    an, binh = Phone(client, cast.an, "phone-an"), Phone(client, cast.binh, "phone-binh")
    home = an.record("household", home_body(cast))
    assert an.states(home) == ["accepted"]
    smart = edit(an, cast, home["id"], {"smartphone": None}, {"smartphone": True})
    people = edit(binh, cast, home["id"], {"people": 5, "poverty": None}, {"people": 6, "poverty": "poor"})
    again = edit(an, cast, home["id"], {"people": 5, "note": ""}, {"people": 7, "note": "Con về quê"})
    assert (an.states(smart), binh.states(people), an.states(again)) == (
        ["accepted"],
        ["accepted"],
        ["conflict"],
    )
    row = all_of(engine, Household)[0]
    assert (row.smartphone, row.people, row.poverty, row.note) == (True, 6, "poor", "Con về quê")
    clash = next(one for one in all_of(engine, Inbox) if one.state == "conflict")
    assert clash.clash == {"fields": {"people": {"base": 5, "sent": 7, "stored": 6}}}
    assert (clash.village_id, clash.target) == (cast.village.id, home["id"])


def test_an_edit_that_says_what_stands_is_no_conflict(phone: Phone, cast: Cast) -> None:
    home = phone.record("household", home_body(cast))
    same = edit(phone, cast, home["id"], {"people": 3}, {"people": 5})
    assert phone.states(home, same) == ["accepted", "accepted"]


@pytest.mark.parametrize("to", [{"id": "x"}, {"people": "many"}, {"eid2": 9}, {}, {"consent": 5}])
def test_an_edit_that_makes_no_sense_is_refused(
    phone: Phone, cast: Cast, engine: Engine, to: dict[str, Any]
) -> None:
    home = phone.record("household", home_body(cast))
    phone.send(home)
    stored = {"people": 5, "eid2": 1, "consent": None}
    bad = edit(phone, cast, home["id"], {name: stored.get(name) for name in to}, to)
    assert phone.states(bad) == ["refused"]
    assert all_of(engine, Household)[0].eid2 == 1


def test_a_household_that_left_is_ended_from_the_phone(phone: Phone, cast: Cast, engine: Engine) -> None:
    home = phone.record("household", home_body(cast))
    gone = edit(
        phone, cast, home["id"], {"ended": None}, {"ended": {"why": "moved", "on": today().isoformat()}}
    )
    assert phone.states(home, gone) == ["accepted", "accepted"]
    assert all_of(engine, Household)[0].ended_why == "moved"


def test_two_phones_note_different_attainments_of_one_person(
    phone: Phone, cast: Cast, engine: Engine
) -> None:
    household = cast.village.household()
    person = cast.village.resident(household)
    cast.village.world.session.commit()

    def noted(code: str) -> dict[str, Any]:
        named = {"resident_id": person.id, "household_id": household.id, "village_id": cast.village.id}
        body = {
            **named,
            "base": {f"attained.{code}": None},
            "set": {f"attained.{code}": {"on": None, "source": ""}},
        }
        return phone.record("resident", body, base_version=1)

    assert phone.states(noted("EID2"), noted("HEALTH_BOOK")) == ["accepted", "accepted"]
    assert {row.indicator for row in all_of(engine, Attainment)} == {"EID2", "HEALTH_BOOK"}


def test_a_filing_s_result_is_noted_from_the_phone(phone: Phone, cast: Cast, engine: Engine) -> None:
    body = {
        "village_id": cast.village.id,
        "team_id": cast.village.team.id,
        "procedure": "BIRTH",
        "submitted_on": (today() - timedelta(days=5)).isoformat(),
        "state": "submitted",
    }
    filing = phone.record("filing", body)
    to = {"state": "returned", "result_on": today().isoformat()}
    base = {"state": "submitted", "result_on": None}
    named = {"filing_id": filing["id"], "village_id": cast.village.id}
    result = phone.record("filing", {**named, "base": base, "set": to}, base_version=1)
    assert phone.states(filing, result) == ["accepted", "accepted"]
    assert [(f.state, f.result_on) for f in all_of(engine, Filing)] == [("returned", today())]


def word(phone: Phone, cast: Cast, kind: str, **more: Any) -> dict[str, Any]:
    body = {"team_id": cast.village.team.id, "village_id": cast.village.id, "period": "2026-11", "kind": kind}
    return phone.record("confirmation", {**body, "figures": {"visits": 3}, "note": "", **more})


def test_the_newest_word_of_a_team_on_its_month_stands(phone: Phone, cast: Cast, engine: Engine) -> None:
    assert phone.states(word(phone, cast, "zero"), word(phone, cast, "figures")) == ["accepted", "accepted"]
    rows = all_of(engine, Confirmation)
    assert [(row.kind, row.figures, row.confirmed_by) for row in rows] == [
        ("figures", {"visits": 3}, cast.binh.id)
    ]


def test_only_who_may_confirms(client: CheckingClient, cast: Cast, engine: Engine) -> None:
    an = Phone(client, cast.an)
    result = an.send(word(an, cast, "figures"))[0]
    assert (result["state"], result["flaws"][0]["code"]) == ("refused", "not_allowed")
    binh = Phone(client, cast.binh)
    for bad in (
        {"period": "2031-01"},
        {"period": "november"},
        {"kind": "maybe"},
        {"figures": {"visits": 1.0}},
    ):
        record = word(binh, cast, **{"kind": "zero", **bad})
        state = binh.send(record)[0]["state"]
        assert state in ("refused", "unreceived")
    assert all_of(engine, Confirmation) == []


def test_a_proposal_arrives_once(phone: Phone, cast: Cast, engine: Engine) -> None:
    body = {"village_id": cast.village.id, "team_id": cast.village.team.id, "text": "Thôn chưa có sóng 4G"}
    record = phone.record("proposal", body)
    assert phone.states(record) == ["accepted"] and phone.states(record) == ["duplicate"]
    assert [(p.text, p.state) for p in all_of(engine, Proposal)] == [("Thôn chưa có sóng 4G", "sent")]
