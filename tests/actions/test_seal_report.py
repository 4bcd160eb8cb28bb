"""Sealing: figures that are official never move; late and changed records wait, and come back only by a person's word."""

from __future__ import annotations

import hashlib
import json
import threading
import zlib
from datetime import date

import pytest
from sqlalchemy import Engine, text

from tdteam.actions.record_visit import correct_visit, record_visit, void_visit
from tdteam.actions.report_life import draw_sealed, take_step
from tdteam.actions.seal_report import Seen, replace_figures, seal_figures, unseal
from tdteam.domain.errors import Conflict, NotAllowed, NotFound, Refused
from tdteam.domain.periods import Period
from tdteam.domain.report_life import Stage, Step
from tdteam.domain.snapshots import Snapshot, snapshot_from
from tdteam.store import audit, late, papers, report_steps, sealings
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.rebuild import compare
from tdteam.store.tables import Account, Paper, PaperSetting, Place, Sealing
from tests.actions.given import actor_of, figure, helped, signed_in, visit_at
from tests.cast import Cast

NOVEMBER = Period(2026, 11, 15)
URL = "https://to.example"


def commune_of(session: GatedSession, cast: Cast) -> Place:
    return session.get_one(Place, cast.commune.id)


def seal(session: GatedSession, cast: Cast, who: Account | None = None, **more: object) -> Sealing:
    return seal_figures(
        session,
        commune_of(session, cast),
        NOVEMBER,
        actor_of(who or cast.chi),
        address=URL,
        **more,  # type: ignore[arg-type]
    )


def step(session: GatedSession, cast: Cast, what: Step, who: Account, **more: object) -> Stage:
    return take_step(session, commune_of(session, cast), "2026-11", what, actor_of(who), **more)  # type: ignore[arg-type]


def issue(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        step(session, cast, Step.SUBMIT, cast.chi)
    with signed_in(engine, cast.em) as session:
        step(session, cast, Step.SIGN, cast.em)
    with signed_in(engine, cast.chi) as session:
        step(session, cast, Step.ISSUE, cast.chi)


def record(engine: Engine, cast: Cast, **values: object) -> str:
    with signed_in(engine, cast.an) as session:
        return record_visit(session, visit_at(cast.village, helped(), **values), actor_of(cast.an)).id


def visits_of(snapshot: Snapshot, village: str = "Hốc Đá") -> object:
    rows = {row.name: row for row in snapshot.facts.villages.rows}
    codes = [column.code for column in snapshot.facts.villages.columns]
    return rows[village].values[codes.index("visits")]


def all_is_well(engine: Engine) -> None:
    with open_session(engine, EVERYWHERE) as session:
        assert compare(session) == []
        assert audit.first_broken(session) is None


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


def test_a_replacing_report_names_the_old_one_and_lists_what_changed(engine: Engine, cast: Cast) -> None:
    first = record(engine, cast)
    with signed_in(engine, cast.chi) as session:
        old = seal(session, cast).id
    issue(engine, cast)
    missed = record(engine, cast)
    record(engine, cast)
    with signed_in(engine, cast.an) as session:
        correct_visit(session, first, visit_at(cast.village, helped(people=3)), 1, actor_of(cast.an))
    with signed_in(engine, cast.chi) as session, pytest.raises(Conflict, match="stage"):
        unseal(session, commune_of(session, cast), NOVEMBER, actor_of(cast.chi), "đếm sót")
    with signed_in(engine, cast.chi) as session:
        row = replace_figures(
            session,
            commune_of(session, cast),
            NOVEMBER,
            actor_of(cast.chi),
            "đếm sót một lượt",
            address=URL,
            keys=[f"visit:{missed}"],
        )
        snapshot = snapshot_from(row.snapshot)
        assert (row.version, row.replaces_id, visits_of(snapshot)) == (2, old, 2)
        assert snapshot.replaces is not None and snapshot.replaces.why == "đếm sót một lượt"
        told = {(one.where, one.code): (one.old, one.new) for one in snapshot.changes}
        assert told["Hốc Đá", "visits"] == ("1", "2") and told["", "VISITS"] == ("1", "2")
        assert told["Hốc Đá", "people"] == ("1", "4")
        assert session.get_one(Sealing, old).ended is None  # stands until the new one is issued
        left = late.list_late(session, [cast.village.id], NOVEMBER)
        assert [one.counts_in for one in left] == ["2026-12"]
    all_is_well(engine)
    issue(engine, cast)
    with signed_in(engine, cast.chi) as session:
        assert session.get_one(Sealing, old).ended == "replaced"
        assert len(session.scalars(text_of_papers()).all()) == 6
    all_is_well(engine)


def text_of_papers() -> object:
    from sqlmodel import select

    return select(Paper.sha256)


def test_a_replacing_report_cannot_be_opened_again(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        seal(session, cast)
    issue(engine, cast)
    with signed_in(engine, cast.chi) as session:
        replace_figures(
            session, commune_of(session, cast), NOVEMBER, actor_of(cast.chi), "đếm sót", address=URL
        )
    with signed_in(engine, cast.chi) as session, pytest.raises(Conflict, match="replaces_issued"):
        unseal(session, commune_of(session, cast), NOVEMBER, actor_of(cast.chi), "đếm sót")


def test_fifty_phones_send_while_the_official_seals(engine: Engine, cast: Cast) -> None:
    """Each visit is in the sealed set or in the late list, never in both, never in neither."""
    ids: list[str] = []
    faults: list[BaseException] = []
    go = threading.Barrier(9)

    def phone() -> None:
        go.wait(60)
        for _ in range(6):
            try:
                ids.append(record(engine, cast))
            except BaseException as fault:
                faults.append(fault)

    threads = [threading.Thread(target=phone) for _ in range(8)]
    for thread in threads:
        thread.start()
    go.wait(60)
    for thread in threads[:2]:
        thread.join(0.15)
    with signed_in(engine, cast.chi) as session:
        row = seal(session, cast)
    for thread in threads:
        thread.join(120)
    assert faults == [] and len(ids) == 48
    with signed_in(engine, cast.chi) as session:
        counted = {one for one, _ in json.loads(zlib.decompress(row.counted))["visits"]}
        waiting = {one.id for one in late.list_late(session, [cast.village.id], NOVEMBER)}
        assert counted | waiting == set(ids) and not counted & waiting
        assert visits_of(snapshot_from(row.snapshot)) == (len(counted) or None)
        assert figure(session, cast.village, "visits", "met", span="2026-12") == (len(waiting) or None)
    all_is_well(engine)
