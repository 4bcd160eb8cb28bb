"""The month at the desk: sealed, submitted, signed, issued, replaced; who may, what is shown, who was faster."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.area_month import Verdict
from tdteam.domain.roles import Actor, Role
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.reviews import add_review
from tdteam.store.tables import Paper, Sealing
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import everywhere
from tests.web.test_reports import words
from tests.web.test_visits import form_of as visit_form

DAY = "10/11/2026"


@pytest.fixture
def at(cast: Cast) -> str:
    return f"/reports/{cast.commune.id}/2026-11"


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def visit(client: CheckingClient, cast: Cast, **more: str) -> None:
    client.sign_in(cast.an).post("/visits/new", data=visit_form(cast, visited_on=DAY, **more))


def seen(page: str) -> dict[str, str]:
    """The hidden fields of the page before a step."""
    return {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]  # type: ignore[index]
        for name in ("seen_stage", "seen_sealing")
    }


def step(client: CheckingClient, at: str, name: str, **more: Any) -> Any:
    """Look at the page before a step, and take it."""
    page = client.get(f"{at}/step/{name}")
    assert page.status_code == 200, page.status_code
    return client.post(f"{at}/step/{name}", data={**seen(text(page)), **more}, follow_redirects=True)


def visits_of(client: CheckingClient) -> list[str]:
    """The first visit and the last, by id."""
    listed = sorted(set(re.findall(r"/visits/([0-9a-f-]{36})", text(client.get("/visits/")))))
    return [listed[0], listed[-1]]


def issue(client: CheckingClient, cast: Cast, at: str) -> None:
    client.sign_in(cast.chi)
    step(client, at, "submit")
    client.sign_in(cast.em)
    step(client, at, "sign")
    client.sign_in(cast.chi)
    step(client, at, "issue")


def test_an_official_walks_from_open_to_issued_paper(
    client: CheckingClient, cast: Cast, at: str, engine: Engine
) -> None:
    visit(client, cast)
    client.sign_in(cast.chi)
    assert "Chốt số liệu…" in text(client.get(at))
    page = text(step(client, at, "seal"))
    assert "Đã chốt số liệu." in page and "Trình ký…" in page and "/verify/" in page
    drawn = client.get(f"{at}/pdf").data
    client.post(
        at, data=words(base_version="0", next_steps="Làm mức 2 lưu động", number="59", dated="16/11/2026")
    )
    assert client.get(f"{at}/pdf").data != drawn  # words still move
    issue(client, cast, at)
    page = text(client.get(at))
    assert "Đã phát hành" in page and "Lập báo cáo thay thế…" in page
    issued = client.get(f"{at}/pdf").data
    told = re.sub(r"\s+", " ", " ".join(one.extract_text() for one in PdfReader(io.BytesIO(issued)).pages))
    assert "Làm mức 2 lưu động" in told and "59/BC-UBND" in told
    with everywhere(engine) as session:
        assert issued in session.exec(select(Paper.body).where(Paper.form == "pdf")).all()
    refused = client.post(at, data=words(base_version="1", next_steps="khác"))
    assert refused.status_code == 422 and "khác" in text(refused)  # nothing typed is lost
    assert client.get(f"{at}/pdf").data == issued
    assert client.get(f"{at}/pdf").data == issued


def test_who_submitted_does_not_sign_and_the_signer_does_not_write(
    client: CheckingClient, cast: Cast, at: str
) -> None:
    client.sign_in(cast.em)
    assert client.get(f"{at}/step/seal").status_code == 403
    client.sign_in(cast.chi)
    step(client, at, "seal")
    step(client, at, "submit")
    assert "Ký…" not in text(client.get(at))
    assert client.get(f"{at}/step/sign").status_code == 403
    client.sign_in(cast.em)
    page = text(client.get(at))
    assert "Ký…" in page and "Trả lại…" in page


def test_sent_back_with_a_reason_that_the_writer_reads(client: CheckingClient, cast: Cast, at: str) -> None:
    client.sign_in(cast.chi)
    step(client, at, "seal")
    step(client, at, "submit")
    client.sign_in(cast.em)
    page = client.get(f"{at}/step/return")
    empty = client.post(f"{at}/step/return", data=seen(text(page)))
    assert empty.status_code == 422 and 'id="why-error"' in text(empty)
    step(client, at, "return", why="Mục IV còn chung chung")
    client.sign_in(cast.chi)
    page = text(client.get(at))
    assert "Mục IV còn chung chung" in page and "Trình ký…" in page


def test_the_slower_of_two_is_told_who_was_faster(client: CheckingClient, cast: Cast, at: str) -> None:
    client.sign_in(cast.chi)
    step(client, at, "seal")
    page = text(client.get(f"{at}/step/submit"))
    step(client, at, "submit")
    slow = client.post(f"{at}/step/submit", data=seen(page), follow_redirects=True)
    assert f"{cast.chi.name} đã làm trước" in text(slow)


def test_the_slower_editor_is_shown_both_wordings(client: CheckingClient, cast: Cast, at: str) -> None:
    client.sign_in(cast.chi).post(at, data=words(next_steps="bản thứ nhất"))
    slow = client.post(at, data=words(next_steps="bản thứ hai"))
    page = text(slow)
    assert slow.status_code == 422
    assert "bản thứ hai" in page and "bản thứ nhất" in page
    history = text(client.get(f"{at}/history"))
    assert "bản thứ nhất" in history and "bản thứ hai" not in history


def test_late_visits_wait_and_a_replacing_report_takes_those_chosen(
    client: CheckingClient, cast: Cast, at: str, engine: Engine
) -> None:
    visit(client, cast)
    client.sign_in(cast.chi)
    step(client, at, "seal")
    issue(client, cast, at)
    visit(client, cast)
    visit(client, cast)
    client.sign_in(cast.chi)
    assert "2 mục đến muộn hoặc thay đổi" in text(client.get(at))
    assert "tải bản đã ký lên" in text(client.get(at))
    own, late = (text(client.get(f"/visits/{key}")) for key in visits_of(client))
    assert "vì khi nhận thì tháng 11/2026 đã chốt số liệu" in late
    assert "tháng 11/2026" in own and "vì khi nhận" not in own
    listed = text(client.get(f"{at}/late"))
    assert listed.count("Hốc Đá") >= 2
    page = text(client.get(f"{at}/step/replace"))
    keys = re.findall(r'name="late" value="([^"]+)"', page)
    assert len(keys) == 2
    page = text(step(client, at, "replace", why="Gửi muộn vì mất sóng", late=keys[:1]))
    assert "Đã chốt số liệu mới" in page
    issue(client, cast, at)
    told = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(client.get(f"{at}/pdf").data)).pages)
    assert "Gửi muộn vì mất sóng" in re.sub(r"\s+", " ", told)
    history = text(client.get(f"{at}/history"))
    assert "Được thay thế" in history
    with everywhere(engine) as session:
        assert [row.ended for row in session.exec(select(Sealing).order_by(Sealing.version)).all()] == [  # type: ignore[arg-type]
            "replaced",
            None,
        ]
    for version, ending in ((1, "pdf"), (1, "xlsx"), (2, "docx")):
        assert client.get(f"{at}/seals/{version}/{ending}").status_code == 200


def test_opening_again_says_why_and_the_paper_is_a_draft_again(
    client: CheckingClient, cast: Cast, at: str
) -> None:
    visit(client, cast)
    client.sign_in(cast.chi)
    step(client, at, "seal")
    visit(client, cast)
    client.sign_in(cast.chi)
    page = text(step(client, at, "unseal", why="còn tổ chưa gửi"))
    assert "Số liệu đã mở lại" in page and "còn tổ chưa gửi" in page and "Chốt số liệu…" in page


def test_a_report_of_its_own_settings(client: CheckingClient, cast: Cast, at: str) -> None:
    client.sign_in(cast.chi)
    page = text(client.get(f"{at}/settings"))
    fields = dict(re.findall(r'<input[^>]*name="([a-z_]+)"[^>]*value="([^"]*)"', page))
    lines = dict(re.findall(r'<textarea[^>]*name="([a-z_]+)"[^>]*>\s*([^<]*)</textarea>', page))
    sent = {**fields, **lines, "signer_form": "chair", "signer_name": "Lý Văn Riêng"}
    assert client.post(f"{at}/settings", data=sent).status_code == 302
    told = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(client.get(f"{at}/pdf").data)).pages)
    assert "Lý Văn Riêng" in told
    other = client.get(f"/reports/{cast.commune.id}/2026-10/pdf").data
    assert "Lý Văn Riêng" not in " ".join(one.extract_text() for one in PdfReader(io.BytesIO(other)).pages)


def test_the_administrator_says_that_one_person_does_both(
    client: CheckingClient, cast: Cast, at: str
) -> None:
    client.sign_in(cast.hai)
    hands = f"/reports/{cast.commune.id}/hands"
    assert client.get(hands).status_code == 200
    assert client.post(hands, data={"is_alone": "y"}).status_code == 302
    client.sign_in(cast.chi)
    step(client, at, "seal")
    step(client, at, "submit")
    step(client, at, "sign")
    assert "một người cả hai việc" in text(client.get(f"{at}/history"))


def test_the_list_of_reports_tells_each_stage(client: CheckingClient, cast: Cast, at: str) -> None:
    client.sign_in(cast.chi)
    step(client, at, "seal")
    assert "Đã chốt" in text(client.get("/reports/"))


def test_the_commune_reads_what_the_reviewer_said(
    client: CheckingClient, cast: Cast, at: str, engine: Engine
) -> None:
    client.sign_in(cast.chi)
    step(client, at, "seal")
    issue(client, cast, at)
    with open_session(engine, EVERYWHERE, write=True) as session:
        sealing = session.exec(select(Sealing.id)).one() or 0
        reviewer = Actor(cast.giang.id, cast.giang.name, Role.REVIEWER)
        add_review(session, cast.area.id or 0, sealing, Verdict.RETURNED, "Thiếu thôn Nậm Dù", reviewer)
        session.commit()
    page = text(client.get(at))
    assert "Thiếu thôn Nậm Dù" in page and cast.area.name in page
