"""The map, the ranking and the trends of coverage on paper: the pictures of the screen, with the same figures in tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tdteam.domain.indicators import Indicator
from tdteam.domain.maps import Outline
from tdteam.domain.periods import Period
from tdteam.domain.places import Level
from tdteam.domain.report_facts import ChartSeries
from tdteam.domain.report_settings import PaperSettings
from tdteam.domain.shares import Share, Value, change
from tdteam.domain.spread import Distribution, Ranked, Standing, steps
from tdteam.reports import decree30 as decree
from tdteam.reports.figures import Cell, number, show, signed
from tdteam.reports.manuscript import Chart, Note, Para
from tdteam.reports.map_picture import Spot, lay_out_map
from tdteam.reports.picture import Sketch
from tdteam.reports.plain_paper import Block, PlainPaper, draw_plain_pdf, short
from tdteam.reports.spread_picture import Strip, lay_out_strips, lay_out_tenths
from tdteam.reports.tables import BLANK, Align, Column, Row, RowKind, Table
from tdteam.reports.team_words import say

MAP_HIGH = 245.0
TENTHS_HIGH = 105.0
ABREAST = 6
"""Indicators in one table of figures."""
SIZE = 8.5


@dataclass(frozen=True)
class SpreadPaper:
    """What a paper of one indicator is of. `ranked` in the order of the table; `outlines` of those places."""

    settings: PaperSettings
    place: str
    period: Period
    year: bool
    level: Level
    indicator: Indicator
    ranked: tuple[Ranked, ...]
    outlines: tuple[Outline, ...] = ()
    strips: tuple[Strip, ...] = ()
    found: Distribution | None = None
    villages: Distribution | None = None
    target: Decimal | None = None


@dataclass(frozen=True)
class TrendPaper:
    """Charts of several indicators of one place, with the values they show."""

    settings: PaperSettings
    place: str
    period: Period
    charts: tuple[tuple[ChartSeries, tuple[Value, ...]], ...]


def draw_map(paper: SpreadPaper) -> bytes:
    """The map as PDF."""
    blocks: list[Block] = [Para(say("map_lead")), *_map(paper), _table(paper, say("number_on_map"))]
    return _draw(paper, say("map_subject", indicator=paper.indicator.name, level=_level(paper)), blocks)


def draw_ranking(paper: SpreadPaper) -> bytes:
    """The ranking with its distribution as PDF."""
    blocks: list[Block] = []
    if paper.found and paper.found.known:
        blocks.append(Para(_lead(paper.found)))
        if paper.found.share_low and paper.found.share_high:
            low, high = _share(paper.found.share_low), _share(paper.found.share_high)
            blocks.append(Para(say("ranking_fifths", low=low, high=high)))
    if paper.strips:
        strips = lay_out_strips(paper.strips, paper.target, decree.TEXT_WIDTH, SIZE)
        blocks.append(Sketch(say("strip_caption"), strips))
    if paper.villages and any(paper.villages.tenths):
        tenths = lay_out_tenths(paper.villages.tenths, decree.TEXT_WIDTH, SIZE, TENTHS_HIGH)
        blocks.append(Sketch(say("tenth_caption"), tenths))
    blocks.append(_table(paper, say("rank")))
    return _draw(paper, say("ranking_subject", indicator=paper.indicator.name, level=_level(paper)), blocks)


def draw_trends(paper: TrendPaper) -> bytes:
    """Each indicator's chart over its values as PDF."""
    blocks: list[Block] = [
        Chart(f"{place}. {series.title} ({series.unit})", series)
        for place, (series, _) in enumerate(paper.charts, 1)
    ]
    for start in range(0, len(paper.charts), ABREAST):
        blocks.append(_values(paper.charts[start : start + ABREAST], start))
    if not blocks:
        blocks.append(Para(say("no_figures")))
    last = paper.charts[0][0].points if paper.charts else ()
    return draw_plain_pdf(
        PlainPaper(
            settings=paper.settings,
            kind=say("spread_kind"),
            abstract=(
                say("trend_subject", count=len(last)),
                short(paper.place),
                _span(paper.period, year=False),
            ),
            blocks=tuple(blocks),
            signer=(),
        )
    )


def _values(charts: Sequence[tuple[ChartSeries, tuple[Value, ...]]], before: int) -> Table:
    """The figures of some charts side by side, a period a row, shares with both their numbers. Heads are the charts'
    numbers."""
    columns = (
        Column(say("period_head"), flex=1),
        *(Column(f"({place})", flex=2) for place, _ in enumerate(charts, before + 1)),
    )
    points = charts[0][0].points
    rows = tuple(
        Row((f"{point.month:02d}/{point.year}", *(values[place] for _, values in charts)))
        for place, point in enumerate(points)
    )
    return Table(columns, rows)


def _draw(paper: SpreadPaper, subject: str, blocks: Sequence[Block]) -> bytes:
    noted = any(one.standing.is_part for one in paper.ranked)
    return draw_plain_pdf(
        PlainPaper(
            settings=paper.settings,
            kind=say("spread_kind"),
            abstract=(subject, short(paper.place), _span(paper.period, year=paper.year)),
            blocks=(*blocks, *((Note(say("part_note")),) if noted else ())),
            signer=(),
        )
    )


def _level(paper: SpreadPaper) -> str:
    return say("level_commune" if paper.level is Level.COMMUNE else "level_village")


def _span(period: Period, *, year: bool) -> str:
    if year:
        return say("year_span", year=period.year, month=f"{period.month:02d}/{period.year}")
    return say(
        "period_span",
        month=f"{period.month:02d}",
        year=period.year,
        since=show(period.since),
        until=show(period.last_day),
    )


def _map(paper: SpreadPaper) -> list[Block]:
    standings = [one.standing for one in paper.ranked]
    shades = steps(standings, percent=paper.indicator.unit == "%")
    spots = {
        one.standing.place_id: Spot(
            place,
            one.standing.name,
            shades[one.standing.place_id],
            "",
            weight=weight_of(one.standing),
        )
        for place, one in enumerate(paper.ranked, 1)
    }
    picture = lay_out_map(paper.outlines, spots, decree.TEXT_WIDTH, MAP_HIGH, SIZE)
    if not picture.marks:
        return [Note(say("no_shapes"))]
    return [Sketch(say("map_caption", indicator=paper.indicator.name), picture)]


def weight_of(one: Standing) -> int:
    """How many people or households a figure speaks of: a share's denominator."""
    return one.value.whole or 0 if isinstance(one.value, Share) else 0


def _lead(found: Distribution) -> str:
    return say(
        "ranking_lead",
        known=found.known,
        unknown=found.unknown,
        low=show(found.low),
        middle=show(found.middle),
        high=show(found.high),
    )


def _share(share: Share) -> str:
    told = number(share.percent) if share.percent is not None else show(None)
    return f"{show(share.part)}/{show(share.whole)} ({told}%)"


def _table(paper: SpreadPaper, first: str) -> Table:
    """Places with their figures; a number on the map or a rank in front."""
    villages = paper.level is Level.VILLAGE
    columns = (
        Column(first),
        Column(say("place"), align=Align.LEFT, flex=5),
        *((Column(say("commune_of"), align=Align.LEFT, flex=3),) if villages else ()),
        Column(say("now"), flex=2),
        Column(say("before"), flex=2),
        Column(say("change"), flex=1),
        Column(say("target"), flex=1),
    )
    by_number = first != say("rank")
    rows = tuple(
        Row(_cells(place if by_number else one.rank, one.standing, villages=villages))
        for place, one in enumerate(paper.ranked, 1)
    )
    return Table(columns, rows or (Row((say("no_figures"),), RowKind.EMPTY),))


def _cells(order: int | None, one: Standing, *, villages: bool) -> tuple[Cell, ...]:
    by = change(one.value, one.before)
    name = f"{short(one.name)} (*)" if one.is_part and not villages else short(one.name)
    return (
        order,
        name,
        *((short(one.commune) or BLANK,) if villages else ()),
        one.value,
        one.before,
        signed(by),
        one.target if one.target is not None else BLANK,
    )
