"""What the tests of accounts share: administrators signed in, the form of a new account, a look at what is kept."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tdteam.actions.passwords import hash_password
from tdteam.domain.roles import Role
from tdteam.store import accounts
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.tables import Account
from tests.cast import Cast
from tests.client import CheckingClient
from tests.world import World

PASSWORD = "ruộng bậc thang Y Tý"
HASH = hash_password(PASSWORD)


@pytest.fixture
def hai(cast: Cast, client: CheckingClient) -> CheckingClient:
    """The administrator of the province, signed in."""
    return client.sign_in(cast.hai)


@pytest.fixture
def commune_admin(world: World, cast: Cast, session: GatedSession) -> Account:
    row = world.account("quang.admin", Role.ADMIN, cast.commune, name="Lù Văn Quang")
    session.commit()
    return row


def look(session: GatedSession) -> GatedSession:
    return open_session(session.get_bind(), EVERYWHERE)  # type: ignore[arg-type]


def now(session: GatedSession, account: Account) -> Account:
    with look(session) as reading:
        return accounts.get_account(reading, account.id or 0)


def roots(session: GatedSession, account: Account) -> set[int]:
    with look(session) as reading:
        seen = accounts.find_seen(reading, account.id or 0)
    assert seen
    return set(seen.roots)


def make(client: CheckingClient, **more: object) -> TestResponse:
    given = {"name": "Trần Thị Hương", "username": "huong.tt", "role": "official", **more}
    return client.post("/accounts/new", data=given)


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)
