"""GeoJSON files, read with suspicion."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tdteam.domain.errors import Flaw, Refused
from tdteam.domain.geojson import find_place, read_features

SQUARE = [[104.0, 22.0], [104.1, 22.0], [104.1, 22.1], [104.0, 22.1], [104.0, 22.0]]


@dataclass(frozen=True)
class Known:
    id: int
    code: str
    name_fold: str
    above_fold: str = ""


KNOWN = [
    Known(1, "02926", "xuan quang"),
    Known(2, "02905", "bao thang"),
    Known(3, "", "lang chung", "xuan quang"),
    Known(4, "", "lang chung", "bao thang"),
    Known(5, "", "coc tu", "bao thang"),
]


def file(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


def feature(kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_points_and_boundaries_are_read_with_their_words() -> None:
    point, shape = read_features(
        file(feature("Point", [104.2, 22.3], ten="Xã Xuân Quang"), feature("Polygon", [SQUARE], ma=2905))
    )
    assert point.at == (104.2, 22.3) and point.texts == ("Xã Xuân Quang",) and not point.flaws
    assert shape.points == 5 and shape.texts == ("2905",)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "geojson_form"),
        (b"not json", "geojson_form"),
        (b"[" * 200_000, "geojson_form"),
        (b'{"type":"FeatureCollection","features":[NaN]}', "geojson_form"),
        (b"[1,2]", "geojson_form"),
        (b'{"type":"Topology"}', "geojson_form"),
        (file(), "geojson_empty"),
        (file(feature("Point", [1, 2]), crs={"properties": {"name": "EPSG:3405"}}), "geojson_crs"),
        (file(*[feature("Point", [104.0, 22.0])] * 5_001), "geojson_many"),
        (b" " * (21 << 20), "geojson_large"),
    ],
)
def test_a_file_that_is_no_such_file_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_features(body)
    assert refused.value.flaws[0].code == code


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (feature("Point", [549231.2, 2471234.5]), "shape_outside"),  # metres of VN-2000
        (feature("Point", [22.3, 104.2]), "shape_outside"),  # the two changed about
        (feature("Point", ["104", "22"]), "shape_form"),
        (feature("Point", []), "shape_form"),
        (feature("Polygon", [SQUARE[:3]]), "shape_form"),
        (feature("Polygon", [SQUARE[:-1]]), "shape_form"),
        (feature("Polygon", []), "shape_form"),
        (feature("LineString", SQUARE), "shape_kind"),
        ({"type": "Feature"}, "shape_kind"),
        (7, "shape_kind"),
        (feature("Point", [float("1e308") * 10, 22]), "geojson_form"),
    ],
)
def test_a_feature_that_cannot_be_drawn_is_left_out_and_says_why(told: Any, code: str) -> None:
    try:
        found = read_features(file(told))[0].flaws[0].code
    except Refused as refused:
        found = refused.flaws[0].code
    assert found == code


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ('{"type":"Point","coordinates":[%s,22.3]}' % ("1" * 400), "shape_form"),
        ('{"type":"Point","coordinates":[1e999,22.3]}', "shape_form"),
        ('{"type":"Point","coordinates":{"a":1}}', "shape_form"),
        ('{"type":"MultiPolygon","coordinates":[]}', "shape_form"),
        ('{"type":"Polygon","coordinates":%s}' % ("[" * 500 + "]" * 500), "shape_form"),
        ('{"type":["Point"],"coordinates":[104.2,22.3]}', "shape_kind"),
    ],
)
def test_numbers_and_lists_that_no_map_holds_are_a_flaw_of_their_feature(geometry: str, code: str) -> None:
    told = '{"type":"Feature","properties":{},"geometry":' + geometry + "}"
    assert [flaw.code for flaw in read_features(told.encode())[0].flaws] == [code]


def test_half_a_letter_in_a_name_is_no_letter() -> None:
    told = b'{"type":"Feature","properties":{"ten":"X\\ud800\\u0000"},"geometry":null}'
    assert read_features(told)[0].title == "X\ufffd\ufffd"


@pytest.mark.parametrize(
    ("properties", "place"),
    [
        ({"MA_XA": "02926"}, 1),
        ({"code": 2926}, 1),
        ({"NAME_3": "XÃ XUÂN QUANG"}, 1),
        ({"ten": "Xuân Quang", "huyen": "Bảo Thắng cũ"}, 1),
        ({"thon": "Thôn Làng Chưng", "xa": "Xã Bảo Thắng"}, 4),
        ({"thon": "Cốc Tủ"}, 5),
        ({"thon": "Làng Chưng"}, "shape_several"),
        ({"ten": "Xã Không Có"}, "shape_nobody"),
        ({}, "shape_nobody"),
        ({"a": None, "b": True, "c": {"d": 1}}, "shape_nobody"),
    ],
)
def test_a_feature_is_known_by_code_or_by_name(properties: dict[str, Any], place: int | str) -> None:
    found = find_place(read_features(file(feature("Point", [104.2, 22.3], **properties)))[0], KNOWN)
    assert (found.code if isinstance(found, Flaw) else found.id) == place
