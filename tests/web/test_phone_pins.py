"""The PIN: looked at only beside the phone's own token, its tries counted there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.pins import RULE
from tdteam.domain.throttle import ADDRESS
from tdteam.store.gate import GatedSession
from tdteam.store.tables import (
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
    make_slip,
    phone,
)

__all__ = ["di", "joined", "phone"]


# The PIN.


def test_a_wrong_pin_says_how_many_tries_are_left_and_then_how_long_to_wait(
    joined: Handset, session: GatedSession
) -> None:
    joined.expire()
    said = [joined.sign_in(OTHER).json for _ in range(5)]
    assert said == [{"error": "pin_wrong", "left": left} for left in (4, 3, 2, 1, 0)]
    waits = joined.sign_in(PIN)
    assert waits.status_code == 429 and waits.json and waits.json["error"] == "throttled"
    assert 0 < waits.json["seconds"] <= 60 and waits.headers["Retry-After"] == str(waits.json["seconds"])
    for row in session.exec(select(SignInAttempt)):
        if row.blocked_until:
            row.blocked_until = datetime.now(UTC)
            session.add(row)
    session.commit()
    assert joined.sign_in(PIN).status_code == 200
    assert joined.sign_in(OTHER).json == {"error": "pin_wrong", "left": 4}


def test_tries_at_one_phone_use_up_nobody_else_s(
    joined: Handset, session: GatedSession, cast: Cast, app: Flask
) -> None:
    second = Handset(app, device_id="second")
    assert second.join(make_slip(session, cast.an_member)).status_code == 200
    thief = Handset(app, device_id=joined.device_id, token=joined.token, address="198.51.100.9")
    assert [thief.sign_in(OTHER).status_code for _ in range(6)] == [401] * 5 + [429]
    second.expire()
    assert second.sign_in().status_code == 200


def test_strangers_without_the_token_use_up_no_tries(joined: Handset, app: Flask) -> None:
    stranger = Handset(app, device_id=joined.device_id, token="x" * 43, address="198.51.100.9")
    said = [stranger.sign_in(PIN) for _ in range(ADDRESS.free + 2)]
    assert {answer.status_code for answer in said[:-1]} == {401}
    assert said[0].json == {"error": "device_revoked"} and said[-1].status_code == 429
    joined.expire()
    assert joined.sign_in().status_code == 200


def test_an_unknown_phone_takes_as_much_work_as_a_known_one(
    joined: Handset, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tdteam.web import phone_session

    looked: list[str | None] = []
    real = phone_session.check_password
    monkeypatch.setattr(
        phone_session, "check_password", lambda stored, pin: looked.append(stored) or real(stored, pin)
    )
    joined.sign_in(OTHER)
    joined.sign_in(OTHER, token="y" * 43)
    joined.sign_in("12", token="y" * 43)
    assert [bool(one) for one in looked] == [True, False, False]


def test_guesses_sent_at_once_are_all_counted(joined: Handset, app: Flask) -> None:
    handsets = [Handset(app, device_id=joined.device_id, token=joined.token) for _ in range(12)]
    for one in handsets:
        one.session()
    said = {"device_id": joined.device_id, "token": joined.token, "pin": OTHER}
    with ThreadPoolExecutor(6) as pool:
        got = list(pool.map(lambda one: one.again("/sync/sign-in", **said).status_code, handsets))
    assert got.count(401) == RULE.free + 1 and got.count(429) == 12 - RULE.free - 1


def test_the_pin_alone_opens_nothing_of_another_phone(
    joined: Handset, session: GatedSession, cast: Cast, app: Flask
) -> None:
    assert joined.sign_in(device_id="another").json == {"error": "device_revoked"}
    assert joined.sign_in(token=joined.token[:-1] + "_").json == {"error": "device_revoked"}


def test_the_pin_is_changed_with_the_present_one(joined: Handset, engine: Engine) -> None:
    said = {"device_id": joined.device_id, "token": joined.token}
    assert joined.post("/sync/pin", **said, pin=OTHER, new=OTHER).json == {"error": "pin_wrong", "left": 4}
    refused = joined.post("/sync/pin", **said, pin=PIN, new="111111")
    assert refused.status_code == 422 and refused.json and refused.json["flaws"][0]["field"] == "new"
    assert joined.post("/sync/pin", **said, pin=PIN, new=OTHER).json == {"ok": True}
    joined.expire()
    assert joined.sign_in(PIN).status_code == 401
    assert joined.sign_in(OTHER).status_code == 200
    assert len(entries(engine, "pin_changed")) == 1


def test_nobody_changes_the_pin_of_another_account(
    joined: Handset, session: GatedSession, cast: Cast, app: Flask
) -> None:
    other = Handset(app, device_id="second")
    other.client.sign_in(cast.binh)
    said = {"device_id": joined.device_id, "token": joined.token, "pin": PIN, "new": OTHER}
    assert other.post("/sync/pin", **said).status_code == 401
    joined.expire()
    assert joined.sign_in(PIN).status_code == 200
