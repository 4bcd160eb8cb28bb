"""A correction of form: a letter names the issued paper and what is printed wrongly in it; no figure changes."""

from __future__ import annotations

import hashlib
import io
import re
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import Engine
from sqlmodel import func, select

from tdteam.store.tables import Audit, Document, Paper
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import everywhere
from tests.web.test_report_steps import issue, step, text
from tests.web.test_reports import words


@pytest.fixture
def at(client: CheckingClient, cast: Cast) -> str:
    """An issued report of number 72."""
    address = f"/reports/{cast.commune.id}/2026-11"
    client.sign_in(cast.chi).post(address, data=words(number="72", dated="16/11/2026"))
    step(client, address, "seal")
    issue(client, cast, address)
    return address


def letter(**more: str) -> dict[str, str]:
    rows = {
        "corrections-0-where": "trang 2, mục IV",
        "corrections-0-printed": "tháng 11",
        "corrections-0-correct": "tháng 12",
    }
    return {**rows, "why": "In nhầm tháng", "symbol": "UBND-VHXH", "number": "", "dated": "", **more}


def printed(answer: Any) -> str:
    assert answer.mimetype == "application/pdf", answer.status
    return re.sub(
        r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    )


def test_the_letter_names_the_paper_and_what_is_corrected(
    client: CheckingClient, cast: Cast, at: str, engine: Engine
) -> None:
    client.sign_in(cast.chi)
    assert "/correction/" in text(client.get(at))
    assert client.get(f"{at}/correction/").status_code == 200
    with everywhere(engine) as session:
        before = session.exec(select(func.count(Paper.id))).one()
    told = printed(client.post(f"{at}/correction/", data=letter()))
    for words_of_it in ("72/BC-UBND", "trang 2, mục IV", "tháng 11", "tháng 12", "In nhầm tháng"):
        assert words_of_it in told
    word = client.post(f"{at}/correction/", data=letter(docx="1"))
    assert word.data.startswith(b"PK")
    client.post(f"{at}/correction/", data=letter(number="9", dated="17/11/2026"))
    page = text(client.get(f"{at}/history"))
    assert page.count("V/v đính chính Báo cáo số 72/BC-UBND") == 2  # the same letter is kept once
    assert "9/UBND-VHXH" in page
    with everywhere(engine) as session:
        kept = session.exec(select(Document).order_by(Document.id)).all()  # type: ignore[arg-type]
    body = client.get(f"/documents/{kept[0].id}/file").data
    assert body.startswith(b"%PDF") and hashlib.sha256(body).hexdigest() == kept[0].sha256
    with everywhere(engine) as session:
        assert session.exec(select(func.count(Paper.id))).one() == before
        noted = session.exec(select(Audit.noun, Audit.action)).all()
        assert noted.count(("correction_letter", "export")) == 3 and noted.count(("document", "create")) == 2


def test_what_is_missing_stands_beside_its_field(client: CheckingClient, cast: Cast, at: str) -> None:
    client.sign_in(cast.chi)
    wrong = {"corrections-1-where": "", "corrections-1-printed": "tháng 1", "corrections-1-correct": ""}
    page = client.post(f"{at}/correction/", data=letter(why="", symbol="", **wrong))
    assert page.status_code == 422
    for field in ("why", "symbol", "corrections-1-correct"):
        assert f'id="{field}-error"' in text(page), field
    empty = client.post(
        f"{at}/correction/",
        data=letter(**{"corrections-0-where": "", "corrections-0-printed": "", "corrections-0-correct": ""}),
    )
    assert empty.status_code == 422 and 'id="corrections-0-printed-error"' in text(empty)


def test_only_an_issued_paper_is_corrected(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.chi)
    assert client.get(f"/reports/{cast.commune.id}/2026-10/correction/").status_code == 404
