"""One target wherever it is shown: board, village page, evidence sheet, team sheet and phone, for random targets of
places, periods and years."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from sqlalchemy import Engine, delete

from tdteam.actions.draw_papers import read_team_sheet
from tdteam.actions.prove import read_sheet
from tdteam.actions.village_view import read_village
from tdteam.domain.coverage import LEAD
from tdteam.domain.periods import period_of, today
from tdteam.store import coverage, team_months
from tdteam.store.coverage_ground import Asked
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.phone_sets import read_sets
from tdteam.store.tables import Account, Place, Target, Team
from tests.actions.given import signed_in
from tests.cast import Cast
from tests.world import World

PERIOD = period_of(today())
CODES = (LEAD, "EID2_RESIDENTS", "GATHERINGS", "HELP_DONE")
SPANS = (PERIOD.code, PERIOD.year_code)
Aims = dict[int, dict[str, Decimal]]


def set_some(engine: Engine, places: list[int], seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - a test's dice
    with open_session(engine, EVERYWHERE, write=True) as session:
        session.execute(delete(Target))
        for place in places:
            for code in CODES:
                for span in SPANS:
                    if draw.random() < 0.35:
                        value = draw.randrange(1, 10_000)
                        row = Target(place_id=place, indicator=code, span=span, value=value, set_on=today())
                        session.add(row)
        session.commit()


def of_board(engine: Engine, who: Account, place: Place, *, year: bool) -> Aims:
    """What the board of a place says of each village to somebody."""
    on = team_months.tree_day(PERIOD)
    with signed_in(engine, who, write=False) as session:
        asked = Asked(session.get_one(Place, place.id), PERIOD, on, year=year, all_opened=True, columns=CODES)
        board = coverage.read_board(session, asked)
        return {line.place_id: dict(line.targets) for lines in board.inside.values() for line in lines}


@pytest.mark.parametrize("seed", range(12))
def test_every_page_and_paper_shows_the_target_of_the_board(
    engine: Engine, cast: Cast, world: World, seed: int
) -> None:
    village, places = cast.village.id, [cast.village.id, cast.sibling.id, cast.commune.id, cast.area.id]
    set_some(engine, [one or 0 for one in [*places, world.province.id]], seed)
    month, year = (of_board(engine, cast.giang, cast.area, year=one)[village] for one in (False, True))
    for is_year, expected in ((False, month), (True, year)):
        assert of_board(engine, cast.chi, cast.commune, year=is_year)[village] == expected
    with signed_in(engine, cast.chi, write=False) as session:
        page = read_village(session, session.get_one(Place, village), PERIOD)
        told = {one.indicator.code: one.target for one in page.figures if one.indicator.code in CODES}
        assert told == {code: month.get(code) for code in told} and LEAD in told
        for is_year, expected in ((False, month), (True, year)):
            sheet = read_sheet(session, village, PERIOD, year=is_year)
            proved = {one.code: one.target for one in sheet.indicators if one.code in CODES}
            assert proved == {code: expected.get(code) for code in proved} and LEAD in proved
        paper = read_team_sheet(session, session.get_one(Team, cast.village.team.id), PERIOD)
        assert (paper.target, paper.year_target) == (month.get(LEAD), year.get(LEAD))
    with signed_in(engine, cast.an, write=False) as session:
        rows = read_sets(session, [village])["targets"]
    phone = {(one["place_id"], one["indicator"], one["span"]): one["value"] for one in rows}
    lead = phone.get((village, LEAD, PERIOD.year_code))
    assert (None if lead is None else Decimal(lead) / 100) == year.get(LEAD)
