"""The accounts somebody keeps.

The tables of accounts carry no scope of their own (every page shows who recorded a thing), so the queries for keepers
say it themselves: an account is theirs to keep when every root it has lies inside their own scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, or_
from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.domain.periods import today
from tdteam.domain.roles import Role
from tdteam.domain.vietnamese import fold
from tdteam.store.accounts import Root, list_roots
from tdteam.store.gate import GatedSession
from tdteam.store.paging import Page, contains, read_page
from tdteam.store.places import holds_on
from tdteam.store.tables import Account, AccountPlace, PlaceAncestor


def inside(session: GatedSession) -> Any:
    """Subquery: ids of the places inside the session's own roots."""
    return select(PlaceAncestor.place_id).where(
        col(PlaceAncestor.ancestor_id).in_(sorted(session.scope.roots)),
        holds_on(PlaceAncestor, session.scope.day),
    )


def kept_by(session: GatedSession) -> Any:
    """The condition that an account is the session's to keep: some root inside its scope, none outside, now or later."""
    if session.scope.is_everywhere:
        return col(Account.id).is_not(None)
    own = col(AccountPlace.account_id) == col(Account.id)
    reached = exists().where(own, col(AccountPlace.place_id).in_(inside(session)))
    lasting = or_(col(AccountPlace.until).is_(None), col(AccountPlace.until) > session.scope.day)
    outside = exists().where(own, lasting, col(AccountPlace.place_id).not_in(inside(session)))
    return and_(reached, ~outside)


def get_kept(session: GatedSession, account_id: int) -> Account:
    """An account the session may keep, held until the transaction ends; NotFound beyond its scope."""
    query = select(Account).where(Account.id == account_id, kept_by(session))
    if session.is_writing:
        query = query.with_for_update()
    row = session.exec(query).first()
    if row is None:
        raise NotFound
    return row


@dataclass(frozen=True)
class AccountLine:
    """An account in a list. `state`: active, invited (its slip not yet used) or disabled."""

    id: int
    username: str
    name: str
    role: str
    state: str
    is_demo: bool
    two_step: bool
    last_seen_at: datetime | None
    roots: tuple[Root, ...]


def state_of(row: Account) -> str:
    if row.disabled_at is not None:
        return "disabled"
    return "invited" if row.one_time_until is not None else "active"


_IN_OFFICE = col(Account.disabled_at).is_(None)
_STATES = {
    "active": and_(_IN_OFFICE, col(Account.one_time_until).is_(None)),
    "invited": and_(_IN_OFFICE, col(Account.one_time_until).is_not(None)),
    "disabled": col(Account.disabled_at).is_not(None),
}


def list_accounts(
    session: GatedSession,
    *,
    q: str | None = None,
    role: str | None = None,
    state: str | None = None,
    place_id: int | None = None,
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> Page[AccountLine]:
    """A page of the accounts the session may keep, by given name."""
    query = select(Account).where(kept_by(session))
    if q:
        query = query.where(or_(contains(Account.name_fold, fold(q)), contains(Account.username, fold(q))))
    if role:
        query = query.where(Account.role == role)
    if state in _STATES:
        query = query.where(_STATES[state])
    if place_id:
        query = query.where(_reaches_into(session, place_id))
    page = read_page(
        lambda ordered: session.exec(ordered).all(),
        query,
        (col(Account.name_sort), col(Account.id)),
        (str, int),
        key=lambda row: (row.name_sort, row.id),
        after=after,
        before=before,
        limit=limit,
        falling=False,
    )
    return Page(_lines(session, page.rows), page.before, page.after)


def _reaches_into(session: GatedSession, place_id: int) -> Any:
    """The condition that an account has a root inside a place today."""
    below = select(PlaceAncestor.place_id).where(
        PlaceAncestor.ancestor_id == place_id, holds_on(PlaceAncestor, session.scope.day)
    )
    return exists().where(
        col(AccountPlace.account_id) == col(Account.id),
        holds_on(AccountPlace, session.scope.day),
        col(AccountPlace.place_id).in_(below),
    )


def _lines(session: GatedSession, rows: Sequence[Account]) -> list[AccountLine]:
    roots = list_roots(session, [row.id for row in rows if row.id])
    return [
        AccountLine(
            id=row.id or 0,
            username=row.username,
            name=row.name,
            role=row.role,
            state=state_of(row),
            is_demo=row.is_demo,
            two_step=row.totp_secret is not None,
            last_seen_at=row.last_seen_at,
            roots=tuple(roots[row.id or 0]),
        )
        for row in rows
    ]


def is_last_keeper(session: GatedSession, account: Account, places: Iterable[int]) -> bool:
    """Whether some of these places would have no other administrator in office above them."""
    day = today()
    for place_id in places:
        above = select(PlaceAncestor.ancestor_id).where(
            PlaceAncestor.place_id == place_id, holds_on(PlaceAncestor, day)
        )
        query = (
            select(Account.id)
            .join(AccountPlace, col(AccountPlace.account_id) == Account.id)
            .where(
                Account.id != account.id,
                Account.role == Role.ADMIN,
                col(Account.disabled_at).is_(None),
                col(Account.is_demo) == account.is_demo,
                holds_on(AccountPlace, day),
                col(AccountPlace.place_id).in_(above),
            )
        )
        if session.exec(query.limit(1)).first() is None:
            return True
    return False
