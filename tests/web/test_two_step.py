"""The second step of signing in: a code of the app, once, or a recovery code."""

from __future__ import annotations

import pyotp
import pytest
from flask import Flask

from tdteam.domain import throttle as rules
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Account
from tests.client import CheckingClient
from tests.web.signing import PASSWORD, chi, give_password, is_in, send_code, try_in

__all__ = ["chi"]


@pytest.fixture
def two_step(chi: Account, session: GatedSession) -> str:
    secret = pyotp.random_base32()
    give_password(session, chi, totp_secret=secret)
    return secret


def test_the_password_alone_is_half_the_way(client: CheckingClient, two_step: str) -> None:
    assert try_in(client, "chi", PASSWORD).location == "/sign-in/code"
    assert not is_in(client)


def test_the_code_opens_once(client: CheckingClient, two_step: str, app: Flask) -> None:
    code = pyotp.TOTP(two_step).now()
    try_in(client, "chi", PASSWORD, next="/teams/")
    assert send_code(client, f"{code[:3]} {code[3:]}").location == "/teams/"
    assert is_in(client)
    again = app.test_client()
    try_in(again, "chi", PASSWORD)  # type: ignore[arg-type]
    assert send_code(again, code).status_code == 422  # type: ignore[arg-type]
    assert not is_in(again)  # type: ignore[arg-type]


def test_codes_are_throttled_and_a_stale_first_step_is_asked_again(
    client: CheckingClient, two_step: str
) -> None:
    try_in(client, "chi", PASSWORD)
    answers = [send_code(client, "000000").status_code for _ in range(rules.CODE.free + 2)]
    assert answers == [422] * (rules.CODE.free + 1) + [429]
    with client.session_transaction() as kept:
        kept["second_step"] = {**kept["second_step"], "until": 1}
    assert client.get("/sign-in/code").location == "/sign-in"


def test_no_second_step_without_the_first(client: CheckingClient) -> None:
    assert client.get("/sign-in/code").location == "/sign-in"
    client.get("/sign-in")


def test_a_new_password_meanwhile_ends_the_half_way(
    client: CheckingClient, two_step: str, chi: Account, session: GatedSession
) -> None:
    try_in(client, "chi", PASSWORD)
    chi.session_stamp = "another"
    session.add(chi)
    session.commit()
    assert send_code(client, pyotp.TOTP(two_step).now()).location == "/sign-in"
    assert not is_in(client)
