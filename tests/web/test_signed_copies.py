"""Signed copies of a report: kept byte for byte, several of one report, given back inside the commune alone."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import col, select

from tdteam.actions.keep_signed import LARGEST
from tdteam.domain.report_life import Step
from tdteam.store import backup_files, doctor, proofs
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Account, Audit, SignedCopy
from tests.actions.given import signed_in
from tests.actions.sealed import issue, seal, step
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.uploading import text as said

PDF = b"%PDF-1.7\n1 0 obj <</Type /Sig>> endobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
HASH = hashlib.sha256(PDF).hexdigest()


@pytest.fixture
def code(engine: Engine, cast: Cast) -> str:
    """The code of Xuân Quang's issued November."""
    with signed_in(engine, cast.chi) as session:
        made = seal(session, cast).code
    issue(engine, cast)
    return made


def address(cast: Cast, tail: object = "", period: str = "2026-11") -> str:
    return f"/reports/{cast.commune.id}/{period}/signed{f'/{tail}' if tail else ''}"


def send(
    client: CheckingClient, cast: Cast, body: bytes = PDF, name: str = "Báo cáo đã ký.pdf", **more: Any
) -> Any:
    return client.post(address(cast, **more), data={"scan": (io.BytesIO(body), name)})


def copies(engine: Engine) -> list[SignedCopy]:
    with open_session(engine, EVERYWHERE) as looking:
        looking.expire_on_commit = False
        return list(looking.exec(select(SignedCopy).order_by(col(SignedCopy.id))))


def kept_files(app: Flask) -> list[str]:
    return sorted(path.name for path in (app.config["TDTEAM"].instance / "scans").glob("*"))


def test_a_signed_copy_is_kept_and_given_back_byte_for_byte(
    client: CheckingClient, engine: Engine, cast: Cast, code: str
) -> None:
    sent = send(client.sign_in(cast.chi), cast)
    assert sent.status_code == 302
    assert sent.location == f"/reports/{cast.commune.id}/2026-11#signed-copies"
    [row] = copies(engine)
    assert (row.name, row.sha256, row.size, row.kept_by) == ("Báo cáo đã ký.pdf", HASH, len(PDF), cast.chi.id)
    answer = client.get(address(cast, row.id))
    assert answer.data == PDF
    assert (answer.mimetype, answer.headers["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert answer.headers["Content-Disposition"] == f'inline; filename="bao-cao-da-ky-{HASH[:8]}.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    with open_session(engine, EVERYWHERE) as looking:
        entry = looking.exec(select(Audit).where(Audit.noun == "signed_copy")).one()
        assert (entry.action, entry.target, entry.place_id, entry.account_id) == (
            "keep",
            str(row.id),
            cast.commune.id,
            cast.chi.id,
        )
        assert json.loads(entry.detail) == {"sealing": row.sealing_id, "sha256": HASH}


def test_several_are_kept_and_the_same_file_once(
    client: CheckingClient, engine: Engine, cast: Cast, code: str
) -> None:
    client.sign_in(cast.chi)
    for body, name in ((PDF, "a.pdf"), (PNG, "b.png"), (PDF, "again.pdf")):
        assert send(client, cast, body, name).status_code == 302
    assert [(row.name, row.size) for row in copies(engine)] == [("a.pdf", len(PDF)), ("b.png", len(PNG))]
    with open_session(engine, EVERYWHERE) as looking:
        assert len(looking.exec(select(Audit).where(Audit.noun == "signed_copy")).all()) == 2


def test_a_signed_report_takes_copies_before_it_is_issued_and_an_unsigned_one_none(
    client: CheckingClient, app: Flask, engine: Engine, cast: Cast
) -> None:
    client.sign_in(cast.chi)
    assert send(client, cast).status_code == 404  # nobody has begun a report
    with signed_in(engine, cast.chi) as session:
        seal(session, cast)
    assert send(client, cast).status_code == 409
    with signed_in(engine, cast.chi) as session:
        step(session, cast, Step.SUBMIT, cast.chi)
    assert send(client, cast).status_code == 409
    assert kept_files(app) == []
    with signed_in(engine, cast.em) as session:
        step(session, cast, Step.SIGN, cast.em)
    assert send(client, cast).status_code == 302
    assert len(copies(engine)) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "trống"),
        (b"MZ\x90 a program", "phải là tệp PDF, JPG hoặc PNG"),
        (b"<html>%PDF-", "phải là tệp PDF, JPG hoặc PNG"),
        (b"%PDF-" + bytes(LARGEST), "lớn hơn 20 MB"),
    ],
)
def test_what_is_no_paper_is_refused_beside_the_field(
    client: CheckingClient, app: Flask, engine: Engine, cast: Cast, code: str, body: bytes, words: str
) -> None:
    answer = send(client.sign_in(cast.chi), cast, body, "report.pdf")
    assert answer.status_code == 422
    assert words in said(answer)
    assert copies(engine) == [] and kept_files(app) == []


def test_a_form_without_a_file_says_so(client: CheckingClient, cast: Cast, code: str) -> None:
    answer = client.sign_in(cast.chi).post(address(cast))
    assert answer.status_code == 422
    assert "Hãy chọn tệp trước." in said(answer)


def test_only_the_commune_sends_and_sees_copies(
    client: CheckingClient, engine: Engine, cast: Cast, code: str
) -> None:
    send(client.sign_in(cast.chi), cast)
    [row] = copies(engine)
    may: dict[str, tuple[int, int]] = {}
    for who in cast.everybody:
        client.sign_in(who)
        may[who.username] = (
            send(client, cast, PNG, "b.png").status_code,
            client.get(address(cast, row.id)).status_code,
        )
    assert may == {
        "an": (403, 403),  # a member sees no figures
        "binh": (403, 404),  # a leader's scope is the village, not the commune
        "chi": (302, 200),
        "dung": (404, 404),  # the next commune
        "em": (403, 200),
        "giang": (403, 404),  # the area holds the commune's villages, not the commune
        "hai": (403, 200),
        "khoa": (403, 200),
    }
    assert client.sign_out().get(address(cast, row.id)).status_code == 302
    chi: Account = cast.chi
    assert client.sign_in(chi).get(address(cast, row.id, period="2026-10")).status_code == 404
    assert client.get(address(cast, 99)).status_code == 404


def test_an_altered_or_lost_copy_is_not_given_out_and_is_named(
    client: CheckingClient, app: Flask, engine: Engine, cast: Cast, code: str
) -> None:
    send(client.sign_in(cast.chi), cast)
    [row] = copies(engine)
    instance: Path = app.config["TDTEAM"].instance
    file = instance / "scans" / HASH
    with open_session(engine, EVERYWHERE) as looking:
        assert proofs.compare_papers(looking, instance).broken == ()
    for spoil in (lambda: file.write_bytes(PDF + b" "), file.unlink):
        spoil()
        assert client.get(address(cast, row.id)).status_code == 404
        assert backup_files.missing_from(engine, instance) == [f"scans/{HASH}"]
        with open_session(engine, EVERYWHERE) as looking:
            found = proofs.compare_papers(looking, instance)
        assert found.broken == (proofs.Broken(code, 1, proofs.Fault.COPY, HASH[:12]),)
        url = str(engine.url.render_as_string(hide_password=False))
        checks = {check.name: check for check in doctor.examine(url, None, instance, EVERYWHERE)}
        assert (checks["files"].ok, checks["papers"].ok) == (False, False)
        assert checks["papers"].params == {"num": 1, "first": f"{code} 1 copy {HASH[:12]}"}


def test_copies_belong_to_backups(
    client: CheckingClient, app: Flask, engine: Engine, cast: Cast, code: str, tmp_path: Path
) -> None:
    send(client.sign_in(cast.chi), cast)
    instance: Path = app.config["TDTEAM"].instance
    (tmp_path / "kept").mkdir()
    kept = backup_files.keep_files(engine, instance, tmp_path / "kept" / "a.db")
    assert (kept.count, kept.missing) == (1, ())
    (instance / "scans" / HASH).unlink()
    listing = backup_files.read_list(tmp_path / "kept" / "a.db")
    assert listing is not None
    assert backup_files.put_back(listing, tmp_path / "kept" / "a.db", instance) == 1
    [row] = copies(engine)
    assert client.get(address(cast, row.id)).data == PDF


def test_the_public_check_knows_the_copies_by_hash_alone(
    client: CheckingClient, cast: Cast, code: str
) -> None:
    send(client.sign_in(cast.chi), cast, name="Bản ký của ông Nguyễn Văn Tèo.pdf")
    page = client.sign_out().get(f"/verify/{code}").get_data(as_text=True)
    assert {"kind": "signed", "sha256": HASH, "size": len(PDF)} in json.loads(
        page.split('id="paper-files">', 1)[1].split("</script>", 1)[0]
    )
    assert "Tèo" not in page
