"""What the tests of the gate share: the cast with households, and a session as Chi, who sees her commune only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine

from tdteam.domain.ids import new_id
from tdteam.store.gate import GatedSession, Scope, open_session
from tdteam.store.tables import (
    Household,
    Place,
)
from tests.cast import Cast
from tests.world import LONG_AGO, World


@dataclass
class Stage:
    """The cast with its households, and Chi's scope."""

    engine: Engine
    cast: Cast
    world: World
    own: Household
    sibling: Household
    foreign: Household
    scope: Scope

    def open(self, scope: Scope | None = None, *, write: bool = False) -> GatedSession:
        return open_session(self.engine, scope or self.scope, write=write)

    def of(self, *places: Place, **more: Any) -> Scope:
        return Scope(roots=frozenset(place.id for place in places if place.id), **more)


@pytest.fixture
def stage(engine: Engine, cast: Cast, world: World) -> Stage:
    own = cast.village.household("Lý Láo Tả")
    cast.village.resident(own)
    cast.village.household("Giàng A Páo")
    sibling = cast.sibling.household("Tráng Seo Vần")
    foreign = cast.next_village.household("Nông Thị Hai")
    cast.next_village.resident(foreign, "Nông Văn Ba")
    world.session.commit()
    scope = Scope(roots=frozenset({cast.commune.id or 0}))
    return Stage(engine, cast, world, own, sibling, foreign, scope)


@pytest.fixture
def chi(stage: Stage) -> Iterator[GatedSession]:
    with stage.open() as opened:
        yield opened


SEEN = {"Lý Láo Tả", "Giàng A Páo", "Tráng Seo Vần"}


def a_household(village_id: int) -> dict[str, Any]:
    return {
        "id": new_id(), "village_id": village_id, "head": "Mới", "head_fold": "moi", "head_sort": "moi",
        "kind": "household", "note": "", "version": 1, "created_at": LONG_AGO, "changed_at": LONG_AGO, "ended_why": "",
    }  # fmt: skip
