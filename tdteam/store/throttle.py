"""The throttle's memory: failures per key, kept in the database so that every process counts alike.

A try is counted before the password is looked at and taken back when it was good: a hundred guesses sent at once
are a hundred tries. Keys are hashed by the caller. All of it runs in a session without scope (nobody is known yet).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select

from tdteam.domain.throttle import KNOWN_DEVICE_DAYS, Rule
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.tables import SignInAttempt

_KEPT = timedelta(days=1)


def charge(session: GatedSession, rules: Mapping[str, Rule]) -> datetime | None:
    """Count a try against each key; None when it may go ahead. While one of them waits: until when, and nothing is
    counted, so that knocking at a closed door does not keep it closed."""
    now = datetime.now(UTC)
    rows = _locked(session, rules, now)
    for row in rows:
        if rules[row.key].is_forgotten(row.last_at, now):
            row.failures, row.first_at, row.blocked_until = 0, now, None
    waits = [row.blocked_until for row in rows if row.blocked_until and row.blocked_until > now]
    if waits:
        return max(waits)
    for row in rows:
        row.failures += 1
        row.last_at = now
        wait = rules[row.key].wait_after(row.failures)
        row.blocked_until = now + wait if wait else None
        session.add(row)
    session.flush()
    return None


def refund(session: GatedSession, rules: Mapping[str, Rule]) -> None:
    """Take one try back from each key: it was good."""
    now = datetime.now(UTC)
    for row in _locked(session, rules, now):
        row.failures = max(0, row.failures - 1)
        wait = rules[row.key].wait_after(row.failures)
        row.blocked_until = row.last_at + wait if wait else None
        session.add(row)
    session.flush()


def clear(session: GatedSession, keys: Iterable[str]) -> None:
    """Wipe the failures of some keys; where they had succeeded before stays known."""
    rows = session.exec(select(SignInAttempt).where(col(SignInAttempt.key).in_(list(keys)))).all()
    for row in rows:
        row.failures, row.blocked_until = 0, None
        session.add(row)
    session.flush()


def waits_until(session: GatedSession, key: str) -> datetime | None:
    """Until when a key waits, None when it need not; nothing is written."""
    row = session.get(SignInAttempt, key)
    until = row.blocked_until if row else None
    return until if until and until > datetime.now(UTC) else None


def failures(session: GatedSession, key: str) -> int:
    """How many tries stand against a key."""
    row = session.get(SignInAttempt, key)
    return row.failures if row else 0


def know(session: GatedSession, keys: Iterable[str]) -> None:
    """Remember that a sign-in succeeded under these keys, and begin their count anew."""
    now = datetime.now(UTC)
    for row in _locked(session, keys, now):
        row.failures, row.blocked_until, row.succeeded_at = 0, None, now
        session.add(row)
    session.flush()


def is_known(session: GatedSession, key: str, within: timedelta) -> bool:
    """Whether a sign-in succeeded under this key lately."""
    row = session.get(SignInAttempt, key)
    return bool(row and row.succeeded_at and datetime.now(UTC) - row.succeeded_at < within)


def prune(session: GatedSession) -> None:
    """Drop rows that say nothing any more."""
    now = datetime.now(UTC)
    old = col(SignInAttempt.last_at) < now - _KEPT
    known = col(SignInAttempt.succeeded_at) > now - timedelta(days=KNOWN_DEVICE_DAYS)
    session.exec(delete(SignInAttempt).where(old, known.is_not(True)))


def _locked(session: GatedSession, keys: Iterable[str], now: datetime) -> Sequence[SignInAttempt]:
    """The rows of the keys, made where missing, held until the transaction ends, in one order for everybody."""
    wanted = sorted(set(keys))
    if not wanted:
        return ()
    table = SignInAttempt.__table__  # type: ignore[attr-defined]
    fresh = [{"key": key, "failures": 0, "first_at": now, "last_at": now} for key in wanted]
    bulk.run(session, bulk.insert(session, table).on_conflict_do_nothing(), fresh, places=())
    query = select(SignInAttempt).where(col(SignInAttempt.key).in_(wanted)).order_by(SignInAttempt.key)
    return session.exec(query.with_for_update()).all()
