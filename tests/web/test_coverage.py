"""The board as each reader opens it: figures of the scope, villages on request, silence, targets, files."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from sqlmodel import select

from tdteam.actions import workbooks
from tdteam.actions.record_visit import record_visit
from tdteam.domain.coverage import LEAD
from tdteam.domain.ids import new_id
from tdteam.domain.periods import VIETNAM, Period, period_of, today
from tdteam.domain.places import Level
from tdteam.domain.roles import SYSTEM, Role
from tdteam.store import coverage, indicators, places, stocks
from tdteam.store.coverage import Asked
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Confirmation, Place, PlaceParent, Report, Target
from tests.actions.given import helped, visit_at
from tests.cast import Cast
from tests.client import CheckingClient
from tests.world import World

NOVEMBER = "2026-11"
DAY = date(2026, 11, 10)


def text(answer: Any) -> str:
    """A page as it reads: no tags, single spaces."""
    page = re.sub(r"<(script|style).*?</\1>", "", str(answer.get_data(as_text=True)), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def rows(answer: Any) -> list[list[str]]:
    """The board's rows as lists of cells."""
    html = str(answer.get_data(as_text=True))
    found = re.findall(
        r"<tr[^>]*>(.*?)</tr>", html.partition("<tbody>")[2].partition("</tbody>")[0], re.DOTALL
    )
    return [
        [
            " ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split())
            for cell in re.split(r"</t[hd]>", row)[:-1]
        ]
        for row in found
    ]


@pytest.fixture
def worked(cast: Cast) -> Cast:
    """Two households of four reached in November, in one village of two; the next commune has its own work."""
    session = cast.village.world.session
    homes = [cast.village.household(people=4, adults=3, eid2=2) for _ in range(4)]
    cast.sibling.household(people=2, adults=2, eid2=1)
    far = cast.next_village.household("Lù Văn Xa")
    stocks.touch(session, [cast.village.id, cast.sibling.id, cast.next_village.id], on=DAY)
    for home in homes[:2]:
        record_visit(session, visit_at(cast.village, helped(), household_id=home.id, visited_on=DAY), SYSTEM)
    record_visit(session, visit_at(cast.next_village, helped(), household_id=far.id, visited_on=DAY), SYSTEM)
    session.commit()
    return cast


def test_a_reviewer_sees_the_area_its_communes_and_what_is_missing_is_not_zero(
    client: CheckingClient, worked: Cast
) -> None:
    page = client.sign_in(worked.giang).get(f"/coverage?period={NOVEMBER}&open={worked.commune.id}")
    found = rows(page)
    assert [row[0].split(" 2 ")[0].split(" chỉ")[0] for row in found] == [
        "Toàn khu vực",
        "Xã Xuân Quang",
        "Nậm Dù",
        "Hốc Đá",
    ]
    assert found[0][1:3] == ["2/5", "40,0%"]
    assert found[2][1:3] == ["—/1", "— chưa có số liệu"]
    assert found[3][1:3] == ["2/4", "50,0%"]
    assert "Đang ghi" in found[3][-1] and "Chưa gửi gì" in found[2][-1] and "Chưa lập" in found[1][-1]
    assert worked.next_commune.name not in text(page)


def test_no_resident_and_no_household_is_named(client: CheckingClient, worked: Cast) -> None:
    for account in (worked.giang, worked.chi, worked.khoa):
        page = text(client.sign_in(account).get(f"/coverage?period={NOVEMBER}&open={worked.commune.id}"))
        assert "Hốc Đá" in page and "Lý Láo Tả" not in page and "Lù Văn Xa" not in page


def test_an_official_sees_the_villages_of_the_own_commune_at_once_and_nothing_next_door(
    client: CheckingClient, worked: Cast
) -> None:
    client.sign_in(worked.chi)
    assert [row[0].split(" 2 ")[0] for row in rows(client.get(f"/coverage?period={NOVEMBER}"))] == [
        "Toàn địa bàn",
        "Nậm Dù",
        "Hốc Đá",
    ]
    assert client.get(f"/coverage?place={worked.next_commune.id}").status_code == 404
    opened = text(client.get(f"/coverage?open={worked.next_commune.id}"))
    assert "Tả Hà 2" not in opened


def test_the_whole_is_read_and_agrees_with_the_figures_of_the_report(worked: Cast) -> None:
    session = worked.village.world.session
    place = session.get(Place, worked.area.id)
    assert place is not None and place.id is not None
    period = Period(2026, 11)
    board = coverage.read_board(session, Asked(place, period, DAY))
    known = indicators.list_indicators(session)
    figures = indicators.read_figures(session, place.id, period, DAY, known)
    assert dict(board.whole.values) == {one.code: figures[one.code].now for one in board.columns}
    year = coverage.read_board(session, Asked(place, period, DAY, year=True))
    so_far = {one.code: figures[one.code].cumulative or figures[one.code].now for one in board.columns}
    assert {code: value for code, value in year.whole.values.items() if value} == {
        code: value for code, value in so_far.items() if value
    }


def test_a_merged_village_counts_for_its_successor(worked: Cast) -> None:
    session = worked.village.world.session
    old, new = worked.village.place, worked.sibling.place
    old.until, old.successor_id = DAY, new.id
    session.add(old)
    for edge in session.exec(select(PlaceParent).where(PlaceParent.place_id == old.id)):
        edge.until = DAY
    session.flush()
    places.rebuild_closure(session)
    board = coverage.read_board(
        session, Asked(session.get(Place, worked.commune.id), Period(2026, 11), DAY, opened=worked.commune.id)
    )
    assert [line.name for line in board.opened] == ["Nậm Dù"]
    assert board.opened[0].values[LEAD] == board.whole.values[LEAD]
    assert board.whole.values[LEAD].part == 2  # type: ignore[union-attr]


def test_a_share_under_its_target_is_marked_and_its_neighbour_above_is_not(
    client: CheckingClient, worked: Cast
) -> None:
    session = worked.village.world.session
    session.add(
        Target(place_id=worked.area.id, indicator=LEAD, span=NOVEMBER, value=4500, set_on=DAY)  # 45 %
    )
    session.commit()
    found = rows(client.sign_in(worked.giang).get(f"/coverage?period={NOVEMBER}&open={worked.commune.id}"))
    assert "dưới chỉ tiêu" in found[0][2] and "dưới chỉ tiêu" not in found[3][2]
    in_year = rows(client.get(f"/coverage?period={NOVEMBER}&span=year"))
    assert "dưới chỉ tiêu" not in in_year[0][2]


def test_the_own_target_stands_before_that_of_the_place_around(client: CheckingClient, worked: Cast) -> None:
    session = worked.village.world.session
    for place, value in ((worked.area.id, 4500), (worked.village.id, 6000)):
        session.add(Target(place_id=place, indicator=LEAD, span=NOVEMBER, value=value, set_on=DAY))
    session.commit()
    found = rows(client.sign_in(worked.giang).get(f"/coverage?period={NOVEMBER}&open={worked.commune.id}"))
    assert "dưới chỉ tiêu" in found[3][2]


def test_an_area_says_how_much_of_a_commune_it_counts(
    client: CheckingClient, worked: Cast, world: World
) -> None:
    world.village("Ngoài Khu", worked.commune)
    world.session.commit()
    found = rows(client.sign_in(worked.giang).get(f"/coverage?period={NOVEMBER}"))
    assert "chỉ tính 2/3 thôn thuộc địa bàn cũ" in found[1][0]
    assert "chỉ tính" not in found[0][0]
    official = rows(client.sign_in(worked.chi).get(f"/coverage?period={NOVEMBER}"))
    assert "3 thôn" in official[0][0] and "chỉ tính" not in official[0][0]


def test_an_area_says_so_where_a_commune_took_over_others_whose_villages_nobody_knows(
    client: CheckingClient, worked: Cast, world: World
) -> None:
    reform = date(2025, 7, 1)
    district = world._place(Level.AREA, "Thành phố Lào Cai", "city", until=reform)
    old = world._place(Level.COMMUNE, "Xã Vạn Hòa", "commune", until=reform, successor_id=worked.commune.id)
    world.under(old, district, until=reform)
    world.session.commit()
    found = rows(client.sign_in(worked.giang).get(f"/coverage?period={NOVEMBER}"))
    assert "chỉ tính 2 thôn thuộc địa bàn cũ" in found[1][0]


def test_a_province_counts_the_communes_without_any_team(
    client: CheckingClient, worked: Cast, world: World
) -> None:
    world.commune("Xã Cốc San", "02650")
    world.session.commit()
    page = client.sign_in(worked.khoa).get(f"/coverage?period={NOVEMBER}")
    assert {row[0].split(" 1 ")[0].split(" 2 ")[0] for row in rows(page)[1:]} == {
        "Xã Xuân Quang",
        "Xã Bảo Thắng",
    }
    assert "1 xã chưa có tổ nào." in text(page) and "Cốc San" not in text(page)
    area = rows(client.get(f"/coverage?period={NOVEMBER}&place={worked.area.id}"))
    assert area[0][1] == "2/5"


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
    assert rows(page)[2][1:3] == ["0/1", "0,0%"]


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
    assert rows(page)[0][1] == "1/1"
    answer = client.get("/")
    assert answer.status_code == 302 and answer.location.startswith("/coverage")


def test_the_whole_board_comes_as_a_workbook_and_as_csv(client: CheckingClient, worked: Cast) -> None:
    client.sign_in(worked.giang)
    book = client.get(f"/coverage/export.xlsx?period={NOVEMBER}&open=1&order=name")
    sheet = workbooks.read_workbook(book.data, "x.xlsx").sheets[0]
    found = {str(row[1] or row[0]): row for _, row in sheet.rows() if len(row) > 4}
    assert found["Hốc Đá"][2:4] == [2, 4] and found["Xã Xuân Quang"][2:4] == [2, 5]
    csv = client.get(f"/coverage/export.csv?period={NOVEMBER}").data.decode("utf-8-sig")
    assert "Hốc Đá" in csv and "Lý Láo Tả" not in csv
    assert io.StringIO(csv).readline().startswith("Xã")
    assert client.get("/coverage/export.exe").status_code == 404
    assert client.sign_in(worked.khoa).get("/coverage/export.csv").status_code == 403


def test_a_leader_sees_the_own_village_and_that_it_is_but_one_of_the_commune(
    client: CheckingClient, worked: Cast
) -> None:
    page = client.sign_in(worked.binh).get(f"/coverage?period={NOVEMBER}")
    assert rows(page)[0][1] == "2/4" and "chỉ tính 1/2 thôn" in rows(page)[1][0]
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
        with counting(app.extensions["tdteam_engine"]) as seen:
            client.get(f"/coverage?period={NOVEMBER}&open={worked.commune.id}")
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
    assert max(few) <= 24


@contextmanager
def counting(engine: Engine) -> Iterator[list[str]]:
    """The statements sent to a database."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
