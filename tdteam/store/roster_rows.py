"""What an import writes of households, many rows a statement, each with what stood there before (`note_changes`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, bindparam, insert, literal, select, update

from tdteam.domain.errors import Conflict
from tdteam.domain.ids import new_ids
from tdteam.domain.people import SubjectKind
from tdteam.domain.rosters.plans import Change
from tdteam.domain.rosters.rows import HouseholdRow
from tdteam.domain.rosters.stored import StoredHousehold
from tdteam.domain.vietnamese import name_key
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Household, UploadChange

CHUNK = 2_000
Told = Callable[[int, int], None]
Noted = tuple[str, Mapping[str, Any] | None, int]
"""A row's id, what undoing it has to know (None: it was added), its version after the import."""

_household: Table = Household.__table__  # type: ignore[attr-defined]
_change: Table = UploadChange.__table__  # type: ignore[attr-defined]


def note_changes(session: GatedSession, upload_id: int | None, noun: str, changes: Iterable[Noted]) -> None:
    """Write down what an import did to each row, for `store/roster_undo.py`."""
    if upload_id is None:
        return
    values = [
        {"upload_id": upload_id, "noun": noun, "target": target, "before": before, "after_version": version}
        for target, before, version in changes
    ]
    bulk.insert_rows(session, _change, values, places=())


def add_households(
    session: GatedSession, rows: list[HouseholdRow], upload_id: int | None, told: Told | None = None
) -> None:
    """Write many new households and empty the list while doing so; that they were added is noted in one statement."""
    now, whole = datetime.now(UTC), len(rows)
    places = {row.village_id for row in rows}
    rows.reverse()
    while rows:
        part = rows[: -CHUNK - 1 : -1]
        del rows[-CHUNK:]
        values = (_fresh(row, key) for row, key in zip(part, new_ids(len(part)), strict=True))
        bulk.insert_tuples(session, _household, _COLUMNS, values, _new(now), places=places)
        if told:
            told(whole - len(rows), whole)
    if whole and upload_id is not None:
        made = select(
            literal(upload_id),
            literal("household"),
            _household.c.id,
            literal(None, _change.c.before.type),
            literal(1),
        ).where(_household.c.created_at == now, _household.c.village_id.in_(places))
        columns = ["upload_id", "noun", "target", "before", "after_version"]
        bulk.run(session, insert(_change).from_select(columns, made.order_by(_household.c.id)), places=places)


_COLUMNS = (
    *("id", "village_id", "kind", "head", "head_fold", "head_sort", "birth_year", "people", "adults", "eid2"),
    *("poverty", "smartphone", "phone", "note"),
)


def _fresh(row: HouseholdRow, key: str) -> tuple[Any, ...]:
    """A new household's values of _COLUMNS."""
    return (
        key,
        row.village_id,
        row.kind or SubjectKind.HOUSEHOLD,
        row.head,
        row.folded,
        name_key(row.head),
        row.birth_year,
        row.people,
        row.adults,
        row.eid2,
        row.poverty,
        row.smartphone,
        row.phone,
        row.note or "",
    )


def _new(now: datetime) -> dict[str, Any]:
    """What all new households say alike."""
    return {"version": 1, "created_at": now, "changed_at": now, "ended_why": ""}


def change_households(
    session: GatedSession,
    changed: Sequence[tuple[StoredHousehold, HouseholdRow, tuple[Change, ...]]],
    upload_id: int | None,
) -> None:
    """Write what the file says otherwise, one version up."""
    rows = []
    now = datetime.now(UTC)
    for record, row, changes in changed:
        values: dict[str, Any] = {one.field: one.new for one in changes}
        if "head" in values:
            values |= {"head_fold": row.folded, "head_sort": name_key(row.head)}
        rows.append((record.id, record.version, {**values, "changed_at": now}))
    write_rows(session, _household, rows, places={record.village_id for record, _, _ in changed})
    note_changes(
        session,
        upload_id,
        "household",
        [(r.id, {one.field: one.old for one in changes}, r.version + 1) for r, _, changes in changed],
    )


def write_rows(
    session: GatedSession,
    table: Table,
    rows: Iterable[tuple[object, int, Mapping[str, Any]]],
    *,
    places: Iterable[int],
) -> None:
    """Give rows (id, version they must still have, new values) their values and the next version, one statement for
    all that change the same columns. Raises Conflict where one changed meanwhile."""
    wanted = set(places)
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for key, version, values in rows:
        given = {f"new_{name}": value for name, value in values.items()}
        alike.setdefault(tuple(sorted(values)), []).append({"key": key, "was": version, **given})
    for columns, params in alike.items():
        statement = (
            update(table)
            .where(table.c.id == bindparam("key"), table.c.version == bindparam("was"))
            .values(version=table.c.version + 1, **{name: bindparam(f"new_{name}") for name in columns})
        )
        for start in range(0, len(params), CHUNK):
            part = params[start : start + CHUNK]
            if bulk.run(session, statement, part, places=wanted).rowcount != len(part):
                raise Conflict
