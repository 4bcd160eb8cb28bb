"""Spot checks over the web: drawn, drawn again by hand, typed in, told; names only where they may be seen."""

from __future__ import annotations

import hashlib
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.households import short_id
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Audit, Sample, SampleLine, Visit
from tests.cast import Cast
from tests.client import CheckingClient
from tests.quality_world import Life, Village
from tests.web.board import text
from tests.web.paper_words import words_of_book, words_of_pdf
from tests.web.test_attention import all_of
from tests.world import World

FIRST, LAST = date(2026, 10, 15), date(2026, 11, 14)
ASKED = {"since": "15/10/2026", "until": "14/11/2026", "size": "6", "seed": "kiem-tra-1"}


@pytest.fixture
def visited(world: World, cast: Cast) -> Cast:
    """Twenty visits in An's village, one in the next commune."""
    life = Life(world, 1, ["SAFETY", "SKILL"], villages=0)
    for hamlet, count in ((cast.village, 20), (cast.next_village, 1)):
        village = Village(hamlet, [cast.an_member.id or 0], [cast.an.id or 0])
        home = hamlet.household("Vàng Seo Lử")
        for number in range(count):
            life.visit(village, home, FIRST + timedelta(days=number), village.accounts[0])
    world.session.commit()
    return cast


def drawn(client: CheckingClient, place: int | None, **more: str) -> int:
    sent = client.post("/samples/new", data={**ASKED, "place_id": str(place), **more})
    assert sent.status_code == 302, text(sent)
    return int(sent.location.rstrip("/").rsplit("/", 1)[1])


def lines_of(engine: Engine, sample_id: int) -> list[SampleLine]:
    with open_session(engine, EVERYWHERE) as looking:
        query = select(SampleLine).where(SampleLine.sample_id == sample_id).order_by(SampleLine.position)
        return list(looking.exec(query))


def test_a_sample_can_be_drawn_again_by_anybody(
    client: CheckingClient, engine: Engine, visited: Cast
) -> None:
    client.sign_in(visited.giang)
    one = drawn(client, visited.area.id)
    two = drawn(client, visited.area.id)
    other = drawn(client, visited.area.id, seed="kiem-tra-2")
    ids = [line.visit_id for line in lines_of(engine, one)]
    frame = sorted(row.id for row in all_of(engine, Visit) if row.village_id == visited.village.id)
    by_hand = sorted(frame, key=lambda one: hashlib.sha256(f"kiem-tra-1|{one}".encode()).hexdigest())
    assert ids == by_hand[:6] == [line.visit_id for line in lines_of(engine, two)]
    assert ids != [line.visit_id for line in lines_of(engine, other)]
    row = all_of(engine, Sample)[0]
    assert (row.population, row.size) == (20, 6)
    assert row.frame == hashlib.sha256("\n".join(frame).encode()).hexdigest()
    page = text(client.get(f"/samples/{one}"))
    assert "kiem-tra-1" in page and row.frame in page and "6 / 20 lượt" in page


def test_without_a_seed_every_sample_is_another(
    client: CheckingClient, engine: Engine, visited: Cast
) -> None:
    client.sign_in(visited.chi)
    for _ in range(2):
        drawn(client, visited.commune.id, seed="", by_team="y")
    seeds = [row.seed for row in all_of(engine, Sample)]
    assert len(set(seeds)) == 2 and all(seed.startswith("T-") for seed in seeds)


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"size": "0"}, "Nhập số lượt từ 1 đến 200."),
        ({"until": "01/10/2026"}, "Ngày cuối phải sau ngày đầu."),
        ({"seed": "số mẫu!"}, "Số mẫu chỉ gồm chữ không dấu"),
        ({"since": "01/01/2026", "until": "02/01/2026"}, "Không có lượt nào"),
        ({"since": "ngày mai"}, "05/03/2026"),
    ],
)
def test_what_is_typed_wrong_is_told_and_kept(
    client: CheckingClient, visited: Cast, more: dict[str, str], word: str
) -> None:
    sent = client.sign_in(visited.chi).post(
        "/samples/new", data={**ASKED, "place_id": str(visited.commune.id), **more}
    )
    assert sent.status_code == 422 and word in text(sent)
    assert next(iter(more.values())) in sent.get_data(as_text=True)


def test_a_foreign_place_is_not_found(client: CheckingClient, visited: Cast) -> None:
    client.sign_in(visited.dung)
    for place in (str(visited.commune.id), "x", ""):
        assert client.post("/samples/new", data={**ASKED, "place_id": place}).status_code == 404


def test_results_give_a_rate_with_its_interval(client: CheckingClient, engine: Engine, visited: Cast) -> None:
    client.sign_in(visited.giang)
    sample = drawn(client, visited.area.id)
    path = f"/samples/{sample}"
    assert "Nhập kết quả kiểm tra đầu tiên" in text(client.get(path))
    bad = client.post(path, data={"answer-1": "maybe", "note-2": "chỉ có ghi chú"})
    assert bad.status_code == 422 and "chỉ có ghi chú" in bad.get_data(as_text=True)
    found = {"answer-1": "denied", "answer-2": "confirmed", "answer-3": "confirmed", "answer-4": "confirmed"}
    found |= {"answer-5": "absent", "note-1": "Hộ nói không ai đến"}
    client.post(path, data=found)
    page = text(client.get(path))
    assert "kiểm tra được 4 lượt; 1 lượt không đúng như đã ghi: tỷ lệ sai 25,0%" in page
    assert "từ 4,6% đến 69,9%" in page and "1 lượt vắng" in page
    assert "sai 25,0% trong 4 lượt hỏi được" in text(client.get("/samples/"))
    client.post(path, data={"answer-1": "confirmed", "note-1": ""})
    assert [line.finding for line in lines_of(engine, sample)][:2] == ["confirmed", "confirmed"]
    told = [(row.action, row.place_id) for row in all_of(engine, Audit) if row.noun == "sample"]
    assert told == [("create", visited.area.id), ("record", visited.area.id), ("record", visited.area.id)]
    assert client.sign_in(visited.chi).get(path).status_code == 404  # the area's sample is the area's
    assert client.sign_in(visited.em).get(path).status_code == 403


def test_a_visit_voided_since_is_shown_as_such(client: CheckingClient, engine: Engine, visited: Cast) -> None:
    client.sign_in(visited.chi)
    sample = drawn(client, visited.commune.id)
    visit = lines_of(engine, sample)[0].visit_id
    assert client.post(f"/visits/{visit}/void", data={"why": "Ghi nhầm"}).status_code == 302
    page = client.get(f"/samples/{sample}")
    assert "Đã hủy" in text(page) and "1 lượt đã được sửa hoặc hủy sau khi rút." in text(page)
    book = client.get(f"/samples/{sample}/sheet.xlsx").data
    assert "đã hủy sau khi rút" in words_of_book(book)


def test_the_sheet_has_names_for_the_official_alone(
    client: CheckingClient, engine: Engine, visited: Cast
) -> None:
    client.sign_in(visited.chi)
    own = drawn(client, visited.commune.id)
    paper = words_of_pdf(client.get(f"/samples/{own}/sheet.pdf").data)
    assert "Vàng" in paper and "kiem-tra-1" in paper and "SHA-256" in paper
    client.sign_in(visited.giang)
    sample = drawn(client, visited.area.id)
    code = short_id(lines_of(engine, sample)[0].visit_id)
    page = client.get(f"/samples/{sample}")
    plain = words_of_pdf(client.get(f"/samples/{sample}/sheet.pdf").data)
    book = client.get(f"/samples/{sample}/sheet.xlsx").data
    cells = words_of_book(book)
    for told in (text(page), plain, cells):
        assert code in told and "Vàng" not in told and "Vang Seo" not in told
    names = [
        bool(re.search(r'"names":true', row.detail)) for row in all_of(engine, Audit) if row.noun == "paper"
    ]
    assert names == [True, False, False]


def test_the_list_is_of_the_scope(client: CheckingClient, engine: Engine, visited: Cast) -> None:
    client.sign_in(visited.chi)
    drawn(client, visited.commune.id)
    assert "Mẫu số" in text(client.get("/samples/"))
    assert "Chưa rút mẫu nào" in text(client.sign_in(visited.dung).get("/samples/"))
    assert client.get(f"/samples/?place={visited.commune.id}").status_code == 404
