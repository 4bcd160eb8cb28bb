"""Proposals of villages: listed, answered, back on the phone, offered to section V of the report."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.periods import period_of, today
from tdteam.store.tables import Proposal
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import Phone, everywhere

WIFI = "Xin lắp wifi ở nhà văn hóa"


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def rows(engine: Engine) -> list[Proposal]:
    with everywhere(engine) as session:
        return list(session.exec(select(Proposal).order_by(Proposal.text)))


@pytest.fixture
def sent(client: CheckingClient, cast: Cast) -> dict[str, Any]:
    phone = Phone(client, cast.binh)
    body = {"village_id": cast.village.id, "team_id": cast.village.team.id, "text": WIFI}
    record = phone.record("proposal", body)
    assert phone.states(record) == ["accepted"]
    client.sign_in(cast.chi)
    return record


def answer(client: CheckingClient, record: dict[str, Any], state: str, words: str = "", base: int = 1) -> Any:
    data = {"state": state, "answer": words, "base_version": str(base)}
    return client.post(f"/proposals/{record['id']}/answer", data=data)


def test_a_proposal_is_listed_counted_and_filtered(
    sent: dict[str, Any], client: CheckingClient, cast: Cast
) -> None:
    assert "1 kiến nghị của thôn chưa xem" in text(client.get("/"))
    period = period_of(today(), 15).code
    for query, found in (
        ("", True),
        ("state=sent", True),
        ("state=settled", False),
        (f"village_id={cast.village.id}", True),
        (f"village_id={cast.sibling.id}", False),
        (f"period={period}", True),
        ("period=2020-01", False),
        ("state=odd&village_id=x&period=%25", False),
    ):
        assert (WIFI in text(client.get(f"/proposals/?{query}"))) == found, query
    page = text(client.get(f"/proposals/{sent['id']}"))
    assert WIFI in page and "Chảo Văn Bình" in page and "Tổ Hốc Đá" in page


def test_the_answer_goes_back_to_the_phone(
    sent: dict[str, Any], client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    assert answer(client, sent, "settled", "Đã lắp ngày 20/11").status_code == 302
    (row,) = rows(engine)
    assert (row.state, row.answered_by, row.version) == ("settled", cast.chi.id, 2)
    assert "chưa xem" not in text(client.get("/"))
    client.sign_in(cast.binh)
    (told,) = client.get("/sync/roster").json["proposals"]
    assert (told["state"], told["answer"]) == ("settled", "Đã lắp ngày 20/11")


@pytest.mark.parametrize(
    ("state", "words"),
    [("", ""), ("sent", ""), ("odd", ""), ("declined", " "), ("seen", "CCCD 001203004567")],
)
def test_an_answer_that_makes_no_sense_is_refused(
    sent: dict[str, Any], client: CheckingClient, engine: Engine, state: str, words: str
) -> None:
    assert answer(client, sent, state, words).status_code == 422
    assert rows(engine)[0].version == 1


def test_two_answers_at_once_are_told_apart(
    sent: dict[str, Any], client: CheckingClient, engine: Engine
) -> None:
    assert answer(client, sent, "seen", "Xã đã xem").status_code == 302
    late = answer(client, sent, "declined", "Chưa có kinh phí")
    assert late.status_code == 409 and "Xã đã xem" in text(late) and "Chưa có kinh phí" in text(late)
    assert rows(engine)[0].state == "seen"
    assert answer(client, sent, "declined", "Chưa có kinh phí", base=2).status_code == 302


def test_only_the_commune_answers_and_the_next_one_sees_nothing(
    sent: dict[str, Any], client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    client.sign_in(cast.dung)
    assert WIFI not in text(client.get("/proposals/"))
    assert client.get(f"/proposals/{sent['id']}").status_code == 404
    assert answer(client, sent, "seen").status_code == 404
    for account, sees in ((cast.binh, 200), (cast.em, 200), (cast.giang, 403)):
        client.sign_in(account)
        page = client.get(f"/proposals/{sent['id']}")
        assert page.status_code == sees and "Lưu trả lời" not in text(page)
        assert answer(client, sent, "seen").status_code == 403
    assert client.get("/proposals/x").status_code in (403, 404)
    assert rows(engine)[0].version == 1


def test_what_was_taken_up_is_put_into_section_v_once(
    sent: dict[str, Any], client: CheckingClient, cast: Cast
) -> None:
    period = period_of(today(), 15).code
    path = f"/reports/{cast.commune.id}/{period}"
    assert "Đưa vào mục V" not in text(client.get(path))
    answer(client, sent, "forwarded", "Sẽ báo cáo tỉnh")
    page = text(client.get(path))
    assert "Đưa vào mục V" in page and WIFI in page
    words = {"base_version": "0", "proposals": "Đề nghị tỉnh hỗ trợ.", "add_proposals": "1"}
    kept = client.post(path, data=words)
    assert kept.status_code == 302 and kept.location.endswith("#proposals")
    page = text(client.get(path))
    assert f"Đề nghị tỉnh hỗ trợ.\n- Hốc Đá: {WIFI}" in page.replace("\r", "")
    assert "Đưa vào mục V" not in page
    again = {**words, "base_version": "1", "proposals": f"Đề nghị.\n- Hốc Đá: {WIFI}"}
    client.post(path, data=again)
    assert text(client.get(path)).count(WIFI) == 1
