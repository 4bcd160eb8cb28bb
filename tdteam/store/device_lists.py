"""Lists of phones: those of the members inside the scope, one's own; and the numbers a phone has used that never came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, or_
from sqlmodel import col, select

from tdteam.domain.periods import today
from tdteam.domain.sync import gaps
from tdteam.domain.vietnamese import fold
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.organisation import serving
from tdteam.store.paging import Page, contains, read_page
from tdteam.store.tables import Account, Device, Inbox, Member, Membership, PhoneSequence, Team

_inbox: Table = Inbox.__table__  # type: ignore[attr-defined]
_sequence: Table = PhoneSequence.__table__  # type: ignore[attr-defined]
Key = tuple[int, str]
"""An account and a phone's word for itself."""


@dataclass(frozen=True)
class PhoneLine:
    """A phone in a list. `state`: open, revoked, closed (its account is). `missing` are numbers of records that never came."""

    id: int
    account_id: int
    device_id: str
    member_id: int
    name: str
    teams: tuple[tuple[int, str], ...]
    label: str
    enrolled_at: datetime
    last_seen_at: datetime | None
    client: str
    state: str
    revoked_at: datetime | None

    @property
    def key(self) -> Key:
        return self.account_id, self.device_id


_OPEN = and_(col(Device.revoked_at).is_(None), col(Account.disabled_at).is_(None))
_STATES = {
    "open": _OPEN,
    "revoked": col(Device.revoked_at).is_not(None),
    "closed": and_(col(Device.revoked_at).is_(None), col(Account.disabled_at).is_not(None)),
}


def list_phones(
    session: GatedSession,
    *,
    q: str | None = None,
    team_id: int | None = None,
    state: str | None = None,
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> Page[PhoneLine]:
    """A page of the phones of members inside the scope, by the members' given names."""
    query: Any = (
        select(Device, Account, Member)
        .join(Account, col(Account.id) == Device.account_id)
        .join(Member, col(Member.id) == Account.member_id)
    )
    if q:
        query = query.where(
            or_(contains(Member.name_fold, fold(q)), col(Device.label).icontains(q.strip(), autoescape=True))
        )
    if team_id:
        in_team = select(Membership.member_id).where(Membership.team_id == team_id, serving(today()))
        query = query.where(col(Member.id).in_(in_team))
    if state in _STATES:
        query = query.where(_STATES[state])
    page = read_page(
        lambda ordered: session.exec(ordered).all(),
        query,
        (col(Member.name_sort), col(Device.id)),
        (str, int),
        key=lambda row: (row[2].name_sort, row[0].id),
        after=after,
        before=before,
        limit=limit,
        falling=False,
    )
    teams = _teams_of(session, [member.id for _, _, member in page.rows])
    lines = [_line(phone, account, member, teams) for phone, account, member in page.rows]
    return Page(lines, page.before, page.after)


def _line(
    phone: Device, account: Account, member: Member, teams: Mapping[int, list[tuple[int, str]]]
) -> PhoneLine:
    return PhoneLine(
        id=phone.id or 0,
        account_id=phone.account_id,
        device_id=phone.device_id,
        member_id=member.id or 0,
        name=member.name,
        teams=tuple(teams.get(member.id or 0, ())),
        label=phone.label,
        enrolled_at=phone.enrolled_at,
        last_seen_at=phone.last_seen_at,
        client=phone.client,
        state=state_of(phone, account),
        revoked_at=phone.revoked_at,
    )


def state_of(phone: Device, account: Account) -> str:
    if phone.revoked_at is not None:
        return "revoked"
    return "open" if account.disabled_at is None else "closed"


def _teams_of(session: GatedSession, member_ids: Sequence[int | None]) -> dict[int, list[tuple[int, str]]]:
    query = (
        select(Membership.member_id, Team.id, Team.name)
        .join(Team, col(Team.id) == Membership.team_id)
        .where(col(Membership.member_id).in_(member_ids), serving(today()))
        .order_by(Team.name_sort)
    )
    out: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for member_id, team_id, name in session.exec(query):
        out[member_id].append((team_id or 0, name))
    return out


def list_own(session: GatedSession, account_id: int) -> Sequence[Device]:
    """The phones of an account, those in use first, the newest first."""
    query = (
        select(Device)
        .where(Device.account_id == account_id)
        .order_by(col(Device.revoked_at).is_not(None), col(Device.enrolled_at).desc(), col(Device.id))
    )
    return session.exec(query).all()


def missing_numbers(session: GatedSession, keys: Iterable[Key]) -> dict[Key, list[int]]:
    """For each phone the numbers of records below the highest it has used that never came (at most a hundred). Ask only
    for phones the scope has shown: numbers tell nothing of any place, and records without one count too."""
    wanted = set(keys)
    if not wanted:
        return {}
    ahead = select(
        _sequence.c.account_id, _sequence.c.device_id, _sequence.c.through, _sequence.c.highest
    ).where(
        _sequence.c.account_id.in_({account for account, _ in wanted}),
        _sequence.c.through < _sequence.c.highest,
    )
    out = {}
    for row in bulk.run(session, ahead, places=()):
        key = (row.account_id, row.device_id)
        if key in wanted:
            seen = bulk.run(session, _seen(key, row.through), places=()).scalars()
            out[key] = gaps(row.through, row.highest, seen)[1]
    return {key: missing for key, missing in out.items() if missing}


def _seen(key: Key, through: int) -> Any:
    """Numbers of a phone that came, from itself or in a file somebody else delivered."""
    account_id, device_id = key
    own = and_(_inbox.c.account_id == account_id, _inbox.c.from_account.is_(None))
    return select(_inbox.c.seq).where(
        _inbox.c.device_id == device_id, or_(own, _inbox.c.from_account == account_id), _inbox.c.seq > through
    )
