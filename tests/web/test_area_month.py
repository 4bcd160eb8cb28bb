"""The pages of an area's month: what a reviewer sees and does, what a commune reads, files, reminders, the calendar."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.deadlines import Calendar
from tdteam.domain.periods import period_of, today
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Audit, Confirmation, Paper, Report, Review, Setting
from tests.actions.areas import Ground, make_ground
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.board import text
from tests.world import World

ENDED = period_of(today()).plus(-1)  # the period the first pages remind of


@pytest.fixture
def ground(engine: Engine, cast: Cast, world: World) -> Ground:
    return make_ground(engine, cast, world)


@pytest.fixture
def at(cast: Cast) -> str:
    return f"/area-months/{cast.area.id}/2026-11"


def hidden(answer: Any, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', str(answer.get_data(as_text=True)))
    assert found, name
    return found[1]


def word(client: CheckingClient, at: str, cast: Cast, button: str, why: str = "") -> Any:
    page = client.get(f"{at}/communes/{cast.commune.id}")
    sent = {"seen": hidden(page, "seen"), button: "1", "why": why}
    return client.post(f"{at}/communes/{cast.commune.id}", data=sent, follow_redirects=True)


def test_a_reviewer_sees_who_came_and_who_did_not(client: CheckingClient, ground: Ground, at: str) -> None:
    ground.issue(ground.cast.commune)
    client.sign_in(ground.cast.giang)
    page = text(client.get(at))
    assert "Đã nhận báo cáo 1 / 2 xã, phường" in page
    assert "Xã Bảo Thắng 1/2 thôn/tổ dân phố thuộc địa bàn Chưa gửi" in page
    assert "hạn 18/11/2026" in page and "- Xã Bảo Thắng" in page
    assert "Xã Xuân Quang" not in text(client.get(f"{at}?state=missing")).partition("Ý kiến người")[2]
    assert "đã nhận 1/2" in text(client.get("/area-months/"))


def test_a_report_is_returned_and_the_commune_reads_why(
    client: CheckingClient, ground: Ground, at: str
) -> None:
    cast = ground.cast
    ground.issue(cast.commune)
    client.sign_in(cast.giang)
    refused = word(client, at, cast, "return", " ")
    assert refused.status_code == 422
    page = text(word(client, at, cast, "return", "Thiếu thôn Nậm Dù"))
    assert "Đã trả lại báo cáo của Xã Xuân Quang." in page and "Thiếu thôn Nậm Dù" in page
    home = text(client.sign_in(cast.chi).get("/"))
    assert "Bảo Thắng (cũ) trả lại báo cáo tháng 11/2026: Thiếu thôn Nậm Dù" in home
    assert "Thiếu thôn" not in text(client.sign_in(cast.dung).get("/"))
    client.sign_in(cast.giang)
    assert "Đã nhận báo cáo của Xã Xuân Quang." in text(word(client, at, cast, "accept", "không dùng"))
    assert "trả lại báo cáo" not in text(client.sign_in(cast.chi).get("/"))


def test_what_was_replaced_meanwhile_is_not_accepted_unread(
    client: CheckingClient, ground: Ground, at: str, engine: Engine
) -> None:
    cast = ground.cast
    ground.issue(cast.commune)
    client.sign_in(cast.giang)
    page = client.get(f"{at}/communes/{cast.commune.id}")
    ground.replace(cast.commune)
    answer = client.post(
        f"{at}/communes/{cast.commune.id}", data={"seen": hidden(page, "seen"), "accept": "1"}
    )
    assert answer.status_code == 422 and "Xã vừa phát hành báo cáo mới hơn" in text(answer)
    assert hidden(answer, "seen") == str(ground.issued(cast.commune).sealing_id)
    with open_session(engine, EVERYWHERE) as session:
        assert session.exec(select(Review)).first() is None


def test_only_readers_of_the_area_come_in_and_only_reviewers_act(
    client: CheckingClient, ground: Ground, at: str
) -> None:
    cast = ground.cast
    ground.issue(cast.commune)
    for reader in (cast.hai, cast.khoa):
        client.sign_in(reader)
        assert client.get(at).status_code == 200
        assert "Nhận báo cáo" not in text(client.get(f"{at}/communes/{cast.commune.id}"))
        assert client.post(f"{at}/communes/{cast.commune.id}", data={"accept": "1"}).status_code == 403
        assert client.post(f"{at}/report", data={}).status_code == 403
        assert client.post(f"{at}/report/issue").status_code == 403
    for stranger in (cast.chi, cast.binh, cast.em):
        client.sign_in(stranger)
        for path in (at, f"{at}/report", f"{at}/report/paper.pdf", f"{at}/communes/{cast.commune.id}"):
            assert client.get(path).status_code == 404
        assert "không phụ trách địa bàn" in text(client.get("/area-months/"))


def test_a_commune_paper_is_its_very_bytes(
    client: CheckingClient, ground: Ground, at: str, engine: Engine
) -> None:
    cast = ground.cast
    client.sign_in(cast.giang)
    assert client.get(f"{at}/communes/{cast.commune.id}.pdf").status_code == 404
    ground.issue(cast.commune)
    body = client.get(f"{at}/communes/{cast.commune.id}.pdf").data
    with open_session(engine, EVERYWHERE) as session:
        kept = session.exec(select(Paper).where(Paper.form == "pdf")).one()
    assert hashlib.sha256(body).hexdigest() == kept.sha256


def test_all_issued_papers_come_in_one_archive_with_plain_names(
    client: CheckingClient, ground: Ground, at: str, engine: Engine
) -> None:
    cast = ground.cast
    client.sign_in(cast.giang)
    with zipfile.ZipFile(io.BytesIO(client.get(f"{at}/papers.zip").data)) as empty:
        assert empty.namelist() == ["bao-cao-bao-thang-cu-11-2026.csv"]
    ground.issue(cast.commune)
    ground.consolidate()
    answer = client.get(f"{at}/papers.zip")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as made:
        assert made.testzip() is None
        assert sorted(made.namelist()) == [
            "02926-bao-cao-thang-11-2026-xa-xuan-quang.pdf",
            "02926-bao-cao-thang-11-2026-xa-xuan-quang.xlsx",
            "bao-cao-bao-thang-cu-11-2026.csv",
            "bao-cao-tong-hop-thang-11-2026-bao-thang-cu.pdf",
            "bao-cao-tong-hop-thang-11-2026-bao-thang-cu.xlsx",
        ]
        listed = made.read("bao-cao-bao-thang-cu-11-2026.csv").decode("utf-8-sig")
        body = made.read("02926-bao-cao-thang-11-2026-xa-xuan-quang.pdf")
    assert ground.issued(cast.commune).sha256 in listed and "Xã Bảo Thắng" in listed
    with open_session(engine, EVERYWHERE) as session:
        hashes = set(session.exec(select(Paper.sha256)).all())
        assert hashlib.sha256(body).hexdigest() in hashes
        assert session.exec(select(Audit).where(Audit.noun == "papers", Audit.action == "export")).all()


def test_a_consolidated_report_is_written_issued_and_replaced(
    client: CheckingClient, ground: Ground, at: str, engine: Engine
) -> None:
    cast = ground.cast
    client.sign_in(cast.giang)
    page = client.get(f"{at}/report")
    assert "chưa có số liệu để tổng hợp" in text(page) and "Chốt số liệu và phát hành" not in text(page)
    refused = client.post(f"{at}/report/issue", data={"stage": "draft", "seen": ""}, follow_redirects=True)
    assert "chưa có số liệu để tổng hợp" in text(refused)
    ground.issue(cast.commune)
    page = client.get(f"{at}/report")
    assert "Chưa có trong số liệu vì chưa phát hành báo cáo: Xã Bảo Thắng" in text(page)
    words = {"base_version": "0", "next_steps": "Đôn đốc xã Bảo Thắng", "number": "7", "dated": "16/11/2026"}
    assert "Đã lưu" in text(client.post(f"{at}/report", data=words, follow_redirects=True))
    stale = client.post(f"{at}/report", data={**words, "next_steps": "Khác"})
    assert (
        stale.status_code == 422
        and "Có người vừa viết báo cáo này" in text(stale)
        and "Đôn đốc xã Bảo Thắng" in text(stale)
    )
    draft = client.get(f"{at}/report/paper.pdf").data
    done = client.post(f"{at}/report/issue", data={"stage": "draft", "seen": ""}, follow_redirects=True)
    assert "Báo cáo tổng hợp đã phát hành" in text(done)
    kept = client.get(f"{at}/report/paper.pdf").data
    assert kept != draft and kept == client.get(f"{at}/report/paper.pdf").data
    again = client.post(f"{at}/report/issue", data={"stage": "draft", "seen": ""}, follow_redirects=True)
    assert "Người khác vừa thực hiện một bước" in text(again)

    ground.replace(cast.commune)
    ground.issue(cast.next_commune)
    page = text(client.get(f"{at}/report"))
    assert "vẫn giữ số liệu cũ: Xã Xuân Quang" in page
    assert "phát hành sau khi báo cáo này chốt số liệu: Xã Bảo Thắng" in page
    form = client.get(f"{at}/report/replace")
    sent = {"seen": hidden(form, "seen"), "why": "Đủ hai xã"}
    assert client.post(f"{at}/report/replace", data={**sent, "why": ""}).status_code == 422
    page = text(client.post(f"{at}/report/replace", data=sent, follow_redirects=True))
    assert "báo cáo đã phát hành vẫn có hiệu lực" in page
    page = client.get(f"{at}/report")
    assert hidden(page, "stage") == "sealed"
    sent = {"stage": "sealed", "seen": hidden(page, "seen")}
    assert "đã phát hành" in text(client.post(f"{at}/report/issue", data=sent, follow_redirects=True))
    assert client.get(f"{at}/report/paper.pdf").data != kept


def test_the_papers_of_an_area_are_dressed_as_its_reviewer_says(
    client: CheckingClient, ground: Ground, at: str
) -> None:
    client.sign_in(ground.cast.giang)
    page = client.get(f"{at}/report/settings")
    assert "Sở Khoa học và Công nghệ tỉnh Lào Cai" in page.get_data(as_text=True)
    sent = {
        "base_version": "0",
        "issuing_lines": "Văn phòng UBND tỉnh",
        "body_name": "Văn phòng Ủy ban nhân dân tỉnh",
        "place_name": "Lào Cai",
        "symbol": "BC-VP",
        "signer_form": "other",
        "signer_lines": "CHÁNH VĂN PHÒNG",
    }
    client.post(f"{at}/report/settings", data=sent)
    assert "Văn phòng UBND tỉnh" in client.get(f"{at}/report/settings").get_data(as_text=True)
    assert client.post(f"{at}/report/settings", data={**sent, "symbol": "không"}).status_code == 422


def test_first_pages_remind_each_of_what_is_theirs(
    client: CheckingClient, ground: Ground, session: Any
) -> None:
    cast = ground.cast
    name = f"{ENDED.month:02d}/{ENDED.year}"
    official = text(client.sign_in(cast.chi).get("/"))
    assert f"2 tổ chưa gửi số liệu tháng {name}" in official and f"Chốt số liệu tháng {name}" in official
    assert re.search("xã chưa nhận được số liệu của: (Hốc Đá, Nậm Dù|Nậm Dù, Hốc Đá)", official)
    leader = client.sign_in(cast.binh).get("/")
    assert f"Xác nhận số liệu tháng {name} của tổ" in text(leader)
    assert f"/teams/{cast.village.team.id}/month/{ENDED.code}" in leader.get_data(as_text=True)
    assert "đang chờ ký" not in text(client.sign_in(cast.em).get("/"))
    assert f"Còn 2 xã chưa gửi báo cáo tháng {name}" in text(client.sign_in(cast.giang).get("/coverage"))
    session.add(
        Report(
            commune_id=cast.commune.id,
            period=ENDED.code,
            stage="submitted",
            changed_at=datetime.now(UTC),
        )
    )
    session.commit()
    assert f"Báo cáo tháng {name} đang chờ ký" in text(client.sign_in(cast.em).get("/"))
    assert f"Chốt số liệu tháng {name}" not in text(client.sign_in(cast.chi).get("/"))
    assert f"Xác nhận số liệu tháng {name}" not in text(client.sign_in(cast.binh).get("/"))


def test_a_confirmed_team_is_left_in_peace(client: CheckingClient, cast: Cast, session: Any) -> None:
    from tdteam.domain.ids import new_id
    from tests.world import LONG_AGO

    session.add(
        Confirmation(
            id=new_id(), team_id=cast.village.team.id, period=ENDED.code, kind="zero", confirmed_at=LONG_AGO
        )
    )
    session.commit()
    assert "Xác nhận số liệu" not in text(client.sign_in(cast.binh).get("/"))
    assert "1 tổ chưa gửi số liệu" in text(client.sign_in(cast.chi).get("/"))


def test_the_administrator_says_when_reports_are_due(
    client: CheckingClient, ground: Ground, at: str, session: Any
) -> None:
    cast = ground.cast
    client.sign_in(cast.hai)
    due = Calendar().due_day(ENDED)
    assert f"{due:%d/%m/%Y}" in text(client.get("/deadlines/"))
    for sent, said in (
        ({"due_days": "0", "days_off": ""}, "từ 1 đến 20"),
        ({"due_days": "5", "days_off": "31/02/2026"}, "Không phải ngày: 31/02/2026"),
        ({"due_days": "", "days_off": ""}, ""),
    ):
        answer = client.post("/deadlines/", data=sent)
        assert answer.status_code == 422 and said in text(answer)
    client.post("/deadlines/", data={"due_days": "5", "days_off": "16/11/2026\n17/11/2026"})
    session.expire_all()
    assert session.exec(select(Setting).where(Setting.key == "report_calendar")).one()
    assert "hạn 24/11/2026" in text(client.get(at))
    assert "16/11/2026" in client.get("/deadlines/").get_data(as_text=True)
    assert client.sign_in(cast.giang).get("/deadlines/").status_code == 403
