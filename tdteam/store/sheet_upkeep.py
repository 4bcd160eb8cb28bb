"""Writes down the sheets that a reading had to count: after its answer, and counted anew.

Never from what the reader saw. Each batch is a transaction that writes: on SQLite alone, so that it sees the newest
figures; on PostgreSQL under a lock of each place, which writers of its figures share from their marks to their end
(`store/sheet_marks.py`): what they moved is either seen here or marked afterwards. Nobody is waited for: a database that
is busy, locked or read-only keeps no sheet this time.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.exc import SQLAlchemyError

from tdteam.domain.coverage import LEAD, SERIES
from tdteam.domain.errors import TdteamError
from tdteam.domain.places import Level
from tdteam.domain.sheets import TEAMS, YEAR, Span, YearSoFar, kind_of_span, team_span
from tdteam.domain.team_sheets import sheet_of, told_of
from tdteam.store import bulk
from tdteam.store.gate import GatedSession, Scope, open_session
from tdteam.store.prepared import Prepared, Rows, any_of
from tdteam.store.settings import period_named, period_on
from tdteam.store.sheet_marks import LOCKS, TREE, drop_all, keep_state, read_state, tree_days
from tdteam.store.sheets import _VILLAGES, Key, Shelf, count, of_communes, of_provinces, open_shelf
from tdteam.store.tables import Place, PlaceAncestor, Setting, Sheet, Tally
from tdteam.store.team_sheets import count_afresh

KEPT_BACK = 30
"""Periods before the present one whose sheets are worth keeping: a board shows thirteen, and is leafed back in."""
_BATCH = 60
"""Sheets of one transaction: nobody who writes waits long for it."""
_sheet: Any = Sheet.__table__  # type: ignore[attr-defined]
_setting: Any = Setting.__table__  # type: ignore[attr-defined]
_tally: Any = Tally.__table__  # type: ignore[attr-defined]
_reach: Any = PlaceAncestor.__table__  # type: ignore[attr-defined]
_COLUMNS = ("place_id", "span", "tree", "figures", "part", "whole", "is_stale", "made_at")
_KEEP = Rows(
    _sheet,
    _COLUMNS,
    "ON CONFLICT (place_id, span) DO UPDATE SET "
    + ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS[2:]),
)
_HOLD_TREE = Prepared(select(func.pg_try_advisory_xact_lock_shared(LOCKS, TREE)))
_place: Any = Place.__table__  # type: ignore[attr-defined]
_HOLD = Prepared(
    select(_place.c.id, func.pg_try_advisory_xact_lock(LOCKS, _place.c.id)).where(
        any_of(_place.c.id, "places")
    )
)
_LEVELS = Prepared(select(_place.c.id, _place.c.level).where(any_of(_place.c.id, "places")))
_ORDER = (Level.VILLAGE, Level.COMMUNE, Level.AREA, Level.PROVINCE)


def refresh(engine: Engine, scope: Scope, due: Collection[Key], *, seconds: float = 2.0) -> int:
    """Write down due sheets of places inside a scope, for about so many seconds at most; how many were written."""
    until = time.monotonic() + seconds
    written = 0
    with suppress(TdteamError, SQLAlchemyError):
        if not _is_current(engine, scope):
            return 0
        for batch in _batches(engine, scope, due):
            if time.monotonic() > until:
                break
            with open_session(engine.execution_options(patient=False), scope, write=True) as session:
                written += _write(session, batch)
                session.commit()
    return written


def fill(engine: Engine, scope: Scope, *, seconds: float = 120.0) -> int:
    """Write down every sheet that a board of today shows, of all places where anything was counted; how many. So the
    first reader after a migration waits no longer than the next."""
    with open_session(engine, scope) as session:
        counted = select(_tally.c.village_id).distinct()
        above = select(_reach.c.ancestor_id).where(_reach.c.place_id.in_(counted)).distinct()
        found = [place for (place,) in bulk.run(session, above, places=())]
        fresh = select(_sheet.c.place_id, _sheet.c.span).where(_sheet.c.is_stale.is_(False))
        kept = {tuple(key) for key in bulk.run(session, fresh, places=())}
        periods = period_on(session, scope.day).back(SERIES + 1)
        spans = [period.code for period in periods] + [YearSoFar(period).code for period in periods[-2:]]
        standing = select(_place.c.id).where(_place.c.level.in_((Level.COMMUNE, Level.PROVINCE)))
        composed = bulk.run(session, standing, places=()).scalars().all()
    due = {(place, span) for place in found for span in spans}
    due |= {(place, team_span(period)) for place in composed for period in periods[-2:]}
    due -= kept
    return refresh(engine, scope, due, seconds=seconds)


def _is_current(engine: Engine, scope: Scope) -> bool:
    """Whether what is kept is of the present catalogue; where it is not, it is forgotten here and now."""
    with open_session(engine, scope) as session:
        if open_shelf(session, scope.day).holds:
            return True
    with open_session(engine.execution_options(patient=False), scope, write=True) as session:
        if session.get_bind().dialect.name == "postgresql" and not _alone(session):
            return False
        shelf = open_shelf(session, scope.day)
        if not shelf.holds:
            drop_all(session)
            keep_state(session, mark=shelf.layout.mark, days=tree_days(session))
        session.commit()
    return True


def _alone(session: GatedSession) -> bool:
    """Whether no other transaction writes sheets or figures now; holds it so."""
    found = bulk.run(session, select(func.pg_try_advisory_xact_lock(LOCKS, TREE)), places=())
    return bool(found.scalar())


def _batches(engine: Engine, scope: Scope, due: Collection[Key]) -> Iterable[list[Key]]:
    """What is due and worth keeping: villages first, then what is summed from them."""
    with open_session(engine, scope) as session:
        current = period_on(session, scope.day)
        known = {period.code for period in current.plus(1).back(KEPT_BACK + 2)}
        due = [key for key in due if kind_of_span(key[1])[1] in known]
        wanted = {place for place, _ in due}
        levels: dict[int, str] = dict(_LEVELS.ask(session, {"places": sorted(wanted)}, places=()))
        levels = {place: level for place, level in levels.items() if _may_keep(session, place, level)}
    for level in _ORDER:
        keys = sorted(key for key in due if levels.get(key[0]) == level)
        for start in range(0, len(keys), _BATCH):
            yield keys[start : start + _BATCH]


def _may_keep(session: GatedSession, place: int, level: str) -> bool:
    """Whether the scope holds all that a sheet sums up: an area's reader holds a commune's villages, not the commune."""
    if session.permits(place):
        return True
    inside = _VILLAGES.ask(session, {"places": [place], "day": session.scope.day}, places=())
    return level == Level.COMMUNE and all(session.permits(village) for _, village in inside)


def _write(session: GatedSession, keys: Collection[Key]) -> int:
    shelf = open_shelf(session, session.scope.day)
    if not shelf.holds:
        return 0
    held = _held(session, {place for place, _ in keys})
    held_keys = [key for key in keys if key[0] in held]
    if not held_keys:
        return 0
    rows = [*_rows(shelf, held_keys), *_team_rows(shelf, held_keys)]
    _KEEP.put(session, rows, places=())
    return len(rows)


def _held(session: GatedSession, places: Collection[int]) -> Collection[int]:
    """The places whose figures nobody is just writing, held so until the transaction ends."""
    if session.get_bind().dialect.name != "postgresql":
        return places
    if not _HOLD_TREE.ask(session, {}, places=())[0][0]:
        return ()
    return {place for place, is_held in _HOLD.ask(session, {"places": sorted(places)}, places=()) if is_held}


def span_named(session: GatedSession, text: str) -> Span:
    """What a sheet is of: a period, or the year up to its end."""
    kind, code = kind_of_span(text)
    period = period_named(session, code)
    return YearSoFar(period) if kind == YEAR else period


def _team_rows(shelf: Shelf, keys: Collection[Key]) -> list[tuple[Any, ...]]:
    """Rows of the table, of teams' sheets of places that are all of one level, counted now."""
    now = datetime.now(UTC)
    wanted: dict[str, list[int]] = defaultdict(list)
    for place, span in keys:
        if kind_of_span(span)[0] == TEAMS:
            wanted[span].append(place)
    out = []
    for span, places in sorted(wanted.items()):
        (_, level), *_ = _LEVELS.ask(shelf.session, {"places": places[:1]}, places=())
        made = count_afresh(shelf, places, level, period_named(shelf.session, kind_of_span(span)[1]))
        out += [
            (place, span, shelf.tree, told_of(made[place]), None, None, False, now) for place in sorted(made)
        ]
    return out


def _rows(shelf: Shelf, keys: Collection[Key]) -> list[tuple[Any, ...]]:
    """Rows of the table, of sheets of figures of places that are all of one level, counted now."""
    wanted: dict[int, list[Span]] = defaultdict(list)
    for place, span in keys:
        if kind_of_span(span)[0] != TEAMS:
            wanted[place].append(span_named(shelf.session, span))
    if not wanted:
        return []
    (_, level), *_ = _LEVELS.ask(shelf.session, {"places": list(wanted)[:1]}, places=())
    # fresh ones are left as they are: what is fresh is right
    made = {
        Level.VILLAGE: lambda: count(shelf, wanted),
        Level.COMMUNE: lambda: of_communes(shelf, list(wanted), _spans(wanted)),
        Level.AREA: lambda: of_provinces(shelf, list(wanted), _spans(wanted)),
        Level.PROVINCE: lambda: of_provinces(shelf, list(wanted), _spans(wanted)),
    }[Level(level)]()
    slot = shelf.layout.at.get(LEAD)
    now = datetime.now(UTC)
    out = []
    for place, spans in sorted(wanted.items()):
        for code in sorted(span.code for span in spans):
            figures = list(made[place, code])
            part, whole = (None, None) if slot is None else figures[slot : slot + 2]
            told = json.dumps(figures, separators=(",", ":"))
            out.append((place, code, shelf.tree, told, part, whole, False, now))
    return out


def _spans(wanted: dict[int, list[Span]]) -> list[Span]:
    return list({span: None for spans in wanted.values() for span in spans})


def compare_sheets(session: GatedSession) -> list[tuple[int, str]]:
    """(place, span) of fresh sheets that are not what their tallies say; empty when all is well."""
    state = read_state(session)
    shelf = open_shelf(session, session.scope.day)
    if state.get("mark") != shelf.layout.mark:
        return []
    query = select(_sheet.c.place_id, _place.c.level, _sheet.c.span, _sheet.c.tree, _sheet.c.figures)
    query = query.join(_place, _place.c.id == _sheet.c.place_id).where(_sheet.c.is_stale.is_(False))
    kept = bulk.run(session, query.order_by(_sheet.c.place_id), places=()).all()
    counting = Shelf(session, shelf.on, shelf.layout, shelf.tree, holds=False, is_today=False)
    made: dict[Level, Any] = {
        Level.VILLAGE: _count_villages,
        Level.COMMUNE: of_communes,
        Level.AREA: of_provinces,
        Level.PROVINCE: of_provinces,
    }
    out = []
    for level, of in made.items():
        rows = [
            row
            for row in kept
            if row.level == level
            and kind_of_span(row.span)[0] != TEAMS
            and (level == Level.VILLAGE or row.tree == shelf.tree)
        ]
        places = sorted({row.place_id for row in rows})
        spans = [span_named(session, span) for span in sorted({row.span for row in rows})]
        found = of(counting, places, spans) if rows else {}
        out += [
            (row.place_id, row.span)
            for row in rows
            if json.loads(row.figures) != list(found[row.place_id, row.span])
        ]
    return out + _compare_teams(counting, [row for row in kept if row.tree == shelf.tree])


def _compare_teams(counting: Shelf, kept: Collection[Any]) -> list[tuple[int, str]]:
    """Of teams' sheets that hold today: those that are not what the teams' rows say."""
    out = []
    wanted: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in kept:
        if kind_of_span(row.span)[0] == TEAMS and sheet_of(row.figures).holds_on(counting.on):
            wanted[row.span, row.level].append(row)
    for (span, level), rows in sorted(wanted.items()):
        period = period_named(counting.session, kind_of_span(span)[1])
        found = count_afresh(counting, [row.place_id for row in rows], level, period)
        out += [(row.place_id, span) for row in rows if row.figures != told_of(found[row.place_id])]
    return out


def _count_villages(shelf: Shelf, villages: Collection[int], spans: list[Span]) -> dict[Key, Any]:
    return count(shelf, dict.fromkeys(villages, spans))


def forget(session: GatedSession, places: Collection[int]) -> None:
    """Drop the sheets of places that are to go."""
    bulk.run(session, delete(_sheet).where(_sheet.c.place_id.in_(sorted(places))), places=())
