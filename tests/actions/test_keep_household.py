"""Households are entered, corrected, ended and asked for consent; the registry's figures follow at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from tdteam.actions import keep_household, keep_resident
from tdteam.domain.errors import Conflict, NotFound, Refused
from tdteam.domain.households import ConsentDraft, HouseholdDraft
from tdteam.domain.periods import today
from tdteam.domain.residents import AttainedDraft, ResidentDraft
from tdteam.store import audit, households, residents
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Attainment, Audit, Household, Resident, Tally
from tests.actions.given import signed_in
from tests.cast import Cast


def home(cast: Cast, **more: object) -> HouseholdDraft:
    plain = HouseholdDraft(cast.village.id, "Lý Láo Tả", birth_year=1971, people=5, adults=4, eid2=2)
    return replace(plain, **more)  # type: ignore[arg-type]


def now(session: GatedSession, village_id: int, measure: str) -> int:
    """A figure of the registry as it stands, whatever its kind."""
    query = select(Tally.value).where(
        Tally.span == "now", Tally.village_id == village_id, Tally.measure == measure, Tally.outcome == ""
    )
    return sum(session.exec(query))


def refused(error: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(flaw.field, flaw.code) for flaw in error.value.flaws]


def test_a_household_counts_from_the_moment_it_is_entered(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.an) as session:
        row = keep_household.create(session, home(cast, head="LÝ LÁO TẢ", phone="912 345 678"))
        assert (row.head, row.head_fold, row.phone, row.version) == (
            "Lý Láo Tả",
            "ly lao ta",
            "0912345678",
            1,
        )
        assert row.consent is None
        assert now(session, cast.village.id, "households") == 1
        assert now(session, cast.village.id, "eid2") == 2


def test_a_village_outside_the_scope_is_not_found(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.an) as session:
        for village in (cast.sibling.id, cast.next_village.id):
            with pytest.raises(Refused) as error:
                keep_household.create(session, home(cast, village_id=village))
            assert refused(error) == [("village_id", "not_found")]


def test_the_official_of_the_next_commune_finds_no_household_here(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.an) as session:
        row_id = keep_household.create(session, home(cast)).id
    with signed_in(engine, cast.dung) as session:
        for act in (
            lambda: keep_household.change(session, row_id, home(cast), 1),
            lambda: keep_household.end(session, row_id, "moved", today()),
            lambda: keep_household.give_consent(session, row_id, ConsentDraft(True, "spoken", today())),
            lambda: keep_resident.create(session, row_id, ResidentDraft("Lý Thị Mẩy")),
        ):
            with pytest.raises(NotFound):
                act()


def test_a_correction_moves_the_figures_and_names_only_the_fields(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.an) as session:
        row_id = keep_household.create(session, home(cast)).id
    with signed_in(engine, cast.chi) as session:
        assert keep_household.change(session, row_id, home(cast), 1) == []
        fields = keep_household.change(session, row_id, home(cast, head="Lý Láo Lở", eid2=4), 1)
        assert fields == ["head", "eid2"]
        assert now(session, cast.village.id, "eid2") == 4
        entry = session.exec(select(Audit).order_by(col(Audit.id).desc())).first()
        assert entry and "Lở" not in entry.detail and entry.place_id == cast.village.id
        assert audit.first_broken(session) is None


def test_a_stale_correction_changes_nothing(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.an) as session:
        row_id = keep_household.create(session, home(cast)).id
        keep_household.change(session, row_id, home(cast, people=6), 1)
    with signed_in(engine, cast.chi) as session, pytest.raises(Conflict):
        keep_household.change(session, row_id, home(cast, people=7), 1)
    with signed_in(engine, cast.chi, write=False) as session:
        assert households.get_household(session, row_id).people == 6


def test_a_household_that_changes_village_takes_its_people_along(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        row_id = keep_household.create(session, home(cast)).id
        mey = ResidentDraft("Lý Thị Mẩy", 1990, "female", (AttainedDraft("EID2"),))
        keep_resident.create(session, row_id, mey)
        keep_household.change(session, row_id, home(cast, village_id=cast.sibling.id), 1)
    with signed_in(engine, cast.chi, write=False) as session:
        for table in (Household, Resident, Attainment):
            assert session.exec(select(table.village_id)).all() == [cast.sibling.id]
        assert now(session, cast.village.id, "households") == 0
        assert now(session, cast.sibling.id, "households") == 1
        assert now(session, cast.sibling.id, "eid2") == 1


def test_an_ended_household_is_not_counted_and_not_deleted(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        row_id = keep_household.create(session, home(cast)).id
        keep_household.end(session, row_id, "moved", today())
        assert now(session, cast.village.id, "households") == 0
        assert households.get_household(session, row_id).ended_why == "moved"
        with pytest.raises(Refused) as error:
            keep_household.end(session, row_id, "moved", today())
        assert refused(error) == [("ended_on", "household_ended")]
        keep_household.reopen(session, row_id)
        assert now(session, cast.village.id, "households") == 1


def test_consent_says_how_when_and_by_whom_and_can_be_taken_back(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.an) as session:
        row = keep_household.create(session, home(cast), ConsentDraft(True, "spoken", date(2026, 6, 1)))
        assert (row.consent, row.consent_method, row.consent_on, row.consent_by) == (
            True,
            "spoken",
            date(2026, 6, 1),
            cast.an.id,
        )
        keep_household.give_consent(session, row.id, ConsentDraft(False, "signed", today()))
    with signed_in(engine, cast.chi, write=False) as session:
        kept = households.get_household(session, row.id)
        assert (kept.consent, kept.consent_method) == (False, "signed")
        said = session.exec(select(Audit.action).where(Audit.target == row.id).order_by(col(Audit.id))).all()
        assert said == ["create", "withdraw"]


def test_half_a_consent_stops_the_whole_household(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.an) as session:
        with pytest.raises(Refused) as error:
            keep_household.create(session, home(cast), ConsentDraft(True, None, today()))
        assert refused(error) == [("method", "required")]
        assert session.exec(select(Household.id)).all() == []


def test_twins_are_those_of_one_village_name_and_year(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.chi) as session:
        first = keep_household.create(session, home(cast)).id
        keep_household.create(session, home(cast, village_id=cast.sibling.id))
        unknown = keep_household.create(session, home(cast, birth_year=None)).id
        found = {
            year: [
                one.id for one in households.find_twins(session, cast.village.id, "LY LAO TA", year, but=None)
            ]
            for year in (1971, 1972, None)
        }
        assert sorted(found[1971]) == sorted(found[None]) == sorted([first, unknown])
        assert found[1972] == [unknown]
        keep_household.end(session, first, "twin", today())
        assert [one.id for one in households.find_twins(session, cast.village.id, "Lý Láo Tả", 1971)] == [
            unknown
        ]
        assert households.find_twins(session, cast.village.id, "Lý Láo Tả", 1971, but=unknown) == []


def test_a_list_of_residents_takes_the_place_of_the_counts(engine: Engine, cast: Cast) -> None:
    with signed_in(engine, cast.an) as session:
        row = keep_household.create(session, home(cast))
        assert (households.line_of(session, row).people, households.line_of(session, row).eid2) == (5, 2)
        year = today().year
        for name, born, has in (("A", year - 40, True), ("B", year - 14, False), ("C", year - 13, False)):
            keep_resident.create(
                session,
                row.id,
                ResidentDraft(f"Lý Thị {name}", born, None, (AttainedDraft("EID2"),) if has else ()),
            )
        line = households.line_of(session, row)
        assert (line.people, line.adults, line.eid2, line.health_book) == (3, 2, 1, 0)
        assert now(session, cast.village.id, "eid2") == 1
        person = residents.list_residents(session, row.id, today())[0]
        keep_resident.end(session, row.id, person.id, "died", today())
        assert households.line_of(session, row).people == 2
        assert now(session, cast.village.id, "eid2") == 0
