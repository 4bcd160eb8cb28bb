"""What phones send: the append-only inbox, the numbers each phone has used, one-tap satisfaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger
from sqlmodel import JSON, Field, Index, SQLModel, UniqueConstraint

from tdteam.domain.sync import Doubt, RecordKind, Verdict
from tdteam.store.base import JSON_OR_NULL, one_of


class Inbox(SQLModel, table=True):
    """A record as it came, and what became of it. The upper half never changes (a trigger keeps it so; `body` may only be
    emptied, by retention or a resident's request); the lower half says how it was judged and decided."""

    __tablename__ = "inbox"
    __scope__: ClassVar[str] = "village"
    __table_args__ = (
        UniqueConstraint("record_id", "sha256"),
        one_of("kind", RecordKind),
        one_of("state", Verdict),
        one_of("doubt", Doubt, null=True),
        Index("ix_inbox_account_id_device_id", "account_id", "device_id", "seq"),
        Index("ix_inbox_village_id_state", "village_id", "state", "decided_at"),
        Index("ix_inbox_account_id_decided_at", "account_id", "decided_at"),
        Index("ix_inbox_received_at", "received_at"),
    )

    n: int | None = Field(default=None, primary_key=True)
    record_id: str = Field(max_length=36)
    sha256: str = Field(max_length=64)
    account_id: int = Field(foreign_key="account.id")  # who sent it
    from_account: int | None = None  # whose file it was, where somebody else delivered it
    device_id: str = Field(max_length=64)
    client: str = Field(default="", max_length=20)
    seq: int
    kind: str
    schema_version: int
    base_version: int | None = None
    recorded_at: str = Field(default="", max_length=40)  # as the phone wrote it
    clock_offset: int | None = Field(default=None, sa_type=BigInteger)  # ms the phone believed to be behind
    clock_measured: int | None = Field(default=None, sa_type=BigInteger)  # ms it was behind when it sent
    received_at: datetime
    body: str | None = None  # canonical JSON, what may not be kept masked

    state: str
    version: int | None = None
    flaws: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    clash: dict[str, Any] | None = Field(default=None, sa_type=JSON_OR_NULL)  # conflict: field -> both values
    doubt: str | None = None
    village_id: int | None = Field(default=None, foreign_key="place.id")
    target: str = ""  # the thing it made or changed
    decided_at: datetime | None = None
    decided_by: int | None = Field(default=None, foreign_key="account.id")
    decision: str = ""


class PhoneSequence(SQLModel, table=True):
    """How far the numbers of one phone and account have come: all up to `through` are here, `highest` is the last seen."""

    __tablename__ = "phone_sequence"
    __scope__: ClassVar[str] = "open"

    account_id: int = Field(foreign_key="account.id", primary_key=True)
    device_id: str = Field(primary_key=True, max_length=64)
    through: int = 0
    highest: int = 0
    last_at: datetime


class Satisfaction(SQLModel, table=True):
    """How many gave which score (1 to 3) in a village's period: counted when a visit comes, tied to nobody."""

    __tablename__ = "satisfaction"
    __scope__: ClassVar[str] = "village"

    village_id: int = Field(foreign_key="place.id", primary_key=True)
    period: str = Field(primary_key=True, max_length=7)
    score: int = Field(primary_key=True)
    given: int = 0
