"""Random worlds for the board: a year in which everything happens, in the order of the days."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import select

from tdteam.actions.record_filing import change_filing, record_filing
from tdteam.actions.record_gathering import record_gathering
from tdteam.actions.record_visit import correct_visit, record_visit, void_visit
from tdteam.domain.ids import new_id
from tdteam.domain.people import Poverty, SubjectKind
from tdteam.domain.periods import period_of
from tdteam.domain.roles import SYSTEM
from tdteam.domain.vocabulary import RecordState
from tdteam.store import filing_rows, places, stocks, visit_rows
from tdteam.store.gate import GatedSession, Scope
from tdteam.store.sheet_upkeep import refresh
from tdteam.store.sheets import DUE
from tdteam.store.tables import (
    Attainment,
    Confirmation,
    Household,
    PeriodState,
    Place,
    PlaceParent,
    Resident,
)
from tests.actions.given import visit_at
from tests.cast import Cast
from tests.store.sheet_drafts import answered, some_filing, some_gathering, some_helps
from tests.store.sheet_oracle import Registry
from tests.world import LONG_AGO, Hamlet

BEGIN = date(2025, 11, 20)
END = date(2026, 11, 20)
REFORM = date(2026, 9, 1)
"""Merges are dated: the tree of the day before is another."""


class SheetWorld:
    """A year in two communes of an area and a province: everything happens at random, in the order of the days."""

    def __init__(self, engine: Engine, cast: Cast, dice: random.Random) -> None:
        self.engine, self.cast, self.dice = engine, cast, dice
        self.session = cast.village.world.session
        self.day = BEGIN
        self.villages: list[Hamlet] = [cast.village, cast.sibling, cast.next_village]
        self.visits: list[str] = []
        self.filings: list[str] = []
        self.registry = Registry()
        self.merged: set[int] = set()

    def step(self) -> str:
        """Something happens, and is committed."""
        self.day = min(END, self.day + timedelta(days=self.dice.choice([0, 1, 9, 30])))
        deeds = [
            "meet",
            "meet",
            "meet",
            "absent",
            "correct",
            "void",
            "gather",
            "file",
            "file",
            "answer",
            "seal",
        ]
        deeds += ["settle", "settle", "recount_home", "list_people", "move_home", "leave", "found"]
        deeds += ["settle_shop", "attain", "attain", "person_leaves", "zero"]
        deeds += ["merge_village", "merge_commune"] if self.dice.random() < 0.4 else []
        name = self.dice.choice(deeds)
        getattr(self, name)()
        self.session.commit()
        return name

    def village(self) -> Hamlet:
        return self.dice.choice(self.villages)

    def some_day(self) -> date:
        """A day up to now, mostly a late one."""
        back = self.dice.choice([0, 0, 3, 20, 70])
        return max(BEGIN, self.day - timedelta(days=back))

    def homes(self, village: Hamlet) -> list[Household]:
        query = select(Household).where(Household.village_id == village.id, Household.ended_on.is_(None))  # type: ignore[union-attr]
        return list(self.session.exec(query.order_by(Household.id)))

    def meet(self) -> None:
        village = self.village()
        homes = self.homes(village)
        values = {"household_id": self.dice.choice(homes).id} if homes else {}
        draft = visit_at(village, *some_helps(self.dice), visited_on=self.some_day(), **values)
        self.visits.append(record_visit(self.session, draft, SYSTEM).id)

    def absent(self) -> None:
        village = self.village()
        for home in self.homes(village)[:1]:
            day = self.some_day()
            draft = visit_at(village, contact="nobody_home", visited_on=day, household_id=home.id)
            self.visits.append(record_visit(self.session, draft, SYSTEM).id)

    def correct(self) -> None:
        row = self._standing()
        if row is not None:
            before = visit_rows.draft_of(self.session, row)
            village = next(v for v in self.villages if v.id == before.village_id)
            values = {"household_id": before.household_id} if before.household_id else {}
            day = self.some_day() if self.dice.random() < 0.5 else before.visited_on
            draft = visit_at(village, *some_helps(self.dice), visited_on=day, **values)
            correct_visit(self.session, row.id, draft, row.version, SYSTEM)

    def void(self) -> None:
        row = self._standing()
        if row is not None:
            void_visit(self.session, row.id, "nhầm", SYSTEM)

    def _standing(self) -> visit_rows.Visit | None:
        if not self.visits:
            return None
        row = visit_rows.newest_version(self.session, self.dice.choice(self.visits))
        return None if row.state == RecordState.VOID else row

    def gather(self) -> None:
        village = self.village()
        draft = some_gathering(self.dice, village, self.some_day())
        record_gathering(self.session, draft, SYSTEM)

    def file(self) -> None:
        draft = some_filing(self.dice, self.village(), self.some_day(), self.day)
        self.filings.append(record_filing(self.session, draft, SYSTEM).id)

    def answer(self) -> None:
        """The result of a dossier comes, or another than was told before."""
        if self.filings:
            row = filing_rows.get_filing_row(self.session, self.dice.choice(self.filings))
            told = answered(self.dice, row.submitted_on, max(self.day, row.submitted_on))
            draft = replace(filing_rows.draft_of(row), **told)
            change_filing(self.session, row.id, draft, row.version, SYSTEM)

    def seal(self) -> None:
        """The work of a later action: what comes after it is an adjustment."""
        period = period_of(self.some_day())
        commune = places.commune_of(self.session, self.village().id, period.last_day)
        row = PeriodState(commune_id=commune.id or 0, period=period.code, status="sealed", version=1)
        self.session.merge(row)

    def zero(self) -> None:
        team, period = self.village().team.id or 0, period_of(self.some_day()).code
        held = self.session.exec(
            select(Confirmation).where(Confirmation.team_id == team, Confirmation.period == period)
        ).first()
        if held is None:
            self.session.add(
                Confirmation(id=new_id(), team_id=team, period=period, kind="zero", confirmed_at=LONG_AGO)
            )

    def settle(self) -> None:
        village = self.village()
        adults, eid2 = self.dice.choice([None, 2, 3]), self.dice.choice([None, 1])
        village.household(adults=adults, eid2=eid2, **self._told_of_a_home())
        self.touch(village)

    def settle_shop(self) -> None:
        """A shop or a cooperative is served too, and is no household."""
        village = self.village()
        kind = self.dice.choice([SubjectKind.BUSINESS, SubjectKind.COOPERATIVE])
        village.household(kind=kind, people=None, adults=None, eid2=None, **self._told_of_a_home())
        self.touch(village)

    def _told_of_a_home(self) -> dict[str, Any]:
        return {
            "smartphone": self.dice.choice([None, True, False]),
            "poverty": self.dice.choice([None, *Poverty]),
            "consent": self.dice.choice([None, True, False]),
        }

    def people(self, village: Hamlet) -> list[Resident]:
        query = select(Resident).where(Resident.village_id == village.id, Resident.ended_on.is_(None))  # type: ignore[union-attr]
        return list(self.session.exec(query.order_by(Resident.id)))

    def attain(self) -> None:
        """Somebody listed has level 2 or a health book from now on."""
        village = self.village()
        listed = self.people(village)
        if not listed:
            return
        row, code = self.dice.choice(listed), self.dice.choice(["EID2", "HEALTH_BOOK"])
        had = select(Attainment).where(Attainment.resident_id == row.id, Attainment.indicator == code)
        if self.session.exec(had).first() is None:
            self.session.add(Attainment(resident_id=row.id, village_id=village.id, indicator=code))
            self.touch(village)

    def person_leaves(self) -> None:
        village = self.village()
        for row in self.people(village)[:1]:
            row.ended_on = self.day
            self.session.add(row)
            self.touch(village)

    def recount_home(self) -> None:
        village = self.village()
        for home in self.homes(village)[:1]:
            home.eid2 = self.dice.choice([None, 0, 2])
            home.adults = self.dice.choice([3, 4])
            for name, value in self._told_of_a_home().items():
                setattr(home, name, value)
            self.session.add(home)
            self.touch(village)

    def list_people(self) -> None:
        """People of whom one may be just coming of age at the turn of the year."""
        village = self.village()
        for home in self.homes(village)[-1:]:
            village.resident(home, birth_year=self.dice.choice([None, 1980, 2011, 2012, 2013]))
            self.touch(village)

    def move_home(self) -> None:
        source, target = self.village(), self.village()
        for home in self.homes(source)[:1]:
            people = self.session.exec(select(Resident).where(Resident.household_id == home.id)).all()
            ids = [one.id for one in people]
            held = self.session.exec(select(Attainment).where(Attainment.resident_id.in_(ids))).all()  # type: ignore[attr-defined]
            for row in (home, *people, *held):
                row.village_id = target.id
                self.session.add(row)
            self.touch(source, target)

    def leave(self) -> None:
        village = self.village()
        for home in self.homes(village)[:1]:
            home.ended_on = self.day
            self.session.add(home)
            self.touch(village)

    def touch(self, *villages: Hamlet) -> None:
        stocks.touch(self.session, {village.id for village in villages}, on=self.day)
        for village in {one.id for one in villages}:
            self.registry.note(self.session, village, self.day)

    def found(self) -> None:
        if len(self.villages) < 5:
            home = self.dice.choice([self.cast.commune, self.cast.next_commune])
            standing = self.session.get_one(Place, home.id)
            if standing.until is None:
                self.villages.append(self.cast.village.world.village(f"Mới {len(self.villages)}", standing))

    def merge_village(self) -> None:
        """One village ends in another, dated."""
        standing = [v for v in self.villages if v.id not in self.merged]
        if len(standing) > 2:
            old, new = self.dice.sample(standing, 2)
            self.end(old.place, new.place)
            self.merged.add(old.id)

    def merge_commune(self) -> None:
        old = self.session.get_one(Place, self.cast.next_commune.id)
        if old.until is None:
            edges = self.session.exec(
                select(PlaceParent).where(PlaceParent.parent_id == old.id, PlaceParent.until.is_(None))  # type: ignore[union-attr]
            ).all()
            for edge in edges:
                edge.until = REFORM
                self.session.add(edge)
                self.session.add(
                    PlaceParent(place_id=edge.place_id, parent_id=self.cast.commune.id or 0, since=REFORM)
                )
            self.end(old, self.cast.commune)

    def end(self, old: Place, new: Place) -> None:
        row = self.session.get_one(Place, old.id)
        row.until, row.successor_id = REFORM, new.id
        self.session.add(row)
        for edge in self.session.exec(
            select(PlaceParent).where(PlaceParent.place_id == old.id, PlaceParent.until.is_(None))  # type: ignore[union-attr]
        ):
            edge.until = REFORM
            self.session.add(edge)
        self.session.flush()
        places.rebuild_closure(self.session)

    def keep(self, scope: Scope, due: set[tuple[int, str]]) -> int:
        return refresh(self.engine, scope, due, seconds=60)


def due_of(session: GatedSession) -> set[tuple[int, str]]:
    found: set[tuple[int, str]] = session.info.get(DUE, set())
    return found
