"""Statements made once and run again and again by the driver itself: what `store/bulk.py` does, for the roads where
SQLAlchemy's own way to a small statement costs more than the database's (records from phones, tallies, audit).

A statement is compiled once for each database, and types the driver does not know are translated as SQLAlchemy would.
Lists go in as one value (`any_of`), so that their length changes nothing. As in `bulk`, each call names the villages
it touches, and errors are translated as the engine has it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Dialect, Executable, Table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.types import ARRAY, Boolean, String

from tdteam.domain.errors import NotFound
from tdteam.store.gate import GatedSession, Ungated

Translator = Callable[[Any], Any]
Row = tuple[Any, ...]


class any_of(ColumnElement[bool]):  # noqa: N801 - read as a function
    """`column` is one of the values of a list, which is given when the statement is run: one value to the driver."""

    inherit_cache = False
    type = Boolean()
    _is_implicitly_boolean = True  # or SQLite is asked `(… IN …) = 1`, for which no index answers

    def __init__(self, column: Any, name: str) -> None:
        self.column = column
        self.list: BindParameter[Any] = BindParameter(name, required=True, type_=String())


@compiles(any_of, "sqlite")
def _any_of_sqlite(element: any_of, compiler: SQLCompiler, **more: Any) -> str:
    column, listed = compiler.process(element.column, **more), compiler.process(element.list, **more)
    return f"{column} IN (SELECT value FROM json_each({listed}))"  # noqa: S608 - words of the compiler


@compiles(any_of, "postgresql")
def _any_of_postgresql(element: any_of, compiler: SQLCompiler, **more: Any) -> str:
    typed = BindParameter(element.list.key, required=True, type_=ARRAY(element.column.type))
    return f"{compiler.process(element.column, **more)} = ANY({compiler.process(typed, **more)})"


class Prepared:
    """A Core statement, with `bindparam`s (and `any_of`) for what changes."""

    def __init__(self, statement: Executable) -> None:
        self.statement: Any = statement
        self._made: dict[str, _Made] = {}

    def ask(self, session: GatedSession, values: Mapping[str, Any], *, places: Iterable[int]) -> list[Row]:
        """Its rows. Raises NotFound where one of `places` lies outside the scope."""
        made, cursor = self._run(session, values, places)
        rows: list[Row] = cursor.fetchall()
        cursor.close()
        return [made.read(row) for row in rows] if made.readers else rows

    def tell(self, session: GatedSession, values: Mapping[str, Any], *, places: Iterable[int]) -> int:
        """Run what changes rows; how many it changed."""
        if not session.is_writing:
            raise Ungated("a reading session writes")
        _, cursor = self._run(session, values, places)
        return int(cursor.rowcount)

    def _run(self, session: GatedSession, values: Mapping[str, Any], places: Iterable[int]) -> Any:
        connection = _connection(session, places)
        made = self._made.get(connection.dialect.name)
        if made is None:
            made = self._made[connection.dialect.name] = _Made(self.statement, connection.dialect)
        return made, _say(connection, made.sql, made.told(values))


class _Made:
    """A statement in the words of one database."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self.order: Sequence[str] | None = compiled.positiontup if compiled.positional else None
        self.fixed: dict[str, Any] = {n: b.value for n, b in compiled.binds.items() if not b.required}
        types = {name: bind.type for name, bind in compiled.binds.items()}
        self.writers = _some(
            {n: type_.dialect_impl(dialect).bind_processor(dialect) for n, type_ in types.items()}
        )
        self.is_sqlite = dialect.name == "sqlite"
        columns: Iterable[Any] = statement.selected_columns if statement.is_select else ()
        impls = [column.type.dialect_impl(dialect) for column in columns]
        self.readers = _some({n: impl.result_processor(dialect, None) for n, impl in enumerate(impls)})

    def told(self, values: Mapping[str, Any]) -> Any:
        whole = {**self.fixed, **values}
        for name, value in whole.items():
            if isinstance(value, list | tuple | set | frozenset):
                whole[name] = json.dumps(list(value)) if self.is_sqlite else list(value)
            elif name in self.writers:
                whole[name] = self.writers[name](value)
        return whole if self.order is None else tuple([whole[name] for name in self.order])

    def read(self, row: Row) -> Row:
        return tuple([self.readers[n](value) if n in self.readers else value for n, value in enumerate(row)])


class Rows:
    """Rows of a table put down at once: `columns` name the values of each. `conflict` is the end of the statement, from
    ON CONFLICT on; `key` the columns a row is known by, where `put_new` is to tell which were new."""

    def __init__(
        self, table: Table, columns: Sequence[str], conflict: str = "", key: Sequence[str] = ()
    ) -> None:
        self.table = table
        self.columns = tuple(columns)
        self.conflict = conflict
        self.key = tuple(key)
        self._made: dict[str, tuple[str, str, dict[int, Translator]]] = {}

    def put(self, session: GatedSession, rows: Sequence[Row], *, places: Iterable[int]) -> int:
        """Write rows; how many were written or changed."""
        connection = self._writing(session, places)
        if not rows:
            return 0
        sql, _, translators = self._words(connection.dialect)
        if connection.dialect.name == "sqlite":
            return int(_say(connection, sql, _translated(rows, translators), many=True).rowcount)
        return int(_say(connection, sql, (_as_json(rows),)).rowcount)

    def put_new(self, session: GatedSession, rows: Sequence[Row], *, places: Iterable[int]) -> set[Row]:
        """Write those rows whose key is free, and tell their keys. On SQLite, where a transaction that writes is alone,
        what is there is looked up before; PostgreSQL tells it after."""
        connection = self._writing(session, places)
        if not rows:
            return set()
        sql, asked, translators = self._words(connection.dialect)
        if connection.dialect.name != "sqlite":
            return set(_say(connection, sql + asked, (_as_json(rows),)).fetchall())
        places_of_key = [self.columns.index(name) for name in self.key]
        keyed = {tuple([row[place] for place in places_of_key]): row for row in rows}
        firsts = json.dumps([key[0] for key in keyed])
        held = set(_say(connection, asked, (firsts,)).fetchall())
        fresh = {key: row for key, row in keyed.items() if key not in held}
        if fresh:
            _say(connection, sql, _translated(list(fresh.values()), translators), many=True)
        return set(fresh)

    def _writing(self, session: GatedSession, places: Iterable[int]) -> Any:
        if not session.is_writing:
            raise Ungated("a reading session writes")
        return _connection(session, places)

    def _words(self, dialect: Dialect) -> tuple[str, str, dict[int, Translator]]:
        """The statement; what asks for the keys that are there (on PostgreSQL: for those that were written, as the
        statement's end); what turns values into the driver's."""
        if dialect.name not in self._made:
            names, key = ", ".join(map(_quoted, self.columns)), ", ".join(self.key)
            into = f"INSERT INTO {self.table.name} ({names})"
            if dialect.name == "sqlite":
                sql = f"{into} VALUES ({', '.join('?' * len(self.columns))}) {self.conflict}"
                first = key.partition(",")[0]
                asked = (
                    f"SELECT {key} FROM {self.table.name} WHERE {first} IN (SELECT value FROM json_each(?))"  # noqa: S608
                )
                self._made[dialect.name] = (sql, asked, self._translators(dialect))
            else:
                # An explicit cast to VARCHAR(n) would cut silently; written as text, too long is an error.
                types = [self.table.c[name].type for name in self.columns]
                kinds = ["text" if isinstance(one, String) else one.compile(dialect) for one in types]
                picked = ", ".join(f"(r->>{place})::{kind}" for place, kind in enumerate(kinds))
                sql = f"{into} SELECT {picked} FROM jsonb_array_elements(%s::jsonb) AS r {self.conflict}"  # noqa: S608
                self._made[dialect.name] = (sql, f" RETURNING {key}", {})
        return self._made[dialect.name]

    def _translators(self, dialect: Dialect) -> dict[int, Translator]:
        types = [self.table.c[name].type.dialect_impl(dialect) for name in self.columns]
        return _some({place: type_.bind_processor(dialect) for place, type_ in enumerate(types)})


def _say(connection: Connection, sql: str, values: Any, *, many: bool = False) -> Any:
    """Have the driver itself run a statement; its cursor. A small statement costs SQLAlchemy, which makes a result with
    names of it, more than the database. Where somebody listens to what is asked, it goes SQLAlchemy's way."""
    if connection.dispatch.before_cursor_execute or connection.dispatch.after_cursor_execute:
        heard = connection.exec_driver_sql(sql, values)
        # What gives no rows has closed its cursor; the result still says how many it changed.
        return heard.cursor or heard
    cursor = connection.connection.cursor()
    try:
        if many:
            cursor.executemany(sql, values)
        else:
            cursor.execute(sql, values)
    except Exception as error:
        connection._handle_dbapi_exception(
            error, sql, values, cursor, None
        )  # raises, in our words (`engine`)
    return cursor


def _connection(session: GatedSession, places: Iterable[int]) -> Any:
    """The connection, on behalf of `places`."""
    for place in set(places):
        if not session.permits(place):
            raise NotFound
    return super(GatedSession, session).connection()


def _quoted(name: str) -> str:
    return f'"{name}"'


def _some(found: Mapping[Any, Translator | None]) -> dict[Any, Translator]:
    return {key: translator for key, translator in found.items() if translator is not None}


def _as_json(rows: Sequence[Row]) -> str:
    return json.dumps(rows, default=_told, ensure_ascii=False, separators=(",", ":"))


def _told(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _translated(rows: Sequence[Row], translators: Mapping[int, Translator]) -> Sequence[Row]:
    """Rows as the driver takes them: column by column, and each value of a column that is the same only once."""
    if not translators:
        return rows
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    for place, translate in translators.items():
        try:
            known = {value: translate(value) for value in set(columns[place])}
            columns[place] = [known[value] for value in columns[place]]
        except (
            TypeError
        ):  # lists and mappings, of a JSON column: known by what they are, not by what they say
            same = {id(value): value for value in columns[place]}
            known = {which: translate(value) for which, value in same.items()}
            columns[place] = [known[id(value)] for value in columns[place]]
    return list(zip(*columns, strict=True))
