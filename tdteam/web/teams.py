"""Teams: the list, a team with its composition and history, founding, correcting, ending, settling anew."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import keep_team
from tdteam.domain.errors import Conflict, Refused
from tdteam.domain.people import MemberRole
from tdteam.domain.periods import today
from tdteam.domain.places import ALWAYS
from tdteam.domain.roles import Power
from tdteam.domain.vietnamese import text_key
from tdteam.store import members, teams
from tdteam.store.members import ServiceLine
from tdteam.store.tables import Team
from tdteam.web import choices
from tdteam.web.exports import Kind, ListColumn, export
from tdteam.web.forms.clashes import clashes_of, settle
from tdteam.web.forms.fields import options
from tdteam.web.forms.teams import AmendForm, EndForm, TeamFilter, TeamForm
from tdteam.web.gate import may, session
from tdteam.web.history import acts_on
from tdteam.web.people import word_of
from tdteam.web.records import cursor_links, export_links, page_size, version_of
from tdteam.web.toasts import toast

pages = Blueprint("teams", __name__, url_prefix="/teams")
MANY_VILLAGES = 400


pages.add_app_template_global(word_of)


def _filter() -> TeamFilter:
    form = TeamFilter()
    offer_places(form)
    return form


def offer_places(form: Any) -> None:
    """Communes and villages to narrow a list to. Beyond MANY_VILLAGES a commune is chosen first."""
    communes = choices.commune_choices()
    villages = choices.village_choices(form.commune_id.data)
    form.commune_id.choices = options(communes, _("All"))
    form.village_id.choices = options(villages if len(villages) <= MANY_VILLAGES else [], _("All"))
    if len(communes) < 2:
        del form.commune_id


@pages.get("/")
def index() -> Any:
    form = _filter()
    page = teams.list_teams(
        session(),
        after=request.args.get("after"),
        before=request.args.get("before"),
        size=page_size(),
        **form.wanted(),
    )
    newer, older = cursor_links(page)
    return render_template(
        "teams/index.html",
        form=form,
        page=page,
        count=teams.count_teams(session(), **form.wanted()),
        several=form.commune_id is not None,
        names=session().scope.names,
        newer=newer,
        older=older,
        size=page_size(),
        may_keep=may(Power.KEEP_TEAMS),
        may_import=may(Power.IMPORT),
        exports=export_links("teams.export"),
    )


@pages.get("/export.<ending>")
def export_list(ending: str) -> Any:
    """The filtered list as a workbook or CSV; without phones for those who may not see names."""
    names = session().scope.names
    columns = [
        ListColumn(_("Team"), wide=40),
        ListColumn(_("Villages it serves"), wide=30),
        ListColumn(_("Commune"), wide=20),
        ListColumn(_("Leader"), wide=24),
        *([ListColumn(_("Phone"), wide=14)] if names else []),
        ListColumn(_("Members"), Kind.INT),
        ListColumn(_("of these, women"), Kind.INT),
        ListColumn(_("Trained"), Kind.INT),
        ListColumn(_("How it sends"), wide=16),
        ListColumn(_("Founding decision"), wide=18),
        ListColumn(_("Date of the decision"), Kind.DATE),
        ListColumn(_("No longer at work from"), Kind.DATE),
    ]
    rows = (
        (
            line.name,
            ", ".join(village.label for village in line.villages),
            line.commune,
            line.leader,
            *((line.leader_phone,) if names else ()),
            line.members,
            line.women,
            line.trained,
            word_of("channel", line.channel),
            line.decision_number,
            line.decision_date,
            line.until,
        )
        for line in teams.every_team(session(), **_filter().wanted())
    )
    return export(ending, "teams", _("Teams"), columns, rows)


@pages.get("/<int:team_id>")
def show(team_id: int) -> Any:
    team = teams.get_team(session(), team_id)
    day = today()
    line = teams.lines_of(session(), [team], day)[0]
    services = members.list_services(session(), team_ids=[team_id])
    now = [one for one in services if one.left is None or one.left > day]
    return render_template(
        "teams/show.html",
        team=team,
        line=line,
        villages=teams.villages_of(session(), [team_id]).get(team_id, []),
        now=now,
        gone=sorted((one for one in services if one not in now), key=lambda one: str(one.left), reverse=True),
        leader=next((one for one in now if one.role == MemberRole.LEADER), None),
        amended=_amended(team, now),
        components=_components(now),
        trainings=_trainings(now),
        acts=acts_on(("team", team_id)),
        always=ALWAYS,
        names=session().scope.names,
        may_keep=may(Power.KEEP_TEAMS),
    )


def _amended(team: Team, now: list[ServiceLine]) -> list[str]:
    """Decisions by which members serve, other than the founding one."""
    numbers = dict.fromkeys(one.decision for one in now if one.decision)
    return [number for number in numbers if number != team.decision_number]


def _components(now: list[ServiceLine]) -> list[tuple[str, list[ServiceLine]]]:
    """Members by whom they stand for, in the order of the vocabulary's words."""
    found: dict[str, list[ServiceLine]] = {}
    for one in now:
        found.setdefault(one.component, []).append(one)
    return sorted(found.items(), key=lambda pair: text_key(word_of("component", pair[0])))


def _trainings(now: list[ServiceLine]) -> list[tuple[Any, str, list[str]]]:
    """(day, course, who took it) of the members of today, newest first; members who were only ticked come last."""
    names = {one.member_id: one.name for one in now}
    out: dict[tuple[Any, str], list[str]] = {}
    for row in members.list_trainings(session(), names):
        out.setdefault((row.trained_on, row.course), []).append(names[row.member_id])
    return [(day, course, who) for (day, course), who in out.items()]


def _offer(form: TeamForm, team: Team | None = None) -> TeamForm:
    """The villages to choose from: those of the scope, and those the team serves already."""
    offered = choices.village_choices()
    if team and team.id:
        known = {code for code, _label in offered}
        served = teams.villages_of(session(), [team.id]).get(team.id, [])
        offered += [(str(v.id), v.label) for v in served if str(v.id) not in known and v.until is None]
    form.village_ids.choices = options(offered)
    return form


@pages.route("/new", methods=["GET", "POST"])
def new() -> Any:
    form = _offer(TeamForm(data={"village_ids": request.args.getlist("village_id")}))
    if form.validate_on_submit():
        try:
            team = keep_team.create(session(), form.draft())
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("The team is entered. Add its members now."), "ok")
            return redirect(url_for("teams.show", team_id=team.id))
    return render_template("teams/edit.html", form=form, team=None, clashes=[]), form.status


def _values(team: Team) -> dict[str, Any]:
    edges = teams.edges_of(session(), team.id or 0)
    return {
        "base_version": team.version,
        "name": team.name,
        "village_ids": [str(edge.village_id) for edge in edges if edge.until is None],
        "decision_number": team.decision_number,
        "decision_date": team.decision_date,
        "decision_by": team.decision_by,
        "since": None if team.since == ALWAYS else team.since,
        "channel": team.channel,
        "note": team.note,
    }


@pages.route("/<int:team_id>/edit", methods=["GET", "POST"])
def edit(team_id: int) -> Any:
    team = teams.get_team(session(), team_id)
    values = _values(team)
    form = _offer(TeamForm(data=values), team)
    stored = _offer(TeamForm(formdata=None, data=values), team)
    clashes: Any = []
    if form.validate_on_submit():
        settle(form, stored)
        try:
            keep_team.change(
                session(), team_id, form.draft(), version_of(form), villages_on=form.villages_on.data
            )
        except Refused as refused:
            form.put(refused.flaws)
        except Conflict:
            clashes = clashes_of(form, stored)
            form.base_version.data = team.version
        else:
            flash(_("The team is saved."), "ok")
            return redirect(url_for("teams.show", team_id=team_id))
    status = 409 if clashes else form.status
    return render_template("teams/edit.html", form=form, team=team, clashes=clashes), status


@pages.route("/<int:team_id>/end", methods=["GET", "POST"])
def end(team_id: int) -> Any:
    team = teams.get_team(session(), team_id)
    form = EndForm(data={"until": today()})
    if form.validate_on_submit():
        try:
            keep_team.end(session(), team_id, form.until.data)
        except Refused as refused:
            form.put(refused.flaws)
        else:
            toast(_("The team has ended."), url_for("teams.reopen", team_id=team_id))
            return redirect(url_for("teams.show", team_id=team_id))
    return render_template("teams/end.html", form=form, team=team), form.status


@pages.post("/<int:team_id>/reopen")
def reopen(team_id: int) -> Any:
    keep_team.reopen(session(), team_id)
    flash(_("The team is at work again."), "ok")
    return redirect(url_for("teams.show", team_id=team_id))


@pages.route("/<int:team_id>/amend", methods=["GET", "POST"])
def amend(team_id: int) -> Any:
    """A new decision on the composition: who stays, who leaves, who becomes what; newcomers are added after."""
    team = teams.get_team(session(), team_id)
    now = members.list_services(session(), team_ids=[team_id], on=today())
    rows = [{"service_id": str(one.id), "role": one.role, "component": one.component} for one in now]
    form = AmendForm(data={"rows": rows})
    if form.validate_on_submit():
        try:
            keep_team.amend(session(), team_id, form.draft())
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("The new composition is saved."), "ok")
            if "more" in request.form:
                known = {"decision": form.decision.data, "joined": form.on.data}
                return redirect(url_for("members.new", team_id=team_id, **known))
            return redirect(url_for("teams.show", team_id=team_id))
    people = {str(one.id): one for one in now}
    return render_template("teams/amend.html", form=form, team=team, people=people), form.status
