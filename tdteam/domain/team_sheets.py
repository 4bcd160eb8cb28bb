"""Teams' sheets: how the villages and teams of a commune or province stand in a period, counted, so that a province's board
need not read three thousand teams. They add up place by place, as figures do."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tdteam.domain.month import TeamStatus


@dataclass(frozen=True)
class TeamSheet:
    """`kinds`: villages that stand, by kind; `statuses`: teams by state (those at none left out); `last_on`: when any of
    them last did something; `teamless`: communes without a team; `strays`: villages that lie in no commune, which nothing
    here counts. `until`: the day on which something dated begins or ends, so that it holds no longer; None: none is known.
    """

    kinds: Mapping[str, int]
    statuses: Mapping[TeamStatus, int]
    last_on: date | None = None
    teamless: tuple[int, ...] = ()
    strays: int = 0
    until: date | None = None

    @property
    def teams(self) -> int:
        return sum(self.statuses.values())

    @property
    def villages(self) -> int:
        return sum(self.kinds.values())

    def holds_on(self, day: date) -> bool:
        return self.until is None or day < self.until


def add_team_sheets(sheets: Iterable[TeamSheet], strays: int = 0) -> TeamSheet:
    """Places that share neither village nor team, as one."""
    listed = list(sheets)
    kinds: Counter[str] = Counter()
    statuses: Counter[TeamStatus] = Counter()
    for one in listed:
        kinds.update(one.kinds)
        statuses.update(one.statuses)
    return TeamSheet(
        dict(kinds),
        dict(statuses),
        max((one.last_on for one in listed if one.last_on), default=None),
        tuple(sorted(commune for one in listed for commune in one.teamless)),
        strays + sum(one.strays for one in listed),
        min((one.until for one in listed if one.until), default=None),
    )


def told_of(sheet: TeamSheet) -> str:
    """As it is kept: canonical JSON."""
    told = {
        "kinds": sheet.kinds,
        "statuses": sheet.statuses,
        "last_on": sheet.last_on,
        "teamless": sheet.teamless,
        "strays": sheet.strays,
        "until": sheet.until,
    }
    return json.dumps(told, default=date.isoformat, sort_keys=True, separators=(",", ":"))


def sheet_of(text: str) -> TeamSheet:
    told = json.loads(text)
    last_on, until = told["last_on"], told["until"]
    return TeamSheet(
        told["kinds"],
        {TeamStatus(state): count for state, count in told["statuses"].items()},
        date.fromisoformat(last_on) if last_on else None,
        tuple(told["teamless"]),
        told["strays"],
        date.fromisoformat(until) if until else None,
    )
