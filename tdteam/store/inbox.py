"""The inbox: records as phones sent them, claimed before they are judged (`docs/sync.md`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Table, and_, bindparam, func, or_, select, update

from tdteam.domain.sync import Verdict, gaps
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.prepared import Prepared, Rows
from tdteam.store.tables import AccountPlace, Inbox, PhoneSequence, PlaceAncestor, Satisfaction

_inbox: Table = Inbox.__table__  # type: ignore[attr-defined]
_sequence: Table = PhoneSequence.__table__  # type: ignore[attr-defined]
_satisfaction: Table = Satisfaction.__table__  # type: ignore[attr-defined]
_reach: Table = PlaceAncestor.__table__  # type: ignore[attr-defined]
_roots: Table = AccountPlace.__table__  # type: ignore[attr-defined]
_LOWER = ("state", "version", "flaws", "clash", "doubt", "village_id", "target")
Key = tuple[str, str]
"""A record's id and hash."""
RAW = (
    *(
        "record_id",
        "sha256",
        "account_id",
        "from_account",
        "device_id",
        "client",
        "seq",
        "kind",
        "schema_version",
    ),
    *(
        "base_version",
        "recorded_at",
        "clock_offset",
        "clock_measured",
        "received_at",
        "body",
        "state",
        "version",
    ),
    *("flaws", "village_id", "target", "decision"),
)
"""The columns of a record as it comes, in the order `claim` takes them."""
_RAW = Rows(_inbox, RAW, "ON CONFLICT (record_id, sha256) DO NOTHING", key=("record_id", "sha256"))
_MARK = Prepared(
    select(_sequence.c.through, _sequence.c.highest).where(
        _sequence.c.account_id == bindparam("account"), _sequence.c.device_id == bindparam("device")
    )
)
_MARKED = Rows(
    _sequence,
    ("account_id", "device_id", "through", "highest", "last_at"),
    "ON CONFLICT (account_id, device_id) DO UPDATE SET"
    " through = excluded.through, highest = excluded.highest, last_at = excluded.last_at",
)
_SCORES = Rows(
    _satisfaction,
    ("village_id", "period", "score", "given"),
    "ON CONFLICT (village_id, period, score) DO UPDATE SET given = satisfaction.given + excluded.given",
)


@dataclass(frozen=True)
class Held:
    """What became of a record that is here already. `is_open`: it was refused, and nobody has decided on it since."""

    state: str
    version: int | None
    flaws: list[dict[str, Any]]
    is_open: bool


def claim(session: GatedSession, rows: Sequence[tuple[Any, ...]]) -> set[Key]:
    """Put raw records (tuples in the order of RAW) into the inbox; the keys that are new. The rest were here: a
    duplicate, whoever was faster."""
    ordered = sorted(rows, key=itemgetter(0, 1))
    return {(record_id, sha256) for record_id, sha256 in _RAW.put_new(session, ordered, places=())}


def find_held(session: GatedSession, keys: Iterable[Key]) -> dict[Key, Held]:
    """What became of records that are here, whoever sent them; held until the transaction ends."""
    wanted = set(keys)
    if not wanted:
        return {}
    columns = [_inbox.c[name] for name in ("record_id", "sha256", "state", "version", "flaws", "decided_at")]
    query = select(*columns).where(_inbox.c.record_id.in_(sorted({key[0] for key in wanted})))
    if session.is_writing:
        query = query.order_by(_inbox.c.n).with_for_update()
    return {
        (row.record_id, row.sha256): Held(
            row.state, row.version, row.flaws or [], row.state == Verdict.REFUSED and row.decided_at is None
        )
        for row in bulk.run(session, query, places=())
        if (row.record_id, row.sha256) in wanted
    }


def note_verdicts(session: GatedSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write how records were judged: `record_id`, `sha256` and the lower half of the table."""
    if not rows:
        return
    statement = (
        update(_inbox)
        .where(_inbox.c.record_id == bindparam("b_id"), _inbox.c.sha256 == bindparam("b_hash"))
        .values({name: bindparam(f"b_{name}") for name in _LOWER})
    )
    values = [
        {"b_id": row["record_id"], "b_hash": row["sha256"], **{f"b_{name}": row[name] for name in _LOWER}}
        for row in rows
    ]
    bulk.run(session, statement, values, places=())


def once_had(session: GatedSession, account_id: int, village_ids: Collection[int]) -> set[int]:
    """Which of these villages the account ever had inside its scope, on whatever day."""
    if not village_ids:
        return set()
    query = (
        select(_reach.c.place_id)
        .join(_roots, _roots.c.place_id == _reach.c.ancestor_id)
        .where(_roots.c.account_id == account_id, _reach.c.place_id.in_(sorted(village_ids)))
    )
    found: set[int] = set(bulk.run(session, query, places=()).scalars())
    return found


def advance(
    session: GatedSession, account_id: int, device_id: str, now: datetime, seqs: Collection[int]
) -> list[int]:
    """Note the numbers a phone has used; those below the highest that never came."""
    if not seqs:
        return []
    known = _MARK.ask(session, {"account": account_id, "device": device_id}, places=())
    through, highest = known[0] if known else (0, 0)
    highest = max(highest, *seqs)
    new = set(seqs)
    if through + 1 not in new or highest > through + len(new):
        new |= _seen(session, account_id, device_id, through)
    through, missing = gaps(through, highest, new)
    _MARKED.put(session, [(account_id, device_id, through, highest, now)], places=())
    return missing


def _seen(session: GatedSession, account_id: int, device_id: str, through: int) -> set[int]:
    """Numbers of the phone that came, from itself or in a file somebody else delivered."""
    whose = or_(
        and_(_inbox.c.account_id == account_id, _inbox.c.from_account.is_(None)),
        _inbox.c.from_account == account_id,
    )
    query = select(_inbox.c.seq).where(_inbox.c.device_id == device_id, whose, _inbox.c.seq > through)
    seen: set[int] = set(bulk.run(session, query, places=()).scalars())
    return seen


def count_satisfaction(session: GatedSession, given: Mapping[tuple[int, str, int], int]) -> None:
    """Add scores: (village, period, score) -> how many."""
    if given:
        rows = [(*key, count) for key, count in sorted(given.items())]
        _SCORES.put(session, rows, places={village for village, _, _ in given})


def lacking(session: GatedSession, keys: Sequence[Key]) -> list[str]:
    """Ids of the offered records that are not here with that hash."""
    held = find_held(session, keys)
    return [record_id for record_id, sha256 in keys if (record_id, sha256) not in held]


def decided_since(session: GatedSession, account_id: int, since: datetime) -> list[Any]:
    """What the desk decided on an account's records: rows of id, hash, state, version, flaws."""
    columns = (
        _inbox.c.record_id,
        _inbox.c.sha256,
        _inbox.c.state,
        _inbox.c.version,
        _inbox.c.flaws,
        _inbox.c.decision,
    )
    whose = or_(_inbox.c.account_id == account_id, _inbox.c.from_account == account_id)
    query = select(*columns).where(whose, _inbox.c.decided_at > since).order_by(_inbox.c.n).limit(500)
    return list(bulk.run(session, query, places=()))


def empty_bodies(session: GatedSession, before: datetime) -> int:
    """Retention: bodies of settled records received before a moment go; id, hash and receipt stay."""
    settled = or_(_inbox.c.state.in_((Verdict.ACCEPTED, Verdict.LATE)), _inbox.c.decided_at.is_not(None))
    sure = or_(_inbox.c.doubt.is_(None), _inbox.c.decided_at.is_not(None))
    statement = (
        update(_inbox)
        .where(_inbox.c.received_at < before, _inbox.c.body.is_not(None), settled, sure)
        .values(body=None)
    )
    return int(bulk.run(session, statement, places=()).rowcount)


def queue_sizes(session: GatedSession) -> dict[str, int]:
    """How much waits for the commune: held, conflicting, doubtful records of the scope."""
    state = func.coalesce(Inbox.doubt, Inbox.state)
    waiting = or_(Inbox.state.in_((Verdict.HELD, Verdict.CONFLICT)), Inbox.doubt.is_not(None))  # type: ignore[attr-defined,union-attr]
    query = select(state, func.count()).where(waiting, Inbox.decided_at.is_(None)).group_by(state)  # type: ignore[union-attr]
    return {str(name): count for name, count in session.execute(query)}


def utc(moment: datetime) -> datetime:
    """A database's moment with its zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
