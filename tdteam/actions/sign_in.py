"""Signing in, in steps that each fit one short transaction: knock (count the try), then, with the password checked
outside any transaction, settle. A failure is a value, not an error: its count and its audit entry must be committed.
"""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from tdteam.actions import two_step
from tdteam.domain import throttle as rules
from tdteam.domain.throttle import Rule
from tdteam.domain.vietnamese import fold
from tdteam.store import accounts, audit, throttle
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Account


class Verdict(StrEnum):
    """How a try ended."""

    OK = "ok"
    SECOND_STEP = "second_step"  # the password was right; a code is asked for
    WRONG = "wrong"
    DISABLED = "disabled"
    EXPIRED = "expired"  # a one-time password that waited too long


@dataclass(frozen=True)
class Caller:
    """From where somebody knocks: network address, and the browser's own token (drawn at an earlier sign-in) or ""."""

    address: str
    device: str
    secret: str

    def _key(self, kind: str, *parts: str) -> str:
        text = "\0".join((kind, *parts))
        return hmac.new(self.secret.encode(), text.encode(), "sha256").hexdigest()

    def account_key(self, username: str) -> str:
        return self._key("account", fold(username))

    def code_key(self, username: str) -> str:
        return self._key("code", fold(username))

    def own_key(self, username: str) -> str:
        return self._key("own", fold(username))

    def pin_key(self, account_id: int, beside: str) -> str:
        """A PIN is guessed at from one phone (`beside` its row), or from one slip: strangers use up nobody's tries."""
        return self._key("pin", str(account_id), beside)

    def phones_key(self) -> str:
        """Phones and slips that nobody knows, from one address."""
        return self._key("phones", network(self.address))

    def address_key(self) -> str:
        return self._key("address", network(self.address))

    def verify_key(self) -> str:
        """Codes of papers that nobody has, from one address."""
        return self._key("verify", network(self.address))

    def api_key(self) -> str:
        """Wrong tokens of machines, from one address."""
        return self._key("api", network(self.address))

    def known_keys(self, username: str) -> dict[str, timedelta]:
        """Keys under which this account may have signed in before, and how long that is remembered."""
        found = {}
        if self.device:
            key = self._key("device", fold(username), self.device)
            found[key] = timedelta(days=rules.KNOWN_DEVICE_DAYS)
        key = self._key("place", fold(username), network(self.address))
        found[key] = timedelta(days=rules.KNOWN_ADDRESS_DAYS)
        return found


@dataclass(frozen=True)
class Door:
    """A try that was let through to the password, or told to wait."""

    username: str
    account_id: int | None
    password_hash: str | None
    charged: dict[str, Rule]
    wait_until: datetime | None = None


def network(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 a household or office gets in IPv6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def knock(session: GatedSession, username: str, caller: Caller, *, demo: bool) -> Door:
    """Count a try and find whose it is. Commit before the password is looked at. `demo` lets demonstration accounts in."""
    throttle.prune(session)
    known = next(
        (
            key
            for key, within in caller.known_keys(username).items()
            if throttle.is_known(session, key, within)
        ),
        None,
    )
    if known:
        charged = {known: rules.KNOWN}
    else:
        charged = {caller.account_key(username): rules.ACCOUNT, caller.address_key(): rules.ADDRESS}
    until = throttle.charge(session, charged)
    account = accounts.find_by_username(session, username)
    if account is None or (account.is_demo and not demo):
        return Door(username, None, None, charged, until)
    return Door(username, account.id, account.password_hash, charged, until)


def settle(
    session: GatedSession, door: Door, caller: Caller, *, right: bool, new_hash: str | None = None
) -> Verdict:
    """Write down how a try ended: counts, the account's last sign-in, a stronger hash, the audit entry."""
    account = accounts.get_account(session, door.account_id) if door.account_id and right else None
    if account is None or account.password_hash != door.password_hash:
        audit.append(session, "sign_in_failed", "account", door.account_id or "")
        return Verdict.WRONG
    now = datetime.now(UTC)
    refused = None
    if account.disabled_at:
        refused = Verdict.DISABLED
    elif account.one_time_until and account.one_time_until < now:
        refused = Verdict.EXPIRED
    if refused:
        audit.append(session, "sign_in_failed", "account", account.id, why=refused.value)
        return refused
    if new_hash:
        account.password_hash = new_hash
        session.add(account)
    if account.totp_secret and not account.is_demo:
        throttle.refund(session, door.charged)
        return Verdict.SECOND_STEP
    _enter(session, account, caller, door.charged)
    return Verdict.OK


def _enter(session: GatedSession, account: Account, caller: Caller, charged: dict[str, Rule]) -> None:
    """The account is in: its counts begin anew, the browser and the address are known from now on."""
    throttle.refund(session, {key: rule for key, rule in charged.items() if rule is rules.ADDRESS})
    # Only who came past the account's own count begins it anew: strangers at work must not win by the owner's visits.
    throttle.clear(session, [key for key, rule in charged.items() if rule is rules.ACCOUNT])
    throttle.clear(session, [caller.code_key(account.username)])
    throttle.know(session, caller.known_keys(account.username))
    account.last_seen_at = datetime.now(UTC)
    session.add(account)
    audit.append(session, "sign_in", "account", account.id)


def knock_code(session: GatedSession, account_id: int, caller: Caller) -> datetime | None:
    """Count a try at the second step; until when to wait, or None. Commit before the code is looked at."""
    account = accounts.get_account(session, account_id)
    return throttle.charge(session, {caller.code_key(account.username): rules.CODE})


def settle_code(session: GatedSession, account_id: int, stamp: str, typed: str, caller: Caller) -> Verdict:
    """The second step: a code of the app (good once) or a recovery code (then used up)."""
    account = accounts.hold_account(session, account_id)
    if account.session_stamp != stamp or account.disabled_at:
        return Verdict.DISABLED
    if not two_step.spend(session, account, typed):
        audit.append(session, "sign_in_failed", "account", account.id, step="code")
        return Verdict.WRONG
    _enter(session, account, caller, {})
    return Verdict.OK


def knock_own(session: GatedSession, account_id: int, caller: Caller) -> datetime | None:
    """Count a try at the present password from an open session; until when to wait, or None. Commit before it is
    looked at. Counted apart from signing in: a thief at the desk does not keep the owner out elsewhere."""
    account = accounts.get_account(session, account_id)
    return throttle.charge(session, {caller.own_key(account.username): rules.OWN})


def settle_own(session: GatedSession, account_id: int, caller: Caller) -> None:
    """The present password was right: its count begins anew."""
    account = accounts.get_account(session, account_id)
    throttle.clear(session, [caller.own_key(account.username)])


def leave(session: GatedSession, account_id: int) -> None:
    """Note that an account signed out."""
    audit.append(session, "sign_out", "account", account_id)
