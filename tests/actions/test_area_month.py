"""An area's month: who came in, in time or late, and what the reviewer says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.actions.review_report import review_report
from tdteam.domain.area_month import AreaState, Verdict, count_communes
from tdteam.domain.errors import Conflict, NotAllowed, NotFound, Refused
from tdteam.domain.ids import new_id
from tdteam.domain.shares import Share
from tdteam.store import area_month, reviews
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.tables import Confirmation, Place, Review
from tests.actions.areas import NOVEMBER, Ground, make_ground
from tests.actions.given import actor_of, signed_in
from tests.actions.sealed import all_is_well
from tests.cast import Cast
from tests.world import LONG_AGO, World


@pytest.fixture
def ground(engine: Engine, cast: Cast, world: World) -> Ground:
    return make_ground(engine, cast, world)


def area_of(session: GatedSession, ground: Ground) -> Place:
    return session.get_one(Place, ground.cast.area.id)


def lines(ground: Ground) -> dict[str, Any]:
    with signed_in(ground.engine, ground.cast.giang, write=False) as session:
        return {
            line.name: line for line in area_month.list_communes(session, area_of(session, ground), NOVEMBER)
        }


def review(ground: Ground, commune: Place, verdict: Verdict, why: str = "", seen: int | None = None) -> None:
    seen = seen or ground.issued(commune).sealing_id
    with signed_in(ground.engine, ground.cast.giang) as session:
        review_report(
            session,
            area_of(session, ground),
            commune.id or 0,
            NOVEMBER,
            verdict,
            actor_of(ground.cast.giang),
            seen=seen,
            why=why,
        )


def test_each_commune_stands_with_its_villages_of_the_area_and_its_state(ground: Ground) -> None:
    cast = ground.cast
    ground.visits(cast.village, 2)
    ground.issue(cast.commune)
    found = lines(ground)
    whole, partly = found["Xã Xuân Quang"], found["Xã Bảo Thắng"]
    assert (whole.villages, whole.is_beyond, whole.state) == (Share(2, 2), False, AreaState.RECEIVED)
    assert (partly.villages, partly.is_beyond, partly.state) == (Share(1, 2), True, AreaState.MISSING)
    totals = count_communes([whole, partly], date(2026, 11, 18))
    assert (totals.expected, totals.received, totals.missing, totals.late, totals.on_time) == (2, 1, 1, 1, 0)
    assert count_communes([whole, partly], date(2100, 1, 1)).on_time == 1
    assert whole.received.is_zero is False


def test_a_report_of_teams_that_did_nothing_is_zero(ground: Ground, session: GatedSession) -> None:
    for hamlet in (ground.cast.village, ground.cast.sibling):
        session.add(
            Confirmation(
                id=new_id(), team_id=hamlet.team.id, period="2026-11", kind="zero", confirmed_at=LONG_AGO
            )
        )
    session.commit()
    ground.issue(ground.cast.commune)
    assert lines(ground)["Xã Xuân Quang"].received.is_zero is True


def test_a_replacing_report_keeps_the_day_the_first_one_came(ground: Ground) -> None:
    ground.issue(ground.cast.commune)
    first = ground.issued(ground.cast.commune)
    ground.replace(ground.cast.commune)
    second = ground.issued(ground.cast.commune)
    assert (first.version, second.version) == (1, 2)
    assert (second.first_at, second.issued_at > first.issued_at) == (first.first_at, True)


def test_a_report_comes_back_with_a_reason_and_the_commune_reads_it(ground: Ground) -> None:
    cast = ground.cast
    ground.issue(cast.commune)
    with pytest.raises(Refused):
        review(ground, cast.commune, Verdict.RETURNED, "  ")
    review(ground, cast.commune, Verdict.RETURNED, "Thiếu số liệu thôn Nậm Dù")
    line = lines(ground)["Xã Xuân Quang"]
    assert (line.state, line.received.word.why) == (AreaState.RETURNED, "Thiếu số liệu thôn Nậm Dù")
    with signed_in(ground.engine, cast.chi, write=False) as session:
        told = reviews.newest(session, line.received.sealing_id)
        assert told is not None
        assert (told.word.verdict, told.place, told.word.who) == (
            Verdict.RETURNED,
            cast.area.name,
            cast.giang.name,
        )
        assert [one.sealing_id for one in reviews.list_returned(session, cast.commune.id or 0)] == [
            line.received.sealing_id
        ]
    with signed_in(ground.engine, cast.dung, write=False) as session:  # of another commune: nothing to see
        assert reviews.newest(session, line.received.sealing_id) is None
    ground.replace(cast.commune)
    assert lines(ground)["Xã Xuân Quang"].state is AreaState.RECEIVED
    with signed_in(ground.engine, cast.chi, write=False) as session:
        assert reviews.list_returned(session, cast.commune.id or 0) == []


def test_the_newest_word_stands(ground: Ground) -> None:
    ground.issue(ground.cast.commune)
    review(ground, ground.cast.commune, Verdict.RETURNED, "nhầm kỳ")
    review(ground, ground.cast.commune, Verdict.ACCEPTED)
    assert lines(ground)["Xã Xuân Quang"].state is AreaState.ACCEPTED
    with signed_in(ground.engine, ground.cast.chi, write=False) as session:
        assert reviews.list_returned(session, ground.cast.commune.id or 0) == []
    all_is_well(ground.engine)


def test_a_word_on_a_report_that_was_replaced_meanwhile_is_a_conflict(ground: Ground) -> None:
    ground.issue(ground.cast.commune)
    seen = ground.issued(ground.cast.commune).sealing_id
    ground.replace(ground.cast.commune)
    with pytest.raises(Conflict, match="replaced"):
        review(ground, ground.cast.commune, Verdict.ACCEPTED, seen=seen)
    with pytest.raises(Conflict, match="not_issued"):
        review(ground, ground.cast.next_commune, Verdict.ACCEPTED, seen=seen)
    with open_session(ground.engine, EVERYWHERE) as session:
        assert session.exec(select(Review)).all() == []


def test_only_a_reviewer_of_the_area_reviews_and_only_its_communes(ground: Ground, world: World) -> None:
    cast = ground.cast
    ground.issue(cast.commune)
    seen = ground.issued(cast.commune).sealing_id
    far = world.commune("Xã Văn Bàn", "02977")
    world.village("Khe Nà", far)
    world.session.commit()

    def act(who: Any, commune: Place) -> None:
        with signed_in(ground.engine, who) as session:
            place = Place(id=cast.area.id, name=cast.area.name, level="area")
            review_report(
                session, place, commune.id or 0, NOVEMBER, Verdict.ACCEPTED, actor_of(who), seen=seen
            )

    with pytest.raises(NotAllowed):
        act(cast.chi, cast.commune)
    with pytest.raises(NotAllowed):
        act(cast.hai, cast.commune)
    with pytest.raises(NotFound):
        act(cast.giang, far)
