"""What teams and offices say of a period: confirmations, and figures that others counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import exp
from typing import Any

from tdteam.actions.demonstration.calendar import Month
from tdteam.actions.demonstration.chance import Chance, told
from tdteam.actions.demonstration.offices import declared_row
from tdteam.actions.demonstration.villages import SHOWN_COMMUNE, Village
from tdteam.actions.demonstration.visits import Work
from tdteam.domain.people import Channel

FIGURES, ZERO = "figures", "zero"
EARLY = 0.05  # teams of the current period that already said their word


def team_figures(work: Work) -> dict[int, dict[str, int]]:
    """What each team did in a period, as its phone would show it when it confirms."""
    out: dict[int, dict[str, int]] = {}
    occasion: dict[str, int] = {}
    for noun, word in (("Visit", "visits"), ("Gathering", "gatherings"), ("Filing", "filings")):
        for row in work.rows[noun]:
            if row.get("state") in ("superseded", "void"):
                continue
            figures = out.setdefault(
                row["team_id"], dict.fromkeys(("visits", "assists", "people", "gatherings", "filings"), 0)
            )
            figures[word] += 1
            occasion[row["id"]] = row["team_id"]
    for row in work.rows["Assist"]:
        team = occasion.get(row["visit_id"] or row["gathering_id"])
        if team is not None:
            out[team]["assists"] += 1
            out[team]["people"] += row["people"]
    return out


def _is_shown(village: Village) -> bool:
    return village.ground.origin_code == SHOWN_COMMUNE


class MonthDrawer:
    """Draws what is said of a period. `accounts`: team -> the account of its leader, where it has one."""

    def __init__(self, chance: Chance, today: date, accounts: Mapping[int, int]) -> None:
        self.chance, self.today, self.accounts = chance, today, accounts

    def confirmations(
        self, villages: Sequence[Village], month: Month, figures: Mapping[int, Mapping[str, int]]
    ) -> list[dict[str, Any]]:
        """Which teams confirmed their figures of a period or reported that there was nothing."""
        out = []
        for village in villages:
            if village.channel is not Channel.APP or month.index > village.last_month:
                continue
            if month.is_current and village.team_id in self.accounts:
                continue  # whoever tries the demonstration finds something left to confirm
            seen = figures.get(village.team_id)
            if month.is_current:
                says = self.chance.yes(EARLY if seen else 0.5)
                # in the shown commune every state is there to see
                says = says or (_is_shown(village) and (seen is None or self.chance.yes(0.18)))
            else:
                # strong teams confirm nearly always; in the period just over some still think about it
                share = min(0.97, 0.72 + 0.16 * village.strength + 0.06 * month.ripeness)
                says = self.chance.yes(share * (0.8 if self._is_last(month) else 1.0))
                says = says or (seen is None and self._is_last(month) and _is_shown(village))
            if says:
                out.append(self._confirmation(village, month, seen))
        return out

    def _is_last(self, month: Month) -> bool:
        return (self.today - month.period.last_day).days <= 31

    def _confirmation(
        self, village: Village, month: Month, figures: Mapping[str, int] | None
    ) -> dict[str, Any]:
        chance = self.chance
        latest = (self.today - month.period.last_day).days
        day = (
            self.today if month.is_current else month.period.last_day + timedelta(days=chance.randrange(1, 7))
        )
        if latest < 7:
            day = min(day, self.today)
        at = chance.moment(day) if day < self.today else chance.moment(day, 6, 7)
        return {
            "id": chance.record_id(at),
            "team_id": village.team_id,
            "period": month.code,
            "kind": FIGURES if figures else ZERO,
            "figures": dict(figures or {}),
            "confirmed_at": at,
            "confirmed_by": self.accounts.get(village.team_id),
            "note": "" if figures else chance.one(told("office")["confirmed_zero"]),
        }

    def declared_by_teams(
        self, villages: Sequence[Village], month: Month, by: Mapping[int, int]
    ) -> list[dict[str, Any]]:
        """Figures of teams on paper or Zalo; `by`: commune -> the official who typed them in."""
        out: list[dict[str, Any]] = []
        for village in villages:
            if village.channel is Channel.APP or month.is_current or not self.chance.yes(0.9):
                continue
            day = month.period.until + timedelta(days=self.chance.randrange(0, 5))
            if day > self.today:
                continue
            words = told("office")["declared"]
            source = words["team"][village.channel.value].format(team=village.ground.team)
            for indicator, value in self._paper_figures(village, month).items():
                out.append(
                    declared_row(
                        village.id,
                        indicator,
                        value,
                        source=source,
                        received=day,
                        by=by.get(village.ground.commune_id),
                        period=month.code,
                        team_id=village.team_id,
                        sender=village.ground.team,
                        note=words["note"][village.channel.value],
                    )
                )
        return out

    def _paper_figures(self, village: Village, month: Month) -> dict[str, tuple[int, int | None]]:
        visits = max(
            2, round(22 * village.strength * exp(self.chance.gauss(0, 0.3)) * (0.7 + 0.6 * month.ripeness))
        )
        people = round(visits * (1.2 + 0.5 * self.chance.random()))
        pending, not_done = round(people * 0.13), round(people * (0.07 + 0.06 * self.chance.random()))
        gatherings = self.chance.randrange(3)
        reached = min(village.households, round(visits * 0.85))
        figures: dict[str, tuple[int, int | None]] = {
            "VISITS": (visits, None),
            "PEOPLE": (people, None),
            "HELP_DONE": (people - pending - not_done, None),
            "HELP_PENDING": (pending, None),
            "HELP_NOT_DONE": (not_done, None),
            "GATHERINGS": (gatherings, None),
            "FILINGS": (round(people * (0.08 + 0.1 * month.ripeness)), None),
            "HELP_EID": (round(people * 0.34), None),
            "HELP_PAYMENT": (round(people * 0.14), None),
            "HELP_HEALTH": (round(people * 0.1), None),
            "HELP_SAFETY": (round(people * 0.09), None),
            "HOUSEHOLDS_REACHED": (reached, village.households),
        }
        if gatherings:
            figures["ATTENDED"] = (gatherings * (18 + self.chance.randrange(30)), None)
        return figures
