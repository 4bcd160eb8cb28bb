"""Figures that teams sent on paper or in Zalo: a grid to type them in, the scans of their sheets, blank visit forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
)
from flask import session as browser
from flask_babel import gettext as _

from tdteam.actions import declare, keep_scan
from tdteam.actions.draw_visit_form import draw_visit_form
from tdteam.domain.declared_grid import GridRow, column_name, drafts_of
from tdteam.domain.errors import NotFound, Refused
from tdteam.domain.people import Channel
from tdteam.domain.periods import Period, today
from tdteam.domain.places import Level
from tdteam.store import declared, places
from tdteam.store.declared_grid import read_grid
from tdteam.store.own_places import own_places
from tdteam.store.tables import Place
from tdteam.web import choices
from tdteam.web.forms.declared import GridForm
from tdteam.web.frame import here
from tdteam.web.gate import actor, session
from tdteam.web.records import demand_period, number_arg
from tdteam.web.sending import send_file

pages = Blueprint("declared", __name__, url_prefix="/declared")
GRACE_DAYS = 10
"""Papers of a period come in after its cut-off: so long the page opens on the period that just ended."""
SCANS_KEPT = 20


def the_place() -> tuple[Place, list[Place]]:
    """The commune (or village) the page is about, and those it may be about."""
    roots = own_places(session())
    if any(root.level in (Level.PROVINCE, Level.AREA) for root in roots):
        communes = places.list_reached(session(), Level.COMMUNE)
        roots = [commune for commune in communes if session().permits(commune.id or 0)]
    if not roots:
        raise NotFound
    chosen = number_arg("place")
    if chosen is None:
        return roots[0], roots
    session().demand(chosen)
    return places.get_place(session(), chosen), roots


def the_period() -> Period:
    """The period asked for; else the one whose papers are coming in."""
    if request.args.get("period"):
        return demand_period(request.args["period"])
    running = choices.this_period()
    return running if (today() - running.since).days >= GRACE_DAYS else running.plus(-1)


def source_of(row: GridRow) -> str:
    """Who counted, in words, for a team's figure."""
    words = {
        Channel.PAPER: _("Visit sheet of %(team)s"),
        Channel.ZALO: _("Zalo message of %(team)s"),
        Channel.APP: _("Word of %(team)s"),
    }
    return words[Channel(row.channel)] % {"team": row.name}


def instance() -> Path:
    """The folder scans are kept in."""
    return Path(current_app.config["TDTEAM"].instance)


def keep(body: bytes, name: str) -> tuple[str, str]:
    """Keep a scan, and remember that this browser sent it: a form sent again need not send it once more."""
    scan = keep_scan.keep_scan(instance(), body, name)
    remembered = {**scans_sent(), scan.sha256: scan.name}
    browser["scans"] = dict(list(remembered.items())[-SCANS_KEPT:])
    return scan.name, scan.sha256


def scans_sent() -> dict[str, str]:
    """Hash -> name of the scans this browser sent lately."""
    return dict(browser.get("scans") or {})


@pages.route("/", methods=["GET", "POST"])
def index() -> Any:
    """The grid of a period: the teams on paper and Zalo, or all. A POST stores it whole or not at all."""
    place, grounds = the_place()
    period = the_period()
    everybody = request.args.get("teams") == "all"
    grid = read_grid(session(), place, period, today(), everybody=everybody)
    if request.method == "POST":
        form = GridForm.posted(grid, keep, scans_sent())
        if not form.is_wrong and _store(form):
            return redirect(here())
    else:
        form = GridForm.of(grid, today())
    answer = render_template(
        "declared/index.html",
        place=place,
        grounds=grounds,
        grid=grid,
        form=form,
        period=period,
        before=period.plus(-1),
        after=period.plus(1) if period < choices.this_period() else None,
        period_url=lambda code: here(period=code),
        everybody=everybody,
        column_name=column_name,
        sent=scans_sent(),
    )
    return answer, 422 if form.is_wrong else 200


def _store(form: GridForm) -> bool:
    """Store what was typed. False, with the sentences beside the cells, where something is refused."""
    drafts, gone = drafts_of(form.grid, form.entries, source_of)
    try:
        stored = declare.declare_all(
            session(), drafts, actor(), gone=declared.find_rows(session(), gone) if gone else ()
        )
    except Refused as refused:
        form.put(refused, drafts)
        return False
    changed = sum(one.is_new for one in stored) + len(gone)
    flash(
        _("Saved: %(count)s figures changed.", count=changed) if changed else _("Nothing had changed."), "ok"
    )
    return True


@pages.get("/scans/<sha256>")
def scan(sha256: str) -> Response:
    """A scan, to whoever sees a figure it belongs to."""
    name = declared.find_scan(session(), sha256)
    if name is None:
        raise NotFound
    body = keep_scan.read_scan(instance(), sha256)
    return send_file(body, f"scan-{sha256[:12]}.{keep_scan.kind_of(body) or 'bin'}", inline=True)


@pages.get("/visit-form/<int:team_id>.pdf")
def visit_form(team_id: int) -> Response:
    """A team's blank visit form, to print."""
    paper = draw_visit_form(session(), team_id, the_period(), demo=current_app.config["TDTEAM"].is_demo)
    return send_file(paper.body, paper.file_name, inline=True)
