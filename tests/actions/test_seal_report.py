"""Sealing: figures that are official never move; late and changed records wait, and come back only by a person's word."""

from __future__ import annotations

import hashlib
import json
import threading
import zlib
from datetime import date

import pytest
from sqlalchemy import Engine, text

from tdteam.actions.record_visit import void_visit
from tdteam.actions.report_life import draw_sealed
from tdteam.actions.seal_parts import Seen
from tdteam.actions.seal_report import seal_figures, unseal
from tdteam.domain.errors import Conflict, NotAllowed, NotFound, Refused
from tdteam.domain.periods import Period
from tdteam.domain.report_life import Stage, Step
from tdteam.domain.snapshots import snapshot_from
from tdteam.store import audit, late, papers, report_steps, sealings
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import PaperSetting, Sealing
from tests.actions.given import actor_of, figure, signed_in
from tests.actions.sealed import NOVEMBER, URL, all_is_well, commune_of, issue, record, seal, step, visits_of
from tests.cast import Cast


def test_a_seal_holds_what_stood_and_what_it_counted(engine: Engine, cast: Cast) -> None:
    first = record(engine, cast)
    record(engine, cast, visited_on=date(2026, 11, 20))  # the next period's
    with signed_in(engine, cast.chi) as session:
        before = audit.head(session)
        row = seal(session, cast)
        snapshot = snapshot_from(row.snapshot)
        assert row.sha256 == hashlib.sha256(row.snapshot.encode()).hexdigest()
        assert (row.version, row.audit_head, snapshot.code) == (1, before, row.code)
        assert (visits_of(snapshot), snapshot.counted.visits) == (1, 1)
        listed = json.loads(zlib.decompress(row.counted))
        assert listed["visits"] == [[first, 1]]
        draft = papers.read_draft(session, cast.commune.id or 0, "2026-11")
        assert (draft.stage, draft.sealing_id) == (Stage.SEALED, row.id)
    all_is_well(engine)


def test_a_sealed_period_cannot_be_sealed_again_and_a_running_one_not_yet(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        seal(session, cast)
    with signed_in(engine, cast.chi) as session, pytest.raises(Conflict, match="stage"):
        seal(session, cast)
    with signed_in(engine, cast.chi) as session, pytest.raises(Conflict, match="period_running"):
        seal_figures(
            session, commune_of(session, cast), Period(2026, 12, 15), actor_of(cast.chi), address=URL
        )
    with signed_in(engine, cast.chi) as session, pytest.raises(Conflict, match="address_missing"):
        seal_figures(session, commune_of(session, cast), Period(2026, 10, 15), actor_of(cast.chi), address="")


def test_only_who_writes_here_seals(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.em) as session, pytest.raises(NotAllowed):
        seal(session, cast, cast.em)
    with signed_in(engine, cast.dung) as session, pytest.raises(NotFound):
        with open_session(engine, EVERYWHERE) as looking:
            commune = commune_of(looking, cast)
        seal_figures(session, commune, NOVEMBER, actor_of(cast.dung), address=URL)


def test_what_comes_after_the_seal_is_late_and_the_seal_stays(engine: Engine, cast: Cast) -> None:
    first = record(engine, cast)
    with signed_in(engine, cast.chi) as session:
        row = seal(session, cast)
        body, told = row.snapshot, draw_sealed(session, commune_of(session, cast), row, "pdf").body
    second = record(engine, cast)
    with signed_in(engine, cast.chi) as session:
        void_visit(session, first, "nhầm hộ", actor_of(cast.chi))
    with signed_in(engine, cast.chi) as session:
        row = session.get_one(Sealing, row.id)
        villages = [cast.village.id, cast.sibling.id]
        waiting = late.list_late(session, villages, NOVEMBER)
        assert [(one.kind, one.id, one.counts_in) for one in waiting] == [("visit", second, "2026-12")]
        changed = {(one.key.measure, one.value) for one in late.list_changed(session, villages, NOVEMBER)}
        assert ("visits", -1) in changed
        assert row.snapshot == body
        assert draw_sealed(session, commune_of(session, cast), row, "pdf").body == told
        assert figure(session, cast.village, "visits", "met", span="2026-11") == 1
    all_is_well(engine)


def test_opening_again_takes_late_and_changed_records_back(engine: Engine, cast: Cast) -> None:
    first = record(engine, cast)
    with signed_in(engine, cast.chi) as session:
        old = seal(session, cast).id
    record(engine, cast)
    record(engine, cast, household_id=None, visited_on=date(2026, 11, 1))
    with signed_in(engine, cast.chi) as session:
        void_visit(session, first, "nhầm hộ", actor_of(cast.chi))
    with signed_in(engine, cast.chi) as session, pytest.raises(Refused):
        unseal(session, commune_of(session, cast), NOVEMBER, actor_of(cast.chi), " ")
    with signed_in(engine, cast.chi) as session:
        assert unseal(session, commune_of(session, cast), NOVEMBER, actor_of(cast.chi), "còn thiếu")
        assert figure(session, cast.village, "visits", "met", span="2026-11") == 2
        assert not figure(session, cast.village, "visits", "met", span="2026-12")
        assert late.list_late(session, [cast.village.id], NOVEMBER) == []
        assert late.list_changed(session, [cast.village.id], NOVEMBER) == []
        ended = session.get_one(Sealing, old)
        assert (ended.ended, ended.ended_why) == ("unsealed", "còn thiếu")
    all_is_well(engine)
    with signed_in(engine, cast.chi) as session:
        again = seal(session, cast)
        assert (again.version, visits_of(snapshot_from(again.snapshot))) == (2, 2)
    all_is_well(engine)


def test_four_eyes_unless_the_commune_has_one_person_and_then_it_is_said(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        seal(session, cast)
        step(session, cast, Step.SUBMIT, cast.chi)
    with signed_in(engine, cast.chi) as session, pytest.raises(NotAllowed):
        step(session, cast, Step.SIGN, cast.chi)
    with open_session(engine, EVERYWHERE, write=True) as session:
        now = session.get_one(Sealing, 1).sealed_at
        session.add(PaperSetting(commune_id=cast.commune.id or 0, body={}, is_alone=True, changed_at=now))
        session.commit()
    with signed_in(engine, cast.chi) as session:
        assert step(session, cast, Step.SIGN, cast.chi) is Stage.SIGNED
        report = papers.read_draft(session, cast.commune.id or 0, "2026-11")
        last = report_steps.list_step_lines(session, report.report_id or 0)[-1]
        assert (last.step, last.who, last.alone) == (Step.SIGN, cast.chi.name, True)


def test_two_who_act_on_one_page_one_wins(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        row = seal(session, cast)
        step(session, cast, Step.SUBMIT, cast.chi)
    seen = Seen(Stage.SUBMITTED, row.id)
    results: list[str] = []

    def act(what: Step, why: str) -> None:
        try:
            with signed_in(engine, cast.em) as session:
                results.append(step(session, cast, what, cast.em, why=why, seen=seen))
        except Conflict as clash:
            results.append(clash.code)

    pair = [
        threading.Thread(target=act, args=args) for args in ((Step.SIGN, ""), (Step.RETURN, "sửa mục IV"))
    ]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join(60)
    assert sorted(results) in (["signed", "stage"], ["sealed", "stage"])


def test_the_issued_paper_is_its_bytes(engine: Engine, cast: Cast) -> None:
    record(engine, cast)
    with signed_in(engine, cast.chi) as session:
        row = seal(session, cast)
        drawn = draw_sealed(session, commune_of(session, cast), row, "pdf").body
    issue(engine, cast)
    with signed_in(engine, cast.chi) as session:
        row = session.get_one(Sealing, row.id)
        for form in ("pdf", "xlsx", "docx"):
            kept = sealings.find_paper(session, row.id or 0, form)
            assert kept is not None
            assert kept.sha256 == hashlib.sha256(kept.body).hexdigest()
            assert draw_sealed(session, commune_of(session, cast), row, form).body == kept.body
        assert draw_sealed(session, commune_of(session, cast), row, "pdf").body == drawn


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sealing SET snapshot = '{}'",
        "UPDATE sealing SET sha256 = 'x'",
        "DELETE FROM sealing",
        "UPDATE paper SET body = 'x'",
        "DELETE FROM paper",
        "UPDATE report_step SET why = 'x'",
        "DELETE FROM report_step",
    ],
)
def test_the_database_itself_keeps_what_is_sealed(engine: Engine, cast: Cast, change: str) -> None:
    with signed_in(engine, cast.chi) as session:
        seal(session, cast)
    issue(engine, cast)
    with pytest.raises(Exception, match="what is sealed stays"), engine.begin() as connection:
        connection.execute(text(change))
