"""What phones say first (`docs/sync.md` section 2): who is signed in, out at once when it must be, contact."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.actions import keep_account
from tdteam.domain.sync import MIN_CLIENT
from tdteam.store import accounts, devices, throttle
from tdteam.store.gate import GatedSession
from tdteam.store.tables import (
    Device,
    SignInAttempt,
)
from tests.cast import Cast
from tests.web.handset import (
    OTHER,
    PIN,
    Handset,
    di,
    entries,
    joined,
    look,
    make_slip,
    phone,
    phones,
)

__all__ = ["di", "joined", "phone"]


# The session.


def test_nobody_is_told_what_a_phone_needs_to_sign_in(phone: Handset) -> None:
    answer = phone.session()
    assert answer.status_code == 401 and not answer.location
    said = answer.json
    assert said and set(said) == {"error", "csrf_token", "server_time", "epoch", "min_client"}
    assert said["error"] == "signed_out" and said["min_client"] == MIN_CLIENT and said["epoch"]
    assert abs(datetime.fromisoformat(said["server_time"]) - datetime.now(UTC)) < timedelta(seconds=30)
    assert said["server_time"].endswith("Z")


def test_a_signed_in_account_is_told_who_it_is(phone: Handset, cast: Cast) -> None:
    phone.client.sign_in(cast.an)
    said = phone.session().json
    assert said and set(said) == {"account", "csrf_token", "server_time", "epoch", "min_client"}
    assert said["account"] == {
        "id": cast.an.id,
        "name": "Bàn Thị An",
        "username": "an",
        "role": "member",
        "member_id": cast.an_member.id,
    }


@pytest.mark.parametrize("path", ["sign-in", "join", "enrol", "pin", "sign-out"])
def test_no_word_is_taken_without_the_token_of_the_session(path: str, phone: Handset, cast: Cast) -> None:
    for sign_in in (False, True):
        if sign_in:
            phone.client.sign_in(cast.an)
        elif path in ("enrol", "pin", "sign-out"):
            continue
        phone.client.token = None
        for headers in ({}, {"X-CSRFToken": "wrong"}):
            answer = phone.client.post(f"/sync/{path}", json={}, headers=headers)
            assert (answer.status_code, answer.json) == (400, {"error": "csrf"})


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"[" * 5000, b'"x"', b"\xff\xfe", b"<html>", b'{"device_id": "\\u0000"}']
)
def test_what_is_none_of_ours_is_400(body: bytes, phone: Handset, cast: Cast) -> None:
    phone.client.sign_in(cast.an)
    for path in ("sign-in", "join", "enrol", "pin"):
        answer = phone.client.post(f"/sync/{path}", data=body, content_type="application/json")
        assert (answer.status_code, answer.json) == (400, {"error": "shape"}), path
    large = phone.client.post("/sync/join", data=b" " * 9000, content_type="application/json")
    assert (large.status_code, large.json) == (413, {"error": "too_large"})


# Out.


def test_signing_out_keeps_the_phone_enrolled(joined: Handset, engine: Engine) -> None:
    assert joined.post("/sync/sign-out").json == {"ok": True}
    assert not joined.is_in
    assert joined.sign_in().status_code == 200
    assert phones(engine)[0].revoked_at is None


def test_a_sign_in_before_leaves_nothing_in_the_session(joined: Handset, app: Flask) -> None:
    before = joined.client.token
    assert joined.sign_in().status_code == 200
    assert joined.client.token != before
    joined.client.token = before
    assert joined.again("/sync/sign-out").json == {"error": "csrf"}


def test_a_disabled_account_is_out_at_once_and_its_pin_opens_nothing(
    joined: Handset, session: GatedSession, cast: Cast
) -> None:
    keep_account.disable(session, cast.an.id or 0)
    session.commit()
    assert not joined.is_in
    assert joined.sign_in().json == {"error": "device_revoked"}
    assert joined.post("/sync/enrol", device_id="x", label="", pin=PIN).status_code == 401


def test_signing_out_everywhere_asks_the_phone_for_its_pin(
    joined: Handset, session: GatedSession, cast: Cast
) -> None:
    keep_account.sign_out_everywhere(session, cast.an.id or 0)
    session.commit()
    assert not joined.is_in
    assert joined.sign_in().status_code == 200


def test_a_changed_role_and_handed_over_places_hold_at_once(
    joined: Handset, session: GatedSession, cast: Cast
) -> None:
    assert joined.client.get(f"/teams/{cast.village.team.id}").status_code == 200
    cast.an.role = "leader"
    session.add(cast.an)
    accounts.end_roots(session, cast.an.id or 0, [cast.village.id], date(2026, 1, 1))
    accounts.give_roots(session, cast.an.id or 0, [cast.sibling.id], date(2026, 1, 1))
    session.commit()
    said = joined.session().json
    assert said and said["account"]["role"] == "leader"
    assert joined.client.get(f"/teams/{cast.village.team.id}").status_code == 404
    assert joined.client.get(f"/teams/{cast.sibling.team.id}").status_code == 200


def test_a_reset_account_lets_its_phones_in_no_more(
    joined: Handset, session: GatedSession, cast: Cast, engine: Engine
) -> None:
    """Whoever is given the account next is not the one who knows the PIN."""
    keep_account.reset(session, cast.an.id or 0)
    session.commit()
    assert not joined.is_in
    assert joined.sign_in().json == {"error": "device_revoked"}
    with look(engine) as reading:
        assert devices.find_pin(reading, cast.an.id or 0) is None


def test_a_one_time_password_does_not_stand_between_a_member_and_the_pin(
    phone: Handset, session: GatedSession, cast: Cast
) -> None:
    cast.an.one_time_until = datetime.now(UTC) + timedelta(days=3)
    session.add(cast.an)
    session.commit()
    assert phone.join(make_slip(session, cast.an_member)).status_code == 200
    assert phone.client.get("/visits/").status_code == 200


# Contact, and what a revoked phone may still do.


def test_a_contact_is_noted_every_ten_minutes_at_most(
    joined: Handset, session: GatedSession, engine: Engine
) -> None:
    first = phones(engine)[0].last_seen_at
    joined.session()
    assert phones(engine)[0].last_seen_at == first
    row = session.get(Device, phones(engine)[0].id)
    assert row
    row.last_seen_at = datetime.now(UTC) - timedelta(minutes=11)
    session.add(row)
    session.commit()
    joined.session()
    assert datetime.now(UTC) - phones(engine)[0].last_seen_at < timedelta(minutes=1)  # type: ignore[operator]


def test_a_batch_notes_the_contact_and_the_version_of_the_app(
    joined: Handset, session: GatedSession, cast: Cast, engine: Engine
) -> None:
    now = datetime.now(UTC) + timedelta(hours=1)
    assert devices.note_contact(session, cast.an.id or 0, joined.device_id, "7", now)
    assert not devices.note_contact(
        session, cast.an.id or 0, joined.device_id, "8", now + timedelta(minutes=9)
    )
    assert not devices.note_contact(session, cast.binh.id or 0, joined.device_id, "8", now)
    session.commit()
    assert (phones(engine)[0].client, phones(engine)[0].last_seen_at) == ("7", now)


def test_only_a_revoked_phone_s_token_is_known_as_such(
    joined: Handset, session: GatedSession, cast: Cast, app: Flask
) -> None:
    from tdteam.domain.devices import hash_token

    assert devices.find_revoked(session, hash_token(joined.token)) is None
    row = session.exec(select(Device)).one()
    devices.revoke(session, row, datetime.now(UTC))
    found = devices.find_revoked(session, hash_token(joined.token))
    assert found and (found.account_id, found.device_id, found.name) == (
        cast.an.id,
        joined.device_id,
        "Bàn Thị An",
    )
    assert devices.find_revoked(session, hash_token("z" * 43)) is None


def test_a_closed_account_s_phone_may_deliver_too(joined: Handset, session: GatedSession, cast: Cast) -> None:
    from tdteam.domain.devices import hash_token

    keep_account.disable(session, cast.an.id or 0)
    found = devices.find_revoked(session, hash_token(joined.token))
    assert found and found.account_id == cast.an.id


def test_logs_and_audit_hold_neither_pin_nor_token(
    joined: Handset, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    joined.sign_in(OTHER)
    joined.sign_in()
    kept = json.dumps([row.model_dump(mode="json") for action in ("enrol", "sign_in", "sign_in_failed") for row in entries(engine, action)])  # fmt: skip
    for secret in (PIN, OTHER, joined.token):
        assert secret not in kept and secret not in caplog.text


def test_throttle_rows_say_neither_account_nor_phone(joined: Handset, session: GatedSession) -> None:
    joined.sign_in(OTHER)
    keys = [row.key for row in session.exec(select(SignInAttempt)).all()]
    assert keys and all(len(key) == 64 for key in keys)
    assert throttle.failures(session, "nothing") == 0
