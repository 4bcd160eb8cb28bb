"""Scans of paper: kept byte for byte, shown only inside the scope; and the blank forms they begin as."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tdteam.actions import keep_scan
from tdteam.domain.errors import NotFound, Refused
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.telling import NOVEMBER, PDF, PNG, paper, rows, send

__all__ = ["paper", "rows"]  # fixtures


def test_a_scan_is_kept_byte_for_byte_and_shown_only_inside_the_scope(
    client: CheckingClient, app: Flask, paper: Cast, rows: Any
) -> None:
    client.sign_in(paper.chi)
    send(client, paper, VISITS="5", scan=(io.BytesIO(PDF), "../phieu thang 11.PDF"))
    row = rows()[paper.village.team.id, "VISITS"]
    found = hashlib.sha256(PDF).hexdigest()
    assert (row.scan_name, row.scan_sha256) == ("phieu thang 11.pdf", found)
    kept = app.config["TDTEAM"].instance / "scans"
    assert (kept / found).read_bytes() == PDF and [path.name for path in kept.iterdir()] == [found]
    answer = client.get(f"/declared/scans/{found}")
    assert answer.data == PDF and answer.mimetype == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.sign_in(paper.dung).get(f"/declared/scans/{found}").status_code == 404
    send(client.sign_in(paper.chi), paper, VISITS="6")
    assert rows()[paper.village.team.id, "VISITS"].scan_sha256 == found  # a corrected figure keeps its paper


def test_a_scan_sent_with_a_mistake_need_not_be_sent_again_and_a_strangers_hash_opens_nothing(
    client: CheckingClient, paper: Cast, rows: Any
) -> None:
    client.sign_in(paper.chi)
    answer = send(client, paper, VISITS="1.23", scan=(io.BytesIO(PNG), "a.png"))
    found = hashlib.sha256(PNG).hexdigest()
    assert answer.status_code == 422 and f'value="{found}"' in answer.get_data(as_text=True)
    send(client, paper, VISITS="123", kept=found)
    assert rows()[paper.village.team.id, "VISITS"].scan_sha256 == found
    paper.next_village.team.channel = "paper"
    paper.next_village.world.session.add(paper.next_village.team)
    paper.next_village.world.session.commit()
    client.sign_in(paper.dung)
    send(client, paper, team=paper.next_village.team.id, VISITS="1", kept=found)
    assert rows()[paper.next_village.team.id, "VISITS"].scan_sha256 is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "scan_empty"),
        (b"MZ\x90\x00", "scan_type"),
        (b"<svg onload=alert(1)>", "scan_type"),
        (b"GIF89a", "scan_type"),
        (b"%PDF-" + bytes(10 * 1024 * 1024), "scan_large"),
    ],
)
def test_other_files_are_no_scans(tmp_path: Path, body: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        keep_scan.keep_scan(tmp_path, body, "a.pdf")
    assert [flaw.code for flaw in refused.value.flaws] == [code]
    assert not list(tmp_path.rglob("*.*"))


def test_a_scan_that_changed_on_the_disk_is_not_given_out(tmp_path: Path) -> None:
    scan = keep_scan.keep_scan(tmp_path, b"\xff\xd8\xff\xe0jpeg", "")
    assert scan.name == "scan.jpg"
    (tmp_path / "scans" / scan.sha256).write_bytes(b"\xff\xd8\xffother")
    for asked in (scan.sha256, "../tdteam.db", "0" * 64, "A" * 64):
        with pytest.raises(NotFound):
            keep_scan.read_scan(tmp_path, asked)


def test_a_wrong_scan_is_told_beside_its_team(client: CheckingClient, paper: Cast, rows: Any) -> None:
    answer = send(client.sign_in(paper.chi), paper, VISITS="5", scan=(io.BytesIO(b"MZ"), "a.pdf"))
    assert answer.status_code == 422 and rows() == {}
    assert f'id="scan-{paper.village.team.id}-error"' in answer.get_data(as_text=True)


def test_a_team_has_its_blank_visit_form(client: CheckingClient, paper: Cast) -> None:
    answer = client.sign_in(paper.chi).get(
        f"/declared/visit-form/{paper.village.team.id}.pdf?period={NOVEMBER}"
    )
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-")
    assert client.get(f"/declared/visit-form/{paper.next_village.team.id}.pdf").status_code == 404
    assert client.get("/declared/visit-form/999999.pdf").status_code == 404
