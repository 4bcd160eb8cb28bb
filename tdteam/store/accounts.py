"""Accounts: finding, making, scope roots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlmodel import select

from tdteam.domain.errors import NotFound
from tdteam.domain.periods import today
from tdteam.domain.vietnamese import fold
from tdteam.store.gate import GatedSession
from tdteam.store.places import holds_on
from tdteam.store.tables import Account, AccountPlace, Place


@dataclass(frozen=True)
class Seen:
    """An account as each request sees it."""

    id: int
    username: str
    name: str
    role: str
    stamp: str
    is_active: bool
    is_demo: bool
    member_id: int | None
    roots: frozenset[int]
    root_names: tuple[str, ...]


def find_seen(session: GatedSession, account_id: int, on: date | None = None) -> Seen | None:
    """An account with its roots of today."""
    row = session.get(Account, account_id)
    if row is None or row.id is None:
        return None
    roots = session.exec(
        select(Place.id, Place.name)
        .join(AccountPlace, AccountPlace.place_id == Place.id)  # type: ignore[arg-type]
        .where(AccountPlace.account_id == account_id, holds_on(AccountPlace, on or today()))
        .order_by(Place.name_sort)
    ).all()
    return Seen(
        id=row.id,
        username=row.username,
        name=row.name,
        role=row.role,
        stamp=row.session_stamp,
        is_active=row.disabled_at is None,
        is_demo=row.is_demo,
        member_id=row.member_id,
        roots=frozenset(place_id for place_id, _ in roots if place_id),
        root_names=tuple(name for _, name in roots),
    )


def find_by_username(session: GatedSession, username: str) -> Account | None:
    """An account by its sign-in name (folded to lower case)."""
    return session.exec(select(Account).where(Account.username == fold(username))).first()


def get_account(session: GatedSession, account_id: int) -> Account:
    row = session.get(Account, account_id)
    if row is None:
        raise NotFound
    return row


def add_account(
    session: GatedSession,
    *,
    username: str,
    name: str,
    role: str,
    password_hash: str,
    stamp: str,
    roots: list[int],
    member_id: int | None = None,
    is_demo: bool = False,
) -> Account:
    """Store a new account with its roots. What makes a good password is `domain/passwords`' affair."""
    row = Account(
        username=fold(username),
        name=name,
        name_fold=fold(name),
        role=role,
        password_hash=password_hash,
        session_stamp=stamp,
        member_id=member_id,
        is_demo=is_demo,
        created_at=datetime.now(UTC),
    )
    session.add(row)
    session.flush()
    for place_id in roots:
        session.add(AccountPlace(account_id=row.id or 0, place_id=place_id, since=today()))
    session.flush()
    return row
