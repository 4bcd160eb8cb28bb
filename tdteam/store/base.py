"""What every table shares: names of constraints (Alembic needs them), and how a table is scoped."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import SQLModel

# Set before any table class, or autogenerate writes unnamed constraints that a batch migration drops.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = SQLModel.metadata

# Of a JSON column that may say nothing: None is SQL's NULL. Rows of before hold JSON's own 'null'; both read as None.
JSON_OR_NULL = JSON(none_as_null=True)


def one_of(column: str, values: Iterable[str], *, null: bool = False) -> CheckConstraint:
    """A named CHECK that keeps a text column inside a vocabulary (native enums are a migration's pain)."""
    listed = ", ".join(f"'{value}'" for value in values)
    rule = f"{column} IN ({listed})" + (f" OR {column} IS NULL" if null else "")
    return CheckConstraint(rule, name=f"{column}_known")


def at_least(column: str, low: int) -> CheckConstraint:
    """A named CHECK that a number, where given, is not below `low`."""
    return CheckConstraint(f"{column} >= {low}", name=f"{column}_low")
