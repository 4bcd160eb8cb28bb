"""Comings and goings of members, and the courses they took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tdteam.actions.demonstration.calendar import Month
from tdteam.actions.demonstration.chance import Chance, told
from tdteam.store import demonstration
from tdteam.store.demonstration import Ground
from tdteam.store.gate import GatedSession

MOVED = 18  # members who changed their team in the last periods
TRAINED = 0.55  # of those whose list ticks no course


def move_some(
    chance: Chance, session: GatedSession, grounds: Sequence[Ground], months: Sequence[Month], today: date
) -> list[Ground]:
    """Let some members have come from a neighbouring team; the grounds without them (they did not record before)."""
    out = list(grounds)
    for place in sorted(chance.sample(range(1, len(out)), min(MOVED, len(out) // 2))):
        here, before = out[place], grounds[place - 1]
        if len(here.members) < 4 or before.commune_id != here.commune_id:
            continue
        member = next(m for m in reversed(here.members) if m != here.leader)
        month = chance.one(months[-6:])
        day = min(month.period.since + timedelta(days=chance.randrange(28)), today)
        decision = told("office")["decision"].format(number=chance.randrange(30, 400), day=f"{day:%d/%m/%Y}")
        demonstration.move_member(session, member, before.team_id, day, decision)
        out[place] = replace(here, members=tuple(m for m in here.members if m != member))
    return out


def train_some(
    chance: Chance, session: GatedSession, grounds: Sequence[Ground], since: date
) -> list[dict[str, object]]:
    """Courses of those whose list tells of none."""
    courses = told("district")["courses"]
    members = [member for ground in grounds for member in ground.members]
    return [
        {
            "member_id": member,
            "course": chance.one(courses),
            "trained_on": since + timedelta(days=chance.randrange(-500, 300)) if chance.yes(0.85) else None,
        }
        for member in demonstration.untrained(session, members)
        if chance.yes(TRAINED)
    ]
