"""The first page after sign-in: the period, as each role needs it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.domain.month import count_statuses, deadline, worst_first
from tdteam.domain.outreach import ProposalState
from tdteam.domain.periods import Period, today
from tdteam.domain.places import Level
from tdteam.domain.roles import Power
from tdteam.domain.shares import Share
from tdteam.domain.sync import Doubt
from tdteam.store import inbox, indicators, month, papers, places, proposals, returns, visit_lists
from tdteam.store.tables import Place
from tdteam.web import choices, home_coverage, reminders
from tdteam.web.gate import may, saw_names, session, visitor
from tdteam.web.records import demand_period
from tdteam.web.states import N_

pages = Blueprint("home", __name__)
SHOWN = ("HOUSEHOLDS_REACHED", "NOT_DONE_SHARE")
SOON = 7
RECENT = 8


@pages.get("/")
def index() -> Any:
    """A commune's period; an area's coverage for who covers more; the audit for who sees only that."""
    who = visitor()
    roots = sorted(who.seen.roots) if who else []
    if not roots:
        return render_template("home/nowhere.html")
    place = places.get_place(session(), roots[0])
    period = demand_period(request.args["period"]) if "period" in request.args else choices.this_period()
    if len(roots) == 1 and place.level in (Level.COMMUNE, Level.VILLAGE) and may(Power.SEE_TEAMS):
        return _period_page(place, period)
    if may(Power.SEE_FIGURES):
        return redirect(url_for("coverage.index", period=request.args.get("period")))
    return _period_page(place, period)


def _period_page(place: Place, period: Period) -> Any:
    """The teams of a commune (or of the village a member serves) in a period."""
    now = today()
    known = [one for one in indicators.list_indicators(session()) if one.code in SHOWN]
    figures = indicators.read_figures(session(), place.id or 0, period, now, known)
    lines = worst_first(month.list_team_months(session(), place.id or 0, period, min(period.last_day, now)))
    counts = count_statuses(lines)
    chosen = request.args.get("state", "")
    is_commune = place.level == Level.COMMUNE
    code = period.code
    return render_template(
        "home/period.html",
        place=place,
        is_commune=is_commune,
        period=period,
        before=period.plus(-1),
        after=period.plus(1) if period < choices.this_period() else None,
        url_of=lambda other: url_for("home.index", period=other),
        due=deadline(period, now),
        today=now,
        lines=lines,
        shown=[line for line in lines if not chosen or line.status == chosen],
        chosen=chosen,
        counts={str(status): count for status, count in counts.items()},
        reached=figures["HOUSEHOLDS_REACHED"],
        assists=figures["NOT_DONE_SHARE"].now or Share(None, None),
        draft=papers.read_draft(session(), place.id or 0, code) if is_commune else None,
        report_url=url_for("reports.show", commune_id=place.id, period=code)
        if is_commune and may(Power.SEE_FIGURES)
        else None,
        record_url=url_for("visits.new") if may(Power.RECORD) else None,
        imports_url=url_for("imports.index") if may(Power.IMPORT) else None,
        may_visits=may(Power.SEE_VISITS),
        waiting=_waiting() if may(Power.DECIDE) else [],
        reminders=reminders.of_place(place),
        coverage=home_coverage.of_place(place, period),
        **({} if is_commune else _village_work(place)),
    )


def _waiting() -> list[tuple[str, str]]:
    """What needs a decision of the commune: (address, words), nothing that is none."""
    found = inbox.queue_sizes(session())
    doubts = sum(found.get(doubt, 0) for doubt in Doubt)
    lines = [
        (found.get("held", 0), "held", N_("%(num)s records sent without scope")),
        (found.get("conflict", 0), "conflict", N_("%(num)s with two different versions")),
        (doubts, "doubt", N_("%(num)s with a day to check")),
    ]
    out = [(url_for("inbox.index", why=why), str(_(word, num=count))) for count, why, word in lines if count]
    asked = proposals.count_states(session()).get(ProposalState.SENT, 0)
    if asked:
        words = _("%(num)s proposals of villages not looked at", num=asked)
        out.append((url_for("proposals.index", state=ProposalState.SENT), str(words)))
    return out


def _village_work(place: Place) -> dict[str, Any]:
    """What a team does next: promised returns of the coming week, and its last visits."""
    soon = today() + timedelta(days=SOON)
    due = returns.list_returns(session(), place.id or 0, soon)
    recent = visit_lists.list_visits(session(), village_id=place.id, limit=RECENT).rows
    if session().scope.names and (due or recent):
        saw_names("visits", place.id)
    return {"returns": due, "recent": recent}
