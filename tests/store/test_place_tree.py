"""The tree of units on a day: as they are, as they were, and only as far as the scope reaches."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.periods import today
from tdteam.domain.places import REFORM, Level
from tdteam.store import place_tree, places
from tdteam.store.gate import GatedSession, Scope, open_session
from tdteam.store.place_tree import Node
from tdteam.store.tables import Place, PlaceParent
from tdteam.store.units import load_units
from tests.actions.given import signed_in
from tests.cast import Cast
from tests.world import World


def shape(nodes: list[Node]) -> dict[str, object]:
    """The tree by labels; a unit without children is None."""
    return {node.label: shape(node.children) or None for node in nodes}


@pytest.fixture
def reformed(world: World, cast: Cast) -> None:
    """Before the reform the first village stood in another commune, of a district."""
    district = world._place(
        Level.AREA, "Huyện Bảo Thắng", "district", until=REFORM, successor_id=cast.area.id
    )
    old = world._place(
        Level.COMMUNE, "Xã Trì Quang", "commune", code="02935", until=REFORM, successor_id=cast.commune.id
    )
    world.under(old, district, until=REFORM, rebuild=False)
    cast.village.place.origin_id = old.id
    for edge in world.session.exec(select(PlaceParent).where(PlaceParent.place_id == cast.village.id)):
        edge.since = REFORM
    cast.commune.since = REFORM
    world.under(cast.village.place, old, until=REFORM)
    world.session.commit()


def test_today_the_province_holds_communes_and_areas_with_their_villages(
    engine: Engine, cast: Cast, reformed: None
) -> None:
    with signed_in(engine, cast.hai, write=False) as session:
        tree = place_tree.read_tree(session, today())
    villages = {"Hốc Đá": None, "Nậm Dù": None}
    assert shape(tree) == {
        "Tỉnh Lào Cai": {
            "Bảo Thắng (cũ)": villages,
            "Xã Bảo Thắng": {"Tả Hà 2": None},
            "Xã Xuân Quang": villages,
        }
    }


def test_before_the_reform_the_old_units_stand(engine: Engine, cast: Cast, reformed: None) -> None:
    with signed_in(engine, cast.hai, write=False) as session:
        tree = shape(place_tree.read_tree(session, date(2025, 6, 30)))
    assert tree["Huyện Bảo Thắng"] == {"Xã Trì Quang": {"Hốc Đá": None}}
    assert "Xã Xuân Quang" not in str(tree["Tỉnh Lào Cai"])


def test_an_official_sees_the_way_up_and_nothing_beside_it(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi, write=False) as session:
        tree = shape(place_tree.read_tree(session, today()))
    villages = {"Hốc Đá": None, "Nậm Dù": None}
    assert tree == {"Tỉnh Lào Cai": {"Bảo Thắng (cũ)": villages, "Xã Xuân Quang": villages}}


def test_many_villages_are_only_counted(engine: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place_tree, "MANY_VILLAGES", 1)
    with signed_in(engine, cast.chi, write=False) as session:
        (province,) = place_tree.read_tree(session, today())
    commune = next(node for node in province.children if node.level == Level.COMMUNE)
    assert (commune.children, commune.villages) == ([], 2)


def test_a_units_page_says_what_it_came_from_and_who_works_there(
    engine: Engine, cast: Cast, reformed: None
) -> None:
    with signed_in(engine, cast.chi, write=False) as session:
        view = place_tree.read_place(session, places.get_place(session, cast.commune.id or 0), today())
        assert [one.name for one in view.before] == ["Xã Trì Quang"]
        assert [(row.label, row.origin, [name for _id, name in row.teams]) for row in view.villages] == [
            ("Hốc Đá", "Xã Trì Quang", ["Tổ Hốc Đá"]),
            ("Nậm Dù", "Xã Xuân Quang", ["Tổ Nậm Dù"]),
        ]
        village = place_tree.read_place(session, places.get_place(session, cast.village.id), today())
        assert [(one.name, one.until) for one in village.above] == [
            ("Xã Xuân Quang", None),
            ("Bảo Thắng (cũ)", None),
            ("Xã Trì Quang", REFORM),
        ]
        assert [team.name for team in village.teams] == ["Tổ Hốc Đá"]


def test_an_ended_unit_shows_what_it_held_on_its_last_day(engine: Engine, cast: Cast, reformed: None) -> None:
    with signed_in(engine, cast.hai, write=False) as session:
        old = session.exec(select(Place).where(Place.name == "Xã Trì Quang")).one()
        view = place_tree.read_place(session, old, today())
        assert [row.label for row in view.villages] == ["Hốc Đá"]
        assert view.successor and view.successor.name == "Xã Xuân Quang"


def test_the_units_of_lao_cai_stand_under_their_districts_before_the_reform(session: GatedSession) -> None:
    load_units(session)
    province = places.list_reached(session, Level.PROVINCE)[0]
    session.commit()
    scope = Scope(roots=frozenset([province.id or 0]))
    with open_session(session.get_bind(), scope) as looking:  # type: ignore[arg-type]
        before = place_tree.read_tree(looking, date(2025, 6, 30))
        now = place_tree.read_tree(looking, today())
    assert [node.name for node in before] == ["Tỉnh Lào Cai", "Tỉnh Yên Bái"]
    districts = {node.name: node for top in before for node in top.children}
    assert len(districts["Huyện Bảo Thắng"].children) == 14
    assert sum(node.villages for node in districts["Huyện Bảo Thắng"].children) == 188
    (today_province,) = now
    assert today_province.children[0].name == "Bảo Thắng (cũ)"
    assert len(today_province.of_level(Level.COMMUNE)) == 99
