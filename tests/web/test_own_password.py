"""At an open session left alone: the present password cannot be guessed, and its owner is not kept out."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from flask import Flask

from tdteam.actions.sign_in import Caller
from tdteam.domain import throttle as rules
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Account, SignInAttempt
from tests.cast import Cast
from tests.client import CheckingClient
from tests.conftest import SECRET
from tests.web.keeping import now, text
from tests.web.signing import PASSWORD, chi, entries, give_password, try_in

__all__ = ["chi"]
NEW = "chè shan tuyết ba lần"
TRIES = rules.OWN.free + 1


@pytest.fixture
def desk(client: CheckingClient, chi: Account) -> CheckingClient:
    """The browser Chi left open."""
    return client.sign_in(chi)


def change(client: CheckingClient, current: str, new: str = NEW) -> int:
    given = {"current": current, "new": new, "again": new}
    return client.post("/accounts/me/password", data=given).status_code


def switch_off(client: CheckingClient, current: str) -> int:
    return client.post("/accounts/me/second-step/off", data={"current": current}).status_code


def test_guesses_at_an_open_session_wait_and_say_so_beside_the_field(
    desk: CheckingClient, chi: Account, session: GatedSession
) -> None:
    assert [change(desk, f"guess number {n}") for n in range(TRIES)] == [422] * TRIES
    answer = desk.post("/accounts/me/password", data={"current": PASSWORD, "new": NEW, "again": NEW})
    assert answer.status_code == 429
    page = text(answer)
    assert 'id="current-error"' in page
    assert "Đã nhập sai mật khẩu hiện tại nhiều lần. Hãy chờ" in page
    assert now(session, chi).password_hash == chi.password_hash
    assert len(entries(session, "password_refused")) == TRIES


def test_the_second_step_is_not_guessed_off_either_and_both_doors_count_together(
    desk: CheckingClient, chi: Account, session: GatedSession
) -> None:
    secret = pyotp.random_base32()
    give_password(session, chi, totp_secret=secret)
    assert [change(desk, "wrong wrong wrong") for _ in range(3)] == [422] * 3
    assert [switch_off(desk, "wrong wrong wrong") for _ in range(TRIES - 3)] == [422] * (TRIES - 3)
    assert switch_off(desk, PASSWORD) == 429
    assert change(desk, PASSWORD) == 429
    assert now(session, chi).totp_secret == secret


def test_the_right_password_begins_the_count_anew(desk: CheckingClient) -> None:
    for _ in range(3):
        assert [change(desk, "wrong wrong wrong") for _ in range(rules.OWN.free)] == [422] * rules.OWN.free
        assert change(desk, PASSWORD, "matkhau12345") == 422  # too easy a new one: the present one was right


def test_the_owner_still_signs_in_elsewhere_and_waits_no_longer_than_a_bound(
    desk: CheckingClient, chi: Account, app: Flask, session: GatedSession
) -> None:
    for _ in range(TRIES + 1):
        change(desk, "wrong wrong wrong")
    home = app.test_client()
    assert try_in(home, "chi", PASSWORD, address="198.51.100.1").status_code == 302  # type: ignore[arg-type]
    assert rules.OWN.longest <= timedelta(minutes=15)
    row = session.get(SignInAttempt, Caller("", "", SECRET).own_key("chi"))
    assert row is not None
    assert row.blocked_until is not None
    row.blocked_until = row.blocked_until - rules.OWN.longest
    session.add(row)
    session.commit()
    assert change(desk, PASSWORD) == 302


def test_one_account_s_guesses_are_not_another_s(
    desk: CheckingClient, cast: Cast, session: GatedSession, app: Flask
) -> None:
    give_password(session, cast.em)
    for _ in range(TRIES + 1):
        change(desk, "wrong wrong wrong")
    beside = app.test_client().sign_in(cast.em)  # type: ignore[attr-defined]
    assert change(beside, PASSWORD) == 302


def test_a_flood_sent_at_once_gets_no_more_guesses(chi: Account, app: Flask) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def guess(number: int) -> int:
        return change(app.test_client().sign_in(chi), f"guess number {number}")  # type: ignore[attr-defined]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(12)))
    assert (answers.count(422), answers.count(429)) == (TRIES, 12 - TRIES)
