"""Targets from Excel: template, dry run with reasons for each cell, confirm, undo."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.test_targets import EID2, YEAR, put, stored

HEAD = 5  # rows above the places


def template(client: CheckingClient, query: str = "") -> Any:
    answer = client.get(f"/targets/books/template.xlsx{query}")
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def at(book: Any, place: int, code: str) -> Any:
    """The cell of a place and indicator."""
    sheet = book.active
    column = next(cell.column for cell in sheet[1] if cell.value == code)
    row = next(cell.row for cell in sheet["A"][HEAD:] if cell.value == place)
    return sheet.cell(row, column)


def send(client: CheckingClient, book: Any) -> Any:
    out = io.BytesIO()
    book.save(out)
    return client.post("/targets/books/", data={"file": (io.BytesIO(out.getvalue()), "chi-tieu.xlsx")})


def test_a_filled_template_is_shown_set_and_taken_back(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.hai)
    put(client, {cast.commune.id: "82,5"})
    client.sign_in(cast.chi)
    put(client, {cast.sibling.id: "40"})
    before = stored(client)
    book = template(client)
    assert at(book, cast.commune.id or 0, EID2).value == 82.5
    at(book, cast.commune.id or 0, EID2).value = 90.25
    at(book, cast.village.id, EID2).value = "77,5%"
    at(book, cast.village.id, "GATHERINGS").value = 1200
    at(book, cast.sibling.id, EID2).value = "-"
    page = send(client, book)
    assert page.status_code == 302
    shown = client.get(page.location).get_data(as_text=True)
    assert "90,25" in shown and "77,5" in shown and "1.200" in shown and stored(client) == before
    assert client.post(f"{page.location}/confirm").status_code == 302
    year = str(YEAR)
    assert stored(client) == {
        (cast.commune.id or 0, EID2, year): 9025,
        (cast.village.id, EID2, year): 7750,
        (cast.village.id, "GATHERINGS", year): 1200,
    }
    assert client.post(f"{page.location}/confirm").status_code == 409
    put(client, {cast.village.id: "50"})  # somebody went on from there
    assert client.post(f"{page.location}/undo").status_code == 302
    assert stored(client) == {**before, (cast.village.id, EID2, year): 5000}
    assert client.post(f"{page.location}/undo").status_code == 409
    assert client.get(page.location).status_code == 200 and client.get("/targets/books/").status_code == 200


def test_wrong_cells_stay_out_each_with_its_reason(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.chi)
    book = template(client, f"?span={YEAR}-11")
    wrong = at(book, cast.village.id, EID2)
    wrong.value = 120
    text = at(book, cast.sibling.id, EID2)
    text.value = "cao nhất"
    half = at(book, cast.sibling.id, "GATHERINGS")
    half.value = 2.5
    at(book, cast.commune.id or 0, EID2).value = 60
    stranger = at(book, cast.village.id, "GATHERINGS")
    stranger.value = 5
    book.active.cell(wrong.row, 1).value = cast.next_village.id  # another commune's village
    location = send(client, book).location
    page = client.get(location).get_data(as_text=True)
    for cell in (text, half):
        assert f">{cell.coordinate}<" in page
    assert f">A{wrong.row}<" in page and "không có trong địa bàn" in page
    client.post(f"{location}/confirm")
    assert stored(client) == {(cast.commune.id or 0, EID2, f"{YEAR}-11"): 6000}


@pytest.mark.parametrize(
    "mark",
    ["tdteam-targets:{other}:2026", "tdteam-targets:{own}:2026-13", "tdteam-declared:{own}:2026-11", "x"],
)
def test_a_file_of_another_place_or_kind_is_refused(client: CheckingClient, cast: Cast, mark: str) -> None:
    client.sign_in(cast.chi)
    book = template(client)
    book.active.cell(1, 1).value = mark.format(other=cast.next_commune.id, own=cast.commune.id)
    answer = send(client, book)
    assert answer.status_code == 422 and stored(client) == {}
    assert client.post("/targets/books/", data={"file": (io.BytesIO(b"PK"), "x.xlsx")}).status_code == 422


def test_a_reviewer_fills_the_villages_of_the_area(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.giang)
    book = template(client)
    ids = [cell.value for cell in book.active["A"][HEAD:]]
    assert set(ids) == {cast.area.id, cast.village.id, cast.sibling.id}
    at(book, cast.sibling.id, EID2).value = 55
    location = send(client, book).location
    client.post(f"{location}/confirm")
    assert stored(client) == {(cast.sibling.id, EID2, str(YEAR)): 5500}
    assert client.sign_in(cast.dung).get(location).status_code == 404
