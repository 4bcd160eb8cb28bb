"""Marks sheets stale in the transaction that moves a tally (decision 0010).

A session gathers what it moved and marks it once, as the last thing before its commit: the sheets of the village and of
everything it lies in, on whatever day. On PostgreSQL a writer holds a shared lock of the tree and of each such place
from there to its end; who writes a sheet anew holds it alone (`store/sheet_upkeep.py`), so no writer is under way whose
figures it could not see. On SQLite whoever writes is alone. Nothing is asked for after these locks: no ring can form.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, delete, event, func, literal, or_, select, update

from tdteam.domain.places import Level
from tdteam.domain.sheets import years_moved
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.prepared import Prepared, any_of
from tdteam.store.tables import Place, PlaceAncestor, Setting, Sheet

KEY = "sheets"
"""The setting that tells which sheets hold: {"mark": the layout they are of, "days": those on which the tree changed}."""
LOCKS = 7_310_411
"""The class of our advisory locks on PostgreSQL; the object is a place, or TREE."""
TREE = 0
_PENDING = "sheets_to_mark"
_NEVER = "~"
_sheet: Any = Sheet.__table__  # type: ignore[attr-defined]
_reach: Any = PlaceAncestor.__table__  # type: ignore[attr-defined]
_place: Any = Place.__table__  # type: ignore[attr-defined]
_setting: Any = Setting.__table__  # type: ignore[attr-defined]
_above = select(_reach.c.ancestor_id.label("id")).where(any_of(_reach.c.place_id, "villages"))
_MOVED = (
    _sheet.c.place_id.in_(_above),
    or_(any_of(_sheet.c.span, "spans"), _sheet.c.span > bindparam("after")),
    _sheet.c.is_stale.is_(False),
)
_MARK = Prepared(update(_sheet).where(*_MOVED).values(is_stale=True))
_held = (
    select(_sheet.c.place_id, _sheet.c.span)
    .where(*_MOVED)
    .order_by(_sheet.c.place_id, _sheet.c.span)
    .with_for_update()
    .cte("moved")
)
_MARK_IN_ORDER = Prepared(
    update(_sheet)
    .where(_sheet.c.place_id == _held.c.place_id, _sheet.c.span == _held.c.span)
    .values(is_stale=True)
)
_SHARE_TREE = Prepared(select(func.pg_advisory_xact_lock_shared(LOCKS, TREE)))
_ordered = _above.distinct().order_by(_reach.c.ancestor_id).subquery()
_SHARE_PLACES = Prepared(select(func.pg_advisory_xact_lock_shared(LOCKS, _ordered.c.id)))
_STATE = Prepared(select(_setting.c.value).where(_setting.c.key == literal(KEY)))


@dataclass
class _Pending:
    villages: set[int] = field(default_factory=set)
    spans: set[str] = field(default_factory=set)
    after: str = _NEVER
    is_tree: bool = False


def _pending(session: GatedSession) -> _Pending:
    found: _Pending = session.info.setdefault(_PENDING, _Pending())
    return found


def mark(
    session: GatedSession, village_ids: Iterable[int], spans: Iterable[str] = (), *, after: str = _NEVER
) -> None:
    """Say that figures of these villages moved in these periods, and in all later than `after` ("": in all). The years so
    far that hold them moved with them; those of a later one than `after` are named so that they stand behind it."""
    pending = _pending(session)
    pending.villages.update(village_ids)
    for span in spans:
        pending.spans.update((span, *years_moved(span)))
    pending.after = min(pending.after, after)


def mark_tree(session: GatedSession) -> None:
    """Say that the tree of places changed: all sheets but those of villages are forgotten."""
    _pending(session).is_tree = True


def mark_now(session: GatedSession) -> None:
    """Write the marks gathered so far. Within a savepoint they stay gathered too: it may yet be rolled back. What was
    rolled back stays gathered as well: a mark too many costs a count, one too few would be a wrong figure."""
    pending: _Pending | None = session.info.get(_PENDING)
    if pending is None:
        return
    is_shared = session.get_bind().dialect.name == "postgresql"
    if pending.is_tree:
        _forget_composed(session, is_shared=is_shared)
    if pending.villages:
        asked = {
            "villages": sorted(pending.villages),
            "spans": sorted(pending.spans),
            "after": pending.after,
        }
        if is_shared:
            _SHARE_TREE.ask(session, {}, places=())
            _SHARE_PLACES.ask(session, asked, places=())
        (_MARK_IN_ORDER if is_shared else _MARK).tell(session, asked, places=())
    if not session.in_nested_transaction():
        del session.info[_PENDING]


def _forget_composed(session: GatedSession, *, is_shared: bool) -> None:
    """Writers of figures wait for the end of this transaction, so that each marks by the tree it is counted under."""
    if is_shared:
        bulk.run(session, select(func.pg_advisory_xact_lock(LOCKS, TREE)), places=())
    villages = select(_place.c.id).where(_place.c.level == Level.VILLAGE.value)
    bulk.run(session, delete(_sheet).where(_sheet.c.place_id.not_in(villages)), places=())
    keep_state(session, days=tree_days(session))


def tree_days(session: GatedSession) -> list[str]:
    """The days on which the tree of places is another than the day before, ISO, in order."""
    since = select(_reach.c.since).distinct()
    until = select(_reach.c.until).where(_reach.c.until.is_not(None)).distinct()
    found = (bulk.run(session, query, places=()).scalars() for query in (since, until))
    return sorted({day.isoformat() for days in found for day in days})


def drop_all(session: GatedSession) -> None:
    """Forget every sheet."""
    bulk.run(session, delete(_sheet), places=())


def read_state(session: GatedSession) -> dict[str, Any]:
    """Which sheets hold: see KEY. Empty where nobody said yet."""
    found = _STATE.ask(session, {}, places=())
    state: dict[str, Any] = json.loads(found[0][0]) if found else {}
    return state


def keep_state(session: GatedSession, **values: Any) -> None:
    """Change what is said of all sheets."""
    told = json.dumps({**read_state(session), **values}, separators=(",", ":"))
    statement = bulk.insert(session, _setting).values(key=KEY, value=told)
    again = statement.on_conflict_do_update(index_elements=["key"], set_={"value": told})
    bulk.run(session, again, places=())


@event.listens_for(GatedSession, "before_commit")
def _before_commit(session: GatedSession) -> None:
    if _PENDING in session.info and not session.in_nested_transaction():
        session.flush()
        mark_now(session)
