"""The read-only API: its description, places, indicators, periods, targets. Figures: `api_figures`, `api_reports`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response

from tdteam.domain.errors import NotFound
from tdteam.domain.indicators import Indicator
from tdteam.domain.periods import Period, today
from tdteam.store import api_rows, indicators, places, settings
from tdteam.store.tables import Place, Target
from tdteam.web import api_memory
from tdteam.web.api_contract import answer, arguments, described, refuse
from tdteam.web.api_values import day, kind_of
from tdteam.web.gate import session, visitor

pages = Blueprint("api", __name__, url_prefix="/api/v1")
pages.before_request(api_memory.before)


@pages.get("/openapi.json")
def description() -> Response:
    """The description the routes obey. It holds no data, so it is open."""
    arguments()
    return answer(described()["body"], public=True)


@pages.get("/places")
def list_places() -> Response:
    """Places the account reaches, by id."""
    asked = arguments()
    asked["on"] = asked["on"] or today()
    if asked["inside"] is not None:
        session().demand(asked["inside"])
    page = api_rows.page_places(session(), **asked)
    return answer({"items": _places(page.rows), "next": page.after})


@pages.get("/places/<int:place_id>")
def place(place_id: int) -> Response:
    """One place, whether it still stands or not."""
    arguments()
    return answer(_places([places.get_place(session(), place_id)])[0])


def _places(rows: Sequence[Place]) -> list[dict[str, Any]]:
    parents = api_rows.parents_of(session(), [row.id or 0 for row in rows])
    return [
        {
            "id": row.id,
            "level": row.level,
            "kind": row.kind,
            "code": row.code,
            "name": row.name,
            "label": row.label,
            "since": day(row.since),
            "until": day(row.until),
            "successor": row.successor_id,
            "origin": row.origin_id,
            "latitude": row.latitude,
            "longitude": row.longitude,
            "inside": session().permits(row.id or 0),
            "parents": [
                {"id": edge.parent_id, "since": day(edge.since), "until": day(edge.until)}
                for edge in parents[row.id or 0]
            ],
        }
        for row in rows
    ]


@pages.get("/indicators")
def list_indicators() -> Response:
    """The catalogue."""
    arguments()
    return answer({"items": [_indicator(one) for one in indicators.list_indicators(session())]})


def _indicator(one: Indicator) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "short_name": one.short_name,
        "unit": one.unit,
        "kind": kind_of(one),
        "nature": one.nature.value,
        "source": one.source.value,
        "section": one.section,
        "part_name": one.part_name,
        "whole_name": one.whole_name,
        "falling_is_good": one.is_falling_good,
        "on_board": one.on_board,
    }


@pages.get("/periods")
def list_periods() -> Response:
    """The last periods, newest first."""
    asked = arguments()
    now = settings.period_on(session(), today())
    items = [_period(one, now) for one in reversed(now.back(asked["count"]))]
    return answer({"start_day": now.start_day, "items": items})


def _period(one: Period, now: Period) -> dict[str, Any]:
    return {
        "code": one.code,
        "year": one.year_code,
        "since": one.since.isoformat(),
        "until": one.until.isoformat(),
        "runs": one == now,
    }


@pages.get("/targets")
def list_targets() -> Response:
    """Targets as they were set, inside the scope and above it."""
    asked = arguments()
    if asked["place"] is not None:
        places.get_place(session(), asked["place"])
    page = api_rows.page_targets(session(), **asked)
    known = {one.code: kind_of(one) for one in indicators.list_indicators(session())}
    return answer({"items": [_target(row, known) for row in page.rows], "next": page.after})


def _target(row: Target, known: dict[str, str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "place": row.place_id,
        "indicator": row.indicator,
        "span": row.span,
        "kind": known.get(row.indicator, "count"),
        "value": row.value,
        "set_on": row.set_on.isoformat(),
    }


def the_place(chosen: int | None) -> Place:
    """The place that is asked for: inside the scope, or the first one of the account."""
    if chosen is not None:
        session().demand(chosen)
        return places.get_place(session(), chosen)
    who = visitor()
    if who is None or not who.seen.roots:
        raise NotFound
    return places.get_place(session(), min(who.seen.roots))


def the_period(text: str | None, name: str = "period") -> Period:
    """The period that is asked for, or the one that runs. 400 outside the years there are."""
    now = settings.period_on(session(), today())
    if text is None:
        return now
    year, _, month = text.partition("-")
    if not 2000 <= int(year) <= 2100:
        refuse("bad_argument", [{"name": name, "error": "bad_argument"}])
    return Period(int(year), int(month), now.start_day)
