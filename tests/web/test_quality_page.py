"""Quality of the data over the web: what is found, opened, dismissed; a reviewer without names sees none."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tdteam.domain.households import short_id
from tdteam.store.tables import Audit, Household, SetAside, Visit
from tests.actions.given import signed_in
from tests.cast import Cast
from tests.client import CheckingClient
from tests.quality_world import LONG_NOTE, PERIOD, Life, Village
from tests.web.board import text
from tests.web.test_attention import all_of, aside_path
from tests.world import World

LIST = f"/coverage/quality/?period={PERIOD}"
IDS = re.compile(rb"[0-9a-f][0-9a-f-]{11,}")  # their digits may be any, a secret year too
SECRETS = ("Vàng Seo Lử", "Vang Seo Lu", "0912345678", "1971", LONG_NOTE, "Vàng Thị Chứ")


@pytest.fixture
def twins(world: World, cast: Cast) -> tuple[Household, Household]:
    """One household entered twice, one visit recorded twice, a person twice, and a note copied over seven visits."""
    given: dict[str, Any] = {"birth_year": 1971, "phone": "0912345678"}
    one, two = (cast.village.household("Vàng Seo Lử", **given) for _ in range(2))
    for home in (one, two):
        cast.village.resident(home, "Vàng Thị Chứ", birth_year=1971)
    life = Life(world, 1, ["SAFETY", "SKILL"], villages=0)
    village = Village(cast.village, [cast.an_member.id or 0], [cast.an.id or 0, cast.binh.id or 0])
    for account in village.accounts:
        life.visit(village, one, date(2026, 11, 3), account, kinds=["SAFETY"])
    for day in range(7):
        life.visit(
            village, None, date(2026, 10, 16) + timedelta(days=day), village.accounts[0], note=LONG_NOTE
        )
    world.session.commit()
    return one, two


def test_the_official_reads_names_and_opens_the_records(
    client: CheckingClient, engine: Engine, cast: Cast, twins: tuple[Household, Household]
) -> None:
    page = client.sign_in(cast.chi).get(LIST)
    assert "Trùng tên, trùng năm sinh, trùng số điện thoại." in text(page)
    assert "Vàng Seo Lử , Vàng Seo Lử" in text(page)
    assert "2 lượt giống nhau, do 2 tài khoản ghi." in text(page)
    assert "7 lượt của 7 ngày cùng một ghi chú." in text(page)
    html = page.get_data(as_text=True)
    assert all(f"/households/{home.id}" in html for home in twins)
    assert client.get(f"/households/{twins[0].id}").status_code == 200
    assert ("view", "quality") in [(row.action, row.noun) for row in all_of(engine, Audit)]


def test_the_reviewer_sees_codes_and_never_a_name_or_a_note(
    client: CheckingClient, cast: Cast, twins: tuple[Household, Household]
) -> None:
    client.sign_in(cast.giang)
    page = client.get(LIST)
    path = aside_path(page, short_id(min(home.id for home in twins)))
    answers = [page, client.get(f"{LIST}&rule=copied_notes"), client.get(path)]
    answers += [
        client.get(f"/coverage/quality/export.{ending}?period={PERIOD}") for ending in ("csv", "xlsx")
    ]
    assert all(short_id(home.id) in text(page) for home in twins)
    assert "/households/" not in page.get_data(as_text=True)
    for answer in answers:
        assert answer.status_code == 200
        for secret in SECRETS:
            assert secret.encode() not in IDS.sub(b"", answer.data), secret
            assert secret.encode() not in IDS.sub(b"", answer.request.url.encode())


def test_a_finding_stays_dismissed_until_a_record_changes(
    client: CheckingClient, engine: Engine, cast: Cast, twins: tuple[Household, Household]
) -> None:
    client.sign_in(cast.chi)
    path = aside_path(client.get(f"{LIST}&rule=twin_households"), "Vàng Seo Lử")
    named = client.post(path, data={"why": "vàng seo lử là hai anh em"})
    assert named.status_code == 422 and "Không ghi tên người dân" in text(named)
    assert client.post(path, data={"why": ""}).status_code == 422
    assert client.post(path, data={"why": "Hai anh em họ, đã hỏi"}).status_code == 302
    page = text(client.get(LIST))
    assert "Đã bỏ qua (1)" in page and "Hai anh em họ, đã hỏi" in page
    assert "Một hộ nhập hai lần" not in page.partition("Đã bỏ qua")[0]
    assert "Hai anh em họ" in text(client.sign_in(cast.giang).get(LIST))
    with signed_in(engine, cast.chi) as session:
        home = session.get(Household, twins[0].id)
        assert home
        home.version += 1
        session.add(home)
    assert "Đã bỏ qua" not in text(client.get(LIST)) and "Một hộ nhập hai lần" in text(client.get(LIST))


def test_a_dismissed_finding_is_put_back(
    client: CheckingClient, engine: Engine, cast: Cast, twins: tuple[Household, Household]
) -> None:
    client.sign_in(cast.giang)
    path = aside_path(client.get(f"{LIST}&rule=copied_notes"), "cùng một ghi chú")
    assert client.post(path, data={"why": "Buổi hướng dẫn chung"}).status_code == 302
    row = all_of(engine, SetAside)[0]
    assert row.place_id == cast.village.id and LONG_NOTE not in row.target
    assert client.sign_in(cast.dung).post(f"/coverage/quality/{row.id}/undo").status_code == 404
    client.sign_in(cast.giang).post(f"/coverage/quality/{row.id}/undo")
    assert "cùng một ghi chú" in text(client.get(LIST)).partition("Danh sách này")[0]


def test_a_voided_visit_is_no_finding_any_more(
    client: CheckingClient, engine: Engine, cast: Cast, twins: tuple[Household, Household]
) -> None:
    client.sign_in(cast.chi)
    assert "2 lượt giống nhau" in text(client.get(LIST))
    visit = next(row for row in all_of(engine, Visit) if row.household_id == twins[0].id)
    with signed_in(engine, cast.chi) as session:
        row = session.get(Visit, visit.id)
        assert row
        row.state = "void"
        session.add(row)
    assert "2 lượt giống nhau" not in text(client.get(LIST))


def test_pages_and_odd_arguments(
    client: CheckingClient, cast: Cast, twins: tuple[Household, Household]
) -> None:
    client.sign_in(cast.chi)
    for odd in ("&page=99", "&page=-1", "&rule=none", "&page=x", "&rule=%27"):
        assert client.get(LIST + odd).status_code == 200
    assert client.get("/coverage/quality/?place=99999999").status_code == 404
    assert client.sign_in(cast.em).get(LIST).status_code == 403
