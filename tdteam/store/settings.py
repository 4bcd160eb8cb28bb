"""Settings of this installation, kept in the database."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select

from tdteam.domain.errors import Conflict
from tdteam.domain.periods import STATUTORY_START_DAY, Period, parse_period, period_of
from tdteam.store.gate import GatedSession
from tdteam.store.prepared import Prepared
from tdteam.store.tables import Setting

START_DAY = "period_start_day"
EPOCH = "epoch"
_HELD = "period_start_day"
_setting = Setting.__table__  # type: ignore[attr-defined]
_VALUE = Prepared(select(_setting.c.value).where(_setting.c.key == bindparam("key")))


def find_setting(session: GatedSession, key: str) -> str | None:
    """A setting's value, or None."""
    found = _VALUE.ask(session, {"key": key}, places=())
    return found[0][0] if found else None


def set_setting(session: GatedSession, key: str, value: str) -> None:
    """Write a setting."""
    row = session.get(Setting, key)
    if row is None:
        session.add(Setting(key=key, value=value))
    else:
        row.value = value
        session.add(row)
    session.flush()


def epoch(session: GatedSession) -> str:
    """The word that changes at every restore from a backup, so that phones offer again what the backup lacks."""
    return find_setting(session, EPOCH) or ""


def fix_period_start_day(session: GatedSession, wanted: int | None) -> int:
    """The first `migrate` fixes the period's start day (15 by Decree 09/2019, or 1 for calendar months); it then stays.

    `wanted` is the environment's value, None where it says nothing. Another value than the kept one raises Conflict
    `period_start_day_fixed`: periods already counted and sealed would no longer mean the days printed on them.
    """
    kept = find_setting(session, START_DAY)
    if kept is None:
        day = STATUTORY_START_DAY if wanted is None else wanted
        if not 1 <= day <= 28:
            raise Conflict("period_start_day_range", wanted=day)
        set_setting(session, START_DAY, str(day))
        session.info[_HELD] = day
        return day
    if wanted is not None and wanted != int(kept):
        raise Conflict("period_start_day_fixed", kept=int(kept), wanted=wanted)
    return int(kept)


def period_start_day(session: GatedSession) -> int:
    """The day of the month on which periods begin."""
    if _HELD not in session.info:
        session.info[_HELD] = int(find_setting(session, START_DAY) or STATUTORY_START_DAY)
    return int(session.info[_HELD])


def period_named(session: GatedSession, text: str) -> Period:
    """`2026-11` to this installation's period; raises Refused with code `period_form`."""
    return parse_period(text, period_start_day(session))


def period_on(session: GatedSession, day: date) -> Period:
    """The period a day belongs to here."""
    return period_of(day, period_start_day(session))
