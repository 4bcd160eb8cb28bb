"""Households of a village and, where the team keeps lists, the people in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import log
from typing import Any

from tdteam.actions.demonstration.chance import Chance, Lot, told
from tdteam.actions.demonstration.names import family_name, full_name
from tdteam.actions.demonstration.villages import LISTED_SHARE, Village
from tdteam.domain.people import ConsentMethod, Poverty, Sex, SubjectKind
from tdteam.domain.vietnamese import fold, name_key

EID_AGE = 14
CONSENTING = 0.65
_PEOPLE = {
    False: Lot({1: 5.0, 2: 13.0, 3: 20.0, 4: 31.0, 5: 19.0, 6: 8.0, 7: 3.0, 8: 1.0}),
    True: Lot({1: 3.0, 2: 8.0, 3: 13.0, 4: 22.0, 5: 23.0, 6: 17.0, 7: 9.0, 8: 5.0}),  # highland families
}
_CHILDREN = {
    1: Lot({0: 1.0}),
    2: Lot({0: 92.0, 1: 8.0}),
    3: Lot({0: 52.0, 1: 48.0}),
    4: Lot({0: 24.0, 1: 34.0, 2: 42.0}),
    5: Lot({0: 12.0, 1: 28.0, 2: 42.0, 3: 18.0}),
    6: Lot({1: 24.0, 2: 42.0, 3: 28.0, 4: 6.0}),
    7: Lot({1: 14.0, 2: 36.0, 3: 34.0, 4: 16.0}),
    8: Lot({1: 8.0, 2: 30.0, 3: 36.0, 4: 26.0}),
}
# Prefixes no network hands out: a made-up number rings nowhere.
_PREFIXES = ("030", "031", "050", "051", "053", "054", "057", "071", "072", "073", "074", "075", "080")


@dataclass(frozen=True)
class Home:
    """A household as the field work sees it. `weight` 0: nobody ever comes. `residents` is empty without a list."""

    id: str
    village_id: int
    weight: float
    residents: tuple[str, ...] = ()


@dataclass
class Homes:
    """Everything drawn of one village's households, ready to be written."""

    homes: list[Home] = field(default_factory=list)
    households: list[dict[str, Any]] = field(default_factory=list)
    residents: list[dict[str, Any]] = field(default_factory=list)
    attainments: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class _Head:
    name: str
    family: str
    group: str
    sex: Sex
    age: int


class HomeDrawer:
    """Draws one village. `since`: when its roll was first written down; `today`: as of when ages and counts hold."""

    def __init__(self, chance: Chance, village: Village, since: datetime, today: date) -> None:
        self.chance, self.village, self.since, self.today = chance, village, since, today
        self.drawn = Homes()

    def draw(self) -> Homes:
        for _ in range(self.village.households):
            share = self.chance.random()
            if share < 0.0007:
                self._cooperative()
            elif share < 0.014:
                self._business()
            else:
                self._household()
        return self.drawn

    def _row(self, kind: SubjectKind, head: str) -> dict[str, Any]:
        unknown = dict.fromkeys(
            ["birth_year", "people", "adults", "eid2", "poverty", "smartphone", "phone", "consent"]
        )
        return {
            **unknown,
            "id": self.chance.record_id(self.since),
            "village_id": self.village.id,
            "kind": kind.value,
            "head": head,
            "head_fold": fold(head),
            "head_sort": name_key(head),
            "consent_method": None,
            "consent_on": None,
            "note": "",
            "version": 1,
            "created_at": self.since,
            "changed_at": self.since,
            "ended_why": "",
        }

    def _add(self, row: dict[str, Any], residents: tuple[str, ...] = ()) -> None:
        # a team that reaches far still meets some homes much more often than others
        reached = self.chance.yes(self.village.reach)
        weight = -log(1 - self.chance.random()) + 0.15 if reached else 0.0
        self.drawn.households.append(row)
        self.drawn.homes.append(Home(row["id"], self.village.id, weight, residents))

    def _cooperative(self) -> None:
        words = told("district")
        trade = self.chance.one(words["cooperatives"])
        row = self._row(
            SubjectKind.COOPERATIVE,
            words["cooperative"].format(trade=trade, place=self.village.ground.label),
        )
        row |= {"smartphone": True, "phone": self._phone(), "consent": True, "consent_method": "signed"}
        row["consent_on"] = self.since.date()
        self._add(row)

    def _business(self) -> None:
        head = full_name(self.chance, self.village.groups.draw(self.chance), self.chance.one(list(Sex)))
        row = self._row(SubjectKind.BUSINESS, head)
        row |= {"birth_year": self.today.year - 25 - self.chance.randrange(35), "smartphone": True}
        row["phone"] = self._phone()
        self._consent(row)
        self._add(row)

    def _household(self) -> None:
        chance = self.chance
        group = self.village.groups.draw(chance)
        people = _PEOPLE[_is_highland(group)].draw(chance)
        adults = people - _CHILDREN[people].draw(chance)
        head = self._head(group, alone=people == 1)
        row = self._row(SubjectKind.HOUSEHOLD, head.name)
        share = min(0.99, max(0.05, chance.gauss(self.village.eid[1], 0.16)))
        row |= {
            "birth_year": self.today.year - head.age if chance.yes(0.97) else None,
            "people": people,
            "adults": adults,
            "eid2": sum(chance.yes(share) for _ in range(adults)),
        }
        self._means(row, head)
        self._consent(row)
        residents: tuple[str, ...] = ()
        if self.village.is_listed and row["consent"] and chance.yes(LISTED_SHARE / CONSENTING):
            residents = tuple(self._people(row, head))
        elif chance.yes(0.03):
            row["eid2"] = None  # nobody counted yet
        self._add(row, residents)

    def _head(self, group: str, *, alone: bool) -> _Head:
        chance = self.chance
        sex = Sex.MALE if chance.yes(0.72) else Sex.FEMALE
        family = family_name(chance, group)
        youngest, years = (55, 32) if alone else (27, 50)
        age = youngest + int(chance.random() ** 1.4 * years)
        return _Head(full_name(chance, group, sex, family), family, group, sex, age)

    def _phone(self) -> str:
        return f"{self.chance.one(_PREFIXES)}{self.chance.randrange(10**7):07d}"

    def _consent(self, row: dict[str, Any]) -> None:
        """Asked and given, asked and declined, or not asked yet (unknown): never assumed."""
        share = self.chance.random()
        if share > CONSENTING + 0.02:
            return
        row["consent"] = share < CONSENTING
        row["consent_method"] = (ConsentMethod.SPOKEN if self.chance.yes(0.7) else ConsentMethod.SIGNED).value
        days = max(1, (self.today - self.since.date()).days)
        row["consent_on"] = self.since.date() + timedelta(days=self.chance.randrange(days))

    def _means(self, row: dict[str, Any], head: _Head) -> None:
        remote = self.village.remote
        poor = 0.035 + 0.13 * remote + 0.06 * _is_highland(head.group)
        share = self.chance.random()
        if share < poor * 1.7:
            row["poverty"] = (Poverty.POOR if share < poor else Poverty.NEAR_POOR).value
        elif share < 0.96:
            row["poverty"] = Poverty.NONE.value
        old_alone = row["adults"] == 1 and head.age > 60
        if self.chance.yes(0.95):
            row["smartphone"] = self.chance.yes(0.93 - 0.22 * remote - 0.3 * old_alone)
        if self.chance.yes(0.86 - 0.2 * remote):
            row["phone"] = self._phone()

    def _people(self, row: dict[str, Any], head: _Head) -> Iterator[str]:
        """The list of a household's people, the head first; its counts follow from the list."""
        row["birth_year"] = self.today.year - head.age
        with_eid = row["eid2"]
        for name, sex, age in self._kin(head, row["adults"], row["people"] - row["adults"]):
            resident = self._resident(row["id"], name, sex, age)
            if age >= EID_AGE and with_eid > 0:
                with_eid -= 1
                self._attain(resident, "EID2")
            if self.chance.yes(0.25 + 0.35 * self.village.eid[1]):
                self._attain(resident, "HEALTH_BOOK")
            yield resident

    def _kin(self, head: _Head, adults: int, children: int) -> Iterator[tuple[str, Sex, int]]:
        """Name, sex and age: the head, a spouse, grown children or old parents, children."""
        chance = self.chance
        yield head.name, head.sex, head.age
        for order in range(adults - 1):
            if order == 0:
                sex = Sex.FEMALE if head.sex is Sex.MALE else Sex.MALE
                yield full_name(chance, head.group, sex), sex, max(18, head.age - 4 + chance.randrange(9))
                continue
            grown = head.age > 42 and chance.yes(0.8)
            age = (
                EID_AGE + 1 + chance.randrange(head.age - 35)
                if grown
                else head.age + 20 + chance.randrange(9)
            )
            sex = chance.one(list(Sex))
            yield full_name(chance, head.group, sex, head.family), sex, min(96, age)
        for _ in range(children):
            sex = chance.one(list(Sex))
            yield full_name(chance, head.group, sex, head.family), sex, chance.randrange(EID_AGE)

    def _resident(self, household_id: str, name: str, sex: Sex, age: int) -> str:
        row = {
            "id": self.chance.record_id(self.since),
            "household_id": household_id,
            "village_id": self.village.id,
            "name": name,
            "name_fold": fold(name),
            "name_sort": name_key(name),
            "birth_year": self.today.year - age,
            "sex": sex.value,
            "version": 1,
            "created_at": self.since,
            "changed_at": self.since,
            "ended_why": "",
        }
        self.drawn.residents.append(row)
        return str(row["id"])

    def _attain(self, resident_id: str, what: str) -> None:
        """Some long ago, more of late where the village has come far; a day is not always known."""
        then, now = self.village.eid
        days = 390 if self.chance.yes((now - then) / now) else 900
        day = self.today - timedelta(days=1 + self.chance.randrange(days))
        self.drawn.attainments.append(
            {
                "resident_id": resident_id,
                "village_id": self.village.id,
                "indicator": what,
                "attained_on": day if self.chance.yes(0.9) else None,
                "source": "",
            }
        )


def _is_highland(group: str) -> bool:
    return group in told("district")["highland"]
