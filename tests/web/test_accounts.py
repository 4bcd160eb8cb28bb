"""Keeping accounts: inside one's own scope, with a slip shown once."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine

from tdteam.actions.passwords import check_password
from tdteam.domain.roles import Role
from tdteam.store import account_lists, accounts
from tdteam.store.gate import GatedSession, Scope, open_session
from tdteam.store.tables import Account, AccountPlace
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.keeping import HASH, PASSWORD, commune_admin, hai, look, make, now, roots, text
from tests.world import World

__all__ = ["commune_admin", "hai"]


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
