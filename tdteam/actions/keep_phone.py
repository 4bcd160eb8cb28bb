"""Keeping phones: revoking a lost one, forgetting a PIN, one's own phones and PIN.

A revoked phone keeps what it recorded: its token still delivers that, for the commune to decide on, and joining again
makes it send as before. Nothing here touches a record.
"""

from __future__ import annotations

from datetime import UTC, datetime

from tdteam.actions.join_phone import NO_PASSWORD
from tdteam.actions.keep_account import draw_stamp
from tdteam.actions.passwords import check_password, hash_password
from tdteam.domain.errors import Flaw, NotAllowed, Refused
from tdteam.domain.pins import judge_pin
from tdteam.store import accounts, audit, devices, members, slip_choices, slips
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Account, Device


def revoke(session: GatedSession, phone_id: int) -> None:
    """An official revokes the phone of a member of the own commune; it is signed out at once."""
    phone, account, _member = devices.get_kept(session, phone_id)
    _revoke(session, phone, account)


def revoke_own(session: GatedSession, account_id: int, phone_id: int) -> None:
    """The holder revokes a phone of the own account."""
    account = accounts.hold_account(session, account_id)
    _revoke(session, devices.get_own(session, account_id, phone_id), account)


def _revoke(session: GatedSession, phone: Device, account: Account) -> None:
    if phone.revoked_at is not None:
        return
    devices.revoke(session, phone, datetime.now(UTC))
    if account.password_hash != NO_PASSWORD:
        # Whoever has the phone may have signed in there with the password too, which no phone is bound to.
        account.session_stamp = draw_stamp()
        session.add(account)
    audit.append(session, "revoke", "phone", phone.id, account=account.id)


def forget_pin(session: GatedSession, member_id: int) -> None:
    """The member no longer knows the PIN: it goes, and every phone is to join again with a new slip and choose one.
    Raises Refused where the member has no account that slips open."""
    member = members.get_member(session, member_id)
    account = account_to_forget(session, member_id)
    if account is None:
        raise Refused([Flaw("", "pin_nobody")])
    now = datetime.now(UTC)
    devices.close_all(session, account.id or 0, now)
    slips.withdraw(session, [member_id], now)
    audit.append(session, "forget_pin", "account", account.id, member=member.id)


def account_to_forget(session: GatedSession, member_id: int, *, demo: bool = True) -> Account | None:
    """The account whose PIN an official may forget: the one a slip would open, and only inside the own scope."""
    found = slip_choices.accounts_of(session, [member_id])[member_id]
    account, _barred = slip_choices.pick_account(found, demo=demo)
    return account if account and slip_choices.is_kept(session, account) else None


def set_own_pin(session: GatedSession, account_id: int, current: str, pin: str) -> None:
    """The holder, signed in with the password, gives the account another PIN. Raises Refused."""
    account = accounts.hold_account(session, account_id)
    if account.is_demo:
        raise NotAllowed("demo_account")
    if not check_password(account.password_hash, current):
        audit.append(session, "password_refused", "account", account_id)
        raise Refused([Flaw("current", "password_wrong")])
    member = members.get_member(session, account.member_id) if account.member_id else None
    flaws = judge_pin(
        pin, birth_year=member.birth_year if member else None, phone=member.phone if member else None
    )
    if flaws:
        raise Refused(flaws)
    devices.set_pin(session, account_id, hash_password(pin), datetime.now(UTC))
    audit.append(session, "pin_changed", "account", account_id)
