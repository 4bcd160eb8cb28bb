"""Enrolled phones, and the PIN of an account. Tokens and PINs stand here only as their hashes. Lists: `device_lists`.

These tables carry no scope of their own: who keeps other people's phones finds them through the member they belong to
(`get_kept`), and the member is scoped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import String, Table, bindparam, delete, func, or_, update
from sqlmodel import col, select

from tdteam.domain.devices import CONTACT_EVERY
from tdteam.domain.errors import NotFound
from tdteam.store.accounts import Seen, seen_of
from tdteam.store.gate import GatedSession
from tdteam.store.prepared import Prepared
from tdteam.store.tables import Account, AccountPin, Device, Member

_device: Table = Device.__table__  # type: ignore[attr-defined]
_IN_TOUCH = Prepared(
    update(_device)
    .where(
        _device.c.account_id == bindparam("account"),
        _device.c.device_id == bindparam("device"),
        _device.c.revoked_at.is_(None),
        or_(_device.c.last_seen_at.is_(None), _device.c.last_seen_at <= bindparam("before")),
    )
    .values(
        last_seen_at=bindparam("now"),
        client=func.coalesce(bindparam("version", type_=String()), _device.c.client),
    )
)


@dataclass(frozen=True)
class Phone:
    """The phone a request comes from. `device_id` is the phone's own word, `id` the row's."""

    id: int
    device_id: str
    last_seen_at: datetime | None


def find_seen_on(
    session: GatedSession, account_id: int, phone_id: int, on: date | None = None
) -> tuple[Seen, Phone] | None:
    """An account signed in on one of its phones; None once the phone is revoked."""
    query = (
        select(Account, Device)
        .join(Device, col(Device.account_id) == Account.id)
        .where(Account.id == account_id, Device.id == phone_id, col(Device.revoked_at).is_(None))
    )
    row = session.exec(query).first()
    if row is None:
        return None
    account, device = row
    return seen_of(session, account, on), Phone(phone_id, device.device_id, device.last_seen_at)


@dataclass(frozen=True)
class Known:
    """A phone in use whose token was shown, with the PIN to check (None where the account has none)."""

    phone_id: int
    account_id: int
    pin_hash: str | None


def find_known(session: GatedSession, device_id: str, token_hash: str, *, demo: bool) -> Known | None:
    """The phone of this word and token, unless it is revoked or its account closed. `demo` lets demonstration accounts in."""
    query = (
        select(Device.id, Account.id, Account.is_demo, AccountPin.pin_hash)
        .join(Account, col(Account.id) == Device.account_id)
        .join(AccountPin, col(AccountPin.account_id) == Device.account_id, isouter=True)
        .where(
            Device.token_hash == token_hash,
            Device.device_id == device_id,
            col(Device.revoked_at).is_(None),
            col(Account.disabled_at).is_(None),
        )
    )
    row = session.exec(query).first()
    if row is None or (row[2] and not demo):
        return None
    return Known(row[0] or 0, row[1] or 0, row[3])


@dataclass(frozen=True)
class Revoked:
    """A phone that may sign in no more but still holds what it recorded: whose it is, and its word for itself."""

    phone_id: int
    account_id: int
    device_id: str
    name: str
    role: str


def find_revoked(session: GatedSession, token_hash: str) -> Revoked | None:
    """The phone of a token, once it is revoked or its account closed. Such a token opens one thing alone: delivering what
    the phone still holds, all of which the commune then decides on (`held`)."""
    query = (
        select(Device.id, Device.account_id, Device.device_id, Account.name, Account.role)
        .join(Account, col(Account.id) == Device.account_id)
        .where(
            Device.token_hash == token_hash,
            or_(col(Device.revoked_at).is_not(None), col(Account.disabled_at).is_not(None)),
        )
    )
    row = session.exec(query).first()
    return Revoked(row[0] or 0, *row[1:]) if row else None


def enrol(
    session: GatedSession, account_id: int, device_id: str, label: str, token_hash: str, now: datetime
) -> Device:
    """Enrol a phone for an account, or anew: what it was told before (its token, a revocation) no longer counts."""
    query = select(Device).where(Device.account_id == account_id, Device.device_id == device_id)
    row = session.exec(query.with_for_update()).first()
    if row is None:
        row = Device(
            account_id=account_id, device_id=device_id, label=label, token_hash=token_hash, enrolled_at=now
        )
    row.label, row.token_hash, row.enrolled_at, row.last_seen_at = label, token_hash, now, now
    row.revoked_at = row.revoked_by = None
    session.add(row)
    session.flush()
    return row


def note_contact(session: GatedSession, account_id: int, device_id: str, client: str, now: datetime) -> bool:
    """Write down that a phone was in touch, and with which version of the app; at most every ten minutes. Whether it was
    due."""
    asked = {"account": account_id, "device": device_id, "before": now - CONTACT_EVERY, "now": now}
    return bool(_IN_TOUCH.tell(session, {**asked, "version": client or None}, places=()))


def find_open(session: GatedSession, account_id: int) -> Sequence[Device]:
    """The phones of an account that may still sign in, as rows to change."""
    query = select(Device).where(Device.account_id == account_id, col(Device.revoked_at).is_(None))
    return session.exec(query.order_by(col(Device.id)).with_for_update()).all()


def revoke(session: GatedSession, phone: Device, now: datetime) -> None:
    """From now on the phone signs in no more; the row and its token's hash stay, for what it still holds."""
    phone.revoked_at, phone.revoked_by = now, session.scope.actor.account_id
    session.add(phone)
    session.flush()


def get_kept(session: GatedSession, phone_id: int) -> tuple[Device, Account, Member]:
    """A phone of a member inside the scope, with its account and member, or NotFound."""
    query = (
        select(Device, Account, Member)
        .join(Account, col(Account.id) == Device.account_id)
        .join(Member, col(Member.id) == Account.member_id)
        .where(Device.id == phone_id)
    )
    row = session.exec(query.with_for_update(of=Device) if session.is_writing else query).first()
    if row is None:
        raise NotFound
    return row


def get_own(session: GatedSession, account_id: int, phone_id: int) -> Device:
    """A phone of the account itself, or NotFound."""
    query = select(Device).where(Device.id == phone_id, Device.account_id == account_id)
    row = session.exec(query.with_for_update() if session.is_writing else query).first()
    if row is None:
        raise NotFound
    return row


def find_pin(session: GatedSession, account_id: int) -> str | None:
    """The hash of an account's PIN."""
    return session.exec(select(AccountPin.pin_hash).where(AccountPin.account_id == account_id)).first()


def set_pin(session: GatedSession, account_id: int, pin_hash: str, now: datetime) -> None:
    """Give an account its PIN, or another one."""
    row = session.get(AccountPin, account_id)
    if row is None:
        row = AccountPin(account_id=account_id, pin_hash=pin_hash, set_at=now)
    row.pin_hash, row.set_at = pin_hash, now
    session.add(row)
    session.flush()


def close_all(session: GatedSession, account_id: int, now: datetime) -> None:
    """Revoke every phone of an account and forget its PIN: the next phone that joins chooses one."""
    for phone in find_open(session, account_id):
        revoke(session, phone, now)
    session.exec(delete(AccountPin).where(col(AccountPin.account_id) == account_id))
