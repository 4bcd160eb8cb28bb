"""Reading the audit: pages of entries, newest first, as far as an account may see.

An entry is theirs when its place lies inside their scope, or when it was made by an account they could keep. Entries
without either (the command line, guesses at unknown names) are seen by those whose scope is a whole province.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select

from tdteam.domain.periods import VIETNAM
from tdteam.domain.places import Level
from tdteam.store.account_lists import inside, kept_by
from tdteam.store.gate import GatedSession
from tdteam.store.paging import Page, read_page
from tdteam.store.places import ids_inside
from tdteam.store.tables import Account, Audit, Place

_EARLIEST, _LATEST = date(1970, 1, 1), date(9000, 1, 1)


@dataclass(frozen=True)
class EntryLine:
    """An entry as a list shows it. `who` is None for the program itself; `detail` holds field names, ids and counts."""

    id: int
    at: datetime
    who: str | None
    username: str | None
    action: str
    noun: str
    target: str
    place: str | None
    detail: dict[str, Any]


def list_entries(
    session: GatedSession,
    *,
    account: str | None = None,
    action: str | None = None,
    noun: str | None = None,
    target: str | None = None,
    text: str | None = None,
    place_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> Page[EntryLine]:
    """A page of entries, newest first. `target` is a whole target, `text` a part of one; `place_id` finds what lies
    inside a place today; `until` is the last day."""
    query = select(Audit).where(_visible(session))
    if account:
        query = query.where(
            col(Audit.account_id).in_(select(Account.id).where(Account.username == account.lower()))
        )
    for column, value in ((Audit.action, action), (Audit.noun, noun), (Audit.target, target)):
        if value:
            query = query.where(col(column) == value)
    if text:
        query = query.where(col(Audit.target).contains(text, autoescape=True))
    if place_id is not None:
        query = query.where(col(Audit.place_id).in_(ids_inside(place_id)))
    if since:
        query = query.where(col(Audit.at) >= _midnight(since))
    if until:
        query = query.where(col(Audit.at) < _midnight(until) + timedelta(days=1))
    page = read_page(
        lambda ordered: session.exec(ordered).all(),
        query,
        (col(Audit.id),),
        (int,),
        key=lambda row: (row.id,),
        after=after,
        before=before,
        limit=limit,
    )
    return Page(_lines(session, page.rows), page.before, page.after)


def every_entry(session: GatedSession, **filters: Any) -> Iterator[EntryLine]:
    """All entries of a filter (that of `list_entries`), newest first, read page by page: for exports."""
    after: str | None = None
    while True:
        page = list_entries(session, after=after, limit=500, **filters)
        yield from page.rows
        after = page.after
        if after is None:
            return


def _midnight(day: date) -> datetime:
    """When a day begins in Viet Nam. The ends of the calendar, which no zone can shift, become days without entries."""
    return datetime.combine(min(max(day, _EARLIEST), _LATEST), time(), VIETNAM)


def _visible(session: GatedSession) -> Any:
    if session.scope.is_everywhere or _sees_all(session):
        return col(Audit.id).is_not(None)
    theirs = select(Account.id).where(kept_by(session))
    return or_(col(Audit.place_id).in_(inside(session)), col(Audit.account_id).in_(theirs))


def _sees_all(session: GatedSession) -> bool:
    query = select(Place.id).where(
        col(Place.id).in_(sorted(session.scope.roots)), Place.level == Level.PROVINCE
    )
    return session.exec(query.limit(1)).first() is not None


def _lines(session: GatedSession, rows: Sequence[Audit]) -> list[EntryLine]:
    people = _named(session, Account, {row.account_id for row in rows})
    places = _named(session, Place, {row.place_id for row in rows})
    return [
        EntryLine(
            id=row.id,
            at=row.at,
            who=people[row.account_id].name if row.account_id in people else None,
            username=people[row.account_id].username if row.account_id in people else None,
            action=row.action,
            noun=row.noun,
            target=row.target,
            place=places[row.place_id].name if row.place_id in places else None,
            detail=json.loads(row.detail),
        )
        for row in rows
    ]


def _named(session: GatedSession, cls: Any, ids: set[int | None]) -> dict[int | None, Any]:
    found = session.exec(
        select(cls).where(col(cls.id).in_(sorted(one for one in ids if one is not None)))
    ).all()
    return {row.id: row for row in found}
