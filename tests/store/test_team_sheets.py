"""A great province's board counts its teams from sheets: the same as where each team is read, whatever happened to them."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.actions import keep_team
from tdteam.domain import coverage as rules
from tdteam.domain.coverage import Board, Line, TeamLine
from tdteam.domain.periods import period_of
from tdteam.store import coverage, team_sheets
from tdteam.store.coverage_ground import Asked
from tdteam.store.gate import EVERYWHERE, Scope, open_session
from tdteam.store.settings import period_on
from tdteam.store.sheet_upkeep import compare_sheets, fill
from tdteam.store.sheets import open_shelf
from tdteam.store.tables import Place, Sheet, Team, TeamVillage
from tests.cast import Cast
from tests.store.sheet_worlds import END, SheetWorld


def read(engine: Engine, cast: Cast, day: date, monkeypatch: pytest.MonkeyPatch, listed: int) -> Board:
    """The province's board with a commune open. `listed`: teams up to which each one is read."""
    monkeypatch.setattr(rules, "SILENT_LISTED", listed)
    root = cast.village.world.province.id or 0
    with open_session(engine, Scope(roots=frozenset({root}))) as session:
        place = session.get_one(Place, root)
        period = period_of(day)
        opened = frozenset({cast.commune.id or 0, cast.village.place.id or 0})
        asked = Asked(place, period, session.scope.day, open_ids=opened)
        board = coverage.read_board(session, asked)
        assert (coverage.BoardReader(session, asked).kept is None) == (listed > 0)
    return replace(board, silent=(), teams={village: named(lines) for village, lines in board.teams.items()})


def named(lines: Iterable[TeamLine]) -> tuple[TeamLine, ...]:
    """Teams of an opened village as they are shown: with all their villages, whichever commune's list they stand in."""
    return tuple(replace(line, team=replace(line.team, commune_id=0)) for line in lines)


def teams_of(line: Line) -> object:
    return line.name, line.teams, line.statuses, line.last_on, line.villages, line.village_word


@pytest.mark.parametrize("seed", range(6))
def test_sheets_of_teams_say_what_reading_each_team_says(
    engine: Engine, cast: Cast, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = SheetWorld(engine, cast, random.Random(900 + seed))
    dice = world.dice
    for number in range(12):
        world.step()
        if number in (5, 9):
            change_service(world)
        each = read(engine, cast, min(world.day, END), monkeypatch, 10_000)
        kept = read(engine, cast, min(world.day, END), monkeypatch, 0)
        assert [teams_of(line) for line in (kept.whole, *kept.communes)] == [
            teams_of(line) for line in (each.whole, *each.communes)
        ]
        assert kept == each
        if dice.random() < 0.7:
            fill(engine, EVERYWHERE)
        with open_session(engine, EVERYWHERE) as session:
            assert compare_sheets(session) == []
    fill(engine, EVERYWHERE)
    with open_session(engine, EVERYWHERE) as session:
        query = select(Sheet.span).where(Sheet.span.startswith("t"), Sheet.is_stale.is_(False))  # type: ignore[attr-defined]
        assert set(session.exec(query))


def change_service(world: SheetWorld) -> None:
    """A team ends today or takes on another commune's village."""
    session = world.session
    team = world.dice.choice(list(session.exec(select(Team).where(Team.until == None))))  # noqa: E711
    if world.dice.random() < 0.4:
        keep_team.end(session, team.id or 0, session.scope.day)
    else:
        served = set(session.exec(select(TeamVillage.village_id).where(TeamVillage.team_id == team.id)))
        fresh = [v.place.id or 0 for v in world.villages if (v.place.id or 0) not in served]
        if fresh:
            session.add(TeamVillage(team_id=team.id or 0, village_id=fresh[0], since=session.scope.day))
    session.commit()


def test_a_teams_sheet_holds_until_the_day_something_begins_or_ends(engine: Engine, cast: Cast) -> None:
    session = cast.village.world.session
    today = session.scope.day
    team = session.exec(select(Team)).first()
    assert team is not None
    team.until = today + timedelta(days=3)
    session.add(team)
    session.commit()
    fill(engine, EVERYWHERE)
    root = cast.village.world.province.id or 0
    counts = []
    for days in (0, 2, 3):
        scope = Scope(roots=frozenset({root}), day=today + timedelta(days=days))
        with open_session(engine, scope) as later:
            shelf = open_shelf(later, scope.day)
            period = period_on(later, today)
            counts.append(team_sheets.of_provinces(shelf, [root], period)[root].teams)
    assert counts[0] == counts[1] == counts[2] + 1
