"""The indicators of the catalogue as values."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from sqlalchemy import String, cast, select

from tdteam.domain.indicators import Indicator, selectors
from tdteam.domain.vocabulary import Nature, Source
from tdteam.store import tables
from tdteam.store.gate import GatedSession
from tdteam.store.prepared import Prepared

_row: Any = tables.Indicator.__table__  # type: ignore[attr-defined]
_PLAIN = (
    *(
        "code",
        "name",
        "unit",
        "nature",
        "source",
        "section",
        "short_name",
        "part_name",
        "whole_name",
        "beside",
    ),
    *("annex", "is_teams", "is_places", "in_report", "is_headline", "on_board", "is_falling_good", "sort"),
    "is_active",
)
_LISTED = Prepared(
    select(
        *(_row.c[name] for name in _PLAIN), cast(_row.c.part, String), cast(_row.c.whole, String)
    ).order_by(_row.c.sort, _row.c.code)
)


def list_indicators(session: GatedSession, *, active: bool = True) -> list[Indicator]:
    """The indicators in the order of the catalogue."""
    session.flush()
    return list(_known(tuple(_LISTED.ask(session, {}, places=())), active))


@lru_cache(maxsize=16)
def _known(rows: tuple[tuple[Any, ...], ...], active: bool) -> tuple[Indicator, ...]:
    """Of the same rows the same values, made once: nearly every page asks for them."""
    found = (_indicator(dict(zip(_PLAIN, row, strict=False)), *row[len(_PLAIN) :]) for row in rows)
    return tuple(one for one in found if one.is_active or not active)


def _indicator(told: dict[str, Any], part: str | None, whole: str | None) -> Indicator:
    listed = None if whole is None else json.loads(whole)
    flags = ("is_teams", "is_places", "in_report", "is_headline", "on_board", "is_falling_good", "is_active")
    values = {
        **told,
        **{name: bool(told[name]) for name in flags},
        "nature": Nature(told["nature"]),
        "source": Source(told["source"]),
        "short_name": told["short_name"] or told["name"],
        "part": selectors(json.loads(part) if part else None),
        "whole": None if listed is None else selectors(listed),
    }
    return Indicator(**values)
