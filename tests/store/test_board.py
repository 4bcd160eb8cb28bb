"""The board's rows: chosen columns, what stands open inside what, several provinces, states of teams."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tdteam.actions.record_visit import record_visit
from tdteam.domain.coverage import LEAD
from tdteam.domain.month import TeamStatus
from tdteam.domain.periods import Period
from tdteam.domain.places import Level
from tdteam.domain.roles import SYSTEM
from tdteam.domain.shares import Share
from tdteam.store import coverage, stocks
from tdteam.store.coverage_ground import Asked
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place
from tests.actions.given import helped, visit_at
from tests.cast import Cast
from tests.world import Hamlet, World

DAY = date(2026, 11, 10)
BEFORE = date(2026, 10, 10)
PERIOD = Period(2026, 11)


def meet(village: Hamlet, *days: date) -> None:
    """A new household, met on these days."""
    session = village.world.session
    home = village.household(people=4, adults=3, eid2=2)
    stocks.touch(session, [village.id], on=DAY)
    for day in days:
        record_visit(session, visit_at(village, helped(), household_id=home.id, visited_on=day), SYSTEM)


@pytest.fixture
def worked(cast: Cast) -> Cast:
    for village in (cast.village, cast.village, cast.sibling):
        meet(village, DAY)
    meet(cast.village, BEFORE)
    cast.next_village.household()
    stocks.touch(cast.village.world.session, [cast.next_village.id], on=DAY)
    cast.village.world.session.commit()
    return cast


def asked(session: GatedSession, place: Place, **more: object) -> Asked:
    return replace(Asked(session.get_one(Place, place.id), PERIOD, DAY), **more)  # type: ignore[arg-type]


def test_columns_are_those_chosen_and_the_lead(worked: Cast, session: GatedSession) -> None:
    board = coverage.read_board(session, asked(session, worked.area, columns=("VISITS", "NOBODY", "FILINGS")))
    assert [one.code for one in board.columns] == [LEAD, "VISITS", "FILINGS"]
    assert dict(board.whole.values) == {LEAD: Share(3, 4), "VISITS": 3, "FILINGS": 0}
    assert dict(board.whole.previous) == {LEAD: Share(1, 4), "VISITS": 1, "FILINGS": 0}


def test_the_year_stands_beside_the_year_a_period_before(worked: Cast, session: GatedSession) -> None:
    board = coverage.read_board(session, asked(session, worked.area, columns=("VISITS",), year=True))
    assert (board.whole.values["VISITS"], board.whole.previous["VISITS"]) == (4, 1)
    january = asked(session, worked.area, columns=("VISITS",), year=True, period=Period(2026, 1))
    assert not coverage.read_board(session, january).whole.previous


def test_villages_and_their_teams_stand_open(worked: Cast, session: GatedSession) -> None:
    commune, village = worked.commune.id or 0, worked.village.id
    board = coverage.read_board(
        session, asked(session, worked.area, open_ids=frozenset({commune, village}), order="name")
    )
    assert [line.name for line in board.inside[commune]] == ["Hốc Đá", "Nậm Dù"]
    assert [line.level for line in board.inside[commune]] == [Level.VILLAGE, Level.VILLAGE]
    assert board.opened == () and list(board.teams) == [village]
    (line,) = board.teams[village]
    assert (line.team.name, line.team.status, line.visits) == ("Tổ Hốc Đá", TeamStatus.DOING, 2)


def test_states_of_teams_are_counted(worked: Cast, session: GatedSession) -> None:
    board = coverage.read_board(session, asked(session, worked.village.world.province))
    by_name = {line.name: line.statuses for line in board.communes}
    assert by_name["Xã Xuân Quang"][TeamStatus.DOING] == 2
    assert by_name["Xã Bảo Thắng"][TeamStatus.SILENT] == 1
    assert board.whole.statuses[TeamStatus.DOING] == 2 and board.whole.statuses[TeamStatus.ZERO] == 0


def test_several_provinces_stand_in_rows_and_open_on_their_communes(
    worked: Cast, session: GatedSession, world: World
) -> None:
    other = world._place(Level.PROVINCE, "Tỉnh Yên Bái", "province", code="16")
    far = world._place(Level.COMMUNE, "Xã Trấn Yên", "commune", (other,), code="04500")
    meet(world.village("Khe Nhài", far), DAY)
    session.commit()
    roots = (world.province, other)
    board = coverage.read_board(
        session,
        asked(session, world.province, roots=roots, open_ids=frozenset({other.id, far.id}), order="name"),
    )
    assert [(line.name, line.level) for line in board.communes] == [
        ("Tỉnh Lào Cai", "province"),
        ("Tỉnh Yên Bái", "province"),
    ]
    assert [line.values[LEAD] for line in board.communes] == [Share(3, 5), Share(1, 1)]
    assert (board.whole.name, board.whole.values[LEAD]) == ("", Share(4, 6))
    assert [line.name for line in board.inside[other.id or 0]] == ["Xã Trấn Yên"]
    assert [line.name for line in board.inside[far.id or 0]] == ["Khe Nhài"]
    assert worked.commune.id not in board.inside
