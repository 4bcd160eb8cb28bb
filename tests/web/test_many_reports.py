"""Several communes at once: who is ready, each sealed by itself, whoever cannot is named, all papers in one file."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.roles import Role
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Account, Audit, Paper, Report, Sealing
from tests.actions.areas import Ground, make_ground
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.board import text
from tests.world import World

AT = "/reports/many/2026-11"


@pytest.fixture
def ground(engine: Engine, cast: Cast, world: World) -> Ground:
    return make_ground(engine, cast, world)


@pytest.fixture
def oanh(cast: Cast, world: World, ground: Ground) -> Account:
    """An official of both communes."""
    made = world.account("oanh", Role.OFFICIAL, cast.commune, cast.next_commune, name="Lò Thị Oanh")
    world.session.commit()
    return made


def boxes(answer: Any) -> list[str]:
    return re.findall(r'name="commune" value="([^"]*)"', str(answer.get_data(as_text=True)))


def stages(engine: Engine) -> dict[int, str]:
    with open_session(engine, EVERYWHERE) as session:
        return {row.commune_id: row.stage for row in session.exec(select(Report))}


def test_an_official_of_two_communes_seals_and_submits_both(
    client: CheckingClient, oanh: Account, cast: Cast, engine: Engine, ground: Ground
) -> None:
    client.sign_in(oanh)
    assert client.get(f"{AT}/").location == f"{AT}/seal"
    page = client.get(f"{AT}/seal")
    assert len(boxes(page)) == 2 and "2 xã, phường sẵn sàng" in text(page)
    done = text(client.post(f"{AT}/seal", data={"commune": boxes(page)}, follow_redirects=True))
    assert "Đã xong 2 xã, phường: Xã Bảo Thắng, Xã Xuân Quang." in done and "đã chốt số liệu" in done
    client.post(f"{AT}/submit", data={"commune": boxes(client.get(f"{AT}/submit"))})
    assert set(stages(engine).values()) == {"submitted"}
    with open_session(engine, EVERYWHERE) as session:
        seals = session.exec(select(Audit).where(Audit.action == "seal")).all()
        assert sorted(row.place_id for row in seals) == sorted([cast.commune.id, cast.next_commune.id])
        assert {row.account_id for row in seals} == {oanh.id}


def test_one_that_cannot_be_sealed_is_named_and_the_others_go_on(
    client: CheckingClient, oanh: Account, cast: Cast, engine: Engine, ground: Ground
) -> None:
    shown = boxes(client.sign_in(oanh).get(f"{AT}/seal"))
    ground.issue(cast.commune)  # meanwhile
    page = text(client.post(f"{AT}/seal", data={"commune": shown}, follow_redirects=True))
    assert "Đã xong 1 xã, phường: Xã Bảo Thắng." in page
    assert "Chưa thực hiện được: Xã Xuân Quang – báo cáo đã chuyển sang bước khác." in page
    assert stages(engine) == {cast.commune.id: "issued", cast.next_commune.id: "sealed"}


def test_a_script_asks_for_one_at_a_time(
    client: CheckingClient, oanh: Account, cast: Cast, engine: Engine, ground: Ground
) -> None:
    shown = boxes(client.sign_in(oanh).get(f"{AT}/seal"))
    json = {"Accept": "application/json"}
    for at, done in ((0, True), (0, False), (1, True)):
        told = client.post(f"{AT}/seal", data={"commune": shown[at]}, headers=json).get_json()
        assert [one["done"] for one in told["communes"]] == [done]
        assert bool(told["communes"][0]["why"]) is not done
    with open_session(engine, EVERYWHERE) as session:
        assert len(session.exec(select(Sealing.id)).all()) == 2


def test_nobody_gets_a_power_by_it(
    client: CheckingClient, oanh: Account, cast: Cast, engine: Engine, ground: Ground
) -> None:
    both = [f"{place.id}/draft/" for place in (cast.commune, cast.next_commune)]
    page = text(client.sign_in(cast.chi).post(f"{AT}/seal", data={"commune": both}, follow_redirects=True))
    assert "Đã xong 1 xã, phường: Xã Xuân Quang." in page and "không nằm trọn trong phạm vi" in page
    assert stages(engine) == {cast.commune.id: "sealed"}
    assert client.post(f"{AT}/sign", data={"commune": both}).status_code == 404  # never for many at once
    assert client.sign_in(cast.em).post(f"{AT}/seal", data={"commune": both}).status_code == 403
    assert client.sign_in(cast.giang).get(f"{AT}/seal").status_code == 403
    assert client.sign_in(cast.giang).post(f"{AT}/issue", data={"commune": both}).status_code == 403


def test_nonsense_and_nothing_chosen_are_told(client: CheckingClient, oanh: Account, ground: Ground) -> None:
    client.sign_in(oanh)
    for sent in ({}, {"commune": ["x", "1/2/3", "/draft/", "９/draft/"]}):
        page = text(client.post(f"{AT}/seal", data=sent, follow_redirects=True))
        assert "Hãy chọn ít nhất một xã, phường." in page or "Chưa thực hiện được" in page
    assert "kỳ báo cáo chưa kết thúc" in text(client.get("/reports/many/2026-12/seal"))
    assert client.post("/reports/many/2026-13/seal").status_code == 404


def test_all_papers_come_in_one_file_issued_ones_byte_for_byte(
    client: CheckingClient, oanh: Account, cast: Cast, engine: Engine, ground: Ground
) -> None:
    ground.issue(cast.commune)
    client.sign_in(oanh)
    client.post(f"{AT}/seal", data={"commune": boxes(client.get(f"{AT}/seal"))})
    with zipfile.ZipFile(io.BytesIO(client.get(f"{AT}/papers/zip").data)) as made:
        assert sorted(made.namelist()) == [
            "02905-bao-cao-thang-11-2026-xa-bao-thang.pdf",
            "02905-bao-cao-thang-11-2026-xa-bao-thang.xlsx",
            "02926-bao-cao-thang-11-2026-xa-xuan-quang.pdf",
            "02926-bao-cao-thang-11-2026-xa-xuan-quang.xlsx",
        ]
        body = made.read("02926-bao-cao-thang-11-2026-xa-xuan-quang.pdf")
    with open_session(engine, EVERYWHERE) as session:
        assert session.exec(select(Paper.body).where(Paper.form == "pdf")).one() == body
