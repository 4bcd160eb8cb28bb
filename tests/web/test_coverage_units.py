"""Old tree, new tree: the same villages, and so the same totals, under the units of another day."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from tdteam.domain.periods import today
from tdteam.domain.places import ALWAYS, REFORM, Level
from tdteam.store import places
from tdteam.store.tables import Place, PlaceParent
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.board import NOVEMBER, rows, text, worked
from tests.world import World

__all__ = ["worked"]  # a fixture


@pytest.fixture
def reformed(worked: Cast, world: World) -> Cast:
    """The area was a district before the reform, and its commune two: one for each of the villages."""
    session = world.session
    district = world._place(
        Level.AREA,
        "Huyện Bảo Thắng",
        "district",
        (world.province,),
        until=REFORM,
        successor_id=worked.area.id,
    )
    for name, village in (("Xã Phong Niên", worked.village), ("Xã Trì Quang", worked.sibling)):
        old = world._place(Level.COMMUNE, name, "commune", until=REFORM, successor_id=worked.commune.id)
        world.under(old, district, until=REFORM)
        for edge in session.exec(select(PlaceParent).where(PlaceParent.place_id == village.id)):
            edge.since = REFORM
        world.under(village.place, old, since=ALWAYS, until=REFORM)
    ids = [worked.area.id, worked.commune.id]
    for place in session.exec(select(Place).where(col(Place.id).in_(ids))):
        place.since = REFORM
    session.flush()
    places.rebuild_closure(session)
    session.commit()
    return worked


def names(found: list[list[str]]) -> list[str]:
    return [row[0].split(" 1 ")[0] for row in found]


def test_the_old_communes_stand_in_rows_and_the_totals_are_equal(
    client: CheckingClient, reformed: Cast
) -> None:
    client.sign_in(reformed.giang)
    now = rows(client.get(f"/coverage?period={NOVEMBER}"))
    answer = client.get(f"/coverage?period={NOVEMBER}&units=before&order=name")
    then = rows(answer)
    assert now[0][1:] == [*then[0][1:-1], now[0][-1]] and now[0][1] == "40,0% 2/5 —"
    assert names(then)[1:] == ["Xã Phong Niên", "Xã Trì Quang"]
    assert [row[1] for row in then[1:]] == ["50,0% 2/4 —", "— chưa có số liệu —/1 —"]
    assert "theo đơn vị của ngày 30/06/2025" in text(answer)
    assert "Xã Xuân Quang" not in [row[0] for row in then]


def test_teams_are_those_of_today_under_any_tree(client: CheckingClient, reformed: Cast) -> None:
    client.sign_in(reformed.giang)
    then = rows(client.get(f"/coverage?period={NOVEMBER}&units=2025-06-30&order=name"))
    assert then[1][-3] == "0 Đã xác nhận 1 Đang ghi 0 Không phát sinh 0 Chưa gửi gì"
    assert then[2][-3] == "0 Đã xác nhận 0 Đang ghi 0 Không phát sinh 1 Chưa gửi gì"


def test_a_commune_of_today_shows_those_it_came_from(client: CheckingClient, reformed: Cast) -> None:
    client.sign_in(reformed.chi)
    then = rows(client.get(f"/coverage?period={NOVEMBER}&units=before&order=name"))
    assert names(then)[1:] == ["Xã Phong Niên", "Xã Trì Quang"]
    assert then[0][1] == "40,0% 2/5 —"


def test_a_day_nobody_stood_on_and_nonsense_show_the_units_of_today(
    client: CheckingClient, reformed: Cast
) -> None:
    client.sign_in(reformed.giang)
    for units in ("2030-01-01", "x", "1800-01-01", ""):
        found = rows(client.get(f"/coverage?period={NOVEMBER}&units={units}"))
        assert found[1][0].startswith("Xã Xuân Quang")


def test_the_old_tree_comes_as_a_file_too(client: CheckingClient, reformed: Cast) -> None:
    client.sign_in(reformed.giang)
    csv = client.get(f"/coverage/export.csv?period={NOVEMBER}&units=before").data.decode("utf-8-sig")
    assert "Xã Phong Niên" in csv and "Xã Xuân Quang" not in csv
    assert client.get(f"/coverage/export.pdf?period={NOVEMBER}&units=before").data.startswith(b"%PDF")


def test_machines_read_the_old_tree_with_the_totals_of_the_new(
    client: CheckingClient, reformed: Cast
) -> None:
    client.sign_in(reformed.giang)
    now = client.get(f"/api/v1/coverage?period={NOVEMBER}").json
    then = client.get(f"/api/v1/coverage?period={NOVEMBER}&units=2025-06-30").json
    assert [row["place"]["name"] for row in then["rows"]] == ["Xã Phong Niên", "Xã Trì Quang"]
    numbers = ("indicator", "part", "whole", "value")
    assert [[one[key] for key in numbers] for one in then["total"]["figures"]] == [
        [one[key] for key in numbers] for one in now["total"]["figures"]
    ]
    assert (then["as_of"], then["place"]["id"]) == ("2025-06-30", reformed.area.id)
    commune = f"/api/v1/coverage?period={NOVEMBER}&units=2025-06-30&place={reformed.commune.id}&rows=villages"
    found = client.sign_in(reformed.chi).get(commune)
    assert found.status_code == 200, found.json
    assert {row["place"]["id"] for row in found.json["rows"]} == {
        reformed.village.id,
        reformed.sibling.id,
    }
    client.sign_in(reformed.giang)
    same = client.get(f"/api/v1/coverage?period={NOVEMBER}&units={today().isoformat()}").json
    assert same == now
    for day in (f"{today().year + 1}-01-01", "0001-01-01", "2025-06-31"):
        assert client.get(f"/api/v1/coverage?units={day}").status_code == 400, day
