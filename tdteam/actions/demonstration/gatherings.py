"""Gatherings of a team in a period: head-counts, and what was done for how many people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import exp
from typing import Any

from tdteam.actions.demonstration.calendar import Month
from tdteam.actions.demonstration.chance import Chance, told
from tdteam.actions.demonstration.homes import Home
from tdteam.actions.demonstration.villages import Village
from tdteam.actions.demonstration.visits import Work, outcomes_of
from tdteam.domain.vocabulary import Outcome, RecordState, VisitPlace


class GatheringDrawer:
    """Draws the gatherings of one village after another."""

    def __init__(self, chance: Chance, today: date) -> None:
        self.chance, self.today = chance, today

    def draw(self, village: Village, homes: Sequence[Home], month: Month, count: int, work: Work) -> None:
        """`count` gatherings, on different days."""
        days = {month.some_day(self.chance) for _ in range(count)} - {
            self.today
        }  # people meet in the evening
        for day in sorted(days):
            self._gathering(village, homes, month, day, work)

    def _gathering(
        self, village: Village, homes: Sequence[Home], month: Month, day: date, work: Work
    ) -> None:
        chance = self.chance
        held = chance.moment(day, 18, 22)
        attended = max(8, min(150, round(village.households * 0.3 * exp(chance.gauss(0, 0.35)))))
        counted = chance.yes(0.85)
        topic, kinds = self._topic(day)
        row: dict[str, Any] = {
            "id": chance.record_id(held),
            "version": 1,
            "replaces_id": None,
            "state": RecordState.CURRENT.value,
            "village_id": village.id,
            "team_id": village.team_id,
            "held_on": day,
            "period": month.code,
            "place": VisitPlace.CULTURE_HOUSE.value if chance.yes(0.93) else VisitPlace.OTHER.value,
            "topic": topic,
            "attended": attended,
            "women": round(attended * (0.38 + 0.25 * chance.random())) if counted else None,
            "youth": round(attended * (0.12 + 0.2 * chance.random())) if counted else None,
            "elders": round(attended * (0.1 + 0.2 * chance.random())) if counted else None,
            "note": "",
            "recorded_at": held,
            "received_at": held + timedelta(minutes=chance.randrange(1, 60)),
            "ended_why": "",
        }
        row["root_id"] = row["id"]
        work.add("Gathering", row)
        self._assists(row, village, kinds, work)
        if chance.yes(0.08) and homes:
            present = chance.sample(list(homes), min(len(homes), 5 + chance.randrange(12)))
            for home in present:
                work.add(
                    "GatheringHousehold",
                    {"gathering_id": row["id"], "household_id": home.id, "village_id": village.id},
                )

    def _topic(self, day: date) -> tuple[str, list[str]]:
        """What it is about, and the kinds of help that are given there."""
        topics: dict[str, dict[str, list[str]]] = told("work")["topics"]
        of_month = topics.get(str(day.month))
        chosen = of_month if of_month and self.chance.yes(0.35) else topics["any"]
        return self.chance.one(list(chosen.items()))

    def _assists(self, row: dict[str, Any], village: Village, kinds: Sequence[str], work: Work) -> None:
        chance = self.chance
        for kind in kinds:
            outcome = Outcome.DONE if kind != "EID2_REFER" else Outcome.REFERRED
            if chance.yes(0.12):
                outcome = Outcome(outcomes_of(kind).draw(chance))
            people = max(1, round(row["attended"] * (0.05 + 0.3 * chance.random())))
            work.add(
                "Assist",
                {
                    "id": chance.record_id(row["recorded_at"]),
                    "visit_id": None,
                    "gathering_id": row["id"],
                    "village_id": village.id,
                    "kind": kind,
                    "outcome": outcome.value,
                    "cause": None,
                    "people": people,
                    "resident_id": None,
                    "filing_id": None,
                },
            )
