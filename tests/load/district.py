"""Databases to measure on: the demonstration district with as many raw visits as a job asks for, and its accounts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from tdteam.actions.demonstrate import demonstrate
from tdteam.domain.periods import period_of
from tdteam.store import migrate
from tdteam.store.accounts import find_by_username, find_seen
from tdteam.store.engine import make_engine
from tdteam.store.gate import EVERYWHERE, Scope, open_session
from tdteam.store.sheet_upkeep import fill

TODAY = date(2026, 11, 23)
DAYS = 365
# Every home is visited in turn, round after round; a round is a day (or a part of one, or some days).
VISITS = """
WITH RECURSIVE rounds (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM rounds WHERE n + 1 < :rounds)
INSERT INTO visit (id, root_id, version, state, village_id, team_id, household_id, visited_on, period, place, contact,
  note, recorded_at, received_at, ended_why)
SELECT printf('0192%04x-%04x-7000-8000-%012x', rounds.n >> 16, rounds.n & 65535, home.place),
  printf('0192%04x-%04x-7000-8000-%012x', rounds.n >> 16, rounds.n & 65535, home.place), 1, 'current', home.village_id, home.team_id,
  home.id, day.day, day.period, 'home', 'met', '', day.at, day.at, ''
FROM rounds JOIN load_day day ON day.n = rounds.n * :days / :rounds CROSS JOIN load_home home
WHERE rounds.n * :homes + home.place < :visits"""
HOMES = """
CREATE TEMP TABLE load_home AS SELECT row_number() OVER (ORDER BY h.created_at, h.id) - 1 AS place, h.id, h.village_id,
  t.team_id FROM household h JOIN team_village t ON t.village_id = h.village_id"""
TALLIES = """
INSERT INTO tally (span, village_id, measure, kind, outcome, value)
SELECT period, village_id, 'visits', contact, '', count(*) FROM visit WHERE state = 'current' GROUP BY 1, 2, 4
ON CONFLICT DO UPDATE SET value = excluded.value"""


@dataclass(frozen=True)
class Demo:
    """Says yes to the demonstration; the period's start day is the usual one."""

    is_demo: bool = True
    period_start_day: int | None = None


def district(folder: Path, visits: int = 0, *, indexed: bool = True) -> Engine:
    """A migrated SQLite file with the demonstration district, and `visits` raw visits on top of its 60,000.

    Made in a process of its own, so that a job's peak of memory is the job's.
    """
    words = [str(folder), str(visits), "indexed" if indexed else "bare"]
    subprocess.run([sys.executable, "-m", "tests.load.district", *words], check=True)
    return make_engine(_url(folder))


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'tdteam.db'}"


def _make(folder: Path, visits: int, *, indexed: bool) -> None:
    migrate.upgrade(_url(folder))
    engine = make_engine(_url(folder))
    demonstrate(engine, Demo(), lambda *_: None, today=TODAY)
    if visits:
        seed_visits(engine, visits, indexed=indexed)
    engine.dispose()


def scope_of(engine: Engine, username: str) -> Scope:
    """What an account may see."""
    with open_session(engine, EVERYWHERE) as session:
        account = find_by_username(session, username)
        assert account is not None and account.id is not None
        seen = find_seen(session, account.id)
    assert seen is not None
    return Scope(roots=seen.roots, names=True)


def seed_visits(engine: Engine, count: int, *, indexed: bool = True) -> None:
    """Raw rows made inside SQLite, oldest first, indexes afterwards; of the tallies only visits are counted anew.

    Not how the tool writes, and only as true as a measurement of reading needs: the rows and figures are there in
    their number. `indexed=False` leaves out the visits' secondary indexes but that of periods (ten million rows would
    spend minutes on them).
    """
    raw = engine.raw_connection()
    driver: Any = raw.driver_connection
    driver.execute("PRAGMA synchronous = OFF")
    driver.execute("PRAGMA foreign_keys = OFF")
    indexes = driver.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'visit' AND sql IS NOT NULL"
    ).fetchall()
    driver.execute("BEGIN IMMEDIATE")
    for name, _ in indexes:
        driver.execute(f"DROP INDEX {name}")
    driver.execute(HOMES)
    homes = driver.execute("SELECT count(*) FROM load_home").fetchone()[0]
    driver.execute("CREATE TEMP TABLE load_day (n INTEGER PRIMARY KEY, day TEXT, period TEXT, at TEXT)")
    driver.executemany("INSERT INTO load_day VALUES (?, ?, ?, ?)", _days())
    rounds = -(-count // homes)
    driver.execute(VISITS, {"rounds": rounds, "days": DAYS, "homes": homes, "visits": count})
    for name, statement in indexes:
        if indexed or "period" in name:
            driver.execute(statement)
    driver.execute(TALLIES)
    driver.execute("DELETE FROM sheet")  # these tallies were written past the marks
    driver.execute("COMMIT")
    raw.invalidate()
    engine.dispose()
    keep_sheets(engine)


def keep_sheets(engine: Engine) -> None:
    """What `migrate` does at its end: every sheet of today is made, so that no reader counts one."""
    fill(engine, EVERYWHERE, seconds=900)
    engine.dispose()


def _days() -> Iterator[tuple[int, str, str, str]]:
    first = TODAY - timedelta(days=DAYS - 1)
    for number in range(DAYS):
        day = first + timedelta(days=number)
        yield number, str(day), period_of(day).code, f"{day} 09:00:00.000000"


if __name__ == "__main__":
    _make(Path(sys.argv[1]), int(sys.argv[2]), indexed=sys.argv[3] == "indexed")
