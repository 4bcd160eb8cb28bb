"""Fifty faults of all kinds, sown among villages where everything is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from tdteam.domain.vietnamese import fold
from tdteam.store.tables import Member, Membership
from tests.quality_world import FIRST, GIVEN, Life, Village

Sown = tuple[str, list[str]]


@dataclass
class Fault:
    """What was sown: the rule that should speak, and the records it is about."""

    rule: str
    records: set[str]


def sow(life: Life) -> list[Fault]:
    """All fifty, in villages drawn at random."""
    faults = []
    for count, one in SOWN:
        for _ in range(count):
            rule, records = one(life, life.chance.choice(life.villages))
            faults.append(Fault(rule, set(records)))
    life.world.session.flush()
    return faults


def _twin_household(life: Life, village: Village) -> Sown:
    """The same family once more: marks left out, a letter slipped, the birth year or the phone unknown this time."""
    own = life.home(village, phone=f"09{life.chance.randrange(10**8):08d}")
    way = life.chance.randrange(6)
    head = own.head
    if way == 1:
        head = fold(head).title()
    elif way in (2, 3):
        place = life.chance.randrange(4, len(head) - 1)
        head = head[:place] + head[place + 1] + head[place] + head[place + 2 :]
    year = None if way == 4 else own.birth_year
    phone = None if way in (2, 5) else own.phone
    twin = village.hamlet.household(head, birth_year=year, phone=phone, people=own.people)
    return "twin_households", [own.id, twin.id]


def _twin_resident(life: Life, village: Village) -> Sown:
    home, other = life.chance.sample(village.homes, 2)
    name = f"{life.name()} {life.chance.choice(GIVEN)}"
    own = life.person(home, name, 1990, "male")
    at_home = life.chance.random() < 0.5
    twin = life.person(home if at_home else other, fold(name).title(), 1990, "male")
    return "twin_residents", [own.id, twin.id]


def _double_visit(life: Life, village: Village) -> Sown:
    """Two phones, or two members on paper, tell of one visit; one in ten tells of one kind of help more."""
    home, on, kinds = life.chance.choice(village.homes), life.day(), life.chance.sample(life.kinds, 2)
    first, second = village.accounts
    told = [*kinds, next(k for k in life.kinds if k not in kinds)] if life.chance.random() < 0.1 else kinds
    one = life.visit(village, home, on, first, kinds=kinds, member=village.members[0])
    two = life.visit(village, home, on, second, kinds=told, member=village.members[1], minute=20 * 60)
    return "double_visits", [one, two]


def _before_team(life: Life, village: Village) -> Sown:
    on = date(2023, 12, 31) - timedelta(days=life.chance.randrange(60))
    return "before_team", [life.visit(village, None, on, village.accounts[0], entered=life.day())]


def _outside_service(life: Life, village: Village) -> Sown:
    """By a member who joins later, or left."""
    late = life.chance.random() < 0.5
    member = life.world.add(Member(name="Vàng A Chô", name_fold="vang a cho", name_sort="cho"))
    span = {"joined": date(2026, 11, 13)} if late else {"joined": date(2024, 1, 1), "left": date(2026, 9, 30)}
    life.world.add(
        Membership(
            team_id=village.hamlet.team.id, member_id=member.id, role="member", component="other", **span
        )
    )
    return "outside_service", [life.visit(village, None, life.day(), village.accounts[0], member=member.id)]


def _after_end(life: Life, village: Village) -> Sown:
    home = village.hamlet.household(life.name(), ended_on=date(2026, 9, life.chance.randrange(1, 28)))
    return "after_end", [life.visit(village, home, life.day(), village.accounts[0])]


def _future(life: Life, village: Village) -> Sown:
    on = life.day()
    entered = on - timedelta(days=life.chance.randrange(1, 9))
    return "future_day", [life.visit(village, None, on, village.accounts[0], entered=entered)]


def _long_after(life: Life, village: Village) -> Sown:
    entered = life.day()
    on = entered - timedelta(days=life.chance.randrange(42, 150))
    return "long_after", [life.visit(village, None, on, village.accounts[0], entered=entered)]


def _burst(life: Life, village: Village) -> Sown:
    """The whole month typed at once, by somebody who was not there."""
    entered, count = date(2026, 11, 14), life.chance.randrange(12, 25)
    start = life.chance.randrange(60, 1200)
    visits = [
        life.visit(
            village,
            life.chance.choice(village.homes),
            FIRST + timedelta(days=life.chance.randrange(29)),
            village.accounts[0],
            entered=entered,
            minute=start + place // 3,
        )
        for place in range(count)
    ]
    return "burst", visits


def _copied(life: Life, village: Village) -> Sown:
    note = f"Gia đình đã được hướng dẫn đầy đủ các nội dung, đồng ý làm theo ({life.chance.randrange(10**6)})"
    days = life.chance.sample(range(25), 7)
    homes = life.chance.sample(village.homes, 7)
    visits = [
        life.visit(village, home, FIRST + timedelta(days=day), village.accounts[1], note=note)
        for home, day in zip(homes, days, strict=True)
    ]
    return "copied_notes", visits


def _daily(life: Life, village: Village) -> Sown:
    home, first = life.chance.choice(village.homes), life.chance.randrange(20)
    count = life.chance.randrange(5, 8)
    visits = [
        life.visit(village, home, FIRST + timedelta(days=first + place), village.accounts[0])
        for place in range(count)
    ]
    return "daily_household", visits


SOWN: tuple[tuple[int, Callable[[Life, Village], Sown]], ...] = (
    (8, _twin_household),
    (6, _twin_resident),
    (8, _double_visit),
    (3, _before_team),
    (5, _outside_service),
    (4, _after_end),
    (3, _future),
    (4, _long_after),
    (3, _burst),
    (3, _copied),
    (3, _daily),
)
