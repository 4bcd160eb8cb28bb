"""What every answer carries, and what no request gets past."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from tdteam import create_app
from tdteam.config import Config
from tdteam.domain.roles import Power, holds
from tdteam.web.access import ACCESS
from tests.cast import Cast
from tests.client import CheckingClient
from tests.conftest import SECRET

PAGES = [
    "/sign-in",
    "/help",
    "/privacy",
    "/nowhere",
    "/accounts/",
    "/accounts/me",
    "/audit/",
    "/teams/",
    "/healthz",
]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """None of this depends on the engine: one is enough."""
    return sqlite_url


def bare_app() -> Flask:
    return create_app(Config(Path(__file__).parent.resolve(), "sqlite://", SECRET))


# Headers.


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers(client: CheckingClient, cast: Cast, path: str) -> None:
    answer = client.sign_in(cast.hai).get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    assert "Server" not in answer.headers


@pytest.mark.parametrize("path", PAGES)
def test_the_content_policy_is_strict(client: CheckingClient, cast: Cast, path: str) -> None:
    policy = dict(
        part.strip().split(" ", 1)
        for part in client.sign_in(cast.hai).get(path).headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["base-uri"] == policy["object-src"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in str(policy)
    assert "data:" not in str(policy)


def test_https_is_kept_once_seen(client: CheckingClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/sign-in").headers
    assert client.get("/sign-in", base_url="https://tdteam.example").headers["Strict-Transport-Security"]


# Cookies.


def cookies_after_sign_in(app: Flask, base_url: str) -> dict[str, str]:
    found = app.test_client().get("/sign-in", base_url=base_url).headers.getlist("Set-Cookie")
    return {cookie.split("=", 1)[0]: cookie for cookie in found}


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(app: Flask) -> None:
    cookie = cookies_after_sign_in(app, "http://localhost")["tdteam"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_over_https_cookies_are_secure_and_bound_to_the_host(database_url: str, tmp_path: Path) -> None:
    app = create_app(Config(tmp_path, database_url, SECRET, public_url="https://tdteam.example"))
    found = cookies_after_sign_in(app, "https://tdteam.example")
    assert set(found) == {"__Host-tdteam"}
    assert "Secure" in found["__Host-tdteam"]
    assert app.config["REMEMBER_COOKIE_SECURE"]
    app.extensions["tdteam_engine"].dispose()


def test_a_forged_or_foreign_cookie_signs_nobody_in(client: CheckingClient, cast: Cast, app: Flask) -> None:
    client.sign_in(cast.chi)
    kept = client.get_cookie("tdteam")
    assert kept
    for forged in (kept.value[:-2] + "xx", "e30.e30.e30", "", kept.value.replace(".", "", 1)):
        other = app.test_client()
        other.set_cookie("tdteam", forged)
        assert other.get("/accounts/me").status_code == 302
    other = app.test_client()
    other.set_cookie("remember_token", f"{cast.chi.id}.{cast.chi.session_stamp}|0000")
    assert other.get("/accounts/me").status_code == 302


# Cross-site requests.

POSTS = sorted(
    (rule.endpoint, rule.rule)
    for rule in bare_app().url_map.iter_rules()
    if "POST" in (rule.methods or ()) and ACCESS.get(rule.endpoint)
)


def test_no_form_is_taken_without_its_token(client: CheckingClient, cast: Cast) -> None:
    taken = []
    for endpoint, rule in POSTS:
        power = ACCESS[endpoint]
        client.sign_in(next((one for one in cast.everybody if holds(one.role, power)), cast.chi))
        client.token = None
        path = re.sub(r"<(int:)?\w+>", "1", rule)
        for more in ({}, {"headers": {"X-CSRFToken": "wrong"}}, {"data": {"csrf_token": ""}}):
            status = client.post(path, **more).status_code  # type: ignore[arg-type]
            if status != 400:
                taken.append(f"{path}: {status}")
    assert taken == []


def test_a_token_of_another_browser_does_not_do(client: CheckingClient, cast: Cast, app: Flask) -> None:
    other: CheckingClient = app.test_client()  # type: ignore[assignment]
    other.sign_in(cast.dung)
    foreign = other.token
    client.sign_in(cast.chi)
    client.token = None
    assert (
        client.post("/accounts/me/sign-out-everywhere", headers={"X-CSRFToken": foreign}).status_code == 400
    )


def test_there_is_a_form_to_check() -> None:
    assert len(POSTS) > 30
    assert {endpoint for endpoint, _ in POSTS} >= {"sign_in.form", "sign_in.leave", "visits.new"}


# Addresses and hosts.


@pytest.mark.parametrize("path", ["/", "/teams/", "/teams", "/accounts/me", "/sign-in"])
def test_a_foreign_host_header_is_not_echoed(client: CheckingClient, path: str) -> None:
    for headers in (
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example"},
        {"X-Original-URL": "/accounts/"},
    ):
        answer = client.get(path, headers=headers)
        assert "evil.example" not in str(answer.headers)
        assert "evil.example" not in answer.get_data(as_text=True)


def test_machines_get_json_and_people_the_sign_in_page(client: CheckingClient) -> None:
    json = client.get("/visits/", headers={"Accept": "application/json"})
    assert (json.status_code, json.json) == (401, {"error": "signed_out"})
    assert client.post("/visits/new", json={}).status_code == 401
    for path in ("/api/v1/anything", "/sync/roster"):
        answer = client.get(path)
        assert answer.status_code in (401, 404)
        assert answer.mimetype in ("application/json", "application/problem+json")
        assert answer.json and answer.json["error"] in ("signed_out", "not_found")
    page = client.get("/visits/?q=ly&size=20", headers={"Accept": "text/html"})
    assert page.location == "/sign-in?next=/visits/?q%3Dly%26size%3D20"
    assert client.get("/nowhere", headers={"Accept": "application/json"}).json == {"error": "not_found"}


def test_after_a_posted_form_nobody_is_sent_back_into_it(client: CheckingClient) -> None:
    assert client.post("/visits/new").location == "/sign-in"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../tdteam/config.py",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/fonts/tinos/Tinos-Regular.ttf",
        "/static/",
        "//evil.example/",
        "/instance/demo-secret",
    ],
)
def test_no_path_leads_out_of_the_static_folder(client: CheckingClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (302, 404)
    assert not str(answer.location or "").startswith(("//", "http"))


def test_what_people_typed_is_shown_and_never_run(client: CheckingClient, cast: Cast) -> None:
    evil = '"><script>alert(1)</script>'
    page = client.sign_in(cast.hai).get("/accounts/", query_string={"q": evil}).get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_an_endless_body_is_refused(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.hai)
    assert client.post("/accounts/new", data={"name": "x" * 3_000_000}).status_code == 413
    many = {"name": "x" * 3_000_000, "file": (BytesIO(b""), "a.txt")}
    assert client.post("/accounts/new", data=many).status_code == 413
    large = {"file": (BytesIO(b"x" * 27_000_000), "a.xlsx")}
    assert client.post("/imports/", data=large).status_code == 413


def test_a_sign_in_that_is_not_remembered_ends_by_itself(
    client: CheckingClient, cast: Cast, app: Flask
) -> None:
    client.sign_in(cast.chi)
    assert client.get("/accounts/me").status_code == 200
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(seconds=-1)
    assert client.get("/accounts/me").status_code == 302
    assert create_app(
        Config(Path(__file__).parent.resolve(), "sqlite://", SECRET)
    ).permanent_session_lifetime == timedelta(hours=12)


def test_every_power_but_the_two_for_all_is_handed_out() -> None:
    """A power nobody holds would close its pages for good; one that everybody holds guards nothing."""
    from tdteam.domain.roles import POWERS, Role

    handed = {power for powers in POWERS.values() for power in powers}
    assert set(Power) - handed == {Power.PUBLIC, Power.SIGNED_IN}
    assert set(POWERS) == set(Role)
    assert not holds("nobody", Power.SIGNED_IN)
    assert holds("nobody", Power.PUBLIC)
