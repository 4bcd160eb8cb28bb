"""Ranking and distribution: who stands lowest, and how unevenly villages stand inside each commune."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template
from flask_babel import gettext as _

from tdteam.actions import draw_spread
from tdteam.domain.roles import Power
from tdteam.domain.spread import distribution
from tdteam.web import coverage_asked, coverage_map
from tdteam.web.gate import may, noting, session
from tdteam.web.sending import send_file

pages = Blueprint("coverage_ranking", __name__, url_prefix="/coverage/ranking")
FEW = 60
"""Rows shown until all are asked for."""


@pages.get("/")
def index() -> str:
    """Places in order, the lowest first, and the pictures of their spread."""
    asked, spread, level, around = coverage_map.read_asked()
    ranked = draw_spread.ranked_of(spread, level)
    found = distribution([one.standing for one in ranked], percent=around["percent"])
    villages = distribution(spread.villages, percent=around["percent"]).tenths
    strips = draw_spread.strips_of(spread) if around["percent"] else ()
    whole = coverage_asked.wants_all()
    return render_template(
        "coverage/ranking.html",
        **around,
        ranked=ranked if whole else ranked[:FEW],
        count=len(ranked),
        whole=spread.whole,
        found=found,
        strips=draw_spread.strips_svg(
            strips,
            spread.whole.target,
            _(
                "Each dot is a village, the upright line the whole commune: %(indicator)s",
                indicator=spread.indicator.name,
            ),
        )
        if strips
        else "",
        tenths=draw_spread.tenths_svg(villages, _("How many villages lie in each ten points of percent"))
        if any(villages)
        else "",
        has_parts=any(one.standing.is_part for one in ranked),
        link=coverage_map.link_to(level, asked),
        exports=coverage_asked.links("coverage_ranking.paper") if may(Power.EXPORT) else {},
    )


@pages.get("/<ending>")
def paper(ending: str) -> Response:
    """The ranking as PDF, workbook or CSV."""
    coverage_asked.demand_ending(ending)
    asked, spread, level, _around = coverage_map.read_asked()
    if ending != "pdf":
        ranked = draw_spread.ranked_of(spread, level)
        return coverage_map.export_ranked(ending, asked, spread, ranked, level)
    with noting() as writing:
        coverage_asked.note(writing, "ranking", asked)
    made = draw_spread.draw_ranking_paper(
        session(), asked, spread, level, demo=current_app.config["TDTEAM"].is_demo
    )
    return send_file(made.body, made.file_name)
