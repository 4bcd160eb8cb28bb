"""Filings that visits make, change and take with them."""

from __future__ import annotations

from sqlalchemy import Engine, select

from tdteam.actions.record_visit import correct_visit, record_visit, void_visit
from tdteam.domain.filings import FilingDraft
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.rebuild import compare
from tdteam.store.tables import Filing
from tests.actions.given import DAY, actor_of, figure, helped, signed_in, visit_at
from tests.cast import Cast


def test_a_filing_made_with_a_visit_goes_with_it_unless_it_lived_on(engine: Engine, cast: Cast) -> None:
    actor = actor_of(cast.an)
    code = "H38.12.05-261110-0001"
    with signed_in(engine, cast.an) as session:
        draft = visit_at(cast.village, helped("FILING_SUBMIT", filing=FilingDraft(code=code, fee_due=True)))
        visit = record_visit(session, draft, actor)
        filing = session.scalars(select(Filing)).one()
        assert (filing.code, filing.submitted_on, filing.team_id) == (code, DAY, cast.village.team.id)
        assert figure(session, cast.village, "filings") == 1
        assert figure(session, cast.village, "filings_unlisted") in (0, None)
        void_visit(session, visit.id, "nhầm", actor)
        assert figure(session, cast.village, "filings") == 0
        again = record_visit(session, draft, actor)  # the code is free again
        track = helped("FILING_TRACK", filing=FilingDraft(code=code))
        record_visit(session, visit_at(cast.village, track), actor)
        void_visit(session, again.id, "nhầm", actor)
        assert figure(session, cast.village, "filings") == 1  # a later visit asked after it
    with open_session(engine, EVERYWHERE) as everything:
        assert compare(everything) == []


def test_a_correction_may_change_what_its_filing_says(engine: Engine, cast: Cast) -> None:
    actor = actor_of(cast.an)
    with signed_in(engine, cast.an) as session:
        draft = visit_at(cast.village, helped("FILING_SUBMIT", filing=FilingDraft(code="H38-261110-0001")))
        visit = record_visit(session, draft, actor)
        filing = session.scalars(select(Filing)).one()
        said = FilingDraft(id=filing.id, code="H38-261110-0002", fee_due=True, paid_online=True)
        right = visit_at(cast.village, helped("FILING_SUBMIT", filing=said))
        second = correct_visit(session, visit.id, right, 1, actor)
        assert correct_visit(session, visit.id, right, 1, actor).id == second.id
        session.refresh(filing)
        assert (filing.code, filing.version) == ("H38-261110-0002", 2)
        assert figure(session, cast.village, "fees_paid_online") == 1
        assert figure(session, cast.village, "filings") == 1


def test_thirty_filings_without_codes_count_as_thirty(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.an) as session:
        draft = visit_at(cast.village, helped("FILING_SUBMIT", people=30), place="culture_house")
        record_visit(session, draft, actor_of(cast.an))
        assert figure(session, cast.village, "filings_unlisted") == 30
