"""Who guesses waits; who knows is never locked out for good."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from flask import Flask

from tdteam.actions.sign_in import Caller, network
from tdteam.domain import throttle as rules
from tdteam.store import throttle
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Account, SignInAttempt
from tdteam.web.sign_in import how_long
from tests.client import CheckingClient
from tests.conftest import SECRET
from tests.web.signing import PASSWORD, chi, entries, try_in

__all__ = ["chi"]


def test_a_failure_is_counted_although_the_page_refuses(
    client: CheckingClient, chi: Account, session: GatedSession
) -> None:
    for _ in range(rules.ACCOUNT.free + 1):
        assert try_in(client, "chi", "not the password").status_code == 422
    answer = try_in(client, "chi", PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 30
    assert "chờ" in answer.get_data(as_text=True)
    assert len(entries(session, "sign_in_failed")) == rules.ACCOUNT.free + 1


def test_knocking_at_a_closed_door_does_not_keep_it_closed(session: GatedSession) -> None:
    rule = {"k": rules.ACCOUNT}
    for _ in range(rules.ACCOUNT.free + 1):
        assert throttle.charge(session, rule) is None
    first = throttle.charge(session, rule)
    assert first is not None
    assert [throttle.charge(session, rule) for _ in range(5)] == [first] * 5


def test_the_wait_doubles_up_to_a_bound_and_is_forgotten() -> None:
    waits = [rules.ACCOUNT.wait_after(n).total_seconds() for n in range(4, 14)]
    assert waits == [0, 0, 30, 60, 120, 240, 480, 900, 900, 900]
    assert rules.ACCOUNT.wait_after(10**9) == timedelta(minutes=15)


def test_the_slate_is_wiped_after_a_quiet_day(session: GatedSession) -> None:
    rule = {"k": rules.ACCOUNT}
    for _ in range(9):
        throttle.charge(session, rule)
    row = session.get(SignInAttempt, "k")
    assert row
    row.last_at = row.last_at - timedelta(hours=25)
    row.blocked_until = None
    session.add(row)
    session.flush()
    assert throttle.charge(session, rule) is None
    assert row.failures == 1


def _attack(client: CheckingClient, session: GatedSession, app: Flask) -> None:
    """Strangers guess at Chi's account from other addresses until it waits."""
    stranger = app.test_client()
    for number in range(rules.ACCOUNT.free + 2):
        try_in(stranger, "chi", "a guess of strangers", address=f"198.51.100.{number}")  # type: ignore[arg-type]


def test_strangers_cannot_lock_the_owner_out_of_a_known_browser(
    client: CheckingClient, chi: Account, app: Flask, session: GatedSession
) -> None:
    assert try_in(client, "chi", PASSWORD).status_code == 302
    client.sign_out()
    _attack(client, session, app)
    assert try_in(client, "chi", PASSWORD, address="192.0.2.99").status_code == 302


def test_strangers_cannot_lock_the_owner_out_of_a_known_address(
    client: CheckingClient, chi: Account, app: Flask, session: GatedSession
) -> None:
    assert try_in(client, "chi", PASSWORD).status_code == 302
    _attack(client, session, app)
    fresh = app.test_client()
    assert try_in(fresh, "chi", PASSWORD, address="203.0.113.7").status_code == 302  # type: ignore[arg-type]
    other = app.test_client()
    assert try_in(other, "chi", PASSWORD, address="203.0.113.8").status_code == 429  # type: ignore[arg-type]


def test_a_made_up_browser_token_opens_nothing(
    client: CheckingClient, chi: Account, app: Flask, session: GatedSession
) -> None:
    _attack(client, session, app)
    client.set_cookie("tdteam-device", "A" * 22)
    assert try_in(client, "chi", PASSWORD, address="192.0.2.99").status_code == 429


def test_a_known_browser_is_throttled_too(client: CheckingClient, chi: Account) -> None:
    try_in(client, "chi", PASSWORD)
    client.sign_out()
    answers = [try_in(client, "chi", "wrong wrong wrong").status_code for _ in range(rules.KNOWN.free + 2)]
    assert answers == [422] * (rules.KNOWN.free + 1) + [429]


def test_one_address_cannot_try_many_names(
    client: CheckingClient, chi: Account, session: GatedSession
) -> None:
    caller = Caller("203.0.113.7", "", SECRET)
    rule = {caller.address_key(): rules.ADDRESS}
    for _ in range(rules.ADDRESS.free + 1):
        throttle.charge(session, rule)
    session.commit()
    assert try_in(client, "somebody", "x" * 12).status_code == 429
    assert try_in(client, "chi", PASSWORD).status_code == 429
    assert try_in(client, "chi", PASSWORD, address="203.0.113.8").status_code == 302


def test_guesses_sent_at_once_are_all_counted(chi: Account, engine: object, app: Flask) -> None:
    """Each is counted before its password is looked at, so a burst gets no more tries than a row."""
    from concurrent.futures import ThreadPoolExecutor

    def guess(number: int) -> int:
        one = app.test_client()
        return try_in(one, "chi", f"guess number {number}", address=f"198.51.100.{number}").status_code  # type: ignore[arg-type]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(16)))
    assert answers.count(422) == rules.ACCOUNT.free + 1
    assert answers.count(429) == 16 - rules.ACCOUNT.free - 1


def test_addresses_are_told_apart_as_networks_are_given_out() -> None:
    assert network("203.0.113.7") == "203.0.113.7"
    assert network("::ffff:203.0.113.7") == "203.0.113.7"
    assert network("2001:db8:1:2:aaaa::1") == network("2001:db8:1:2:bbbb::2") != network("2001:db8:1:3::1")
    assert network("unix") == "unix"


def test_keys_tell_neither_name_nor_address() -> None:
    caller = Caller("203.0.113.7", "", SECRET)
    assert re.fullmatch("[0-9a-f]{64}", caller.account_key("chi"))
    assert caller.account_key("chi") == caller.account_key("CHI") != caller.code_key("chi")
    assert Caller("203.0.113.7", "", "another secret").account_key("chi") != caller.account_key("chi")


def test_old_rows_are_dropped_and_known_browsers_stay(session: GatedSession) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=3)
    for key, succeeded in (("old", None), ("known", long_ago)):
        session.add(
            SignInAttempt(key=key, failures=1, first_at=long_ago, last_at=long_ago, succeeded_at=succeeded)
        )
    session.flush()
    throttle.prune(session)
    session.expire_all()
    assert session.get(SignInAttempt, "old") is None
    assert session.get(SignInAttempt, "known") is not None


def test_waits_are_said_in_words(app: Flask) -> None:
    with app.test_request_context():
        assert how_long(1) == "1 giây"
        assert how_long(59) == "59 giây"
        assert how_long(61) == "2 phút"
