"""The register of evidence documents: entered, found again, opened by whom it may be, kept whole in a backup."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.store import backup_files
from tdteam.store.tables import Audit, Document, DocumentIndicator, DocumentTie
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import everywhere
from tests.web.photos import photo

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n"
ABSTRACT = "Kế hoạch triển khai Tổ công nghệ số cộng đồng năm 2026"


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def rows(engine: Engine, kind: type[Any] = Document) -> list[Any]:
    with everywhere(engine) as session:
        session.expire_on_commit = False
        return list(session.exec(select(kind)))


def body(cast: Cast, file: tuple[bytes, str] | None = (PDF, "ke-hoach.pdf"), **more: Any) -> dict[str, Any]:
    given = {
        "kind": "plan", "number": "12/KH-UBND", "dated": "02/03/2026", "issuer": "UBND xã Xuân Quang",
        "abstract": ABSTRACT, "place_id": str(cast.commune.id), "indicators": ["HOUSEHOLDS_REACHED"], **more,
    }  # fmt: skip
    if file:
        given["file"] = (io.BytesIO(file[0]), file[1])
    return given


def add(client: CheckingClient, cast: Cast, file: Any = (PDF, "ke-hoach.pdf"), **more: Any) -> Any:
    return client.post("/documents/new", data=body(cast, file, **more), content_type="multipart/form-data")


@pytest.fixture
def chi(client: CheckingClient, cast: Cast) -> CheckingClient:
    client.sign_in(cast.chi)
    return client


def test_a_document_is_entered_listed_and_given_back_byte_for_byte(
    chi: CheckingClient, cast: Cast, engine: Engine
) -> None:
    made = add(chi, cast, ties=[f"team:{cast.village.team.id}"], more=f"village:{cast.village.id}")
    assert made.status_code == 302, text(made)
    page = text(chi.get(made.location))
    assert ABSTRACT in page and "12/KH-UBND" in page and "Tổ Hốc Đá" in page
    (row,) = rows(engine)
    assert (row.sha256, row.file_kind, row.has_names) == (hashlib.sha256(PDF).hexdigest(), "pdf", False)
    given = chi.get(f"/documents/{row.id}/file")
    assert given.data == PDF
    assert given.headers["Content-Disposition"].startswith("attachment;")
    assert given.content_type == "application/pdf"
    assert {(one.noun, one.target) for one in rows(engine, DocumentTie)} == {
        ("team", str(cast.village.team.id)), ("village", str(cast.village.id)),
    }  # fmt: skip
    assert [one.indicator for one in rows(engine, DocumentIndicator)] == ["HOUSEHOLDS_REACHED"]
    assert [(one.action, one.noun) for one in rows(engine, Audit)].count(("create", "document")) == 1
    assert ABSTRACT in text(chi.get(f"/teams/{cast.village.team.id}"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("kind=plan", True),
        ("kind=photo", False),
        ("indicator=HOUSEHOLDS_REACHED", True),
        ("indicator=VISITS", False),
        ("missing=file", True),
        ("missing=any", True),
        ("missing=number", False),
        ("since=01/01/2026&until=31/12/2026", True),
        ("until=31/12/2025", False),
        ("state=withdrawn", False),
        ("place_id={commune}", True),
        ("place_id={area}", True),
        ("place_id={next}", False),
        ("tie=village:{village}", True),
        ("tie=village:999999", False),
        ("tie=odd&kind=odd&missing=odd&place_id=x&after=%00", True),
    ],
)
def test_the_register_is_filtered_by_its_address(
    chi: CheckingClient, cast: Cast, query: str, found: bool
) -> None:
    add(chi, cast, None, ties=[f"village:{cast.village.id}"])
    ids = {
        "commune": cast.commune.id,
        "area": cast.area.id,
        "next": cast.next_commune.id,
        "village": cast.village.id,
    }
    assert (ABSTRACT in text(chi.get("/documents/?" + query.format(**ids)))) == found


def test_nothing_typed_is_lost_where_something_is_wrong(
    chi: CheckingClient, cast: Cast, engine: Engine
) -> None:
    wrong = add(chi, cast, (b"MZ hello", "virus.exe"), issuer="UBND xã")
    assert wrong.status_code == 422
    assert "Loại tệp này không nhận" in text(wrong) and ABSTRACT in text(wrong) and "UBND xã" in text(wrong)
    wrong = add(chi, cast, (PDF, "CCCD 001203004567.pdf"), abstract="", dated="31/02/2026", kind="")
    assert "Tên tệp có dãy số" not in text(wrong)  # the form's own flaws come first
    assert wrong.status_code == 422 and "Không có ngày" in text(wrong)
    wrong = add(chi, cast, (PDF, "CCCD 001203004567.pdf"))
    assert wrong.status_code == 422 and "Tên tệp có dãy số" in text(wrong)
    wrong = add(chi, cast, place_id=str(cast.next_commune.id), indicators=["NO_SUCH"], ties=["team:999999"])
    assert wrong.status_code == 422
    assert rows(engine) == []


def test_a_picture_is_drawn_anew_without_what_the_camera_wrote(
    chi: CheckingClient, cast: Cast, engine: Engine
) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Nhà ông Sì"
    sent = photo(exif=exif)
    assert b"Nh\xc3\xa0" in sent or b"ng S" in sent
    add(chi, cast, (sent, "IMG_20261115_093012.jpg"), kind="photo", has_names="y")
    (row,) = rows(engine)
    kept = chi.get(f"/documents/{row.id}/file").data
    assert (row.file_name, row.file_kind) == ("tai-lieu.jpg", "jpg")
    assert not Image.open(io.BytesIO(kept)).getexif() and b"ng S" not in kept


def test_a_workbook_and_a_text_are_taken_and_hostile_ones_refused(
    chi: CheckingClient, cast: Cast, engine: Engine
) -> None:
    def packed(parts: dict[str, bytes]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items():
                archive.writestr(name, part)
        return out.getvalue()

    letter = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}
    assert add(chi, cast, (packed(letter), "cong-van.docx")).status_code == 302
    assert (
        add(chi, cast, (Path("tests/data/ho-dan-xuan-quang.xlsx").read_bytes(), "ds.xlsx")).status_code == 302
    )
    assert [one.file_kind for one in rows(engine)] == ["docx", "xlsx"]
    for bad in (
        packed({**letter, "word/media/bomb.bin": bytes(70 << 20)}),
        packed({**letter, "word/vbaProject.bin": b"macro"}),
        packed({"anything.txt": b"x"}),
        b"PK\x03\x04 broken",
        b"",
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        PDF + bytes(20 << 20),
    ):
        assert add(chi, cast, (bad, "tep.bin")).status_code == 422, bad[:20]
    assert len(rows(engine)) == 2


def test_a_file_with_names_opens_only_where_names_are_seen(
    chi: CheckingClient, cast: Cast, engine: Engine
) -> None:
    add(chi, cast, has_names="y", kind="list")
    (row,) = rows(engine)
    path = f"/documents/{row.id}"
    above_his_village = (cast.binh, 403)  # its people are not his
    seen = [(cast.chi, 200), (cast.em, 200), (cast.giang, 403), (cast.hai, 403), (cast.khoa, 403)]
    for account, status in [*seen, (cast.dung, 404), above_his_village]:
        chi.sign_in(account)
        assert chi.get(f"{path}/file").status_code == status, account.username
    for account in (cast.giang, cast.binh):
        chi.sign_in(account)
        page = text(chi.get(path))
        assert ABSTRACT in page and "Tệp này có tên người" in page and f"{path}/file" not in page
    chi.sign_in(cast.dung)
    assert chi.get(path).status_code == 404 and ABSTRACT not in text(chi.get("/documents/"))


def test_two_people_at_once_are_told_apart_and_a_file_may_be_replaced(
    chi: CheckingClient, cast: Cast, engine: Engine
) -> None:
    add(chi, cast)
    (row,) = rows(engine)
    path, more = f"/documents/{row.id}/edit", {"base_version": "1"}
    first = chi.post(path, data=body(cast, (PDF + b"2", "moi.pdf"), number="13/KH-UBND", **more))
    assert first.status_code == 302, text(first)
    late = chi.post(path, data=body(cast, None, number="14/KH-UBND", **more))
    assert late.status_code == 409 and "13/KH-UBND" in text(late) and "14/KH-UBND" in text(late)
    (row,) = rows(engine)
    assert (row.version, row.number, row.sha256) == (2, "13/KH-UBND", hashlib.sha256(PDF + b"2").hexdigest())
    page = text(chi.get(path))
    assert "Đang giữ: moi.pdf" in page and "13/KH-UBND" in page


def test_a_withdrawn_document_proves_nothing_and_stays(
    chi: CheckingClient, cast: Cast, engine: Engine
) -> None:
    add(chi, cast, ties=[f"team:{cast.village.team.id}"])
    (row,) = rows(engine)
    assert chi.post(f"/documents/{row.id}/withdraw", data={"why": ""}).status_code == 422
    assert chi.post(f"/documents/{row.id}/withdraw", data={"why": "Ghi nhầm"}).status_code == 302
    assert ABSTRACT not in text(chi.get("/documents/"))
    assert ABSTRACT in text(chi.get("/documents/?state=withdrawn"))
    assert ABSTRACT not in text(chi.get(f"/teams/{cast.village.team.id}"))
    assert "Ghi nhầm" in text(chi.get(f"/documents/{row.id}"))
    assert chi.get(f"/documents/{row.id}/edit").status_code == 302


def test_the_list_goes_out_as_workbook_and_csv_with_hashes(chi: CheckingClient, cast: Cast) -> None:
    add(chi, cast, abstract="=HYPERLINK(1)")
    told = chi.get("/documents/export.csv").data.decode("utf-8-sig")
    assert "12/KH-UBND" in told and hashlib.sha256(PDF).hexdigest() in told and "'=HYPERLINK" in told
    assert chi.get("/documents/export.xlsx").data[:2] == b"PK"


def test_a_backup_and_the_doctor_know_the_files(
    chi: CheckingClient, cast: Cast, engine: Engine, app: Flask, tmp_path: Path
) -> None:
    add(chi, cast)
    instance, name = app.config["TDTEAM"].instance, hashlib.sha256(PDF).hexdigest()
    assert backup_files.wanted(engine)[f"scans/{name}"] == name
    kept = backup_files.keep_files(engine, instance, tmp_path / "tdteam-x.db")
    assert kept.missing == () and (tmp_path / backup_files.STORE / "scans" / name).read_bytes() == PDF
    (instance / "scans" / name).write_bytes(b"altered")
    assert backup_files.missing_from(engine, instance) == [f"scans/{name}"]
    assert chi.get(f"/documents/{rows(engine)[0].id}/file").status_code == 404
