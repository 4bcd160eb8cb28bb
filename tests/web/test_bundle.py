"""What evidence is missing, the list of documents as paper, and the whole as one zip that carries its own hashes."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import Engine

from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Declared
from tests.cast import Cast
from tests.client import CheckingClient
from tests.reports.reading import read_pdf
from tests.web.test_documents import PDF, add, text

LIST = PDF + b"names"


@pytest.fixture
def chi(client: CheckingClient, cast: Cast) -> CheckingClient:
    client.sign_in(cast.chi)
    return client


@pytest.fixture
def filed(chi: CheckingClient, cast: Cast) -> CheckingClient:
    """A plan cited in full, a list with names, a letter without number or file, and a photo that proves nothing yet."""
    add(chi, cast)
    add(chi, cast, (LIST, "danh-sach.pdf"), kind="list", abstract="Danh sách hộ đã đến", has_names="y")
    add(chi, cast, None, kind="letter", number="", abstract="Công văn đôn đốc", indicators=["VISITS"])
    add(chi, cast, None, kind="photo", number="", abstract="Ảnh buổi tuyên truyền", indicators=[])
    return chi


def bundle(client: CheckingClient, query: str = "") -> dict[str, bytes]:
    answer = client.get(f"/documents/bundle.zip{query}")
    assert answer.status_code == 200 and answer.content_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def figures(parts: dict[str, bytes]) -> dict[str, list[str]]:
    return {row[0]: row for row in csv.reader(io.StringIO(parts["chi-tieu.csv"].decode("utf-8-sig")))}


def test_the_bundle_holds_every_file_and_the_hash_of_each(filed: CheckingClient, engine: Engine) -> None:
    parts = bundle(filed)
    files = [name for name in parts if name.startswith("tai-lieu/")]
    assert sorted(parts[name] for name in files) == sorted((PDF, LIST))
    told = dict(reversed(line.split("  ")) for line in parts["sha256.txt"].decode().splitlines())
    assert told == {
        name: hashlib.sha256(body).hexdigest() for name, body in parts.items() if name != "sha256.txt"
    }
    index = parts["muc-luc.html"].decode()
    for name in files:
        assert f'href="{name}"' in index
    assert "Công văn đôn đốc" in index and "thiếu số, ký hiệu" in index and "Ảnh buổi tuyên truyền" in index
    assert all(name.isascii() for name in parts)
    assert all("http" not in name for name in index.split('"') if name.startswith("http"))


def test_each_indicator_says_what_it_lacks(filed: CheckingClient, cast: Cast, engine: Engine) -> None:
    rows_of = figures(bundle(filed))
    assert rows_of["HOUSEHOLDS_REACHED"][-1] == "chưa có số liệu"
    assert "12/KH-UBND" in rows_of["HOUSEHOLDS_REACHED"][-2]
    assert rows_of["VISITS"][-1] == "chưa có số liệu, tài liệu chưa có tệp, trích dẫn chưa đầy đủ"
    assert rows_of["PEOPLE"][-1] == "chưa có số liệu, chưa có tài liệu"
    page = text(filed.get("/documents/missing"))
    assert "trích dẫn chưa đầy đủ" in page and "1 tài liệu chưa gắn chỉ tiêu" in page


def test_a_figure_known_shows_its_numerator_and_denominator(
    filed: CheckingClient, cast: Cast, engine: Engine
) -> None:
    with open_session(engine, EVERYWHERE, write=True) as session:
        facts = {"place_id": cast.commune.id, "indicator": "EID2_ACTIVE", "as_of": date(2026, 11, 20)}
        session.add(
            Declared(
                **facts, part=90, whole=120, source="Công an xã", declared_at=datetime.now(UTC), span_key="x"
            )
        )
        session.commit()
    row = figures(bundle(filed))["EID2_ACTIVE"]
    assert row[3:6] == ["90", "120", "90/120 (75%)"] and row[7] == "Công an xã"


def test_the_paper_and_the_workbook_say_the_same(filed: CheckingClient, cast: Cast) -> None:
    drawn = filed.get("/documents/register.pdf")
    assert drawn.content_type == "application/pdf"
    paper = read_pdf(drawn.data)
    assert all(page.landscape for page in paper)
    told = " ".join(" ".join(page.text for page in paper).split())
    book = load_workbook(io.BytesIO(filed.get("/documents/register.xlsx?span=year").data))
    cells = " ".join(str(cell.value) for line in book.active for cell in line if cell.value is not None)
    for words in ("BẢNG KÊ TÀI LIỆU KIỂM CHỨNG", "12/KH-UBND", "Danh sách hộ đã đến", "số, ký hiệu, tệp"):
        assert words in told and words in cells, words
    assert filed.get("/documents/register.docx").status_code == 404


def test_a_reviewer_without_names_takes_the_bundle_without_the_named_file(
    filed: CheckingClient, cast: Cast, engine: Engine
) -> None:
    filed.sign_in(cast.giang)
    parts = bundle(filed)
    assert LIST not in parts.values() and PDF in parts.values()
    assert "không kèm trong bộ này" in parts["muc-luc.html"].decode()
    filed.sign_in(cast.dung)
    assert PDF not in bundle(filed).values()
    for path in ("missing", "bundle.zip", "register.pdf"):
        assert filed.get(f"/documents/{path}?place_id={cast.commune.id}").status_code == 404
        assert filed.get(f"/documents/{path}?period=2030-01").status_code == 404
    filed.sign_in(cast.khoa)
    assert filed.get("/documents/missing").status_code == 200
    assert filed.get("/documents/bundle.zip").status_code == 403


def test_an_altered_file_is_missing_and_not_in_the_bundle(
    filed: CheckingClient, app: Flask, engine: Engine
) -> None:
    name = hashlib.sha256(PDF).hexdigest()
    (app.config["TDTEAM"].instance / "scans" / name).write_bytes(b"altered")
    parts = bundle(filed)
    assert [body for part, body in parts.items() if part.startswith("tai-lieu/")] == [LIST]
    assert name not in parts["sha256.txt"].decode()
    assert "thiếu tệp" in parts["muc-luc.html"].decode()


def test_odd_addresses_are_answered(filed: CheckingClient) -> None:
    for query, status in (
        ("place_id=x", 200),
        ("period=odd", 404),
        ("span=odd&gaps=y", 200),
        ("place_id=99999", 404),
    ):
        assert filed.get(f"/documents/missing?{query}").status_code == status, query
