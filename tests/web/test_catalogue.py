"""The administrator's catalogue: added, changed and retired without a developer; never deleted, never "granted level 2"."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlmodel import select

from tdteam.domain.catalogue import Kind, judge_code, judge_kind
from tdteam.store import catalogue, indicators
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.tables import Audit
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.board import text

Read = Callable[[Callable[[GatedSession], Any]], Any]


@pytest.fixture
def read(app: Flask) -> Read:
    """Look at what is stored."""

    def look(at: Callable[[GatedSession], Any]) -> Any:
        with open_session(app.extensions["tdteam_engine"], EVERYWHERE) as session:
            return at(session)

    return look


def audit_of(session: GatedSession) -> list[tuple[str, str, str]]:
    return [(row.action, row.noun, row.target) for row in session.exec(select(Audit).order_by(Audit.id))]  # type: ignore[arg-type]


@pytest.fixture
def admin(client: CheckingClient, cast: Cast) -> CheckingClient:
    return client.sign_in(cast.hai)


KIND = {
    "code": "e_invoice",
    "name": "Hóa đơn điện tử",
    "pillar": "economy",
    "done": "Đã dùng",
    "is_active": "y",
}


def test_a_new_kind_of_help_is_offered_at_the_next_visit(
    admin: CheckingClient, cast: Cast, read: Read
) -> None:
    answer = admin.post("/catalogue/kinds/new", data={**KIND, "not_done": "Chưa dùng được", "sort": "15"})
    assert answer.status_code == 302
    kind = read(catalogue.read_catalogue).kinds["E_INVOICE"]
    assert kind.outcomes == {"done": "Đã dùng", "not_done": "Chưa dùng được"} and kind.pillar == "economy"
    assert read(catalogue.sorts_of)["kind"]["E_INVOICE"] == 15
    assert ("create", "assist_kind", "E_INVOICE") in read(audit_of)
    assert "Hóa đơn điện tử" in text(admin.sign_in(cast.chi).get("/visits/new"))


def test_a_retired_kind_is_no_longer_offered_and_stays_in_the_list(
    admin: CheckingClient, cast: Cast, read: Read
) -> None:
    before = read(catalogue.read_catalogue).kinds["SAFETY"]
    data = {"name": before.name, "short_name": "Chống lừa", "pillar": before.pillar, **before.outcomes}
    assert admin.post("/catalogue/kinds/SAFETY", data=data).status_code == 302
    kind = read(catalogue.read_catalogue).kinds["SAFETY"]
    assert not kind.is_active and kind.outcomes == before.outcomes
    assert ("retire", "assist_kind", "SAFETY") in read(audit_of)
    assert "Chống lừa" in text(admin.get("/catalogue/")) and "Thôi dùng" in text(admin.get("/catalogue/"))
    assert "Chống lừa" not in text(admin.sign_in(cast.chi).get("/visits/new"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": ""}, "Mã"),
        ({"code": "E INVOICE"}, ""),
        ({"code": "SAFETY"}, "Mã này đã có"),
        ({"name": " "}, "Tên"),
        ({"pillar": "sport"}, ""),
        ({"done": ""}, ""),
        ({"code": "GRANT", "name": "Cấp định danh mức 2", "done": "Đã cấp"}, "Công an"),
        ({"code": "GRANT", "name": "Định danh", "done": "Đã phê duyệt mức độ 02"}, "Công an"),
    ],
)
def test_what_is_wrong_with_a_kind_is_told_and_nothing_is_stored(
    admin: CheckingClient, read: Read, change: dict[str, str], said: str
) -> None:
    before = set(read(catalogue.read_catalogue).kinds)
    answer = admin.post("/catalogue/kinds/new", data={**KIND, **change})
    assert answer.status_code == 422 and said in text(answer)
    assert set(read(catalogue.read_catalogue).kinds) == before and read(audit_of) == []


def test_referring_never_becomes_granting(admin: CheckingClient, read: Read) -> None:
    before = read(catalogue.read_catalogue).kinds["EID2_REFER"]
    data = {
        "name": before.name,
        "pillar": before.pillar,
        **before.outcomes,
        "done": "Đã xong",
        "is_active": "y",
    }
    assert admin.post("/catalogue/kinds/EID2_REFER", data=data).status_code == 422
    assert read(catalogue.read_catalogue).kinds["EID2_REFER"] == before


@pytest.mark.parametrize(
    ("name", "done", "grants"),
    [
        ("Kích hoạt tài khoản định danh mức 2", "Đã kích hoạt", False),
        ("Thu nhận hồ sơ mức 02", "Xong", True),
        ("Làm VNeID", "Đã được duyệt mức độ 2", True),
        ("Cấp lại căn cước", "Đã hẹn", False),
        ("Dịch vụ công mức 20", "Đã cấp", False),
    ],
)
def test_granting_is_known_by_its_words(name: str, done: str, grants: bool) -> None:
    flaws = judge_kind(Kind("ANY", name, "", "government", {"done": done}))
    assert [flaw.code for flaw in flaws] == (["only_police_grant"] if grants else [])
    assert judge_kind(Kind("ANY", name, "", "government", {"referred": done})) == []


def test_codes_are_capitals_digits_and_single_underscores() -> None:
    assert not judge_code("E_INVOICE2")
    for wrong in ("", "a", "E__X", "_E", "E_", "2E", "\u0110", "E" * 41, "E-X"):
        assert judge_code(wrong), wrong


def test_causes_and_procedures_are_added_changed_and_retired(admin: CheckingClient, read: Read) -> None:
    admin.post("/catalogue/causes/new", data={"code": "FLOOD", "name": "Lũ quét", "is_active": "y"})
    admin.post("/catalogue/causes/FLOOD", data={"name": "Lũ, sạt lở", "sort": "5"})
    cause = read(catalogue.read_catalogue).causes["FLOOD"]
    assert (cause.name, cause.is_active) == ("Lũ, sạt lở", False)
    admin.post(
        "/catalogue/procedures/new",
        data={"code": "WELL", "name": "Khoan giếng", "is_essential": "y", "is_active": "y"},
    )
    procedure = read(catalogue.read_catalogue).procedures["WELL"]
    assert procedure.is_essential and procedure.is_active
    assert "Khoan giếng" in text(admin.get("/catalogue/?part=procedures"))
    acts = [(action, noun) for action, noun, _ in read(audit_of)]
    assert acts == [("create", "cause"), ("retire", "cause"), ("create", "procedure")]


INDICATOR = {
    "code": "WIFI_HOUSES",
    "name": "Nhà văn hóa có wifi",
    "short_name": "Wifi",
    "unit": "%",
    "nature": "stock",
    "section": "society",
    "part_name": "Nhà văn hóa có wifi",
    "whole_name": "Nhà văn hóa",
    "is_places": "y",
    "in_report": "y",
    "is_active": "y",
    "sort": "900",
}


def test_a_new_declared_indicator_needs_no_developer(admin: CheckingClient, cast: Cast, read: Read) -> None:
    assert admin.post("/catalogue/indicators/new", data=INDICATOR).status_code == 302
    client = admin.sign_in(cast.chi)
    assert "Nhà văn hóa có wifi" in text(client.get("/declared/figures/"))
    told = {
        "place_id": cast.commune.id,
        "part": "3",
        "whole": "5",
        "as_of": "14/11/2026",
        "source": "Văn hóa xã",
    }
    assert client.post("/declared/figures/WIFI_HOUSES/new", data=told).status_code == 302
    assert "3/5 60,0%" in text(client.get("/declared/figures/?period=2026-11"))
    page = client.get(f"/reports/{cast.commune.id}/2026-11").get_data(as_text=True)
    assert "Nhà văn hóa có wifi" in page and "Văn hóa xã" in page


def test_a_count_that_teams_tell_becomes_a_column_of_their_grid(admin: CheckingClient, cast: Cast) -> None:
    made = {
        **INDICATOR,
        "code": "CAMERAS",
        "unit": "cái",
        "nature": "flow",
        "is_teams": "y",
        "short_name": "Camera",
    }
    assert admin.post("/catalogue/indicators/new", data=made).status_code == 302
    assert "Camera" in text(admin.sign_in(cast.chi).get("/declared/?teams=all"))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"unit": ""}, "unit"),
        ({"nature": ""}, "nature"),
        ({"nature": "distinct"}, "nature"),
        ({"is_places": ""}, "is_places"),
        ({"whole_name": ""}, "whole_name"),
        ({"is_teams": "y"}, "is_teams"),
        ({"beside": "EID2_ACTIVE"}, "beside"),
        ({"beside": "NOBODY"}, "beside"),
        ({"code": "VISITS"}, "code"),
        ({"section": "sport"}, "section"),
    ],
)
def test_what_is_wrong_with_an_indicator_stands_beside_its_field(
    admin: CheckingClient, read: Read, change: dict[str, str], field: str
) -> None:
    data = {
        key: value for key, value in {**INDICATOR, **change}.items() if value or not key.startswith("is_")
    }
    answer = admin.post("/catalogue/indicators/new", data=data)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.get_data(as_text=True)
    assert "WIFI_HOUSES" not in {
        one.code for one in read(lambda s: indicators.list_indicators(s, active=False))
    }


def test_a_counted_indicator_is_renamed_moved_and_hidden_but_not_replumbed(
    admin: CheckingClient, cast: Cast, read: Read
) -> None:
    def one() -> Any:
        return next(i for i in read(indicators.list_indicators) if i.code == "FILINGS")

    before = one()
    data = {"name": "Hồ sơ qua tổ", "short_name": "HS", "section": "society", "sort": "7", "unit": "km"}
    data |= {"nature": "stock", "beside": "VISITS", "is_places": "y"}
    assert admin.post("/catalogue/indicators/FILINGS", data=data).status_code == 302
    after = one()
    assert (after.name, after.short_name, after.section, after.sort) == ("Hồ sơ qua tổ", "HS", "society", 7)
    assert not (after.in_report or after.on_board or after.is_teams)
    kept = ("unit", "nature", "source", "part", "whole", "beside", "is_places", "is_active", "annex")
    assert all(getattr(after, name) == getattr(before, name) for name in kept)
    assert "Hồ sơ qua tổ" not in text(admin.sign_in(cast.giang).get("/coverage"))
    assert admin.sign_in(cast.chi).get("/").status_code == 200


def test_every_part_has_its_list_and_every_entry_its_page(admin: CheckingClient) -> None:
    for part in ("kinds", "causes", "procedures", "indicators"):
        page = admin.get(f"/catalogue/?part={part}").get_data(as_text=True)
        links = re.findall(rf'href="(/catalogue/{part}/[A-Z0-9_]+)"', page)
        assert len(links) > 5
        for link in (*links[:3], f"/catalogue/{part}/new"):
            assert admin.get(link).status_code == 200
        assert admin.get(f"/catalogue/{part}/NOBODY").status_code == 404
        assert admin.post(f"/catalogue/{part}/NOBODY", data={"name": "x"}).status_code == 404
    assert admin.get("/catalogue/?part=../x").status_code == 404


def test_only_the_administrator_keeps_the_catalogue(client: CheckingClient, cast: Cast) -> None:
    for account in cast.everybody:
        expected = 200 if account is cast.hai else 403
        assert client.sign_in(account).get("/catalogue/").status_code == expected
        keeps_targets = account in (cast.hai, cast.giang, cast.chi, cast.dung)
        assert client.get("/targets/").status_code == (200 if keeps_targets else 403)
