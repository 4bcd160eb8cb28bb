"""Trends: indicators of any place over thirteen periods, each with a chart and the figures it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, current_app, render_template, request
from flask_babel import gettext as _

from tdteam.actions import draw_spread
from tdteam.actions.draw_spread import Trend
from tdteam.domain.errors import NotFound
from tdteam.domain.indicators import Indicator
from tdteam.domain.places import Level
from tdteam.domain.roles import Power
from tdteam.store import coverage
from tdteam.store.coverage_ground import Asked, read_ground
from tdteam.store.spread import list_spreadable
from tdteam.store.tables import Place
from tdteam.web import coverage_asked
from tdteam.web.exports import Kind, ListColumn, export
from tdteam.web.gate import may, noting, session
from tdteam.web.sending import send_file

pages = Blueprint("coverage_trends", __name__, url_prefix="/coverage/trends")
MOST = 12
"""Charts on one page."""


def _chosen(offered: Sequence[Indicator]) -> list[Indicator]:
    """The indicators of the address; those of the board where it names none. NotFound for a code nobody knows."""
    codes = list(dict.fromkeys(request.args.getlist("indicator")))
    if not codes:
        return list(coverage.board_columns(session()))
    known = {one.code: one for one in offered}
    if any(code not in known for code in codes):
        raise NotFound
    return [known[code] for code in codes[:MOST]]


def _below(asked: Asked) -> list[Place]:
    """What lies right below a place, to go on to."""
    if asked.place.level == Level.VILLAGE:
        return []
    ground = read_ground(session(), asked)
    found = ground.villages if asked.place.level == Level.COMMUNE else ground.communes
    return list(found.values())


@pages.get("/")
def index() -> str:
    """A chart an indicator."""
    place, grounds, asked = coverage_asked.chosen()
    offered = list_spreadable(session())
    chosen = _chosen(offered)
    return render_template(
        "coverage/trends.html",
        place=place,
        grounds=grounds,
        offered=offered,
        chosen={one.code for one in chosen},
        trends=draw_spread.read_trends(session(), asked.place, asked.period, asked.on, chosen),
        periods=asked.period.back(draw_spread.SERIES),
        below=_below(asked),
        exports=coverage_asked.links("coverage_trends.paper") if may(Power.EXPORT) else {},
        **coverage_asked.around(asked),
    )


@pages.get("/<ending>")
def paper(ending: str) -> Response:
    """The same as PDF with its charts, as a workbook or CSV."""
    coverage_asked.demand_ending(ending)
    _place, _grounds, asked = coverage_asked.chosen()
    place = asked.place
    chosen = _chosen(list_spreadable(session()))
    trends = draw_spread.read_trends(session(), place, asked.period, asked.on, chosen)
    if ending == "pdf":
        with noting() as writing:
            coverage_asked.note(writing, "trends", asked)
        demo = current_app.config["TDTEAM"].is_demo
        made = draw_spread.draw_trend_paper(session(), place, asked.period, trends, demo=demo)
        return send_file(made.body, made.file_name)
    columns = [
        ListColumn(_("Indicator")),
        ListColumn(_("Unit")),
        ListColumn(_("Month")),
        ListColumn(_("Part"), Kind.INT),
        ListColumn(_("Of"), Kind.INT),
        ListColumn(_("Figure"), Kind.TEXT),
    ]
    title = f"{_('Trends')} {place.name} {asked.period.month:02d}/{asked.period.year}"
    return export(ending, "coverage", title, columns, _rows(trends))


def _rows(trends: Sequence[Trend]) -> Iterator[list[object]]:
    for trend in trends:
        one = trend.indicator
        for point, value in zip(trend.series.points, trend.values, strict=True):
            part, whole = (*coverage_asked.cells(one, value), None)[:2]
            shown = coverage_asked.shown(one, point.value)
            yield [one.name, one.unit, f"{point.month:02d}/{point.year}", part, whole, shown]
