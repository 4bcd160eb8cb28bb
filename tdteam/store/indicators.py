"""The one road by which screens, papers and exports get figures: tallies, summed by the database, read through indicators.

Missing is not zero: a flow is 0 where something was sent for that span and place (a tally row, or a team's
confirmation) and None where nothing was. Stocks are those of the period's end, frozen there once it is past.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tdteam.domain.indicators import (
    Indicator,
    Row,
    evaluate,
    evaluate_over,
    is_refined,
    measures_of,
    pair,
    total,
)
from tdteam.domain.periods import Period
from tdteam.domain.shares import Value
from tdteam.domain.tallies import ACTIVITY, STOCKS
from tdteam.domain.vocabulary import Nature, Source
from tdteam.store.gate import GatedSession
from tdteam.store.indicator_rows import list_indicators
from tdteam.store.places import ids_inside
from tdteam.store.sums import (
    By,
    Rows,
    by_place,
    by_team,
    by_village,
    confirmed_groups,
    confirmed_spans,
    sum_reached,
    sum_spans,
    sum_stock,
    sum_stocks,
    sum_together,
)

__all__ = ["By", "list_indicators", "by_place", "by_team", "by_village", "sum_spans", "sum_stock"]
Groups = dict[int, dict[str, Value]]
"""Group (village, commune or team) -> indicator -> value."""


def _measures(indicators: Iterable[Indicator]) -> frozenset[str]:
    """The flows the indicators read, and what shows that somebody worked at all: it tells 0 from missing. The registry's
    figures, frozen under the same span, do not."""
    return measures_of(indicators) - set(STOCKS) | set(ACTIVITY)


@dataclass(frozen=True)
class Figure:
    """An indicator's value of a place and period, beside the period before and the statutory year so far."""

    indicator: Indicator
    now: Value
    previous: Value
    cumulative: Value


def _of_span(one: Indicator, rows: list[Row] | None, stock: list[Row] | None) -> Value:
    """A flow over its own rows; a distinct figure over the registry."""
    return evaluate_over(one, rows, stock) if one.nature is Nature.DISTINCT else evaluate(one, rows)


def _flow_rows(found: Mapping[str, Rows], spans: Iterable[str], known: set[str]) -> list[Row] | None:
    """The rows of some spans together; None where none of them is known."""
    spans = list(spans)
    if not known.intersection(spans):
        return None
    return [row for span in spans for row in found.get(span, {}).get(None, [])]


def read_figures(
    session: GatedSession, place_id: int, period: Period, on: date, indicators: Sequence[Indicator]
) -> dict[str, Figure]:
    """Each counted indicator's figure of a place in a period, by code. `on`: the tree of which day."""
    inside = ids_inside(place_id, on)
    counted = [one for one in indicators if one.source is Source.COUNTED]
    measures = _measures(counted)
    year = [p.code for p in period.of_year_so_far()]
    before = period.plus(-1)
    spans = list(dict.fromkeys([*year, before.code]))
    found = sum_spans(session, inside, spans, measures)
    known = set(found) | confirmed_spans(session, inside, spans)
    reached = sum_reached(session, inside, year).get(None, []) if known.intersection(year) else None
    stock = sum_stock(session, inside, period, measures_of(counted)).get(None)
    stock_before = sum_stock(session, inside, before, measures_of(counted)).get(None)
    out = {}
    for one in counted:
        if one.nature is Nature.STOCK:
            now, previous, cumulative = evaluate(one, stock), evaluate(one, stock_before), None
        else:
            so_far = reached if one.nature is Nature.DISTINCT else _flow_rows(found, year, known)
            now = _of_span(one, _flow_rows(found, [period.code], known), stock)
            previous = _of_span(one, _flow_rows(found, [before.code], known), stock_before)
            cumulative = _of_span(one, so_far, stock)
        out[one.code] = Figure(one, now, previous, cumulative)
    return out


def read_by(
    session: GatedSession, place_id: int, period: Period, on: date, indicators: Sequence[Indicator], by: By
) -> Groups:
    """Each group's value of each counted indicator in one period."""
    return read_groups(session, place_id, [period], on, indicators, by)[period.code]


def read_groups(
    session: GatedSession,
    place_id: int,
    periods: Sequence[Period],
    on: date,
    indicators: Sequence[Indicator],
    by: By,
) -> dict[str, Groups]:
    """The same for several periods, by period."""
    inside = ids_inside(place_id, on)
    counted = [one for one in indicators if one.source is Source.COUNTED]
    codes = [period.code for period in periods]
    found = sum_spans(session, inside, codes, _measures(counted), by, whole=not is_refined(counted))
    zero = confirmed_groups(session, inside, codes, on, by)
    stocks = _stocks(session, inside, periods, counted, by)
    out: dict[str, Groups] = {}
    for code in codes:
        flows: Rows = {**dict.fromkeys(zero.get(code, ()), []), **found.get(code, {})}
        stock = stocks.get(code, {})
        out[code] = {
            group: {one.code: _of_group(one, flows.get(group), stock.get(group)) for one in counted}
            for group in {*flows, *stock}
        }
    return out


def read_trends(
    session: GatedSession, place_id: int, periods: Sequence[Period], on: date, one: Indicator, by: By
) -> dict[int, list[Value]]:
    """A counted indicator of each group over some periods, oldest first, for lines to be drawn. A period that left
    nothing of the indicator itself is a gap, whatever else was done in it."""
    inside = ids_inside(place_id, on)
    whole = not is_refined([one])
    flows = sum_spans(session, inside, [p.code for p in periods], measures_of([one]), by, whole=whole)
    stocks = _stocks(session, inside, periods, [one], by)
    groups = {group for found in (*flows.values(), *stocks.values()) for group in found}

    def value(code: str, group: int) -> Value:
        return _of_group(one, flows.get(code, {}).get(group), stocks.get(code, {}).get(group))

    return {group: [value(period.code, group) for period in periods] for group in groups}


def read_year(
    session: GatedSession, place_id: int, period: Period, on: date, indicators: Sequence[Indicator], by: By
) -> Groups:
    """Each group's value of each counted indicator in the statutory year up to the end of a period."""
    inside = ids_inside(place_id, on)
    counted = [one for one in indicators if one.source is Source.COUNTED]
    measures = _measures(counted)
    months = [month.code for month in period.of_year_so_far()]
    found = sum_together(session, inside, months, measures, by, whole=not is_refined(counted))
    zeros = confirmed_groups(session, inside, months, on, by).values()
    flows: Rows = {**{group: [] for zero in zeros for group in zero}, **found}
    distinct = sum_reached(session, inside, months, by)
    stock = _stocks(session, inside, [period], counted, by).get(period.code, {})

    def rows(one: Indicator, group: int) -> list[Row] | None:
        return distinct.get(group, []) if one.nature is Nature.DISTINCT else flows[group]

    return {
        group: {
            one.code: _of_group(one, rows(one, group) if group in flows else None, stock.get(group))
            for one in counted
        }
        for group in {*flows, *stock}
    }


def _stocks(
    session: GatedSession, inside: Any, periods: Sequence[Period], counted: Sequence[Indicator], by: By
) -> dict[str, Rows]:
    """The registry's figures by period and group, where an indicator asks for them."""
    asking = [one for one in counted if one.nature is not Nature.FLOW]
    if not asking:
        return {}
    return sum_stocks(session, inside, periods, measures_of(asking), by, whole=not is_refined(asking))


def _of_group(one: Indicator, flow: list[Row] | None, stock: list[Row] | None) -> Value:
    """A group's value; households known stand beside an unknown number of households reached."""
    if one.nature is Nature.STOCK:
        return evaluate(one, stock)
    if flow is None and stock is not None and one.nature is Nature.DISTINCT and one.whole is not None:
        return pair(one, None, total(stock, one.whole))
    return _of_span(one, flow, stock)


def read_series(
    session: GatedSession, place_id: int, periods: Sequence[Period], on: date, indicators: Sequence[Indicator]
) -> dict[str, list[Value]]:
    """Each counted indicator's values over some periods, oldest first."""
    inside = ids_inside(place_id, on)
    counted = [one for one in indicators if one.source is Source.COUNTED]
    measures = _measures(counted)
    codes = [p.code for p in periods]
    found = sum_spans(session, inside, codes, measures)
    known = set(found) | confirmed_spans(session, inside, codes)
    needs_stock = any(one.nature is not Nature.FLOW for one in counted)
    out: dict[str, list[Value]] = {one.code: [] for one in counted}
    for period in periods:
        stock = sum_stock(session, inside, period, measures_of(counted)).get(None) if needs_stock else None
        flow = _flow_rows(found, [period.code], known)
        for one in counted:
            out[one.code].append(_of_group(one, flow, stock))
    return out


CauseCounts = tuple[int | None, int | None, int | None, int]
"""This period, the one before, the year so far, and how many villages met it now."""


def read_causes(
    session: GatedSession, place_id: int, period: Period, on: date, measure: str
) -> tuple[dict[str, CauseCounts], CauseCounts]:
    """Cause -> assists not done for it, and all causes together."""
    inside = ids_inside(place_id, on)
    year = [p.code for p in period.of_year_so_far()]
    before = period.plus(-1).code
    found = sum_spans(session, inside, list({*year, before}), [measure, *ACTIVITY])
    known = set(found) | confirmed_spans(session, inside, [period.code, before])
    now = _by_outcome(found, [period.code], measure)
    previous = _by_outcome(found, [before], measure)
    so_far = _by_outcome(found, year, measure)
    by_place = sum_spans(session, inside, [period.code], [measure], by_village()).get(period.code, {})
    met = {(village, row.outcome) for village, rows in by_place.items() for row in rows if row.value > 0}
    was_known = before in known
    causes: dict[str, CauseCounts] = {
        cause: (
            now.get(cause, 0),
            previous.get(cause, 0) if was_known else None,
            so_far.get(cause, 0),
            sum(cause == other for _village, other in met),
        )
        for cause in {*now, *previous, *so_far}
    }
    whole = (
        sum(now.values()),
        sum(previous.values()) if was_known else None,
        sum(so_far.values()),
        len({village for village, _cause in met}),
    )
    return causes, whole


def _by_outcome(found: Mapping[str, Rows], spans: Iterable[str], measure: str) -> dict[str, int]:
    out: dict[str, int] = defaultdict(int)
    for span in spans:
        for row in found.get(span, {}).get(None, []):
            if row.measure == measure:
                out[row.outcome] += row.value
    return dict(out)
