"""Photos: the file is in the instance folder under its stored hash; who sent it; which records show it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field, SQLModel


class Evidence(SQLModel, table=True):
    """A picture. `sha256` is of the bytes as sent (phones know it by that), `stored_sha256` of those kept, re-encoded."""

    __tablename__ = "evidence"
    __scope__: ClassVar[str] = "open"

    sha256: str = Field(primary_key=True, max_length=64)
    stored_sha256: str = Field(max_length=64, index=True)
    size: int
    stored_size: int
    width: int
    height: int
    account_id: int | None = Field(default=None, foreign_key="account.id")
    received_at: datetime
    removed_at: datetime | None = None


class RecordPhoto(SQLModel, table=True):
    """A picture a record names; through it, and only through it, a picture is seen."""

    __tablename__ = "record_photo"
    __scope__: ClassVar[str] = "village"

    record_id: str = Field(primary_key=True, max_length=36)
    sha256: str = Field(primary_key=True, max_length=64, index=True)
    village_id: int = Field(foreign_key="place.id", index=True)
