"""Phones: which are enrolled for whom, the slips by which members join, the PIN."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field, Index, SQLModel, UniqueConstraint


class Device(SQLModel, table=True):
    """A phone enrolled for an account. `device_id` is the phone's own word; the token it holds is kept as a SHA-256."""

    __tablename__ = "device"
    __scope__: ClassVar[str] = "open"
    __table_args__ = (
        UniqueConstraint("account_id", "device_id"),
        Index("ix_device_token_hash", "token_hash", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    device_id: str = Field(max_length=64)
    label: str = Field(default="", max_length=80)
    token_hash: str = Field(max_length=64)
    enrolled_at: datetime
    last_seen_at: datetime | None = None
    client: str = Field(default="", max_length=20)
    revoked_at: datetime | None = None
    revoked_by: int | None = Field(default=None, foreign_key="account.id")


class AccountPin(SQLModel, table=True):
    """The six digits an account signs in with on its enrolled phones, as Argon2id."""

    __tablename__ = "account_pin"
    __scope__: ClassVar[str] = "open"

    account_id: int = Field(foreign_key="account.id", primary_key=True)
    pin_hash: str
    set_at: datetime


class Slip(SQLModel, table=True):
    """A printed slip that enrols one phone for a member, once, within fourteen days. The QR's token is kept as a SHA-256."""

    __tablename__ = "slip"
    __scope__: ClassVar[str] = "member"
    __table_args__ = (Index("ix_slip_token_hash", "token_hash", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    token_hash: str = Field(max_length=64)
    made_at: datetime
    made_by: int | None = Field(default=None, foreign_key="account.id")
    expires_at: datetime
    used_at: datetime | None = None
    device_id: int | None = Field(default=None, foreign_key="device.id")
    withdrawn_at: datetime | None = None
