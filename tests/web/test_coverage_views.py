"""Map, ranking and trends: the figures of the board seen otherwise, never a name, never a crash."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest

from tdteam.domain.coverage import LEAD
from tdteam.store import shapes
from tdteam.store.gate import EVERYWHERE, open_session
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.board import NOVEMBER, rows, text, worked

__all__ = ["worked"]  # a fixture
PAGES = ("map", "ranking", "trends")
EXPORTS = [f"/coverage/{page}/{ending}" for page in PAGES for ending in ("pdf", "xlsx", "csv")]


def table(client: CheckingClient, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")), delimiter=","))


def test_the_ranking_has_the_lowest_commune_first_with_both_numbers(
    client: CheckingClient, worked: Cast
) -> None:
    client.sign_in(worked.giang)
    found = rows(client.get(f"/coverage/ranking/?period={NOVEMBER}"))
    board = rows(client.get(f"/coverage?period={NOVEMBER}&order={LEAD}"))
    assert found[0][1:3] == [worked.area.name, "2/5"]
    for mine, its in zip(found, board, strict=False):
        assert mine[2] in its[1] and mine[3].split()[-1] in its[1]


def test_villages_are_ranked_when_asked_for_and_each_leads_to_its_page(
    client: CheckingClient, worked: Cast
) -> None:
    client.sign_in(worked.chi)
    page = client.get(f"/coverage/ranking/?period={NOVEMBER}")
    found = rows(page)
    assert [row[0] for row in found[1:]] == ["1", "—"]
    assert [row[2] for row in found[1:]] == ["2/4", "—/1"]
    assert f'href="/places/{worked.sibling.id}"' in page.get_data(as_text=True)


def test_the_map_shows_who_has_a_position_and_the_table_everybody(
    client: CheckingClient, worked: Cast
) -> None:
    client.sign_in(worked.chi)
    bare = client.get(f"/coverage/map/?period={NOVEMBER}")
    assert "Chưa địa bàn nào ở đây có vị trí" in text(bare) and len(rows(bare)) == 3
    told = {"at": "22.3595, 104.237"}
    client.post(f"/shapes/places/{worked.village.id}", data=told)
    page = client.get(f"/coverage/map/?period={NOVEMBER}")
    svg = re.search(r'<svg class="chart".*?</svg>', page.get_data(as_text=True), re.DOTALL)
    assert svg and svg[0].count("<circle") == 1 and "50,0% (2/4)" in svg[0]
    assert len(rows(page)) == 3 and "1/2 địa bàn có trên bản đồ" in text(page)


def test_a_point_that_is_none_stays_in_its_field_with_a_sentence(
    client: CheckingClient, worked: Cast
) -> None:
    client.sign_in(worked.chi)
    page = f"/shapes/places/{worked.village.id}"
    answer = client.post(page, data={"at": "gần nhà văn hóa"})
    assert answer.status_code == 422 and "Ghi hai số" in text(answer)
    assert 'value="gần nhà văn hóa"' in answer.get_data(as_text=True)


def test_trends_are_those_of_the_place_and_of_the_chosen_indicators(
    client: CheckingClient, worked: Cast
) -> None:
    client.sign_in(worked.giang)
    page = client.get(f"/coverage/trends/?period={NOVEMBER}&indicator={LEAD}&indicator=VISITS")
    html = page.get_data(as_text=True)
    assert html.count('<svg class="chart"') == 2
    assert rows(page)[0] == ["11/2026", "2/5", "40,0"]
    assert client.get("/coverage/trends/?indicator=NO_SUCH").status_code == 404


@pytest.mark.parametrize("view", PAGES)
def test_every_counted_indicator_can_be_shown(client: CheckingClient, worked: Cast, view: str) -> None:
    client.sign_in(worked.giang)
    html = client.get(f"/coverage/{view}/?period={NOVEMBER}").get_data(as_text=True)
    codes = re.findall(r'value="([A-Z][A-Z0-9_]+)"', html)
    assert len(codes) > 20
    for code in codes:
        for level in ("commune", "village"):
            answer = client.get(
                f"/coverage/{view}/?period={NOVEMBER}&indicator={code}&level={level}&span=year"
            )
            assert answer.status_code == 200, (code, level)


@pytest.mark.parametrize("address", EXPORTS)
def test_each_goes_out_as_pdf_workbook_and_csv(client: CheckingClient, worked: Cast, address: str) -> None:
    client.sign_in(worked.giang)
    for place in (worked.area.id, worked.village.id):
        answer = client.get(f"{address}?period={NOVEMBER}&place={place}")
        assert answer.status_code == 200
        head = {"pdf": b"%PDF", "lsx": b"PK\x03\x04", "csv": b"\xef\xbb\xbf"}[address[-3:]]
        assert answer.get_data().startswith(head)


def test_file_and_page_have_the_same_figures(client: CheckingClient, worked: Cast) -> None:
    client.sign_in(worked.giang)
    page = rows(client.get(f"/coverage/ranking/?period={NOVEMBER}&level=village"))[1:]
    listed = table(client, f"/coverage/ranking/csv?period={NOVEMBER}&level=village")
    told = [f"{row[3].replace('-', '—')}/{row[4]}" for row in listed[1:]]
    assert told == [row[2] for row in page]


def test_units_of_communes_are_loaded_with_a_point_each(engine: object) -> None:
    from tdteam.store.units import load_units

    with open_session(engine, EVERYWHERE, write=True) as session:  # type: ignore[arg-type]
        load_units(session)
        assert shapes.load_points(session) == 98


@pytest.mark.parametrize("page", PAGES)
def test_what_a_stranger_adds_to_an_address_is_no_argument_of_the_links(
    client: CheckingClient, worked: Cast, page: str
) -> None:
    client.sign_in(worked.giang)
    for odd in ("endpoint=2", "_scheme=javascript", "_anchor=x", "_external=1", "_method=POST", "ending=exe"):
        answer = client.get(f"/coverage/{page}/?{odd}")
        assert answer.status_code == 200 and "//localhost" not in text(answer), odd


def test_a_commune_seen_in_part_leads_to_the_board_opened_there(client: CheckingClient, worked: Cast) -> None:
    client.sign_in(worked.giang)  # of the area: she sees some villages of the commune, not the commune
    for page in ("map", "ranking"):
        body = client.get(f"/coverage/{page}/?period={NOVEMBER}&place={worked.area.id}").get_data(
            as_text=True
        )
        (link,) = {
            unescape(found)
            for found in re.findall(r'href="([^"]*)"', body)
            if f"open={worked.commune.id}" in found
        }
        assert link.endswith(f"#r{worked.commune.id}") and f"place={worked.area.id}" in link
        opened = client.get(link.split("#")[0])
        assert opened.status_code == 200 and worked.village.place.short_name in text(opened)
        assert not re.search(rf'href="[^"]*place={worked.commune.id}\b', body)
