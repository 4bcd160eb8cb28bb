"""Gatherings: thirty people helped is one form, and it counts like one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tdteam.actions.record_gathering import correct_gathering, record_gathering, void_gathering
from tdteam.domain.errors import Conflict, NotFound, Refused
from tdteam.domain.gatherings import GatheringDraft
from tdteam.domain.ids import new_id
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.rebuild import compare
from tdteam.store.tables import Gathering, GatheringHousehold
from tests.actions.given import DAY, actor_of, figure, helped, signed_in
from tests.cast import Cast
from tests.world import Hamlet


def gathering_at(village: Hamlet, *assists: Any, **values: Any) -> GatheringDraft:
    given = {"village_id": village.id, "team_id": village.team.id, "held_on": DAY, "attended": 30, **values}
    return GatheringDraft(**given, assists=assists)


def test_a_gathering_becomes_figures_and_heads_nobody_counted_do_not(engine: Engine, cast: Cast) -> None:
    home = cast.village.household().id
    cast.village.world.session.commit()
    with signed_in(engine, cast.an) as session:
        draft = gathering_at(
            cast.village,
            helped(people=12),
            helped("FILING_SUBMIT", people=5),
            women=18,
            household_ids=(home,),
            topic="Nộp hồ sơ trực tuyến",
        )
        row = record_gathering(session, draft, actor_of(cast.an))
        assert (row.place, row.period) == ("culture_house", "2026-11")
        assert figure(session, cast.village, "gatherings") == 1
        assert figure(session, cast.village, "attended") == 30
        assert (figure(session, cast.village, "women"), figure(session, cast.village, "women_of")) == (18, 30)
        assert figure(session, cast.village, "youth") is None
        assert figure(session, cast.village, "people", "EID2_ACTIVATE", "done") == 12
        assert figure(session, cast.village, "filings_unlisted") == 5
        assert figure(session, cast.village, "reached") is None
        assert session.scalars(select(GatheringHousehold.household_id)).all() == [home]


def test_a_gathering_is_recorded_once_corrected_and_voided(engine: Engine, cast: Cast) -> None:
    actor = actor_of(cast.an)
    draft = gathering_at(cast.village, helped(people=12), id=new_id())
    for _ in range(2):
        with signed_in(engine, cast.an) as session:
            record_gathering(session, draft, actor)
    with signed_in(engine, cast.an) as session:
        with pytest.raises(Conflict):
            record_gathering(session, replace(draft, attended=31), actor)
        second = correct_gathering(session, str(draft.id), replace(draft, attended=20), 1, actor)
        assert (second.version, second.replaces_id) == (2, draft.id)
        assert correct_gathering(session, str(draft.id), replace(draft, attended=20), 1, actor).version == 2
        with pytest.raises(Conflict):
            correct_gathering(session, str(draft.id), replace(draft, attended=25), 1, actor)
        assert figure(session, cast.village, "attended") == 20
        with pytest.raises(Refused):
            void_gathering(session, str(draft.id), "", actor)
        void_gathering(session, str(draft.id), "Hoãn buổi", actor)
        assert figure(session, cast.village, "gatherings") == 0
        assert {row.state for row in session.scalars(select(Gathering))} == {"superseded", "void"}
    with open_session(engine, EVERYWHERE) as everything:
        assert compare(everything) == []


def test_nobody_touches_a_gathering_of_another_commune(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.an) as session:
        row = record_gathering(session, gathering_at(cast.village), actor_of(cast.an))
    with signed_in(engine, cast.dung) as session:
        with pytest.raises(NotFound):
            void_gathering(session, row.id, "nhầm", actor_of(cast.dung))
        with pytest.raises(Refused):
            record_gathering(session, gathering_at(cast.village), actor_of(cast.dung))
