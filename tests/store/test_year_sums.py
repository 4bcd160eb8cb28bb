"""The year so far on a report is the sum of its periods, under the units as they were and as they are."""

from __future__ import annotations

import random
from datetime import date

import pytest
from sqlalchemy import Engine

from tdteam.domain.coverage import add_values
from tdteam.domain.periods import period_of
from tdteam.domain.vocabulary import Nature, Source
from tdteam.store import indicators
from tdteam.store.gate import EVERYWHERE, open_session
from tests.cast import Cast
from tests.store.sheet_oracle import Oracle, plain
from tests.store.sheet_worlds import REFORM, SheetWorld

TREES = (date(2026, 8, 31), REFORM, date(2026, 11, 23))


@pytest.mark.parametrize("seed", range(4))
def test_a_flow_of_the_year_is_the_sum_of_its_periods_under_every_tree(
    engine: Engine, cast: Cast, seed: int
) -> None:
    world = SheetWorld(engine, cast, random.Random(500 + seed))
    for _ in range(24):
        world.step()
    world.merge_village()
    world.merge_commune()
    world.session.commit()
    period = period_of(world.day)
    root = cast.village.world.province.id or 0
    told = []
    with open_session(engine, EVERYWHERE) as session:
        counted = [one for one in indicators.list_indicators(session) if one.source is Source.COUNTED]
        oracle = Oracle(session, world.registry)
        for on in TREES:
            months = [
                indicators.read_figures(session, root, month, on, counted)
                for month in period.of_year_so_far()
            ]
            last = months[-1]
            for one in counted:
                if one.nature is Nature.FLOW:
                    summed = plain(add_values([month[one.code].now for month in months]))
                    assert plain(last[one.code].cumulative) == summed, (on, one.code)
            reached = last["HOUSEHOLDS_REACHED"]
            lead = reached.indicator
            recount = oracle.value(oracle.inside(root, on), lead, period, year=True)
            assert plain(reached.cumulative) == recount, on
            told.append(
                {one.code: (plain(last[one.code].now), plain(last[one.code].cumulative)) for one in counted}
            )
    assert told[0] == told[1] == told[2]
    assert any(cumulative not in (None, 0) for _, cumulative in told[0].values())
