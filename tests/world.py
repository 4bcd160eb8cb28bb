"""A builder of small worlds: `world.village("Hốc Đá").household("…")`. Rows are made straight, without actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from tdteam.domain.ids import new_id
from tdteam.domain.places import ALWAYS, Level
from tdteam.domain.roles import Role
from tdteam.domain.vietnamese import fold, name_key
from tdteam.store import accounts, places
from tdteam.store.catalogue import load_catalogue
from tdteam.store.gate import GatedSession
from tdteam.store.tables import (
    Account,
    Household,
    Member,
    Membership,
    Place,
    PlaceParent,
    Resident,
    Team,
    TeamVillage,
)

R = TypeVar("R")
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass
class Hamlet:
    """A village under construction, with its team."""

    world: World
    place: Place
    team: Team

    def moved(self, world: World) -> Hamlet:
        """The same village in another world; see `World.moved`."""
        return Hamlet(world, world.same(self.place), world.same(self.team))

    @property
    def id(self) -> int:
        assert self.place.id is not None
        return self.place.id

    def household(self, head: str = "Lý Láo Tả", **more: Any) -> Household:
        values: dict[str, Any] = {"people": 4, "adults": 3, "eid2": 1, **more}
        row = Household(
            id=new_id(),
            village_id=self.id,
            head=head,
            head_fold=fold(head),
            head_sort=name_key(head),
            created_at=LONG_AGO,
            changed_at=LONG_AGO,
            **values,
        )
        return self.world.add(row)

    def resident(self, household: Household, name: str = "Lý Thị Mẩy", **more: Any) -> Resident:
        row = Resident(
            id=new_id(),
            household_id=household.id,
            village_id=self.id,
            name=name,
            name_fold=fold(name),
            name_sort=name_key(name),
            created_at=LONG_AGO,
            changed_at=LONG_AGO,
            **{"birth_year": 1980, **more},
        )
        return self.world.add(row)

    def member(self, name: str = "Vàng Thị Dí", role: str = "member", **more: Any) -> Member:
        row = self.world.add(Member(name=name, name_fold=fold(name), name_sort=name_key(name), **more))
        self.world.add(
            Membership(
                team_id=self.team.id, member_id=row.id, role=role, component="other", joined=date(2024, 1, 1)
            )
        )
        return row


class World:
    """Builds places, teams, people and accounts in a session without scope. Commit is the caller's."""

    def __init__(self, session: GatedSession) -> None:
        self.session = session
        load_catalogue(session)
        self.province = self._place(Level.PROVINCE, "Tỉnh Lào Cai", "province", code="15")
        self._communes: dict[str, Place] = {}

    def moved(self, session: GatedSession) -> World:
        """This world, committed, in a session on a copy of its database."""
        other = object.__new__(World)
        other.session = session
        other.province = other.same(self.province)
        other._communes = {name: other.same(row) for name, row in self._communes.items()}
        return other

    def same(self, row: R) -> R:
        """A row of the world this one was moved from, as read in this session."""
        return self.session.merge(row, load=False)

    def add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row

    def _place(
        self, level: Level, name: str, kind: str, parents: tuple[Place, ...] = (), **more: Any
    ) -> Place:
        row = self.add(places.make_place(level, name, kind, **more))
        for parent in parents:
            self.under(row, parent, rebuild=False)
        places.rebuild_closure(self.session)
        return row

    def under(
        self,
        place: Place,
        parent: Place,
        since: date = ALWAYS,
        until: date | None = None,
        *,
        rebuild: bool = True,
    ) -> None:
        """A dated edge."""
        self.add(PlaceParent(place_id=place.id, parent_id=parent.id, since=since, until=until))
        if rebuild:
            places.rebuild_closure(self.session)

    def commune(self, name: str = "Xã Xuân Quang", code: str = "02926") -> Place:
        if name not in self._communes:
            self._communes[name] = self._place(Level.COMMUNE, name, "commune", (self.province,), code=code)
        return self._communes[name]

    def area(self, name: str, *villages: Hamlet) -> Place:
        row = self._place(Level.AREA, name, "area", (self.province,))
        for village in villages:
            self.under(village.place, row, rebuild=False)
        places.rebuild_closure(self.session)
        return row

    def village(self, name: str = "Hốc Đá", commune: Place | None = None) -> Hamlet:
        home = commune or self.commune()
        row = self._place(Level.VILLAGE, f"Thôn {name}", "thon", (home,), origin_id=home.id)
        team = self.add(
            Team(
                name=f"Tổ {name}",
                name_fold=fold(f"Tổ {name}"),
                name_sort=name_key(name),
                since=date(2024, 1, 1),
            )
        )
        self.add(TeamVillage(team_id=team.id, village_id=row.id))
        return Hamlet(self, row, team)

    def account(self, username: str, role: Role, *roots: Place, **more: Any) -> Account:
        return accounts.add_account(
            self.session,
            username=username,
            name=more.pop("name", username.title()),
            role=role,
            password_hash="!",
            stamp=f"stamp-{username}",
            roots=[root.id for root in roots if root.id],
            **more,
        )
