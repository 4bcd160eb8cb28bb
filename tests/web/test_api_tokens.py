"""Tokens of machines: made by the administrator, shown once, good as long as their account, figures only, noted."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.periods import today
from tdteam.domain.throttle import ADDRESS
from tdteam.domain.tokens import hash_of, is_token, judge_token
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Account, ApiToken, Audit
from tdteam.web.formats import day
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.test_names_hidden import all_of, home, text  # noqa: F401 - `home` is a fixture

TOKEN = re.compile(r"tdt_[A-Za-z0-9_-]{43}")
IN_A_YEAR = today() + timedelta(days=365)


def make(client: CheckingClient, admin: Account, account: Account, **more: str) -> str:
    """A token made on the page; the machine that uses it is nobody's browser."""
    client.sign_in(admin)
    page = client.post(
        f"/accounts/{account.id}/tokens",
        data={"name": "Trung tâm điều hành", "expires_on": day(IN_A_YEAR), **more},
    )
    found = TOKEN.search(html.unescape(text(page)))
    assert found, text(page)
    client.sign_out()
    return found[0]


def ask(client: CheckingClient, token: str, path: str = "/api/v1/places", **more: Any) -> Any:
    return client.get(path, headers={"Authorization": f"Bearer {token}", **more})


def change(engine: Engine, table: Any, **values: Any) -> None:
    with open_session(engine, EVERYWHERE, write=True) as opened:
        for row in opened.exec(select(table).where(table.id == values.pop("id"))):
            for name, value in values.items():
                setattr(row, name, value)
            opened.add(row)
        opened.commit()


def test_a_token_is_shown_once_and_kept_as_a_hash(client: CheckingClient, engine: Engine, cast: Cast) -> None:
    token = make(client, cast.hai, cast.giang)
    assert is_token(token)
    (row,) = all_of(engine, ApiToken)
    assert (row.hash, row.hint, row.account_id, row.made_by) == (
        hash_of(token),
        token[:8],
        cast.giang.id,
        cast.hai.id,
    )
    page = text(client.sign_in(cast.hai).get(f"/accounts/{cast.giang.id}/tokens"))
    assert token not in page and token[:8] in page and "Trung tâm điều hành" in page
    acts = [(row.action, row.noun) for row in all_of(engine, Audit)]
    assert ("create", "token") in acts
    assert not [row for row in all_of(engine, Audit) if token in f"{row.target}{row.detail}"]


def test_a_machine_reads_with_its_token_alone(client: CheckingClient, cast: Cast) -> None:
    token = make(client, cast.hai, cast.giang)
    answer = ask(client, token)
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    assert {row["name"] for row in answer.json["items"] if row["inside"]} == {
        cast.area.name,
        cast.village.place.name,
        cast.sibling.place.name,
    }
    assert ask(client, token, f"/api/v1/coverage?place={cast.next_village.id}").status_code == 404
    assert ask(client, token, f"/api/v1/coverage?place={cast.area.id}").status_code == 200


def test_a_token_stands_before_a_browsers_own_session(client: CheckingClient, cast: Cast) -> None:
    token = make(client, cast.hai, cast.dung)
    client.sign_in(cast.hai)
    assert client.get(f"/api/v1/coverage?place={cast.village.id}").status_code == 200
    assert ask(client, token, f"/api/v1/coverage?place={cast.village.id}").status_code == 404


@pytest.mark.parametrize("who", ["giang", "chi", "binh", "em"])
def test_a_token_sees_no_name_and_opens_nothing_else(
    client: CheckingClient,
    cast: Cast,
    home: Any,  # noqa: F811
    who: str,
) -> None:
    token = make(client, cast.hai, getattr(cast, who))
    for path in (
        "places",
        "indicators",
        "periods",
        "targets",
        "coverage?rows=villages",
        "tallies",
        "measures",
        "reports",
    ):
        answer = ask(client, token, f"/api/v1/{path}")
        assert answer.status_code == 200, path
        for secret in ("Lý Láo", "Mẩy", "0912345678", "1971", "cuối bản", "Bàn Thị An", "Chảo Văn"):
            assert secret not in text(answer), (path, secret)
    for path in (
        "/households/",
        f"/households/{home.id}",
        "/visits/",
        "/teams/",
        "/coverage",
        "/reports/",
        "/accounts/me",
    ):
        assert ask(client, token, path).status_code == 302, path
    assert ask(client, token, "/sync/roster").status_code == 401


def test_a_role_without_figures_has_a_token_that_reads_nothing(client: CheckingClient, cast: Cast) -> None:
    token = make(client, cast.hai, cast.an)
    answer = ask(client, token)
    assert (answer.status_code, answer.json["error"]) == (403, "not_allowed")


def test_a_token_dies_with_its_account_its_day_or_its_maker(
    client: CheckingClient, engine: Engine, cast: Cast
) -> None:
    token = make(client, cast.hai, cast.giang)
    (row,) = all_of(engine, ApiToken)
    assert ask(client, token).status_code == 200
    change(engine, Account, id=cast.giang.id, disabled_at=datetime.now(UTC))
    assert ask(client, token).status_code == 401
    change(engine, Account, id=cast.giang.id, disabled_at=None)
    change(engine, ApiToken, id=row.id, expires_on=today())
    assert ask(client, token).status_code == 200  # its last day
    change(engine, ApiToken, id=row.id, expires_on=today() - timedelta(days=1))
    assert ask(client, token).status_code == 401
    change(engine, ApiToken, id=row.id, expires_on=IN_A_YEAR)
    client.sign_in(cast.hai)
    assert client.post(f"/accounts/{cast.giang.id}/tokens/{row.id}/revoke").status_code == 302
    client.sign_out()
    gone = ask(client, token)
    assert (gone.status_code, gone.json["error"]) == (401, "wrong_token")
    assert [one.action for one in all_of(engine, Audit) if one.noun == "token"] == ["create", "revoke"]


def test_a_new_password_does_not_end_a_machine(client: CheckingClient, engine: Engine, cast: Cast) -> None:
    token = make(client, cast.hai, cast.giang)
    change(engine, Account, id=cast.giang.id, session_stamp="other", one_time_until=datetime.now(UTC))
    assert ask(client, token).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic dTpw",
        "Bearer tdt_short",
        "Bearer " + "x" * 5000,
        "Bearer tdt_" + "a" * 43,
    ],
)
def test_what_is_no_token_is_401_with_the_way_in(client: CheckingClient, cast: Cast, sent: str) -> None:
    client.sign_in(cast.hai)  # a header that says nothing good is not passed over for a cookie
    answer = client.get("/api/v1/places", headers={"Authorization": sent})
    assert (answer.status_code, answer.json["error"]) == (401, "wrong_token")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="tdteam", error="invalid_token"'
    bare = client.sign_out().get("/api/v1/places")
    assert (bare.status_code, bare.json["error"]) == (401, "signed_out")
    assert bare.headers["WWW-Authenticate"] == 'Bearer realm="tdteam"'


def test_a_token_in_the_address_is_no_token(client: CheckingClient, cast: Cast) -> None:
    token = make(client, cast.hai, cast.giang)
    for name in ("token", "access_token", "authorization"):
        assert client.get(f"/api/v1/places?{name}={token}").status_code == 401
    assert client.get("/api/v1/places", headers={"Cookie": f"token={token}"}).status_code == 401


def test_wrong_tokens_wait_and_right_ones_come_in(client: CheckingClient, cast: Cast) -> None:
    token = make(client, cast.hai, cast.giang)
    seen = [ask(client, "tdt_" + f"{n:043d}").status_code for n in range(ADDRESS.free + 3)]
    assert seen[: ADDRESS.free] == [401] * ADDRESS.free and seen[-1] == 429
    waits = ask(client, "tdt_" + "b" * 43)
    assert waits.json["error"] == "too_many_requests" and int(waits.headers["Retry-After"]) > 0
    assert ask(client, token).status_code == 200


def test_use_is_noted_once_in_ten_minutes_for_each_token_and_endpoint(
    client: CheckingClient, engine: Engine, cast: Cast
) -> None:
    token, other = make(client, cast.hai, cast.giang), make(client, cast.hai, cast.giang)
    for _ in range(3):
        ask(client, token)
        ask(client, token, "/api/v1/indicators")
    ask(client, other)
    noted = [(row.account_id, row.target) for row in all_of(engine, Audit) if row.noun == "api"]
    first, second = (row.id for row in all_of(engine, ApiToken))
    assert noted == [
        (cast.giang.id, f"{first} api.list_places"),
        (cast.giang.id, f"{first} api.list_indicators"),
        (cast.giang.id, f"{second} api.list_places"),
    ]
    assert all(row.last_used_at for row in all_of(engine, ApiToken))
    used = all_of(engine, ApiToken)[0].last_used_at
    ask(client, token)
    assert all_of(engine, ApiToken)[0].last_used_at == used
    page = text(client.sign_in(cast.khoa).get("/audit/?noun=api"))
    assert "số liệu qua API" in page


def test_tokens_of_accounts_beyond_the_scope_are_not_found(
    client: CheckingClient, engine: Engine, cast: Cast
) -> None:
    make(client, cast.hai, cast.giang)
    (row,) = all_of(engine, ApiToken)
    client.sign_in(cast.hai)
    assert client.get("/accounts/99999/tokens").status_code == 404
    assert client.post(f"/accounts/{cast.chi.id}/tokens/{row.id}/revoke").status_code == 404
    assert client.sign_in(cast.chi).get(f"/accounts/{cast.giang.id}/tokens").status_code == 403


def test_a_wrong_form_says_why_and_keeps_what_was_typed(
    client: CheckingClient, engine: Engine, cast: Cast
) -> None:
    client.sign_in(cast.hai)
    past = day(today() - timedelta(days=1))
    page = client.post(f"/accounts/{cast.giang.id}/tokens", data={"name": "Máy chủ tỉnh", "expires_on": past})
    assert page.status_code == 422 and 'value="Máy chủ tỉnh"' in text(page) and "đã qua" in text(page)
    assert all_of(engine, ApiToken) == []
    codes = [flaw.code for flaw in judge_token(" ", today() + timedelta(days=800), today())]
    assert codes == ["required", "token_far"]
    change(engine, Account, id=cast.giang.id, disabled_at=datetime.now(UTC))
    form = {"name": "Máy chủ tỉnh", "expires_on": day(IN_A_YEAR)}
    assert client.post(f"/accounts/{cast.giang.id}/tokens", data=form).status_code == 302
    assert all_of(engine, ApiToken) == []
