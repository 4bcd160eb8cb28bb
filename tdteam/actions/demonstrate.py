"""The demonstration district: the old Bao Thang as its teams would know it, with made-up people and thirteen periods of work.

Everything is drawn from a fixed seed, so the same day gives the same district. One transaction: a district is whole or
not there at all. It never touches a database somebody already works with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

from tdteam.actions.demonstration.district import District, Size, Told
from tdteam.actions.demonstration.roster import load_teams
from tdteam.domain.errors import Conflict, NotFound
from tdteam.domain.periods import today as now_today
from tdteam.store import audit, demonstration
from tdteam.store.catalogue import load_catalogue
from tdteam.store.engine import Engine
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.rebuild import rebuild
from tdteam.store.settings import fix_period_start_day, period_start_day
from tdteam.store.shapes import load_points
from tdteam.store.sheet_upkeep import fill
from tdteam.store.units import load_units

Progress = Callable[[int, int, str], None]
WHOLE = 100


class Setup(Protocol):
    """What is asked of the configuration."""

    @property
    def is_demo(self) -> bool: ...
    @property
    def period_start_day(self) -> int | None: ...


@dataclass
class Summary:
    """What was made, rows by table. `made` is False where the database already had teams and was left alone."""

    made: bool
    rows: Counter[str] = field(default_factory=Counter)


def N_(text: str) -> str:  # noqa: N802 - the usual name of a marker for the catalogue
    """Marks a message id; whoever shows the progress translates it."""
    return text


def demonstrate(
    engine: Engine,
    config: Setup,
    progress: Progress,
    *,
    size: Size = Size(),  # noqa: B008 - frozen
    today: date | None = None,
    instance: Path | None = None,
) -> Summary:
    """Make the demonstration district. Raises Conflict `not_demo` in production mode.

    `progress(done, total, message_id)` is called as the work goes on. `instance`: the folder documents' files go to; they
    have none without it.
    """
    if not config.is_demo:
        raise Conflict("not_demo")
    with open_session(engine, EVERYWHERE, write=True) as session:
        if demonstration.has_teams(session):
            return Summary(False)
        summary = _make(session, config, progress, size, today or now_today(), instance)
        session.commit()
    fill(engine, EVERYWHERE)
    return summary


def _make(
    session: GatedSession, config: Setup, progress: Progress, size: Size, today: date, instance: Path | None
) -> Summary:
    progress(0, WHOLE, N_("Loading places and teams"))
    load_units(session)
    load_points(session)
    load_catalogue(session)
    fix_period_start_day(session, config.period_start_day)
    area = demonstration.find_area(session)
    if area is None or area.id is None:
        raise NotFound
    imported = load_teams(session)
    grounds = demonstration.list_ground(session, area.id)
    district = District(session, area.id, grounds, size, today, period_start_day(session), instance)
    district.homes(_part(progress, 5, 30, N_("Writing down households")))
    accounts = district.people()
    district.work(accounts, _part(progress, 30, 80, N_("Recording visits")))
    district.papers(accounts)
    progress(80, WHOLE, N_("Counting figures"))
    rebuild(session)
    rows = district.rows + Counter(Team=imported["teams"], Member=imported["members"])
    audit.append(session, "demonstrate", "demonstration", rows=dict(sorted(rows.items())))
    progress(WHOLE, WHOLE, N_("Counting figures"))
    return Summary(True, rows)


def _part(progress: Progress, first: int, last: int, message: str) -> Told:
    """Progress of a part of the work as progress of the whole."""

    def told(done: int, total: int) -> None:
        progress(first + (last - first) * done // total, WHOLE, message)

    return told
