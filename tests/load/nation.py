"""A simulated country to measure boards on: places, teams, their work and sheets of figures, made by the driver.

Nothing of it is true. The rows a board of provinces reads are there in their number: 94,000 villages with a team each in
34 provinces, of which the first has 3,080. Figures stand in the sheets of communes and provinces alone, for of such boards
nothing else is read; how teams stand is counted from teams by the tool itself.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from tdteam.actions.set_up import set_up
from tdteam.config import Config
from tdteam.domain.coverage import SERIES
from tdteam.domain.roles import Role
from tdteam.domain.sheets import Layout, YearSoFar, add
from tdteam.store import accounts
from tdteam.store.engine import make_engine
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.settings import period_on
from tdteam.store.sheet_marks import keep_state, tree_days
from tdteam.store.sheet_upkeep import fill
from tdteam.store.sheets import open_shelf
from tests.load.jobs_pages import SECRET

PROVINCES, COMMUNES = 34, 99
FIRST, ALL = 3_080, 94_000
BEGIN = 1_000_000
"""Ids of what is made here begin there; those `migrate` loads stand below."""
PLACE = (
    "INSERT INTO place (id, level, kind, name, short_name, label, name_fold, name_sort, since, decree) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, '1945-09-02', '')"
)
REACH = "INSERT INTO place_ancestor (ancestor_id, place_id, since) VALUES (?, ?, '1945-09-02')"
EDGE = "INSERT INTO place_parent (place_id, parent_id, since) VALUES (?, ?, '1945-09-02')"
TEAM = (
    "INSERT INTO team (id, name, name_fold, name_sort, decision_number, decision_by, channel, since, note, version) "
    "VALUES (?, ?, ?, ?, '', '', 'app', '1945-09-02', '', 1)"
)
SERVES = "INSERT INTO team_village (team_id, village_id, since) VALUES (?, ?, '1945-09-02')"
WORK = (
    "INSERT INTO team_tally (period, team_id, visits, assists, people, gatherings, filings, last_on) "
    "VALUES (?, ?, 3, 4, 4, 0, 0, ?)"
)
SHEET = (
    "INSERT INTO sheet (place_id, span, tree, figures, part, whole, is_stale, made_at) "
    "VALUES (?, ?, ?, ?, ?, ?, 0, '2026-11-24 00:00:00.000000')"
)


def nation(folder: Path, count: int = PROVINCES) -> None:
    """Make so many provinces of it in a folder: accounts `tinh` (the first) and `nuoc` (all of them) review it."""
    url = f"sqlite:///{folder / 'tdteam.db'}"
    set_up(Config(folder, url, SECRET), EVERYWHERE)
    engine = make_engine(url)
    provinces = _make_places(engine, count)
    with open_session(engine, EVERYWHERE, write=True) as session:
        for username, roots in (("tinh", provinces[:1]), ("nuoc", provinces)):
            accounts.add_account(
                session,
                username=username,
                name=username,
                role=Role.REVIEWER,
                password_hash="!",
                stamp=username,
                roots=roots,
            )
        keep_state(session, days=tree_days(session))
        session.commit()
    fill(engine, EVERYWHERE, seconds=0)  # tells which catalogue sheets are of
    _make_sheets(engine, provinces)
    fill(engine, EVERYWHERE, seconds=900)
    engine.dispose()


def _make_places(engine: Engine, count: int) -> list[int]:
    """The ids of the provinces."""
    raw = engine.raw_connection()
    driver: Any = raw.driver_connection
    driver.execute("PRAGMA synchronous = OFF")
    driver.execute("BEGIN IMMEDIATE")
    provinces = []
    number = BEGIN
    for order in range(count):
        province = number
        provinces.append(province)
        wanted = FIRST if order == 0 else (ALL - FIRST) // (PROVINCES - 1) + (order <= (ALL - FIRST) % 33)
        places, reach, edges, serves = (
            [_place(province, "province", "province", f"Tinh {order:02}")],
            [],
            [],
            [],
        )
        reach.append((province, province))
        number += 1
        for commune in range(COMMUNES):
            own, number = number, number + 1
            places.append(_place(own, "commune", "commune", f"Xa {order:02}-{commune:02}"))
            reach += [(own, own), (province, own)]
            edges.append((own, province))
            for village in range(commune, wanted, COMMUNES):
                places.append(_place(number, "village", "thon", f"Thon {village:04}"))
                reach += [(number, number), (own, number), (province, number)]
                edges.append((number, own))
                serves.append(number)
                number += 1
        driver.executemany(PLACE, places)
        driver.executemany(REACH, reach)
        driver.executemany(EDGE, edges)
        _make_teams(driver, serves)
    driver.execute("COMMIT")
    raw.invalidate()
    engine.dispose()
    return provinces


def _place(key: int, level: str, kind: str, name: str) -> tuple[object, ...]:
    return key, level, kind, name, name, name, name.lower(), name.lower()


def _make_teams(driver: Any, villages: list[int]) -> None:
    """A team in each village, numbered like it; four of five worked in these two periods."""
    dice = random.Random(villages[0])
    names = ((key, f"To {key}", f"to {key}", f"to {key}") for key in villages)
    driver.executemany(TEAM, names)
    driver.executemany(SERVES, ((key, key) for key in villages))
    for period, last in (("2026-10", date(2026, 10, 14)), ("2026-11", date(2026, 11, 14))):
        busy = [key for key in villages if dice.random() < 0.8]
        days = ((period, key, str(last - timedelta(days=dice.randrange(25)))) for key in busy)
        driver.executemany(WORK, days)


def _make_sheets(engine: Engine, provinces: list[int]) -> None:
    """Figures of communes and provinces, the provinces' the sums of their communes'."""
    with open_session(engine, EVERYWHERE) as session:
        shelf = open_shelf(session, session.scope.day)
        periods = period_on(session, session.scope.day).back(SERIES + 1)
    spans = [period.code for period in periods] + [YearSoFar(one).code for one in periods[-2:]]
    raw = engine.raw_connection()
    driver: Any = raw.driver_connection
    driver.execute("PRAGMA synchronous = OFF")
    driver.execute("BEGIN IMMEDIATE")
    driver.execute("DELETE FROM sheet")
    for province in provinces:
        found = driver.execute(
            "SELECT place_id FROM place_parent WHERE parent_id = ?", (province,)
        ).fetchall()
        driver.executemany(
            SHEET, _sheets(shelf.layout, str(shelf.tree), province, [one for (one,) in found], spans)
        )
    driver.execute("COMMIT")
    raw.invalidate()
    engine.dispose()


def _sheets(
    layout: Layout, tree: str, province: int, communes: list[int], spans: list[str]
) -> Iterator[tuple[object, ...]]:
    dice = random.Random(province)
    lead = layout.at["HOUSEHOLDS_REACHED"]
    for span in spans:
        made = {commune: _figures(layout, dice) for commune in communes}
        made[province] = list(add(list(made.values())))
        for place, figures in made.items():
            yield (place, span, tree, json.dumps(figures, separators=(",", ":")), *figures[lead : lead + 2])


def _figures(layout: Layout, dice: random.Random) -> list[int]:
    """Of a commune: each whole larger than its part."""
    out = [dice.randrange(1, 2_000) for _ in range(layout.width)]
    for slot in layout.at.values():
        out[slot + 1] = out[slot] + dice.randrange(1, 2_000)
    return out


if __name__ == "__main__":
    nation(Path(sys.argv[1]))
