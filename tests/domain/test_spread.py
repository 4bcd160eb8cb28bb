"""Ranking and distribution of figures over places."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tdteam.domain.shares import Share
from tdteam.domain.spread import Standing, distribution, rank, steps


def standing(place: int, part: int | None, whole: int | None = 100) -> Standing:
    return Standing(place, f"Thôn {place}", Share(part, whole))


SHARES = st.lists(
    st.tuples(st.integers(0, 60) | st.none(), st.integers(0, 60)).map(
        lambda pair: Share(min(pair[0], pair[1]) if pair[0] is not None else None, pair[1])
    ),
    max_size=40,
)


def test_the_lowest_stands_first_and_equal_figures_share_a_rank() -> None:
    told = rank([standing(1, 50), standing(2, 10), standing(3, 50), standing(4, 90)])
    assert [(one.rank, one.standing.place_id) for one in told] == [(1, 2), (2, 1), (2, 3), (4, 4)]


def test_what_is_unknown_has_no_rank_and_is_not_the_worst() -> None:
    told = rank([standing(1, None), standing(2, 10), standing(3, 5, 0)])
    assert [(one.rank, one.standing.place_id) for one in told] == [(1, 2), (None, 1), (None, 3)]


def test_of_days_the_most_stand_first() -> None:
    told = rank([Standing(1, "", 3), Standing(2, "", 9)], falling_good=True)
    assert [one.standing.place_id for one in told] == [2, 1]


def test_the_lowest_fifth_is_summed_by_both_its_numbers() -> None:
    found = distribution([standing(n, n * 10, 100 * n) for n in range(1, 11)], percent=True)
    assert found.share_low == Share(30, 300) and found.share_high is not None
    assert (found.known, found.unknown, found.low, found.high) == (10, 0, Decimal("10.0"), Decimal("10.0"))


def test_nothing_known_is_told_as_such() -> None:
    found = distribution([standing(1, None)], percent=True)
    assert (found.known, found.unknown, found.middle, found.tenths) == (0, 1, None, ())


@given(SHARES)
def test_every_place_is_counted_once(shares: list[Share]) -> None:
    standings = [Standing(place, "", share) for place, share in enumerate(shares)]
    found = distribution(standings, percent=True)
    assert found.known + found.unknown == len(shares)
    assert sum(found.tenths) == found.known
    if found.known:
        low, quarter, middle, three, high = (
            found.low, found.quarter, found.middle, found.three_quarters, found.high,
        )  # fmt: skip
        assert low is not None and quarter is not None and middle is not None
        assert three is not None and high is not None
        assert low <= quarter + 1 and quarter <= middle <= three and three <= high + 1
    told = rank(standings)
    assert sorted(one.standing.place_id for one in told) == list(range(len(shares)))
    sizes = [one.standing.size for one in told if one.standing.size is not None]
    assert sizes == sorted(sizes)


@given(SHARES)
def test_shades_grow_with_the_figure_and_0_is_kept_for_the_unknown(shares: list[Share]) -> None:
    standings = [Standing(place, "", share) for place, share in enumerate(shares)]
    shades = steps(standings, percent=True)
    for one in standings:
        assert (shades[one.place_id] == 0) == (one.size is None)
    known = sorted((one.size, shades[one.place_id]) for one in standings if one.size is not None)
    assert [shade for _, shade in known] == sorted(shade for _, shade in known)
    assert set(shades.values()) <= set(range(6))
