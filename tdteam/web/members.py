"""Members of teams: joining, a person's page, correcting, leaving, moving, training."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import keep_member
from tdteam.domain.errors import Conflict, Refused
from tdteam.domain.people import Component, MemberRole
from tdteam.domain.periods import today
from tdteam.domain.roles import Power
from tdteam.store import members, teams
from tdteam.store.members import Alike, ServiceLine
from tdteam.store.tables import Member
from tdteam.web import choices
from tdteam.web.formats import DASH
from tdteam.web.forms.clashes import clashes_of, settle
from tdteam.web.forms.fields import options
from tdteam.web.forms.teams import JoinForm, LeaveForm, MemberForm, MoveForm, ServiceForm, TrainForm, number
from tdteam.web.gate import may, session
from tdteam.web.history import acts_on
from tdteam.web.records import version_of
from tdteam.web.toasts import toast

pages = Blueprint("members", __name__, url_prefix="/teams")
NOBODY_KNOWN = "new"


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _offer_alike(form: JoinForm, alike: list[Alike]) -> None:
    known = [
        (
            one.id,
            _(
                "Yes: %(name)s, %(year)s, %(teams)s",
                name=one.name,
                year=one.birth_year or DASH,
                teams=one.teams or _("in no team now"),
            ),
        )
        for one in alike
    ]
    form.same_as.choices = options([*known, (NOBODY_KNOWN, _("No, this is somebody else"))])


@pages.route("/<int:team_id>/members/new", methods=["GET", "POST"])
def new(team_id: int) -> Any:
    """Somebody joins. Where a member of the same name and year is known, the page asks whether it is the same person."""
    team = teams.get_team(session(), team_id)
    form = JoinForm(
        data={
            "role": MemberRole.MEMBER,
            "component": Component.OTHER,
            "decision": request.args.get("decision") or team.decision_number,
            "joined": _day(request.args.get("joined")),
        }
    )
    alike: list[Alike] = []
    if form.validate_on_submit():
        alike = members.find_alike(session(), form.name.data or "", form.birth_year.data)
        chosen = form.same_as.data or ""
        if not alike or chosen:
            try:
                known = {one.id for one in alike}
                same = number(chosen) if number(chosen) in known else None
                keep_member.add(session(), team_id, form.person(), form.service(), same_as=same)
            except Refused as refused:
                form.put(refused.flaws)
            else:
                flash(_("The member is added."), "ok")
                if "more" in request.form:
                    kept = {"decision": form.decision.data, "joined": form.joined.data}
                    return redirect(url_for("members.new", team_id=team_id, **kept))
                return redirect(url_for("teams.show", team_id=team_id))
    _offer_alike(form, alike)
    status = 422 if alike else form.status
    return render_template("teams/join.html", form=form, team=team, alike=alike), status


@pages.get("/members/<int:member_id>")
def show(member_id: int) -> Any:
    member = members.get_member(session(), member_id)
    services = members.list_services(session(), member_id=member_id)
    day = today()
    return render_template(
        "teams/member.html",
        member=member,
        names=session().scope.names,
        services=sorted(services, key=lambda one: (one.left is not None, str(one.joined or ""))),
        now=[one for one in services if one.left is None or one.left > day],
        trainings=members.list_trainings(session(), [member_id]),
        alike=members.find_alike(session(), member.name, member.birth_year, but=member_id),
        acts=acts_on(("member", member_id)),
        may_keep=may(Power.KEEP_TEAMS),
    )


def _values(member: Member) -> dict[str, Any]:
    return {
        "base_version": member.version,
        "name": member.name,
        "birth_year": member.birth_year,
        "sex": member.sex,
        "phone": member.phone,
        "note": member.note,
    }


@pages.route("/members/<int:member_id>/edit", methods=["GET", "POST"])
def edit(member_id: int) -> Any:
    member = members.get_member(session(), member_id)
    values = _values(member)
    form, stored = MemberForm(data=values), MemberForm(formdata=None, data=values)
    clashes: Any = []
    if form.validate_on_submit():
        settle(form, stored)
        try:
            keep_member.change(session(), member_id, form.person(), version_of(form))
        except Refused as refused:
            form.put(refused.flaws)
        except Conflict:
            clashes = clashes_of(form, stored)
            form.base_version.data = member.version
        else:
            flash(_("The member is saved."), "ok")
            return redirect(url_for("members.show", member_id=member_id))
    status = 409 if clashes else form.status
    return render_template("teams/member_edit.html", form=form, member=member, clashes=clashes), status


def _of(service: ServiceLine) -> dict[str, Any]:
    return {
        "role": service.role,
        "component": service.component,
        "joined": service.joined,
        "decision": service.decision,
    }


@pages.route("/services/<int:service_id>", methods=["GET", "POST"])
def service(service_id: int) -> Any:
    """Correct somebody's time in a team."""
    one = members.get_service(session(), service_id)
    form = ServiceForm(data=_of(one))
    if form.validate_on_submit():
        try:
            keep_member.change_service(session(), service_id, form.service())
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("The member is saved."), "ok")
            return redirect(url_for("members.show", member_id=one.member_id))
    return render_template("teams/service.html", form=form, one=one), form.status


@pages.route("/services/<int:service_id>/leave", methods=["GET", "POST"])
def leave(service_id: int) -> Any:
    one = members.get_service(session(), service_id)
    form = LeaveForm(data={"left": today()})
    if form.validate_on_submit():
        try:
            keep_member.leave(session(), service_id, form.left.data)
        except Refused as refused:
            form.put(refused.flaws)
        else:
            words = _("%(name)s is no longer in the team.", name=one.name)
            toast(words, url_for("members.stay", service_id=service_id))
            return redirect(url_for("teams.show", team_id=one.team_id))
    return render_template("teams/leave.html", form=form, one=one), form.status


@pages.post("/services/<int:service_id>/stay")
def stay(service_id: int) -> Any:
    """Take a leaving back."""
    one = members.get_service(session(), service_id)
    keep_member.stay(session(), service_id)
    flash(_("%(name)s is in the team again.", name=one.name), "ok")
    return redirect(url_for("teams.show", team_id=one.team_id))


@pages.route("/services/<int:service_id>/move", methods=["GET", "POST"])
def move(service_id: int) -> Any:
    one = members.get_service(session(), service_id)
    form = MoveForm(
        data={"role": MemberRole.MEMBER, "component": one.component, "joined": today(), "decision": ""}
    )
    others = [choice for choice in choices.team_choices() if choice[0] != str(one.team_id)]
    form.to_team_id.choices = options(others, _("Choose a team"))
    if form.validate_on_submit():
        try:
            moved = keep_member.move(session(), service_id, number(form.to_team_id.data), form.service())
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("%(name)s has moved to the other team.", name=one.name), "ok")
            return redirect(url_for("teams.show", team_id=moved.team_id))
    return render_template("teams/move.html", form=form, one=one), form.status


@pages.route("/<int:team_id>/train", methods=["GET", "POST"])
def train(team_id: int) -> Any:
    """A course that members of a team took."""
    team = teams.get_team(session(), team_id)
    now = members.list_services(session(), team_ids=[team_id], on=today())
    form = TrainForm()
    form.member_ids.choices = options([(one.member_id, one.name) for one in now])
    if form.validate_on_submit():
        serving = {one.member_id for one in now}
        chosen = [n for n in map(number, form.member_ids.data or []) if n in serving]
        try:
            keep_member.train(session(), [n for n in chosen if n], form.course.data or "", form.day())
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("The training is noted."), "ok")
            return redirect(url_for("teams.show", team_id=team_id))
    courses = members.list_courses(session())
    return render_template("teams/train.html", form=form, team=team, courses=courses), form.status


@pages.post("/members/<int:member_id>/trainings/<int:training_id>/forget")
def forget_training(member_id: int, training_id: int) -> Any:
    """Take a training noted by mistake off."""
    members.get_member(session(), member_id)
    keep_member.forget_training(session(), member_id, training_id)
    flash(_("The training is taken off."), "ok")
    return redirect(url_for("members.show", member_id=member_id))
