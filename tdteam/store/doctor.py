"""What can be checked of a database: it opens, takes writes, is sound, stands at the code's revision."""

from __future__ import annotations

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from tdteam.domain.errors import TdteamError


def can_write(engine: Engine) -> bool:
    """Whether a write would go through now (tried, then rolled back)."""
    try:
        with engine.execution_options(immediate=True).connect() as connection:
            connection.execute(text("UPDATE setting SET value = value WHERE key = ''"))
            connection.rollback()
        return True
    except (SQLAlchemyError, TdteamError):
        return False


def integrity(engine: Engine) -> str | None:
    """None when SQLite finds its file sound and every foreign key kept; else what it says."""
    if engine.dialect.name != "sqlite":
        return None
    with engine.connect() as connection:
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        if said != "ok":
            return str(said)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        return f"foreign key: {broken}" if broken else None
