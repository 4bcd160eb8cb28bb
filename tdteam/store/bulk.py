"""The fast paths: Core statements the gate's conditions cannot reach. Each call names the villages it touches.

Used by tallies, imports and (with the phone) sync. Nothing else may import this; a house test lists who does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from sqlalchemy import Dialect, Executable, Table
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


def insert_tuples(
    session: GatedSession,
    table: Table,
    columns: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    fixed: Mapping[str, Any],
    *,
    places: Iterable[int],
) -> None:
    """Very many rows: `rows` are tuples in the order of `columns`, and all have the `fixed` values besides. They go to
    the driver as they are, but for values of types it does not know: less than half the time dictionaries take on
    their way through SQLAlchemy."""
    if not session.is_writing:
        raise Ungated("a reading session writes")
    for place in set(places):
        if not session.permits(place):
            raise NotFound
    by_column = dict(zip(columns, zip(*rows, strict=True), strict=False))
    if not by_column:
        return
    count = len(by_column[columns[0]])
    connection = super(GatedSession, session).connection()
    compiled = table.insert().compile(dialect=connection.dialect, column_keys=[*columns, *fixed])
    order = compiled.positiontup if compiled.positional else [*columns, *fixed]
    values: list[Iterable[Any]] = []
    for name in order or ():
        translated = _translator(table, name, connection.dialect)
        if name in fixed:
            values.append(repeat(translated(fixed[name]) if translated else fixed[name], count))
        else:
            values.append(map(translated, by_column[name]) if translated else by_column[name])
    told: Iterable[Any] = zip(*values, strict=True)
    if not compiled.positional:
        told = (dict(zip(order or (), row, strict=True)) for row in told)
    connection.exec_driver_sql(str(compiled), list(told))


def _translator(table: Table, column: str, dialect: Dialect) -> Callable[[Any], Any] | None:
    """What turns a value of a column's type into one the driver takes; None where it takes it as it is."""
    return table.c[column].type.dialect_impl(dialect).bind_processor(dialect)
