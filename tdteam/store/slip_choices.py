"""Who may be given a slip: the members who serve today, each with the account and phones they have already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func
from sqlmodel import col, select

from tdteam.domain.accounts import VILLAGE_ROLES
from tdteam.domain.periods import today
from tdteam.domain.slips import Barred
from tdteam.store import members, teams
from tdteam.store.account_lists import kept_by
from tdteam.store.gate import GatedSession
from tdteam.store.members import ServiceLine
from tdteam.store.places import holds_on
from tdteam.store.tables import Account, Device, Slip, Team


def pick_account(found: Sequence[Account], *, demo: bool) -> tuple[Account | None, Barred | None]:
    """The account a member joins with: (account, None), (None, None) where one is made at joining, or why none may.

    A desk account is never opened by a slip: whoever prints slips would sign in as the colleague who approves.
    """
    field = [row for row in found if row.role in VILLAGE_ROLES]
    usable = [row for row in field if row.disabled_at is None and (demo or not row.is_demo)]
    if usable:
        return min(usable, key=lambda row: row.id or 0), None
    if field:
        return None, Barred.DISABLED
    return None, Barred.DESK if found else None


def is_kept(session: GatedSession, account: Account) -> bool:
    """Whether everything the account reaches lies inside the session's scope."""
    query = select(Account.id).where(Account.id == account.id, kept_by(session))
    return session.exec(query).first() is not None


def accounts_of(session: GatedSession, member_ids: Iterable[int]) -> dict[int, list[Account]]:
    """The accounts of some members."""
    out: dict[int, list[Account]] = defaultdict(list)
    query = (
        select(Account).where(col(Account.member_id).in_(sorted(set(member_ids)))).order_by(col(Account.id))
    )
    for row in session.exec(query):
        out[row.member_id or 0].append(row)
    return out


@dataclass(frozen=True)
class Candidate:
    """A member of a team as the page of slips shows it. `barred` says why no slip is printed."""

    member_id: int
    name: str
    role: str
    phones: int
    slip_until: datetime | None
    barred: Barred | None


@dataclass(frozen=True)
class Group:
    """A team at work with the members who serve in it today."""

    team_id: int
    team: str
    commune: str
    villages: str
    candidates: tuple[Candidate, ...]


def list_groups(session: GatedSession, *, team_id: int | None = None, demo: bool = False) -> list[Group]:
    """The teams at work in the scope (or one of them) with their members, leaders first."""
    day = today()
    query = select(Team).where(holds_on(Team, day)).order_by(Team.name_sort, col(Team.id))
    if team_id is not None:
        query = query.where(Team.id == team_id)
    lines = teams.lines_of(session, session.exec(query).all(), day)
    services = members.list_services(session, team_ids=[line.id for line in lines], on=day)
    known = _Known(session, {one.member_id for one in services}, demo)
    by_team: dict[int, list[Candidate]] = defaultdict(list)
    for one in services:
        by_team[one.team_id].append(known.candidate(one))
    return [
        Group(
            line.id,
            line.name,
            line.commune,
            ", ".join(v.label for v in line.villages),
            tuple(by_team[line.id]),
        )
        for line in lines
    ]


class _Known:
    """What is known of some members' accounts, phones and slips."""

    def __init__(self, session: GatedSession, member_ids: set[int], demo: bool) -> None:
        self.demo = demo
        self.accounts = accounts_of(session, member_ids)
        ids = [row.id for rows in self.accounts.values() for row in rows]
        self.kept = set(session.exec(select(Account.id).where(col(Account.id).in_(ids), kept_by(session))))
        phones = (
            select(Device.account_id, func.count())
            .where(col(Device.account_id).in_(ids), col(Device.revoked_at).is_(None))
            .group_by(col(Device.account_id))
        )
        self.phones = dict(session.exec(phones).all())
        self.slips = open_slips(session, member_ids)

    def candidate(self, one: ServiceLine) -> Candidate:
        own = self.accounts.get(one.member_id, [])
        account, barred = pick_account(own, demo=self.demo)
        if account is not None and account.id not in self.kept:
            barred = Barred.ELSEWHERE
        phones = sum(self.phones.get(row.id or 0, 0) for row in own)
        return Candidate(one.member_id, one.name, one.role, phones, self.slips.get(one.member_id), barred)


def open_slips(session: GatedSession, member_ids: Iterable[int]) -> dict[int, datetime]:
    """Until when the unused slips of some members are good."""
    query = select(Slip.member_id, Slip.expires_at).where(
        col(Slip.member_id).in_(sorted(set(member_ids))),
        col(Slip.used_at).is_(None),
        col(Slip.withdrawn_at).is_(None),
        col(Slip.expires_at) > datetime.now(UTC),
    )
    return dict(session.exec(query).all())
