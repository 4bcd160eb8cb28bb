"""Batches as they come over the wire: squeezed, malformed, poisonous; what the inbox keeps of them."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, func, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from tdteam.domain.ids import new_id
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Visit
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import Phone, everywhere, inbox_rows, sha256_of, visit_body


@pytest.fixture
def phone(client: CheckingClient, cast: Cast) -> Phone:
    return Phone(client, cast.an)


def test_what_may_not_be_kept_is_masked_before_it_is_stored(phone: Phone, cast: Cast, engine: Engine) -> None:
    body = visit_body(cast.village, note="CCCD 010203004567 của bà Mẩy", extra={"deep": ["OTP 123456"]})
    result = phone.send(phone.record("visit", body))[0]
    assert result["state"] == "refused" and result["flaws"][0]["code"] == "id_number"
    kept = inbox_rows(engine)[0]
    assert "010203004567" not in (kept.body or "") and "123456" not in (kept.body or "")
    assert "bà Mẩy" in (kept.body or "") and kept.sha256 == sha256_of(body)
    assert str(cast.village.id) in (kept.body or "")


def test_ids_and_hashes_are_not_taken_for_numbers_of_people(phone: Phone, cast: Cast, engine: Engine) -> None:
    home = cast.village.household()
    cast.village.world.session.commit()
    body = visit_body(
        cast.village,
        home.id,
        photos=["1234567890" * 6 + "1234"],
        unknown="01920192-0000-7000-8000-000000000000",
    )
    phone.send(phone.record("visit", body))
    assert json.loads(inbox_rows(engine)[0].body or "") == body


def test_a_batch_may_come_squeezed_but_not_swollen(phone: Phone, cast: Cast, engine: Engine) -> None:
    record = phone.record("visit", visit_body(cast.village))
    batch = {"device_id": "p", "client": "1", "sent_at": None, "records": [record]}
    phone.client.sign_in(cast.an)
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    ok = phone.client.post("/sync/records", data=gzip.compress(json.dumps(batch).encode()), headers=headers)
    assert ok.status_code == 200 and ok.json["results"][0]["state"] == "accepted"
    bomb = phone.client.post("/sync/records", data=gzip.compress(b" " * 3_000_000), headers=headers)
    assert (bomb.status_code, bomb.json["error"]) == (413, "too_large")


@pytest.mark.parametrize(
    "batch",
    [
        [],
        {},
        {"records": []},
        {"device_id": "a/b", "records": []},
        {"device_id": "p", "records": [1]},
        {"device_id": "p", "records": [{"id": "x"}]},
        {"device_id": "p", "records": [{"id": new_id(), "sha256": "0" * 64, "seq": True}]},
        {"device_id": "p", "records": [{"id": new_id(), "sha256": "0" * 64, "seq": 1}] * 51},
    ],
)
def test_what_is_no_batch_is_refused_whole(phone: Phone, cast: Cast, engine: Engine, batch: Any) -> None:
    phone.client.sign_in(cast.an)
    answer = phone.client.post("/sync/records", json=batch)
    assert answer.status_code == 400 and "error" in answer.json
    assert inbox_rows(engine) == []


def test_signed_out_is_401_as_json_and_no_power_403(client: CheckingClient, cast: Cast) -> None:
    assert client.post("/sync/records", json={}).status_code == 401
    client.sign_in(cast.giang)
    assert client.post("/sync/records", json={"device_id": "p", "records": []}).status_code == 403


def test_unknown_kinds_and_schemas_are_kept_and_refused(phone: Phone, cast: Cast, engine: Engine) -> None:
    odd = phone.record("dance", {"village_id": cast.village.id, "steps": 3})
    new = phone.record("visit", visit_body(cast.village), schema=9)
    codes = [one["flaws"][0]["code"] for one in phone.send(odd, new)]
    assert codes == ["kind_unknown", "schema_unknown"]
    assert {row.kind for row in inbox_rows(engine)} == {"unknown", "visit"}


def test_the_inbox_cannot_be_changed_or_emptied(phone: Phone, cast: Cast, engine: Engine) -> None:
    phone.send(phone.record("visit", visit_body(cast.village)))
    for statement in (
        "UPDATE inbox SET sha256 = 'x'",
        "UPDATE inbox SET body = '{}'",
        "UPDATE inbox SET seq = 9",
        "DELETE FROM inbox",
    ):
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(text(statement))
    with engine.begin() as connection:
        connection.execute(text("UPDATE inbox SET body = NULL"))
    with everywhere(engine) as session:
        assert session.scalar(text("SELECT count(*) FROM inbox WHERE body IS NULL")) == 1


def test_a_body_that_breaks_our_judgement_is_kept_and_refused(
    phone: Phone, cast: Cast, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tdteam.actions import receive_kinds

    def broken(_note: Any) -> Any:
        raise RuntimeError("a fault of ours")

    monkeypatch.setitem(receive_kinds.HANDLERS, "proposal", broken)  # type: ignore[misc]
    sound = phone.record("visit", visit_body(cast.village))
    poison = phone.record(
        "proposal", {"village_id": cast.village.id, "team_id": cast.village.team.id, "text": "x"}
    )
    results = phone.send(sound, poison, phone.record("visit", visit_body(cast.village)))
    assert [one["state"] for one in results] == ["accepted", "refused", "accepted"]
    assert results[1]["flaws"][0]["code"] == "unexpected"
    assert len(inbox_rows(engine)) == 3


def test_one_receipt_one_audit_entry_a_visit(phone: Phone, cast: Cast, engine: Engine) -> None:
    from tdteam.store import audit
    from tdteam.store.tables import Audit

    records = [phone.record("visit", visit_body(cast.village)) for _ in range(3)]
    phone.send(*records)
    with everywhere(engine) as session:
        held = audit.verify(session)
        count = session.scalar(select(func.count()).where(Audit.action == "record", Audit.noun == "visit"))
    assert held.first_broken is None and count == 3


def test_a_revoked_phone_delivers_what_it_holds_and_all_of_it_waits(
    client: CheckingClient, phone: Phone, cast: Cast, engine: Engine
) -> None:
    from tdteam.domain.devices import draw_token, hash_token
    from tdteam.store.tables import Device

    token = draw_token()
    with open_session(engine, EVERYWHERE, write=True) as session:
        now = datetime.now(UTC)
        values = {"account_id": cast.an.id, "device_id": "phone-1", "token_hash": hash_token(token)}
        session.add(Device(**values, enrolled_at=now, revoked_at=now))
        session.commit()
    here, elsewhere = (
        phone.record("visit", visit_body(place)) for place in (cast.village, cast.next_village)
    )
    batch = {"device_id": "phone-1", "client": "1", "sent_at": None, "records": [here, elsewhere]}
    client.sign_in(cast.an)
    with client.session_transaction() as kept:
        kept.pop("_user_id")
    for wrong in ({}, {"X-Device-Token": draw_token()}):
        assert client.post("/sync/deliver", json=batch, headers=wrong).status_code == 401
    answer = client.post("/sync/deliver", json=batch, headers={"X-Device-Token": token})
    assert [one["state"] for one in answer.json["results"]] == ["held", "refused"]
    with everywhere(engine) as session:
        assert session.exec(select(Visit)).all() == []


def test_what_is_another_person_s_is_not_taken_under_this_sign_in(
    phone: Phone, cast: Cast, engine: Engine
) -> None:
    record = phone.record("visit", visit_body(cast.village))
    answer = phone.post([record], account=cast.binh.id)
    assert (answer.status_code, answer.json["error"]) == (401, "signed_out")
    assert phone.client.get(f"/sync/roster?account={cast.binh.id}").status_code == 401
    assert inbox_rows(engine) == []
    assert phone.states(record, account=cast.an.id) == ["accepted"]
    assert phone.client.get(f"/sync/roster?account={cast.an.id}").status_code == 200
