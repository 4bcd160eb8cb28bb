"""The monthly report at the desk: figures, words, settings, and the paper itself."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from tdteam.domain.periods import period_of, today
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.test_visits import form_of as visit_form

PERIOD = period_of(today()).code


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def paper(answer: Any) -> str:
    """All words of a PDF, spaces as one."""
    read = PdfReader(io.BytesIO(answer.data))
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in read.pages))


@pytest.fixture
def address(cast: Cast) -> str:
    return f"/reports/{cast.commune.id}/{PERIOD}"


def words(**more: str) -> dict[str, str]:
    empty = dict.fromkeys(
        ("organisation", "results", "difficulties", "next_steps", "proposals", "number", "dated"), ""
    )
    return {"base_version": "0", **empty, **more}


def test_a_visit_becomes_a_figure_on_the_screen_and_on_the_paper(
    client: CheckingClient, cast: Cast, address: str
) -> None:
    """The road of a visit, whole: typed by a member, read by the official, printed."""
    client.sign_in(cast.an).post("/visits/new", data=visit_form(cast, **{"assists-0-people": "7"}))
    client.sign_in(cast.chi)
    screen = text(client.get(address))
    row = screen.split("Lượt người được hỗ trợ")[1].split("</tr>")[0]
    assert re.search(r">7<", row)
    printed = client.get(f"{address}/pdf")
    assert printed.mimetype == "application/pdf"
    assert "Lượt người được hỗ trợ: 7 lượt người" in paper(printed)
    assert "Bàn Thị An" not in paper(printed)


def test_words_are_kept_and_printed_as_they_stand(client: CheckingClient, cast: Cast, address: str) -> None:
    client.sign_in(cast.chi)
    said = "Sóng yếu ở 3 thôn <b>vùng cao</b> & chưa có trạm."
    assert (
        client.post(address, data=words(difficulties=said, number="5", dated="16/11/2026")).status_code == 302
    )
    assert said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in text(client.get(address))
    printed = paper(client.get(f"{address}/pdf"))
    assert said in printed and "Số: 05/BC-UBND" in printed and "ngày 16 tháng 11 năm 2026" in printed


def test_the_second_writer_is_told_and_loses_nothing(
    client: CheckingClient, cast: Cast, address: str
) -> None:
    client.sign_in(cast.chi).post(address, data=words(proposals="Xin thêm máy."))
    late = client.post(address, data=words(proposals="Xin thêm sóng."))
    assert late.status_code == 422 and "Xin thêm sóng." in text(late)
    silent = client.post(
        address, data=words(proposals="Xin thêm sóng."), headers={"Accept": "application/json"}
    )
    assert silent.status_code == 409


def test_autosave_answers_with_the_next_version(client: CheckingClient, cast: Cast, address: str) -> None:
    client.sign_in(cast.chi)
    saved = client.post(address, data=words(results="Tốt."), headers={"Accept": "application/json"})
    assert saved.status_code == 200 and saved.get_json() == {"version": 1}


def test_id_numbers_never_reach_the_paper(client: CheckingClient, cast: Cast, address: str) -> None:
    client.sign_in(cast.chi)
    refused = client.post(address, data=words(proposals="Hộ có số 010203004567 cần giúp"))
    assert refused.status_code == 422 and 'id="proposals-error"' in text(refused)


@pytest.mark.parametrize(
    ("ending", "begins"), [("pdf", b"%PDF-1."), ("docx", b"PK\x03\x04"), ("xlsx", b"PK\x03\x04")]
)
def test_the_same_figures_and_words_give_the_same_file(
    client: CheckingClient, cast: Cast, address: str, ending: str, begins: bytes
) -> None:
    client.sign_in(cast.chi)
    first, second = client.get(f"{address}/{ending}"), client.get(f"{address}/{ending}")
    assert first.data == second.data and first.data.startswith(begins)
    assert re.search(r'filename="bao-cao-thang-[a-z0-9-]+\.' + ending, first.headers["Content-Disposition"])


def test_settings_of_the_commune_dress_its_paper(client: CheckingClient, cast: Cast, address: str) -> None:
    client.sign_in(cast.chi)
    url = f"/reports/{cast.commune.id}/settings"
    form = {
        "base_version": "0",
        "superior_line": "",
        "issuing_lines": "Ủy ban nhân dân\nxã Xuân Quang",
        "body_name": "Ủy ban nhân dân xã Xuân Quang",
        "place_name": "Xuân Quang",
        "symbol": "BC-UBND",
        "addressees": "Sở Khoa học và Công nghệ tỉnh Lào Cai",
        "request": "",
        "signer_form": "chair",
        "signer_lines": "",
        "signer_name": "Hoàng Văn Thử",
        "copies": "Trung tâm Phục vụ hành chính công xã",
        "archive": "VHXH",
    }
    assert client.post(url, data=form).status_code == 302
    printed = paper(client.get(f"{address}/pdf"))
    assert "TM. ỦY BAN NHÂN DÂN" in printed and "Hoàng Văn Thử" in printed
    assert "Trung tâm Phục vụ hành chính công xã" in printed
    stale = client.post(url, data=form)
    assert stale.status_code == 422
    ranked = client.post(url, data={**form, "base_version": "1", "signer_name": "TS. Hoàng Văn Thử"})
    assert ranked.status_code == 422 and 'id="signer_name-error"' in text(ranked)


def test_a_reviewer_of_the_area_reads_figures_but_no_paper_of_the_whole_commune(
    client: CheckingClient, cast: Cast, address: str
) -> None:
    client.sign_in(cast.giang)
    assert client.get(address).status_code == 200
    assert client.get(f"{address}/pdf").status_code == 404


def test_a_figure_opens_the_rows_of_its_own_commune(client: CheckingClient, cast: Cast, address: str) -> None:
    """A reviewer sees several communes: the rows behind a commune's figure are that commune's."""
    client.sign_in(cast.an).post("/visits/new", data=visit_form(cast))
    for reader in (cast.giang, cast.chi):
        row = text(client.sign_in(reader).get(address)).split("Lượt đến hộ")[1].split("</tr>")[0]
        link = re.search(r'href="([^"]+)"', row)
        assert link and f"commune_id={cast.commune.id}&" in link[1]
        assert client.get(link[1].replace("&amp;", "&")).status_code == 200


def test_what_is_left_to_do_links_only_where_the_reader_can_do_it(
    client: CheckingClient, cast: Cast, address: str
) -> None:
    def left() -> str:
        return text(client.get(address)).split("Trước khi chốt số liệu:")[1].split("</div>")[0]

    client.sign_in(cast.chi)
    assert 'href="#next_steps"' in left() and "state=silent" in left()
    client.sign_in(cast.giang)
    assert "mục IV để trống" in left() and "#next_steps" not in left() and "state=silent" not in left()
    assert f"/coverage?open={cast.commune.id}&amp;" in left()


def test_the_next_commune_finds_nothing(client: CheckingClient, cast: Cast, address: str) -> None:
    client.sign_in(cast.dung)
    for page in ("", "/pdf", "/docx", "/xlsx"):
        assert client.get(address + page).status_code == 404
    assert client.get(f"/reports/{cast.commune.id}/settings").status_code == 404
    assert client.get(f"/reports/{cast.next_commune.id}/2026-13").status_code == 404
