"""Tokens of machines that read figures."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlmodel import Field, SQLModel


class ApiToken(SQLModel, table=True):
    """A machine's key to the read-only API: it sees figures where its account looks, and never names. Kept as a hash;
    `hint` are the first letters, to tell it from others."""

    __tablename__ = "api_token"
    __scope__: ClassVar[str] = "open"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    hint: str = Field(max_length=8)
    hash: str = Field(unique=True, max_length=64)
    account_id: int = Field(foreign_key="account.id", index=True)
    made_at: datetime
    made_by: int | None = Field(default=None, foreign_key="account.id")
    expires_on: date | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: int | None = Field(default=None, foreign_key="account.id")
