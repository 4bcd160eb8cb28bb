"""The calendar of deadlines as this installation keeps it."""

from __future__ import annotations

import json
from datetime import date

from tdteam.domain.deadlines import DUE_DAYS, Calendar
from tdteam.store import settings
from tdteam.store.gate import GatedSession

KEY = "report_calendar"


def read_calendar(session: GatedSession) -> Calendar:
    """The calendar in force: the usual one until the administrator writes another."""
    kept = settings.find_setting(session, KEY)
    if kept is None:
        return Calendar()
    body = json.loads(kept)
    return Calendar(
        int(body.get("due_days", DUE_DAYS)),
        frozenset(date.fromisoformat(day) for day in body.get("days_off", ())),
    )


def write_calendar(session: GatedSession, calendar: Calendar) -> None:
    body = {"due_days": calendar.due_days, "days_off": [day.isoformat() for day in sorted(calendar.days_off)]}
    settings.set_setting(session, KEY, json.dumps(body, sort_keys=True))
