"""Finding filings by code and households by name, exact spellings first."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from tdteam.domain.ids import new_id
from tdteam.store import households, search
from tdteam.store.tables import Filing
from tests.actions.given import signed_in
from tests.cast import Cast
from tests.world import World

CODES = ("H38.50.05.13-261008-0975", "G22.99.08-260921-896048")


@pytest.fixture
def filings(world: World, cast: Cast) -> None:
    for code, village in zip(CODES, (cast.village, cast.next_village), strict=True):
        world.add(
            Filing(
                id=new_id(),
                village_id=village.id,
                team_id=village.team.id,
                code=code,
                submitted_on=date(2026, 10, 8),
                period="2026-10",
                recorded_at=datetime.now(UTC),
                received_at=datetime.now(UTC),
            )
        )
    world.session.commit()


@pytest.mark.parametrize("q", ["H38.50.05.13-261008-0975", "h38.5", "261008-0975", " H38.50.05.13 -261008"])
def test_a_filing_is_found_by_its_code(engine: Engine, cast: Cast, filings: None, q: str) -> None:
    with signed_in(engine, cast.chi, write=False) as session:
        assert [hit.code for hit in search.search_filings(session, q)] == [CODES[0]]


@pytest.mark.parametrize("q", ["", "H38", "lý láo tả", "%%%%1", CODES[1]])
def test_a_name_a_stub_or_a_foreign_code_finds_no_filing(
    engine: Engine, cast: Cast, filings: None, q: str
) -> None:
    with signed_in(engine, cast.chi, write=False) as session:
        assert search.search_filings(session, q) == []


def test_who_sees_no_names_is_told_no_filing_code(engine: Engine, cast: Cast, filings: None) -> None:
    with signed_in(engine, cast.giang, write=False) as session:
        assert search.search_filings(session, CODES[0]) == []


def test_households_are_found_the_nearest_spelling_first(engine: Engine, world: World, cast: Cast) -> None:
    for name in ("Lý Thị Ma", "Lỳ Thị Mà", "Ma Thị Lý", "Lý Thị Mạ"):
        cast.village.household(name)
    cast.village.household("Lý Thị Má", ended_on=date(2026, 1, 1))
    cast.next_village.household("Lý Thị Ma")
    world.session.commit()
    with signed_in(engine, cast.chi, write=False) as session:
        found = [line.head for line in households.search_households(session, "Lý Thị Mạ")]
    assert found == ["Lý Thị Mạ", "Lý Thị Ma", "Lỳ Thị Mà", "Ma Thị Lý"]
    with signed_in(engine, cast.giang, write=False) as session:
        assert households.search_households(session, "Lý Thị Mạ") == []
