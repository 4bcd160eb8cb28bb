"""The demonstration district: what a designer, an official and a checker find in it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func
from sqlmodel import col, select

from tdteam.actions.demonstration.calendar import months
from tdteam.actions.passwords import check_password
from tdteam.domain import filings as filing_rules
from tdteam.domain import gatherings as gathering_rules
from tdteam.domain import visits as visit_rules
from tdteam.domain.accounts import DEMO_PASSWORD
from tdteam.domain.month import TeamStatus, count_statuses
from tdteam.domain.periods import parse_period, period_of
from tdteam.domain.phones import parse_phone
from tdteam.domain.privacy import find_forbidden
from tdteam.domain.report_settings import judge_settings, settings_from
from tdteam.store import filing_rows, gathering_rows, visit_rows
from tdteam.store.accounts import find_by_username, find_seen
from tdteam.store.catalogue import read_catalogue
from tdteam.store.facts import facts_for
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.month import list_team_months
from tdteam.store.places import commune_by_code
from tdteam.store.tables import (
    Account,
    Assist,
    Attainment,
    Confirmation,
    Declared,
    Filing,
    Gathering,
    Household,
    Member,
    PaperSetting,
    Place,
    Resident,
    Team,
    TeamVillage,
    Visit,
)
from tests.actions.test_demonstrate import TODAY, count, make


@pytest.fixture(scope="module")
def shown(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A small district on SQLite, made once for all tests that only look."""
    import shutil

    from tdteam.store.engine import make_engine

    copy = tmp_path_factory.mktemp("demo") / "tdteam.db"
    shutil.copy(sqlite_template, copy)
    engine = make_engine(f"sqlite:///{copy}")
    make(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def looking(shown: Engine) -> Any:
    with open_session(shown, EVERYWHERE) as session:
        yield session


def test_a_database_with_teams_is_left_alone(shown: Engine) -> None:
    counts = []
    for _ in range(2):
        with open_session(shown, EVERYWHERE) as session:
            counts.append((count(session, Visit), count(session, Account)))
        assert not make(shown).made
    assert counts[0] == counts[1]


def test_every_village_of_the_old_district_has_its_team_and_households(looking: GatedSession) -> None:
    per_village = dict(
        looking.exec(select(Household.village_id, func.count()).group_by(col(Household.village_id))).all()
    )
    assert len(per_village) == 188 and max(per_village.values()) > 2 * min(per_village.values())
    assert count(looking, TeamVillage) == 188
    assert count(looking, Member) == 1297


def test_counts_of_households_hold_together_and_lists_agree_with_them(looking: GatedSession) -> None:
    for home in looking.exec(select(Household)):
        if home.people is not None:
            assert 1 <= home.adults <= home.people <= 8  # type: ignore[operator]
            assert home.eid2 is None or home.eid2 <= home.adults  # type: ignore[operator]
        assert home.phone is None or parse_phone(home.phone) == home.phone
        assert (home.consent is None) == (home.consent_method is None) == (home.consent_on is None)
    listed = looking.exec(
        select(Resident.household_id, func.count()).group_by(col(Resident.household_id))
    ).all()
    assert len(listed) > 50
    for household_id, people in listed:
        home = looking.get(Household, household_id)
        assert home is not None and home.people == people and home.consent
        with_eid = count(
            looking,
            Attainment,
            Attainment.indicator == "EID2",
            col(Attainment.resident_id).in_(select(Resident.id).where(Resident.household_id == household_id)),
        )
        assert with_eid == home.eid2
    assert count(looking, Resident, col(Resident.birth_year) > TODAY.year) == 0


def test_every_visit_gathering_and_filing_would_pass_its_form(looking: GatedSession) -> None:
    catalogue = read_catalogue(looking)
    some = looking.exec(select(Visit).where(Visit.state == "current").order_by(Visit.id)).all()[::7]
    for visit in some:
        draft = visit_rows.draft_of(looking, visit)
        facts = facts_for(looking, [draft])
        own = {a.filing.id for a in draft.assists if a.filing and a.filing.id}
        assert visit_rules.judge(draft, catalogue, facts, TODAY, own_filings=own) == []
        assert visit.period == period_of(visit.visited_on).code
    for gathering in looking.exec(select(Gathering).order_by(Gathering.id)).all()[::3]:
        held = gathering_rows.draft_of(looking, gathering)
        assert gathering_rules.judge(held, catalogue, facts_for(looking, [held]), TODAY) == []
    for filing in looking.exec(select(Filing).order_by(Filing.id)).all()[::3]:
        filed = filing_rows.draft_of(filing)
        facts = facts_for(looking, [filed])
        assert filing_rules.judge(filed, catalogue, facts, TODAY, own={filing.id}) == []
        assert filing_rules.warn(filed) == []


def test_no_code_of_a_filing_stands_twice_and_nothing_forbidden_is_written(looking: GatedSession) -> None:
    codes = Counter(looking.exec(select(Filing.code).where(col(Filing.code).is_not(None))).all())
    assert codes.most_common(1)[0][1] == 1
    texts = [
        text
        for column in (Visit.note, Gathering.topic, Declared.note, Confirmation.note)
        for text in looking.exec(select(column).distinct())
    ]
    assert [text for text in texts if find_forbidden(text)] == []


def test_work_reaches_up_to_today_and_rests_at_the_new_year(looking: GatedSession) -> None:
    by_period = dict(looking.exec(select(Visit.period, func.count()).group_by(col(Visit.period))).all())
    assert sorted(by_period) == [m.code for m in months(TODAY, 15)]
    assert len(by_period) == 13
    assert by_period["2026-03"] < by_period["2026-04"] / 1.5  # Tet of 2026 is 17 February
    assert by_period["2026-12"] < by_period["2026-11"]
    newest = looking.exec(select(func.max(Visit.visited_on))).one()
    assert TODAY - timedelta(days=1) <= newest <= TODAY
    assert looking.exec(select(func.min(Visit.visited_on))).one() >= date(2025, 11, 15)


def test_the_official_of_xuan_quang_sees_every_state_in_this_period_and_the_last(
    looking: GatedSession,
) -> None:
    commune = commune_by_code(looking, "02926")
    assert commune.id
    for code in ("2026-12", "2026-11"):
        found = count_statuses(list_team_months(looking, commune.id, parse_period(code), TODAY))
        assert sum(found.values()) == 44
        for status in (TeamStatus.SILENT, TeamStatus.DOING, TeamStatus.ZERO, TeamStatus.DONE):
            assert found[status] >= 1, (code, status)
    assert found[TeamStatus.DECLARED] >= 1  # teams on paper sent the figures of the period that is over


def test_teams_on_paper_have_declared_figures_and_no_visits(looking: GatedSession) -> None:
    paper = looking.exec(select(Team.id).where(col(Team.channel) != "app")).all()
    assert len(paper) == 12
    assert count(looking, Visit, col(Visit.team_id).in_(paper)) == 0
    told = looking.exec(select(Declared.team_id).where(col(Declared.team_id).in_(paper)).distinct()).all()
    assert len(told) == 12
    assert count(looking, Confirmation, col(Confirmation.team_id).in_(paper)) == 0


def test_every_account_of_the_demonstration_signs_in_with_the_printed_password(looking: GatedSession) -> None:
    roles = dict(looking.exec(select(Account.username, Account.role)).all())
    assert roles == {
        "thanhvien": "member",
        "totruong": "leader",
        "canbo": "official",
        "lanhdao": "approver",
        "canbo2": "official",
        "giamsat": "reviewer",
        "quantri": "admin",
        "kiemtoan": "auditor",
    }
    for username in roles:
        account = find_by_username(looking, username)
        assert account and account.is_demo and check_password(account.password_hash, DEMO_PASSWORD)
    assert len(set(looking.exec(select(Account.password_hash)))) == 8
    leader, member, official = (
        find_seen(looking, (find_by_username(looking, name) or Account()).id or 0)
        for name in ("totruong", "thanhvien", "canbo")
    )
    assert leader and member and official and leader.member_id and member.member_id
    assert leader.member_id != member.member_id and leader.roots == member.roots
    (village,) = leader.roots
    assert count(looking, Household, Household.village_id == village) >= 10
    commune = looking.get(Place, next(iter(official.roots)))
    assert commune and commune.code == "02926"


def test_papers_and_declared_figures_would_pass_their_forms(looking: GatedSession) -> None:
    papers = looking.exec(select(PaperSetting)).all()
    assert len(papers) == 6
    for paper in papers:
        settings = settings_from(paper.body)
        assert judge_settings(settings) == [] and settings.demo
    for row in looking.exec(select(Declared)):
        assert row.whole is None or 0 <= row.part <= row.whole
        assert row.span_key == (row.period or str(row.as_of))


def test_not_done_always_has_its_cause(looking: GatedSession) -> None:
    from_visits = col(Assist.visit_id).is_not(None)
    assert count(looking, Assist, Assist.outcome == "not_done", col(Assist.cause).is_(None), from_visits) == 0
    assert count(looking, Assist, col(Assist.outcome) == "done", col(Assist.cause).is_not(None)) == 0
    assert count(looking, Assist, Assist.kind == "EID2_REFER", Assist.outcome == "done") == 0
