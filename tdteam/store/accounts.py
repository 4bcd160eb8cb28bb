"""Accounts: who signs in, and the dated places they reach. Lists for those who keep them: `account_lists`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import bindparam, exists, false, or_
from sqlalchemy import select as core_select
from sqlmodel import col, select

from tdteam.domain.accounts import VILLAGE_ROLES
from tdteam.domain.errors import NotFound
from tdteam.domain.periods import today
from tdteam.domain.vietnamese import fold, name_key, nfc
from tdteam.store.gate import GatedSession
from tdteam.store.organisation import serving
from tdteam.store.places import holds_on, ids_inside
from tdteam.store.prepared import Prepared
from tdteam.store.tables import Account, AccountPlace, Membership, Place


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
    must_change: bool = False  # signed in with a password off a slip: nothing else opens before it is changed


_account = Account.__table__  # type: ignore[attr-defined]
_SEEN = Prepared(
    core_select(
        *(
            _account.c.username,
            _account.c.name,
            _account.c.role,
            _account.c.session_stamp,
            _account.c.disabled_at,
        ),
        *(_account.c.is_demo, _account.c.member_id, _account.c.one_time_until),
    ).where(_account.c.id == bindparam("account"))
)
_REACHED = (
    core_select(col(Place.id), col(Place.name))
    .join(AccountPlace, col(AccountPlace.place_id) == col(Place.id))
    .where(col(AccountPlace.account_id) == bindparam("account"), holds_on(AccountPlace, bindparam("day")))
    .order_by(col(Place.name_sort))
)
_ROOTS = Prepared(_REACHED)
_ROOTS_SERVING = Prepared(
    _REACHED.where(
        exists().where(col(Membership.member_id) == bindparam("member"), serving(bindparam("day")))
    )
)


def find_seen(session: GatedSession, account_id: int, on: date | None = None) -> Seen | None:
    """An account with its roots of today. Every request asks: no row of the account is made of it."""
    if session.is_writing:
        session.flush()
    found = _SEEN.ask(session, {"account": account_id}, places=())
    if not found:
        return None
    username, name, role, stamp, disabled_at, is_demo, member_id, one_time_until = found[0]
    roots = _roots_on(session, account_id, role, member_id, on or today())
    return Seen(
        id=account_id,
        username=username,
        name=name,
        role=role,
        stamp=stamp,
        is_active=disabled_at is None,
        is_demo=is_demo,
        member_id=member_id,
        roots=frozenset(place_id for place_id, _ in roots),
        root_names=tuple(place for _, place in roots),
        must_change=one_time_until is not None,
    )


def _roots_on(
    session: GatedSession, account_id: int, role: str, member_id: int | None, day: date
) -> list[tuple[int, str]]:
    """Id and name of the places an account reaches on a day.

    A member who serves in no team any more reaches nothing, whatever places the account still has: what a phone of
    theirs sends is then `held`, and its roster empties.
    """
    asked = {"account": account_id, "day": day}
    if member_id and role in VILLAGE_ROLES:
        found = _ROOTS_SERVING.ask(session, {**asked, "member": member_id}, places=())
    else:
        found = _ROOTS.ask(session, asked, places=())
    return [(place_id, name) for place_id, name in found]


def seen_of(session: GatedSession, row: Account, on: date | None = None) -> Seen:
    """The account of a row, with its roots of today."""
    roots = _roots_on(session, row.id or 0, row.role, row.member_id, on or today())
    return Seen(
        id=row.id or 0,
        username=row.username,
        name=row.name,
        role=row.role,
        stamp=row.session_stamp,
        is_active=row.disabled_at is None,
        is_demo=row.is_demo,
        member_id=row.member_id,
        roots=frozenset(place_id for place_id, _ in roots),
        root_names=tuple(name for _, name in roots),
        must_change=row.one_time_until is not None,
    )


def find_by_username(session: GatedSession, username: str) -> Account | None:
    """An account by its sign-in name (folded to lower case)."""
    return session.exec(select(Account).where(Account.username == fold(username))).first()


def get_account(session: GatedSession, account_id: int) -> Account:
    """An account, wherever it stands; for its own holder and for sign-in."""
    row = session.get(Account, account_id)
    if row is None:
        raise NotFound
    return row


def hold_account(session: GatedSession, account_id: int) -> Account:
    """An account, held against other writers until the transaction ends: what is checked of it stays true."""
    query = select(Account).where(Account.id == account_id).with_for_update()
    row = session.exec(query, execution_options={"populate_existing": True}).first()
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
    one_time_until: datetime | None = None,
) -> Account:
    """Store a new account with its roots. What makes a good password is `domain/passwords`' affair."""
    row = Account(
        username=fold(username),
        name=nfc(name),
        name_fold=fold(name),
        name_sort=name_key(name),
        role=role,
        password_hash=password_hash,
        session_stamp=stamp,
        member_id=member_id,
        is_demo=is_demo,
        created_at=datetime.now(UTC),
        one_time_until=one_time_until,
    )
    session.add(row)
    session.flush()
    give_roots(session, row.id or 0, roots, today())
    return row


def give_roots(session: GatedSession, account_id: int, place_ids: Iterable[int], on: date) -> None:
    """Let an account reach some places from a day on; those it already has stay."""
    kept = {row.place_id: row for row in _roots(session, account_id)}
    for place_id in place_ids:
        row = kept.get(place_id)
        if row is None:
            session.add(AccountPlace(account_id=account_id, place_id=place_id, since=on))
        elif row.until is not None and row.until <= on:
            if row.since == on:
                row.until = None
            else:
                row = AccountPlace(account_id=account_id, place_id=place_id, since=on)
            session.add(row)
        elif row.until is not None:
            row.until = None
            session.add(row)
    session.flush()


def end_roots(session: GatedSession, account_id: int, place_ids: Iterable[int], on: date) -> None:
    """Take places from an account from a day on; the history stays."""
    gone = set(place_ids)
    for row in _roots(session, account_id):
        if row.place_id in gone and (row.until is None or row.until > on):
            row.until = max(row.since, on)
            session.add(row)
    session.flush()


def _roots(session: GatedSession, account_id: int) -> Sequence[AccountPlace]:
    """The newest row of each place an account has or had."""
    query = (
        select(AccountPlace).where(AccountPlace.account_id == account_id).order_by(col(AccountPlace.since))
    )
    return list({row.place_id: row for row in session.exec(query)}.values())


@dataclass(frozen=True)
class Root:
    """A place an account reaches, with the day from which it does and the one from which it no longer will."""

    place_id: int
    name: str
    level: str
    since: date
    until: date | None


def list_roots(
    session: GatedSession, account_ids: Iterable[int], on: date | None = None
) -> dict[int, list[Root]]:
    """The places some accounts reach on a day (or will later), in Vietnamese order."""
    day = on or today()
    out: dict[int, list[Root]] = {account_id: [] for account_id in account_ids}
    query = (
        select(AccountPlace, Place.name, Place.level)
        .join(Place, col(Place.id) == AccountPlace.place_id)
        .where(
            col(AccountPlace.account_id).in_(list(out)),
            or_(col(AccountPlace.until).is_(None), col(AccountPlace.until) > day),
        )
        .order_by(Place.name_sort)
    )
    for row, name, level in session.exec(query):
        out[row.account_id].append(Root(row.place_id, name, level, row.since, row.until))
    return out


def reaches(session: GatedSession, seen: Seen, place_id: int) -> bool:
    """Whether a place lies inside an account's scope today."""
    inside = or_(*(col(Place.id).in_(ids_inside(root)) for root in sorted(seen.roots)), false())
    return session.exec(select(Place.id).where(Place.id == place_id, inside)).first() is not None


@dataclass(frozen=True)
class DemoLine:
    """A demonstration account anybody may use."""

    username: str
    role: str
    places: tuple[str, ...]


def list_demo(session: GatedSession) -> list[DemoLine]:
    """The demonstration accounts in office, in the order they were made."""
    query = (
        select(Account)
        .where(col(Account.is_demo), col(Account.disabled_at).is_(None))
        .order_by(col(Account.id))
    )
    rows = session.exec(query).all()
    roots = list_roots(session, [row.id for row in rows if row.id])
    return [DemoLine(row.username, row.role, tuple(root.name for root in roots[row.id or 0])) for row in rows]
