"""The second step at a session left open: nobody ties it to another telephone, draws new codes or takes it away without
the password, and the password cannot be guessed there."""

from __future__ import annotations

import re

import pyotp
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tdteam.domain import throttle as rules
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Account
from tests.client import CheckingClient
from tests.web.keeping import now, text
from tests.web.signing import PASSWORD, chi, entries, give_password, is_in, send_code, try_in

__all__ = ["chi"]
TRIES = rules.OWN.free + 1
ON, OFF, CODES = "/accounts/me/second-step", "/accounts/me/second-step/off", "/accounts/me/second-step/codes"


@pytest.fixture
def desk(client: CheckingClient, chi: Account) -> CheckingClient:
    """The browser Chi left open."""
    return client.sign_in(chi)


def offered(client: CheckingClient) -> str:
    """The secret the page shows."""
    client.get(ON)
    with client.session_transaction() as kept:
        return str(kept["second_step_secret"])


def turn_on(client: CheckingClient, current: str, secret: str = "") -> TestResponse:
    code = pyotp.TOTP(secret or offered(client)).now()
    return client.post(ON, data={"code": code, "current": current})


def codes_in(answer: TestResponse) -> list[str]:
    return re.findall(r"<code>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</code>", text(answer))


@pytest.mark.parametrize("current", ["", "wrong wrong wrong"])
def test_a_thief_s_telephone_is_not_tied_to_the_account(
    desk: CheckingClient, chi: Account, session: GatedSession, current: str
) -> None:
    answer = turn_on(desk, current)
    assert answer.status_code == 422
    assert 'id="current-error"' in text(answer)
    assert now(session, chi).totp_secret is None
    assert not entries(session, "two_step_on")
    assert len(entries(session, "password_refused")) == bool(current)


def test_every_door_the_password_opens_counts_the_same_guesses(
    desk: CheckingClient, chi: Account, session: GatedSession
) -> None:
    assert [turn_on(desk, "wrong wrong wrong").status_code for _ in range(3)] == [422] * 3
    secret = pyotp.random_base32()
    give_password(session, chi, totp_secret=secret, recovery_hashes="kept")
    asked = {"current": "wrong wrong wrong"}
    assert [desk.post(CODES, data=asked).status_code for _ in range(TRIES - 3)] == [422] * (TRIES - 3)
    assert desk.post(CODES, data={"current": PASSWORD}).status_code == 429
    assert desk.post(OFF, data={"current": PASSWORD}).status_code == 429
    row = now(session, chi)
    assert (row.totp_secret, row.recovery_hashes) == (secret, "kept")


def test_switching_on_what_is_on_is_no_way_to_begin_the_count_anew(
    desk: CheckingClient, chi: Account, session: GatedSession
) -> None:
    secret = pyotp.random_base32()
    give_password(session, chi, totp_secret=secret, recovery_hashes="kept")
    with desk.session_transaction() as kept:
        kept["second_step_secret"] = pyotp.random_base32()
    for _ in range(TRIES):
        turn_on(desk, "wrong wrong wrong", secret)
        desk.post(CODES, data={"current": "wrong wrong wrong"})
    assert desk.post(OFF, data={"current": PASSWORD}).status_code == 429
    assert len(entries(session, "password_refused")) == TRIES


def test_what_is_on_stays_tied_to_the_telephone_it_was_tied_to(
    desk: CheckingClient, chi: Account, session: GatedSession
) -> None:
    stale = offered(desk)  # the page was open before it was switched on in another window
    secret = pyotp.random_base32()
    give_password(session, chi, totp_secret=secret, recovery_hashes="kept")
    assert turn_on(desk, PASSWORD, stale).location == "/accounts/me"
    row = now(session, chi)
    assert (row.totp_secret, row.recovery_hashes) == (secret, "kept")


def test_a_wrong_code_with_the_right_password_is_no_guess_at_it(desk: CheckingClient) -> None:
    for _ in range(TRIES + 1):
        answer = desk.post(ON, data={"code": "000000", "current": PASSWORD})
        assert answer.status_code == 422
        assert 'id="code-error"' in text(answer)


def test_new_recovery_codes_open_and_those_of_before_do_not(
    desk: CheckingClient, chi: Account, session: GatedSession, app: Flask
) -> None:
    old = codes_in(turn_on(desk, PASSWORD))
    assert "/accounts/me/second-step/codes" in text(desk.get("/accounts/me"))
    assert desk.get(CODES).status_code == 200
    answer = desk.post(CODES, data={"current": PASSWORD})
    new = codes_in(answer)
    assert "Mã dự phòng mới" in text(answer)
    assert len(new) == 10 and not set(new) & set(old)
    assert [entry.target for entry in entries(session, "two_step_codes")] == [str(chi.id)]
    other: CheckingClient = app.test_client()  # type: ignore[assignment]
    try_in(other, "chi", PASSWORD)
    assert send_code(other, old[0]).status_code == 422
    assert send_code(other, new[0]).status_code == 302
    assert is_in(other)


def test_without_a_second_step_there_are_no_codes_to_draw(
    desk: CheckingClient, chi: Account, session: GatedSession
) -> None:
    assert desk.get(CODES).location == "/accounts/me"
    assert desk.post(CODES, data={"current": PASSWORD}).location == "/accounts/me"
    assert now(session, chi).recovery_hashes == ""
