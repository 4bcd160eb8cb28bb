"""The trace an import leaves (`upload_change`), and who by now refers to the rows it made.

What `UploadChange.before` holds by noun:

- village, household, team: null where the row was added, else the values that stood there before;
- member: {"added": true} or {"was": values}, and the service as the import left it ("membership_id", "role",
  "component", "training_id"), for a membership has no version of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Table, delete, select

from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.tables import UploadChange

PART = 500  # ids in one statement
_change: Table = UploadChange.__table__  # type: ignore[attr-defined]


@dataclass
class Undone:
    """What an undo did; `villages` are those whose registry changed."""

    removed: int = 0
    restored: int = 0
    kept: int = 0
    villages: set[int] = field(default_factory=set)

    def count(self, noted: Sequence[Noted], removed: int, restored: int) -> None:
        """Add up; what was neither removed nor restored was kept."""
        self.removed += removed
        self.restored += restored
        self.kept += len(noted) - removed - restored


@dataclass(frozen=True)
class Noted:
    """One change: the row's id, what undoing it has to know, the version the import left."""

    target: Any
    before: Mapping[str, Any] | None
    version: int


def read_trace(session: GatedSession, upload_id: int) -> dict[str, list[Noted]]:
    """An upload's changes by noun, in the order they were made."""
    out: dict[str, list[Noted]] = {"household": [], "member": [], "team": [], "village": []}
    query = select(_change).where(_change.c.upload_id == upload_id).order_by(_change.c.id)
    for row in bulk.run(session, query, places=()):
        key: Any = row.target if row.noun == "household" else int(row.target)
        out[row.noun].append(Noted(key, row.before, row.after_version))
    return out


def parts(things: Collection[Any]) -> Iterator[list[Any]]:
    """The things, as many at a time as one statement takes."""
    listed = list(things)
    return (listed[start : start + PART] for start in range(0, len(listed), PART))


def rows_of(session: GatedSession, table: Table, ids: Collection[Any]) -> dict[Any, Row[Any]]:
    """The rows of some ids, locked, by id."""
    out: dict[Any, Row[Any]] = {}
    for part in parts(ids):
        query = select(table).where(table.c.id.in_(part)).with_for_update()
        out.update({row.id: row for row in bulk.run(session, query, places=())})
    return out


def remove(session: GatedSession, table: Table, column: str, ids: Collection[Any]) -> None:
    """Delete rows that were found to be the import's own."""
    for part in parts(ids):
        bulk.run(session, delete(table).where(table.c[column].in_(part)), places=())


def used(session: GatedSession, table: Table, ids: Collection[Any], but: Iterable[Table] = ()) -> set[Any]:
    """Which of some rows any other row refers to by a foreign key, in whatever table `but` those given."""
    own = {one.name for one in but}
    ties = [
        key.parent
        for other in table.metadata.tables.values()
        for key in other.foreign_keys
        if key.column.table is table and other.name not in own
    ]
    out: set[Any] = set()
    for part in parts(ids):
        for tie in ties:
            query = select(tie).distinct().where(tie.in_(part))
            out |= set(bulk.run(session, query, places=()).scalars())
    return out
