"""What a member learns of a dossier on the road: handed in, more papers asked for, given back, turned down."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.periods import today
from tdteam.domain.roles import Role
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.rebuild import compare
from tdteam.store.tables import Audit, Filing, FilingVersion, Inbox, PeriodState
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import Phone, everywhere, visit_body

FIVE_AGO = today() - timedelta(days=5)


@pytest.fixture(autouse=True)
def figures_hold(engine: Engine) -> Iterator[None]:
    yield
    with everywhere(engine) as session:
        assert compare(session) == []


@pytest.fixture
def an(client: CheckingClient, cast: Cast) -> Phone:
    return Phone(client, cast.an, "phone-an")


@pytest.fixture
def binh(client: CheckingClient, cast: Cast) -> Phone:
    return Phone(client, cast.binh, "phone-binh")


def all_of(engine: Engine, table: Any) -> list[Any]:
    with everywhere(engine) as session:
        return list(session.exec(select(table)))


@pytest.fixture
def dossier(an: Phone, cast: Cast) -> str:
    """A birth certificate asked for five days ago."""
    body = {
        "village_id": cast.village.id,
        "team_id": cast.village.team.id,
        "procedure": "BIRTH",
        "submitted_on": FIVE_AGO.isoformat(),
        "state": "submitted",
    }
    record = an.record("filing", body)
    assert an.states(record) == ["accepted"]
    return str(record["id"])


def learned(
    phone: Phone, cast: Cast, filing: str, base: dict[str, Any], to: dict[str, Any], **more: Any
) -> Any:
    body = {"filing_id": filing, "village_id": cast.village.id, "base": base, "set": to}
    return phone.record("filing", body, base_version=1, **more)


WAITING = {"state": "submitted", "result_on": None}
BACK = {"state": "returned", "result_on": today().isoformat()}


def test_a_result_is_learned_on_a_visit_and_stands_as_the_desk_would_write_it(
    an: Phone, cast: Cast, engine: Engine, dossier: str
) -> None:
    track = {
        **visit_body(cast.village)["assists"][0],
        "kind": "FILING_TRACK",
        "outcome": "done",
        "filing": {"id": dossier},
    }
    visit = an.record("visit", visit_body(cast.village, assists=[track]))
    result = learned(
        an, cast, dossier, {**WAITING, "electronic_result": None}, {**BACK, "electronic_result": True}
    )
    told = an.send(visit, result)
    assert [(one["state"], one["version"]) for one in told] == [("accepted", 1), ("accepted", 2)]
    [row] = all_of(engine, Filing)
    assert (row.state, row.result_on, row.electronic_result) == ("returned", today(), True)
    assert row.result_period == row.period == "2026-12"
    [before] = all_of(engine, FilingVersion)
    assert (before.filing_id, before.version, before.changed_by) == (dossier, 1, cast.an.id)
    assert '"state":"submitted"' in before.body
    changes = [one for one in all_of(engine, Audit) if (one.action, one.noun) == ("change", "filing")]
    assert [(one.target, one.account_id, json.loads(one.detail)) for one in changes] == [
        (dossier, cast.an.id, {"version": 2})
    ]
    assert an.states(result) == ["duplicate"]
    assert len(all_of(engine, FilingVersion)) == 1


@pytest.mark.parametrize(
    ("to", "stands"),
    [
        ({"state": "supplement"}, ("supplement", None)),
        ({"state": "refused", "result_on": FIVE_AGO.isoformat()}, ("refused", FIVE_AGO)),
        ({"state": "refused"}, ("refused", None)),
        ({"state": "withdrawn"}, ("withdrawn", None)),
        ({"result_on": FIVE_AGO.isoformat()}, ("returned", FIVE_AGO)),
    ],
)
def test_every_way_a_dossier_goes_can_be_told(
    an: Phone, cast: Cast, engine: Engine, dossier: str, to: dict[str, Any], stands: tuple[str, Any]
) -> None:
    assert an.states(learned(an, cast, dossier, WAITING, to)) == ["accepted"]
    [row] = all_of(engine, Filing)
    assert (row.state, row.result_on) == stands
    assert row.result_period == ("2026-12" if stands[0] == "returned" else None)


@pytest.mark.parametrize(
    ("to", "field", "code"),
    [
        ({"state": "returned"}, "result_on", "result_day_missing"),
        ({"state": "lost"}, "state", "choice_unknown"),
        ({"state": "returned", "result_on": "2026-09-01"}, "result_on", "result_before_submission"),
        ({"state": "withdrawn", "result_on": FIVE_AGO.isoformat()}, "state", "result_without_state"),
        ({"electronic_result": True}, "electronic_result", "result_without_state"),
        ({"state": "returned", "result_on": 20261120}, "result_on", "date_form"),
        ({"team_id": 5}, "set.team_id", "field_unknown"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(
    an: Phone, cast: Cast, engine: Engine, dossier: str, to: dict[str, Any], field: str, code: str
) -> None:
    told = an.send(learned(an, cast, dossier, WAITING, to))[0]
    assert told["state"] == "refused"
    assert (field, code) in [(flaw["field"], flaw["code"]) for flaw in told["flaws"]]
    [row] = all_of(engine, Filing)
    assert (row.state, row.result_on, row.version) == ("submitted", None, 1)


def test_half_of_one_word_and_half_of_another_never_make_a_result(
    an: Phone, binh: Phone, cast: Cast, engine: Engine, dossier: str
) -> None:
    assert binh.states(learned(binh, cast, dossier, WAITING, {"state": "supplement"})) == ["accepted"]
    to = {"state": "refused", "result_on": today().isoformat(), "note": "Thiếu giấy chứng sinh"}
    record = learned(an, cast, dossier, {**WAITING, "note": ""}, to)
    assert an.states(record) == ["conflict"]
    [row] = all_of(engine, Filing)
    assert (row.state, row.result_on, row.note) == ("supplement", None, "Thiếu giấy chứng sinh")
    clash = next(one for one in all_of(engine, Inbox) if one.record_id == record["id"]).clash
    assert set(clash["fields"]) == {"state", "result_on"}
    assert clash["fields"]["result_on"] == {"base": None, "sent": today().isoformat(), "stored": None}


def test_the_commune_takes_the_word_that_waited(
    an: Phone, binh: Phone, client: CheckingClient, cast: Cast, engine: Engine, dossier: str
) -> None:
    binh.send(learned(binh, cast, dossier, WAITING, {"state": "supplement"}))
    record = learned(an, cast, dossier, WAITING, BACK)
    assert an.states(record) == ["conflict"]
    n = next(one.n for one in all_of(engine, Inbox) if one.record_id == record["id"])
    client.sign_in(cast.chi)
    sides = {"side-state": "sent", "side-result_on": "sent"}
    assert client.post(f"/inbox/{n}/decide", data={"do": "fields", "seen": 2, **sides}).status_code == 302
    [row] = all_of(engine, Filing)
    assert (row.state, row.result_on) == ("returned", today())


def test_two_who_learned_the_same_agree(
    an: Phone, binh: Phone, cast: Cast, engine: Engine, dossier: str
) -> None:
    assert an.states(learned(an, cast, dossier, WAITING, BACK)) == ["accepted"]
    assert binh.states(learned(binh, cast, dossier, WAITING, BACK)) == ["accepted"]
    assert [row.version for row in all_of(engine, Filing)] == [2]


def test_a_result_of_a_sealed_period_is_late_and_counts_in_the_next(
    an: Phone, cast: Cast, engine: Engine, dossier: str
) -> None:
    with open_session(engine, EVERYWHERE, write=True) as session:
        session.merge(
            PeriodState(commune_id=cast.commune.id or 0, period="2026-12", status="sealed", version=1)
        )
        session.commit()
    assert an.states(learned(an, cast, dossier, WAITING, BACK)) == ["late"]
    [row] = all_of(engine, Filing)
    assert (row.period, row.result_period) == ("2026-12", "2027-01")


def ahead(phone: Phone, record: dict[str, Any], by: timedelta) -> dict[str, Any]:
    """Sent by a phone whose clock runs ahead."""
    clock = (datetime.now(UTC) + by).isoformat()
    return phone.send({**record, "recorded_at": clock}, sent_at=clock)[0]


def test_the_day_of_a_result_follows_the_clock_and_the_commune_can_correct_it(
    an: Phone, client: CheckingClient, cast: Cast, engine: Engine, dossier: str
) -> None:
    to = {"state": "returned", "result_on": (today() + timedelta(days=3)).isoformat()}
    told = ahead(an, learned(an, cast, dossier, WAITING, to), timedelta(days=3))
    assert (told["state"], told["doubt"]) == ("accepted", "clock")
    assert [row.result_on for row in all_of(engine, Filing)] == [today()]
    n = next(one.n for one in all_of(engine, Inbox) if one.doubt)
    client.sign_in(cast.chi)
    day = (today() - timedelta(days=1)).strftime("%d/%m/%Y")
    assert client.post(f"/inbox/{n}/decide", data={"do": "move", "day": day}).status_code == 302
    [row] = all_of(engine, Filing)
    assert (row.submitted_on, row.result_on) == (FIVE_AGO, today() - timedelta(days=1))


def test_nobody_tells_of_a_dossier_of_the_next_village(
    client: CheckingClient, cast: Cast, engine: Engine, dossier: str
) -> None:
    world = cast.village.world
    xa = Phone(client, world.account("xa", Role.MEMBER, cast.next_village.place), "phone-xa")
    world.session.commit()
    told = xa.send(learned(xa, cast, dossier, WAITING, BACK))[0]
    assert (told["state"], [flaw["code"] for flaw in told["flaws"]]) == ("refused", ["not_found"])
    assert [row.state for row in all_of(engine, Filing)] == ["submitted"]
