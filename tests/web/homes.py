"""A household of the first village, as it is typed and as it stands, for the tests of households and of who sees names."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Household
from tests.cast import Cast
from tests.world import World


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def all_of(engine: Engine, table: Any) -> list[Any]:
    with open_session(engine, EVERYWHERE) as looking:
        return list(looking.exec(select(table).order_by(table.id)))


def home_form(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "village_id": cast.village.id,
        "kind": "household",
        "head": "Lý Láo Tả",
        "birth_year": "1971",
        "phone": "912.345.678",
        "people": "5",
        "adults": "4",
        "eid2": "2",
        "poverty": "near_poor",
        "smartphone": "no",
        "note": "Nhà cuối bản",
        **more,
    }


@pytest.fixture
def one_home(world: World, cast: Cast) -> Household:
    made = cast.village.household("Lý Láo Tả", birth_year=1971, phone="0912345678", note="Nhà cuối bản")
    world.session.commit()
    return made
