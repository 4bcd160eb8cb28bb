"""Names of people: family, middle and given names of the peoples of the district, put together by chance."""

from __future__ import annotations

from functools import cache

from tdteam.actions.demonstration.chance import Chance, Lot, told
from tdteam.domain.people import Sex


@cache
def _families(group: str) -> Lot[str]:
    return Lot(told("names")["groups"][group]["families"])


def family_name(chance: Chance, group: str) -> str:
    return _families(group).draw(chance)


def full_name(chance: Chance, group: str, sex: Sex, family: str | None = None) -> str:
    """A whole name; `family` where it is inherited."""
    words = told("names")["groups"][group][sex.value]
    middle, given = chance.one(words["middle"]), chance.one(words["given"])
    while middle == given:
        given = chance.one(words["given"])
    return f"{family or family_name(chance, group)} {middle} {given}"
