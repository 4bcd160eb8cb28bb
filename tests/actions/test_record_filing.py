"""Filings from submission to result: two periods, one code, one truth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tdteam.actions.record_filing import change_filing, record_filing, void_filing
from tdteam.actions.record_visit import record_visit
from tdteam.domain.errors import Conflict, NotFound, Refused
from tdteam.domain.filings import FilingDraft
from tdteam.domain.ids import new_id
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.rebuild import compare
from tdteam.store.tables import Assist, Filing, FilingVersion
from tests.actions.given import DAY, actor_of, figure, helped, seal, signed_in, visit_at
from tests.cast import Cast
from tests.world import Hamlet

CODE = "H38.12.05-261110-0001"


def filing_at(village: Hamlet, **values: Any) -> FilingDraft:
    given = {"village_id": village.id, "team_id": village.team.id, "submitted_on": DAY, **values}
    return FilingDraft(**given)


def test_submission_and_result_count_in_their_own_periods(engine: Engine, cast: Cast) -> None:
    actor = actor_of(cast.an)
    with signed_in(engine, cast.an) as session:
        draft = filing_at(cast.village, code=CODE, procedure="BIRTH", mode="full", due_on=date(2026, 11, 20))
        row = record_filing(session, replace(draft, fee_due=True, paid_online=True), actor)
        assert figure(session, cast.village, "filings", "BIRTH", "full") == 1
        assert figure(session, cast.village, "fees_due") == 1
        assert figure(session, cast.village, "fees_paid_online") == 1
        assert figure(session, cast.village, "results", span="2026-12") is None
        came = replace(draft, fee_due=True, paid_online=True, result_on=date(2026, 11, 18))
        changed = change_filing(session, row.id, replace(came, electronic_result=True), 1, actor)
        assert (changed.state, changed.version, changed.result_period) == ("returned", 2, "2026-12")
        said = {m: figure(session, cast.village, m, span="2026-12") for m in ("results", "results_due")}
        assert said == {"results": 1, "results_due": 1}
        assert figure(session, cast.village, "results_on_time", span="2026-12") == 1
        assert figure(session, cast.village, "results_electronic", span="2026-12") == 1
        assert figure(session, cast.village, "result_days", span="2026-12") == 8
        kept = session.scalars(select(FilingVersion)).one()
        assert (kept.version, '"state":"submitted"' in kept.body) == (1, True)
    with open_session(engine, EVERYWHERE) as everything:
        assert compare(everything) == []


def test_a_code_is_held_once_wherever_it_is(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.an) as session:
        first = record_filing(session, filing_at(cast.village, code=CODE), actor_of(cast.an))
        with pytest.raises(Refused) as refused:
            record_filing(session, filing_at(cast.village, code=CODE.lower()), actor_of(cast.an))
        assert [(f.field, f.code) for f in refused.value.flaws] == [("code", "filing_code_taken")]
    with signed_in(engine, cast.dung) as session:  # who cannot see it, and learns no more than that
        with pytest.raises(Refused) as refused:
            record_filing(session, filing_at(cast.next_village, code=CODE), actor_of(cast.dung))
        assert [(f.field, f.code) for f in refused.value.flaws] == [("code", "filing_code_taken")]
        mine = record_filing(session, filing_at(cast.next_village), actor_of(cast.dung))
        with pytest.raises(Refused):
            change_filing(session, mine.id, filing_at(cast.next_village, code=CODE), 1, actor_of(cast.dung))
        assert figure(session, cast.next_village, "filings") == 1
    with signed_in(engine, cast.an) as session:
        void_filing(session, first.id, "ghi trùng", actor_of(cast.an))
        assert record_filing(session, filing_at(cast.village, code=CODE), actor_of(cast.an)).id != first.id


def test_sending_a_filing_again_changes_nothing(engine: Engine, cast: Cast) -> None:
    draft = filing_at(cast.village, id=new_id(), code=CODE)
    for _ in range(2):
        with signed_in(engine, cast.an) as session:
            record_filing(session, draft, actor_of(cast.an))
    with signed_in(engine, cast.an) as session:
        assert figure(session, cast.village, "filings") == 1
        with pytest.raises(Conflict):
            record_filing(session, replace(draft, mode="full"), actor_of(cast.an))
        with pytest.raises(Conflict) as conflict:
            change_filing(session, str(draft.id), replace(draft, mode="full"), 7, actor_of(cast.an))
        assert conflict.value.code == "stale"


def test_voiding_a_filing_gives_its_visit_back_what_it_filed(engine: Engine, cast: Cast) -> None:
    actor = actor_of(cast.an)
    with signed_in(engine, cast.an) as session:
        filed = helped("FILING_SUBMIT", filing=FilingDraft(code=CODE))
        record_visit(session, visit_at(cast.village, filed), actor)
        row = session.scalars(select(Filing)).one()
        void_filing(session, row.id, "sai mã", actor)
        assert figure(session, cast.village, "filings") == 0
        assert figure(session, cast.village, "filings_unlisted") == 1
        assert session.scalars(select(Assist.filing_id)).all() == [None]
        with pytest.raises(Conflict) as conflict:
            change_filing(session, row.id, filing_at(cast.village), 2, actor)
        assert conflict.value.code == "voided"
    with open_session(engine, EVERYWHERE) as everything:
        assert compare(everything) == []


def test_a_result_that_comes_after_the_seal_counts_in_the_open_period(engine: Engine, cast: Cast) -> None:
    actor = actor_of(cast.an)
    with signed_in(engine, cast.an) as session:
        draft = filing_at(cast.village, submitted_on=date(2026, 10, 20))
        row = record_filing(session, draft, actor)
    with open_session(engine, EVERYWHERE, write=True) as sealing:
        seal(sealing, cast.commune, "2026-11")
        sealing.commit()
    with signed_in(engine, cast.an) as session:
        came = change_filing(session, row.id, replace(draft, result_on=date(2026, 11, 1)), 1, actor)
        assert (came.period, came.result_period) == ("2026-11", "2026-12")
        assert figure(session, cast.village, "results", span="2026-12") == 1
        assert figure(session, cast.village, "results") is None


def test_a_filing_outside_the_scope_is_not_found(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.an) as session:
        row = record_filing(session, filing_at(cast.village), actor_of(cast.an))
    with signed_in(engine, cast.dung) as session:
        with pytest.raises(NotFound):
            void_filing(session, row.id, "nhầm", actor_of(cast.dung))
        with pytest.raises(NotFound):
            change_filing(session, row.id, filing_at(cast.next_village), 1, actor_of(cast.dung))
