"""Papers beside the report: a team's month, a village's page, silent teams, commendations; as PDF and Excel."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for

from tdteam.actions import draw_papers
from tdteam.actions.draft_report import Paper
from tdteam.actions.draw_village import draw_village
from tdteam.domain.activity_ranks import MOST
from tdteam.domain.errors import NotFound, Refused
from tdteam.domain.periods import Period, today
from tdteam.domain.places import Level
from tdteam.domain.roles import Power
from tdteam.store import activity, places
from tdteam.store.own_places import own_places
from tdteam.store.tables import Place
from tdteam.web import choices
from tdteam.web.forms.fields import options, read_number
from tdteam.web.forms.papers import ActivePaperForm, SilentPaperForm, TeamPaperForm, VillagePaperForm
from tdteam.web.gate import may, noting, session
from tdteam.web.records import demand_period, number_arg
from tdteam.web.sending import send_file
from tdteam.web.words import say_flaw

pages = Blueprint("papers", __name__, url_prefix="/papers")
FORMS = {
    "team": TeamPaperForm,
    "village": VillagePaperForm,
    "silent": SilentPaperForm,
    "active": ActivePaperForm,
}
MANY = 400
"""Beyond so many teams or villages a commune is chosen first."""


@pages.get("/")
def index() -> Any:
    """What can be printed, each with what it is to be about."""
    roots = own_places(session())
    communes = choices.commune_choices()
    chosen = number_arg("commune_id")
    inside = [place for place in roots if place.level != Level.VILLAGE]
    if chosen is not None and str(chosen) in dict(communes):
        inside = [places.get_place(session(), chosen)]
    forms = {code: made(prefix=f"{code}-") for code, made in FORMS.items()}
    _offer(forms, inside or roots, roots)
    return render_template(
        "papers/index.html",
        forms=forms,
        communes=communes if len(communes) > 1 else [],
        chosen=str(chosen or ""),
        may_figures=may(Power.SEE_FIGURES),
        names=session().scope.names,
    )


def _offer(forms: dict[str, Any], inside: list[Place], roots: list[Place]) -> None:
    """Choices of the four forms: teams and villages of what is chosen, places of the scope, periods."""
    now = today()
    teams = {
        team.id: team.name
        for place in inside
        for team in activity.teams_at_work(session(), place.id or 0, now)
    }
    villages = {
        v.id: (v.label, v.commune) for place in inside for v in places.list_villages(session(), place.id or 0)
    }
    several = len({commune for _label, commune in villages.values()}) > 1
    forms["team"].team_id.choices = options(list(teams.items())[:MANY])
    named = [
        (key, f"{label} ({commune})" if several else label) for key, (label, commune) in villages.items()
    ]
    forms["village"].place_id.choices = options(named[:MANY])
    whole = {place.id: place.name for place in roots}
    whole |= {
        place.id: place.name
        for place in places.list_reached(session(), Level.COMMUNE)
        if session().permits(place.id or 0)
    }
    periods = [(period.code, f"{period.month:02d}/{period.year}") for period in reversed(_periods())]
    for code, form in forms.items():
        if code in ("silent", "active"):
            form.place_id.choices = options(whole.items())
        for name in ("period", "first", "last"):
            if name in form:
                form[name].choices = options(periods)
    last = choices.this_period()
    forms["active"].first.data = Period(last.year, 1, last.start_day).code
    forms["active"].most.data = str(MOST)


def _periods() -> list[Period]:
    return choices.this_period().back(25)


@pages.get("/go")
def go() -> Any:
    """From a form of the page to the paper it asks for."""
    code = request.args.get("paper", "")
    if code not in FORMS:
        return redirect(url_for("papers.index"))
    asked = FORMS[code](prefix=f"{code}-").data
    ending = request.args.get("ending", "pdf")
    number = read_number(asked.get("team_id") or asked.get("place_id"))
    if number is None or ending not in draw_papers.ENDINGS:
        return redirect(url_for("papers.index"))
    if code == "active":
        more = {"first": asked["first"], "last": asked["last"], "most": asked["most"] or MOST}
        return redirect(url_for("papers.active", place_id=number, ending=ending, **more))
    about: dict[str, Any] = {"team_id" if code == "team" else "place_id": number}
    period = asked["period"] or choices.this_period().code
    return redirect(url_for(f"papers.{code}", period=period, ending=ending, **about))


@pages.get("/teams/<int:team_id>/<period>/<ending>")
def team(team_id: int, period: str, ending: str) -> Response:
    """A team's month on one page."""
    made = draw_papers.draw_team(session(), team_id, _begun(period), ending, demo=_is_demo())
    return _given(made, "team_month", ending, None, team=team_id)


@pages.get("/villages/<int:place_id>/<period>/<ending>")
def village(place_id: int, period: str, ending: str) -> Response:
    """A village's page."""
    made = draw_village(session(), place_id, _begun(period), ending, demo=_is_demo())
    return _given(made, "village", ending, place_id)


@pages.get("/silent/<int:place_id>/<period>/<ending>")
def silent(place_id: int, period: str, ending: str) -> Response:
    """The teams of a place of which nothing came."""
    made = draw_papers.draw_silent(session(), place_id, _begun(period), ending, demo=_is_demo())
    return _given(made, "silent_teams", ending, place_id, names=session().scope.names)


@pages.get("/active/<int:place_id>/<ending>")
def active(place_id: int, ending: str) -> Any:
    """Who did most from a first to a last period; the statutory year so far, where none is asked."""
    now = choices.this_period()
    last = _begun(request.args["last"]) if request.args.get("last") else now
    first = (
        _begun(request.args["first"]) if request.args.get("first") else Period(last.year, 1, last.start_day)
    )
    most = MOST if not request.args.get("most") else number_arg("most") or 0
    try:
        made = draw_papers.draw_active(session(), place_id, first, last, ending, most=most, demo=_is_demo())
    except Refused as refused:
        for flaw in refused.flaws:
            flash(say_flaw(flaw), "bad")
        return redirect(url_for("papers.index"))
    return _given(made, "most_active", ending, place_id)


def _begun(text: str) -> Period:
    """A period that has begun; NotFound else."""
    period = demand_period(text)
    if period.since > today():
        raise NotFound
    return period


def _is_demo() -> bool:
    return bool(current_app.config["TDTEAM"].is_demo)


def _given(
    made: Paper, paper: str, ending: str, place_id: int | None, *, names: bool = False, **about: int
) -> Response:
    """The file, once the audit knows that it left."""
    with noting() as writing:
        draw_papers.note_paper(writing, paper, ending, place_id=place_id, names=names, **about)
    return send_file(made.body, made.file_name, inline=ending == "pdf")
