"""Keyset paging: a page is found from where the last one ended, so that the thousandth costs what the first did."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, tuple_

from tdteam.store.gate import BY_KEY, kept

T = TypeVar("T")
LARGEST = 200
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows of a list, with the cursors of the page before and the page after (None at the ends)."""

    rows: Sequence[T]
    before: str | None = None
    after: str | None = None


def contains(column: Any, folded: str) -> ColumnElement[bool]:
    """The column holds every word of a folded search, in any order."""
    return and_(*(column.contains(word, autoescape=True) for word in folded.split()))


def nearness(column: Any, folded_column: Any, q: str, folded: str) -> Any:
    """How near a hit is to what was typed: the very letters, then the words together without marks, then apart."""
    return case(
        (column.contains(q, autoescape=True), 0),
        (folded_column.contains(folded, autoescape=True), 1),
        else_=2,
    )


def cut(found: Sequence[T], size: int, key: Callable[[T], Any], *, is_back: bool, is_first: bool) -> Page[T]:
    """A page of the `size` + 1 rows a query found. `is_back`: it ran against the order; `is_first`: from no cursor."""
    rows = list(found[:size])
    more = len(found) > size
    if is_back:
        rows.reverse()
    has_before = more if is_back else not is_first
    has_after = True if is_back else more
    return Page(
        rows,
        str(key(rows[0])) if rows and has_before else None,
        str(key(rows[-1])) if rows and has_after else None,
    )


def encode(values: Sequence[Any]) -> str:
    """A cursor: the sort values of a row, opaque in an address."""
    text = json.dumps([str(v) for v in values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str | None, readers: Sequence[Callable[[str], Any]]) -> tuple[Any, ...] | None:
    """The sort values of a cursor; None for none and for what somebody made up (the list then starts anew)."""
    if not cursor or len(cursor) > 500:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(readers) or not all(map(_is_plain, values)):
            return None
        found = tuple(read(value) for read, value in zip(readers, values, strict=True))
    except (ValueError, TypeError, binascii.Error):
        return None
    return None if any(isinstance(one, int) and not 0 <= one <= LARGEST_ID for one in found) else found


def _is_plain(value: object) -> bool:
    """Text that every database takes: no NUL, no half of a surrogate pair (both pass through JSON)."""
    return isinstance(value, str) and not any(one == "\0" or "\ud800" <= one <= "\udfff" for one in value)


def beyond(columns: Sequence[Any], values: Sequence[Any], *, falling: bool) -> Any:
    """The condition of rows that come after `values` in the order of `columns` (all rising, or all falling).

    One comparison of rows, which an index answers; spelt out with OR it reads everything before the page.
    """
    here = tuple_(*columns)
    there = tuple_(
        *(bindparam(None, value, column.type) for column, value in zip(columns, values, strict=True))
    )
    return here < there if falling else here > there


@lru_cache(maxsize=64)
def _by_ids(lines: Any, column: Any) -> Any:
    return kept(lines.where(column.in_(bindparam("ids", expanding=True))))


def rows_by_id(session: Any, ids: Any, lines: Any, column: Any) -> list[Any]:
    """The rows of `lines` whose ids the query `ids` finds, in its order; `column` is the id, first in both. `lines` is
    always the same object.

    Two questions, because SQLite answers the joined one by reading and sorting every row of the scope before it takes
    a page: 700 ms of 1,000,000 visits, against 1 ms.
    """
    found = [row[0] if isinstance(row, tuple | Row) else row for row in session.exec(ids)]
    asked = _by_ids(lines, column)
    rows = {row[0]: row for row in session.exec(asked, params={"ids": found}, execution_options=BY_KEY)}
    return [rows[one] for one in found if one in rows]


def read_page(
    run: Callable[[Any], Sequence[Any]],
    query: Any,
    columns: Sequence[Any],
    readers: Sequence[Callable[[str], Any]],
    *,
    key: Callable[[Any], Sequence[Any]],
    after: str | None,
    before: str | None,
    limit: int,
    falling: bool = True,
) -> Page[Any]:
    """One page of `query` in the order of `columns`; cursors hold a row's sort values, which `key` gives."""
    limit = max(1, min(limit, LARGEST))
    start, back = decode(after, readers), decode(before, readers)
    is_back = back is not None
    if is_back:
        query = query.where(beyond(columns, back or (), falling=not falling))
    elif start is not None:
        query = query.where(beyond(columns, start, falling=falling))
    down = falling != is_back
    order = [column.desc() if down else column.asc() for column in columns]
    found = run(query.order_by(*order).limit(limit + 1))
    return cut(
        found, limit, lambda row: encode(key(row)), is_back=is_back, is_first=start is None and back is None
    )
