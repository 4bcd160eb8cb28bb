"""A telephone of the tests: it asks for the session, carries the token, keeps what it was told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select
from werkzeug.test import TestResponse

from tdteam.domain.roles import Actor, Role
from tdteam.store import slips
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.tables import Account, Audit, Device, Member
from tests.cast import Cast
from tests.client import CheckingClient
from tests.world import World

PIN, OTHER = "471903", "830264"


@dataclass
class Handset:
    """One telephone with one browser in it."""

    app: Flask
    device_id: str = "0192f0c1-phone-one"
    address: str = "203.0.113.7"
    token: str = ""
    client: CheckingClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()  # type: ignore[assignment]

    def session(self) -> TestResponse:
        """Who is signed in; the CSRF token is kept."""
        answer = self.client.get("/sync/session", environ_base={"REMOTE_ADDR": self.address})
        assert answer.json
        self.client.token = answer.json["csrf_token"]
        return answer

    def post(self, path: str, **said: Any) -> TestResponse:
        """Say something, with the token of the session asked for just now."""
        self.session()
        return self.again(path, **said)

    def again(self, path: str, **said: Any) -> TestResponse:
        """Say something with the token at hand."""
        answer = self.client.post(path, json=said, environ_base={"REMOTE_ADDR": self.address})
        assert answer.mimetype == "application/json" and not answer.location
        if answer.status_code == 200 and answer.json and "csrf_token" in answer.json:
            self.client.token = answer.json["csrf_token"]
            self.token = answer.json.get("token", self.token)
        return answer

    def join(self, code: str, pin: str = PIN, **more: Any) -> TestResponse:
        return self.post(
            "/sync/join", slip=code, device_id=self.device_id, label="Samsung A05", pin=pin, **more
        )

    def sign_in(self, pin: str = PIN, **more: Any) -> TestResponse:
        return self.post(
            "/sync/sign-in", **{"device_id": self.device_id, "token": self.token, "pin": pin, **more}
        )

    def expire(self) -> None:
        """The session's cookies are gone; the token stays."""
        self.client = self.app.test_client()  # type: ignore[assignment]

    @property
    def is_in(self) -> bool:
        return self.session().status_code == 200


def make_slip(session: GatedSession, member: Member, by: Account | None = None) -> str:
    """The code of a fresh slip, committed."""
    actor = Actor(by.id, by.name, by.role) if by else Actor(None, "system", Role.ADMIN)
    session.scope = type(session.scope)(**{**vars(session.scope), "actor": actor})
    codes = slips.make(session, [member.id or 0], datetime.now(UTC))
    session.commit()
    return codes[member.id or 0]


def look(engine: Engine) -> GatedSession:
    return open_session(engine, EVERYWHERE)


def phones(engine: Engine) -> list[Device]:
    with look(engine) as reading:
        return list(reading.exec(select(Device).order_by(Device.id)))  # type: ignore[arg-type]


def account_of(engine: Engine, member: Member) -> Account | None:
    with look(engine) as reading:
        return reading.exec(select(Account).where(Account.member_id == member.id)).first()


def entries(engine: Engine, action: str) -> list[Audit]:
    with look(engine) as reading:
        return list(reading.exec(select(Audit).where(Audit.action == action)))


@pytest.fixture
def phone(app: Flask) -> Handset:
    return Handset(app)


@pytest.fixture
def di(world: World, cast: Cast) -> Member:
    """Di, deputy leader of An's team, without an account."""
    made = cast.village.member("Vàng Thị Dí", role="deputy", birth_year=1971, phone="0912345678")
    world.session.commit()
    return made


@pytest.fixture
def joined(phone: Handset, session: GatedSession, cast: Cast) -> Handset:
    """An's phone."""
    assert phone.join(make_slip(session, cast.an_member)).status_code == 200
    return phone
