"""How much each team does in each period, and who rests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt

from tdteam.actions.demonstration.calendar import PERIODS, Month
from tdteam.actions.demonstration.chance import Chance
from tdteam.actions.demonstration.villages import SHOWN_COMMUNE, Village

RESTING = 0.022  # of the teams, in any one period
GATHERINGS = 1.45  # a team and period


@dataclass(frozen=True)
class Plan:
    """Visits and gatherings by (village, index of the period); a team that rests has none."""

    visits: Mapping[tuple[int, int], int]
    gatherings: Mapping[tuple[int, int], int]


def draw_plan(
    chance: Chance, villages: Sequence[Village], months: Sequence[Month], visits: int, hero: int
) -> Plan:
    """Share `visits` out: big villages and strong teams do more, busy periods see more. The hero never rests."""
    weights: dict[tuple[int, int], float] = {}
    resting = _shown_resting(villages, hero)
    for month in months:
        for village in villages:
            key = (village.id, month.index)
            mood = exp(chance.gauss(0, 0.3))
            rests = key in resting or (chance.yes(RESTING) and village.id != hero)
            if village.works_in(month.index) and not rests:
                weights[key] = village.strength * sqrt(village.households) * month.work * mood
    whole = sum(weights.values()) or 1.0
    longest = max(len(month.days) for month in months)
    gatherings = {}
    for village_id, index in weights:
        part = len(months[index].days) / longest
        gatherings[village_id, index] = chance.times(GATHERINGS * part * (0.6 + 0.8 * chance.random()))
    return Plan({key: chance.times(visits * value / whole) for key, value in weights.items()}, gatherings)


def _shown_resting(villages: Sequence[Village], hero: int) -> set[tuple[int, int]]:
    """Two teams of the shown commune had nothing to report: one in each of the last two periods."""
    near = [v for v in villages if v.ground.origin_code == SHOWN_COMMUNE and v.works_in(PERIODS - 1)]
    idle = [v.id for v in near if v.id != hero][-2:]
    return {(village_id, PERIODS - 2 + order) for order, village_id in enumerate(idle)}
