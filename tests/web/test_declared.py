"""Figures told on paper, in Zalo, by agencies: typed whole or not at all, beside what the tool counted, never added."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from flask import Flask
from sqlmodel import select

from tdteam.actions import keep_scan
from tdteam.actions.draft_report import read_facts
from tdteam.actions.record_visit import record_visit
from tdteam.actions.workbooks import read_workbook
from tdteam.domain.errors import NotFound, Refused
from tdteam.domain.periods import Period, today
from tdteam.domain.roles import SYSTEM
from tdteam.store import stocks
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Audit, Declared, Team
from tests.actions.given import helped, seal, visit_at
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.test_coverage import text

NOVEMBER = "2026-11"
DAY = date(2026, 11, 10)
PDF = b"%PDF-1.7\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)


@pytest.fixture
def paper(cast: Cast) -> Cast:
    """The first village's team writes on paper; the other's uses the tool."""
    session = cast.village.world.session
    team = session.get(Team, cast.village.team.id)
    assert team is not None
    team.channel = "paper"
    session.add(team)
    session.commit()
    return cast


@pytest.fixture
def rows(app: Flask) -> Iterator[Any]:
    """The declared rows in force, by (team, indicator) or (place, indicator)."""

    def read() -> dict[tuple[int, str], Declared]:
        with open_session(app.extensions["tdteam_engine"], EVERYWHERE) as session:
            session.expire_on_commit = False
            found = session.exec(select(Declared).where(Declared.superseded_at == None)).all()  # noqa: E711
            return {(row.team_id or row.place_id, row.indicator): row for row in found}

    yield read


def stamp(client: CheckingClient, address: str) -> str:
    page = client.get(address).get_data(as_text=True)
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found
    return found[1]


def send(client: CheckingClient, cast: Cast, **more: Any) -> Any:
    """The grid of November as the form posts it: `visits` and the like are figures of the paper team."""
    address = more.pop("address", f"/declared/?period={NOVEMBER}")
    team = more.pop("team", cast.village.team.id)
    data: dict[str, Any] = {"seen": more.pop("seen", None) or stamp(client, address)}
    words = ("sender", "received_on", "note", "scan", "kept")
    for name, value in more.items():
        data[f"{name}-{team}" if name in words else f"f-{team}-{name}"] = value
    return client.post(address, data=data, content_type="multipart/form-data")


def test_figures_of_a_paper_team_are_kept_with_sender_day_and_note(
    client: CheckingClient, paper: Cast, rows: Any
) -> None:
    client.sign_in(paper.chi)
    answer = send(
        client,
        paper,
        VISITS="1.234",
        PEOPLE="0",
        sender="Chảo Văn Bình",
        received_on="17/11/2026",
        note="Bản giấy",
    )
    assert answer.status_code == 302
    found = rows()
    row = found[paper.village.team.id, "VISITS"]
    assert (row.part, row.whole, row.period, row.as_of) == (1234, None, NOVEMBER, None)
    assert (row.sender, row.received_on, row.note) == ("Chảo Văn Bình", date(2026, 11, 17), "Bản giấy")
    assert row.source == "Phiếu ghi hỗ trợ của Tổ Hốc Đá" and row.place_id == paper.village.id
    assert found[paper.village.team.id, "PEOPLE"].part == 0  # said to be none
    assert (paper.village.team.id, "FILINGS") not in found  # not said at all
    page = client.get(f"/declared/?period={NOVEMBER}").get_data(as_text=True)
    assert 'value="1.234"' in page and "Nậm Dù" not in text(client.get(f"/declared/?period={NOVEMBER}"))


def test_saving_again_changes_only_what_differs_and_keeps_the_history(
    client: CheckingClient, paper: Cast, rows: Any
) -> None:
    client.sign_in(paper.chi)
    first = {"VISITS": "10", "PEOPLE": "12", "sender": "A"}
    send(client, paper, **first)
    before = rows()
    send(client, paper, **first)
    assert {key: row.id for key, row in rows().items()} == {key: row.id for key, row in before.items()}
    send(client, paper, VISITS="11", PEOPLE="12", sender="A")
    after = rows()
    team = paper.village.team.id
    assert after[team, "VISITS"].part == 11 and after[team, "PEOPLE"].id == before[team, "PEOPLE"].id
    with open_session(client.application.extensions["tdteam_engine"], EVERYWHERE) as session:
        old = session.get(Declared, before[team, "VISITS"].id)
        assert old is not None and old.superseded_at is not None and old.part == 10
        acts = [row.action for row in session.exec(select(Audit).where(Audit.noun == "declared"))]
        assert acts == ["declare", "declare"]


def test_an_emptied_cell_takes_the_figure_back(client: CheckingClient, paper: Cast, rows: Any) -> None:
    client.sign_in(paper.chi)
    send(client, paper, VISITS="10", PEOPLE="12")
    send(client, paper, VISITS="", PEOPLE="12")
    assert set(rows()) == {(paper.village.team.id, "PEOPLE")}


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [
        ({"VISITS": "1.23"}, "1.23"),
        ({"VISITS": "-4"}, ""),
        ({"VISITS": "mười"}, "mười"),
        ({"VISITS": "99999999"}, ""),
        ({"received_on": "30/02/2026"}, "Không có ngày này"),
        ({"received_on": "mai"}, "ngày"),
        ({"note": "gọi số 012345678901"}, "12"),
        ({"sender": "CCCD 012345678901"}, "12"),
    ],
)
def test_one_wrong_cell_stores_nothing_and_loses_nothing(
    client: CheckingClient, paper: Cast, rows: Any, wrong: dict[str, str], beside: str
) -> None:
    client.sign_in(paper.chi)
    answer = send(client, paper, **{"PEOPLE": "12", "VISITS": "10", "note": "giữ lại", **wrong})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and rows() == {}
    assert 'value="12"' in page and all(f'value="{value}"' in page for value in wrong.values())
    assert 'aria-invalid="true"' in page and "Chưa lưu gì" in page


def test_a_sender_without_any_figure_is_asked_for_one(client: CheckingClient, paper: Cast, rows: Any) -> None:
    answer = send(client.sign_in(paper.chi), paper, sender="Chảo Văn Bình")
    assert answer.status_code == 422 and "ít nhất một số liệu" in text(answer) and rows() == {}


def test_a_day_not_come_yet_is_refused_beside_its_team(client: CheckingClient, paper: Cast) -> None:
    client.sign_in(paper.chi)
    tomorrow = (today() + timedelta(days=1)).strftime("%d/%m/%Y")
    answer = send(client, paper, VISITS="1", received_on=tomorrow)
    assert answer.status_code == 422
    assert f'id="received_on-{paper.village.team.id}-error"' in answer.get_data(as_text=True)


def test_who_saves_after_somebody_else_is_told_before_overwriting(
    client: CheckingClient, paper: Cast, rows: Any
) -> None:
    client.sign_in(paper.chi)
    early = stamp(client, f"/declared/?period={NOVEMBER}")
    send(client, paper, VISITS="10")
    late = send(client, paper, VISITS="99", seen=early)
    assert late.status_code == 422 and "người khác" in text(late)
    assert rows()[paper.village.team.id, "VISITS"].part == 10
    assert send(client, paper, VISITS="99").status_code == 302


def test_what_the_tool_counted_stands_beside_and_is_never_added(
    client: CheckingClient, paper: Cast, rows: Any
) -> None:
    session = paper.village.world.session
    home = paper.village.household()
    stocks.touch(session, [paper.village.id], on=DAY)
    record_visit(session, visit_at(paper.village, helped(people=3), household_id=home.id), SYSTEM)
    session.commit()
    client.sign_in(paper.chi)
    assert "máy: 3" in text(client.get(f"/declared/?period={NOVEMBER}"))
    send(client, paper, PEOPLE="40")
    with open_session(client.application.extensions["tdteam_engine"], EVERYWHERE) as reading:
        facts = read_facts(reading, paper.commune.id or 0, Period(2026, 11))
    people = {line.code: line.now for line in facts.figures}
    assert people["PEOPLE"] == 3
    assert rows()[paper.village.team.id, "PEOPLE"].part == 40


def test_all_teams_can_be_shown_and_a_foreign_team_cannot_be_reached(
    client: CheckingClient, paper: Cast, rows: Any
) -> None:
    client.sign_in(paper.chi)
    everybody = f"/declared/?period={NOVEMBER}&teams=all"
    assert "Nậm Dù" in text(client.get(everybody))
    assert send(client, paper, address=everybody, team=paper.sibling.team.id, VISITS="5").status_code == 302
    far = paper.next_village.team.id
    assert send(client, paper, address=everybody, team=far, VISITS="7").status_code == 302
    assert set(rows()) == {(paper.sibling.team.id, "VISITS")}
    assert client.get(f"/declared/?place={paper.next_commune.id}").status_code == 404
    assert client.sign_in(paper.giang).get("/declared/").status_code == 403


def test_a_sealed_period_takes_no_figures(client: CheckingClient, paper: Cast, rows: Any) -> None:
    session = paper.village.world.session
    seal(session, paper.commune, NOVEMBER)
    session.commit()
    client.sign_in(paper.chi)
    assert "đã chốt" in text(client.get(f"/declared/?period={NOVEMBER}"))
    assert send(client, paper, VISITS="5").status_code == 422 and rows() == {}


def test_papers_of_the_period_that_just_ended_are_asked_for_first(
    client: CheckingClient, paper: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, month in (
        (date(2026, 11, 15), "11/2026"),
        (date(2026, 11, 24), "11/2026"),
        (date(2026, 11, 25), "12/2026"),
    ):
        for module in ("tdteam.web.declared", "tdteam.web.choices"):
            monkeypatch.setattr(f"{module}.today", lambda day=day: day)
        assert f"tháng {month}" in text(client.sign_in(paper.chi).get("/declared/"))


# Scans.


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


# The template.


def filled(body: bytes, changes: dict[tuple[int, int], object]) -> bytes:
    """The template as a clerk saves it: every cell as it was, some filled in."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Số liệu")
    for number, cells in read_workbook(body, "x.xlsx").sheets[0].rows():
        for place, cell in enumerate(cells):
            value = changes.get((number - 1, place), cell)
            if isinstance(value, date):
                sheet.write_datetime(number - 1, place, value, book.add_format({"num_format": "dd/mm/yyyy"}))
            elif value not in ("", None):
                sheet.write(number - 1, place, value)
    book.close()
    return out.getvalue()


def template(client: CheckingClient, query: str = f"period={NOVEMBER}&teams=all") -> bytes:
    return client.get(f"/declared/books/template.xlsx?{query}").data


def upload(client: CheckingClient, body: bytes, name: str = "mau.xlsx") -> Any:
    return client.post(
        "/declared/books/", data={"file": (io.BytesIO(body), name)}, content_type="multipart/form-data"
    )


def column_of(body: bytes, code: str) -> int:
    return [str(cell) for cell in read_workbook(body, "x.xlsx").sheets[0].head(1)[0]].index(code)


def row_of(body: bytes, team: int) -> int:
    """The sheet's row of a team, counted from 0."""
    sheet = read_workbook(body, "x.xlsx").sheets[0]
    return next(number for number, cells in sheet.rows() if str(cells[0]).removesuffix(".0") == str(team)) - 1


def test_a_template_is_filled_checked_taken_in_and_taken_back(
    client: CheckingClient, paper: Cast, rows: Any
) -> None:
    client.sign_in(paper.chi)
    send(client, paper, VISITS="10", PEOPLE="12")
    body = template(client)
    team = paper.village.team.id
    line = row_of(body, team)
    other = row_of(body, paper.sibling.team.id)
    full = filled(
        body,
        {
            (line, column_of(body, "VISITS")): 20,
            (line, column_of(body, "FILINGS")): 3,
            (other, column_of(body, "VISITS")): 7,
            (other, column_of(body, "PEOPLE")): "bảy",
            (other, column_of(body, "sender")): "Lý A",
        },
    )
    sent = upload(client, full)
    assert sent.status_code == 302
    page = text(client.get(sent.location))
    assert (
        "Số liệu sẽ thay đổi 3" in page and "Ô không nhận 1" in page and "bảy" not in page.split("Ô không")[0]
    )
    assert rows()[team, "VISITS"].part == 10  # nothing is written by looking
    done = client.post(f"{sent.location}/confirm")
    assert done.status_code == 302
    found = rows()
    assert {key: row.part for key, row in found.items()} == {
        (team, "VISITS"): 20,
        (team, "PEOPLE"): 12,
        (team, "FILINGS"): 3,
        (paper.sibling.team.id, "VISITS"): 7,
    }
    assert found[paper.sibling.team.id, "VISITS"].sender == "Lý A"
    assert client.post(f"{sent.location}/confirm").status_code == 409
    client.post(f"{sent.location}/undo")
    assert {key: row.part for key, row in rows().items()} == {(team, "VISITS"): 10, (team, "PEOPLE"): 12}
    assert client.post(f"{sent.location}/undo").status_code == 409


def test_undo_leaves_what_somebody_changed_since(client: CheckingClient, paper: Cast, rows: Any) -> None:
    client.sign_in(paper.chi)
    body = template(client)
    line = row_of(body, paper.village.team.id)
    sent = upload(
        client, filled(body, {(line, column_of(body, "VISITS")): 20, (line, column_of(body, "PEOPLE")): 5})
    )
    client.post(f"{sent.location}/confirm")
    send(client, paper, VISITS="21", PEOPLE="5")
    client.post(f"{sent.location}/undo")
    assert {key[1]: row.part for key, row in rows().items()} == {"VISITS": 21}


def test_a_template_holds_hidden_codes_and_only_the_figures_are_open(
    client: CheckingClient, paper: Cast
) -> None:
    import zipfile

    body = template(client.sign_in(paper.chi), f"period={NOVEMBER}")
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<sheetProtection" in sheet and 'hidden="1"' in sheet and "<dataValidation" in sheet
    told = [str(cell) for row in read_workbook(body, "x.xlsx").sheets[0].head(8) for cell in row]
    assert "Tổ Hốc Đá" in told and "Tổ Nậm Dù" not in told and "Hộ đã đến" in told
    assert template(client, f"period={NOVEMBER}") == body


def test_a_csv_of_the_template_and_moved_columns_are_understood(
    client: CheckingClient, paper: Cast, rows: Any
) -> None:
    client.sign_in(paper.chi)
    team = paper.village.team.id
    lines = [
        f"tdteam-declared:{paper.commune.id}:{NOVEMBER},PEOPLE,team,VISITS,NOBODY",
        "",
        f"{team},4,Tổ Hốc Đá,1.234,9",
        "999999,4,Tổ lạ,1,1",
    ]
    sent = upload(client, "\n".join(lines).encode(), "so-lieu.csv")
    page = text(client.get(sent.location))
    assert "Tổ lạ" in page and "Ô không nhận 1" in page
    client.post(f"{sent.location}/confirm")
    assert {key[1]: row.part for key, row in rows().items()} == {"VISITS": 1234, "PEOPLE": 4}


def test_other_files_and_templates_of_other_communes_are_refused_beside_the_file(
    client: CheckingClient, paper: Cast
) -> None:
    client.sign_in(paper.chi)
    for body, name in (
        (b"a,b\n1,2\n", "a.csv"),
        (b"MZ", "a.xlsx"),
        (b"tdteam-declared:1:2026-13\n1,2", "a.csv"),
    ):
        answer = upload(client, body, name)
        assert answer.status_code == 422 and 'id="file-error"' in answer.get_data(as_text=True)
    foreign = f"tdteam-declared:{paper.next_commune.id}:{NOVEMBER},VISITS\n1,2\n".encode()
    assert "xã khác" in text(upload(client, foreign, "a.csv"))


def test_a_template_of_a_colleague_next_door_is_not_found(client: CheckingClient, paper: Cast) -> None:
    body = template(client.sign_in(paper.chi))
    line = row_of(body, paper.village.team.id)
    sent = upload(client, filled(body, {(line, column_of(body, "VISITS")): 1}))
    assert client.sign_in(paper.dung).get(sent.location).status_code == 404
    assert client.post(f"{sent.location}/confirm").status_code == 404
    assert client.get("/imports/").status_code == 200


# Figures of agencies.


def note(client: CheckingClient, cast: Cast, code: str = "EID2_ACTIVE", **more: Any) -> Any:
    data = {
        "place_id": cast.commune.id,
        "part": "80",
        "whole": "100",
        "as_of": "14/11/2026",
        "source": "Công an xã",
        "received_on": "17/11/2026",
        **{name: (io.BytesIO(value), "a.pdf") if name == "scan" else value for name, value in more.items()},
    }
    return client.post(f"/declared/figures/{code}/new", data=data, content_type="multipart/form-data")


def test_the_police_figure_stands_with_source_and_day_and_in_the_report(
    client: CheckingClient, paper: Cast
) -> None:
    client.sign_in(paper.chi)
    assert note(client, paper, scan=PDF).status_code == 302
    page = text(client.get(f"/declared/figures/?period={NOVEMBER}"))
    assert "80/100 80,0% 14/11/2026 Công an xã" in page
    with open_session(client.application.extensions["tdteam_engine"], EVERYWHERE) as session:
        facts = read_facts(session, paper.commune.id or 0, Period(2026, 11))
    told = next(line for line in facts.figures if line.origin == "Công an xã")
    assert told.as_of == date(2026, 11, 14)
    assert "80/100" not in text(client.get("/declared/figures/?period=2026-10"))


def test_a_second_word_of_the_same_source_supersedes_and_both_stay_in_the_history(
    client: CheckingClient, paper: Cast
) -> None:
    client.sign_in(paper.chi)
    note(client, paper)
    note(client, paper, part="81")
    note(client, paper, part="70", source="Cổng Dịch vụ công")
    page = text(client.get(f"/declared/figures/?period={NOVEMBER}"))
    assert "81/100" in page and "70/100" in page and "80/100" not in page
    history = text(client.get("/declared/figures/EID2_ACTIVE"))
    assert history.count("Đã thay ngày") == 1 and "80/100" in history and "Trần Thị Chi" in history


def test_a_figure_is_withdrawn_and_stays_in_the_history(
    client: CheckingClient, paper: Cast, rows: Any
) -> None:
    client.sign_in(paper.chi)
    note(client, paper, place_id=paper.village.id)
    row = rows()[paper.village.id, "EID2_ACTIVE"]
    assert "và 1 thôn" in text(client.get(f"/declared/figures/?period={NOVEMBER}"))
    assert client.sign_in(paper.dung).post(f"/declared/figures/withdraw/{row.id}").status_code == 404
    client.sign_in(paper.chi)
    assert client.post(f"/declared/figures/withdraw/{row.id}").status_code == 302
    assert rows() == {} and "80/100" in text(client.get("/declared/figures/EID2_ACTIVE"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"part": ""}, "part"),
        ({"part": "101"}, "part"),
        ({"whole": ""}, "whole"),
        ({"as_of": ""}, "as_of"),
        ({"as_of": "01/01/2099"}, "as_of"),
        ({"source": " "}, "source"),
        ({"note": "mã OTP 123456"}, "note"),
        ({"received_on": "01/01/2099"}, "received_on"),
        ({"scan": b"MZ"}, "scan"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    client: CheckingClient, paper: Cast, rows: Any, wrong: dict[str, Any], field: str
) -> None:
    answer = note(client.sign_in(paper.chi), paper, **wrong)
    assert answer.status_code == 422 and rows() == {}
    assert f'id="{field}-error"' in answer.get_data(as_text=True)


def test_places_outside_and_unknown_indicators_are_not_found(client: CheckingClient, paper: Cast) -> None:
    client.sign_in(paper.chi)
    assert note(client, paper, place_id=paper.next_commune.id).status_code == 404
    assert note(client, paper, place_id="x").status_code == 404
    for code in ("VISITS", "NOBODY"):  # counted, and none
        assert client.get(f"/declared/figures/{code}").status_code == 404
        assert note(client, paper, code=code).status_code == 404
