"""Accounts change hands and roles, and no place is left without an administrator."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask

from tdteam.actions.passwords import check_password
from tdteam.domain.periods import today
from tdteam.domain.roles import Role
from tdteam.store import accounts
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Account
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.keeping import commune_admin, hai, look, now, roots, text
from tests.world import World

__all__ = ["commune_admin", "hai"]


# Changing one.


def test_role_and_places_change_at_once_and_keep_their_history(
    hai: CheckingClient, client: CheckingClient, cast: Cast, session: GatedSession
) -> None:
    data = {"name": "Trần Thị Chi", "role": "official", "places": cast.next_commune.id}
    assert hai.post(f"/accounts/{cast.chi.id}", data=data).location == f"/accounts/{cast.chi.id}"
    assert roots(session, cast.chi) == {cast.next_commune.id}
    with look(session) as reading:
        kept = accounts._roots(reading, cast.chi.id or 0)
        assert {(row.place_id, row.until is None) for row in kept} == {
            (cast.commune.id, False),
            (cast.next_commune.id, True),
        }
    hai.post(f"/accounts/{cast.chi.id}", data={**data, "places": cast.commune.id})
    assert roots(session, cast.chi) == {cast.commune.id}


def test_the_last_administrator_can_neither_leave_nor_step_down(
    hai: CheckingClient, cast: Cast, commune_admin: Account, session: GatedSession
) -> None:
    assert "người quản trị cuối cùng" in text(
        hai.post(f"/accounts/{cast.hai.id}/disable", follow_redirects=True)
    )
    base = {"name": "Vũ Đức Hải", "role": "admin", "places": cast.hai.id}
    province = next(iter(roots(session, cast.hai)))
    assert (
        hai.post(f"/accounts/{cast.hai.id}", data={**base, "role": "auditor", "places": province}).status_code
        == 422
    )
    assert hai.post(f"/accounts/{cast.hai.id}", data={**base, "places": cast.commune.id}).status_code == 422
    assert now(session, cast.hai).disabled_at is None
    assert now(session, cast.hai).role == "admin"
    # one of a single commune may go: the province's stands above it
    hai.post(f"/accounts/{commune_admin.id}/disable")
    assert now(session, commune_admin).disabled_at is not None


def test_a_second_administrator_frees_the_first(
    hai: CheckingClient, cast: Cast, world: World, session: GatedSession
) -> None:
    world.account("second", Role.ADMIN, world.province)
    session.commit()
    assert hai.post(f"/accounts/{cast.hai.id}/disable").status_code == 302
    assert now(session, cast.hai).disabled_at is not None
    assert hai.get("/accounts/").location.startswith("/sign-in")  # type: ignore[union-attr]


def test_a_disabled_account_is_out_everywhere_and_can_be_undone(
    hai: CheckingClient, cast: Cast, session: GatedSession, app: Flask
) -> None:
    chi = app.test_client().sign_in(cast.chi)  # type: ignore[attr-defined]
    assert chi.get("/accounts/me").status_code == 200
    page = text(hai.post(f"/accounts/{cast.chi.id}/disable", follow_redirects=True))
    assert f"/accounts/{cast.chi.id}/enable" in page
    assert chi.get("/accounts/me").status_code == 302
    hai.post(f"/accounts/{cast.chi.id}/enable")
    assert now(session, cast.chi).disabled_at is None
    assert chi.get("/accounts/me").status_code == 302  # the old session does not come back to life


def test_reset_draws_a_password_and_switches_the_second_step_off(
    hai: CheckingClient, cast: Cast, session: GatedSession, app: Flask
) -> None:
    cast.chi.totp_secret, cast.chi.recovery_hashes = pyotp.random_base32(), "abc"
    session.add(cast.chi)
    session.commit()
    chi = app.test_client().sign_in(cast.chi)  # type: ignore[attr-defined]
    assert hai.get(f"/accounts/{cast.chi.id}/reset").status_code == 200
    found = re.search(r"<code>([a-z2-9-]{19})</code>", text(hai.post(f"/accounts/{cast.chi.id}/reset")))
    assert found
    row = now(session, cast.chi)
    assert check_password(row.password_hash, found[1])
    assert (row.totp_secret, row.recovery_hashes) == (None, "")
    assert chi.get("/accounts/me").status_code == 302


# Handing over.


def test_places_pass_to_the_next_holder_on_the_day(
    hai: CheckingClient, cast: Cast, world: World, session: GatedSession
) -> None:
    heir = world.account("moi", Role.OFFICIAL, cast.next_commune)
    session.commit()
    day = today() + timedelta(days=9)
    said = {"to": "moi", "on": f"{day:%d/%m/%Y}"}
    assert hai.post(f"/accounts/{cast.chi.id}/hand-over", data=said).location == f"/accounts/{heir.id}"
    with look(session) as reading:
        before = accounts.find_seen(reading, cast.chi.id or 0)
        after = accounts.find_seen(reading, cast.chi.id or 0, day)
        gained = accounts.find_seen(reading, heir.id or 0, day)
    assert before and after and gained
    assert before.roots == {cast.commune.id}
    assert after.roots == frozenset()
    assert gained.roots == {cast.commune.id, cast.next_commune.id}
    assert now(session, cast.chi).disabled_at is None


def test_handing_over_today_may_close_the_old_account(
    hai: CheckingClient, cast: Cast, world: World, session: GatedSession
) -> None:
    world.account("moi", Role.OFFICIAL, cast.next_commune)
    session.commit()
    hai.post(
        f"/accounts/{cast.chi.id}/hand-over", data={"to": "moi", "on": f"{today():%d/%m/%Y}", "close": "y"}
    )
    assert now(session, cast.chi).disabled_at is not None
    assert roots(session, cast.chi) == set()


@pytest.mark.parametrize(
    ("to", "day", "said"),
    [
        ("nobody", 0, "Không thấy tài khoản nhận"),
        ("chi", 0, "Không thấy tài khoản nhận"),
        ("em", 0, "cùng vai trò"),
        ("dung", -1, "quá khứ"),
    ],
)
def test_a_hand_over_that_cannot_be_is_refused(
    hai: CheckingClient, cast: Cast, session: GatedSession, to: str, day: int, said: str
) -> None:
    on = today() + timedelta(days=day)
    answer = hai.post(f"/accounts/{cast.chi.id}/hand-over", data={"to": to, "on": f"{on:%d/%m/%Y}"})
    assert answer.status_code == 422
    assert said in text(answer)
    assert roots(session, cast.chi) == {cast.commune.id}


def test_the_heir_must_be_in_the_own_scope(
    client: CheckingClient, cast: Cast, commune_admin: Account, session: GatedSession
) -> None:
    client.sign_in(commune_admin)
    answer = client.post(
        f"/accounts/{cast.chi.id}/hand-over", data={"to": "dung", "on": f"{today():%d/%m/%Y}"}
    )
    assert answer.status_code == 422
    assert roots(session, cast.dung) == {cast.next_commune.id}
