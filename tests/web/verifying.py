"""What tests of sealed papers share: altering a database past its own triggers, as somebody with the file could."""

from __future__ import annotations

from sqlalchemy import Engine, text

TABLES = ("sealing", "paper", "audit")


def alter(engine: Engine, change: str, **values: object) -> None:
    """Drop the triggers that keep what is sealed, then run a statement."""
    with engine.begin() as connection:
        for table in TABLES:
            for verb in ("update", "delete", "change"):
                on = f" ON {table}" if engine.dialect.name == "postgresql" else ""
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}"))
        changed = connection.execute(text(change), values) if values else connection.exec_driver_sql(change)
        assert changed.rowcount, f"nothing was changed by {change}"
