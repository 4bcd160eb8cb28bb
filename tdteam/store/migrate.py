"""Migrations: backed up first, run with foreign keys off, checked and counted after.

With foreign keys on, SQLite's batch form drops and recreates a parent table and `ON DELETE CASCADE` empties its
children; so the migration engine connects with them off, then `PRAGMA foreign_key_check` must find nothing and no
table may hold fewer rows than before.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from tdteam.store.engine import is_sqlite, make_engine

FOLDER = Path(__file__).parent.parent / "migrations"


class MigrationFailed(Exception):
    """The upgrade broke a promise (`foreign_keys`, `rows_lost`); the transaction was rolled back."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.attributes["connection"] = connection
    return made


def newest() -> str:
    """The revision the code wants."""
    return str(ScriptDirectory.from_config(config()).get_current_head())


def current(engine: Engine) -> str | None:
    """The revision the database is at; None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def counts(connection: Connection) -> dict[str, int]:
    """Rows a table."""
    names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
    return {
        name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()  # noqa: S608 our own names
        for name in names
    }


def upgrade(
    url: str, *, key: str | None = None, before: Callable[[], object] | None = None, to: str = "head"
) -> bool:
    """Bring the database at `url` to `to`; True when something ran. `before` makes the backup of a filled database."""
    engine = make_engine(url, key=key, foreign_keys=False)
    try:
        if to == "head" and current(engine) == newest():
            return False
        if before and current(engine) is not None:
            before()
        with engine.execution_options(immediate=True).begin() as connection:
            held = counts(connection)
            command.upgrade(config(connection), to)
            _check(connection, held, is_sqlite(engine))
        return True
    finally:
        engine.dispose()


def _check(connection: Connection, held: dict[str, int], sqlite: bool) -> None:
    if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise MigrationFailed("foreign_keys")
    now = counts(connection)
    if any(now.get(name, held[name]) < held[name] for name in held):
        raise MigrationFailed("rows_lost")
