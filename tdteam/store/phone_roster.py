"""The roster of a phone (`docs/sync.md`, section 5): everything at first, then what changed since the cursor.

Households, residents and visits come by change; small sets come whole when their hash changed. A cursor carries the moment the
pull began: the next one starts two minutes before it, so that a transaction that was slow to commit is never passed over.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tdteam.domain.periods import today
from tdteam.store import inbox, phone_rows, phone_sets, settings
from tdteam.store.gate import GatedSession

PAGE = 400
OVERLAP = timedelta(minutes=2)
OLDEST = timedelta(days=7)
"""A cursor older than this starts anew: households that moved out of reach leave the phone at the latest then."""


@dataclass(frozen=True)
class Cursor:
    """Where a pull stands. `since` None: everything. `after`: the household the last page ended with."""

    since: str | None = None
    began: str = ""
    after: str = ""
    villages: str = ""
    hashes: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        said = json.dumps(self.__dict__, separators=(",", ":"))
        return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def read_cursor(text: str, now: datetime) -> Cursor:
    """A cursor we gave out; a fresh one for any other text, and for one that is too old."""
    try:
        said = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        cursor = Cursor(**said)
        moments = [_moment(one) for one in (cursor.since, cursor.began) if one]
        plain = [cursor.after, cursor.villages, *cursor.hashes, *cursor.hashes.values()]
        if not moments or not all(isinstance(one, str) for one in plain):
            return Cursor()
        return cursor if all(now - OLDEST < moment <= now + OVERLAP for moment in moments) else Cursor()
    except (ValueError, TypeError, AttributeError):
        return Cursor()


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no zone")
    return moment


def read_page(session: GatedSession, account_id: int, cursor_text: str) -> dict[str, Any]:
    """The next page of an account's roster."""
    now = datetime.now(UTC)
    cursor = read_cursor(cursor_text, now)
    villages = phone_sets.village_ids(session)
    inside = _digest(sorted(villages))
    reset = cursor.villages != inside
    if reset:
        cursor = Cursor(villages=inside)
    began = cursor.began or now.isoformat()
    since = _moment(cursor.since) - OVERLAP if cursor.since else None
    found = phone_rows.read_households(session, villages, since, cursor.after, PAGE)
    more = len(found) == PAGE
    page: dict[str, Any] = {"more": more, "reset": reset, "server_time": now.isoformat(), "decisions": []}
    page |= phone_rows.tell(session, found, today())
    hashes = dict(cursor.hashes)
    if not cursor.after:
        _put_sets(page, hashes, phone_sets.read_sets(session, villages))
    if not more:
        _put_rest(session, page, hashes, villages, account_id, since)
    following = (
        replace(cursor, began=began, after=found[-1].id, hashes=hashes)
        if more
        else Cursor(since=began, villages=inside, hashes=hashes)
    )
    period = settings.period_on(session, today())
    return {**page, "cursor": following.text(), "period": period.code, "start_day": period.start_day}


def _put_rest(
    session: GatedSession,
    page: dict[str, Any],
    hashes: dict[str, str],
    villages: set[int],
    account_id: int,
    since: datetime | None,
) -> None:
    """What the last page brings: residents changed by themselves, visits, what is left to do, what was decided."""
    if since:
        page["residents"] += phone_rows.changed_residents(
            session, villages, since, {r["id"] for r in page["residents"]}
        )
        page["removed"] = phone_rows.removed_since(session, villages, since)
        page["decisions"] = [_decision(row) for row in inbox.decided_since(session, account_id, since)]
    page["visits"] = phone_rows.read_visits(session, villages, since, today())
    _put_sets(page, hashes, phone_sets.read_late_sets(session, villages, today()))


def _decision(row: Any) -> dict[str, Any]:
    told = {"id": row.record_id, "sha256": row.sha256, "state": row.state, "version": row.version}
    return {**told, "flaws": row.flaws or [], "decision": row.decision}


def _put_sets(page: dict[str, Any], hashes: dict[str, str], sets: Mapping[str, Any]) -> None:
    """Sets the phone does not have as they are now; absent ones stay as it has them."""
    for name, value in sets.items():
        said = _digest(value)
        if hashes.get(name) != said:
            page[name], hashes[name] = value, said


def _digest(value: Any) -> str:
    said = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:8]
