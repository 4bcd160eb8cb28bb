"""The fast paths: Core statements the gate's conditions cannot reach. Each call names the villages it touches.

Used by tallies, imports and (with the phone) sync. Nothing else may import this; a house test lists who does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

from tdteam.domain.errors import NotFound
from tdteam.store.gate import _BULK, GatedSession, Ungated


def run(
    session: GatedSession,
    statement: Executable,
    params: Sequence[Mapping[str, Any]] | Mapping[str, Any] | None = None,
    *,
    places: Iterable[int],
) -> Any:
    """Run a Core statement on behalf of `places`; raises NotFound where one lies outside the scope."""
    for place in set(places):
        if not session.permits(place):
            raise NotFound
    options = {_BULK: True}
    return super(GatedSession, session).execute(statement, params, execution_options=options)


def insert(session: GatedSession, table: Table) -> Any:
    """An INSERT that knows ON CONFLICT, in the dialect of the session's database."""
    return (
        postgresql.insert(table) if session.get_bind().dialect.name == "postgresql" else sqlite.insert(table)
    )


def insert_rows(
    session: GatedSession, table: Table, rows: Sequence[Mapping[str, Any]], *, places: Iterable[int]
) -> None:
    """Many rows in one statement."""
    if not session.is_writing:
        raise Ungated("a reading session writes")
    if rows:
        run(session, insert(session, table), list(rows), places=places)
