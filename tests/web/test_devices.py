"""Phones of the members on the desk: who sees them, revoking, what never came, a forgotten PIN."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.periods import today
from tdteam.store import accounts, devices
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Inbox, Membership, PhoneSequence
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.handset import OTHER, PIN, Handset, entries, joined, look, make_slip, phone, phones
from tests.web.keeping import HASH
from tests.web.phone import Phone, inbox_rows, visit_body

__all__ = ["joined", "phone"]


@pytest.fixture
def chi(client: CheckingClient, cast: Cast) -> CheckingClient:
    return client.sign_in(cast.chi)


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def phone_id(engine: Engine) -> int:
    return phones(engine)[-1].id or 0


def test_the_phones_of_the_own_commune_are_listed(joined: Handset, chi: CheckingClient, cast: Cast) -> None:
    page = text(chi.get("/devices/"))
    for words in ("Bàn Thị An", "Tổ Hốc Đá", "Samsung A05", "Đang dùng"):
        assert words in page, words
    assert joined.token not in page and joined.device_id not in page
    for query, found in (
        ("q=ban thi an", True),
        ("q=samsung", True),
        ("q=vang", False),
        (f"team_id={cast.village.team.id}", True),
        (f"team_id={cast.sibling.team.id}", False),
        ("state=revoked", False),
        ("state=open", True),
        ("state=odd&team_id=x&q=%25", False),
    ):
        assert ("Samsung A05" in text(chi.get(f"/devices/?{query}"))) == found, query


def test_the_next_commune_sees_and_revokes_nothing(
    joined: Handset, client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    client.sign_in(cast.dung)
    assert "Samsung" not in text(client.get("/devices/"))
    for path in (f"/devices/{phone_id(engine)}/revoke", f"/devices/members/{cast.an_member.id}/forget-pin"):
        assert client.get(path).status_code == client.post(path).status_code == 404
    assert joined.is_in


def test_a_revoked_phone_is_out_at_once_and_its_pin_opens_nothing(
    joined: Handset, chi: CheckingClient, cast: Cast, engine: Engine
) -> None:
    path = f"/devices/{phone_id(engine)}/revoke"
    assert "Thu hồi máy" in text(chi.get(path))
    assert joined.is_in
    assert chi.post(path).location == "/devices/"
    assert not joined.is_in
    assert joined.client.get("/visits/").status_code == 302
    assert joined.sign_in().json == {"error": "device_revoked"}
    assert phones(engine)[0].revoked_by == cast.chi.id
    assert "Đã thu hồi" in text(chi.get("/devices/"))
    assert chi.post(path).status_code == 302 and len(entries(engine, "revoke")) == 1


def test_revoking_one_phone_leaves_the_others(
    joined: Handset, session: GatedSession, cast: Cast, app: Flask, chi: CheckingClient, engine: Engine
) -> None:
    second = Handset(app, device_id="second")
    assert second.join(make_slip(session, cast.an_member)).status_code == 200
    chi.post(f"/devices/{phone_id(engine)}/revoke")
    assert joined.is_in and not second.is_in


def test_a_lost_phone_s_password_session_ends_too(
    joined: Handset, session: GatedSession, cast: Cast, app: Flask, chi: CheckingClient, engine: Engine
) -> None:
    cast.an.password_hash = HASH
    session.add(cast.an)
    session.commit()
    browser: CheckingClient = app.test_client()  # type: ignore[assignment]
    browser.sign_in(cast.an)
    assert browser.get("/visits/").status_code == 200
    chi.post(f"/devices/{phone_id(engine)}/revoke")
    assert browser.get("/visits/").status_code == 302


def test_a_revoked_phone_joins_again_and_sends_what_it_held(
    joined: Handset, session: GatedSession, cast: Cast, chi: CheckingClient, engine: Engine
) -> None:
    """Nothing on the server stands between the phone and what it recorded before it was revoked."""
    pen = Phone(joined.client, cast.an, joined.device_id)
    records = [pen.record("visit", visit_body(cast.village)) for _ in range(3)]
    chi.post(f"/devices/{phone_id(engine)}/revoke")
    batch = {
        "device_id": joined.device_id,
        "client": "1",
        "sent_at": datetime.now(UTC).isoformat(),
        "records": records,
    }
    assert joined.post("/sync/records", **batch).status_code == 401
    assert joined.join(make_slip(session, cast.an_member)).status_code == 200
    answer = joined.post("/sync/records", **batch)
    assert [one["state"] for one in answer.json["results"]] == ["accepted"] * 3  # type: ignore[index]
    assert {row.account_id for row in inbox_rows(engine)} == {cast.an.id}
    assert len(phones(engine)) == 1 and phones(engine)[0].client in ("", "1")


def test_a_handed_over_role_drops_nothing_either(
    joined: Handset, session: GatedSession, cast: Cast, engine: Engine
) -> None:
    pen = Phone(joined.client, cast.an, joined.device_id)
    record = pen.record("visit", visit_body(cast.village))
    accounts.end_roots(session, cast.an.id or 0, [cast.village.id], today())
    accounts.give_roots(session, cast.an.id or 0, [cast.sibling.id], today())
    session.commit()
    batch = {"device_id": joined.device_id, "client": "1", "sent_at": datetime.now(UTC).isoformat()}
    answer = joined.post("/sync/records", **batch, records=[record])
    assert [one["state"] for one in answer.json["results"]] == ["held"]  # type: ignore[index]
    assert [row.record_id for row in inbox_rows(engine)] == [record["id"]]


def test_who_left_the_team_sees_nothing_more_and_what_the_phone_sends_is_held(
    joined: Handset, session: GatedSession, cast: Cast, engine: Engine
) -> None:
    pen = Phone(joined.client, cast.an, joined.device_id)
    record = pen.record("visit", visit_body(cast.village))
    assert joined.client.get(f"/teams/{cast.village.team.id}").status_code == 200
    service = session.exec(select(Membership).where(Membership.member_id == cast.an_member.id)).one()
    service.left = today()
    session.add(service)
    session.commit()
    assert joined.client.get(f"/teams/{cast.village.team.id}").status_code == 404
    batch = {"device_id": joined.device_id, "client": "1", "sent_at": datetime.now(UTC).isoformat()}
    answer = joined.post("/sync/records", **batch, records=[record])
    assert [one["state"] for one in answer.json["results"]] == ["held"]  # type: ignore[index]
    service.left = None
    session.add(service)
    session.commit()
    assert joined.client.get(f"/teams/{cast.village.team.id}").status_code == 200


def test_numbers_that_never_came_are_told(
    joined: Handset, session: GatedSession, cast: Cast, chi: CheckingClient, engine: Engine
) -> None:
    now = datetime.now(UTC)
    session.add(
        PhoneSequence(account_id=cast.an.id, device_id=joined.device_id, through=36, highest=42, last_at=now)
    )
    for number, seq in enumerate((39, 40, 42)):
        session.add(
            Inbox(
                record_id=f"r{number}", sha256=f"{number}", account_id=cast.an.id, device_id=joined.device_id, seq=seq,
                kind="visit", schema_version=1, received_at=now, state="refused",
            )
        )  # fmt: skip
    session.commit()
    assert "3 bản ghi chưa về: số 37, 38, 41" in text(chi.get("/devices/"))
    assert "số 37, 38, 41" in text(chi.get(f"/devices/{phone_id(engine)}/revoke"))
    session.get(PhoneSequence, (cast.an.id, joined.device_id)).highest = 90  # type: ignore[union-attr]
    session.commit()
    assert "50 bản ghi chưa về: số 37, 38, 41, 43, 44, 45, 46, 47 và 42 số khác" in text(chi.get("/devices/"))


def test_a_forgotten_pin_goes_with_the_phones_and_a_new_slip_chooses_another(
    joined: Handset, session: GatedSession, cast: Cast, chi: CheckingClient, engine: Engine
) -> None:
    stale = make_slip(session, cast.an_member)
    path = f"/devices/members/{cast.an_member.id}/forget-pin"
    assert "Xóa mã PIN của Bàn Thị An?" in text(chi.get(path))
    assert chi.post(path).location == "/joining/"
    assert not joined.is_in
    assert joined.join(stale, OTHER).status_code == 404
    assert joined.join(make_slip(session, cast.an_member), OTHER).status_code == 200
    joined.expire()
    assert joined.sign_in(PIN).status_code == 401 and joined.sign_in(OTHER).status_code == 200
    assert entries(engine, "forget_pin")[0].account_id == cast.chi.id


def test_nobody_s_pin_is_forgotten_where_a_desk_account_stands(
    chi: CheckingClient, cast: Cast, session: GatedSession, engine: Engine
) -> None:
    cast.an.role = "approver"
    session.add(cast.an)
    devices.set_pin(session, cast.an.id or 0, HASH, datetime.now(UTC))
    session.commit()
    assert chi.post(f"/devices/members/{cast.an_member.id}/forget-pin").status_code == 302
    with look(engine) as reading:
        assert devices.find_pin(reading, cast.an.id or 0) == HASH


def test_what_a_lost_phone_held_is_delivered_with_its_token_and_held(
    joined: Handset, session: GatedSession, cast: Cast, chi: CheckingClient, engine: Engine
) -> None:
    pen = Phone(joined.client, cast.an, joined.device_id)
    batch = {"device_id": joined.device_id, "client": "1", "sent_at": datetime.now(UTC).isoformat()}
    batch["records"] = [pen.record("visit", visit_body(cast.village))]  # type: ignore[assignment]
    joined.session()
    sent = {"json": batch, "headers": {"X-Device-Token": joined.token}}
    assert chi.post("/sync/deliver", json=batch, headers={"X-Device-Token": "z" * 43}).status_code == 401
    assert joined.client.post("/sync/deliver", **sent).status_code == 401  # in use: it signs in as usual
    chi.post(f"/devices/{phone_id(engine)}/revoke")
    joined.session()
    answer = joined.client.post("/sync/deliver", **sent)
    assert [one["state"] for one in answer.json["results"]] == ["held"]
    assert joined.client.get("/sync/roster", headers=sent["headers"]).status_code == 401
