"""What the address of a coverage page asks for: place, period, units of which day, indicator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask import request, url_for

from tdteam.actions.draw_papers import note_paper
from tdteam.domain.errors import NotFound
from tdteam.domain.indicators import PERCENT, Indicator
from tdteam.domain.shares import Average, Share, Value
from tdteam.store.coverage_ground import Asked
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place
from tdteam.web import choices
from tdteam.web.coverage_view import read_view
from tdteam.web.formats import num
from tdteam.web.frame import here

ENDINGS = ("xlsx", "csv", "pdf")


def chosen() -> tuple[Place, list[Place], Asked]:
    """The place a page is of, those it may be of, and the board its address means (of several provinces, the first):
    period, span and units as on the board itself."""
    view = read_view()
    asked = replace(view.asked, roots=(), columns=None, open_ids=frozenset(), all_opened=False)
    return view.place, list(view.grounds), asked


def chosen_indicator(offered: Sequence[Indicator], name: str = "indicator") -> Indicator:
    """The indicator of the address, or the first one. NotFound for a code nobody knows."""
    code = request.args.get(name) or offered[0].code
    found = next((one for one in offered if one.code == code), None)
    if found is None:
        raise NotFound
    return found


def around(asked: Asked) -> dict[str, Any]:
    """The period's neighbours and the span, as every coverage page shows them."""
    return {
        "period": asked.period,
        "before": asked.period.plus(-1),
        "after": asked.period.plus(1) if asked.period < choices.this_period() else None,
        "period_url": lambda code: here(period=code),
        "year": asked.year,
        "asked": asked,
    }


def links(endpoint: str, endings: Sequence[str] = ENDINGS) -> dict[str, str]:
    """Addresses of a page's exports, with what the reader has chosen."""
    gone = {"ending", "endpoint"}  # arguments of url_for itself, as is what begins with a stroke
    kept: dict[str, Any] = {
        key: values for key, values in request.args.lists() if key not in gone and not key.startswith("_")
    }
    return {ending: url_for(endpoint, **{**kept, "ending": ending}) for ending in endings}


def demand_ending(ending: str) -> None:
    """NotFound for another ending than those a page goes out with."""
    if ending not in ENDINGS:
        raise NotFound


def note(writing: GatedSession, paper: str, asked: Asked) -> None:
    """One audit entry: which paper of coverage left."""
    note_paper(writing, paper, "pdf", place_id=asked.place_id, names=False)


def cells(one: Indicator, value: Value) -> list[object]:
    """A figure as the cells of an export: both numbers and the share, or the count alone."""
    if not one.has_whole:
        return [value]
    if isinstance(value, Share):
        return [value.part, value.whole, value]
    if isinstance(value, Average):
        return [value.total, value.count, num(value.value) if value.value is not None else None]
    return [None, None, None]


def shown(one: Indicator, size: int | Decimal | None) -> str | None:
    """A figure as one number in words: 47,3% of a share."""
    if size is None:
        return None
    return f"{num(size, 1)}%" if one.unit == PERCENT else num(size)


def wants_all() -> bool:
    """Whether every row is asked for."""
    return bool(request.args.get("all"))
