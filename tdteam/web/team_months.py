"""A team's month at the desk: its figures, its word on them, and what came in after that word."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from tdteam.actions.confirm_month import confirm_at_desk
from tdteam.domain.errors import Closed, Conflict, NotFound, Refused
from tdteam.domain.month import deadline
from tdteam.domain.periods import Period, today
from tdteam.domain.roles import Power
from tdteam.store import team_months, teams
from tdteam.web import choices
from tdteam.web.forms.team_months import ConfirmForm
from tdteam.web.gate import actor, may, session
from tdteam.web.records import demand_period
from tdteam.web.states import N_

pages = Blueprint("team_months", __name__, url_prefix="/teams/<int:team_id>/month/<period>")
NAMES = {
    "visits": N_("Visits to households"),
    "assists": N_("Pieces of help"),
    "people": N_("People helped"),
    "gatherings": N_("Gatherings"),
    "filings": N_("Filings"),
}


@pages.get("")
def show(team_id: int, period: str) -> Any:
    return _page(team_id, _begun(period), ConfirmForm(formdata=None))


@pages.post("/confirm")
def confirm(team_id: int, period: str) -> Any:
    """Keep the team's word, and show the month again."""
    month, form = _begun(period), ConfirmForm()
    if not form.validate():
        return _page(team_id, month, form)
    try:
        row = confirm_at_desk(
            session(), team_id, month, form.kind.data or "", actor(), seen=form.seen.data or ""
        )
    except Refused as refused:
        form.put(refused.flaws)
    except Conflict:
        form.form_errors.append(_("The figures moved meanwhile. Look at them again, then confirm."))
    except Closed:
        form.form_errors.append(
            _("The commune has sealed this period; a team's word on it no longer changes.")
        )
    else:
        done = {
            "figures": _("The figures of the month are confirmed."),
            "zero": _("It is noted that nothing happened this month."),
        }
        flash(done[row.kind], "ok")
        return redirect(url_for("team_months.show", team_id=team_id, period=month.code))
    return _page(team_id, month, form)


def _begun(period: str) -> Period:
    """A period that has begun; NotFound else."""
    month = demand_period(period)
    if month.since > today():
        raise NotFound
    return month


def _page(team_id: int, month: Period, form: ConfirmForm) -> Any:
    team = teams.get_team(session(), team_id)
    found = team_months.read_team_period(session(), team_id, month)
    form.seen.data = found.mark
    served = teams.villages_of(session(), [team_id]).get(team_id, [])
    page = render_template(
        "teams/month.html",
        team=team,
        villages=", ".join(village.label for village in served if village.until is None),
        period=month,
        before=month.plus(-1),
        after=month.plus(1) if month < choices.this_period() else None,
        url_of=lambda code: url_for("team_months.show", team_id=team_id, period=code),
        found=found,
        rows=[(_(NAMES[name]), found.now[name], found.before[name]) for name in NAMES],
        due=deadline(month, today()),
        form=form,
        may_confirm=may(Power.CONFIRM) and not found.is_sealed,
        may_visits=may(Power.SEE_VISITS),
    )
    return page, form.status
