"""How a phone comes in: by a printed slip, by a signed-in account, and from then on by its PIN.

As with passwords (`actions/sign_in.py`) each step fits one short transaction: knock (count the try), then, with the PIN
checked outside any transaction, enter or miss. A PIN is looked at only beside a phone's token, a slip's code or an open
session, and its tries are counted there: nobody can use up somebody else's.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from tdteam.actions.keep_account import draw_stamp
from tdteam.actions.sign_in import Caller
from tdteam.domain import throttle as rules
from tdteam.domain.devices import draw_token, hash_token
from tdteam.domain.errors import Conflict, Flaw, NotFound
from tdteam.domain.periods import today
from tdteam.domain.pins import RULE, judge_pin, tries_left
from tdteam.domain.roles import Actor
from tdteam.domain.slips import role_of, username_of
from tdteam.domain.throttle import Rule
from tdteam.store import accounts, audit, devices, members, slip_choices, slips, teams, throttle
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Account, Slip

NO_PASSWORD = "!"  # noqa: S105 - no password has this hash: the account is opened by PIN alone


@dataclass(frozen=True)
class Door:
    """A try that was let through to the PIN, or told to wait. `pin_hash` is None where a PIN is to be chosen.

    `member_id` is of a member without an account yet; `phone_id` of a phone that knocks with its token.
    """

    is_known: bool = False
    account_id: int | None = None
    member_id: int | None = None
    phone_id: int | None = None
    code: str | None = None
    pin_hash: str | None = None
    birth_year: int | None = None
    phone: str | None = None
    charged: dict[str, Rule] = field(default_factory=dict)
    wait_until: datetime | None = None

    def judge(self, pin: object, name: str = "pin") -> list[Flaw]:
        """What is wrong with a PIN chosen here."""
        return judge_pin(pin, birth_year=self.birth_year, phone=self.phone, field=name)


@dataclass(frozen=True)
class Entered:
    """Who is in, on which phone; `token` is the phone's new one, or "" where it keeps its own."""

    account_id: int
    phone_id: int
    token: str = ""


def knock(session: GatedSession, device_id: str, token: str, caller: Caller, *, demo: bool) -> Door:
    """A phone signs in. Commit before the PIN is looked at; an unknown phone is counted by its address."""
    found = devices.find_known(session, device_id, hash_token(token), demo=demo)
    if found is None or found.pin_hash is None:
        return _stranger(session, caller)
    charged = {caller.pin_key(found.account_id, str(found.phone_id)): RULE}
    until = throttle.charge(session, charged)
    door = _door_of(session, accounts.get_account(session, found.account_id))
    return replace(door, phone_id=found.phone_id, pin_hash=found.pin_hash, charged=charged, wait_until=until)


def knock_with_slip(
    session: GatedSession, code: str, device_id: str, caller: Caller, now: datetime, *, demo: bool
) -> Door:
    """A phone joins with the code of a slip. Commit before the PIN is looked at."""
    slip = slips.find_slip(session, code, now)
    door = _door_of_slip(session, slip, device_id, demo=demo) if slip else None
    if slip is None or door is None:
        return _stranger(session, caller)
    if door.pin_hash is None or door.account_id is None:
        return replace(door, code=code)
    charged = {caller.pin_key(door.account_id, f"slip {slip.id}"): RULE}
    return replace(door, code=code, charged=charged, wait_until=throttle.charge(session, charged))


def knock_signed_in(session: GatedSession, account_id: int, caller: Caller) -> Door:
    """A phone on which the account signed in with its password is to be enrolled. Commit before the PIN is looked at."""
    door = _door_of(session, accounts.get_account(session, account_id))
    if door.pin_hash is None:
        return door
    charged = {caller.pin_key(account_id, "enrol"): RULE}
    return replace(door, charged=charged, wait_until=throttle.charge(session, charged))


def enter(session: GatedSession, door: Door, now: datetime) -> Entered | None:
    """The PIN of a known phone was right: it is in. None where the phone or the PIN changed meanwhile."""
    account = accounts.hold_account(session, door.account_id or 0)
    phone = devices.get_own(session, account.id or 0, door.phone_id or 0)
    pin = devices.find_pin(session, account.id or 0)
    if phone.revoked_at or account.disabled_at or pin != door.pin_hash:
        return None
    _as_holder(session, account)
    throttle.clear(session, door.charged)
    account.last_seen_at = phone.last_seen_at = now
    session.add_all((account, phone))
    audit.append(session, "sign_in", "account", account.id, phone=phone.id)
    return Entered(account.id or 0, phone.id or 0)


def join(
    session: GatedSession,
    door: Door,
    device_id: str,
    label: str,
    new_pin_hash: str | None,
    now: datetime,
    *,
    demo: bool,
) -> Entered:
    """Enrol a phone through a slip or an open session. `new_pin_hash` of a PIN chosen now, None where the account's own
    was right. Raises NotFound where the slip was used meanwhile, Conflict where something else changed."""
    slip = _slip_again(session, door, device_id, now, demo=demo) if door.code else None
    account = _account_of(session, door)
    kept = None if account.is_demo else devices.find_pin(session, account.id or 0)
    if account.disabled_at or kept != door.pin_hash:
        raise Conflict("try_again")
    _as_holder(session, account)
    if new_pin_hash:
        devices.set_pin(session, account.id or 0, new_pin_hash, now)
    throttle.clear(session, door.charged)
    token = draw_token()
    phone = devices.enrol(session, account.id or 0, device_id, label, hash_token(token), now)
    if slip:
        slip.used_at, slip.device_id = slip.used_at or now, phone.id
        session.add(slip)
    account.last_seen_at = now
    session.add(account)
    how = "slip" if slip else "signed_in"
    audit.append(session, "enrol", "phone", phone.id, account=account.id, how=how, new_pin=bool(new_pin_hash))
    return Entered(account.id or 0, phone.id or 0, token)


def miss(session: GatedSession, door: Door) -> int:
    """The PIN was wrong: written down; how many tries are left before a wait."""
    audit.append(session, "sign_in_failed", "account", door.account_id or "", step="pin")
    return min((tries_left(throttle.failures(session, key)) for key in door.charged), default=0)


def change_pin(session: GatedSession, door: Door, pin_hash: str, now: datetime) -> None:
    """Another PIN, the present one having been right; every phone of the account asks for it from now on."""
    account = accounts.hold_account(session, door.account_id or 0)
    if devices.find_pin(session, account.id or 0) != door.pin_hash:
        raise Conflict("try_again")
    throttle.clear(session, door.charged)
    devices.set_pin(session, account.id or 0, pin_hash, now)
    audit.append(session, "pin_changed", "account", account.id)


def _stranger(session: GatedSession, caller: Caller) -> Door:
    charged = {caller.phones_key(): rules.ADDRESS}
    return Door(charged=charged, wait_until=throttle.charge(session, charged))


def _door_of(session: GatedSession, account: Account) -> Door:
    """The door of an account. A demonstration account is everybody's: its PIN is chosen anew each time."""
    member = members.get_member(session, account.member_id) if account.member_id else None
    return Door(
        is_known=True,
        account_id=account.id,
        pin_hash=None if account.is_demo else devices.find_pin(session, account.id or 0),
        birth_year=member.birth_year if member else None,
        phone=member.phone if member else None,
    )


def _door_of_slip(session: GatedSession, slip: Slip, device_id: str, *, demo: bool) -> Door | None:
    """What a slip opens: the member's account, or one to be made. None for a used slip (but for the very phone that used
    it, whose answer may have been lost), a member who left, an account no slip may open."""
    if slip.used_at is not None:
        phone = slips.phone_of(session, slip)
        if phone is None or phone.device_id != device_id or phone.revoked_at is not None:
            return None
    if not members.list_services(session, member_id=slip.member_id, on=today()):
        return None
    found = slip_choices.accounts_of(session, [slip.member_id])[slip.member_id]
    account, barred = slip_choices.pick_account(found, demo=demo)
    if barred:
        return None
    if account is not None:
        return _door_of(session, account)
    member = members.get_member(session, slip.member_id)
    return Door(is_known=True, member_id=member.id, birth_year=member.birth_year, phone=member.phone)


def _slip_again(session: GatedSession, door: Door, device_id: str, now: datetime, *, demo: bool) -> Slip:
    """The slip, held, and still opening what it opened before the PIN was looked at."""
    slip = slips.find_slip(session, door.code or "", now)
    again = _door_of_slip(session, slip, device_id, demo=demo) if slip else None
    if slip is None or again is None:
        raise NotFound("slip_unknown")
    if (again.account_id, again.member_id) != (door.account_id, door.member_id):
        raise Conflict("try_again")
    return slip


def _account_of(session: GatedSession, door: Door) -> Account:
    """The account, held; made now for a member who has none, with the villages of the teams served today."""
    if door.account_id is not None:
        return accounts.hold_account(session, door.account_id)
    member = members.get_member(session, door.member_id or 0)
    services = members.list_services(session, member_id=member.id, on=today())
    served = teams.villages_of(session, {one.team_id for one in services})
    places = sorted({v.id for own in served.values() for v in own if v.until is None or v.until > today()})
    if not places:
        raise NotFound("slip_unknown")
    role = role_of({one.role for one in services})
    row = accounts.add_account(
        session,
        username=_free_username(session, member.name, member.id or 0),
        name=member.name,
        role=role,
        password_hash=NO_PASSWORD,
        stamp=draw_stamp(),
        roots=places,
        member_id=member.id,
    )
    _as_holder(session, row)
    audit.append(
        session, "create", "account", row.id, place_id=places[0], role=role, places=places, how="slip"
    )
    return row


def _free_username(session: GatedSession, name: str, member_id: int) -> str:
    """A name for an account whose holder never types it; the member's number makes it the only one, save by chance."""
    wanted = username = username_of(name, member_id)
    number = 2
    while accounts.find_by_username(session, username):
        username, number = f"{wanted}-{number}", number + 1
    return username


def _as_holder(session: GatedSession, account: Account) -> None:
    """What follows in this transaction is done by the account that comes in."""
    session.scope = replace(session.scope, actor=Actor(account.id, account.name, account.role))
