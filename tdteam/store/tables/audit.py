"""The audit: one hash-chained entry an action, append-only by trigger. No personal data in entries."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field, Index, SQLModel


class Audit(SQLModel, table=True):
    """Who did what to which thing, where and when. `hash` = SHA-256 over `previous` and the entry in canonical JSON."""

    __tablename__ = "audit"
    __scope__: ClassVar[str] = "open"
    __table_args__ = (
        Index("ix_audit_at", "at", "id"),
        Index("ix_audit_account_id", "account_id", "at"),
        Index("ix_audit_target", "noun", "target", "id"),  # the history on a thing's own page
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    account_id: int | None = None
    action: str
    noun: str
    target: str = ""
    place_id: int | None = None
    detail: str = "{}"  # canonical JSON: field names, counts, never names of people
    previous: str
    hash: str = Field(unique=True)
