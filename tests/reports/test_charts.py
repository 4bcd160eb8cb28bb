"""Thirteen periods, drawn once for paper and screen."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from tdteam.domain.report_facts import ChartKind, ChartPoint, ChartSeries
from tdteam.reports.charts import draw_chart_svg, lay_out_chart
from tdteam.reports.fonts import REGULAR, width
from tdteam.reports.picture import Bar, Dot, Label, Line
from tests.reports import samples

BARS, LINE = samples.charts()


def series(*values: int | Decimal | None, **own: object) -> ChartSeries:
    points = tuple(ChartPoint(2026, month, value) for month, value in enumerate(values, 1))
    return ChartSeries("x", "Lượt", "lượt", points, **own)  # type: ignore[arg-type]


def marks(told: ChartSeries, kind: type, *, every: bool = True) -> list:
    return [mark for mark in lay_out_chart(told, 468, 125, 10, every=every).marks if isinstance(mark, kind)]


def test_heights_are_in_proportion_and_begin_at_nought() -> None:
    bars = marks(series(10, 20, 40, kind=ChartKind.BAR), Bar)
    assert [round(bar.high / bars[0].high, 6) for bar in bars] == [1, 2, 4]
    assert len({round(bar.y + bar.high, 6) for bar in bars}) == 1


def test_a_missing_period_leaves_a_gap_and_a_dash() -> None:
    told = series(10, 20, None, 30, 40)
    lines = [line for line in marks(told, Line) if line.role == "main"]
    assert [len(line.points) for line in lines] == [2, 2]
    assert len(marks(told, Dot)) == 4
    assert [label.text for label in marks(told, Label) if label.anchor == "middle" and label.text == "-"] == [
        "-"
    ]


def test_the_last_dot_is_the_largest() -> None:
    radii = [dot.radius for dot in marks(series(1, 2, 3), Dot)]
    assert radii[-1] > max(radii[:-1])


@pytest.mark.parametrize(
    "values", [(), (None,), (0,), (0, 0), (1,), (None, 5), (3, 999_999_999), (Decimal("0.3"), Decimal("0.1"))]
)
def test_any_values_can_be_drawn_inside_the_sheet(values: tuple) -> None:
    picture = lay_out_chart(series(*values), 468, 125, 10, every=True)
    for mark in picture.marks:
        points = mark.points if isinstance(mark, Line) else ((mark.x, mark.y),)
        assert all(0 <= x <= 468 and 0 <= y <= 125 for x, y in points), mark


@pytest.mark.parametrize("most", [1, 7, 10, 99, 3412, 12345, 60, 100])
def test_the_scale_has_few_round_steps_and_holds_the_highest(most: int) -> None:
    scale = [label.text for label in marks(series(most), Label) if label.anchor == "end"]
    figures = [int(text.replace(".", "")) for text in scale]
    assert figures[0] == 0 and figures[-1] >= most and 2 <= len(figures) <= 7
    steps = {b - a for a, b in zip(figures, figures[1:], strict=False)}
    assert len(steps) == 1 and str(steps.pop()).rstrip("0") in {"1", "2", "5"}


def test_years_stand_under_the_first_period_and_each_january() -> None:
    years = [label.text for label in marks(BARS, Label) if label.text in {"2025", "2026"}]
    assert years == ["2025", "2026"]


@pytest.mark.parametrize("told", [BARS, LINE, series(None)])
def test_svg_is_clean_for_a_strict_policy(told: ChartSeries) -> None:
    svg = draw_chart_svg(told)
    assert not re.search(r"style=|<style|<script|on\w+=|href|url\(|xmlns", svg)
    root = ElementTree.fromstring(svg)
    assert root.attrib["class"] == "chart" and root.attrib["role"] == "img" and root.attrib["aria-label"]
    colours = {
        value for node in root.iter() for key, value in node.attrib.items() if key in {"fill", "stroke"}
    }
    assert colours <= {"currentColor", "none"}
    assert {node.attrib["class"] for node in root.iter("g")} <= {"main", "soft", "grid", "ref"}
    assert not [node for node in root.iter() if "id" in node.attrib]


def test_svg_speaks_its_story() -> None:
    label = ElementTree.fromstring(draw_chart_svg(LINE)).attrib["aria-label"]
    assert label == "Tỷ lệ hộ được hỗ trợ (%), 13 kỳ: tháng 11/2025 32, tháng 11/2026 47,3"
    assert "chưa có số liệu" in draw_chart_svg(series(None, None))


def test_a_title_with_markup_stays_a_title() -> None:
    told = ChartSeries("x", '"><script>alert(1)</script>', "<b>", (ChartPoint(2026, 1, 1),))
    root = ElementTree.fromstring(draw_chart_svg(told))
    assert "<script>" in root.attrib["aria-label"] and not list(root.iter("script"))


@pytest.mark.parametrize("most", [9, 1_400, 94_000, 12_345_678])
def test_numbers_beside_the_axis_have_room_in_wider_letters_too(most: int) -> None:
    drawn = lay_out_chart(series(most, most // 2), 300, 125, 12, every=False)
    beside = [mark for mark in drawn.marks if isinstance(mark, Label) and mark.anchor == "end"]
    assert beside
    assert all(label.x - 1.3 * width(label.text, REGULAR, 12) >= 0 for label in beside)
