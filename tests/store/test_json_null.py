"""What a JSON column does not say is SQL's NULL, and the JSON 'null' of older rows reads the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import JSON, Engine, select, text
from sqlmodel import col

from tdteam.store.base import metadata
from tdteam.store.catalogue import load_catalogue
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.inbox_queue import get_record
from tdteam.store.indicator_rows import list_indicators
from tdteam.store.roster_trace import read_trace
from tdteam.store.tables import Inbox, Indicator, Upload, UploadChange
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import Phone, visit_body

NULLABLE = sorted(
    f"{table.name}.{column.name}"
    for table in metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, JSON) and column.nullable
)


def nulls(engine: Engine, place: str) -> tuple[int, int]:
    """Rows of a column that are NULL, and all rows, as the database itself says."""
    table, column = place.split(".")
    with engine.connect() as connection:
        asked = text(f"SELECT count(*) - count({column}), count(*) FROM {table}")  # noqa: S608 - our own names
        empty, whole = connection.execute(asked).one()
        return int(empty), int(whole)


def write_old_null(engine: Engine, place: str) -> None:
    """As rows were written before: the four letters of JSON."""
    table, column = place.split(".")
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {table} SET {column} = 'null'"))  # noqa: S608 - our own names


def test_every_column_of_the_kind_is_told_so() -> None:
    assert {"inbox.clash", "indicator.whole", "upload.layout", "upload_change.before"} <= set(NULLABLE)
    for place in NULLABLE:
        table, column = place.split(".")
        assert metadata.tables[table].columns[column].type.none_as_null, place  # type: ignore[attr-defined]


@pytest.fixture
def upload(cast: Cast, session: GatedSession) -> Upload:
    """An import that says nothing of its columns, and added one household."""
    row = Upload(
        kind="households", place_id=cast.village.id, file_name="a.xlsx", sha256="0" * 64, size=1,
        layout=None, outcome=None, uploaded_at=datetime.now(UTC),
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add(UploadChange(upload_id=row.id or 0, noun="household", target="x", before=None))
    session.commit()
    return row


@pytest.mark.parametrize("place", ["upload.layout", "upload.outcome", "upload_change.before"])
def test_what_is_not_said_is_null_and_the_old_null_reads_the_same(
    upload: Upload, engine: Engine, place: str
) -> None:
    assert nulls(engine, place) == (1, 1)
    write_old_null(engine, place)
    assert nulls(engine, place) == (0, 1)
    with open_session(engine, EVERYWHERE) as reading:
        row = reading.exec(select(Upload)).scalars().one()
        assert (row.layout, row.outcome) == (None, None)
        assert [one.before for one in read_trace(reading, row.id or 0)["household"]] == [None]


def test_a_record_without_a_clash_leaves_it_null_whichever_way_it_was_judged(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    phone = Phone(client, cast.an)
    plain, odd = visit_body(cast.village), visit_body(cast.village, place="moon")
    phone.send(*(phone.record("visit", body) for body in (plain, odd)))
    assert nulls(engine, "inbox.clash") == (2, 2)


def test_a_conflict_keeps_both_sides_and_an_old_row_without_any_reads_as_none(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    phone = Phone(client, cast.an)
    home = {"village_id": cast.village.id, "head": "Giàng A Páo", "people": 5}
    made = phone.record("household", home)
    edit = {
        "household_id": made["id"],
        "village_id": cast.village.id,
        "base": {"people": 4},
        "set": {"people": 6},
    }
    phone.send(made, phone.record("household", edit, base_version=1))
    assert nulls(engine, "inbox.clash") == (1, 2)
    with engine.begin() as connection:
        connection.execute(text("UPDATE inbox SET clash = 'null' WHERE clash IS NULL"))
    with open_session(engine, EVERYWHERE) as reading:
        kept = {n: get_record(reading, n).clash for n in reading.exec(select(col(Inbox.n))).scalars()}
    assert sorted(kept.values(), key=bool) == [
        None,
        {"fields": {"people": {"base": 4, "sent": 6, "stored": 5}}},
    ]


def test_indicators_are_what_they_were_with_the_old_null(session: GatedSession, engine: Engine) -> None:
    load_catalogue(session)
    session.commit()
    before = list_indicators(session)
    declared = sum(not row.part for row in before)
    assert declared
    assert (nulls(engine, "indicator.part")[0], nulls(engine, "indicator.whole")[0]) == (
        sum(row.part is None for row in session.exec(select(Indicator)).scalars()),
        sum(row.whole is None for row in before),
    )
    session.rollback()
    with engine.begin() as connection:
        connection.execute(text("UPDATE indicator SET part = 'null' WHERE part IS NULL"))
        connection.execute(text("UPDATE indicator SET whole = 'null' WHERE whole IS NULL"))
    with open_session(engine, EVERYWHERE) as reading:
        assert list_indicators(reading) == before
