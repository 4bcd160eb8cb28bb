"""Draws the map, the ranking and the trends of coverage as PDF, and lays out their pictures for the screen: one drawing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tdteam.actions.draft_report import Paper
from tdteam.actions.draw_papers import dressed
from tdteam.domain.coverage import size_of
from tdteam.domain.indicators import PERCENT, Indicator
from tdteam.domain.periods import Period
from tdteam.domain.places import Level
from tdteam.domain.report_facts import ChartKind, ChartPoint, ChartSeries
from tdteam.domain.shares import Value
from tdteam.domain.spread import Ranked, Standing, distribution, rank, steps
from tdteam.domain.vocabulary import Nature
from tdteam.reports import spread_paper
from tdteam.reports.charts import draw_chart_svg
from tdteam.reports.lists import ascii_filename
from tdteam.reports.map_picture import Spot, lay_out_map
from tdteam.reports.picture import svg_of
from tdteam.reports.spread_paper import SpreadPaper, TrendPaper
from tdteam.reports.spread_picture import Strip, lay_out_strips, lay_out_tenths
from tdteam.store import indicators, shapes
from tdteam.store.coverage_ground import Asked
from tdteam.store.gate import GatedSession
from tdteam.store.spread import Spread
from tdteam.store.tables import Place

SERIES = 13
MAP = (640.0, 460.0, 13.0)
WIDE, SIZE = 640.0, 13.0


def ranked_of(spread: Spread, level: Level) -> tuple[Ranked, ...]:
    """The places of a level, the one to look at first in front."""
    return rank(spread.of(level), falling_good=spread.indicator.is_falling_good)


def map_svg(
    session: GatedSession,
    ranked: Sequence[Ranked],
    story: str,
    told: Callable[[Standing], str],
    link: Callable[[Standing], str],
    *,
    percent: bool,
) -> tuple[str, int]:
    """The map as inline SVG, and how many of the places are on it. Numbers are those of the table: places as ranked."""
    outlines = shapes.list_outlines(session, [one.standing.place_id for one in ranked])
    if not outlines:
        return "", 0
    shades = steps([one.standing for one in ranked], percent=percent)
    spots = {
        one.standing.place_id: Spot(
            place,
            one.standing.name,
            shades[one.standing.place_id],
            told(one.standing),
            link(one.standing),
            spread_paper.weight_of(one.standing),
        )
        for place, one in enumerate(ranked, 1)
    }
    return svg_of(lay_out_map(outlines, spots, *MAP), story), len(outlines)


def strips_of(spread: Spread) -> tuple[Strip, ...]:
    """Each commune with its villages, the lowest commune first; communes of which nothing is known are left out."""
    out = []
    for one in ranked_of(spread, Level.COMMUNE):
        inside = [v.size for v in spread.villages if v.commune_id == one.standing.place_id]
        known = tuple(size for size in inside if size is not None)
        if known:
            out.append(Strip(one.standing.name, one.standing.size, known))
    return tuple(out)


def strips_svg(strips: Sequence[Strip], target: Decimal | None, story: str) -> str:
    """Villages as dots on their commune's line, as inline SVG."""
    return svg_of(lay_out_strips(strips, target, WIDE, SIZE), story)


def tenths_svg(tenths: Sequence[int], story: str) -> str:
    """How many places lie in each tenth, as inline SVG."""
    return svg_of(lay_out_tenths(tenths, WIDE, SIZE), story)


def draw_map_paper(session: GatedSession, asked: Asked, spread: Spread, level: Level, *, demo: bool) -> Paper:
    """The map as PDF."""
    return Paper(
        spread_paper.draw_map(_paper(session, asked, spread, level, demo=demo)),
        _name("ban-do", asked, spread),
    )


def draw_ranking_paper(
    session: GatedSession, asked: Asked, spread: Spread, level: Level, *, demo: bool
) -> Paper:
    """The ranking with its distribution as PDF."""
    paper = _paper(session, asked, spread, level, demo=demo)
    return Paper(spread_paper.draw_ranking(paper), _name("xep-hang", asked, spread))


def _name(kind: str, asked: Asked, spread: Spread) -> str:
    code = spread.indicator.code.lower().replace("_", "-")
    return ascii_filename(f"{kind}-{code}-{asked.place.name}-{asked.period.code}", "pdf")


def _paper(session: GatedSession, asked: Asked, spread: Spread, level: Level, *, demo: bool) -> SpreadPaper:
    ranked = ranked_of(spread, level)
    percent = spread.indicator.unit == PERCENT
    return SpreadPaper(
        settings=dressed(session, asked.place, demo=demo),
        place=asked.place.name,
        period=asked.period,
        year=asked.year,
        level=level,
        indicator=spread.indicator,
        ranked=ranked,
        outlines=tuple(shapes.list_outlines(session, [one.standing.place_id for one in ranked])),
        strips=strips_of(spread) if percent else (),
        found=distribution([one.standing for one in ranked], percent=percent),
        villages=distribution(spread.villages, percent=percent),
        target=spread.whole.target,
    )


@dataclass(frozen=True)
class Trend:
    """An indicator of a place over thirteen periods: the series as drawn, and the figures with both their numbers."""

    indicator: Indicator
    series: ChartSeries
    values: tuple[Value, ...]

    @property
    def svg(self) -> str:
        return draw_chart_svg(self.series)


def read_trends(
    session: GatedSession, place: Place, period: Period, on: date, chosen: Sequence[Indicator]
) -> list[Trend]:
    """The chosen indicators over the thirteen periods up to one."""
    periods = period.back(SERIES)
    found = indicators.read_series(session, place.id or 0, periods, on, chosen)
    out = []
    for one in chosen:
        values = tuple(found[one.code])
        points = tuple(
            ChartPoint(p.year, p.month, size_of(value)) for p, value in zip(periods, values, strict=True)
        )
        bars = one.nature is Nature.FLOW and not one.has_whole
        series = ChartSeries(
            one.code,
            one.name,
            one.unit,
            points,
            ChartKind.BAR if bars else ChartKind.LINE,
            percent=one.unit == PERCENT,
        )
        out.append(Trend(one, series, values))
    return out


def draw_trend_paper(
    session: GatedSession, place: Place, period: Period, trends: Sequence[Trend], *, demo: bool
) -> Paper:
    """The charts of several indicators as PDF."""
    paper = TrendPaper(
        dressed(session, place, demo=demo),
        place.name,
        period,
        tuple((one.series, one.values) for one in trends),
    )
    return Paper(
        spread_paper.draw_trends(paper), ascii_filename(f"dien-bien-{place.name}-{period.code}", "pdf")
    )
