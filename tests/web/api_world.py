"""A world in which every address of the API has something to tell."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tdteam.actions.record_visit import record_visit
from tdteam.actions.seal_report import seal_figures
from tdteam.domain.assists import AssistDraft
from tdteam.domain.ids import new_id
from tdteam.domain.periods import Period, today
from tdteam.domain.visits import VisitDraft
from tdteam.store import stocks
from tdteam.store.tables import Place, Target
from tests.cast import Cast
from tests.web.sealed_things import SEALED, WRITER
from tests.world import World


@pytest.fixture
def filled(world: World, cast: Cast) -> Iterator[dict[str, int]]:
    """A world in which every path has something to tell: a visit, stocks, a target, a sealed report."""
    home = cast.village.household("Lý Láo Tả", people=4, adults=4, eid2=2, phone="0912345678")
    cast.village.resident(
        cast.village.household("Lý Láo Lở"), "Lý Thị Mẩy"
    )  # listed: one adult, without level 2
    world.add(
        Target(place_id=cast.commune.id, indicator="EID2_RESIDENTS", span="2026", value=8250, set_on=today())
    )
    world.session.commit()
    record_visit(
        world.session,
        VisitDraft(
            id=new_id(),
            village_id=cast.village.id,
            team_id=cast.village.team.id or 0,
            visited_on=Period(2026, 11).since,
            household_id=home.id,
            assists=(AssistDraft(kind="SAFETY", outcome="done"),),
        ),
        world.session.scope.actor,
    )
    stocks.touch(world.session, [cast.village.id], on=today())
    commune = world.session.get_one(Place, cast.commune.id)
    seal = seal_figures(world.session, commune, SEALED, WRITER, address="https://to.example")
    world.session.commit()
    yield {"place_id": cast.village.id, "sealing_id": seal.id or 0}
