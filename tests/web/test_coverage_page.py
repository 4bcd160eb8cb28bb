"""Around the figures of the board: silence, states, links, order, files, queries."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from tdteam.actions import workbooks
from tdteam.actions.record_visit import record_visit
from tdteam.domain.coverage import LEAD
from tdteam.domain.ids import new_id
from tdteam.domain.periods import VIETNAM, period_of, today
from tdteam.domain.roles import SYSTEM, Role
from tdteam.store import stocks
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Confirmation, Report
from tests.actions.given import helped, visit_at
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.board import DAY, NOVEMBER, rows, text, worked
from tests.world import World

__all__ = ["worked"]  # a fixture


def test_silent_teams_are_told_by_commune_and_a_zero_report_is_no_silence(
    client: CheckingClient, worked: Cast
) -> None:
    client.sign_in(worked.giang)
    page = text(client.get(f"/coverage?period={NOVEMBER}"))
    assert "Xã Xuân Quang: 1 tổ chưa gửi Nậm Dù chưa gửi lần nào" in page
    session = worked.village.world.session
    session.add(
        Confirmation(
            id=new_id(),
            team_id=worked.sibling.team.id,
            period=NOVEMBER,
            kind="zero",
            confirmed_at=datetime(2026, 11, 14, tzinfo=VIETNAM),
        )
    )
    session.commit()
    page = client.get(f"/coverage?period={NOVEMBER}&open={worked.commune.id}")
    assert "Tổ nào cũng đã gửi số liệu." in text(page)
    assert rows(page)[2][1] == "0,0% 0/1 —"


def test_the_address_keeps_the_order_and_odd_arguments_do_no_harm(
    client: CheckingClient, worked: Cast
) -> None:
    client.sign_in(worked.khoa)

    def first(order: str) -> str:
        return rows(client.get(f"/coverage?period={NOVEMBER}&order={order}"))[1][0]

    assert first(LEAD).startswith("Xã Xuân Quang") and first(f"-{LEAD}").startswith("Xã Bảo Thắng")
    assert first("name").startswith("Xã Bảo Thắng")
    for query in ("period=2026-13", "period=x"):
        assert client.get(f"/coverage?{query}").status_code == 404
    for query in ("open=zzz", "open=999999", "order=%27--", "span=x", "all=1", "place="):
        assert client.get(f"/coverage?{query}").status_code == 200
    assert client.get("/coverage?place=999999").status_code == 404


def test_the_state_of_a_report_leads_to_it(client: CheckingClient, worked: Cast) -> None:
    session = worked.village.world.session
    session.add(
        Report(
            commune_id=worked.commune.id, period=NOVEMBER, changed_at=datetime(2026, 11, 15, tzinfo=VIETNAM)
        )
    )
    session.commit()
    page = client.sign_in(worked.giang).get(f"/coverage?period={NOVEMBER}")
    assert rows(page)[1][-1] == "Nháp" and rows(page)[0][-1] == "1/1 đã lập"
    assert f"/reports/{worked.commune.id}/{NOVEMBER}" in page.get_data(as_text=True)


def test_a_village_leads_to_its_visits_only_for_who_may_see_them(
    client: CheckingClient, worked: Cast
) -> None:
    address = f"/coverage?period={NOVEMBER}&open={worked.commune.id}"
    link = f"/visits/?village_id={worked.village.id}&amp;period={NOVEMBER}&amp;contact=met"
    assert link in client.sign_in(worked.giang).get(address).get_data(as_text=True)
    assert "/visits/?village" not in client.sign_in(worked.khoa).get(address).get_data(as_text=True)


def test_the_board_opens_on_the_running_period_and_counts_what_was_recorded_today(
    client: CheckingClient, cast: Cast
) -> None:
    session = cast.village.world.session
    home = cast.village.household()
    stocks.touch(session, [cast.village.id], on=today())
    record_visit(session, visit_at(cast.village, helped(), household_id=home.id, visited_on=today()), SYSTEM)
    session.commit()
    page = client.sign_in(cast.giang).get("/coverage")
    running = period_of(today())
    assert f"Tháng {running.month:02d}/{running.year}" in text(page)
    assert rows(page)[0][1].startswith("100,0% 1/1")
    answer = client.get("/")
    assert answer.status_code == 302 and answer.location.startswith("/coverage")


def test_the_whole_board_comes_as_a_workbook_and_as_csv(client: CheckingClient, worked: Cast) -> None:
    client.sign_in(worked.giang)
    opened = f"period={NOVEMBER}&open={worked.commune.id}&order=name"
    book = client.get(f"/coverage/export.xlsx?{opened}")
    sheet = workbooks.read_workbook(book.data, "x.xlsx").sheets[0]
    found = {str(row[0]): row for _, row in sheet.rows() if len(row) > 4}
    assert found["Hốc Đá"][2:5] == ["Xã Xuân Quang", 2, 4] and found["Xã Xuân Quang"][3:5] == [2, 5]
    assert "Hốc Đá" not in client.get(f"/coverage/export.csv?period={NOVEMBER}").data.decode("utf-8-sig")
    csv = client.get(f"/coverage/export.csv?{opened}").data.decode("utf-8-sig")
    assert "Hốc Đá" in csv and "Lý Láo Tả" not in csv
    assert io.StringIO(csv).readline().startswith('"Xã, thôn"')
    assert client.get("/coverage/export.exe").status_code == 404
    assert client.sign_in(worked.khoa).get("/coverage/export.csv").status_code == 403


def test_a_leader_sees_the_own_village_and_that_it_is_but_one_of_the_commune(
    client: CheckingClient, worked: Cast
) -> None:
    page = client.sign_in(worked.binh).get(f"/coverage?period={NOVEMBER}")
    assert rows(page)[0][1] == "50,0% 2/4 —" and "chỉ tính 1/2 thôn" in rows(page)[1][0]
    assert "Nậm Dù" not in text(page)
    assert client.sign_in(worked.an).get("/coverage").status_code == 403


def test_an_account_of_several_places_chooses_between_them(
    client: CheckingClient, worked: Cast, world: World
) -> None:
    both = world.account("both", Role.REVIEWER, worked.commune, worked.next_commune)
    world.session.commit()
    page = client.sign_in(both).get(f"/coverage?period={NOVEMBER}")
    assert f"place={worked.next_commune.id}" in page.get_data(as_text=True)
    other = client.get(f"/coverage?period={NOVEMBER}&place={worked.next_commune.id}")
    assert "Tả Hà 2" in text(other) and "Hốc Đá" not in text(other)


def test_the_queries_of_a_board_do_not_grow_with_its_villages(
    client: CheckingClient, app: Flask, worked: Cast, world: World
) -> None:
    def count(account: Any) -> int:
        client.sign_in(account)
        page = f"/coverage?period={NOVEMBER}&open={worked.commune.id}"
        client.get(page).close()  # writes down what it had to count
        with counting(app.extensions["tdteam_engine"]) as seen:
            client.get(page)
        return len([statement for statement in seen if statement.startswith("SELECT")])

    few = [count(worked.giang), count(worked.khoa)]
    session: GatedSession = world.session
    for number in range(12):
        village = world.village(f"Thêm {number}", worked.commune)
        world.under(village.place, worked.area)
        stocks.touch(session, [village.id], on=DAY)
        record_visit(session, visit_at(village, helped(), visited_on=DAY - timedelta(days=number)), SYSTEM)
    session.commit()
    assert [count(worked.giang), count(worked.khoa)] == few
    assert max(few) <= 54


@contextmanager
def counting(engine: Engine) -> Iterator[list[str]]:
    """The statements sent to a database."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_a_figure_of_a_commune_opens_just_its_rows(client: CheckingClient, worked: Cast) -> None:
    """Each number leads to a list of as many rows as it counted."""
    page = client.sign_in(worked.giang).get(f"/coverage?period={NOVEMBER}&cols=VISITS").get_data(as_text=True)
    commune = f"/visits/?commune_id={worked.commune.id}&amp;period={NOVEMBER}"
    assert commune in page and f"/visits/?period={NOVEMBER}" in page
    visits = rows(client.get(commune.replace("&amp;", "&")))
    assert len(visits) == 2 and {row[1] for row in visits} == {"Hốc Đá"}
    elsewhere = client.get(f"/visits/?commune_id={worked.next_commune.id}&period={NOVEMBER}")
    assert "Tả Hà 2" not in text(elsewhere)


def test_a_province_narrows_its_lists_to_a_commune_inside_an_area(
    client: CheckingClient, worked: Cast, world: World
) -> None:
    anywhere = world.account("tinh", Role.REVIEWER, world.province)
    other = world.village("Ngoài Khu", worked.commune)
    record_visit(world.session, visit_at(other, helped(), visited_on=DAY), SYSTEM)
    world.session.commit()
    client.sign_in(anywhere)
    page = client.get(f"/coverage?period={NOVEMBER}&place={worked.area.id}").get_data(as_text=True)
    link = f"/visits/?commune_id={worked.commune.id}&amp;area_id={worked.area.id}&amp;period={NOVEMBER}&amp;contact=met"
    assert link in page
    assert [row[1] for row in rows(client.get(link.replace("&amp;", "&")))] == ["Hốc Đá", "Hốc Đá"]
    for noun in ("filings", "gatherings"):
        answer = client.get(f"/{noun}/?commune_id={worked.commune.id}&area_id={worked.area.id}")
        assert answer.status_code == 200
