"""Keeping accounts: make, change, disable, enable, reset, hand over; and what the holder does with their own.

What lies outside the keeper's scope is not found; a place outside it cannot be given.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tdteam.actions.passwords import check_password, hash_password
from tdteam.domain.accounts import ONE_TIME_DAYS, AccountDraft, clean_username, judge_account
from tdteam.domain.errors import Flaw, NotAllowed, NotFound, Refused
from tdteam.domain.passwords import draw_password, judge_password
from tdteam.domain.periods import today
from tdteam.domain.roles import Role
from tdteam.domain.vietnamese import fold, name_key, nfc
from tdteam.store import account_choices, account_lists, accounts, audit, devices
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Account


@dataclass(frozen=True)
class Slip:
    """An account with the one-time password to hand to its holder; shown once and kept nowhere. "" where one was typed."""

    account: Account
    password: str
    good_until: datetime | None


def draw_stamp() -> str:
    """A new session stamp: whoever is signed in with the old one no longer is."""
    return secrets.token_urlsafe(16)


def create(session: GatedSession, draft: AccountDraft, *, password: str | None = None) -> Slip:
    """Make an account with a one-time password, or with the typed one. Raises Refused."""
    flaws = _judge(session, draft)
    username = clean_username(draft.username)
    if not flaws and accounts.find_by_username(session, username):
        flaws.append(Flaw("username", "username_taken", {"username": username}))
    if password is not None:
        flaws += judge_password(password, own=(username, draft.name))
    if flaws:
        raise Refused(flaws)
    word, until = (password, None) if password is not None else _draw()
    row = accounts.add_account(
        session,
        username=username,
        name=draft.name,
        role=draft.role,
        password_hash=hash_password(word),
        stamp=draw_stamp(),
        roots=list(draft.places),
        member_id=draft.member_id,
        one_time_until=until,
    )
    audit.append(
        session,
        "create",
        "account",
        row.id,
        place_id=draft.places[0],
        role=draft.role,
        places=list(draft.places),
    )
    return Slip(row, "" if password is not None else word, until)


def change(session: GatedSession, account_id: int, draft: AccountDraft) -> list[str]:
    """Change name, role, places and member of an account; the names of the fields that changed. Raises Refused."""
    row = account_lists.get_kept(session, account_id)
    draft = AccountDraft(row.username, draft.name, draft.role, draft.places, draft.member_id)
    flaws = _judge(session, draft)
    had = {root.place_id for root in accounts.list_roots(session, [account_id])[account_id]}
    lost = had - set(draft.places) if draft.role == row.role else had
    if not flaws and _strands(session, row, lost):
        flaws.append(Flaw("role" if draft.role != row.role else "places", "last_admin"))
    if flaws:
        raise Refused(flaws)
    changed = [
        field
        for field, before, after in (
            ("name", row.name, nfc(draft.name)),
            ("role", row.role, draft.role),
            ("places", had, set(draft.places)),
            ("member", row.member_id, draft.member_id),
        )
        if before != after
    ]
    row.name, row.name_fold, row.name_sort = nfc(draft.name), fold(draft.name), name_key(draft.name)
    row.role, row.member_id = draft.role, draft.member_id
    session.add(row)
    accounts.end_roots(session, account_id, had - set(draft.places), today())
    accounts.give_roots(session, account_id, sorted(set(draft.places) - had), today())
    if changed:
        audit.append(
            session,
            "change",
            "account",
            row.id,
            place_id=draft.places[0],
            fields=changed,
            places=list(draft.places),
        )
    return changed


def disable(session: GatedSession, account_id: int) -> None:
    """Close an account at once: every browser signed in with it is out. Raises Refused for the last administrator."""
    row = account_lists.get_kept(session, account_id)
    if row.disabled_at is not None:
        return
    if _strands(
        session, row, {root.place_id for root in accounts.list_roots(session, [account_id])[account_id]}
    ):
        raise Refused([Flaw("", "last_admin")])
    row.disabled_at, row.session_stamp = datetime.now(UTC), draw_stamp()
    session.add(row)
    audit.append(session, "disable", "account", row.id)


def enable(session: GatedSession, account_id: int) -> None:
    """Open a disabled account again, with its password as it was."""
    row = account_lists.get_kept(session, account_id)
    if row.disabled_at is None:
        return
    row.disabled_at, row.session_stamp = None, draw_stamp()
    session.add(row)
    audit.append(session, "enable", "account", row.id)


def reset(session: GatedSession, account_id: int) -> Slip:
    """Give a new one-time password, sign out everywhere and switch the second step off (the telephone may be lost). Its
    phones join again: whoever held the account before must not come in with a PIN."""
    row = account_lists.get_kept(session, account_id)
    if row.is_demo:
        raise NotAllowed("demo_account")
    word, until = _draw()
    row.password_hash, row.session_stamp, row.one_time_until = hash_password(word), draw_stamp(), until
    row.totp_secret, row.totp_last_step, row.recovery_hashes = None, None, ""
    session.add(row)
    devices.close_all(session, account_id, datetime.now(UTC))
    audit.append(session, "reset", "account", row.id)
    return Slip(row, word, until)


def hand_over(session: GatedSession, account_id: int, to: str, on: date, *, close: bool = False) -> Account:
    """Pass the places of an account to another of the same role from a day on; the receiving account. Raises Refused."""
    row = account_lists.get_kept(session, account_id)
    heir = accounts.find_by_username(session, clean_username(to))
    flaws = []
    if on < today():
        flaws.append(Flaw("on", "day_past"))
    try:
        heir = account_lists.get_kept(session, heir.id) if heir and heir.id else None
    except NotFound:
        heir = None
    if heir is None or heir.id == row.id or heir.disabled_at is not None:
        flaws.append(Flaw("to", "heir_unknown"))
    elif heir.role != row.role:
        flaws.append(Flaw("to", "heir_role"))
    roots = [root.place_id for root in accounts.list_roots(session, [account_id], on)[account_id]]
    if not roots:
        flaws.append(Flaw("", "handover_nothing"))
    if flaws or heir is None or heir.id is None:
        raise Refused(flaws)
    accounts.end_roots(session, account_id, roots, on)
    accounts.give_roots(session, heir.id, roots, on)
    if close and on <= today():
        row.disabled_at, row.session_stamp = datetime.now(UTC), draw_stamp()
        session.add(row)
    audit.append(
        session, "hand_over", "account", row.id, to=heir.id, places=roots, on=on.isoformat(), closed=close
    )
    return heir


def change_password(session: GatedSession, account_id: int, current: str, new: str) -> Account:
    """The holder's own new password: every other browser is signed out. Raises Refused."""
    row = accounts.hold_account(session, account_id)
    if row.is_demo:
        raise NotAllowed("demo_account")
    if not check_password(row.password_hash, current):
        audit.append(session, "password_refused", "account", row.id)
        raise Refused([Flaw("current", "password_wrong")])
    flaws = judge_password(new, own=(row.username, row.name), field="new")
    if not flaws and check_password(row.password_hash, new):
        flaws = [Flaw("new", "password_same")]
    if flaws:
        raise Refused(flaws)
    row.password_hash, row.session_stamp = hash_password(new), draw_stamp()
    row.password_changed_at, row.one_time_until = datetime.now(UTC), None
    session.add(row)
    audit.append(session, "password_changed", "account", row.id)
    return row


def sign_out_everywhere(session: GatedSession, account_id: int) -> Account:
    """Draw a new stamp: every browser, this one too unless it is given the new stamp, is signed out."""
    row = accounts.hold_account(session, account_id)
    row.session_stamp = draw_stamp()
    session.add(row)
    audit.append(session, "sign_out_everywhere", "account", row.id)
    return row


def _draw() -> tuple[str, datetime]:
    return draw_password(), datetime.now(UTC) + timedelta(days=ONE_TIME_DAYS)


def _judge(session: GatedSession, draft: AccountDraft) -> list[Flaw]:
    """Flaws of a draft; places outside the keeper's scope and members outside the places are simply not found."""
    found = account_choices.places_by_id(session, draft.places)
    if len(found) != len(set(draft.places)):
        raise NotFound
    if draft.member_id is not None:
        near: Sequence[account_choices.MemberChoice] = account_choices.members_of(session, draft.places)
        if draft.member_id not in {member.id for member in near}:
            return [Flaw("member_id", "member_elsewhere")]
    return judge_account(draft, [place.level for place in found])


def _strands(session: GatedSession, row: Account, places: set[int]) -> bool:
    """Whether taking these places from an administrator in office leaves them without one."""
    return (
        row.role == Role.ADMIN
        and row.disabled_at is None
        and account_lists.is_last_keeper(session, row, places)
    )
