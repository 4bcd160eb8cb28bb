"""Coverage on the first page of a commune and of a team: the year against its targets, and the villages that need help."""

from __future__ import annotations

from typing import Any

from tdteam.domain.coverage import LEAD
from tdteam.domain.coverage_goals import goals_of
from tdteam.domain.coverage_needs import LEVEL_TWO, gone_of_year
from tdteam.domain.periods import Period, today
from tdteam.domain.places import Level
from tdteam.domain.roles import Power
from tdteam.store import coverage, coverage_needs
from tdteam.store.coverage_ground import Asked
from tdteam.store.tables import Place
from tdteam.web import coverage_needs_words
from tdteam.web.gate import may, session

PAID = "FILINGS_PAID"
COLUMNS = (LEAD, LEVEL_TWO, PAID)


def of_place(place: Place, period: Period) -> dict[str, Any]:
    """What the page shows of a commune, or of the village a team serves; nothing without the power."""
    if not may(Power.SEE_FIGURES):
        return {}
    asked = Asked(place=place, period=period, on=today(), year=True, columns=COLUMNS)
    needs = None
    if place.level == Level.COMMUNE:
        board, needs = coverage_needs.read_with_needs(session(), asked, today())
    else:
        board = coverage.read_board(session(), asked)
    found: dict[str, Any] = {
        "goals": goals_of(board.whole, board.columns),
        "gone": round(gone_of_year(period, today()) * 100),
        "year": period.year,
    }
    if needs:
        found["needed"] = coverage_needs_words.say(needs)
    return found
