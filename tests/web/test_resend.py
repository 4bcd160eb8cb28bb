"""A form that came at the wrong moment keeps what was typed; nobody else's form, no secret and no file is kept."""

from __future__ import annotations

import html
import re
from io import BytesIO

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tdteam.store.gate import GatedSession
from tdteam.store.tables import Account
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.keeping import look, text
from tests.web.signing import PASSWORD, chi, try_in

__all__ = ["chi"]
OURS = {"Sec-Fetch-Site": "same-origin"}
TYPED = {
    "name": "Lý Thị Mẩy & <b>con</b>",
    "username": "may.lt",
    "role": "official",
    "note": "\r\ndòng hai\r\n  thụt vào",
}


def send(client: CheckingClient, path: str = "/accounts/new", **more: object) -> TestResponse:
    given = {"data": dict(TYPED), "headers": OURS, **more}
    return client.post(path, **given)  # type: ignore[arg-type]


def kept_in(page: str) -> dict[str, str] | None:
    """What the page would send again, as a browser reads it; None where it offers nothing."""
    form = re.search(r"<form[^>]*data-kept>(.*?)</form>", page, re.S)
    if not form:
        return None
    found = re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form[1], re.S)
    return {html.unescape(name): html.unescape(value) for name, value in found}


@pytest.fixture
def stale(client: CheckingClient, cast: Cast) -> CheckingClient:
    """Hai, whose form is of before he signed in anew."""
    client.sign_in(cast.hai)
    client.token = None
    return client


def test_a_form_of_an_earlier_sign_in_comes_back_whole(stale: CheckingClient) -> None:
    answer = send(stale, "/accounts/new?from=menu")
    page = text(answer)
    assert answer.status_code == 400
    assert "Trang mở quá lâu" in page
    assert kept_in(page) == TYPED
    assert '<form method="post" action="/accounts/new?from=menu" data-kept>' in page
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token


def test_the_button_sends_it_and_it_is_taken(
    stale: CheckingClient, session: GatedSession, cast: Cast
) -> None:
    village = str(cast.commune.id)
    first = send(
        stale, data={"name": "Trần Thị Hương", "username": "huong", "role": "official", "places": village}
    )
    page = text(first)
    token = re.search(r'data-kept><input type="hidden" name="csrf_token" value="([^"]+)"', page)
    again = kept_in(page)
    assert token
    assert again
    answer = stale.post("/accounts/new", data={**again, "csrf_token": token[1]}, headers=OURS)
    assert "huong" in text(answer)
    with look(session) as reading:
        from tdteam.store.accounts import find_by_username

        assert find_by_username(reading, "huong") is not None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_of_another_site_is_not_offered_to_be_sent(
    stale: CheckingClient, headers: dict[str, str]
) -> None:
    answer = send(stale, headers=headers)
    assert answer.status_code == 400
    assert kept_in(text(answer)) is None
    assert "may.lt" not in text(answer)


def test_an_older_browser_tells_by_its_origin(stale: CheckingClient) -> None:
    assert kept_in(text(send(stale, headers={"Origin": "http://localhost"}))) == TYPED


@pytest.mark.parametrize("secret", ["password", "current", "new", "again", "code"])
def test_a_secret_is_never_written_back(stale: CheckingClient, secret: str) -> None:
    page = text(send(stale, data={**TYPED, secret: "chè shan tuyết ba lần"}))
    assert kept_in(page) is None
    assert "shan tuyết" not in page
    assert "may.lt" not in page


def test_a_file_cannot_be_kept_and_the_page_says_so(stale: CheckingClient) -> None:
    given = {"kind": "teams", "file": (BytesIO(b"x"), "to.xlsx")}
    answer = stale.post("/imports/", data=given, headers={**OURS, "Referer": "http://localhost/imports/"})
    assert answer.status_code == 400
    assert kept_in(text(answer)) is None
    assert "chọn lại tệp" in text(answer)
    assert '<a class="b go" href="/imports/">' in text(answer)


def test_whose_sign_in_ended_keeps_the_form_signs_in_beside_it_and_sends_it(
    client: CheckingClient, chi: Account, app: Flask
) -> None:
    answer = send(client, "/visits/new", data={"note": "hẹn thứ năm"})
    page = text(answer)
    assert answer.status_code == 401
    assert "Phiên đăng nhập đã hết" in page
    assert kept_in(page) == {"note": "hẹn thứ năm"}
    assert 'href="/sign-in" target="_blank"' in page
    assert try_in(client, "chi", PASSWORD).status_code == 302  # in another tab
    token = re.search(r'data-kept><input type="hidden" name="csrf_token" value="([^"]+)"', page)
    assert token
    late = send(client, "/visits/new", data={"note": "hẹn thứ năm", "csrf_token": token[1]})
    assert late.status_code == 400
    assert kept_in(text(late)) == {"note": "hẹn thứ năm"}


def test_signed_out_by_a_click_there_is_nothing_to_keep(client: CheckingClient, cast: Cast) -> None:
    answer = client.post(f"/accounts/{cast.chi.id}/disable", data={"csrf_token": "x"}, headers=OURS)
    assert answer.location == "/sign-in"


def test_trying_again_leads_back_to_the_page_the_form_stood_on(stale: CheckingClient, cast: Cast) -> None:
    path = f"/accounts/{cast.chi.id}/disable"
    for referrer, back in (
        (f"http://localhost/accounts/{cast.chi.id}?x=1", f"/accounts/{cast.chi.id}"),
        ("https://evil.example/accounts/", "/"),
        ("http://localhost//evil.example/", "/"),
        ("", "/"),
    ):
        page = text(stale.post(path, data={}, headers={**OURS, "Referer": referrer}))
        assert f'<a class="b go" href="{back}">' in page


def test_odd_letters_in_a_form_are_said_as_such(client: CheckingClient, cast: Cast) -> None:
    page = text(client.sign_in(cast.hai).post("/accounts/new", data={"name": "a\0b"}))
    assert "Không đọc được nội dung gửi lên" in page
    assert "Trang mở quá lâu" not in page


def test_a_text_too_long_is_not_called_a_file(client: CheckingClient, cast: Cast) -> None:
    page = text(client.sign_in(cast.hai).post("/accounts/new", data={"name": "x" * 3_000_000}))
    assert "Nội dung quá dài" in page
    assert "Tệp quá lớn" not in page
