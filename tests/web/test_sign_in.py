"""Signing in: who gets in, and that nothing of whoever used the browser before stays."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tdteam.actions.passwords import check_password
from tdteam.domain.accounts import DEMO_PASSWORD
from tdteam.domain.roles import Role
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Account
from tdteam.web.sign_in import safe_target
from tests.cast import Cast
from tests.client import CheckingClient
from tests.conftest import SECRET
from tests.web.signing import HASH, PASSWORD, as_kept, chi, entries, give_password, is_in, try_in
from tests.world import World

__all__ = ["chi"]


def _token_for(client: CheckingClient, raw: str) -> str:
    from itsdangerous import URLSafeTimedSerializer

    return URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(raw)


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
    now = as_kept(session, cast.chi).password_hash
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
