"""How a phone comes in (`docs/sync.md` section 2): with a slip, once; or enrolled by an account that is signed in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.pins import RULE
from tdteam.store import accounts, devices
from tdteam.store.gate import GatedSession
from tdteam.store.tables import (
    Account,
    AccountPin,
    Device,
    Member,
    Membership,
    Slip,
    TeamVillage,
)
from tests.cast import Cast
from tests.web.handset import (
    OTHER,
    PIN,
    Handset,
    account_of,
    di,
    entries,
    joined,
    look,
    make_slip,
    phone,
    phones,
)

__all__ = ["di", "joined", "phone"]


# Joining.


def test_a_member_joins_with_a_slip_and_comes_back_with_the_pin(
    phone: Handset, session: GatedSession, cast: Cast, engine: Engine
) -> None:
    answer = phone.join(make_slip(session, cast.an_member))
    assert answer.status_code == 200 and answer.json
    assert answer.json["account"]["id"] == cast.an.id and len(answer.json["token"]) >= 43
    assert phone.is_in
    phone.expire()
    assert not phone.is_in
    answer = phone.sign_in()
    assert answer.status_code == 200 and answer.json and "token" not in answer.json
    assert phone.is_in
    (kept,) = phones(engine)
    assert kept.label == "Samsung A05" and phone.token not in (kept.token_hash, kept.device_id)
    with look(engine) as reading:
        hashed = reading.exec(select(AccountPin.pin_hash)).one()
    assert hashed.startswith("$argon2id$")


def test_the_cookie_of_thirty_days_brings_the_phone_back_and_is_tied_to_it(
    joined: Handset, engine: Engine, session: GatedSession
) -> None:
    joined.client.delete_cookie("tdteam")
    assert joined.is_in
    row = session.get(Device, phones(engine)[0].id)
    devices.revoke(session, row, datetime.now(UTC))  # type: ignore[arg-type]
    session.commit()
    joined.client.delete_cookie("tdteam")
    assert not joined.is_in


def test_a_member_without_an_account_is_given_one(
    phone: Handset, session: GatedSession, cast: Cast, engine: Engine, di: Member
) -> None:
    session.add(TeamVillage(team_id=cast.village.team.id, village_id=cast.sibling.id, since=date(2026, 1, 1)))
    answer = phone.join(make_slip(session, di, cast.chi))
    assert answer.status_code == 200
    made = account_of(engine, di)
    assert made and (made.name, made.role, made.password_hash) == ("Vàng Thị Dí", "leader", "!")
    with look(engine) as reading:
        seen = accounts.find_seen(reading, made.id or 0)
    assert seen and seen.roots == {cast.village.id, cast.sibling.id}
    (entry,) = entries(engine, "create")
    assert entry.account_id == made.id and "Dí" not in entry.detail
    assert phone.client.post("/sign-in", data={"username": made.username, "password": "!"}).status_code == 422


def test_a_slip_lets_one_phone_in_once(
    joined: Handset, session: GatedSession, cast: Cast, app: Flask, di: Member
) -> None:
    code = make_slip(session, di)
    other = Handset(app, device_id="second")
    assert other.join(code).status_code == 200
    third = Handset(app, device_id="third").join(code)
    assert (third.status_code, third.json) == (404, {"error": "slip_unknown"})


def test_two_phones_at_once_with_one_slip_are_one(
    session: GatedSession, app: Flask, di: Member, engine: Engine
) -> None:
    code = make_slip(session, di)
    handsets = [Handset(app, device_id=f"phone-{n}", address=f"203.0.113.{n}") for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        got = sorted(pool.map(lambda one: one.join(code).status_code, handsets))
    assert got.count(200) == 1 and set(got) <= {200, 404, 409}
    assert len(phones(engine)) == 1
    with look(engine) as reading:
        assert len(reading.exec(select(Account).where(Account.member_id == di.id)).all()) == 1


def test_the_very_phone_whose_answer_was_lost_may_ask_again(
    phone: Handset, session: GatedSession, cast: Cast, engine: Engine
) -> None:
    code = make_slip(session, cast.an_member)
    assert phone.join(code).status_code == 200
    first = phone.token
    phone.expire()
    wrong = phone.join(code, OTHER)
    assert (wrong.status_code, wrong.json) == (401, {"error": "pin_wrong", "left": 4})
    assert phone.join(code).status_code == 200
    assert phone.token != first and len(phones(engine)) == 1
    phone.expire()
    assert phone.sign_in().status_code == 200
    assert phone.sign_in(token=first).json == {"error": "device_revoked"}


def test_a_new_slip_makes_the_older_useless(phone: Handset, session: GatedSession, cast: Cast) -> None:
    old = make_slip(session, cast.an_member)
    new = make_slip(session, cast.an_member)
    assert phone.join(old).status_code == 404
    assert phone.join(new).status_code == 200


def test_slips_expire(phone: Handset, session: GatedSession, cast: Cast) -> None:
    code = make_slip(session, cast.an_member)
    row = session.exec(select(Slip)).one()
    assert timedelta(days=13, hours=23) < row.expires_at - datetime.now(UTC) <= timedelta(days=14)
    row.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    session.add(row)
    session.commit()
    assert phone.join(code).status_code == 404


def test_only_the_hash_of_a_code_is_kept(session: GatedSession, cast: Cast) -> None:
    code = make_slip(session, cast.an_member)
    row = session.exec(select(Slip)).one()
    assert code not in row.model_dump_json() and len(row.token_hash) == 64


def test_who_left_the_team_cannot_join(phone: Handset, session: GatedSession, cast: Cast, di: Member) -> None:
    code = make_slip(session, di)
    service = session.exec(select(Membership).where(Membership.member_id == di.id)).one()
    service.left = date(2026, 11, 1)
    session.add(service)
    session.commit()
    assert phone.join(code).json == {"error": "slip_unknown"}


@pytest.mark.parametrize("change", ["disabled", "desk"])
def test_no_slip_opens_a_closed_account_or_a_desk_s(
    change: str, phone: Handset, session: GatedSession, cast: Cast
) -> None:
    code = make_slip(session, cast.an_member)
    if change == "disabled":
        cast.an.disabled_at = datetime.now(UTC)
    else:
        cast.an.role = "approver"
    session.add(cast.an)
    session.commit()
    assert phone.join(code).json == {"error": "slip_unknown"}


@pytest.mark.parametrize(
    ("pin", "code"),
    [
        ("12345", "pin_form"),
        (None, "pin_form"),
        ("123456", "pin_common"),
        ("041971", "pin_common"),
        ("345678", "pin_common"),
    ],
)
def test_a_pin_that_will_not_do_leaves_the_slip_good(
    pin: str | None, code: str, phone: Handset, session: GatedSession, di: Member, engine: Engine
) -> None:
    slip = make_slip(session, di)
    answer = phone.join(slip, pin)  # type: ignore[arg-type]
    assert answer.status_code == 422 and answer.json
    (flaw,) = answer.json["flaws"]
    assert (flaw["field"], flaw["code"]) == ("pin", code) and "PIN" in flaw["message"]
    assert phones(engine) == [] and account_of(engine, di) is None
    assert phone.join(slip).status_code == 200


def test_a_second_phone_of_a_member_asks_for_the_pin_there_is(
    joined: Handset, session: GatedSession, cast: Cast, app: Flask, engine: Engine
) -> None:
    code = make_slip(session, cast.an_member)
    second = Handset(app, device_id="second")
    assert second.join(code, OTHER).json == {"error": "pin_wrong", "left": 4}
    assert second.join(code).status_code == 200
    assert len(phones(engine)) == 2 and joined.is_in
    assert entries(engine, "enrol")[-1].account_id == cast.an.id


def test_two_people_on_one_phone_are_two_phones_to_the_server(
    joined: Handset, session: GatedSession, cast: Cast, engine: Engine
) -> None:
    of_an = joined.token
    assert joined.join(make_slip(session, cast.binh_member), OTHER).status_code == 200
    assert {row.account_id for row in phones(engine)} == {cast.an.id, cast.binh.id}
    assert joined.sign_in(PIN).json == {"error": "pin_wrong", "left": 4}
    answer = joined.sign_in(PIN, token=of_an)
    assert answer.json and answer.json["account"]["id"] == cast.an.id


# Enrolling a signed-in account.


def test_an_account_signed_in_with_its_password_enrols_the_phone(
    phone: Handset, cast: Cast, engine: Engine
) -> None:
    phone.client.sign_in(cast.chi)
    answer = phone.post("/sync/enrol", device_id=phone.device_id, label="Máy xã", pin=PIN)
    assert answer.status_code == 200 and phone.token
    assert phones(engine)[0].account_id == cast.chi.id
    phone.expire()
    assert phone.sign_in().status_code == 200


def test_enrolling_asks_for_the_pin_there_is_and_counts_tries(
    joined: Handset, cast: Cast, app: Flask
) -> None:
    other = Handset(app, device_id="second")
    other.client.sign_in(cast.an)
    said = {"device_id": "second", "label": "", "pin": OTHER}
    assert [other.post("/sync/enrol", **said).status_code for _ in range(RULE.free + 2)] == [401] * 5 + [429]
    assert joined.is_in


def test_signed_out_nobody_enrols(phone: Handset) -> None:
    answer = phone.post("/sync/enrol", device_id="x", label="", pin=PIN)
    assert (answer.status_code, answer.json) == (401, {"error": "signed_out"})
