"""Takes an import back: what it added goes, what it changed says again what it said, many rows a statement.

A row that somebody changed since, or that something else by now refers to, is left alone and counted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Table, select

from tdteam.domain.tallies import NOW, STOCKS
from tdteam.domain.vietnamese import fold, name_key
from tdteam.store import bulk, places, stocks
from tdteam.store.gate import GatedSession
from tdteam.store.roster_rows import write_rows
from tdteam.store.roster_trace import Noted, Undone, parts, read_trace, remove, rows_of, used
from tdteam.store.roster_undo_teams import undo_members, undo_teams
from tdteam.store.sheet_marks import mark, mark_tree
from tdteam.store.tables import Household, Place, PlaceAncestor, PlaceParent, Sheet, StockState, Tally

_household: Table = Household.__table__  # type: ignore[attr-defined]
_place: Table = Place.__table__  # type: ignore[attr-defined]
_edge: Table = PlaceParent.__table__  # type: ignore[attr-defined]
_closure: Table = PlaceAncestor.__table__  # type: ignore[attr-defined]
_sheet: Table = Sheet.__table__  # type: ignore[attr-defined]
_tally: Table = Tally.__table__  # type: ignore[attr-defined]
_stock: Table = StockState.__table__  # type: ignore[attr-defined]


def undo(session: GatedSession, upload_id: int) -> Undone:
    """Walk an upload's changes back: households, members, then the teams and villages they stood in."""
    done = Undone()
    session.flush()
    trace = read_trace(session, upload_id)
    _undo_households(session, trace["household"], done)
    undo_members(session, trace["member"], done)
    undo_teams(session, trace["team"], done)
    _undo_villages(session, trace["village"], done)
    session.expire_all()
    return done


def _undo_households(session: GatedSession, noted: Sequence[Noted], done: Undone) -> None:
    rows = rows_of(session, _household, [one.target for one in noted])
    ours = [
        one
        for one in noted
        if one.target in rows
        and rows[one.target].version == one.version
        and session.permits(rows[one.target].village_id)
    ]
    added = [one.target for one in ours if one.before is None]
    busy = used(session, _household, added)
    gone = [target for target in added if target not in busy]
    back = [_was(rows[one.target], one.before) for one in ours if one.before is not None]
    done.villages = {rows[key].village_id for key in (*gone, *(key for key, _, _ in back))}
    remove(session, _household, "id", gone)
    write_rows(session, _household, back, places=done.villages)
    done.count(noted, len(gone), len(back))
    stocks.touch(session, done.villages)
    _forget_registry(session, done.villages)


def _was(row: Row[Any], before: Mapping[str, Any]) -> tuple[Any, int, dict[str, Any]]:
    values = dict(before)
    if "head" in values:
        values |= {"head_fold": fold(values["head"]), "head_sort": name_key(values["head"])}
    return row.id, row.version, {**values, "changed_at": datetime.now(UTC)}


def _forget_registry(session: GatedSession, village_ids: Collection[int]) -> None:
    """A village whose only registry was the import's has none again, so that it begins with the next one."""
    empty = set(village_ids) - _having(session, _household, village_ids) - _counted(session, village_ids)
    remove(session, _stock, "village_id", empty)
    for part in parts(empty):
        now = (_tally.c.village_id.in_(part)) & (_tally.c.span == NOW)
        bulk.run(session, _tally.delete().where(now), places=part)
        mark(session, part, after="")


def _having(session: GatedSession, table: Table, village_ids: Collection[int], *also: Any) -> set[int]:
    """Which villages have a row in a table."""
    out: set[int] = set()
    for part in parts(village_ids):
        query = select(table.c.village_id).distinct().where(table.c.village_id.in_(part), *also)
        out |= set(bulk.run(session, query, places=()).scalars())
    return out


def _counted(session: GatedSession, village_ids: Collection[int]) -> set[int]:
    """Which villages have a registry's figure of a period, or one now that is other than nothing."""
    frozen = (_tally.c.span != NOW) & _tally.c.measure.in_(STOCKS)
    return _having(session, _tally, village_ids, frozen | ((_tally.c.span == NOW) & (_tally.c.value != 0)))


def _undo_villages(session: GatedSession, noted: Sequence[Noted], done: Undone) -> None:
    """Villages the import made and nothing stands in; namesakes need no longer be told apart then."""
    ids = list(rows_of(session, _place, [one.target for one in noted]))
    busy = used(session, _place, ids, but=(_edge, _closure, _tally, _stock, _sheet)) | _counted(session, ids)
    gone = [place_id for place_id in ids if place_id not in busy and session.permits(place_id)]
    communes = {places.commune_of(session, place_id).id or 0 for place_id in gone}
    for table, column in (
        (_tally, "village_id"),
        (_sheet, "place_id"),
        (_stock, "village_id"),
        (_closure, "place_id"),
        (_edge, "place_id"),
        (_place, "id"),
    ):
        remove(session, table, column, gone)
    mark_tree(session)
    session._inside_ids = None
    session.expire_all()
    for commune_id in communes:
        places.label_villages(session, commune_id)
    done.count(noted, len(gone), 0)
