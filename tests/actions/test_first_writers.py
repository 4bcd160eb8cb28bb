"""What is written down once a place, by two who come at the same moment: one row, and nobody is told of a fault of ours."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import func, select

from tdteam.actions.import_shapes import set_point
from tdteam.actions.keep_sponsor import save_grounds
from tdteam.actions.keep_village_model import choose_village
from tdteam.actions.set_targets import set_targets
from tdteam.domain.attention import BOARD
from tdteam.domain.errors import Conflict, Refused
from tdteam.domain.sponsors import FEW, GroundDraft
from tdteam.domain.village_models import VillageDraft
from tdteam.store import attention_asides
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.rule_limits import write_rule
from tdteam.store.tables import ModelVillage, RuleLimit, SetAside, Shape, Target, VillageGround
from tests.actions.given import actor_of, signed_in
from tests.cast import Cast

Deed = Callable[[GatedSession, Cast], object]


def target(session: GatedSession, cast: Cast) -> object:
    return set_targets(session, "2026", {(cast.village.id, "EID2_RESIDENTS"): 8000}, actor_of(cast.chi))


def aside(session: GatedSession, cast: Cast) -> object:
    key = ("silent_team", f"team:{cast.village.team.id}", "2026-11")
    return attention_asides.set_aside(session, BOARD, cast.village.id, key, "Đã gọi")


def point(session: GatedSession, cast: Cast) -> None:
    set_point(session, cast.village.id, (104.2, 22.3))


def model(session: GatedSession, cast: Cast) -> object:
    return choose_village(session, VillageDraft(cast.village.id, "SMART_VILLAGE"))


def ground(session: GatedSession, cast: Cast) -> object:
    draft = GroundDraft(cast.village.id, has_wifi=True)
    return save_grounds(session, cast.commune.id or 0, [draft], "Xã", date(2026, 11, 1))


def rule(session: GatedSession, cast: Cast) -> bool:
    return write_rule(session, FEW, {"least": 5}, is_active=True)


@pytest.mark.parametrize(
    ("deed", "table"),
    [
        (target, Target),
        (aside, SetAside),
        (point, Shape),
        (model, ModelVillage),
        (ground, VillageGround),
        (rule, RuleLimit),
    ],
)
def test_two_who_write_the_first_row_at_once(engine: Engine, cast: Cast, deed: Deed, table: type) -> None:
    told: list[BaseException] = []
    came = threading.Event()

    def second() -> None:
        try:
            came.set()
            with signed_in(engine, cast.chi) as session:
                deed(session, cast)
        except BaseException as error:
            told.append(error)

    other = threading.Thread(target=second)
    with signed_in(engine, cast.chi) as first:
        deed(first, cast)
        first.flush()
        other.start()
        came.wait()
        time.sleep(0.2)  # by now it waits for the first, or has gone wrong
    other.join()
    assert all(isinstance(error, Conflict | Refused) for error in told), told
    with open_session(engine, EVERYWHERE) as looking:
        assert looking.scalar(select(func.count()).select_from(table)) == 1
