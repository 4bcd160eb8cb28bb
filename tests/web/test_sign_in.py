"""Signing in: who gets in, who waits, and that nobody is locked out for good."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask
from sqlmodel import select
from werkzeug.test import TestResponse

from tdteam.actions.passwords import check_password, hash_password
from tdteam.actions.sign_in import Caller, network
from tdteam.domain import throttle as rules
from tdteam.domain.accounts import DEMO_PASSWORD
from tdteam.domain.roles import Role
from tdteam.store import accounts, throttle
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.tables import Account, Audit, SignInAttempt
from tdteam.web.sign_in import how_long, safe_target
from tests.cast import Cast
from tests.client import CheckingClient
from tests.conftest import SECRET
from tests.world import World

PASSWORD = "ruộng bậc thang Y Tý"
HASH = hash_password(PASSWORD)


def give_password(session: GatedSession, account: Account, **more: object) -> Account:
    account.password_hash = HASH
    for key, value in more.items():
        setattr(account, key, value)
    session.add(account)
    session.commit()
    return account


@pytest.fixture
def chi(cast: Cast, session: GatedSession) -> Account:
    return give_password(session, cast.chi)


def try_in(
    client: CheckingClient, username: str, password: str, *, address: str = "203.0.113.7", **more: str
) -> TestResponse:
    """Open the page as a browser does, and send the form with the page's own token."""
    page = client.get("/sign-in", environ_base={"REMOTE_ADDR": address})
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True))
    assert found
    return client.post(
        "/sign-in",
        data={"username": username, "password": password, "csrf_token": found[1], **more},
        environ_base={"REMOTE_ADDR": address},
    )


def is_in(client: CheckingClient) -> bool:
    return client.get("/sign-in").status_code == 302


def entries(session: GatedSession, action: str) -> list[Audit]:
    with open_session(session.get_bind(), EVERYWHERE) as reading:  # type: ignore[arg-type]
        return list(reading.exec(select(Audit).where(Audit.action == action)))


def kept(session: GatedSession, account: Account) -> Account:
    with open_session(session.get_bind(), EVERYWHERE) as reading:  # type: ignore[arg-type]
        return accounts.get_account(reading, account.id or 0)


def test_chi_signs_in_and_out(client: CheckingClient, chi: Account, session: GatedSession) -> None:
    assert not is_in(client)
    answer = try_in(client, "Chi ", PASSWORD)
    assert (answer.status_code, answer.location) == (302, "/")
    assert is_in(client)
    [entry] = entries(session, "sign_in")
    assert (entry.account_id, entry.target, entry.detail) == (chi.id, str(chi.id), "{}")
    page = client.get("/help").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    out = client.post("/sign-out", data={"csrf_token": token[1]})
    assert out.location == "/sign-in"
    assert not is_in(client)
    assert [entry.account_id for entry in entries(session, "sign_out")] == [chi.id]


def test_the_accent_may_be_typed_either_way(client: CheckingClient, chi: Account) -> None:
    import unicodedata

    assert try_in(client, "chi", unicodedata.normalize("NFD", PASSWORD)).status_code == 302


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    client: CheckingClient, chi: Account, session: GatedSession
) -> None:
    wrong, unknown = try_in(client, "chi", "x" * 12), try_in(client, "nobody", "x" * 12)
    assert wrong.status_code == unknown.status_code == 422
    strip = re.compile(r'value="[^"]*"')
    assert strip.sub("", wrong.get_data(as_text=True)) == strip.sub("", unknown.get_data(as_text=True))
    found = entries(session, "sign_in_failed")
    assert [(entry.account_id, entry.target) for entry in found] == [(None, str(chi.id)), (None, "")]
    assert "nobody" not in "".join(entry.detail + entry.target for entry in found)


def test_an_unknown_name_costs_a_hash_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    from tdteam.actions import passwords

    seen: list[str] = []
    real = passwords._hasher.verify

    class Counting:
        def verify(self, stored: str, typed: str) -> bool:
            seen.append(stored)
            return real(stored, typed)

        hash = staticmethod(passwords._hasher.hash)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    assert not check_password(None, PASSWORD)
    assert not check_password(HASH, "wrong password")
    assert not check_password("!", PASSWORD)
    assert len(seen) == 4  # the broken hash is tried, then one of nobody's


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


def test_a_disabled_account_is_told_so_only_with_its_password(
    client: CheckingClient, cast: Cast, session: GatedSession
) -> None:
    give_password(session, cast.chi, disabled_at=datetime.now(UTC))
    assert "khóa" in try_in(client, "chi", PASSWORD).get_data(as_text=True)
    assert "khóa" not in try_in(client, "chi", "x" * 12).get_data(as_text=True)
    assert not is_in(client)


def test_a_stronger_hash_replaces_an_old_one(
    client: CheckingClient, cast: Cast, session: GatedSession
) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    cast.chi.password_hash = weak
    session.add(cast.chi)
    session.commit()
    assert try_in(client, "chi", PASSWORD).status_code == 302
    now = kept(session, cast.chi).password_hash
    assert now != weak
    assert "m=32768,t=3" in now
    assert check_password(now, PASSWORD)


def test_a_new_stamp_signs_every_browser_out(
    client: CheckingClient, chi: Account, session: GatedSession
) -> None:
    try_in(client, "chi", PASSWORD, remember="y")
    assert is_in(client)
    chi.session_stamp = "another"
    session.add(chi)
    session.commit()
    assert not is_in(client)


def test_remembered_for_thirty_days_only_when_asked(client: CheckingClient, chi: Account) -> None:
    kept = [
        c for c in try_in(client, "chi", PASSWORD).headers.getlist("Set-Cookie") if "remember_token=" in c
    ]
    assert kept == []
    client.sign_out()
    [kept_cookie] = [
        c
        for c in try_in(client, "chi", PASSWORD, remember="y").headers.getlist("Set-Cookie")
        if "remember_token=" in c
    ]
    assert "HttpOnly" in kept_cookie
    assert "SameSite=Lax" in kept_cookie
    expires = re.search(r"Expires=([^;]+)", kept_cookie)
    assert expires
    left = datetime.strptime(expires[1], "%a, %d %b %Y %H:%M:%S GMT") - datetime.utcnow()
    assert timedelta(days=29) < left <= timedelta(days=30)
    with client.session_transaction() as session_cookie:
        session_cookie.clear()  # the browser was closed
    assert is_in(client)


def test_another_account_does_not_leave_the_first_one_remembered(
    client: CheckingClient, chi: Account, cast: Cast, session: GatedSession
) -> None:
    give_password(session, cast.em)
    try_in(client, "chi", PASSWORD, remember="y")
    with client.session_transaction() as kept:
        kept.clear()
    client.delete_cookie("tdteam")
    token = client.get_cookie("remember_token")
    assert token
    with client.session_transaction() as kept:
        kept["csrf_token"] = "0" * 40
    answer = client.post(
        "/sign-in",
        data={"username": "em", "password": PASSWORD},
        headers={"X-CSRFToken": _token_for(client, "0" * 40)},
    )
    assert answer.status_code == 302
    assert client.get_cookie("remember_token") is None


def _token_for(client: CheckingClient, raw: str) -> str:
    from itsdangerous import URLSafeTimedSerializer

    return URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(raw)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "/sign-out",
        "/sign-in?next=/sign-in",
        "///evil.example",
        "",
        "/" + "a" * 3000,
    ],
)
def test_the_way_back_never_leads_elsewhere(client: CheckingClient, chi: Account, target: str) -> None:
    assert try_in(client, "chi", PASSWORD, next=target).location == "/"


def test_the_way_back_leads_to_the_page_asked_for(client: CheckingClient, chi: Account, app: Flask) -> None:
    asked = client.get("/households/?q=ly")
    assert asked.status_code in (302, 404)
    with app.test_request_context():
        assert safe_target("/households/?q=ly") == "/households/?q=ly"
    assert try_in(client, "chi", PASSWORD, next="/households/?q=ly").location == "/households/?q=ly"
    assert client.get("/sign-in?next=/teams/").location == "/teams/"


def test_nothing_planted_before_sign_in_survives_it(client: CheckingClient, chi: Account) -> None:
    client.get("/sign-in")
    with client.session_transaction() as planted:
        planted["planted"] = "by somebody else"
        planted["_user_id"] = "1.x"
        before = planted.get("csrf_token")
    answer = try_in(client, "chi", PASSWORD)
    assert answer.status_code == 302
    with client.session_transaction() as kept:
        assert "planted" not in kept
        assert kept["_user_id"].startswith(f"{chi.id}.")
        assert kept.get("csrf_token") != before


# The second step.


@pytest.fixture
def two_step(chi: Account, session: GatedSession) -> str:
    secret = pyotp.random_base32()
    give_password(session, chi, totp_secret=secret)
    return secret


def send_code(client: CheckingClient, code: str) -> TestResponse:
    page = client.get("/sign-in/code").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    return client.post("/sign-in/code", data={"code": code, "csrf_token": token[1]})


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


# Demonstration accounts.


def test_no_demonstration_account_enters_in_production(
    client: CheckingClient, world: World, session: GatedSession
) -> None:
    give_password(session, world.account("canbo", Role.OFFICIAL, world.commune(), is_demo=True))
    assert try_in(client, "canbo", PASSWORD).status_code == 422
    assert "canbo" not in client.get("/sign-in").get_data(as_text=True)
    assert DEMO_PASSWORD not in client.get("/sign-in").get_data(as_text=True)


def test_in_demo_mode_the_page_lists_them_and_they_enter(
    database_url: str, tmp_path: object, world: World, session: GatedSession
) -> None:
    from pathlib import Path

    from tdteam import create_app
    from tdteam.config import Config

    give_password(
        session, world.account("canbo", Role.OFFICIAL, world.commune(), is_demo=True), totp_secret="A" * 32
    )
    app = create_app(Config(Path(str(tmp_path)), database_url, SECRET, mode="demo"))
    app.testing, app.test_client_class = True, CheckingClient
    client = app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    assert "canbo" in page
    assert DEMO_PASSWORD in page
    assert try_in(client, "canbo", PASSWORD).location == "/"  # type: ignore[arg-type]
    app.extensions["tdteam_engine"].dispose()


def test_waits_are_said_in_words(app: Flask) -> None:
    with app.test_request_context():
        assert how_long(1) == "1 giây"
        assert how_long(59) == "59 giây"
        assert how_long(61) == "2 phút"
