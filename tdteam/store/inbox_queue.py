"""What waits for the commune: records that are held, in conflict, or of a doubtful day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.domain.sync import Verdict
from tdteam.store.gate import GatedSession
from tdteam.store.paging import Page, read_page
from tdteam.store.tables import Account, Device, Gathering, Household, Inbox, Place, Resident, Visit

HELD, CONFLICT, DOUBT = "held", "conflict", "doubt"
WHYS = (HELD, CONFLICT, DOUBT)


@dataclass(frozen=True)
class Waiting:
    """A record that waits: the row, and who sent it from which phone and village."""

    row: Inbox
    sender: str
    author: str | None
    """Whose file it was, where somebody else delivered it."""
    phone: str | None
    village: str | None

    @property
    def why(self) -> str:
        return why_of(self.row)

    @property
    def n(self) -> int:
        return self.row.n or 0


def why_of(row: Inbox) -> str:
    """Why a record waits; "" once it is settled."""
    if row.decided_at is not None:
        return ""
    if row.state in (Verdict.HELD, Verdict.CONFLICT):
        return str(row.state)
    return DOUBT if row.doubt else ""


def _condition(why: str | None) -> Any:
    held = col(Inbox.state) == Verdict.HELD
    clash = col(Inbox.state) == Verdict.CONFLICT
    doubt = and_(col(Inbox.doubt).is_not(None), col(Inbox.state).not_in((Verdict.HELD, Verdict.CONFLICT)))
    chosen = {HELD: held, CONFLICT: clash, DOUBT: doubt}.get(why or "", or_(held, clash, doubt))
    return and_(chosen, col(Inbox.decided_at).is_(None))


def list_waiting(
    session: GatedSession,
    *,
    why: str | None = None,
    kind: str | None = None,
    village_id: int | None = None,
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> Page[Waiting]:
    """A page of what waits in the scope, newest first."""
    query = select(Inbox).where(_condition(why))
    if kind:
        query = query.where(Inbox.kind == kind)
    if village_id:
        query = query.where(Inbox.village_id == village_id)
    return read_page(
        lambda asked: _told(session, list(session.exec(asked))),
        query,
        (col(Inbox.n),),
        (int,),
        key=lambda line: (line.n,),
        after=after,
        before=before,
        limit=limit,
    )


def get_waiting(session: GatedSession, n: int) -> Waiting:
    """One record of the scope, settled or not; NotFound for any other."""
    return _told(session, [get_record(session, n)])[0]


def get_record(session: GatedSession, n: int) -> Inbox:
    """A record's row; held until the transaction ends where one writes."""
    query = select(Inbox).where(Inbox.n == n)
    row = session.exec(query.with_for_update() if session.is_writing else query).first()
    if row is None:
        raise NotFound
    return row


def _told(session: GatedSession, rows: list[Inbox]) -> list[Waiting]:
    accounts = {one for row in rows for one in (row.account_id, row.from_account) if one}
    names: dict[int | None, str] = dict(
        session.execute(select(Account.id, Account.name).where(col(Account.id).in_(sorted(accounts)))).all()
    )
    villages = {row.village_id for row in rows if row.village_id}
    labels: dict[int | None, str] = dict(
        session.execute(select(Place.id, Place.label).where(col(Place.id).in_(sorted(villages)))).all()
    )
    phones = _phones(session, rows)
    return [
        Waiting(
            row,
            names.get(row.account_id, ""),
            names.get(row.from_account) if row.from_account else None,
            phones.get((row.from_account or row.account_id, row.device_id)),
            labels.get(row.village_id),
        )
        for row in rows
    ]


def _phones(session: GatedSession, rows: Iterable[Inbox]) -> dict[tuple[int, str], str]:
    asked = sorted({row.device_id for row in rows})
    query = select(Device.account_id, Device.device_id, Device.label).where(col(Device.device_id).in_(asked))
    return {(account, device): label for account, device, label in session.execute(query) if label}


def heads_of(session: GatedSession, household_ids: Iterable[str]) -> dict[str, str]:
    """Heads of households of the scope; nobody's where names may not be seen."""
    ids = sorted(set(household_ids))
    if not ids or not session.scope.names:
        return {}
    query = select(Household.id, Household.head).where(col(Household.id).in_(ids))
    return dict(session.execute(query).all())


def names_of(session: GatedSession, resident_ids: Iterable[str]) -> dict[str, str]:
    """Names of residents of the scope; nobody's where names may not be seen."""
    ids = sorted(set(resident_ids))
    if not ids or not session.scope.names:
        return {}
    query = select(Resident.id, Resident.name).where(col(Resident.id).in_(ids))
    return dict(session.execute(query).all())


def newest_of(session: GatedSession, kind: str, record_id: str) -> Any:
    """The newest version of the visit or gathering any of whose versions bears an id; None outside the scope."""
    table: Any = Visit if kind == "visit" else Gathering
    row = session.exec(select(table).where(table.id == record_id)).first()
    if row is None:
        return None
    query = select(table).where(table.root_id == row.root_id).order_by(col(table.version).desc())
    return session.exec(query).first()


def settle(session: GatedSession, row: Inbox, decision: str, now: datetime) -> None:
    """Note that a record is decided, by whom and how: its phone hears of it with the next roster."""
    row.decided_at, row.decided_by, row.decision = now, session.scope.actor.account_id, decision
    session.add(row)
    session.flush()
