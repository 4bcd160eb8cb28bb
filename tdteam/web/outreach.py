"""The outreach calendar: what the commune brings to villages, month by month; phones of those villages show it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import plan_outreach as verbs
from tdteam.domain.errors import Conflict, Refused
from tdteam.domain.periods import today
from tdteam.domain.roles import Power
from tdteam.store import outreach
from tdteam.store.tables import Outreach
from tdteam.web import choices
from tdteam.web.forms.clashes import clashes_of, settle
from tdteam.web.forms.fields import options
from tdteam.web.forms.outreach import OutreachFilter, OutreachForm
from tdteam.web.forms.visits import WhyForm
from tdteam.web.gate import actor, may, session
from tdteam.web.records import filters_of, version_of

pages = Blueprint("outreach", __name__, url_prefix="/outreach")


def state_of(plan: Outreach) -> str:
    """planned, over or cancelled."""
    if plan.cancelled_at:
        return "cancelled"
    return "over" if plan.held_on < today() else "planned"


def _month(text: str | None) -> date:
    """The first day of a calendar month "2026-11"; this month for anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today().replace(day=1)


def _step(month: date, by: int) -> date:
    count = month.year * 12 + month.month - 1 + by
    return date(max(1, count // 12), count % 12 + 1, 1)


@pages.get("/")
def index() -> Any:
    """A month's plans."""
    form = OutreachFilter()
    form.village_id.choices = options(choices.village_choices(), _("All"))
    month = _month(request.args.get("period"))
    if not date(2000, 1, 1) <= month <= date(2200, 1, 1):
        month = today().replace(day=1)
    form.period.data = f"{month:%Y-%m}"
    village_id = filters_of(form, ("village_id",))["village_id"]
    return render_template(
        "outreach/index.html",
        form=form,
        chosen=village_id,
        month=month,
        months=[_step(month, -1), month, _step(month, 1)],
        lines=outreach.list_outreach(session(), month, _step(month, 1), village_id=village_id),
        every=len(choices.villages()),
        state_of=state_of,
        may_plan=may(Power.DECIDE),
    )


def _offer(form: OutreachForm) -> OutreachForm:
    form.village_ids.choices = options(choices.village_choices())
    return form


def _page(form: OutreachForm, plan: Outreach | None = None, clashes: Any = ()) -> Any:
    answer = render_template("outreach/edit.html", form=form, plan=plan, clashes=clashes)
    return answer, form.status if request.method == "POST" and not clashes else 409 if clashes else 200


@pages.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """Plan something."""
    form = _offer(OutreachForm())
    if request.method == "POST" and form.validate():
        try:
            row = verbs.plan_outreach(session(), form.draft(), actor())
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("It is planned. The phones of its villages show it with their next contact."), "ok")
            return redirect(url_for("outreach.index", period=f"{row.held_on:%Y-%m}"))
    return _page(form)


def _form_of(plan: Outreach) -> OutreachForm:
    line = outreach.lines_of(session(), [plan])[0]
    return _offer(
        OutreachForm(
            formdata=None,
            base_version=str(plan.version),
            title=plan.title,
            held_on=plan.held_on,
            starts=plan.starts,
            ends=plan.ends,
            place=plan.place,
            note=plan.note,
            village_ids=[str(village_id) for village_id, _label in line.villages],
        )
    )


@pages.route("/<int:outreach_id>", methods=["GET", "POST"])
def edit(outreach_id: int) -> Any:
    """Change a plan; what somebody else saved meanwhile is shown beside, to choose from."""
    plan = outreach.get_outreach(session(), outreach_id)
    if plan.cancelled_at:
        flash(_("It was called off: %(why)s", why=plan.cancelled_why), "info")
        return redirect(url_for("outreach.index", period=f"{plan.held_on:%Y-%m}"))
    if request.method == "GET":
        return _page(_form_of(plan), plan)
    form = _offer(OutreachForm())
    stored = _form_of(plan)
    settle(form, stored)
    if not form.validate():
        return _page(form, plan)
    try:
        row = verbs.change_outreach(session(), outreach_id, form.draft(), version_of(form))
    except Refused as refused:
        form.put(refused.flaws)
        return _page(form, plan)
    except Conflict:
        form.base_version.data = str(plan.version)
        return _page(form, plan, clashes_of(form, stored))
    flash(_("The plan is saved. The phones of its villages show it with their next contact."), "ok")
    return redirect(url_for("outreach.index", period=f"{row.held_on:%Y-%m}"))


@pages.route("/<int:outreach_id>/cancel", methods=["GET", "POST"])
def cancel(outreach_id: int) -> Any:
    """Call a plan off, with the reason; the villages see that."""
    plan = outreach.get_outreach(session(), outreach_id)
    form = WhyForm()
    if request.method == "POST" and form.validate():
        try:
            verbs.cancel_outreach(session(), outreach_id, form.why.data or "")
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("It is called off. The phones of its villages say so."), "ok")
            return redirect(url_for("outreach.index", period=f"{plan.held_on:%Y-%m}"))
    answer = render_template("outreach/cancel.html", form=form, plan=plan)
    return answer, form.status if request.method == "POST" else 200
