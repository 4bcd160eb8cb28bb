"""Visits of a team in a period, with their assists and filings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from tdteam.actions.demonstration.calendar import PERIODS, Month
from tdteam.actions.demonstration.chance import Chance, Lot, told
from tdteam.actions.demonstration.filings import FilingDrawer
from tdteam.actions.demonstration.homes import Home
from tdteam.actions.demonstration.villages import Village
from tdteam.domain.vocabulary import Contact, Outcome, RecordState, VisitPlace

_PLACES = Lot(
    {
        VisitPlace.HOME: 70.0,
        VisitPlace.CULTURE_HOUSE: 19.0,
        VisitPlace.PHONE: 6.0,
        VisitPlace.OFFICE: 3.0,
        VisitPlace.OTHER: 2.0,
    }
)
_CONTACTS = Lot({Contact.MET: 91.0, Contact.NOBODY_HOME: 7.0, Contact.REFUSED: 1.4, Contact.MOVED: 0.6})
_ASSISTS = Lot({1: 57.0, 2: 31.0, 3: 10.0, 4: 2.0})  # at a visit that met somebody
_CROWD = Lot({2: 70.0, 3: 20.0, 4: 10.0})
_DELAY = Lot({0: 68.0, 1: 18.0, 2: 7.0, 4: 5.0, 9: 2.0})  # days until the phone had network
CORRECTED, VOIDED = 0.011, 0.003


@cache
def kinds_at(index: int) -> Lot[str]:
    """The kinds of help of a period: their mix drifts from the first period to the last."""
    way = index / (PERIODS - 1)
    return Lot({code: k["from"] + (k["to"] - k["from"]) * way for code, k in told("work")["kinds"].items()})


@cache
def outcomes_of(kind: str) -> Lot[str]:
    return Lot(told("work")["kinds"][kind]["outcomes"])


@cache
def _causes_of(kind: str) -> Lot[str]:
    return Lot(told("work")["kinds"][kind]["causes"])


@dataclass
class Work:
    """Rows of a period by table, in the order they must be written."""

    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {
            noun: []
            for noun in ("Filing", "Visit", "VisitMember", "Gathering", "GatheringHousehold", "Assist")
        }
    )

    def add(self, noun: str, row: Mapping[str, Any]) -> None:
        self.rows[noun].append(dict(row))


class VisitDrawer:
    """Draws the visits of one village after another. `recorders`: member -> account, where a member has one."""

    def __init__(
        self, chance: Chance, filings: FilingDrawer, today: date, recorders: Mapping[int, int]
    ) -> None:
        self.chance, self.filings, self.today, self.recorders = chance, filings, today, recorders

    def draw(self, village: Village, homes: Sequence[Home], month: Month, count: int, work: Work) -> None:
        """`count` visits of a period among the homes the team reaches."""
        reached = [home for home in homes if home.weight > 0]
        if not reached:
            return
        lot = Lot({place: home.weight for place, home in enumerate(reached)})
        seen = set()
        for _ in range(count):
            place, day = lot.draw(self.chance), month.some_day(self.chance)
            if (place, day) not in seen:
                seen.add((place, day))
                self._visit(village, reached[place], month, day, work)

    def _visit(self, village: Village, home: Home, month: Month, day: date, work: Work) -> None:
        chance = self.chance
        recorded = chance.moment(day) if day < self.today else chance.moment(day, 6, 7)
        received = self._received(recorded)
        helpers = self._helpers(village)
        contact = _CONTACTS.draw(chance)
        row: dict[str, Any] = {
            "id": chance.record_id(recorded),
            "version": 1,
            "replaces_id": None,
            "state": RecordState.CURRENT.value,
            "village_id": village.id,
            "team_id": village.team_id,
            "household_id": home.id,
            "visited_on": day,
            "period": month.code,
            "place": (_PLACES.draw(chance) if contact == Contact.MET else VisitPlace.HOME).value,
            "contact": contact.value,
            "minutes": chance.one((10, 15, 15, 20, 20, 25, 30, 30, 40, 45, 60)) if chance.yes(0.7) else None,
            "return_on": None,
            "note": self._note(contact),
            "recorded_by": next((self.recorders[m] for m in helpers if m in self.recorders), None),
            "recorded_at": recorded,
            "received_at": received,
            "ended_at": None,
            "ended_why": "",
        }
        row["root_id"] = row["id"]
        assists = self._assists(row, village, home, month, work) if contact == Contact.MET else []
        row["return_on"] = self._return_on(contact, day, assists)
        self._keep(row, assists, helpers, work)

    def _received(self, recorded: datetime) -> datetime:
        received = recorded + timedelta(days=_DELAY.draw(self.chance), minutes=self.chance.randrange(1, 90))
        return received if received.date() < self.today else recorded + timedelta(minutes=5)

    def _helpers(self, village: Village) -> list[int]:
        members = village.ground.members
        if not members:
            return []
        # the leader and the first members do most of the work
        first = members[int(self.chance.random() ** 1.8 * len(members))]
        second = self.chance.one(members) if self.chance.yes(0.28) else first
        return list(dict.fromkeys((first, second)))

    def _note(self, contact: Contact) -> str:
        texts = told("work")["notes"][contact.value]
        return str(self.chance.one(texts)) if self.chance.yes(0.07 if contact == Contact.MET else 0.3) else ""

    def _assists(
        self, visit: dict[str, Any], village: Village, home: Home, month: Month, work: Work
    ) -> list[dict[str, Any]]:
        rows: dict[tuple[str, str | None], dict[str, Any]] = {}
        for _ in range(_ASSISTS.draw(self.chance)):
            row = self._assist(visit, village, home, month)
            if (row["kind"], row["resident_id"]) in rows:
                continue
            rows[(row["kind"], row["resident_id"])] = row
            if row["kind"] == "FILING_SUBMIT" and row["outcome"] == Outcome.DONE and self.chance.yes(0.93):
                filing = self.filings.draw(
                    village,
                    home.id,
                    visit["visited_on"],
                    visit["recorded_at"],
                    month.ripeness,
                    visit["recorded_by"],
                )
                work.add("Filing", filing)
                row["filing_id"] = filing["id"]
        return list(rows.values())

    def _assist(self, visit: dict[str, Any], village: Village, home: Home, month: Month) -> dict[str, Any]:
        chance = self.chance
        kind = kinds_at(month.index).draw(chance)
        outcome = outcomes_of(kind).draw(chance)
        if outcome == Outcome.DONE and chance.yes(0.1 * village.remote):
            outcome = Outcome.NOT_DONE  # weak signal and old phones: remote villages fare worse
        cause = None
        if outcome == Outcome.NOT_DONE:
            cause = "NO_NETWORK" if chance.yes(0.25 * village.remote) else _causes_of(kind).draw(chance)
        resident = chance.one(home.residents) if home.residents and chance.yes(0.65) else None
        several = resident is None and chance.yes(told("work")["kinds"][kind]["people"])
        return {
            "id": chance.record_id(visit["recorded_at"]),
            "visit_id": visit["id"],
            "gathering_id": None,
            "village_id": village.id,
            "kind": kind,
            "outcome": str(outcome),
            "cause": cause,
            "people": _CROWD.draw(chance) if several else 1,
            "resident_id": resident,
            "filing_id": None,
        }

    def _return_on(self, contact: Contact, day: date, assists: Sequence[Mapping[str, Any]]) -> date | None:
        waiting = any(row["outcome"] in (Outcome.IN_PROGRESS, Outcome.REFERRED) for row in assists)
        share = {Contact.NOBODY_HOME: 0.5, Contact.REFUSED: 0.1}.get(contact, 0.55 if waiting else 0.02)
        if contact == Contact.MOVED or not self.chance.yes(share):
            return None
        return day + timedelta(days=3 + self.chance.randrange(25))

    def _keep(
        self, row: dict[str, Any], assists: list[dict[str, Any]], helpers: Sequence[int], work: Work
    ) -> None:
        """Put a visit down; a few were corrected soon after (a new version, the old one kept) or voided."""
        share = self.chance.random()
        if row["received_at"].date() >= self.today - timedelta(days=1):
            share = 0.5  # too fresh for second thoughts
        if share < CORRECTED and assists:
            self._correct(row, assists, helpers, work)
            return
        if share > 1 - VOIDED and not any(assist["filing_id"] for assist in assists):
            row["state"] = RecordState.VOID.value
            row["ended_at"] = row["received_at"] + timedelta(hours=2)
            row["ended_why"] = self.chance.one(told("work")["voided"])
        self._write(row, assists, helpers, work)

    def _correct(
        self, row: dict[str, Any], assists: list[dict[str, Any]], helpers: Sequence[int], work: Work
    ) -> None:
        corrected_at = row["received_at"] + timedelta(hours=3)
        newer = row | {
            "id": self.chance.record_id(corrected_at),
            "version": 2,
            "replaces_id": row["id"],
            "minutes": (row["minutes"] or 15) + 5,
            "recorded_at": corrected_at,
            "received_at": corrected_at,
        }
        row["state"] = RecordState.SUPERSEDED.value
        row["ended_at"] = corrected_at
        row["ended_why"] = self.chance.one(told("work")["corrected"])
        before = [assist | {"filing_id": None} for assist in assists]
        after = [
            assist | {"id": self.chance.record_id(corrected_at), "visit_id": newer["id"]}
            for assist in assists
        ]
        self._write(row, before, helpers, work)
        self._write(newer, after, helpers, work)

    def _write(
        self,
        row: Mapping[str, Any],
        assists: Sequence[Mapping[str, Any]],
        helpers: Sequence[int],
        work: Work,
    ) -> None:
        work.add("Visit", row)
        for member in helpers:
            work.add(
                "VisitMember",
                {"visit_id": row["id"], "member_id": member, "village_id": row["village_id"]},
            )
        for assist in assists:
            work.add("Assist", assist)
