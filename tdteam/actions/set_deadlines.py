"""Sets by when reports are due, with one entry in the audit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tdteam.domain.deadlines import Calendar, judge_calendar
from tdteam.domain.errors import NotAllowed, Refused
from tdteam.domain.roles import Actor, Power
from tdteam.store import audit, deadlines
from tdteam.store.gate import GatedSession


def set_deadlines(
    session: GatedSession, due_days: int | None, days_off: Iterable[date], actor: Actor
) -> Calendar:
    """Set how many working days after the cut-off a report is due, and the days off besides the fixed holidays.

    Raises Refused, NotAllowed.
    """
    if not actor.holds(Power.KEEP_CATALOGUE):
        raise NotAllowed
    wanted = frozenset(days_off)
    if flaws := judge_calendar(due_days, wanted):
        raise Refused(flaws)
    calendar = Calendar(due_days or 0, wanted)
    if calendar != deadlines.read_calendar(session):
        deadlines.write_calendar(session, calendar)
        audit.append(session, "set", "deadlines", calendar.due_days, days_off=len(wanted))
    return calendar
