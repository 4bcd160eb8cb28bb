"""The units of Lao Cai, loaded once by `migrate`: the province of today, its 99 communes, the 319 old communes, their
districts and provinces until 1 July 2025, the area that stands for the old Bao Thang and its 188 villages.

Source: vietnamadminunits 1.0.4 (MIT), extracted to `data/laocai_units.json`; villages from the teams' founding decisions.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from tdteam.domain.places import REFORM, Level, PlaceKind
from tdteam.domain.vietnamese import fold, nfc
from tdteam.store import places
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place, PlaceAlias, PlaceParent


def load_units(session: GatedSession) -> bool:
    """Load the units where there are none; True when it did. Needs a session that may write everywhere."""
    if session.exec(select(Place.id).limit(1)).first() is not None:
        return False
    units = json.loads((places.DATA / "laocai_units.json").read_text("utf-8"))
    decrees = places.words()["decrees"]
    province = places.make_place(
        Level.PROVINCE,
        units["province_new"]["name"],
        PlaceKind.PROVINCE,
        code=units["province_new"]["code"],
        since=REFORM,
        decree=decrees["provinces"],
    )
    session.add(province)
    session.flush()
    communes = {u["code"]: _commune(session, u, province, decrees["communes"]) for u in units["new_units"]}
    districts = _districts(session, units["old_to_new"], province)
    for unit in units["old_to_new"]:
        _old_commune(session, unit, districts[unit["old_district_code"]], communes[unit["new_code"]])
    session.flush()
    _areas(session, districts, province)
    _aliases(session)
    _villages(session)
    places.rebuild_closure(session)
    for commune in communes.values():
        if commune.id:
            places.label_villages(session, commune.id)
    return True


def _under(session: GatedSession, place: Place, parent: Place, **dates: Any) -> None:
    assert place.id is not None and parent.id is not None
    session.add(PlaceParent(place_id=place.id, parent_id=parent.id, **dates))


def _commune(session: GatedSession, unit: dict[str, str], province: Place, decree: str) -> Place:
    kind, _ = places.split_kind(unit["name"])
    place = places.make_place(
        Level.COMMUNE, nfc(unit["name"]), str(kind), code=unit["code"], since=REFORM, decree=decree
    )
    session.add(place)
    session.flush()
    _under(session, place, province, since=REFORM)
    return place


def _districts(session: GatedSession, links: list[dict[str, str]], heir: Place) -> dict[str, Place]:
    """Old provinces and districts: the districts' places by code."""
    provinces = {}
    for code, name in places.words()["old_provinces"].items():
        provinces[code] = places.make_place(
            Level.PROVINCE, name, PlaceKind.PROVINCE, code=code, until=REFORM, successor_id=heir.id
        )
        session.add(provinces[code])
    session.flush()
    out: dict[str, Place] = {}
    for link in links:
        code = link["old_district_code"]
        if code not in out:
            kind, _ = places.split_kind(link["old_district"])
            # Districts ended without an heir of their own; the province took over what they did.
            out[code] = places.make_place(
                Level.AREA,
                nfc(link["old_district"]),
                str(kind),
                code=code,
                until=REFORM,
                successor_id=heir.id,
            )
            session.add(out[code])
            session.flush()
            _under(session, out[code], provinces[link["old_province_code"]], until=REFORM)
    return out


def _old_commune(session: GatedSession, link: dict[str, str], district: Place, heir: Place) -> None:
    kind, _ = places.split_kind(link["old_name"])
    place = places.make_place(
        Level.COMMUNE,
        nfc(link["old_name"]),
        str(kind),
        code=link["old_code"],
        until=REFORM,
        successor_id=heir.id,
    )
    session.add(place)
    session.flush()
    _under(session, place, district, until=REFORM)


def _areas(session: GatedSession, districts: dict[str, Place], province: Place) -> None:
    for area in places.words()["areas"]:
        place = places.make_place(Level.AREA, area["name"], PlaceKind.AREA, since=REFORM)
        session.add(place)
        session.flush()
        _under(session, place, province, since=REFORM)
        districts[area["district"]].successor_id = place.id
    session.flush()


def _old_communes(session: GatedSession) -> dict[str, Place]:
    day = REFORM - timedelta(days=1)
    query = select(Place).where(
        Place.level == Level.COMMUNE, places.holds_on(Place, day), col(Place.code).is_not(None)
    )
    return {str(p.code): p for p in session.exec(query)}


def _aliases(session: GatedSession) -> None:
    spellings = json.loads((places.DATA / "place_aliases.json").read_text("utf-8"))["old_communes"]
    old = _old_communes(session)
    for code, names in spellings.items():
        for folded, name in {fold(name): name for name in names}.items():
            session.add(PlaceAlias(place_id=old[code].id or 0, name=name, name_fold=folded))
    session.flush()


def _villages(session: GatedSession) -> None:
    listed = json.loads((places.DATA / "villages_bao_thang.json").read_text("utf-8"))["communes"]
    old = _old_communes(session)
    for code, commune in listed.items():
        for name in commune["villages"]:
            places.add_village(session, old[code], name)
