"""The map of coverage: places shaded by an indicator beside a table of the same figures; no tiles from outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import draw_spread
from tdteam.domain.indicators import PERCENT
from tdteam.domain.places import Level
from tdteam.domain.roles import Power
from tdteam.domain.shares import Average, Share
from tdteam.domain.spread import Ranked, Standing
from tdteam.store.coverage_ground import Asked
from tdteam.store.spread import Spread, list_spreadable, read_spread
from tdteam.web import coverage_asked
from tdteam.web.exports import Kind, ListColumn, export
from tdteam.web.formats import frac, num, pct
from tdteam.web.frame import here
from tdteam.web.gate import may, noting, session
from tdteam.web.sending import send_file

pages = Blueprint("coverage_map", __name__, url_prefix="/coverage/map")


def level_of(asked: Asked) -> Level:
    """Which places are shown: the villages of a commune, else communes unless villages are asked for."""
    if asked.place.level in (Level.COMMUNE, Level.VILLAGE) or request.args.get("level") == Level.VILLAGE:
        return Level.VILLAGE
    return Level.COMMUNE


def read_asked() -> tuple[Asked, Spread, Level, dict[str, Any]]:
    """What the address asks for, its figures, and what every such page shows around them."""
    place, grounds, asked = coverage_asked.chosen()
    offered = list_spreadable(session())
    chosen = coverage_asked.chosen_indicator(offered)
    level = level_of(asked)
    around = {
        "place": place,
        "grounds": grounds,
        "offered": offered,
        "indicator": chosen,
        "level": str(level),
        "may_level": place.level not in (Level.COMMUNE, Level.VILLAGE),
        "percent": chosen.unit == PERCENT,
        **coverage_asked.around(asked),
    }
    return asked, read_spread(session(), asked, chosen), level, around


def told(one: Standing) -> str:
    """A place and its figure in words."""
    if isinstance(one.value, Share):
        figure = f"{pct(one.value)} ({frac(one.value)})" if one.size is not None else _("no figures yet")
    elif isinstance(one.value, Average):
        figure = num(one.value.value, 1)
    else:
        figure = num(one.value) if one.value is not None else _("no figures yet")
    return f"{one.name}: {figure}"


def link_to(level: Level, asked: Asked) -> Callable[[Standing], str]:
    """Where a place on such a page leads: a commune to its villages (for who sees but its villages of an area, on the
    board, opened there), a village to its own page."""
    if level is Level.COMMUNE:
        return lambda one: (
            here(place=one.place_id, level=None) if session().permits(one.place_id) else _on_board(asked, one)
        )
    if not may(Power.SEE_PLACES):
        return lambda one: ""
    return lambda one: url_for("places.show", place_id=one.place_id)


def _on_board(asked: Asked, one: Standing) -> str:
    return url_for(
        "coverage.index",
        place=asked.place.id,
        period=asked.period.code,
        span="year" if asked.year else None,
        open=one.place_id,
        _anchor=f"r{one.place_id}",
    )


@pages.get("/")
def index() -> str:
    """The map with its table."""
    asked, spread, level, around = read_asked()
    ranked = draw_spread.ranked_of(spread, level)
    story = _(
        "Map: %(indicator)s. The table beside it has the same figures.", indicator=spread.indicator.name
    )
    svg, shown = draw_spread.map_svg(
        session(), ranked, story, told, link_to(level, asked), percent=around["percent"]
    )
    return render_template(
        "coverage/map.html",
        **around,
        svg=svg,
        shown=shown,
        ranked=ranked,
        whole=spread.whole,
        link=link_to(level, asked),
        has_parts=any(one.standing.is_part for one in ranked),
        may_shapes=may(Power.KEEP_PLACES) or may(Power.KEEP_MODELS),
        exports=coverage_asked.links("coverage_map.paper") if may(Power.EXPORT) else {},
    )


@pages.get("/<ending>")
def paper(ending: str) -> Response:
    """The map as PDF, its table as a workbook or CSV."""
    coverage_asked.demand_ending(ending)
    asked, spread, level, _around = read_asked()
    ranked = draw_spread.ranked_of(spread, level)
    if ending != "pdf":
        return export_ranked(ending, asked, spread, ranked, level)
    with noting() as writing:
        coverage_asked.note(writing, "map", asked)
    made = draw_spread.draw_map_paper(
        session(), asked, spread, level, demo=current_app.config["TDTEAM"].is_demo
    )
    return send_file(made.body, made.file_name)


def export_ranked(
    ending: str, asked: Asked, spread: Spread, ranked: Sequence[Ranked], level: Level
) -> Response:
    """Ranked places with both numbers of their figures."""
    villages = level is Level.VILLAGE
    one = spread.indicator
    figures = [ListColumn(one.short_name, Kind.INT)]
    if one.has_whole:
        last = Kind.PERCENT if one.unit == PERCENT else Kind.TEXT
        figures = [
            ListColumn(one.part_name or one.short_name, Kind.INT),
            ListColumn(one.whole_name or _("Of"), Kind.INT),
            ListColumn(one.short_name, last),
        ]
    columns = [
        ListColumn(_("Rank"), Kind.INT),
        ListColumn(_("Place")),
        *([ListColumn(_("Commune"))] if villages else []),
        *figures,
        ListColumn(_("Period before"), figures[-1].kind),
        ListColumn(_("Target (%%)"), Kind.TEXT),
    ]

    def row(ranked: Ranked) -> list[object]:
        standing = ranked.standing
        target = num(standing.target, 1) if standing.target is not None else None
        return [
            ranked.rank,
            standing.name,
            *([standing.commune] if villages else []),
            *coverage_asked.cells(one, standing.value),
            coverage_asked.cells(one, standing.before)[-1],
            target,
        ]

    title = f"{one.short_name} {asked.place.name} {asked.period.month:02d}/{asked.period.year}"
    return export(ending, "coverage", title, columns, (row(one) for one in ranked))
