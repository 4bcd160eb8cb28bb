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

from sqlalchemy import bindparam, delete, event, func, inspect, literal, or_, select, true, union, update

from tdteam.domain.places import Level
from tdteam.domain.sheets import TEAMS, years_moved
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.prepared import Prepared, any_of
from tdteam.store.tables import (
    Confirmation,
    Declared,
    Place,
    PlaceAncestor,
    Setting,
    Sheet,
    Team,
    TeamVillage,
)

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
_serves: Any = TeamVillage.__table__  # type: ignore[attr-defined]
_above = select(_reach.c.ancestor_id.label("id")).where(any_of(_reach.c.place_id, "villages"))
_around = select(_reach.c.ancestor_id.label("id")).where(
    or_(
        any_of(_reach.c.place_id, "grounds"),
        _reach.c.place_id.in_(select(_serves.c.village_id).where(any_of(_serves.c.team_id, "teams"))),
    )
)
_AFTER_TEAMS = chr(ord(TEAMS) + 1)
_MOVED = (
    _sheet.c.place_id.in_(_above),
    or_(
        any_of(_sheet.c.span, "spans"),
        (_sheet.c.span > bindparam("after"))
        & or_(_sheet.c.span < literal(TEAMS), _sheet.c.span >= literal(_AFTER_TEAMS)),
    ),
    # Found by place: by the index of stale sheets SQLite would walk through nearly all there are.
    func.coalesce(_sheet.c.is_stale, true()).is_(False),
)
_TEAMS_MOVED = (
    _sheet.c.place_id.in_(_around),
    _sheet.c.span >= bindparam("since"),
    _sheet.c.span < literal(_AFTER_TEAMS),
    _sheet.c.is_stale.is_(False),
)


def _marking(moved: tuple[Any, ...]) -> dict[bool, Prepared]:
    """The statement that marks; where writers run side by side (True), row by row in one order."""
    held = (
        select(_sheet.c.place_id, _sheet.c.span)
        .where(*moved)
        .order_by(_sheet.c.place_id, _sheet.c.span)
        .with_for_update()
        .cte("moved")
    )
    these = (_sheet.c.place_id == held.c.place_id, _sheet.c.span == held.c.span)
    return {
        False: Prepared(update(_sheet).where(*moved).values(is_stale=True)),
        True: Prepared(update(_sheet).where(*these).values(is_stale=True)),
    }


_MARK, _MARK_TEAMS = _marking(_MOVED), _marking(_TEAMS_MOVED)
_SHARE_TREE = Prepared(select(func.pg_advisory_xact_lock_shared(LOCKS, TREE)))
_ordered = union(_above, _around).order_by("id").subquery()
_SHARE_PLACES = Prepared(select(func.pg_advisory_xact_lock_shared(LOCKS, _ordered.c.id)))
_STATE = Prepared(select(_setting.c.value).where(_setting.c.key == literal(KEY)))


@dataclass
class _Pending:
    villages: set[int] = field(default_factory=set)
    spans: set[str] = field(default_factory=set)
    after: str = _NEVER
    is_tree: bool = False
    teams: set[int] = field(default_factory=set)
    grounds: set[int] = field(default_factory=set)
    since: str | None = None


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


def mark_teams(
    session: GatedSession, team_ids: Iterable[int], since: str = "", villages: Iterable[int] = ()
) -> None:
    """Say that the state or the service of these teams moved, in a period and all later ones ("": in all). `villages`:
    where they serve, so that it is known once their service is taken away."""
    pending = _pending(session)
    pending.teams.update(team_ids)
    pending.grounds.update(villages)
    pending.since = since if pending.since is None else min(pending.since, since)


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
    asked = {
        "villages": sorted(pending.villages),
        "spans": sorted(pending.spans),
        "after": pending.after,
        "teams": sorted(pending.teams),
        "grounds": sorted(pending.grounds),
        "since": TEAMS + (pending.since or ""),
    }
    if is_shared and (pending.villages or pending.since is not None):
        _SHARE_TREE.ask(session, {}, places=())
        _SHARE_PLACES.ask(session, asked, places=())
    if pending.villages:
        _MARK[is_shared].tell(session, asked, places=())
    if pending.since is not None:
        _MARK_TEAMS[is_shared].tell(session, asked, places=())
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


@event.listens_for(GatedSession, "after_flush")
def _after_flush(session: GatedSession, _context: object) -> None:
    """What rows of the ORM tell of teams. Whoever writes these tables by statements marks it himself."""
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Team):
            mark_teams(session, [row.id or 0])
        elif isinstance(row, TeamVillage):
            mark_teams(session, [row.team_id or 0], villages=[row.village_id or 0])
        elif isinstance(row, Confirmation) or isinstance(row, Declared) and row.team_id and row.period:
            mark_teams(session, [row.team_id or 0], row.period or "")
        elif isinstance(row, Place) and _is_counted_otherwise(row):
            mark_tree(session)


def _is_counted_otherwise(place: Place) -> bool:
    """Whether a unit now stands, is called or is put in order otherwise than before."""
    state = inspect(place)
    return any(state.attrs[name].history.has_changes() for name in ("kind", "name_sort", "since", "until"))


@event.listens_for(GatedSession, "before_commit")
def _before_commit(session: GatedSession) -> None:
    if session.in_nested_transaction() or not session.is_writing:
        return
    session.flush()
    if _PENDING in session.info:
        mark_now(session)
