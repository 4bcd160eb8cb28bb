"""Draws a village's page: its teams, its figures, thirteen periods of households reached, households by state."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tdteam.actions.draft_report import CHART_PERIODS, Paper
from tdteam.actions.draw_papers import demand_ending, dressed
from tdteam.domain.coverage import LEAD
from tdteam.domain.errors import NotFound
from tdteam.domain.periods import Period
from tdteam.domain.places import Level
from tdteam.domain.report_facts import ChartPoint, ChartSeries
from tdteam.domain.shares import Average, Share, Value
from tdteam.domain.team_papers import FigureRow, ServingTeam, VillageSheet
from tdteam.reports.lists import ascii_filename
from tdteam.reports.village_sheet import draw_village_sheet
from tdteam.store import activity, indicators, places, team_months, teams, village_page
from tdteam.store.gate import GatedSession


def draw_village(
    session: GatedSession, place_id: int, period: Period, ending: str, *, demo: bool = False
) -> Paper:
    """A village's page. NotFound for a village outside the scope."""
    demand_ending(ending)
    place = places.get_place(session, place_id)
    session.demand(place_id)
    if place.level != Level.VILLAGE:
        raise NotFound
    on = team_months.tree_day(period)
    commune = places.find_above(session, place_id, Level.COMMUNE, on)
    sheet = VillageSheet(
        settings=dressed(session, commune, demo=demo),
        name=place.name,
        period=period,
        teams=_serving(session, place_id, on),
        figures=_figures(session, place_id, period, on),
        chart=chart_of(session, place_id, period, on),
        states={
            **village_page.read_states(session, place_id, period),
            "reached_year": _reached_year(session, place_id, period, on),
        },
    )
    name = f"so-lieu-{place.name}-{period.code}"
    return Paper(draw_village_sheet(sheet, ending), ascii_filename(name, ending))


def _serving(session: GatedSession, place_id: int, on: date) -> tuple[ServingTeam, ...]:
    found = activity.teams_at_work(session, place_id, on)
    return tuple(
        ServingTeam(line.name, line.leader, line.members, line.decision_number, line.decision_date)
        for line in teams.lines_of(session, found, on)
    )


def _figures(session: GatedSession, place_id: int, period: Period, on: date) -> tuple[FigureRow, ...]:
    known = [
        one for one in indicators.list_indicators(session) if one.is_headline or one.code in (LEAD, "VISITS")
    ]
    found = indicators.read_figures(session, place_id, period, on, known)
    return tuple(
        FigureRow(
            one.name, one.unit, found[one.code].now, found[one.code].previous, found[one.code].cumulative
        )
        for one in known
        if one.code in found
    )


def chart_of(session: GatedSession, place_id: int, period: Period, on: date) -> ChartSeries | None:
    """Thirteen periods of households reached."""
    one = next((one for one in indicators.list_indicators(session) if one.code == LEAD), None)
    if one is None:
        return None
    periods = period.back(CHART_PERIODS)
    values = indicators.read_series(session, place_id, periods, on, [one])[LEAD]
    points = tuple(ChartPoint(p.year, p.month, _point(v)) for p, v in zip(periods, values, strict=True))
    return ChartSeries(one.code, one.name, one.unit, points, percent=True)


def _point(value: Value) -> int | Decimal | None:
    if isinstance(value, Share):
        return value.percent
    return value.value if isinstance(value, Average) else value


def _reached_year(session: GatedSession, place_id: int, period: Period, on: date) -> int | Share | None:
    known = [one for one in indicators.list_indicators(session) if one.code == LEAD]
    figure = indicators.read_figures(session, place_id, period, on, known).get(LEAD)
    return figure.cumulative if figure and isinstance(figure.cumulative, Share) else None
