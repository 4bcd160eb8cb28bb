"""Reports over other spans at the desk: chosen, written, sealed, signed, issued; no month is sealed by them."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.snapshots import snapshot_from
from tdteam.store.tables import Paper, PeriodState, Sealing
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import everywhere
from tests.web.test_report_steps import issue, step, text, visit
from tests.web.test_reports import words


@pytest.fixture
def base(cast: Cast) -> str:
    return f"/reports/{cast.commune.id}"


def typed(query: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in query.split("&"))


def printed(body: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages))


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("kind=quarter-4&year=2026", "2026-Q4"),
        ("kind=half-1&year=2026", "2026-H1"),
        ("kind=year-1&year=2025", "2025"),
        ("kind=range-0&since=15/10/2026&last_day=20/11/2026", "2026-10-15..2026-11-20"),
    ],
)
def test_a_span_is_chosen(client: CheckingClient, cast: Cast, base: str, query: str, code: str) -> None:
    client.sign_in(cast.chi)
    assert client.get(f"{base}/spans").status_code == 200
    assert client.post(f"{base}/spans", data=typed(query)).location == f"{base}/span/{code}"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("kind=range-0&since=20/11/2026&last_day=15/10/2026", "Ngày cuối phải từ ngày đầu trở đi."),
        ("kind=range-0&since=20/11/2016&last_day=15/10/2026", "không quá 3 năm"),
        ("kind=range-0&last_day=15/10/2026", "Từ ngày"),
        ("kind=quarter-4&year=", "Năm"),
        ("kind=quarter-9&year=2026", "Loại báo cáo"),
    ],
)
def test_what_is_no_span_is_said_beside_its_field(
    client: CheckingClient, cast: Cast, base: str, query: str, told: str
) -> None:
    answer = client.sign_in(cast.chi).post(f"{base}/spans", data=typed(query))
    assert answer.status_code == 422
    assert told in text(answer) and 'class="err"' in text(answer)


def test_a_month_has_its_own_page_and_nonsense_has_none(
    client: CheckingClient, cast: Cast, base: str
) -> None:
    client.sign_in(cast.chi)
    assert client.get(f"{base}/span/2026-11").location == f"{base}/2026-11"
    for code in ("2026-Q5", "2026-11-20..2026-10-15", "x"):
        assert client.get(f"{base}/span/{code}").status_code == 404
    assert client.get(f"{base}/span/2026-Q4/exe").status_code == 404


def test_an_official_walks_a_quick_report_from_figures_to_issued_paper(
    client: CheckingClient, cast: Cast, base: str, engine: Engine
) -> None:
    visit(client, cast)
    at = f"{base}/span/2026-10-15..2026-11-20"
    client.sign_in(cast.chi)
    page = text(client.get(at))
    assert "Cách tính: số lượt" in page and "Chốt số liệu…" in page
    client.post(at, data=words(base_version="0", next_steps="Làm mức 2 lưu động"))
    page = text(step(client, at, "seal"))
    assert "Đã chốt số liệu." in page and "Trình ký…" in page
    visit(client, cast)  # after the seal: the report stays
    issue(client, cast, at)
    client.sign_in(cast.chi)
    issued = client.get(f"{at}/pdf").data
    told = printed(issued)
    assert "từ ngày 15 tháng 10 năm 2026 đến ngày 20 tháng 11 năm 2026" in told or "15/10/2026" in told
    assert "Làm mức 2 lưu động" in told and "đếm theo ngày ghi trên từng lượt" in told
    with everywhere(engine) as session:
        row = session.exec(select(Sealing)).one()
        assert row.period == "2026-10-15..2026-11-20"
        lines = {line.code: line.now for line in snapshot_from(row.snapshot).facts.figures}
        assert lines["VISITS"] == 1
        assert session.exec(select(Paper.body).where(Paper.form == "pdf")).one() == issued
        assert all(state.status == "open" for state in session.exec(select(PeriodState)))
    assert client.get(f"/verify/{row.code}").status_code == 200
    page = text(client.get(f"{base}/spans"))
    assert "Đã lập" in page and "/span/2026-10-15..2026-11-20" in page
    replaced = step(client, at, "replace", why="thiếu lượt")
    assert replaced.status_code == 200
    assert "Báo cáo này thay thế Báo cáo" in printed(client.get(f"{at}/pdf").data)


def test_figures_are_opened_again_before_issue_and_a_running_span_waits(
    client: CheckingClient, cast: Cast, base: str, engine: Engine
) -> None:
    client.sign_in(cast.chi)
    at = f"{base}/span/2026-Q3"
    step(client, at, "seal")
    page = text(step(client, at, "unseal", why="còn thiếu"))
    assert "Chốt số liệu…" in page and "còn thiếu" in page
    with everywhere(engine) as session:
        assert [row.ended for row in session.exec(select(Sealing))] == ["unsealed"]
    running = f"{base}/span/2026"
    assert "Chốt số liệu…" not in text(client.get(running))
    assert client.get(f"{running}/step/seal").status_code in (302, 403)


@pytest.mark.parametrize("ending", ["pdf", "xlsx", "docx"])
@pytest.mark.parametrize("code", ["2026-Q4", "2026-H2", "2026"])
def test_a_draft_is_drawn_in_each_form(
    client: CheckingClient, cast: Cast, base: str, ending: str, code: str
) -> None:
    visit(client, cast)
    client.sign_in(cast.chi)
    answer = client.get(f"{base}/span/{code}/{ending}")
    assert answer.status_code == 200 and len(answer.data) > 1000
    assert client.get(f"{base}/span/{code}/{ending}").data == answer.data


def test_two_who_write_are_shown_both_versions(client: CheckingClient, cast: Cast, base: str) -> None:
    client.sign_in(cast.chi)
    at = f"{base}/span/2026-Q4"
    assert client.post(at, data=words(base_version="0", next_steps="Của tôi")).status_code == 302
    answer = client.post(at, data=words(base_version="0", next_steps="Của người khác"))
    assert answer.status_code == 422
    assert "Của tôi" in text(answer) and "Của người khác" in text(answer)


def test_part_iv_speaks_of_what_comes_after_the_span(client: CheckingClient, cast: Cast, base: str) -> None:
    client.sign_in(cast.chi)
    for code, said in (
        ("2026-Q4", "Phương hướng, nhiệm vụ quý I năm 2027"),
        ("2026-H1", "Phương hướng, nhiệm vụ 6 tháng cuối năm 2026"),
        ("2026", "Phương hướng, nhiệm vụ năm 2027"),
        ("2026-10-15..2026-11-20", "Phương hướng, nhiệm vụ thời gian tới"),
    ):
        assert f"IV. {said}" in text(client.get(f"{base}/span/{code}"))
        assert said.upper() in printed(client.get(f"{base}/span/{code}/pdf").data)
    assert "IV. Phương hướng, nhiệm vụ tháng 12 năm 2026" in text(client.get(f"{base}/2026-11"))


def test_a_span_has_a_history_and_settings_of_its_own(
    client: CheckingClient, cast: Cast, base: str, engine: Engine
) -> None:
    visit(client, cast)
    client.sign_in(cast.chi)
    span, own = f"{base}/span/2026-Q3", f"{base}/2026-Q3"
    client.post(span, data=words(base_version="0", next_steps="Lời đầu"))
    page = text(client.get(f"{own}/settings"))
    sent = dict(re.findall(r'name="([a-z_]+)"[^>]*value="([^"]*)"', page))
    sent |= {"issuing_lines": "ỦY BAN NHÂN DÂN\nXÃ XUÂN QUANG", "signer_form": "chair"}
    saved = client.post(f"{own}/settings", data={**sent, "addressees": "Ban Chỉ đạo chuyển đổi số tỉnh"})
    assert saved.location == span
    assert "Ban Chỉ đạo chuyển đổi số tỉnh" in printed(client.get(f"{span}/pdf").data)
    assert "Ban Chỉ đạo chuyển đổi số tỉnh" not in printed(client.get(f"{base}/2026-10/pdf").data)
    step(client, span, "seal")
    step(client, span, "unseal", why="Thiếu thôn Nậm Dù")
    step(client, span, "seal")
    page = text(client.get(f"{own}/history"))
    for said in ("Lời đầu", "Thiếu thôn Nậm Dù", "Đã mở lại"):
        assert said in page
    assert client.get(f"{own}/seals/1/pdf").data.startswith(b"%PDF")
    assert client.get(f"{own}/seals/3/pdf").status_code == 404
    client.sign_in(cast.dung)
    for address in (f"{own}/history", f"{own}/settings", f"{own}/late", f"{own}/seals/1/pdf"):
        assert client.get(address).status_code == 404


def test_what_came_after_a_spans_seal_is_listed_with_the_figures_it_would_move(
    client: CheckingClient, cast: Cast, base: str
) -> None:
    visit(client, cast)
    client.sign_in(cast.chi)
    span, late = f"{base}/span/2026-10-15..2026-11-20", f"{base}/2026-10-15..2026-11-20/late"
    step(client, span, "seal")
    page = text(client.get(late))
    assert "Đến muộn: 0" in page and "Không có gì thay đổi" in page
    visit(client, cast)
    client.sign_in(cast.chi)
    page = text(client.get(late))
    assert "Đến muộn: 1" in page and "Hốc Đá" in page
    assert re.search(r"Lượt đến hộ[^<]*</td><td class=\"num\">1</td><td class=\"num strong\">2</td>", page)
    assert "/late" in text(client.get(span))


def test_causes_and_proposals_are_offered_and_put_in_once(
    client: CheckingClient, cast: Cast, base: str
) -> None:
    fields = {"assists-0-outcome": "not_done", "assists-0-cause": "NO_NETWORK"}
    visit(client, cast, **fields)
    client.sign_in(cast.chi)
    for at in (f"{base}/span/2026-10-15..2026-11-20", f"{base}/2026-11"):
        page = text(client.get(at))
        assert "Nguyên nhân đã ghi nhận, chưa nêu ở mục III:" in page
        client.post(at, data=words(base_version="0", difficulties="Có khó khăn.", add_causes="1"))
        page = text(client.get(at))
        assert "lượt chưa làm được, ở 1 thôn/tổ dân phố" in page
        assert "Nguyên nhân đã ghi nhận" not in page
