"""Targets: typed for places, years and periods, judged on the board of everybody who lies under them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.errors import Flaw, NotFound
from tdteam.domain.periods import period_of, today
from tdteam.domain.targets import parse_target
from tdteam.store import stocks
from tdteam.store.gate import EVERYWHERE, Ungated, open_session
from tdteam.store.tables import Audit, Target
from tdteam.store.targets import write_targets
from tests.actions.given import signed_in
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.board import rows
from tests.world import World

EID2 = "EID2_RESIDENTS"
YEAR = period_of(today()).year


def stored(client: CheckingClient) -> dict[tuple[int, str, str], int]:
    with open_session(client.application.extensions["tdteam_engine"], EVERYWHERE) as session:
        return {(row.place_id, row.indicator, row.span): row.value for row in session.exec(select(Target))}


def put(client: CheckingClient, values: dict[Any, str], query: str = "", code: str = EID2) -> Any:
    return client.post(
        f"/targets/{query}", data={f"t-{place}-{code}": value for place, value in values.items()}
    )


def cell(page: str, place: Any, code: str = EID2) -> str:
    """The cell of a place and indicator, with what stands under it."""
    start = page.index(f'id="t-{place}-{code}"')
    return page[start : page.index("</td>", start)]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("82,5", 8250),
        ("82.25", 8225),
        (" 95 % ", 9500),
        ("100", 10_000),
        ("0", 0),
        ("0,5", 50),
        ("", None),
        ("100,1", Flaw("f", "percent_over")),
        ("-1", Flaw("f", "percent_form")),
        ("nhiều", Flaw("f", "percent_form")),
        ("1,234", Flaw("f", "percent_form")),
    ],
)
def test_a_target_is_read_as_it_is_typed(typed: str, value: object) -> None:
    assert parse_target(typed, "f") == value


def test_targets_are_set_changed_and_taken_away(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.hai)
    assert put(client, {cast.commune.id: "82,5", cast.area.id: "90"}).status_code == 302
    assert stored(client) == {
        (cast.commune.id, EID2, str(YEAR)): 8250,
        (cast.area.id, EID2, str(YEAR)): 9000,
    }
    page = client.get("/targets/").get_data(as_text=True)
    assert 'value="82,5"' in page and 'value="90"' in page
    put(client, {cast.commune.id: "83", cast.area.id: ""})
    assert stored(client) == {(cast.commune.id, EID2, str(YEAR)): 8300}
    put(client, {cast.commune.id: "83"})
    with open_session(client.application.extensions["tdteam_engine"], EVERYWHERE) as session:
        acts = [(row.action, row.noun, row.target) for row in session.exec(select(Audit))]
    assert acts == [("set", "target", str(YEAR))] * 2


def test_another_year_is_another_grid(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.hai)
    put(client, {cast.commune.id: "70"}, f"?span={YEAR + 1}")
    assert stored(client) == {(cast.commune.id, EID2, str(YEAR + 1)): 7000}
    assert 'value="70"' not in client.get("/targets/").get_data(as_text=True)


def test_one_wrong_cell_stores_nothing_and_keeps_what_was_typed(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.hai)
    answer = put(client, {cast.commune.id: "120", cast.area.id: "90"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and stored(client) == {}
    assert 'value="120"' in page and 'value="90"' in page and f'id="t-{cast.commune.id}-{EID2}-error"' in page


def test_a_count_is_a_whole_number_and_a_period_has_a_target_of_its_own(
    client: CheckingClient, cast: Cast
) -> None:
    client.sign_in(cast.hai)
    assert put(client, {cast.commune.id: "1.200"}, f"?span={YEAR}-03", "GATHERINGS").status_code == 302
    assert stored(client) == {(cast.commune.id or 0, "GATHERINGS", f"{YEAR}-03"): 1200}
    assert 'value="1.200"' in cell(
        client.get(f"/targets/?span={YEAR}-03").get_data(as_text=True), cast.commune.id, "GATHERINGS"
    )
    for wrong in ("12,5", "-3", "nhiều", "99999999999"):
        answer = put(client, {cast.commune.id: wrong}, f"?span={YEAR}-03", "GATHERINGS")
        assert answer.status_code == 422 and f'value="{wrong}"' in answer.get_data(as_text=True)
    for span in ("2026-13", "nam", "1999", f"{YEAR + 3}", "2026-1", "２０２６"):
        assert client.get(f"/targets/?span={span}").status_code == 404, span


def test_an_empty_cell_shows_what_holds_and_where_it_comes_from(
    client: CheckingClient, cast: Cast, world: World
) -> None:
    client.sign_in(cast.hai)
    put(client, {world.province.id: "60", cast.area.id: "70"})

    def seen(account: Any, query: str, place: Any) -> str:
        return cell(client.sign_in(account).get(f"/targets/?{query}").get_data(as_text=True), place)

    village = cast.village.id
    opened = f"open={cast.commune.id}"
    mine = seen(cast.giang, opened, village)  # of commune, area and province the nearest that has one
    assert 'placeholder="70"' in mine and cast.area.name in mine and 'value=""' in mine
    assert 'placeholder="60"' in seen(cast.chi, "", cast.commune.id)
    put(client.sign_in(cast.chi), {cast.commune.id: "65"})
    mine = seen(cast.chi, "", village)
    assert 'placeholder="65"' in mine and cast.commune.name in mine
    area = client.sign_in(cast.giang).get("/targets/").get_data(as_text=True)
    assert (
        '<td class="num dim">65</td>' in area
    )  # the commune's own, which only the commune's official may change
    month = seen(cast.chi, f"span={YEAR}-11", cast.commune.id)  # a month takes the year's of a stock
    assert 'placeholder="65"' in month and f"cả năm {YEAR}" in month
    put(client.sign_in(cast.chi), {cast.commune.id: "66"}, f"?span={YEAR}-11")
    assert 'placeholder="66"' in seen(cast.chi, f"span={YEAR}-11", village)
    assert 'placeholder="65"' in seen(cast.chi, f"span={YEAR}", village)


def test_each_keeper_writes_inside_the_own_scope_only(
    client: CheckingClient, cast: Cast, world: World
) -> None:
    opened = f"?open={cast.commune.id}"
    page = client.sign_in(cast.giang).get(f"/targets/{opened}").get_data(as_text=True)
    assert f't-{cast.village.id}-{EID2}"' in page and f't-{cast.area.id}-{EID2}"' in page
    assert f't-{cast.commune.id}-{EID2}"' not in page  # the commune is more than the area
    put(
        client,
        {cast.village.id: "90", cast.commune.id: "1", world.province.id: "1", cast.next_village.id: "1"},
        opened,
    )
    assert stored(client) == {(cast.village.id, EID2, str(YEAR)): 9000}
    put(client.sign_in(cast.chi), {cast.sibling.id: "80", cast.area.id: "2"})
    assert stored(client).keys() == {(cast.village.id, EID2, str(YEAR)), (cast.sibling.id, EID2, str(YEAR))}
    for place in (cast.next_commune.id, cast.area.id, 999_999):
        assert client.get(f"/targets/?place={place}").status_code == 404
        assert put(client, {place: "5"}, f"?place={place}").status_code == 404


def test_who_was_slower_is_told_and_loses_nothing(client: CheckingClient, cast: Cast) -> None:
    page = client.sign_in(cast.chi).get("/targets/").get_data(as_text=True)
    stamp = page.split('name="seen" value="')[1].split('"')[0]
    put(client, {cast.commune.id: "70"})
    answer = client.post("/targets/", data={f"t-{cast.commune.id}-{EID2}": "75", "seen": stamp})
    said = answer.get_data(as_text=True)
    assert answer.status_code == 422 and 'value="75"' in said and "người khác" in said.lower()
    assert set(stored(client).values()) == {7000}


def test_a_target_of_a_count_stands_over_its_column_on_the_board(client: CheckingClient, cast: Cast) -> None:
    now = period_of(today()).code
    client.sign_in(cast.chi)
    put(client, {cast.commune.id: "1.234"}, f"?span={now}", "GATHERINGS")
    put(client, {cast.commune.id: "4.321"}, "", "GATHERINGS")
    assert ">1.234<" in client.get("/coverage").get_data(as_text=True)
    year = client.get("/coverage?span=year").get_data(as_text=True)
    assert ">4.321<" in year and ">1.234<" not in year
    told = client.get(f"/api/v1/coverage?indicators=GATHERINGS&place={cast.commune.id}").json
    assert told and [one["target"] for one in told["total"]["figures"]] == [1234]


def test_the_grid_is_exported_with_what_holds(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.hai)
    put(client, {cast.commune.id: "82,5"})
    listed = client.sign_in(cast.chi).get("/targets/export.csv").get_data().decode("utf-8-sig")
    line = next(line for line in listed.splitlines() if cast.village.place.label in line)
    assert f'"82,5",{cast.commune.name}' in line or f"82,5;{cast.commune.name}" in line
    assert client.get("/targets/export.xlsx").data[:2] == b"PK"


def test_a_place_that_is_not_in_the_grid_gets_no_target(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.hai)
    put(client, {cast.village.id: "90", 999_999: "90"})
    assert stored(client) == {}


def test_a_place_without_target_is_judged_by_what_it_lies_in(
    client: CheckingClient, cast: Cast, world: World
) -> None:
    cast.village.household(people=4, adults=4, eid2=2)
    stocks.touch(world.session, [cast.village.id], on=today())
    world.session.commit()

    def is_low(account: Any) -> bool:
        cell = rows(client.sign_in(account).get("/coverage"))[0][2]
        assert "50,0%" in cell
        return "dưới chỉ tiêu" in cell

    put(client.sign_in(cast.hai), {cast.area.id: "60"})
    assert is_low(cast.giang) and not is_low(cast.chi)  # the commune itself does not lie in the area
    put(client.sign_in(cast.hai), {world.province.id: "60"})
    assert is_low(cast.giang) and is_low(cast.chi) and is_low(cast.binh)
    put(client.sign_in(cast.hai), {world.province.id: "60", cast.commune.id: "40", cast.area.id: "45"})
    assert not is_low(cast.giang) and not is_low(cast.chi)


def test_targets_of_others_are_neither_seen_nor_written(engine: Engine, cast: Cast, world: World) -> None:
    for place in (world.province, cast.commune, cast.next_commune, cast.next_village.place):
        assert place.id is not None
        world.add(Target(place_id=place.id, indicator=EID2, span=str(YEAR), value=1, set_on=today()))
    world.session.commit()
    with signed_in(engine, cast.chi) as chi:
        assert {row.place_id for row in chi.exec(select(Target))} == {world.province.id, cast.commune.id}
    for place in (world.province, cast.next_commune):
        with pytest.raises(NotFound), signed_in(engine, cast.chi) as chi:
            write_targets(chi, str(YEAR), {(place.id or 0, EID2): 5})
        with pytest.raises(Ungated), signed_in(engine, cast.chi) as chi:
            chi.add(Target(place_id=place.id or 0, indicator=EID2, span="2020", value=1, set_on=today()))
            chi.flush()
