"""One's own phones and PIN, from a desk: revoking, another PIN with the password, the demonstration's accounts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from tdteam.store import devices
from tdteam.store.gate import GatedSession
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.handset import OTHER, PIN, Handset, joined, phone, phones
from tests.web.keeping import HASH, PASSWORD
from tests.world import World

__all__ = ["joined", "phone"]


@pytest.fixture
def chi(client: CheckingClient, cast: Cast) -> CheckingClient:
    return client.sign_in(cast.chi)


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def phone_id(engine: Engine) -> int:
    return phones(engine)[-1].id or 0


@pytest.fixture
def own(app: Flask, cast: Cast, session: GatedSession, phone: Handset) -> Handset:
    """Chi's phone, enrolled from her session."""
    cast.chi.password_hash = HASH
    session.add(cast.chi)
    session.commit()
    phone.client.sign_in(cast.chi)
    assert phone.post("/sync/enrol", device_id=phone.device_id, label="Máy Chi", pin=PIN).status_code == 200
    return phone


def test_the_holder_revokes_the_own_phone_and_this_browser_goes_on(
    own: Handset, chi: CheckingClient, engine: Engine
) -> None:
    assert "Máy Chi" in text(chi.get("/accounts/me"))
    path = f"/accounts/me/phones/revoke?phone_id={phone_id(engine)}"
    assert "Thu hồi máy" in text(chi.get(path))
    assert chi.post(path).location == "/accounts/me"
    assert "Đã thu hồi" in text(chi.get("/accounts/me"))
    assert not own.is_in


def test_revoking_the_phone_in_hand_ends_its_own_session(own: Handset, engine: Engine) -> None:
    own.session()
    assert own.client.post(f"/accounts/me/phones/revoke?phone_id={phone_id(engine)}").status_code == 302
    assert not own.is_in


def test_nobody_revokes_another_s_phone_as_the_own(
    own: Handset, client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    client.sign_in(cast.em)
    for query in (f"?phone_id={phone_id(engine)}", "", "?phone_id=x", "?phone_id=999999999"):
        assert client.post(f"/accounts/me/phones/revoke{query}").status_code == 404
    assert own.is_in


def test_signing_out_elsewhere_from_the_phone_keeps_it_tied_to_the_phone(
    own: Handset, chi: CheckingClient, engine: Engine, session: GatedSession
) -> None:
    own.session()
    assert own.client.post("/accounts/me/sign-out-everywhere").status_code == 302
    assert own.is_in and chi.get("/accounts/me").status_code == 302
    devices.revoke(session, session.get(type(phones(engine)[0]), phone_id(engine)), datetime.now(UTC))  # type: ignore[arg-type]
    session.commit()
    assert not own.is_in


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"current": "wrong"}, "Mật khẩu hiện tại chưa đúng"),
        ({"again": "111111"}, "chưa giống nhau"),
        ({"pin": "123456", "again": "123456"}, "dễ đoán"),
        ({"pin": "12345", "again": "12345"}, "đúng 6 chữ số"),
    ],
)
def test_a_pin_that_will_not_do_changes_nothing(
    form: dict[str, str], said: str, own: Handset, chi: CheckingClient
) -> None:
    answer = chi.post("/accounts/me/pin", data={"current": PASSWORD, "pin": OTHER, "again": OTHER, **form})
    assert answer.status_code == 422 and said in text(answer)
    own.expire()
    assert own.sign_in(PIN).status_code == 200


def test_the_password_gives_another_pin(own: Handset, chi: CheckingClient, cast: Cast) -> None:
    answer = chi.post("/accounts/me/pin", data={"current": PASSWORD, "pin": OTHER, "again": OTHER})
    assert answer.location == "/accounts/me"
    own.expire()
    assert own.sign_in(PIN).status_code == 401 and own.sign_in(OTHER).status_code == 200


def test_a_demonstration_account_is_everybody_s_its_pin_is_chosen_anew(
    session: GatedSession, cast: Cast, database_url: str, tmp_path: Any, world: World
) -> None:
    from tdteam import create_app
    from tdteam.config import Config
    from tests.conftest import SECRET

    cast.an.is_demo = True
    session.add(cast.an)
    session.commit()
    shown = create_app(Config(tmp_path, database_url, SECRET, mode="demo"))
    shown.testing, shown.test_client_class = True, CheckingClient
    for pin in (PIN, OTHER):
        one = Handset(shown, device_id=f"of-{pin}")
        one.client.sign_in(cast.an)
        assert one.post("/sync/enrol", device_id=one.device_id, label="", pin=pin).status_code == 200
        one.expire()
        assert one.sign_in(pin).status_code == 200
    real = Handset(create_app(Config(tmp_path, database_url, SECRET)), device_id="of-830264", token=one.token)
    real.app.testing, real.app.test_client_class = True, CheckingClient
    real.expire()
    assert real.sign_in(OTHER).json == {"error": "device_revoked"}
    shown.extensions["tdteam_engine"].dispose()
    real.app.extensions["tdteam_engine"].dispose()
