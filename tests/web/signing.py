"""What the tests of signing in share: Chi with her password, the form as a browser sends it, a look at what is kept."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select
from werkzeug.test import TestResponse

from tdteam.actions.passwords import hash_password
from tdteam.store import accounts
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.tables import Account, Audit
from tests.cast import Cast
from tests.client import CheckingClient

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


def as_kept(session: GatedSession, account: Account) -> Account:
    with open_session(session.get_bind(), EVERYWHERE) as reading:  # type: ignore[arg-type]
        return accounts.get_account(reading, account.id or 0)


def send_code(client: CheckingClient, code: str) -> TestResponse:
    page = client.get("/sign-in/code").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    return client.post("/sign-in/code", data={"code": code, "csrf_token": token[1]})
