"""Slips of the members: made, withdrawn, found by their code's hash. Who may be given one: `slip_choices`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col, select

from tdteam.domain.devices import hash_token
from tdteam.domain.slips import GOOD_DAYS, draw_code
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Device, Slip


def withdraw(session: GatedSession, member_ids: Iterable[int], now: datetime) -> int:
    """Withdraw the unused slips of some members; how many there were."""
    unused = (
        update(Slip)
        .where(col(Slip.member_id).in_(sorted(set(member_ids))))
        .where(col(Slip.used_at).is_(None), col(Slip.withdrawn_at).is_(None), col(Slip.expires_at) > now)
        .values(withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )
    return int(session.exec(unused).rowcount)


def make(session: GatedSession, member_ids: Iterable[int], now: datetime) -> dict[int, str]:
    """A new slip for each member, good for fourteen days; older unused ones are withdrawn. Member -> code, which is kept
    nowhere."""
    wanted = list(dict.fromkeys(member_ids))
    withdraw(session, wanted, now)
    codes = {member_id: draw_code() for member_id in wanted}
    for member_id, code in codes.items():
        session.add(
            Slip(
                member_id=member_id,
                token_hash=hash_token(code),
                made_at=now,
                made_by=session.scope.actor.account_id,
                expires_at=now + timedelta(days=GOOD_DAYS),
            )
        )
    session.flush()
    return codes


def find_slip(session: GatedSession, code: str, now: datetime) -> Slip | None:
    """The slip of a code, unless it has expired or been withdrawn; held until the transaction ends where one writes. A
    used one is found too: the phone that used it may not have heard."""
    query = select(Slip).where(
        Slip.token_hash == hash_token(code), col(Slip.expires_at) > now, col(Slip.withdrawn_at).is_(None)
    )
    return session.exec(query.with_for_update() if session.is_writing else query).first()


def phone_of(session: GatedSession, slip: Slip) -> Device | None:
    """The phone a slip let in, or None."""
    return session.get(Device, slip.device_id) if slip.device_id else None
