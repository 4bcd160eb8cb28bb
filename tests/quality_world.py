"""Villages as they are entered in real life: what the rules about the data must leave alone (`quality_faults.py` sows faults).

Everything comes from one seed. It holds what looks odd and is right: families of one surname, twins, brothers
whose names differ in a letter, a phone a family shares, neighbours on one day, thirty people helped at one gathering, an
evening's paper slips, someone met at the second knock.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tdteam.domain.ids import new_id
from tdteam.domain.periods import VIETNAM
from tdteam.domain.vietnamese import fold, name_key
from tdteam.store.tables import Assist, Household, Resident, Visit, VisitMember
from tests.world import LONG_AGO, Hamlet, World

PERIOD = "2026-11"
FIRST = date(2026, 10, 15)
SURNAMES = (
    ["Lý"] * 8 + ["Giàng"] * 5 + ["Vàng"] * 4 + ["Ma", "Sùng", "Thào", "Hoàng", "Nguyễn", "Phạm", "Trần"]
)
MIDDLE = ["Văn", "A", "Seo", "Láo", "Thị", "Thị Thu", "Đức", "Quang", "Minh", "Ngọc"]
GIVEN = [
    "Sử",
    "Tả",
    "Páo",
    "Lử",
    "Dế",
    "Chứ",
    "Mẩy",
    "Hoa",
    "Mai",
    "Lan",
    "Hùng",
    "Dũng",
    "Cường",
    "Thắng",
    "Sơn",
    "Hà",
    "Phương",
    "Tuấn",
    "Vinh",
    "Pháng",
    "Sào",
    "Dín",
    "Chô",
    "Mỷ",
    "Say",
]
NOTES = ["", "", "", "Hẹn tuần sau", "Máy yếu", "Đã hướng dẫn cài đặt", "Nhà xa, đường trơn"]
LONG_NOTE = "Đã hướng dẫn chủ hộ cài đặt và đăng nhập ứng dụng, dặn đổi mật khẩu"


@dataclass
class Village:
    """A village under way."""

    hamlet: Hamlet
    members: list[int]
    accounts: list[int]
    homes: list[Household] = field(default_factory=list)


class Life:
    """Builds villages, then faults among them."""

    def __init__(
        self, world: World, seed: int, kinds: list[str], *, villages: int = 5, homes: int = 60
    ) -> None:
        self.world, self.chance, self.kinds = world, random.Random(seed), kinds
        self.villages = [self._village(number, homes) for number in range(villages)]
        for village in self.villages:
            self._month(village)
        world.session.flush()

    # who lives there

    def _village(self, number: int, homes: int) -> Village:
        from tdteam.domain.roles import Role

        hamlet = self.world.village(f"Nậm {number}", self.world.commune())
        members = [hamlet.member(self.name()).id or 0 for _ in range(4)]
        accounts = [
            self.world.account(f"q{number}{place}", Role.MEMBER, hamlet.place).id or 0 for place in range(2)
        ]
        village = Village(hamlet, members, accounts)
        for _ in range(homes):
            self.home(village)
        self._odd_but_right(village)
        return village

    def name(self) -> str:
        draw = self.chance.choice
        return f"{draw(SURNAMES)} {draw(MIDDLE)} {draw(GIVEN)}"

    def phone(self) -> str | None:
        return f"09{self.chance.randrange(10**8):08d}" if self.chance.random() < 0.6 else None

    def home(self, village: Village, head: str = "", **more: Any) -> Household:
        year = self.chance.randrange(1945, 2000)
        head = head or self.name()
        given = {"birth_year": year, "phone": self.phone(), "people": self.chance.randrange(1, 8), **more}
        row = village.hamlet.household(head, **given)
        village.homes.append(row)
        surname = head.split()[0]
        for place in range(row.people or 0):
            child = f"{surname} {self.chance.choice(MIDDLE)} {self.chance.choice(GIVEN)}"
            self.person(row, head if place == 0 else child, given["birth_year"] if place == 0 else None)
        return row

    def person(self, home: Household, name: str, year: int | None = None, sex: str | None = None) -> Resident:
        return self.world.add(
            Resident(
                id=new_id(),
                household_id=home.id,
                village_id=home.village_id,
                name=name,
                name_fold=fold(name),
                name_sort=name_key(name),
                birth_year=year or self.chance.randrange(1940, 2024),
                sex=sex or self.chance.choice(["male", "female"]),
                created_at=LONG_AGO,
                changed_at=LONG_AGO,
            )
        )

    def _odd_but_right(self, village: Village) -> None:
        shared = "0987654321"
        elder = self.home(village, "Lý Láo Sử", birth_year=1961, phone=shared, people=4)
        self.home(village, "Lý Láo Sủi", birth_year=1964, phone=None, people=4)  # his brother
        self.home(village, "Giàng Thị Mẩy", birth_year=1963, phone=shared)  # who has no phone of her own
        self.home(village, "Lý Láo Sử", birth_year=1988, phone=None)  # another man
        for twin in ("Lý Thị Hoa", "Lý Thị Hoan"):
            self.person(elder, twin, 2015, "female")

    # what was done in the month

    def _month(self, village: Village) -> None:
        draw, homes = self.chance, list(village.homes)
        draw.shuffle(homes)
        for account in village.accounts:
            for day in sorted(draw.sample(range(30), 8)):
                on, clock = FIRST + timedelta(days=day), 16 * 60 + draw.randrange(60)
                for _ in range(draw.randrange(2, 6)):
                    clock += draw.randrange(6, 25)
                    note = draw.choice(NOTES)
                    self.visit(village, homes.pop() if homes else None, on, account, minute=clock, note=note)
        self._gathering(village)
        self._paper_slips(village)
        self._second_knock(village)

    def _gathering(self, village: Village) -> None:
        """Thirty people helped on one day, recorded one after the other with the same long note."""
        on = FIRST + timedelta(days=self.chance.randrange(28))
        for place, home in enumerate(self.chance.sample(village.homes, 30)):
            self.visit(
                village, home, on, village.accounts[0], minute=19 * 60 + place // 3, note=LONG_NOTE, kinds=1
            )

    def _paper_slips(self, village: Village) -> None:
        written = FIRST + timedelta(days=25)
        for place in range(10):
            on = written - timedelta(days=self.chance.randrange(1, 20))
            home = self.chance.choice(village.homes)
            self.visit(
                village, home, on, village.accounts[1], minute=20 * 60 + place, entered=written, kinds=0
            )

    def _second_knock(self, village: Village) -> None:
        home, on = self.chance.choice(village.homes), FIRST + timedelta(days=self.chance.randrange(28))
        self.visit(village, home, on, village.accounts[0], minute=9 * 60, contact="nobody_home", kinds=0)
        self.visit(village, home, on, village.accounts[0], minute=18 * 60, kinds=2)

    def visit(
        self,
        village: Village,
        home: Household | None,
        on: date,
        account: int,
        *,
        minute: int = 17 * 60,
        entered: date | None = None,
        note: str = "",
        kinds: int | list[str] = -1,
        member: int | None = None,
        **more: Any,
    ) -> str:
        """A counted visit; `minute` of the day it was recorded on (`entered`, else its own). `kinds` -1: one or two."""
        day = entered or on
        at = datetime.combine(day, time(0, 0), VIETNAM).astimezone(UTC) + timedelta(
            minutes=minute, seconds=self.chance.randrange(50)
        )
        count = self.chance.randrange(1, 3) if kinds == -1 else kinds
        told = count if isinstance(count, list) else self.chance.sample(self.kinds, count)
        visit_id = new_id()
        self.world.session.add(
            Visit(
                id=visit_id,
                root_id=visit_id,
                village_id=village.hamlet.id,
                team_id=village.hamlet.team.id,
                household_id=home.id if home else None,
                visited_on=on,
                period=PERIOD,
                note=note,
                recorded_by=account,
                recorded_at=at,
                received_at=at,
                **more,
            )
        )
        who = member or self.chance.choice(village.members)
        self.world.session.flush()
        rows: list[Any] = [VisitMember(visit_id=visit_id, member_id=who, village_id=village.hamlet.id)]
        rows += [
            Assist(id=new_id(), visit_id=visit_id, village_id=village.hamlet.id, kind=kind, outcome="done")
            for kind in told
        ]
        self.world.session.add_all(rows)
        return visit_id

    def day(self) -> date:
        return FIRST + timedelta(days=self.chance.randrange(25))
