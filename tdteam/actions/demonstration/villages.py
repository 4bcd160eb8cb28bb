"""The character of each village: how big, how remote, who lives there, how strong its team is and how it sends its work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp

from tdteam.actions.demonstration.calendar import PERIODS
from tdteam.actions.demonstration.chance import Chance, Lot, told
from tdteam.domain.people import Channel
from tdteam.store.demonstration import Ground

SMALLEST, BIGGEST = 40, 220
SILENT = 8
PAPER = 7
ZALO = 5
LISTED_SHARE = 0.27  # of the households of a village with lists of residents
SHOWN_COMMUNE = "02926"  # where the demonstration's officials sit: a little of everything must be there


@dataclass(frozen=True)
class Village:
    """`strength` 1 is an ordinary team. `last_month` is the index of the last period it worked in (-1: none).
    `eid` is the share of people with level 2 in the first period and now."""

    ground: Ground
    groups: Lot[str]
    households: int
    remote: float
    strength: float
    reach: float
    eid: tuple[float, float]
    is_listed: bool
    channel: Channel = Channel.APP
    last_month: int = PERIODS - 1

    @property
    def id(self) -> int:
        return self.ground.village_id

    @property
    def team_id(self) -> int:
        return self.ground.team_id

    def works_in(self, month: int) -> bool:
        """Whether its team records visits in a period."""
        return self.channel is Channel.APP and month <= self.last_month


def draw_villages(chance: Chance, grounds: Sequence[Ground], households: int, listed: int) -> list[Village]:
    """The villages; sizes add up to `households`, and `listed` of them keep lists of residents."""
    raw = [_size(chance, ground) for ground in grounds]
    sizes = _fitted(raw, households)
    keeping = {ground.village_id for ground in chance.sample(list(grounds), min(listed, len(grounds)))}
    keeping |= {ground.village_id for ground in _shown(grounds)[:3]}
    villages = [
        _village(chance, ground, size, ground.village_id in keeping)
        for ground, size in zip(grounds, sizes, strict=True)
    ]
    return _with_ways(chance, villages)


def _shown(grounds: Sequence[Ground]) -> list[Ground]:
    return [ground for ground in grounds if ground.origin_code == SHOWN_COMMUNE]


@dataclass(frozen=True)
class _Commune:
    """An old commune as `district.json` tells it."""

    groups: dict[str, float]
    size: float
    remote: float


def _commune(ground: Ground) -> _Commune:
    communes = told("district")["communes"]
    return _Commune(**(communes.get(ground.origin_code) or next(iter(communes.values()))))


def _size(chance: Chance, ground: Ground) -> float:
    return _commune(ground).size * exp(chance.gauss(0, 0.36))


def _fitted(raw: Sequence[float], whole: int) -> list[int]:
    """Whole numbers in the proportions of `raw`, within bounds, that add up to `whole` where the bounds allow it."""
    low, high = min(SMALLEST, whole // len(raw)), max(BIGGEST, whole // len(raw) + 1)
    scale = whole / sum(raw)
    sizes = [min(max(round(value * scale), low), high) for value in raw]
    step = 1 if sum(sizes) < whole else -1
    turn = 0
    while sum(sizes) != whole:
        index = turn % len(sizes)
        if low <= sizes[index] + step <= high:
            sizes[index] += step
        turn += 1
    return sizes


def _village(chance: Chance, ground: Ground, size: int, is_listed: bool) -> Village:
    commune = _commune(ground)
    mix = commune.groups
    main = Lot(mix).draw(chance)  # most villages are mainly of one people
    groups = {group: share * 0.35 for group, share in mix.items()} | {main: 65.0}
    highland = main in told("district")["highland"]
    remote = min(1.0, max(0.0, commune.remote + 0.3 * highland + chance.gauss(0, 0.12)))
    strength = exp(chance.gauss(0, 0.5)) * (1.15 - 0.35 * remote)
    now = min(0.985, max(0.42, 0.93 - 0.24 * remote + 0.05 * (strength - 1) + chance.gauss(0, 0.04)))
    then = max(0.2, now - 0.14 - 0.16 * chance.random())
    reach = min(0.98, max(0.35, 0.8 + 0.2 * (strength - 1) - 0.16 * remote + chance.gauss(0, 0.06)))
    return Village(ground, Lot(groups), size, remote, strength, reach, (then, now), is_listed)


def _with_ways(chance: Chance, villages: list[Village]) -> list[Village]:
    """Some teams have gone silent, some send paper or Zalo messages; the shown commune has two or three of each.

    The first village of the shown commune stays strong: the demonstration's member and leader work there.
    """
    shown = [village for village in villages if village.ground in _shown([v.ground for v in villages])]
    hero = shown[0] if shown else villages[0]
    near = [v for v in shown if v is not hero]
    chance.shuffle(near)
    far = [v for v in villages if v not in shown]
    chance.shuffle(far)
    few = max(1, len(villages) // 20)
    silent = [near[:2], far[: min(SILENT - 2, few)]]
    paper = [near[2:4], far[SILENT : SILENT + min(PAPER - 2, few)]]
    zalo = [near[4:6], far[-min(ZALO - 2, few) :]]
    changed = {v.id: replace(v, channel=Channel.PAPER) for part in paper for v in part}
    changed |= {v.id: replace(v, channel=Channel.ZALO) for part in zalo for v in part}
    for order, village in enumerate(v for part in silent for v in part):
        # two never sent anything; the others stopped two to six periods ago
        changed[village.id] = replace(village, last_month=-1 if order % 4 == 3 else PERIODS - 3 - order % 5)
    changed[hero.id] = replace(hero, strength=max(hero.strength, 1.5), reach=max(hero.reach, 0.85))
    return [changed.get(village.id, village) for village in villages]
