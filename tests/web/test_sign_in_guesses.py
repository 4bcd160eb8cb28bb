"""What an attacker would try at the door: telling names by the work done, playing codes again, racing them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest
from flask import Flask

from tdteam.actions import passwords, two_step
from tdteam.domain import throttle as rules
from tdteam.domain.roles import Role
from tdteam.store import accounts
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.tables import Account
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.signing import HASH, PASSWORD, as_kept, chi, give_password, is_in, send_code, try_in
from tests.world import World

__all__ = ["chi"]


class Counting:
    """The real hasher, with the hashes it was asked to try."""

    def __init__(self, real: Any) -> None:
        self.real, self.tried = real, list[str]()

    def verify(self, stored: str, typed: str) -> bool:
        self.tried.append(stored)
        return bool(self.real.verify(stored, typed))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> Counting:
    passwords._of_nobody()  # drawn once a process, not once a try
    counting = Counting(passwords._hasher)
    monkeypatch.setattr(passwords, "_hasher", counting)
    return counting


def _cost(stored: str) -> str:
    return stored.rsplit("$", 2)[0]


def test_every_name_costs_one_hash_of_the_same_strength(
    client: CheckingClient, chi: Account, world: World, cast: Cast, session: GatedSession, hasher: Counting
) -> None:
    """A name nobody has, a disabled one and a demonstration account where there is no demonstration, as one in use."""
    give_password(session, cast.em, disabled_at=datetime.now(UTC))
    demo = world.account("canbo", Role.OFFICIAL, cast.commune, is_demo=True)
    give_password(session, demo)
    for username in ("chi", "nobody", "em", "canbo", ""):
        hasher.tried.clear()
        answer = try_in(client, username, "guess guess guess")
        assert [_cost(one) for one in hasher.tried] == ([_cost(HASH)] if username else []), username
        assert answer.status_code == 422


def test_a_closed_door_hashes_nothing(client: CheckingClient, chi: Account, hasher: Counting) -> None:
    """Else a throttled attacker could still keep every processor busy."""
    for _ in range(rules.ACCOUNT.free + 1):
        try_in(client, "chi", "guess guess guess")
    hasher.tried.clear()
    assert try_in(client, "chi", PASSWORD).status_code == 429
    assert hasher.tried == []


@pytest.fixture
def secret(chi: Account, session: GatedSession) -> str:
    drawn = two_step.draw_secret()
    give_password(session, chi, totp_secret=drawn)
    return drawn


def _step_now() -> int:
    return int(datetime.now(UTC).timestamp()) // 30


def test_an_earlier_code_still_in_its_drift_is_refused_after_a_later_one(
    client: CheckingClient, chi: Account, session: GatedSession, secret: str, app: Flask
) -> None:
    """Read over a shoulder a moment before the owner's: the last step used is kept, and only later ones open."""
    app_codes = pyotp.TOTP(secret)
    step = _step_now()
    try_in(client, "chi", PASSWORD)
    assert send_code(client, app_codes.generate_otp(step)).status_code == 302
    assert as_kept(session, chi).totp_last_step == step
    for used in (step, step - 1):
        thief = app.test_client()
        try_in(thief, "chi", PASSWORD)  # type: ignore[arg-type]
        assert send_code(thief, app_codes.generate_otp(used)).status_code == 422  # type: ignore[arg-type]
        assert not is_in(thief)  # type: ignore[arg-type]
    again = app.test_client()
    try_in(again, "chi", PASSWORD)  # type: ignore[arg-type]
    assert send_code(again, app_codes.generate_otp(step + 1)).status_code == 302  # type: ignore[arg-type]


def test_the_code_that_switched_the_second_step_on_does_not_sign_in(
    client: CheckingClient, chi: Account, session: GatedSession
) -> None:
    secret = two_step.draw_secret()
    code = pyotp.TOTP(secret).now()
    two_step.turn_on(session, chi, secret, code, PASSWORD)
    session.commit()
    try_in(client, "chi", PASSWORD)
    assert send_code(client, code).status_code == 422


def test_a_recovery_code_signs_in_once_and_the_others_stay(
    client: CheckingClient, chi: Account, session: GatedSession, app: Flask
) -> None:
    secret = two_step.draw_secret()
    codes = two_step.turn_on(session, chi, secret, pyotp.TOTP(secret).now(), PASSWORD)
    session.commit()
    try_in(client, "chi", PASSWORD)
    assert send_code(client, f" {codes[0].upper()} ").status_code == 302
    thief = app.test_client()
    try_in(thief, "chi", PASSWORD)  # type: ignore[arg-type]
    assert send_code(thief, codes[0]).status_code == 422  # type: ignore[arg-type]
    assert not is_in(thief)  # type: ignore[arg-type]
    assert send_code(thief, codes[1]).status_code == 302  # type: ignore[arg-type]
    assert two_step.recovery_left(as_kept(session, chi)) == 8


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_one_code_sent_twice_at_once_opens_one_door(
    chi: Account, session: GatedSession, secret: str, kind: str
) -> None:
    code = pyotp.TOTP(secret).now()
    if kind == "recovery":
        code = two_step.renew_codes(session, chi, PASSWORD)[0]
        session.commit()
    engine = session.get_bind()

    def spend(_number: int) -> bool:
        with open_session(engine, EVERYWHERE, write=True) as writing:  # type: ignore[arg-type]
            good = two_step.spend(writing, accounts.hold_account(writing, chi.id or 0), code)
            writing.commit()
            return good

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(spend, range(4))) == [False, False, False, True]
