"""The figures of a report over a quarter, half-year, year or any days, put together from the periods inside it.

A sealed period enters with the figures of its newest seal in force; an open one as its tallies stand; days that fill no
period by the rows' own days. Flows are added; households reached are counted anew for the whole span; the registry is
that of the span's last day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tdteam.actions.draft_report import as_share, charts_of, declared_line
from tdteam.actions.span_ground import Flows, Ground, ground_of
from tdteam.actions.span_villages import read_villages
from tdteam.domain.indicators import Indicator, Row, evaluate, evaluate_over, measures_of
from tdteam.domain.month import TeamMonth, TeamStatus
from tdteam.domain.periods import Period, period_of, today
from tdteam.domain.report_facts import CauseLine, Difficulties, FigureLine, ReportFacts, Reporting, SpanParts
from tdteam.domain.report_spans import ReportSpan, SpanKind, span_before
from tdteam.domain.shares import Share, Value
from tdteam.domain.span_sum import add_declared, key_of
from tdteam.domain.tallies import CAUSES
from tdteam.domain.vocabulary import Nature, Source
from tdteam.store import catalogue, declared, month, organisation, places, sums
from tdteam.store.gate import GatedSession


def read_span_facts(session: GatedSession, commune_id: int, span: ReportSpan) -> ReportFacts:
    """Everything a commune's report of a span counts."""
    return read_facts_on(ground_of(session, commune_id, span))


def read_facts_on(ground: Ground) -> ReportFacts:
    """The same on ground that was read already."""
    session, commune_id, span = ground.session, ground.commune_id, ground.span
    told, teams, changes = organisation.read_organisation(session, commune_id, span.since, ground.on)
    if ground.sealed_last:
        told = replace(ground.sealed_last.organisation, joined=told.joined, left=told.left)
        teams = ground.sealed_last.teams
    months = {
        period.code: month.list_team_months(session, commune_id, period, ground.on)
        for period in ground.now.periods
        if period.since <= ground.on
    }
    flows = Flows(ground)
    lines = _counted_lines(ground, flows)
    return ReportFacts(
        organisation=told,
        reporting=_reporting(ground, months),
        figures=(*lines, *_declared_lines(ground)),
        charts=()
        if span.kind is SpanKind.RANGE
        else tuple(charts_of(session, commune_id, ground.last, ground.known)),
        villages=read_villages(ground, months),
        difficulties=_difficulties(ground, flows, lines),
        teams=teams,
        changes=changes,
        parts=SpanParts(
            sealed=tuple(code for code in ground.now.codes if code in ground.sealed),
            moved=tuple(code for code in ground.now.codes if code in ground.moved),
            open=tuple(
                period.code
                for period in ground.now.periods
                if period.code not in {*ground.sealed, *ground.moved} and period.since <= today()
            ),
            days=ground.now.days,
            stock_day=min(ground.last.last_day, today()),
        ),
    )


def _reporting(ground: Ground, months: Mapping[str, Sequence[TeamMonth]]) -> Reporting | None:
    """A team was heard of in a span when it was in one of its periods; unknown where the span cuts a period."""
    if ground.now.days or not months:
        return None
    statuses: dict[int, set[TeamStatus]] = {}
    lines: dict[int, TeamMonth] = {}
    for one in (line for period in months.values() for line in period):
        statuses.setdefault(one.team_id, set()).add(one.status)
        lines[one.team_id] = one
    silent = [lines[team] for team, told in statuses.items() if told == {TeamStatus.SILENT}]
    zero = [team for team, told in statuses.items() if told - {TeamStatus.SILENT} == {TeamStatus.ZERO}]
    return Reporting(
        expected=len(lines),
        received=len(lines) - len(silent),
        zero=len(zero),
        silent=tuple(line.villages or line.name for line in silent),
    )


def _counted_lines(ground: Ground, flows: Flows) -> list[FigureLine]:
    asked = measures_of(one for one in ground.known if one.source is Source.COUNTED)
    inside = places.ids_inside(ground.commune_id, ground.on)
    earlier = period_of(span_before(ground.span, ground.start_day).last_day, ground.start_day)
    stock = sums.sum_stock(ground.session, inside, ground.last, asked).get(None)
    stock_before = sums.sum_stock(ground.session, inside, earlier, asked).get(None)
    reached = [flows.reached(one) for one in (ground.now, ground.before, ground.so_far)]
    held = {
        line.code: line.now
        for line in (ground.sealed_last.figures if ground.sealed_last else ())
        if line.source is Source.COUNTED
    }
    lines = []
    for one in ground.known:
        if not one.in_report or one.source is not Source.COUNTED:
            continue
        if one.nature is Nature.STOCK:
            now = held.get(one.code, evaluate(one, stock))
            told: tuple[Value, ...] = now, evaluate(one, stock_before), None
        elif one.nature is Nature.DISTINCT:
            told = _distinct(one, reached, (stock, stock_before), held.get(one.code))
        else:
            told = tuple(flows.of(one, stretch) for stretch in (ground.now, ground.before, ground.so_far))
        lines.append(_line(one, *told))
    return lines


def _distinct(
    one: Indicator,
    reached: Sequence[list[Row] | None],
    stocks: tuple[list[Row] | None, list[Row] | None],
    sealed: Value,
) -> tuple[Value, ...]:
    """In the span, the one before, the year so far: of the households of their last days (`sealed`, where a seal has
    them)."""
    stock, before = stocks
    now, previous, so_far = (
        evaluate_over(one, rows, of) for rows, of in zip(reached, (stock, before, stock), strict=True)
    )
    if isinstance(sealed, Share) and isinstance(now, Share) and isinstance(so_far, Share):
        return Share(now.part, sealed.whole), previous, Share(so_far.part, sealed.whole)
    return now, previous, so_far


def _line(one: Indicator, now: Value, previous: Value, cumulative: Value) -> FigureLine:
    return FigureLine(
        code=one.code,
        name=one.name,
        unit=one.unit,
        section=one.section,
        nature=one.nature,
        source=Source.COUNTED,
        now=now,
        previous=previous,
        cumulative=cumulative,
        headline=one.is_headline,
    )


def _declared_lines(ground: Ground) -> list[FigureLine]:
    """What others counted: flows of the whole periods added (a month's figure cannot be cut by days), the newest stocks
    up to the last day."""
    now = add_declared(_declared_flows(ground, ground.now.periods))
    before = add_declared(_declared_flows(ground, ground.before.periods))
    stocks = add_declared(_declared_stocks(ground))
    lines = [
        replace(line, previous=before[key].now if key in before and not ground.before.days else None)
        for key, line in now.items()
    ]
    return [*lines, *(line for line in stocks.values() if key_of(line) not in now)]


def _declared_flows(ground: Ground, periods: Iterable[Period]) -> Iterable[FigureLine]:
    by_code = {one.code: one for one in ground.known}
    for period in periods:
        if period.code in ground.sealed:
            yield from _sealed_lines(ground.sealed[period.code], stocks=False)
            continue
        for row in declared.list_of_place(ground.session, ground.commune_id, period):
            if row.period == period.code and row.indicator in by_code:
                yield declared_line(by_code[row.indicator], row, None)


def _declared_stocks(ground: Ground) -> Iterable[FigureLine]:
    if ground.sealed_last:
        return _sealed_lines(ground.sealed_last, stocks=True)
    by_code = {one.code: one for one in ground.known}
    return [
        declared_line(by_code[row.indicator], row, None)
        for row in declared.list_of_place(ground.session, ground.commune_id, ground.last)
        if row.as_of and row.as_of <= ground.span.last_day and row.indicator in by_code
    ]


def _sealed_lines(facts: ReportFacts, *, stocks: bool) -> list[FigureLine]:
    return [
        line
        for line in facts.figures
        if line.source is Source.DECLARED and (line.as_of is not None) == stocks
    ]


def _difficulties(ground: Ground, flows: Flows, lines: Sequence[FigureLine]) -> Difficulties:
    names = catalogue.read_catalogue(ground.session)
    now, previous, so_far = (flows.causes(one) for one in (ground.now, ground.before, ground.so_far))
    met = _villages_of_causes(ground)
    causes = tuple(
        CauseLine(
            cause,
            names.cause_name(cause),
            (now or {}).get(cause, 0),
            None if previous is None else previous.get(cause, 0),
            (so_far or {}).get(cause, 0),
            sum(cause == other for _village, other in met),
        )
        for cause in sorted({*(now or ()), *(previous or ()), *(so_far or ())})
    )
    total = CauseLine(
        "",
        "",
        sum((now or {}).values()),
        None if previous is None else sum(previous.values()),
        sum((so_far or {}).values()),
        len({village for village, _cause in met}),
    )
    share = next((line for line in lines if line.code == "NOT_DONE_SHARE"), None)
    return Difficulties(
        as_share(share.now if share else None),
        as_share(share.previous if share else None),
        causes,
        total if causes else None,
    )


def _villages_of_causes(ground: Ground) -> set[tuple[int, str]]:
    """(village, cause) met in the span: which villages, a seal does not say; its tallies stand still."""
    inside = places.ids_inside(ground.commune_id, ground.on)
    found = sums.sum_together(ground.session, inside, ground.now.codes, [CAUSES], sums.by_village())
    days = ground.days(ground.now.days).rows
    rows = [(village, row) for groups in (found, days) for village, own in groups.items() for row in own]
    return {(village, row.outcome) for village, row in rows if row.measure == CAUSES and row.value > 0}
