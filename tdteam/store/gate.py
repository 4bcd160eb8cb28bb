"""The gate: the only kind of session there is, and the one place where scope is enforced.

`open_session(engine, scope)` gives a session whose every SELECT, UPDATE and DELETE of a scoped table carries the condition that the
row's place lies inside the scope's roots *today*, and which refuses to flush a row that lies outside. What is outside
is not forbidden but not found. Statements the criteria cannot reach (text, bulk inserts, raw connections) are refused;
`store/bulk.py` alone may run them, and must name the villages it touches.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Engine, event, inspect, select
from sqlalchemy.orm import ORMExecuteState
from sqlmodel import Session

from tdteam.domain.errors import NotFound
from tdteam.store import tables
from tdteam.store.engine import writers
from tdteam.store.scope import (
    BY_KEY,
    INSIDE,
    RULES,
    Scope,
    Ungated,
    all_tables,
    conditioned,
    kept,
    scope_word,
)

__all__ = ["BY_KEY", "EVERYWHERE", "GatedSession", "Scope", "Ungated", "all_tables", "kept", "open_session"]

_BULK = "tdteam_bulk"
EVERYWHERE = Scope(names=True, is_everywhere=True)
"""For sign-in, migrations, doctor, backup and the command line only; a house test lists who may write this word."""


class GatedSession(Session):
    """A session inside one scope. Read-only unless opened for writing. `within`: a connection whose transaction it
    shares with others; it keeps to a savepoint of its own (`store/together.py`)."""

    scope: Scope
    is_writing: bool

    def __init__(
        self, engine: Engine, scope: Scope, *, write: bool, within: Connection | None = None
    ) -> None:
        bind = within or (writers(engine) if write else engine)
        super().__init__(bind, autoflush=write, join_transaction_mode="create_savepoint")
        self.scope = scope
        self.is_writing = write
        self._inside_ids: frozenset[int] | None = None

    @property
    def inside_ids(self) -> frozenset[int]:
        """Ids of the places inside the scope today (asked once a session)."""
        if self._inside_ids is None:
            asked = {"roots": sorted(self.scope.roots), "day": self.scope.day}
            found = super().execute(INSIDE, asked, execution_options={_BULK: True})
            self._inside_ids = frozenset(found.scalars())
        return self._inside_ids

    def permits(self, place_id: int) -> bool:
        """Whether facts of this place may be written."""
        return self.scope.is_everywhere or place_id in self.inside_ids

    def demand(self, place_id: int) -> None:
        """Raise NotFound unless the place is inside the scope."""
        if not self.permits(place_id):
            raise NotFound

    def _refuse(self, *_args: Any, **_options: Any) -> Any:
        raise Ungated("bulk statements and raw connections go through store/bulk.py")

    def connection(self, *args: Any, **options: Any) -> Any:
        """The raw connection, for system work only: no condition reaches what runs on it."""
        return super().connection(*args, **options) if self.scope.is_everywhere else self._refuse()

    bulk_save_objects = _refuse
    bulk_insert_mappings = _refuse
    bulk_update_mappings = _refuse


def open_session(engine: Engine, scope: Scope, *, write: bool = False) -> GatedSession:
    """A session inside `scope`; on SQLite a writing one begins IMMEDIATE. A missing scope raises Ungated."""
    if not isinstance(scope, Scope):
        raise Ungated("a session needs a scope")
    return GatedSession(engine, scope, write=write)


@event.listens_for(GatedSession, "do_orm_execute")
def _gate_statement(state: ORMExecuteState) -> None:
    session = state.session
    if not isinstance(session, GatedSession):
        raise Ungated("a session opened past the gate")
    if session.scope.is_everywhere or state.execution_options.get(_BULK):
        return
    if not state.is_orm_statement or state.is_insert or state.is_from_statement:
        raise Ungated("a statement the scope cannot reach")
    if (state.is_update or state.is_delete) and isinstance(state.parameters, list):
        raise Ungated("bulk update by primary key")
    if state.is_update and _moves(state):
        raise Ungated("an update that moves rows: change the row itself, so that both its places are checked")
    if state.is_select or state.is_update or state.is_delete:
        if state.is_column_load:
            return  # refreshes columns of a row that already came through the gate
        state.statement = conditioned(state.statement, session.scope, state.execution_options)


def _moves(state: ORMExecuteState) -> bool:
    """Whether an UPDATE sets the very column its rows are scoped by."""
    statement: Any = state.statement
    given = {getattr(key, "key", key) for key in (*(statement._values or ()), *(state.parameters or ()))}
    anchors = {
        RULES[cls.__scope__][0]  # type: ignore[attr-defined]
        for cls in all_tables()
        if cls.__tablename__ == statement.table.name and cls.__scope__ in RULES  # type: ignore[attr-defined]
    }
    return bool(given & anchors)


@event.listens_for(GatedSession, "before_flush")
def _gate_flush(session: GatedSession, _context: Any, _instances: Any) -> None:
    if not session.is_writing and (session.new or session.dirty or session.deleted):
        raise Ungated("a reading session writes")
    if session.scope.is_everywhere:
        return
    for row in [*session.new, *session.dirty, *session.deleted]:
        _gate_row(session, row)


def _values(row: Any, column: str) -> Iterable[Any]:
    """The column's value now and, where it changes, before: a row may be moved neither out of nor into a foreign place."""
    history = inspect(row).attrs[column].history
    return {*history.added, *history.deleted, *history.unchanged}


def _gate_row(session: GatedSession, row: Any) -> None:
    word = scope_word(type(row))
    if word in ("village", "place", "place_above"):
        column = RULES[word][0]
        outside = [value for value in _values(row, column) if not session.permits(value)]
    elif word == "team_village":
        outside = [v for v in _values(row, "village_id") if not session.permits(v)]
        outside += _not_visible(session, tables.Team, _values(row, "team_id"))
    elif word == "team":
        outside = _not_visible(session, tables.Team, _values(row, "team_id"))
        if isinstance(row, tables.Membership):
            outside += _not_visible(session, tables.Member, _values(row, "member_id"))
    elif word == "member":
        outside = _not_visible(session, tables.Member, _values(row, "member_id"))
    elif word == "upload":
        outside = _not_visible(session, tables.Upload, _values(row, "upload_id"))
    elif word == "commune":
        outside = [v for v in _values(row, "commune_id") if not session.permits(v)]
    elif word == "reach":
        # a new village lies where its old commune does
        home = row.id if row in session.deleted or row.id else row.origin_id
        outside = [] if home and session.permits(home) else [home]
    else:  # open; team_self and member_self stay unseen until a checked edge ties them to a village
        outside = []
    if outside:
        raise Ungated(f"{type(row).__name__} outside the scope: {outside}")


def _not_visible(session: GatedSession, cls: type[Any], ids: Iterable[Any]) -> list[Any]:
    """Ids that are neither being created in this session nor inside its scope."""
    fresh = {id(row): row for row in session.new if isinstance(row, cls)}
    new_ids = {row.id for row in fresh.values()}
    out = []
    with session.no_autoflush:
        for value in ids:
            if value is None or value in new_ids or value in session.info.get(("made", cls), ()):
                continue
            if session.scalar(select(cls.id).where(cls.id == value)) is None:
                out.append(value)
    return out


@event.listens_for(GatedSession, "after_flush")
def _remember_made(session: GatedSession, _context: Any) -> None:
    """Teams, members and uploads made in this transaction may be tied to villages later in it."""
    for row in session.new:
        if isinstance(row, tables.Team | tables.Member | tables.Upload):
            session.info.setdefault(("made", type(row)), set()).add(row.id)
