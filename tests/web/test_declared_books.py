"""The grid as a workbook: template, dry run, confirmation, undo."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import xlsxwriter

from tdteam.actions.workbooks import read_workbook
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.board import text
from tests.web.telling import NOVEMBER, paper, rows, send

__all__ = ["paper", "rows"]  # fixtures


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
