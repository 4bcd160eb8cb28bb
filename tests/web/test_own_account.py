"""What a holder does with the own account: password, second step, sign out everywhere."""

from __future__ import annotations

import re

import pyotp
import pytest
from flask import Flask

from tdteam.actions.passwords import check_password
from tdteam.domain.roles import Role
from tdteam.store.gate import GatedSession
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.keeping import HASH, PASSWORD, commune_admin, hai, now, text
from tests.world import World

__all__ = ["commune_admin", "hai"]


# The own account.


@pytest.fixture
def chi(cast: Cast, client: CheckingClient, session: GatedSession) -> CheckingClient:
    cast.chi.password_hash = HASH
    session.add(cast.chi)
    session.commit()
    return client.sign_in(cast.chi)


def test_a_new_password_signs_other_browsers_out_and_keeps_this_one(
    chi: CheckingClient, cast: Cast, session: GatedSession, app: Flask
) -> None:
    other = app.test_client().sign_in(cast.chi)  # type: ignore[attr-defined]
    new = "chè shan tuyết ba lần"
    answer = chi.post("/accounts/me/password", data={"current": PASSWORD, "new": new, "again": new})
    assert answer.location == "/accounts/me"
    assert chi.get("/accounts/me").status_code == 200
    assert other.get("/accounts/me").status_code == 302
    assert check_password(now(session, cast.chi).password_hash, new)
    assert now(session, cast.chi).password_changed_at is not None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"current": "wrong"}, "Mật khẩu hiện tại chưa đúng"),
        ({"again": "other other other"}, "chưa giống nhau"),
        ({"new": "matkhau12345", "again": "matkhau12345"}, "dễ đoán"),
        ({"new": PASSWORD, "again": PASSWORD}, "đang dùng"),
        ({"new": "trần thị chi ở xã", "again": "trần thị chi ở xã"}, "tên mình"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(
    chi: CheckingClient, cast: Cast, session: GatedSession, given: dict[str, str], said: str
) -> None:
    good = {"current": PASSWORD, "new": "chè shan tuyết ba lần", "again": "chè shan tuyết ba lần"}
    answer = chi.post("/accounts/me/password", data={**good, **given})
    assert answer.status_code == 422
    assert said in text(answer)
    assert now(session, cast.chi).password_hash == HASH


def test_sign_out_everywhere_else(chi: CheckingClient, cast: Cast, app: Flask) -> None:
    other = app.test_client().sign_in(cast.chi)  # type: ignore[attr-defined]
    assert chi.post("/accounts/me/sign-out-everywhere").location == "/accounts/me"
    assert chi.get("/accounts/me").status_code == 200
    assert other.get("/accounts/me").status_code == 302


def test_the_second_step_is_switched_on_with_a_code_and_off_with_the_password(
    chi: CheckingClient, cast: Cast, session: GatedSession
) -> None:
    page = text(chi.get("/accounts/me/second-step"))
    with chi.session_transaction() as kept:
        secret = kept["second_step_secret"]
    assert secret not in page.replace(" ", "").replace("\n", "") or "<code>" in page
    picture = chi.get("/accounts/me/second-step.svg")
    assert (picture.mimetype, picture.status_code) == ("image/svg+xml", 200)
    assert b"style" not in picture.data
    wrong = {"code": "000000", "current": PASSWORD}
    assert chi.post("/accounts/me/second-step", data=wrong).status_code == 422
    right = {"code": pyotp.TOTP(secret).now(), "current": PASSWORD}
    answer = chi.post("/accounts/me/second-step", data=right)
    codes = re.findall(r"<code>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</code>", text(answer))
    assert len(codes) == 10
    row = now(session, cast.chi)
    assert row.totp_secret == secret
    assert not any(code.replace("-", "") in row.recovery_hashes for code in codes)
    assert chi.get("/accounts/me/second-step").location == "/accounts/me"
    assert chi.post("/accounts/me/second-step/off", data={"current": "wrong"}).status_code == 422
    assert now(session, cast.chi).totp_secret == secret
    assert chi.post("/accounts/me/second-step/off", data={"current": PASSWORD}).status_code == 302
    assert now(session, cast.chi).totp_secret is None


def test_a_recovery_code_opens_once(cast: Cast, session: GatedSession) -> None:
    from tdteam.actions import two_step

    cast.chi.password_hash = HASH
    secret = two_step.draw_secret()
    codes = two_step.turn_on(session, cast.chi, secret, pyotp.TOTP(secret).now(), PASSWORD)
    assert two_step.recovery_left(cast.chi) == 10
    assert two_step.spend(session, cast.chi, codes[3].upper())
    assert not two_step.spend(session, cast.chi, codes[3])
    assert not two_step.spend(session, cast.chi, "")
    assert not two_step.spend(session, cast.chi, "١٢٣٤٥٦")
    assert two_step.recovery_left(cast.chi) == 9


def test_the_password_of_a_demonstration_account_stays(
    client: CheckingClient, world: World, cast: Cast, session: GatedSession
) -> None:
    row = world.account("canbo", Role.OFFICIAL, cast.commune, is_demo=True)
    session.commit()
    client.sign_in(row)
    assert client.get("/accounts/me/password").status_code == 403
    assert client.get("/accounts/me/second-step").status_code == 403
    assert "dùng chung" in text(client.get("/accounts/me"))
    client.sign_in(cast.hai)
    assert client.post(f"/accounts/{row.id}/reset").status_code == 403
