"""The closure of dated edges: what lies inside what, and when."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdteam.domain.places import ALWAYS, Edge, Reach, closure

JULY, AUGUST = date(2025, 7, 1), date(2025, 8, 1)
PROVINCE, DISTRICT, COMMUNE, VILLAGE, AREA, OTHER = 1, 2, 3, 4, 5, 6


def spans(found: set[Reach], ancestor: int, place: int) -> list[tuple[date, date | None]]:
    return sorted(
        (row.since, row.until) for row in found if (row.ancestor_id, row.place_id) == (ancestor, place)
    )


def test_a_place_lies_inside_itself_always() -> None:
    assert closure([], [VILLAGE]) == {Reach(VILLAGE, VILLAGE, ALWAYS, None)}


def test_edges_chain_over_the_days_both_held() -> None:
    edges = [
        Edge(VILLAGE, COMMUNE, ALWAYS, None),
        Edge(COMMUNE, DISTRICT, ALWAYS, JULY),
        Edge(DISTRICT, PROVINCE, ALWAYS, JULY),
    ]
    found = closure(edges, [VILLAGE])
    assert spans(found, COMMUNE, VILLAGE) == [(ALWAYS, None)]
    assert spans(found, DISTRICT, VILLAGE) == [(ALWAYS, JULY)]
    assert spans(found, PROVINCE, VILLAGE) == [(ALWAYS, JULY)]


def test_two_roads_to_one_ancestor_join_where_they_touch() -> None:
    edges = [
        Edge(VILLAGE, COMMUNE, ALWAYS, JULY),
        Edge(VILLAGE, OTHER, JULY, None),
        Edge(COMMUNE, PROVINCE, ALWAYS, None),
        Edge(OTHER, PROVINCE, JULY, None),
        Edge(VILLAGE, AREA, JULY, None),
        Edge(AREA, PROVINCE, AUGUST, None),
    ]
    found = closure(edges, [VILLAGE])
    assert spans(found, PROVINCE, VILLAGE) == [(ALWAYS, None)]
    assert spans(found, AREA, VILLAGE) == [(JULY, None)]


def test_a_gap_stays_a_gap() -> None:
    edges = [Edge(VILLAGE, AREA, ALWAYS, JULY), Edge(VILLAGE, AREA, AUGUST, None)]
    assert spans(closure(edges, [VILLAGE]), AREA, VILLAGE) == [(ALWAYS, JULY), (AUGUST, None)]


def test_edges_that_never_meet_give_nothing() -> None:
    edges = [Edge(VILLAGE, COMMUNE, ALWAYS, JULY), Edge(COMMUNE, AREA, JULY, None)]
    assert spans(closure(edges, [VILLAGE]), AREA, VILLAGE) == []


def test_only_the_places_asked_for_are_answered() -> None:
    edges = [Edge(VILLAGE, COMMUNE, ALWAYS, None), Edge(COMMUNE, PROVINCE, ALWAYS, None)]
    assert {row.place_id for row in closure(edges, [VILLAGE])} == {VILLAGE}


def test_a_loop_is_an_error() -> None:
    with pytest.raises(ValueError, match="loop"):
        closure([Edge(1, 2, ALWAYS, None), Edge(2, 3, ALWAYS, None), Edge(3, 1, ALWAYS, None)], [1])


days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@st.composite
def trees(draw: st.DrawFn) -> list[Edge]:
    edges = []
    for _ in range(draw(st.integers(0, 12))):
        child, parent = draw(st.integers(1, 6)), draw(st.integers(1, 6))
        if child <= parent:
            continue  # parents have smaller numbers: no loops
        since = draw(days)
        until = draw(st.none() | days)
        if until is None or since < until:
            edges.append(Edge(child, parent, since, until))
    return edges


@given(trees(), st.lists(days, min_size=1, max_size=5))
def test_on_each_day_the_closure_is_what_walking_up_that_day_finds(
    edges: list[Edge], asked: list[date]
) -> None:
    found = closure(edges, range(1, 7))
    for day in asked:
        above = {place: {place} for place in range(1, 7)}
        for place in range(1, 7):
            for edge in edges:
                if edge.place_id == place and edge.since <= day and (edge.until is None or day < edge.until):
                    above[place] |= above[edge.parent_id]
        for place in range(1, 7):
            held = [
                row
                for row in found
                if row.place_id == place and row.since <= day and (row.until is None or day < row.until)
            ]
            assert {row.ancestor_id for row in held} == above[place]
            assert len(held) == len({row.ancestor_id for row in held})  # at most once on a day
