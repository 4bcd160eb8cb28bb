"""When reports are due: a small page of the administrator."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions.set_deadlines import set_deadlines
from tdteam.domain.deadlines import read_days
from tdteam.domain.errors import Refused
from tdteam.store import deadlines
from tdteam.web import choices
from tdteam.web.forms.area_month import DeadlineForm
from tdteam.web.gate import actor, session

pages = Blueprint("deadlines", __name__, url_prefix="/deadlines")
SHOWN = 4
"""Periods whose due days are told as the calendar stands."""


@pages.route("/", methods=["GET", "POST"])
def index() -> Any:
    """Working days after the cut-off, days off, and what follows for the coming periods."""
    calendar = deadlines.read_calendar(session())
    form = DeadlineForm() if request.method == "POST" else DeadlineForm.of(calendar)
    if request.method == "POST" and form.validate():
        days, bad = read_days(form.days_off.data or "")
        if bad:
            words = _("Not a day: %(words)s. Write days as 17/02/2026.", words=", ".join(bad))
            form.days_off.errors = [*form.days_off.errors, words]
        else:
            try:
                set_deadlines(session(), form.due_days.data, days, actor())
            except Refused as refused:
                form.put(refused.flaws)
            else:
                flash(_("The deadlines are saved."), "ok")
                return redirect(url_for("deadlines.index"))
    first = choices.this_period().plus(-1)
    coming = [(period, calendar.due_day(period)) for period in map(first.plus, range(SHOWN))]
    return render_template("deadlines/index.html", form=form, coming=coming), form.status
