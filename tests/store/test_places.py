"""The units of Lao Cai as loaded: both trees, codes that were used again, the area that stands for the old district."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import func, select

from tdteam.domain.errors import NotFound
from tdteam.domain.places import REFORM, Level
from tdteam.store import migrate, places
from tdteam.store.engine import make_engine
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.places import commune_by_code, list_inside
from tdteam.store.tables import Place, PlaceAncestor
from tdteam.store.units import load_units
from tests import postgres

BEFORE = REFORM - timedelta(days=1)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def units(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatedSession]:
    """A database with the units, loaded once an engine; nothing here writes to it."""
    if request.param == "sqlite":
        url = f"sqlite:///{Path(tmp_path_factory.mktemp('units')) / 'units.db'}"
        migrate.upgrade(url)
    else:
        url = postgres.fresh_database(request.getfixturevalue("postgres_template"))
    engine = make_engine(url)
    with open_session(engine, EVERYWHERE, write=True) as loading:
        assert load_units(loading)
        loading.commit()
        assert not load_units(loading)
        loading.rollback()
    with open_session(engine, EVERYWHERE) as opened:
        yield opened
    engine.dispose()
    if request.param != "sqlite":
        postgres.drop_database(url)


def area(units: GatedSession) -> Place:
    return units.exec(select(Place).where(Place.level == Level.AREA, Place.until.is_(None))).one()  # type: ignore[union-attr]


def named(units: GatedSession, name: str, on: date) -> Place:
    return units.exec(select(Place).where(Place.name == name, places.holds_on(Place, on))).one()


def test_the_new_province_has_its_99_communes(units: GatedSession) -> None:
    province = units.exec(
        select(Place).where(Place.level == Level.PROVINCE, Place.code == "15", Place.until.is_(None))
    ).one()  # type: ignore[union-attr]
    assert len(list_inside(units, province.id or 0, Level.COMMUNE)) == 99
    assert len(list_inside(units, province.id or 0, Level.VILLAGE)) == 188


def test_the_old_provinces_have_their_communes_until_the_reform(units: GatedSession) -> None:
    lao_cai, yen_bai = named(units, "Tỉnh Lào Cai", BEFORE), named(units, "Tỉnh Yên Bái", BEFORE)
    assert (lao_cai.code, yen_bai.code) == ("10", "15")
    counts = [len(list_inside(units, one.id or 0, Level.COMMUNE, BEFORE)) for one in (lao_cai, yen_bai)]
    assert counts == [151, 168]
    assert list_inside(units, lao_cai.id or 0, Level.COMMUNE) == []


def test_the_area_is_exactly_the_188_villages_of_the_old_district(units: GatedSession) -> None:
    now = {village.id for village in list_inside(units, area(units).id or 0, Level.VILLAGE)}
    district = named(units, "Huyện Bảo Thắng", BEFORE)
    before = {village.id for village in list_inside(units, district.id or 0, Level.VILLAGE, BEFORE)}
    assert len(now) == 188
    assert now == before
    assert len(list_inside(units, district.id or 0, Level.COMMUNE, BEFORE)) == 14


def test_a_code_names_a_unit_only_together_with_a_day(units: GatedSession) -> None:
    assert commune_by_code(units, "02647").name == "Phường Lào Cai"
    assert commune_by_code(units, "02647", BEFORE).name == "Phường Kim Tân"
    assert commune_by_code(units, "02926").name == "Xã Xuân Quang"
    with pytest.raises(NotFound):
        commune_by_code(units, "99999")
    old_only = units.exec(select(Place.code).where(Place.level == Level.COMMUNE, Place.until == REFORM)).all()
    new = set(units.exec(select(Place.code).where(Place.level == Level.COMMUNE, Place.until.is_(None))))  # type: ignore[union-attr]
    gone = next(code for code in old_only if code not in new)
    with pytest.raises(NotFound):
        commune_by_code(units, str(gone))


def test_every_old_commune_has_a_successor_in_force(units: GatedSession) -> None:
    old = units.exec(select(Place).where(Place.level == Level.COMMUNE, Place.until == REFORM)).all()
    assert len(old) == 319
    heirs = [units.get(Place, one.successor_id) for one in old]
    assert all(heir is not None and heir.until is None and heir.level == Level.COMMUNE for heir in heirs)


def test_villages_follow_their_commune_through_the_reform(units: GatedSession) -> None:
    for village in units.exec(select(Place).where(Place.level == Level.VILLAGE)):
        old = places.commune_of(units, village.id or 0, BEFORE)
        new = places.commune_of(units, village.id or 0)
        assert old.id == village.origin_id
        assert old.successor_id == new.id


def test_villages_of_one_name_in_one_commune_are_told_apart(units: GatedSession) -> None:
    labels = {place.label for place in units.exec(select(Place).where(Place.level == Level.VILLAGE))}
    assert {"Làng Chưng (Phong Niên cũ)", "Làng Chưng (Trì Quang cũ)"} <= labels
    for commune in units.exec(select(Place).where(Place.level == Level.COMMUNE, Place.until.is_(None))):  # type: ignore[union-attr]
        inside = [village.label for village in list_inside(units, commune.id or 0, Level.VILLAGE)]
        assert len(inside) == len(set(inside)), commune.name


def test_a_village_is_found_by_old_commune_and_name_however_typed(units: GatedSession) -> None:
    origin = commune_by_code(units, "02926", BEFORE)
    one = list_inside(units, origin.id or 0, Level.VILLAGE, BEFORE)[0]
    for typed in (one.name, one.name.upper(), one.short_name, f"  {one.short_name.lower()} "):
        found = places.find_village(units, origin.id or 0, typed)
        assert found and found.id == one.id
    assert places.find_village(units, origin.id or 0, "Không có thôn này") is None


def test_places_come_in_vietnamese_order(units: GatedSession) -> None:
    names = [line.label for line in places.list_villages(units, area(units).id)]
    keys = [line.name for line in places.list_villages(units, area(units).id)]
    assert len(names) == len(keys) == 188
    from tdteam.domain.vietnamese import text_key

    by_commune: dict[str, list[str]] = {}
    for line in places.list_villages(units):
        by_commune.setdefault(line.commune, []).append(text_key(places.split_kind(line.name)[1]))
    assert all(found == sorted(found) for found in by_commune.values())


def test_no_place_lies_twice_in_one_ancestor_on_a_day(units: GatedSession) -> None:
    for day in (date(2024, 1, 1), BEFORE, REFORM, date(2026, 11, 23)):
        query = (
            select(PlaceAncestor.ancestor_id, PlaceAncestor.place_id, func.count())
            .where(places.holds_on(PlaceAncestor, day))
            .group_by(PlaceAncestor.ancestor_id, PlaceAncestor.place_id)
            .having(func.count() > 1)
        )
        assert units.exec(query).all() == []
