"""One step for many communes at once: who is ready, who is not and why; each commune by itself, then all papers in one file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from tdteam.actions import export_list, step_many
from tdteam.actions.report_life import draw_sealed
from tdteam.actions.seal_parts import Seen
from tdteam.actions.seal_report import reports_for
from tdteam.actions.step_many import MANY, Outcome, list_reporting, step_each
from tdteam.domain.errors import NotAllowed, NotFound, Refused
from tdteam.domain.periods import Period, today
from tdteam.domain.report_life import Stage, Step, may_take
from tdteam.domain.report_spans import month_span
from tdteam.domain.roles import Power
from tdteam.store import papers, sealings, settings
from tdteam.store.gate import GatedSession, open_session
from tdteam.store.tables import Place
from tdteam.web import choices
from tdteam.web.archives import send_archive
from tdteam.web.asked_reports import Asked
from tdteam.web.forms.fields import read_number
from tdteam.web.gate import Visitor, actor, engine, may, noting, session, visitor, wants_json
from tdteam.web.records import demand_period
from tdteam.web.report_steps import open_steps
from tdteam.web.states import N_

pages = Blueprint("many_reports", __name__, url_prefix="/reports/many/<period>")
ZIPPED = ("pdf", "xlsx")
LISTED = 200
"""So many communes one request takes; more of them than a province has."""

STEP_WORDS = {
    Step.SEAL: N_("Seal the figures"),
    Step.SUBMIT: N_("Submit for signature"),
    Step.ISSUE: N_("Issue the report"),
}
WHY_NOT = {
    "stage": N_("its report is at another step by now"),
    "period_running": N_("the period is still running"),
    "place_ended": N_("the commune was merged before the period ended, or came into being after it"),
    "address_missing": N_("the public address (TDTEAM_PUBLIC_URL) is not set"),
    "not_found": N_("not the whole commune lies in your scope"),
    "not_allowed": N_("your account may not take this step here"),
    "unavailable": N_("the database was busy; try this one again"),
}
NOT_YET = {
    Step.SEAL: N_("its figures are sealed already"),
    Step.SUBMIT: N_("waits for an earlier step, or is past this one"),
    Step.ISSUE: N_("waits for an earlier step, or is past this one"),
}


@dataclass(frozen=True)
class Line:
    """A commune of the list: `why` is empty where the step can be taken now."""

    place: Place
    stage: Stage
    seen: str
    why: str


@pages.get("/")
def index(period: str) -> Any:
    """To the step that most communes wait for."""
    month = demand_period(period)
    steps = _steps()
    counted = {step: sum(not line.why for line in _lines(month, step)) for step in steps}
    step = max(steps, key=lambda one: counted[one])
    return redirect(url_for("many_reports.show", period=month.code, step=step))


@pages.route("/<step>", methods=["GET", "POST"])
def show(period: str, step: str) -> Any:
    """The communes that are ready for a step, to be chosen, and those that are not. A POST takes it."""
    if request.method == "POST":
        return _take(period, _step(step))
    month, wanted = demand_period(period), _step(step)
    lines = _lines(month, wanted)
    return render_template(
        "many_reports/show.html",
        period=month,
        before=month.plus(-1),
        after=month.plus(1) if month < choices.this_period() else None,
        url_of=lambda code: url_for("many_reports.show", period=code, step=step),
        step=wanted,
        steps_shown=[
            (url_for("many_reports.show", period=period, step=one), _(STEP_WORDS[one]), one is wanted)
            for one in _steps()
        ],
        ready=[line for line in lines if not line.why],
        waiting=[line for line in lines if line.why],
        has_papers=may(Power.EXPORT) and any(line.stage is not Stage.DRAFT for line in lines),
    )


def _take(period: str, wanted: Step) -> Any:
    """Take the step for the communes sent, each in its own transaction. A script sends them one by one, and reads JSON."""
    who = _visitor()
    asked = _asked()
    with open_session(engine(), who.scope) as reading:  # closed before the first commune is written
        month = _period(reading, period)
        named = {place.id or 0: place.name for place in list_reporting(reading, month)}
    config = current_app.config["TDTEAM"]
    took = step_each(
        engine(), who.scope, asked, month, wanted, actor(), address=config.address, demo=config.is_demo
    )
    told = [(one, named.get(one.commune_id, ""), _why(one)) for one in took]
    if wants_json():
        return jsonify(
            communes=[{"id": one.commune_id, "done": one.done, "why": why} for one, _n, why in told]
        )
    done = [name for one, name, _w in told if one.done]
    if done:
        flash(_("Done for %(num)s: %(names)s.", num=len(done), names=", ".join(done)), "ok")
    for one, name, why in told:
        if not one.done:
            flash(_("Not done: %(name)s – %(why)s.", name=name or one.commune_id, why=why), "wait")
    if not told:
        flash(_("Choose at least one commune."), "wait")
    return redirect(url_for("many_reports.show", period=month.code, step=wanted))


@pages.get("/papers/zip")
def archive(period: str) -> Response:
    """The papers of every sealed commune inside the scope: issued ones byte for byte, others as they would print now."""
    month, who = demand_period(period), _visitor()
    wanted = []
    for place in list_reporting(session(), month):
        draft = papers.read_draft(session(), place.id or 0, month.code)
        if draft.sealing_id:
            wanted.append((place.id or 0, place.code or "", draft.sealing_id))
    with noting() as writing:
        export_list.note_export(writing, "papers", "zip", names=False)
    name = export_list.file_name(f"bao-cao-cac-xa-{month.code}", "zip")
    return send_archive(_files(open_session(engine(), who.scope), wanted), name)


def _files(reading: GatedSession, wanted: list[tuple[int, str, int]]) -> Iterator[tuple[str, bytes]]:
    with reading:
        for place_id, code, sealing_id in wanted:
            place, row = reading.get_one(Place, place_id), sealings.get_sealing(reading, sealing_id)
            for ending in ZIPPED:
                made = draw_sealed(reading, place, row, ending)
                yield f"{code}-{made.file_name}" if code else made.file_name, made.body


def _period(reading: GatedSession, text: str) -> Period:
    try:
        return settings.period_named(reading, text)
    except Refused as other:
        raise NotFound from other


def _visitor() -> Visitor:
    who = visitor()
    if who is None:
        raise NotAllowed
    return who


def _steps() -> list[Step]:
    """The steps of MANY that the visitor's role takes at all."""
    return [step for step in MANY if may_take(step, actor(), submitted_by=None, is_alone=False)]


def _step(step: str) -> Step:
    if step not in set(MANY):
        raise NotFound
    if Step(step) not in _steps():
        raise NotAllowed
    return Step(step)


def _asked() -> list[step_many.Asked]:
    """`commune` fields: id/stage/seal, as the page showed them; nonsense is passed over."""
    out = []
    for text in request.form.getlist("commune")[:LISTED]:
        number, stage, seal = [*text.split("/"), "", ""][:3]
        commune = read_number(number)
        if commune is not None and stage in set(Stage):
            out.append(step_many.Asked(commune, Seen(Stage(stage), read_number(seal))))
    return out


def _why(one: Outcome) -> str:
    if one.done:
        return ""
    return str(_(WHY_NOT.get(one.code, WHY_NOT["stage"])))


def _lines(month: Period, step: Step) -> list[Line]:
    out = []
    for place in list_reporting(session(), month):
        draft = papers.read_draft(session(), place.id or 0, month.code)
        is_open = step in open_steps(Asked(place, month_span(month), month.start_day), draft)
        out.append(
            Line(
                place,
                draft.stage,
                f"{place.id}/{draft.stage}/{draft.sealing_id or ''}",
                "" if is_open else _not_ready(place, month, draft, step),
            )
        )
    return out


def _not_ready(place: Place, month: Period, draft: papers.Draft, step: Step) -> str:
    if month.until > today():
        return str(_(WHY_NOT["period_running"]))
    if not reports_for(place, month):
        return str(_(WHY_NOT["place_ended"]))
    return str(_(NOT_YET[step]))
