"""Phones of the members on the desk: who sees them, revoking, what never came; one's own phones and PIN."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from tdteam.store import devices
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Inbox, PhoneSequence
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.handset import OTHER, PIN, Handset, entries, joined, look, make_slip, phone, phones
from tests.web.keeping import HASH, PASSWORD
from tests.web.phone import Phone, inbox_rows, visit_body
from tests.world import World

__all__ = ["joined", "phone"]


@pytest.fixture
def chi(client: CheckingClient, cast: Cast) -> CheckingClient:
    return client.sign_in(cast.chi)


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def phone_id(engine: Engine) -> int:
    return phones(engine)[-1].id or 0


def test_the_phones_of_the_own_commune_are_listed(joined: Handset, chi: CheckingClient, cast: Cast) -> None:
    page = text(chi.get("/devices/"))
    for words in ("Bàn Thị An", "Tổ Hốc Đá", "Samsung A05", "Đang dùng"):
        assert words in page, words
    assert joined.token not in page and joined.device_id not in page
    for query, found in (
        ("q=ban thi an", True),
        ("q=samsung", True),
        ("q=vang", False),
        (f"team_id={cast.village.team.id}", True),
        (f"team_id={cast.sibling.team.id}", False),
        ("state=revoked", False),
        ("state=open", True),
        ("state=odd&team_id=x&q=%25", False),
    ):
        assert ("Samsung A05" in text(chi.get(f"/devices/?{query}"))) == found, query


def test_the_next_commune_sees_and_revokes_nothing(
    joined: Handset, client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    client.sign_in(cast.dung)
    assert "Samsung" not in text(client.get("/devices/"))
    for path in (f"/devices/{phone_id(engine)}/revoke", f"/devices/members/{cast.an_member.id}/forget-pin"):
        assert client.get(path).status_code == client.post(path).status_code == 404
    assert joined.is_in


def test_a_revoked_phone_is_out_at_once_and_its_pin_opens_nothing(
    joined: Handset, chi: CheckingClient, cast: Cast, engine: Engine
) -> None:
    path = f"/devices/{phone_id(engine)}/revoke"
    assert "Thu hồi máy" in text(chi.get(path))
    assert joined.is_in
    assert chi.post(path).location == "/devices/"
    assert not joined.is_in
    assert joined.client.get("/visits/").status_code == 302
    assert joined.sign_in().json == {"error": "device_revoked"}
    assert phones(engine)[0].revoked_by == cast.chi.id
    assert "Đã thu hồi" in text(chi.get("/devices/"))
    assert chi.post(path).status_code == 302 and len(entries(engine, "revoke")) == 1


def test_revoking_one_phone_leaves_the_others(
    joined: Handset, session: GatedSession, cast: Cast, app: Flask, chi: CheckingClient, engine: Engine
) -> None:
    second = Handset(app, device_id="second")
    assert second.join(make_slip(session, cast.an_member)).status_code == 200
    chi.post(f"/devices/{phone_id(engine)}/revoke")
    assert joined.is_in and not second.is_in


def test_a_lost_phone_s_password_session_ends_too(
    joined: Handset, session: GatedSession, cast: Cast, app: Flask, chi: CheckingClient, engine: Engine
) -> None:
    cast.an.password_hash = HASH
    session.add(cast.an)
    session.commit()
    browser: CheckingClient = app.test_client()  # type: ignore[assignment]
    browser.sign_in(cast.an)
    assert browser.get("/visits/").status_code == 200
    chi.post(f"/devices/{phone_id(engine)}/revoke")
    assert browser.get("/visits/").status_code == 302


def test_a_revoked_phone_joins_again_and_sends_what_it_held(
    joined: Handset, session: GatedSession, cast: Cast, chi: CheckingClient, engine: Engine
) -> None:
    """Nothing on the server stands between the phone and what it recorded before it was revoked."""
    pen = Phone(joined.client, cast.an, joined.device_id)
    records = [pen.record("visit", visit_body(cast.village)) for _ in range(3)]
    chi.post(f"/devices/{phone_id(engine)}/revoke")
    batch = {
        "device_id": joined.device_id,
        "client": "1",
        "sent_at": datetime.now(UTC).isoformat(),
        "records": records,
    }
    assert joined.post("/sync/records", **batch).status_code == 401
    assert joined.join(make_slip(session, cast.an_member)).status_code == 200
    answer = joined.post("/sync/records", **batch)
    assert [one["state"] for one in answer.json["results"]] == ["accepted"] * 3  # type: ignore[index]
    assert {row.account_id for row in inbox_rows(engine)} == {cast.an.id}
    assert len(phones(engine)) == 1 and phones(engine)[0].client in ("", "1")


def test_a_handed_over_role_drops_nothing_either(
    joined: Handset, session: GatedSession, cast: Cast, engine: Engine
) -> None:
    from tdteam.domain.periods import today
    from tdteam.store import accounts

    pen = Phone(joined.client, cast.an, joined.device_id)
    record = pen.record("visit", visit_body(cast.village))
    accounts.end_roots(session, cast.an.id or 0, [cast.village.id], today())
    accounts.give_roots(session, cast.an.id or 0, [cast.sibling.id], today())
    session.commit()
    batch = {"device_id": joined.device_id, "client": "1", "sent_at": datetime.now(UTC).isoformat()}
    answer = joined.post("/sync/records", **batch, records=[record])
    assert [one["state"] for one in answer.json["results"]] == ["held"]  # type: ignore[index]
    assert [row.record_id for row in inbox_rows(engine)] == [record["id"]]


def test_numbers_that_never_came_are_told(
    joined: Handset, session: GatedSession, cast: Cast, chi: CheckingClient, engine: Engine
) -> None:
    now = datetime.now(UTC)
    session.add(
        PhoneSequence(account_id=cast.an.id, device_id=joined.device_id, through=36, highest=42, last_at=now)
    )
    for number, seq in enumerate((39, 40, 42)):
        session.add(
            Inbox(
                record_id=f"r{number}", sha256=f"{number}", account_id=cast.an.id, device_id=joined.device_id, seq=seq,
                kind="visit", schema_version=1, received_at=now, state="refused",
            )
        )  # fmt: skip
    session.commit()
    assert "3 bản ghi chưa về: số 37, 38, 41" in text(chi.get("/devices/"))
    assert "số 37, 38, 41" in text(chi.get(f"/devices/{phone_id(engine)}/revoke"))
    session.get(PhoneSequence, (cast.an.id, joined.device_id)).highest = 90  # type: ignore[union-attr]
    session.commit()
    assert "50 bản ghi chưa về: số 37, 38, 41, 43, 44, 45, 46, 47 và 42 số khác" in text(chi.get("/devices/"))


def test_a_forgotten_pin_goes_with_the_phones_and_a_new_slip_chooses_another(
    joined: Handset, session: GatedSession, cast: Cast, chi: CheckingClient, engine: Engine
) -> None:
    stale = make_slip(session, cast.an_member)
    path = f"/devices/members/{cast.an_member.id}/forget-pin"
    assert "Xóa mã PIN của Bàn Thị An?" in text(chi.get(path))
    assert chi.post(path).location == "/joining/"
    assert not joined.is_in
    assert joined.join(stale, OTHER).status_code == 404
    assert joined.join(make_slip(session, cast.an_member), OTHER).status_code == 200
    joined.expire()
    assert joined.sign_in(PIN).status_code == 401 and joined.sign_in(OTHER).status_code == 200
    assert entries(engine, "forget_pin")[0].account_id == cast.chi.id


def test_nobody_s_pin_is_forgotten_where_a_desk_account_stands(
    chi: CheckingClient, cast: Cast, session: GatedSession, engine: Engine
) -> None:
    cast.an.role = "approver"
    session.add(cast.an)
    devices.set_pin(session, cast.an.id or 0, HASH, datetime.now(UTC))
    session.commit()
    assert chi.post(f"/devices/members/{cast.an_member.id}/forget-pin").status_code == 302
    with look(engine) as reading:
        assert devices.find_pin(reading, cast.an.id or 0) == HASH


# One's own.


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
