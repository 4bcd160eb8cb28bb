"""Figures for machines: the board's rows, indicators by place and period, tallies as they are kept.

All of them come by the roads the screens take (`store/coverage`, `store/indicators`, `store/sums`): nobody counts here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response

from tdteam.domain.coverage import Line
from tdteam.domain.indicators import Indicator, Row
from tdteam.domain.periods import Period, today
from tdteam.domain.shares import Value
from tdteam.domain.tallies import DISTINCT, FLOWS, STOCKS
from tdteam.domain.vocabulary import Source
from tdteam.store import api_rows, coverage, coverage_units, indicators, sums
from tdteam.store.coverage_ground import Asked, read_ground
from tdteam.store.indicators import Groups
from tdteam.store.tables import Place
from tdteam.web import api_memory
from tdteam.web.api import the_period, the_place
from tdteam.web.api_contract import answer, arguments, refuse
from tdteam.web.api_values import column, figure, hundredths, place_ref
from tdteam.web.gate import session

pages = Blueprint("api_figures", __name__, url_prefix="/api/v1")
pages.before_request(api_memory.before)
PERIODS = 13
LARGEST = 50_000
"""Figures one answer may hold: 188 villages over 13 periods with all the board's indicators, and no province's."""


@pages.get("/coverage")
def coverage_rows() -> Response:
    """The board's rows of a place in a period."""
    args = arguments()
    place = the_place(args["place"])
    then, roots, on = _units(place, args["units"])
    asked = Asked(
        place=then,
        roots=roots,
        period=the_period(args["period"]),
        on=on,
        year=args["span"] == "year",
        order="name",
        all_opened=args["rows"] == "villages",
        columns=tuple(one.code for one in _columns(args["indicators"])),
    )
    is_before = args["units"] is not None and on != today()
    board = (
        coverage_units.read_under(session(), asked, place, today())
        if is_before
        else coverage.read_board(session(), asked)
    )
    columns = [one for one in board.columns if one.code in (asked.columns or ())]
    lines: list[tuple[Line, int | None]] = [(line, None) for line in board.communes]
    if asked.all_opened:
        lines = [
            (line, row.place_id) for row in board.communes for line in board.inside.get(row.place_id, ())
        ]
    ids = {asked.place_id, *(line.place_id for line, _ in lines)}
    refs = {key: place_ref(row) for key, row in api_rows.places_by_id(session(), ids).items()}
    refs[board.whole.place_id] = place_ref(place)
    rows = [_board_row(columns, line, refs, commune) for line, commune in lines]
    return answer(
        {
            "place": place_ref(place),
            "period": asked.period.code,
            "span": args["span"],
            "as_of": asked.on.isoformat(),
            "columns": [column(one) for one in columns],
            "total": _board_row(columns, board.whole, refs, None),
            "rows": rows,
        }
    )


def _units(place: Place, on: date | None) -> tuple[Place, tuple[Place, ...], date]:
    """What stood for a place on a day, several of a level as roots; 400 for a day to come and where nothing stood."""
    if on is None or on == today():
        return place, (), today()
    then = coverage_units.stood_for(session(), (place,), on) if on < today() else ()
    if not then:
        refuse("bad_argument", [{"name": "units", "error": "bad_argument"}])
    return then[0], then if len(then) > 1 else (), on


def _board_row(
    columns: Sequence[Indicator], line: Line, refs: Mapping[int, Any], commune: int | None
) -> dict[str, Any]:
    return {
        "place": refs[line.place_id],
        "commune": commune,
        "villages": line.villages,
        "known_villages": line.known_villages,
        "beyond": line.is_beyond,
        "teams": line.teams,
        "last_on": line.last_on.isoformat() if line.last_on else None,
        "state": line.state,
        "figures": [_board_figure(line, one) for one in columns],
    }


def _board_figure(line: Line, one: Indicator) -> dict[str, Any]:
    before = line.previous.get(one.code)
    target = line.targets.get(one.code)
    declared = line.declared.get(one.code)
    return {
        "indicator": one.code,
        **figure(line.values.get(one.code)),
        "previous": None if before is None else figure(before),
        "target": int(target) if target is not None and not one.has_whole else hundredths(target),
        "source": "declared" if declared else "registry",
        "declared_on": declared.isoformat() if declared else None,
    }


@pages.get("/tallies")
def tallies() -> Response:
    """Chosen indicators of a place, its communes or its villages, over some periods."""
    args = arguments()
    place = the_place(args["place"])
    periods = _periods(args["from"], args["to"])
    columns = _columns(args["indicators"])
    on = today()
    ground = read_ground(session(), Asked(place=place, period=periods[-1], on=on))
    shown = {
        "place": [place],
        "communes": list(ground.communes.values()),
        "villages": list(ground.villages.values()),
    }[args["rows"]]
    if len(shown) * len(periods) * len(columns) > LARGEST:
        refuse("too_much", [{"name": name, "error": "too_much"} for name in ("rows", "from", "indicators")])
    wanted = {row.id for row in shown}
    groups = {
        village: [one for one in of if one in wanted] for village, of in (ground.by.groups or {}).items()
    }
    found = indicators.read_groups(session(), place.id or 0, periods, on, columns, indicators.By(groups))
    return answer(
        {
            "place": place_ref(place),
            "as_of": on.isoformat(),
            "periods": [period.code for period in periods],
            "columns": [column(one) for one in columns],
            "rows": [{"place": place_ref(row), "figures": _series(row, columns, found)} for row in shown],
        }
    )


def _periods(since: str | None, until: str | None) -> list[Period]:
    """From the first to the last, both there; 400 where they run backwards or are more than thirteen."""
    last = the_period(until, "to")
    first = the_period(since, "from") if since else last
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if not 1 <= count <= PERIODS:
        refuse("bad_argument" if count < 1 else "too_much", [{"name": "from", "error": "too_many_periods"}])
    return last.back(count)


def _columns(codes: Sequence[str] | None) -> Sequence[Indicator]:
    """The counted indicators that were chosen, in the order they were; those of the board without a choice."""
    if codes is None:
        return coverage.board_columns(session())
    known = {one.code: one for one in indicators.list_indicators(session()) if one.source is Source.COUNTED}
    if any(code not in known for code in codes):
        refuse("bad_argument", [{"name": "indicators", "error": "unknown_indicator"}])
    return [known[code] for code in codes]


def _series(row: Place, columns: Sequence[Indicator], found: Mapping[str, Groups]) -> list[dict[str, Any]]:
    def value(code: str, one: Indicator) -> Value:
        return found[code].get(row.id or 0, {}).get(one.code)

    return [
        {"indicator": one.code, "period": code, **figure(value(code, one))}
        for one in columns
        for code in found
    ]


@pages.get("/measures")
def measures() -> Response:
    """The tallies of villages as they are kept."""
    args = arguments()
    place, period = the_place(args["place"]), the_period(args["period"])
    page = api_rows.page_villages(session(), place.id or 0, today(), after=args["after"], limit=args["limit"])
    ids = [village.id or 0 for village in page.rows]
    by = sums.by_village()
    flows = sums.sum_spans(session(), ids, [period.code], [*FLOWS, *DISTINCT], by).get(period.code, {})
    stocks = sums.sum_stock(session(), ids, period, STOCKS, by)
    items = [
        {"village": one, "flows": _measures(flows.get(one, ())), "stocks": _measures(stocks.get(one, ()))}
        for one in ids
    ]
    return answer({"place": place_ref(place), "period": period.code, "items": items, "next": page.after})


def _measures(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows by name; two of one name (those who came of age beside those counted) as one."""
    found: dict[tuple[str, str, str], int] = {}
    for row in rows:
        key = (row.measure, row.kind, row.outcome)
        found[key] = found.get(key, 0) + row.value
    return [
        {"measure": measure, "kind": kind, "outcome": outcome, "value": value}
        for (measure, kind, outcome), value in sorted(found.items())
    ]
