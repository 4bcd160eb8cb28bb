"""Boundaries from a file: mended, simplified together, stored, taken back, and only inside the scope."""

from __future__ import annotations

import json
from math import cos, pi, sin
from typing import Any

import pytest
from sqlalchemy import Engine

from tdteam.actions import import_shapes as verbs
from tdteam.domain.errors import Conflict, NotFound, Refused
from tdteam.domain.maps import is_inside
from tdteam.domain.places import Level
from tdteam.store import places, shapes
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tests.actions.given import signed_in
from tests.cast import Cast


def ring(x: float, y: float, radius: float, count: int) -> list[list[float]]:
    points = [
        [x + radius * cos(2 * pi * n / count), y + radius * sin(2 * pi * n / count)] for n in range(count)
    ]
    return [*points, points[0]]


def file(*told: tuple[str, Any, str]) -> bytes:
    features = [
        {"type": "Feature", "properties": {"ten": name}, "geometry": {"type": kind, "coordinates": where}}
        for kind, where, name in told
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture
def writing(engine: Engine, cast: Cast) -> Any:
    with open_session(engine, EVERYWHERE, write=True) as session:
        yield session


def stored(session: GatedSession, place: int) -> Any:
    return shapes.list_outlines(session, [place])


def test_a_boundary_comes_in_simpler_valid_and_goes_out_again(writing: GatedSession, cast: Cast) -> None:
    commune, area = cast.commune, cast.area
    body = file(("Polygon", [ring(104.2, 22.3, 0.05, 2_000)], commune.name))
    upload = verbs.keep_file(writing, area.id or 0, body, "xa.geojson")
    row = verbs.read_kept(writing, upload)[0]
    assert (row.place_id, row.points) == (commune.id, 2_001) and 8 <= row.kept < 200
    assert stored(writing, commune.id or 0) == []  # a dry run writes nothing
    assert verbs.store_file(writing, upload.id or 0) == 1
    outline = stored(writing, commune.id or 0)[0]
    assert is_inside(outline.at) and len(outline.polygons) == 1
    with pytest.raises(Conflict):
        verbs.store_file(writing, upload.id or 0)
    assert verbs.undo_file(writing, upload.id or 0) == 1
    assert stored(writing, commune.id or 0) == []


def test_a_boundary_that_crosses_itself_is_mended(writing: GatedSession, cast: Cast) -> None:
    bow = [[104.0, 22.0], [104.1, 22.1], [104.1, 22.0], [104.0, 22.1], [104.0, 22.0]]
    upload = verbs.keep_file(
        writing, cast.area.id or 0, file(("Polygon", [bow], cast.commune.name)), "x.json"
    )
    verbs.store_file(writing, upload.id or 0)
    assert len(stored(writing, cast.commune.id or 0)[0].polygons) == 2


def test_neighbours_keep_one_border(writing: GatedSession, cast: Cast) -> None:
    wave = [[104.1 + 0.0004 * (n % 3), 22.0 + n / 1000] for n in range(101)]
    west = [[104.0, 22.0], *wave, [104.0, 22.1], [104.0, 22.0]]
    east = [[104.2, 22.0], [104.2, 22.1], *wave[::-1], [104.2, 22.0]]
    body = file(("Polygon", [west], cast.commune.name), ("Polygon", [east], cast.village.place.name))
    province = places.find_above(writing, cast.commune.id or 0, Level.PROVINCE)
    assert province
    upload = verbs.keep_file(writing, province.id or 0, body, "x.json")
    rows = verbs.read_kept(writing, upload)
    border = [{tuple(point) for point in row.boundary[0][0] if 104.05 < point[0] < 104.15} for row in rows]
    assert border[0] == border[1] and 2 <= len(border[0]) < 101


def test_a_point_of_its_own_stands_over_the_one_inside_a_boundary(writing: GatedSession, cast: Cast) -> None:
    name = cast.commune.name
    body = file(("Polygon", [ring(104.2, 22.3, 0.05, 40)], name), ("Point", [104.21, 22.31], name))
    upload = verbs.keep_file(writing, cast.area.id or 0, body, "x.json")
    verbs.store_file(writing, upload.id or 0)
    outline = stored(writing, cast.commune.id or 0)[0]
    assert outline.at == (104.21, 22.31) and outline.polygons
    assert verbs.undo_file(writing, upload.id or 0) == 1
    assert stored(writing, cast.commune.id or 0) == []


def test_a_file_without_anything_of_ours_is_not_stored(writing: GatedSession, cast: Cast) -> None:
    upload = verbs.keep_file(writing, cast.area.id or 0, file(("Point", [104, 22], "Xã Xa Lắc")), "x.json")
    assert [row.flaw for row in verbs.read_kept(writing, upload)] == ["shape_nobody"]
    with pytest.raises(Refused):
        verbs.store_file(writing, upload.id or 0)


def test_a_point_by_hand_is_put_down_only_inside_the_scope(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi, write=True) as session:
        verbs.set_point(session, cast.village.id, (104.2, 22.3))
        assert stored(session, cast.village.id)[0].at == (104.2, 22.3)
        verbs.set_point(session, cast.village.id, None)
        assert stored(session, cast.village.id) == []
        with pytest.raises(NotFound):
            verbs.set_point(session, cast.next_village.id, (104.2, 22.3))


def test_points_of_communes_are_loaded_once(writing: GatedSession, cast: Cast) -> None:
    first = shapes.load_points(writing)
    assert shapes.load_points(writing) == 0
    assert first >= 0


def star(count: int) -> list[list[float]]:
    """A ring whose every side crosses nearly all others."""
    even = ring(104.2, 22.3, 0.05, count)[:-1]
    points = [even[n * (count // 2) % count] for n in range(count)]
    return [*points, points[0]]


def test_lines_that_cross_each_other_everywhere_are_left_out_and_a_bow_is_mended(
    writing: GatedSession, cast: Cast
) -> None:
    bow = ring(104.2, 22.3, 0.05, 400)
    bow[100], bow[103] = bow[103], bow[100]
    body = file(("Polygon", [star(4_001)], cast.commune.name), ("Polygon", [bow], cast.village.place.name))
    upload = verbs.keep_file(writing, cast.area.id or 0, body, "xa.geojson")
    tangled, mended = verbs.read_kept(writing, upload)
    assert (tangled.place_id, tangled.flaw) == (None, "shape_tangled")
    assert (mended.place_id, mended.flaw) == (cast.village.id, "")
