"""Accounts, the places they reach, and the throttle of sign-in."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from tdteam.domain.places import ALWAYS
from tdteam.domain.roles import Role
from tdteam.store.base import one_of


class Account(SQLModel, table=True):
    """Someone who signs in. `session_stamp` is drawn anew to sign out everywhere."""

    __tablename__ = "account"
    __scope__: ClassVar[str] = "open"
    __table_args__ = (one_of("role", Role), Index("ix_account_name_sort", "name_sort", "id"))

    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(unique=True)
    name: str
    name_fold: str
    name_sort: str
    role: str
    member_id: int | None = Field(default=None, foreign_key="member.id")
    password_hash: str
    session_stamp: str
    totp_secret: str | None = None
    totp_last_step: int | None = None  # a code is good once
    recovery_hashes: str = ""  # SHA-256 of the recovery codes left, parted by blanks
    is_demo: bool = False
    created_at: datetime
    disabled_at: datetime | None = None
    password_changed_at: datetime | None = None
    # The password came on a slip: good until then, to be changed at first use.
    one_time_until: datetime | None = None
    last_seen_at: datetime | None = None


class AccountPlace(SQLModel, table=True):
    """A root of an account's scope, dated: hand-overs keep their history."""

    __tablename__ = "account_place"
    __scope__: ClassVar[str] = "open"
    __table_args__ = (UniqueConstraint("account_id", "place_id", "since"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    place_id: int = Field(foreign_key="place.id", index=True)
    since: date = ALWAYS
    until: date | None = None


class SignInAttempt(SQLModel, table=True):
    """Failed sign-ins per key (account name, address or browser, hashed): in the database, so that every process counts
    alike. `succeeded_at` remembers an address an account signed in from."""

    __tablename__ = "sign_in_attempt"
    __scope__: ClassVar[str] = "open"

    key: str = Field(primary_key=True)
    failures: int = 0
    first_at: datetime
    last_at: datetime
    blocked_until: datetime | None = None
    succeeded_at: datetime | None = None
