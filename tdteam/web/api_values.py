"""Figures, places and columns as the API writes them: whole numbers, and null where nothing is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tdteam.domain.indicators import PERCENT, Indicator
from tdteam.domain.places import ALWAYS
from tdteam.domain.shares import Average, Share, Value
from tdteam.store.tables import Place

HUNDRED = 100


def kind_of(one: Indicator) -> str:
    """count, share or average."""
    if not one.has_whole:
        return "count"
    return "share" if one.unit == PERCENT else "average"


def hundredths(value: Decimal | None) -> int | None:
    """A number printed with one decimal, in hundredths."""
    return None if value is None else int(value * HUNDRED)


def figure(value: Value) -> dict[str, int | None]:
    """Part, whole and value. Of a count the value is the count; else hundredths of what is printed."""
    if isinstance(value, Share):
        return {"part": value.part, "whole": value.whole, "value": hundredths(value.percent)}
    if isinstance(value, Average):
        return {"part": value.total, "whole": value.count, "value": hundredths(value.value)}
    return {"part": value, "whole": None, "value": value}


def column(one: Indicator) -> dict[str, str]:
    return {"indicator": one.code, "kind": kind_of(one), "unit": one.unit}


def place_ref(place: Place) -> dict[str, Any]:
    return {"id": place.id, "level": place.level, "name": place.name, "code": place.code}


def day(value: date | None) -> str | None:
    return value.isoformat() if value and value != ALWAYS else None
