"""A reviewer's word races the issue of a replacing report: it stands on what was in force, or is refused; never on what was gone."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.actions.report_life import take_step
from tdteam.actions.review_report import review_report
from tdteam.actions.seal_report import replace_figures
from tdteam.domain.area_month import Verdict
from tdteam.domain.errors import Conflict
from tdteam.domain.report_life import Step
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Place, Review, Sealing
from tests.actions.areas import NOVEMBER, URL, make_ground
from tests.actions.given import actor_of, signed_in
from tests.actions.sealed import all_is_well
from tests.cast import Cast
from tests.world import World


@pytest.mark.parametrize("_round", range(3))
def test_a_word_and_a_replacing_issue_at_once(engine: Engine, cast: Cast, world: World, _round: int) -> None:
    ground = make_ground(engine, cast, world)
    ground.issue(cast.commune)
    old = ground.issued(cast.commune).sealing_id
    with signed_in(engine, cast.chi) as session:
        place = session.get_one(Place, cast.commune.id)
        replace_figures(session, place, NOVEMBER, actor_of(cast.chi), "thiếu lượt", address=URL)
        take_step(session, place, NOVEMBER.code, Step.SUBMIT, actor_of(cast.chi))
    with signed_in(engine, cast.em) as session:
        take_step(
            session, session.get_one(Place, cast.commune.id), NOVEMBER.code, Step.SIGN, actor_of(cast.em)
        )
    go, refused, faults = threading.Barrier(2), [], []

    def issue() -> None:
        go.wait(30)
        try:
            with signed_in(engine, cast.chi) as session:
                place = session.get_one(Place, cast.commune.id)
                take_step(session, place, NOVEMBER.code, Step.ISSUE, actor_of(cast.chi))
        except BaseException as fault:
            faults.append(fault)

    def accept() -> None:
        go.wait(30)
        try:
            with signed_in(engine, cast.giang) as session:
                area = session.get_one(Place, cast.area.id)
                commune = cast.commune.id or 0
                review_report(
                    session, area, commune, NOVEMBER, Verdict.ACCEPTED, actor_of(cast.giang), seen=old
                )
        except Conflict as clash:
            refused.append(clash.code)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=one) for one in (issue, accept)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    with open_session(engine, EVERYWHERE) as session:
        words = session.exec(select(Review)).all()
        gone = session.get_one(Sealing, old)
        assert gone.ended == "replaced"  # the issue came through in any case
        assert [row.sealing_id for row in words] == ([] if refused else [old])
    assert refused in ([], ["replaced"])
    assert ground.issued(cast.commune).sealing_id != old
    all_is_well(engine)
