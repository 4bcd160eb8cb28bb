"""The gate, written through in every way there is: nothing outside the scope changes or goes in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, text, update
from sqlalchemy import select as core_select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, select

from tdteam.domain.errors import NotFound
from tdteam.domain.ids import new_id
from tdteam.store import bulk
from tdteam.store.gate import EVERYWHERE, GatedSession, Ungated
from tdteam.store.tables import (
    Household,
    Membership,
    Place,
    Resident,
    Team,
    TeamVillage,
    UploadFile,
)
from tests.store.stage import Stage, a_household, chi, stage
from tests.world import LONG_AGO

__all__ = ["chi", "stage"]


@pytest.mark.parametrize(
    "way",
    [
        lambda: update(Household).values(head="changed"),
        lambda: update(Household).where(Household.head == "Nông Thị Hai").values(head="changed"),
        lambda: update(Household).where(Household.id.in_(select(Household.id))).values(head="changed"),  # type: ignore[attr-defined]
        lambda: update(Household).values(head="changed").execution_options(synchronize_session=False),
        lambda: update(Household).values(head="changed").returning(Household.head),
        lambda: update(Household.__table__).values(head="changed"),  # type: ignore[attr-defined]
        lambda: (
            update(Household)
            .values(head="changed")
            .where(Household.village_id == Place.id, Place.level == "village")
        ),
    ],
)
def test_an_update_reaches_only_what_is_seen(stage: Stage, way: Callable[[], Any]) -> None:
    with stage.open(write=True) as chi:
        try:
            chi.exec(way())
            chi.commit()
        except Ungated:
            chi.rollback()
    with stage.open(EVERYWHERE) as look:
        assert look.get(Household, stage.foreign.id).head == "Nông Thị Hai"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "way",
    [
        lambda: delete(Resident),
        lambda: delete(Resident).where(Resident.name == "Nông Văn Ba"),
        lambda: delete(Resident.__table__),  # type: ignore[arg-type, attr-defined]
        lambda: delete(Resident).where(Resident.household_id.in_(select(Household.id))),  # type: ignore[attr-defined]
    ],
)
def test_a_delete_reaches_only_what_is_seen(stage: Stage, way: Callable[[], Any]) -> None:
    with stage.open(write=True) as chi:
        try:
            chi.exec(way())
            chi.commit()
        except Ungated:
            chi.rollback()
    with stage.open(EVERYWHERE) as look:
        assert "Nông Văn Ba" in set(look.exec(select(Resident.name)))


def test_an_update_of_what_is_seen_works(stage: Stage) -> None:
    with stage.open(write=True) as chi:
        assert chi.exec(update(Household).values(note="looked at")).rowcount == 3
        chi.commit()
    with stage.open(EVERYWHERE) as look:
        assert look.exec(select(func.count(Household.id)).where(Household.note == "looked at")).one() == 3


REFUSED: dict[str, Callable[[GatedSession, Stage], Any]] = {
    "text": lambda s, _: s.exec(text("SELECT head FROM household")),  # type: ignore[call-overload]
    "scalar text": lambda s, _: s.scalar(text("SELECT head FROM household")),
    "from_statement": lambda s, _: s.execute(
        select(Household).from_statement(text("SELECT * FROM household"))
    ),
    "insert": lambda s, st: s.execute(insert(Household).values(a_household(st.cast.next_village.id))),
    "insert many": lambda s, st: s.execute(insert(Household), [a_household(st.cast.next_village.id)]),
    "insert into the table": lambda s, st: s.execute(
        insert(Household.__table__).values(a_household(st.cast.next_village.id))  # type: ignore[arg-type, attr-defined]
    ),
    "insert from select": lambda s, _: s.execute(
        insert(Household).from_select(["id", "head"], core_select(Household.id, Household.head))
    ),
    "on conflict (sqlite)": lambda s, st: s.execute(
        sqlite.insert(Household).values(a_household(st.cast.next_village.id)).on_conflict_do_nothing()
    ),
    "on conflict (postgresql)": lambda s, st: s.execute(
        postgresql.insert(Household).values(a_household(st.cast.next_village.id)).on_conflict_do_nothing()
    ),
    "bulk_save_objects": lambda s, st: s.bulk_save_objects(
        [Household(**a_household(st.cast.next_village.id))]
    ),
    "bulk_insert_mappings": lambda s, st: s.bulk_insert_mappings(
        Household, [a_household(st.cast.next_village.id)]
    ),  # type: ignore[arg-type]
    "bulk_update_mappings": lambda s, st: s.bulk_update_mappings(
        Household, [{"id": st.foreign.id, "head": "x"}]
    ),  # type: ignore[arg-type]
    "update by primary key": lambda s, st: s.execute(
        update(Household), [{"id": st.foreign.id, "head": "changed"}]
    ),
    "connection": lambda s, _: s.connection(),
    "select of plain columns": lambda s, _: s.execute(
        core_select(text("head")).select_from(text("household"))
    ),
}


@pytest.mark.parametrize("way", REFUSED, ids=str)
def test_what_no_condition_reaches_is_refused(stage: Stage, way: str) -> None:
    with stage.open(write=True) as chi, pytest.raises(Ungated):
        REFUSED[way](chi, stage)


def test_bulk_asks_for_the_villages_it_touches(stage: Stage) -> None:
    table = Household.__table__  # type: ignore[attr-defined]
    with stage.open(write=True) as chi:
        with pytest.raises(NotFound):
            bulk.insert_rows(
                chi, table, [a_household(stage.cast.next_village.id)], places=[stage.cast.next_village.id]
            )
        bulk.insert_rows(chi, table, [a_household(stage.cast.village.id)], places=[stage.cast.village.id])
        chi.commit()
    with stage.open(write=False) as reading, pytest.raises(Ungated):
        bulk.insert_rows(reading, table, [a_household(stage.cast.village.id)], places=[stage.cast.village.id])


def outside_rows(stage: Stage) -> dict[str, SQLModel]:
    cast = stage.cast
    far = cast.next_village.id
    return {
        "household": Household(**a_household(far)),
        "resident": Resident(
            id=new_id(),
            household_id=stage.foreign.id,
            village_id=far,
            name="x",
            name_fold="x",
            name_sort="x",
            created_at=LONG_AGO,
            changed_at=LONG_AGO,
        ),  # fmt: skip
        "tie of the own team to a foreign village": TeamVillage(team_id=cast.village.team.id, village_id=far),
        "tie of a foreign team to the own village": TeamVillage(
            team_id=cast.next_village.team.id, village_id=cast.village.id
        ),
        "own member into a foreign team": Membership(
            team_id=cast.next_village.team.id, member_id=cast.an_member.id, role="member", component="other"
        ),
        "file of a foreign upload": UploadFile(upload_id=999_999, body=b""),
    }


@pytest.mark.parametrize(
    "what",
    [
        "household",
        "resident",
        "tie of the own team to a foreign village",
        "tie of a foreign team to the own village",
        "own member into a foreign team",
        "file of a foreign upload",
    ],
)
def test_a_row_outside_is_not_written(stage: Stage, what: str) -> None:
    row = outside_rows(stage)[what]
    with stage.open(write=True) as chi:
        chi.add(row)
        with pytest.raises(Ungated):
            chi.commit()


def test_nothing_is_moved_out_or_in(stage: Stage) -> None:
    with stage.open(write=True) as chi:
        row = chi.get(Household, stage.own.id)
        assert row
        row.village_id = stage.cast.next_village.id
        with pytest.raises(Ungated):
            chi.flush()
    with stage.open(EVERYWHERE) as all_seeing, stage.open(write=True) as chi:
        row = all_seeing.get(Household, stage.foreign.id)
        assert row
        all_seeing.expunge(row)
        row.village_id = stage.cast.village.id
        chi.add(row)
        with pytest.raises(Ungated):
            chi.flush()


@pytest.mark.parametrize(
    "way",
    [
        lambda far: (update(Household).values(village_id=far), None),
        lambda far: (update(Household).values({"village_id": far}), None),
        lambda far: (update(Household).values({Household.village_id: far}), None),
        lambda far: (update(Household).ordered_values(("village_id", far)), None),
        lambda far: (update(Household).where(Household.head != "x"), {"village_id": far}),
    ],
)
def test_an_update_moves_no_row(stage: Stage, way: Callable[[int], Any]) -> None:
    statement, params = way(stage.cast.next_village.id)
    with stage.open(write=True) as chi, pytest.raises(Ungated):
        chi.execute(statement, params)


def test_a_foreign_row_is_not_written_over_by_its_id(stage: Stage) -> None:
    row = Household(**{**a_household(stage.cast.village.id), "id": stage.foreign.id})
    with stage.open(write=True) as chi, pytest.raises((Ungated, IntegrityError)):
        chi.merge(row)
        chi.commit()
    with stage.open(EVERYWHERE) as look:
        assert look.get(Household, stage.foreign.id).head == "Nông Thị Hai"  # type: ignore[union-attr]


def test_a_reading_session_writes_nothing(stage: Stage) -> None:
    with stage.open() as chi:
        chi.add(Household(**a_household(stage.cast.village.id)))
        with pytest.raises(Ungated):
            chi.flush()


def test_within_the_scope_rows_are_written(stage: Stage) -> None:
    with stage.open(write=True) as chi:
        row = Household(**a_household(stage.cast.sibling.id))
        chi.add(row)
        chi.flush()
        row.village_id = stage.cast.village.id
        chi.commit()


def test_a_new_team_and_member_may_be_tied_to_own_villages(stage: Stage) -> None:
    with stage.open(write=True) as chi:
        team = Team(name="Tổ mới", name_fold="to moi", name_sort="to moi", since=date(2026, 1, 1))
        chi.add(team)
        chi.flush()
        chi.add(TeamVillage(team_id=team.id or 0, village_id=stage.cast.village.id))
        chi.commit()
        assert chi.get(Team, team.id) is not None
