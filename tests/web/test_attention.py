"""The attention list over the web: lines with reasons, dealt with and put back, the digest, the rules' own page."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

from sqlalchemy import Engine
from sqlmodel import select

from tdteam.actions.record_filing import record_filing
from tdteam.actions.record_visit import record_visit
from tdteam.domain.filings import FilingDraft
from tdteam.domain.ids import new_id
from tdteam.domain.roles import SYSTEM
from tdteam.store import stocks
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Audit, RuleLimit, SetAside, Target
from tests.actions.given import helped, visit_at
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.board import DAY, NOVEMBER, text, worked
from tests.web.paper_words import words_of_book, words_of_pdf

__all__ = ["worked"]  # a fixture
LIST = f"/coverage/attention/?period={NOVEMBER}"
NEVER = "Tổ Nậm Dù Tổ chưa gửi số liệu. Tổ chưa từng gửi gì."


def all_of(engine: Engine, table: Any) -> list[Any]:
    with open_session(engine, EVERYWHERE) as looking:
        return list(looking.exec(select(table).order_by(table.id)))


def aside_path(page: Any, name: str) -> str:
    """The address of the button beside a line."""
    html = str(page.get_data(as_text=True))
    rows = [row for row in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL) if name in row]
    found = re.search(r'href="(/coverage/[^"]*set-aside[^"]*)"', rows[0])
    assert found, rows
    return unescape(found[1])


def test_lines_say_why_in_numbers_the_gravest_first(client: CheckingClient, worked: Cast) -> None:
    session = worked.village.world.session
    for _ in range(4):
        worked.village.household("Chưa Đến")
    stocks.touch(session, [worked.village.id], on=DAY)
    place = worked.area.id or 0
    session.add(Target(place_id=place, indicator="HOUSEHOLDS_REACHED", span="2026", value=10_000, set_on=DAY))
    facts = {"village_id": worked.village.id, "team_id": worked.village.team.id}
    record_filing(session, FilingDraft(id=new_id(), submitted_on=date(2026, 7, 20), **facts), SYSTEM)
    session.commit()
    page = text(client.sign_in(worked.giang).get(LIST))
    assert NEVER in page
    assert (
        "Hốc Đá Còn xa chỉ tiêu. Hộ được đến thăm, hỗ trợ: 25,0% (2/8), dưới 50% của mức 92,0% phải đạt đến nay "
        "(chỉ tiêu năm 100,0%, năm đã qua 92%). 5"
    ) in page
    assert "1 hồ sơ chờ kết quả quá 20 ngày; lâu nhất" in page and "nộp ngày 20/07/2026" in page
    assert "Chưa có báo cáo tháng 11/2026; hạn 18/11/2026" in page
    assert page.index(NEVER) < page.index("Còn xa chỉ tiêu. Hộ")
    assert "chỉ xét khi thời gian đã qua 25%" in page  # how the list is made
    only = text(client.get(f"{LIST}&rule=filing_waiting"))
    assert "1 hồ sơ chờ kết quả" in only and NEVER not in only


def test_a_sudden_drop_is_told_against_the_periods_before(client: CheckingClient, worked: Cast) -> None:
    session = worked.village.world.session
    homes = [worked.village.household(f"Hộ {number}") for number in range(12)]
    for on in (date(2026, 8, 20), date(2026, 9, 20), date(2026, 10, 10)):
        for home in homes:
            record_visit(
                session, visit_at(worked.village, helped(), household_id=home.id, visited_on=on), SYSTEM
            )
    session.commit()
    page = text(client.sign_in(worked.chi).get(LIST))
    assert "Giảm đột ngột. Đã đến 2 hộ; trung bình" in page and "giảm 83%" in page


def test_a_line_leaves_with_a_word_and_comes_back(
    client: CheckingClient, engine: Engine, worked: Cast
) -> None:
    client.sign_in(worked.giang)
    path = aside_path(client.get(LIST), "Tổ Nậm Dù")
    asked = client.get(path)
    assert "Đã xử lý: Tổ Nậm Dù" in text(asked)
    empty = client.post(path, data={"why": "  "})
    assert empty.status_code == 422
    long = client.post(path, data={"why": "x" * 301})
    assert long.status_code == 422 and "x" * 301 in long.get_data(as_text=True)
    assert client.post(path, data={"why": "Đã gọi tổ trưởng"}).status_code == 302
    page = text(client.get(LIST))
    assert NEVER not in page.partition("Những nội dung đã xử lý")[0]
    assert "Đã gọi tổ trưởng Phạm Hương Giang" in page
    again = client.post(path, data={"why": "Lần nữa"}, follow_redirects=True)
    assert "Đã có người xử lý" in text(again) and len(all_of(engine, SetAside)) == 1
    later = text(client.get("/coverage/attention/?period=2026-10"))
    assert "Đã gọi" not in later  # another period's list is another matter
    row = all_of(engine, SetAside)[0]
    assert (row.board, row.span, row.place_id) == ("attention", NOVEMBER, worked.sibling.id)
    undo = f"/coverage/attention/{row.id}/undo"
    assert client.sign_in(worked.dung).post(undo).status_code == 404
    assert client.sign_in(worked.giang).post(f"/coverage/quality/{row.id}/undo").status_code == 404
    client.post(undo, data={"period": NOVEMBER})
    client.post(undo)
    assert NEVER in text(client.get(LIST))
    told = [(one.noun, one.action) for one in all_of(engine, Audit) if one.noun == "set_aside"]
    assert told == [("set_aside", "set"), ("set_aside", "undo")]


def test_a_line_that_does_not_stand_there_cannot_be_dealt_with(client: CheckingClient, worked: Cast) -> None:
    client.sign_in(worked.giang)
    path = "/coverage/attention/set-aside"
    assert client.get(f"{path}?rule=silent_team&target=team:999&span={NOVEMBER}").status_code == 404
    assert client.post(f"{path}?rule=%27&target=%27&span=x", data={"why": "x"}).status_code == 404
    line = aside_path(client.get(LIST), "Tổ Nậm Dù")
    assert client.sign_in(worked.dung).get(line).status_code == 404  # the next commune's official
    assert client.sign_in(worked.em).post(line, data={"why": "x"}).status_code == 403


def test_places_and_periods_of_others_are_not_found(client: CheckingClient, worked: Cast) -> None:
    client.sign_in(worked.dung)
    assert client.get(f"/coverage/attention/?place={worked.commune.id}").status_code == 404
    for period in ("2026-13", "x", "2099-01"):
        assert client.get(f"/coverage/attention/?period={period}").status_code == 404
    assert NEVER not in text(client.get(LIST))


def test_the_digest_goes_out_as_paper_workbook_and_message(
    client: CheckingClient, engine: Engine, worked: Cast
) -> None:
    client.sign_in(worked.giang)
    page = client.get(LIST).get_data(as_text=True)
    message = unescape(page.partition("data-copy-text>")[2].partition("</div>")[0])
    assert (
        message.startswith("Bảo Thắng (cũ), tháng 11/2026:")
        and "- Tổ Nậm Dù: Tổ chưa từng gửi gì." in message
    )
    paper = client.get(f"/coverage/attention/digest.pdf?period={NOVEMBER}")
    assert paper.mimetype == "application/pdf"
    words = words_of_pdf(paper.data)
    assert "Nơi cần quan tâm, xử lý" in words and "Tổ chưa từng gửi gì." in words
    book = client.get(f"/coverage/attention/export.xlsx?period={NOVEMBER}").data
    assert "Tổ Nậm Dù" in words_of_book(book)
    lines = client.get(f"/coverage/attention/export.csv?period={NOVEMBER}").get_data().decode("utf-8-sig")
    assert "Tổ Nậm Dù" in lines
    told = [one.target for one in all_of(engine, Audit) if one.action == "export"]
    assert {"attention.pdf", "xlsx", "csv"} <= set(told)


def test_the_administrator_sets_the_rules(client: CheckingClient, engine: Engine, worked: Cast) -> None:
    client.sign_in(worked.hai)
    path = "/catalogue/rules/"
    assert "thường là 14" in text(client.get(path))
    bad = client.post(
        path, data={"silent_team-sent": "1", "silent_team-on": "1", "silent_team-days": "khong"}
    )
    assert bad.status_code == 422 and 'value="khong"' in bad.get_data(as_text=True)
    assert "Nhập số từ 3 đến 90." in text(bad)
    sent = {"silent_team-sent": "1", "silent_team-days": "20", "burst-sent": "1", "burst-on": "1"}
    sent |= {"burst-least": "15", "burst-minutes": "10", "burst-days": "5"}
    assert client.post(path, data=sent).status_code == 302
    with open_session(engine, EVERYWHERE) as looking:
        kept = {row.code: (row.is_active, row.limits) for row in looking.exec(select(RuleLimit))}
    assert kept == {
        "silent_team": (False, {"days": 20}),
        "burst": (True, {"least": 15, "minutes": 10, "days": 5}),
    }
    page = text(client.sign_in(worked.giang).get(LIST))
    assert NEVER not in page and "Tổ chưa gửi số liệu Đang tắt." in page


def test_the_board_leads_to_the_list_with_its_count(client: CheckingClient, worked: Cast) -> None:
    worked.village.world.session.commit()
    client.sign_in(worked.giang)
    board = str(client.get(f"/coverage?period={NOVEMBER}").get_data(as_text=True))
    link, count = (
        unescape(found[1])
        for found in (
            re.search(rf'{name}="(/coverage/attention/[^"]*)"', board) for name in ("href", "data-count")
        )
        if found
    )
    page = client.get(link)
    assert page.status_code == 200
    lines = len(re.findall(r'href="/coverage/attention/set-aside', str(page.get_data(as_text=True))))
    assert client.get(count).get_json() == {"count": lines, "words": str(lines)} and lines > 0
