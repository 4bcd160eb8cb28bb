"""Points typed by hand, sheets that hold every point, labels that cover nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdteam.domain.errors import Flaw
from tdteam.domain.maps import Outline, fit, is_inside, parse_point, set_labels

POINT = st.tuples(st.floats(103.5, 105.3), st.floats(21.4, 22.8))


@pytest.mark.parametrize(
    "text",
    ["22.3595, 104.237", "22.3595,104.237", "22,3595; 104,237", "22,3595 104,237", "104.237, 22.3595", " 22.3595  104.237 "],
)  # fmt: skip
def test_a_point_is_understood_as_maps_copy_it_and_in_either_order(text: str) -> None:
    assert parse_point(text, "at") == (104.237, 22.3595)


@pytest.mark.parametrize("text", ["22", "a, b", "22,3595,104,237,5", "1e3, 5", "nan, nan", "22.1, 104.2, 3"])
def test_what_is_no_point_is_said_so(text: str) -> None:
    assert parse_point(text, "at") == Flaw("at", "point_form")


def test_a_point_in_the_sea_of_another_country_is_outside() -> None:
    assert parse_point("48.85, 2.35", "at") == Flaw("at", "point_outside")
    assert parse_point("", "at") is None


@given(st.lists(POINT, min_size=1, max_size=30))
def test_every_point_lies_on_the_sheet_in_its_own_direction(points: list[tuple[float, float]]) -> None:
    sheet = fit([Outline(place, point) for place, point in enumerate(points)], 640, 460, 30)
    placed = [sheet.put(point) for point in points]
    assert all(29 <= x <= 611 and 29 <= y <= 431 for x, y in placed)
    assert all(is_inside(point) for point in points)
    for (west, north), (x, y) in zip(points, placed, strict=True):
        for (west2, north2), (x2, y2) in zip(points, placed, strict=True):
            assert (west - west2) * (x - x2) >= -1e-6 and (north - north2) * (y - y2) <= 1e-6


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(0, 200)), max_size=25), st.floats(5, 120))
def test_no_name_covers_another_name_or_leaves_the_sheet(
    spots: list[tuple[float, float]], wide: float
) -> None:
    placed = set_labels(spots, [wide] * len(spots), [8.0] * len(spots), 12, (300, 200))
    boxes = []
    for found in placed:
        if found is None:
            continue
        x, y, anchor = found
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        assert left >= -0.2 and left + wide <= 300.2
        boxes.append((left, y - 9.6, left + wide, y + 3))
    for i, (left, top, right, bottom) in enumerate(boxes):
        for left2, top2, right2, bottom2 in boxes[i + 1 :]:
            apart = (
                right <= left2 + 0.2 or right2 <= left + 0.2 or bottom <= top2 + 0.2 or bottom2 <= top + 0.2
            )
            assert apart
