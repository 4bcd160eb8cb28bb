"""Keeping accounts: inside one's own scope, with a slip shown once, and never without an administrator."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from tdteam.actions.passwords import check_password, hash_password
from tdteam.domain.periods import today
from tdteam.domain.roles import Role
from tdteam.store import account_lists, accounts
from tdteam.store.gate import EVERYWHERE, GatedSession, Scope, open_session
from tdteam.store.tables import Account, AccountPlace
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


# The list.


def test_an_administrator_sees_the_accounts_of_the_scope(
    client: CheckingClient, cast: Cast, commune_admin: Account
) -> None:
    page = text(client.sign_in(commune_admin).get("/accounts/"))
    assert all(name in page for name in ("Trần Thị Chi", "Bàn Thị An", "Lù Văn Quang"))
    assert all(name not in page for name in ("Lê Tiến Dũng", "Vũ Đức Hải", "Ngô Đăng Khoa"))


def test_an_account_that_also_reaches_elsewhere_is_not_a_commune_administrators(
    client: CheckingClient, cast: Cast, commune_admin: Account, session: GatedSession
) -> None:
    later = date.today() + timedelta(days=20)
    session.add(AccountPlace(account_id=cast.chi.id or 0, place_id=cast.next_commune.id or 0, since=later))
    session.commit()
    client.sign_in(commune_admin)
    assert "Trần Thị Chi" not in text(client.get("/accounts/"))
    assert client.post(f"/accounts/{cast.chi.id}/reset").status_code == 404


def test_the_list_is_filtered_and_paged_by_given_name(
    hai: CheckingClient, cast: Cast, world: World, session: GatedSession
) -> None:
    assert "Trần Thị Chi" in text(hai.get("/accounts/?q=thi+chi"))
    assert "Bàn Thị An" not in text(hai.get("/accounts/?q=thi+chi"))
    assert "Đỗ Văn Em" in text(hai.get("/accounts/?role=approver"))
    assert "Bàn Thị An" not in text(hai.get("/accounts/?role=approver"))
    assert "Bàn Thị An" in text(hai.get(f"/accounts/?place_id={cast.village.id}"))
    assert "Đỗ Văn Em" not in text(hai.get(f"/accounts/?place_id={cast.village.id}"))
    for number in range(45):
        world.account(f"them{number}", Role.MEMBER, cast.village.place, name=f"Lý {number:02d} Yên")
    session.commit()
    first = text(hai.get("/accounts/?size=20"))
    names = re.findall(r'<th scope="row"><a[^>]*>([^<]+)', first)
    assert names[:3] == ["Bàn Thị An", "Chảo Văn Bình", "Trần Thị Chi"]
    seen, page = list(names), first
    while (found := re.search(r'href="([^"]+)" rel="next"', page)) is not None:
        page = text(hai.get(found[1].replace("&amp;", "&")))
        seen += re.findall(r'<th scope="row"><a[^>]*>([^<]+)', page)
    assert len(seen) == len(set(seen)) == 45 + 8
    found = re.search(r'href="([^"]+)" rel="prev"', page)
    assert found
    back = re.findall(r'<th scope="row"><a[^>]*>([^<]+)', text(hai.get(found[1].replace("&amp;", "&"))))
    assert back == seen[20:40]


# Making one.


def test_a_new_account_gets_a_one_time_password_shown_once(
    hai: CheckingClient, cast: Cast, session: GatedSession, app: Flask
) -> None:
    answer = make(hai, places=cast.commune.id)
    assert answer.status_code == 200
    found = re.search(r"<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</code>", text(answer))
    assert found
    assert answer.headers["Cache-Control"] == "no-store"
    with look(session) as reading:
        row = accounts.find_by_username(reading, "huong.tt")
        assert row
        assert check_password(row.password_hash, found[1])
        assert found[1] not in row.password_hash
        assert row.one_time_until
        assert timedelta(days=13) < row.one_time_until - datetime.now(UTC) <= timedelta(days=14)
    assert found[1] not in text(hai.get(f"/accounts/{row.id}"))


def test_who_came_with_a_slip_must_choose_a_password_first(
    client: CheckingClient, cast: Cast, session: GatedSession
) -> None:
    cast.chi.password_hash, cast.chi.one_time_until = HASH, datetime.now(UTC) + timedelta(days=3)
    session.add(cast.chi)
    session.commit()
    client.sign_in(cast.chi)
    assert client.get("/accounts/me").location == "/accounts/me/password"
    assert client.get("/", headers={"Accept": "application/json"}).status_code == 403
    page = client.post(
        "/accounts/me/password",
        data={"current": PASSWORD, "new": "chè shan tuyết ba lần", "again": "chè shan tuyết ba lần"},
    )
    assert page.location == "/"
    assert client.get("/accounts/me").status_code == 200
    assert now(session, cast.chi).one_time_until is None


def test_places_are_found_by_name_and_then_ticked(hai: CheckingClient, cast: Cast) -> None:
    page = text(make(hai, place_q="hoc da", role="member"))
    assert re.search(rf'type="checkbox" value="{cast.village.id}"', page.replace('name="places" ', ""))
    assert "Trần Thị Hương" in page
    assert "không thấy" in text(make(hai, place_q="atlantis")).lower()
    ticked = text(make(hai, places=cast.village.id, place_q="nam du", role="member"))
    assert re.search(rf'checked[^>]*value="{cast.village.id}"', ticked)
    assert "Bàn Thị An" in ticked  # members of the ticked village can be linked


def test_a_commune_administrator_finds_only_own_places(
    client: CheckingClient, cast: Cast, commune_admin: Account
) -> None:
    client.sign_in(commune_admin)
    assert "Thôn Hốc Đá" in text(make(client, place_q="hoc da"))
    page = text(make(client, place_q="ta ha"))
    assert "Tả Hà 2" not in page.replace('value="ta ha"', "")
    assert "Tỉnh Lào Cai" not in text(make(client, place_q="lao cai")).replace("(Tỉnh Lào Cai)", "")


def test_nobody_grants_what_lies_outside_the_own_scope(
    client: CheckingClient, cast: Cast, commune_admin: Account, session: GatedSession
) -> None:
    client.sign_in(commune_admin)
    for place in (cast.next_commune, cast.area, cast.next_village.place):
        assert make(client, places=place.id).status_code == 404
    assert (
        client.post(
            f"/accounts/{cast.chi.id}",
            data={
                "name": "Trần Thị Chi",
                "role": "official",
                "places": [cast.commune.id, cast.next_commune.id],
            },
        ).status_code
        == 404
    )
    assert roots(session, cast.chi) == {cast.commune.id}
    with look(session) as reading:
        assert accounts.find_by_username(reading, "huong.tt") is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"username": "An"}, "Đã có tài khoản tên an"),
        ({"username": "hương"}, "không dấu"),
        ({"username": "-x"}, "không dấu"),
        ({"name": ""}, "chưa điền"),
        ({"places": []}, "Chọn ít nhất một địa bàn"),
        ({"role": "member"}, "không giao cả xã"),
        ({"role": "emperor"}, "Hãy chọn một mục"),
        ({"password": "matkhau12345"}, "dễ đoán"),
        ({"password": "huong.tt yêu đời"}, "tên đăng nhập trong mật khẩu"),
        ({"password": "ngắn"}, "ít nhất 12"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    hai: CheckingClient, cast: Cast, session: GatedSession, given: dict[str, str], said: str
) -> None:
    answer = make(hai, **{"places": cast.commune.id, **given})
    assert answer.status_code == 422
    assert re.search(said, text(answer))
    with look(session) as reading:
        assert accounts.find_by_username(reading, "huong.tt") is None


def test_a_typed_password_is_kept_and_not_shown(
    hai: CheckingClient, cast: Cast, session: GatedSession
) -> None:
    answer = make(hai, places=cast.commune.id, password=PASSWORD)
    assert PASSWORD not in text(answer)
    with look(session) as reading:
        row = accounts.find_by_username(reading, "huong.tt")
        assert row
        assert check_password(row.password_hash, PASSWORD)
        assert row.one_time_until is None


def test_no_other_column_can_be_set_by_posting_it(
    hai: CheckingClient, cast: Cast, session: GatedSession
) -> None:
    extra = {
        "is_demo": "1",
        "password_hash": HASH,
        "session_stamp": "x",
        "id": "999",
        "disabled_at": "2026-01-01",
    }
    make(hai, places=cast.commune.id, **extra)
    with look(session) as reading:
        row = accounts.find_by_username(reading, "huong.tt")
        assert row
        assert (row.is_demo, row.disabled_at) == (False, None)
        assert row.password_hash != HASH
        assert row.id != 999
    data = {
        "name": "Trần Thị Chi",
        "role": "official",
        "places": cast.commune.id,
        "username": "other",
        **extra,
    }
    hai.post(f"/accounts/{cast.chi.id}", data=data)
    assert now(session, cast.chi).username == "chi"
    assert now(session, cast.chi).session_stamp == cast.chi.session_stamp


def test_a_member_is_linked_only_within_the_villages_given(
    hai: CheckingClient, cast: Cast, session: GatedSession
) -> None:
    made = make(hai, role="member", places=cast.village.id, member_id=cast.an_member.id)
    assert made.status_code == 200
    answer = make(hai, username="khac", role="member", places=cast.sibling.id, member_id=cast.an_member.id)
    assert answer.status_code == 422


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
    assert chi.post("/accounts/me/second-step", data={"code": "000000"}).status_code == 422
    answer = chi.post("/accounts/me/second-step", data={"code": pyotp.TOTP(secret).now()})
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

    secret = two_step.draw_secret()
    codes = two_step.turn_on(session, cast.chi, secret, pyotp.TOTP(secret).now())
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


def test_accounts_in_the_list_carry_the_places_of_today(
    cast: Cast, session: GatedSession, engine: Engine
) -> None:
    page = account_lists.list_accounts(session, q="chi")
    assert [[root.name for root in line.roots] for line in page.rows] == [["Xã Xuân Quang"]]
    scope = Scope(roots=frozenset({cast.commune.id or 0}))
    session.rollback()
    with open_session(engine, scope) as inside:
        assert {line.username for line in account_lists.list_accounts(inside).rows} == {
            "an",
            "binh",
            "chi",
            "em",
        }
