"""States of periods. Writers of facts hold the (commune, period) row for sharing, sealing holds it alone.

A fact counts in the period of its day while that is open, else in the first open period after it (late). A period
without a row is open.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, bindparam, or_, select

from tdteam.domain.errors import NotFound
from tdteam.domain.periods import Period, period_of
from tdteam.domain.places import Level
from tdteam.domain.vocabulary import PeriodStatus
from tdteam.store.gate import GatedSession
from tdteam.store.prepared import Prepared, Rows
from tdteam.store.settings import period_start_day
from tdteam.store.tables import PeriodState, Place, PlaceAncestor

_state = PeriodState.__table__  # type: ignore[attr-defined]
_place = Place.__table__  # type: ignore[attr-defined]
_reach = PlaceAncestor.__table__  # type: ignore[attr-defined]
_STATE = select(_state.c.status).where(
    _state.c.commune_id == bindparam("commune"), _state.c.period == bindparam("period")
)
_STATUS, _STATUS_HELD = Prepared(_STATE), Prepared(_STATE.with_for_update(read=True))
_FRESH = Rows(_state, ("commune_id", "period", "status", "version"), "ON CONFLICT DO NOTHING")
_COMMUNE = Prepared(
    select(_place.c.id)
    .join(_reach, _reach.c.ancestor_id == _place.c.id)
    .where(
        _reach.c.place_id == bindparam("village"),
        _place.c.level == Level.COMMUNE.value,
        _reach.c.since <= bindparam("day", type_=Date()),
        or_(_reach.c.until.is_(None), _reach.c.until > bindparam("day", type_=Date())),
    )
    .order_by(_place.c.until.is_not(None), _place.c.id)
    .limit(1)
)
_FARTHEST = 120  # ten years of sealed periods in a row: something is wrong


def status_of(session: GatedSession, commune_id: int, period: str) -> str:
    """Whether a commune's period is open or sealed, without holding it."""
    state = session.get(PeriodState, (commune_id, period))
    return state.status if state else PeriodStatus.OPEN


class PeriodBook:
    """The periods one transaction writes into: held on first use, remembered until it ends."""

    def __init__(self, session: GatedSession) -> None:
        self.session = session
        self.start_day = period_start_day(session)
        self._communes: dict[tuple[int, str], int] = {}
        self._open: dict[tuple[int, str], bool] = {}
        self._counting: dict[tuple[int, date], Period] = {}

    def named(self, code: str) -> Period:
        """The period of a code the database gave."""
        return Period(int(code[:4]), int(code[5:]), self.start_day)

    def natural(self, day: date) -> Period:
        """The period a day belongs to, open or not."""
        return period_of(day, self.start_day)

    def commune(self, village_id: int, period: Period) -> int:
        """The commune that reports the village for a period: the one it stands in on the last day."""
        key = (village_id, period.code)
        if key not in self._communes:
            asked = {"village": village_id, "day": period.last_day}
            found = _COMMUNE.ask(self.session, asked, places=(village_id,))
            if not found:
                raise NotFound
            self._communes[key] = found[0][0]
        return self._communes[key]

    def is_open(self, village_id: int, period: Period) -> bool:
        """Whether the village's figures of a period may still move; holds the row until the transaction ends."""
        key = (self.commune(village_id, period), period.code)
        if key not in self._open:
            self._open[key] = _hold(self.session, *key, village_id=village_id) == PeriodStatus.OPEN
        return self._open[key]

    def counting(self, village_id: int, day: date) -> Period:
        """The period a fact of that day counts in."""
        key = (village_id, day)
        if key not in self._counting:
            self._counting[key] = self.first_open(village_id, self.natural(day))
        return self._counting[key]

    def first_open(self, village_id: int, period: Period) -> Period:
        """The period itself while open, else the first open one after it."""
        for months in range(_FARTHEST):
            later = period.plus(months)
            if self.is_open(village_id, later):
                return later
        raise RuntimeError(f"no open period after {period.code}")

    def corrected(self, code: str, was: tuple[int, date], now: tuple[int, date]) -> str:
        """The period a corrected fact counts in: the one it had, unless its (village, day) moved to another commune
        or another period. A sealed one is kept too: the difference then counts in the first open one."""
        held = self.named(code)
        moved = self.natural(was[1]) != self.natural(now[1])
        if moved or self.commune(was[0], held) != self.commune(now[0], held):
            return self.counting(*now).code
        return code


def _hold(session: GatedSession, commune_id: int, period: str, *, village_id: int) -> str:
    """The status; a writer reads it under a shared lock on PostgreSQL (SQLite has one writer and needs none)."""
    wanted = _STATUS_HELD if session.is_writing else _STATUS
    key, places = {"commune": commune_id, "period": period}, (village_id,)
    status = wanted.ask(session, key, places=places)
    if not status and session.is_writing and session.get_bind().dialect.name == "postgresql":
        _FRESH.put(session, [(commune_id, period, PeriodStatus.OPEN.value, 0)], places=places)
        status = wanted.ask(session, key, places=places)
    return str(status[0][0]) if status else PeriodStatus.OPEN


def counting_period(session: GatedSession, village_id: int, day: date) -> Period:
    """The period a fact of that day would count in (for forms and receipts)."""
    return PeriodBook(session).counting(village_id, day)
