"""The board as each reader opens it: figures of the scope, villages on request, silence, targets, files."""

from __future__ import annotations

from datetime import date

from sqlmodel import select

from tdteam.domain.coverage import LEAD
from tdteam.domain.periods import Period
from tdteam.domain.places import Level
from tdteam.store import coverage, indicators, places
from tdteam.store.coverage_ground import Asked
from tdteam.store.tables import Place, PlaceParent, Target
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.board import DAY, NOVEMBER, rows, text, worked
from tests.world import World

__all__ = ["worked"]  # a fixture


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
    assert [row[1] for row in found] == [
        "40,0% 2/5 —",
        "40,0% 2/5 —",
        "— chưa có số liệu —/1 —",
        "50,0% 2/4 —",
    ]
    assert "Đang ghi" in found[3][-3] and "Chưa gửi gì" in found[2][-3] and "Chưa lập" in found[1][-1]
    assert found[0][-3] == found[1][-3] == "0 Đã xác nhận 1 Đang ghi 0 Không phát sinh 1 Chưa gửi gì"
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
    assert "dưới chỉ tiêu" in found[0][1] and "dưới chỉ tiêu" not in found[3][1]
    in_year = rows(client.get(f"/coverage?period={NOVEMBER}&span=year"))
    assert "dưới chỉ tiêu" not in in_year[0][1]


def test_the_own_target_stands_before_that_of_the_place_around(client: CheckingClient, worked: Cast) -> None:
    session = worked.village.world.session
    for place, value in ((worked.area.id, 4500), (worked.village.id, 6000)):
        session.add(Target(place_id=place, indicator=LEAD, span=NOVEMBER, value=value, set_on=DAY))
    session.commit()
    found = rows(client.sign_in(worked.giang).get(f"/coverage?period={NOVEMBER}&open={worked.commune.id}"))
    assert "dưới chỉ tiêu" in found[3][1]


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
    assert area[0][1] == "40,0% 2/5 —"
