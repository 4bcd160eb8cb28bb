"""A report's steps: one page before each says what will happen, then it happens once. Late records, history, own settings."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import draft_report, keep_report_words, report_life, seal_report
from tdteam.domain.errors import Closed, Conflict, NotAllowed, NotFound, Refused
from tdteam.domain.periods import Period, today
from tdteam.domain.places import Level
from tdteam.domain.report_life import RULES, Stage, Step, steps_open
from tdteam.domain.report_settings import judge_settings
from tdteam.domain.roles import Power
from tdteam.store import late, papers, places, report_steps, sealings
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place, Sealing
from tdteam.web.forms.report_steps import StepForm
from tdteam.web.forms.reports import SettingsForm
from tdteam.web.gate import actor, may, session
from tdteam.web.late_words import Waiting
from tdteam.web.records import demand_period, version_of
from tdteam.web.sending import send_file
from tdteam.web.states import N_

pages = Blueprint("report_steps", __name__, url_prefix="/reports/<int:commune_id>/<period>")

DONE = {
    Step.SEAL: N_("The figures are sealed. Words, number and day stay open."),
    Step.UNSEAL: N_("The figures are open again; what came late counts here again."),
    Step.SUBMIT: N_("The report is with the signer."),
    Step.RETURN: N_("The report is back with its writer."),
    Step.SIGN: N_("The report is signed."),
    Step.ISSUE: N_("The report is issued; its papers are kept as they are."),
    Step.REPLACE: N_("The new figures are sealed. The issued paper stands until this one is issued."),
}


def commune_and_month(commune_id: int, period: str) -> tuple[Place, Period]:
    """The commune of an address, whole inside the scope, and its period; NotFound else."""
    place = places.get_place(session(), commune_id)
    if place.level != Level.COMMUNE:
        raise NotFound
    session().demand(commune_id)
    return place, demand_period(period)


def open_steps(db: GatedSession, commune: Place, month: Period, draft: papers.Draft) -> tuple[Step, ...]:
    """The steps the visitor may take now; sealing only once the period is over."""
    report = sealings.find_report(db, commune.id or 0, month.code)
    submitter = report_steps.submitted_by(db, report) if report else None
    alone = papers.is_alone(db, commune.id or 0)
    found = steps_open(draft.stage, actor(), submitted_by=submitter, is_alone=alone)
    sealed = sealings.get_sealing(db, draft.sealing_id) if draft.sealing_id else None
    return tuple(
        step
        for step in found
        if not (step is Step.SEAL and (month.until > today() or not seal_report.reports_for(commune, month)))
        and not (step is Step.UNSEAL and sealed and sealed.replaces_id)
    )


@pages.route("/step/<step>", methods=["GET", "POST"])
def take(commune_id: int, period: str, step: str) -> Any:
    """The page before a step, and the step itself."""
    commune, month = commune_and_month(commune_id, period)
    if step not in set(Step):
        raise NotFound
    wanted = Step(step)
    draft = papers.read_draft(session(), commune_id, month.code)
    form = StepForm() if request.method == "POST" else StepForm.of(draft)
    if request.method == "POST":
        if not form.validate():
            return _before(commune, month, wanted, draft, form), form.status
        try:
            _do(commune, month, wanted, form)
        except Refused as refused:
            form.put(refused.flaws)
            return _before(commune, month, wanted, draft, form), form.status
        except Conflict as clash:
            flash(_clash_words(clash, draft), "wait")
            return redirect(_report_url(commune_id, month))
        flash(_(DONE[wanted]), "ok")
        return redirect(_report_url(commune_id, month))
    if wanted not in open_steps(session(), commune, month, draft):
        if draft.stage in RULES[wanted].since:
            raise NotAllowed
        flash(_clash_words(Conflict("stage"), draft), "wait")
        return redirect(_report_url(commune_id, month))
    return _before(commune, month, wanted, draft, form)


def _do(commune: Place, month: Period, step: Step, form: StepForm) -> None:
    db, seen, why = session(), form.seen(), form.why.data or ""
    config = current_app.config["TDTEAM"]
    if step is Step.SEAL:
        seal_report.seal_figures(
            db, commune, month, actor(), address=config.address, demo=config.is_demo, seen=seen
        )
    elif step is Step.UNSEAL:
        seal_report.unseal(db, commune, month, actor(), why, seen=seen)
    elif step is Step.REPLACE:
        seal_report.replace_figures(
            db,
            commune,
            month,
            actor(),
            why,
            address=config.address,
            keys=request.form.getlist("late"),
            demo=config.is_demo,
            seen=seen,
        )
    else:
        report_life.take_step(db, commune, month.code, step, actor(), why=why, seen=seen)


def _clash_words(clash: Conflict, draft: papers.Draft) -> str:
    if clash.code == "address_missing":
        return str(_("The public address (TDTEAM_PUBLIC_URL) is not set, so nothing can be sealed yet."))
    if clash.code == "period_running":
        return str(_("The period is not over yet; its figures can be sealed the day after."))
    if clash.code == "place_ended":
        return str(_("This commune was merged before the period ended; the commune it became reports it."))
    if clash.code == "replaces_issued":
        return str(_("A replacing report is not opened again: seal another one where its figures are wrong."))
    if draft.report_id:
        lines = report_steps.list_step_lines(session(), draft.report_id)
        if lines:
            return str(
                _("Somebody was faster: %(who)s. Look at the report as it stands now.", who=lines[-1].who)
            )
    return str(_("The report is at another step by now. Look at it as it stands."))


def _before(commune: Place, month: Period, step: Step, draft: papers.Draft, form: StepForm) -> str:
    waiting = late_of(commune, month) if step in (Step.REPLACE, Step.UNSEAL) else None
    return render_template(
        "reports/step.html",
        commune=commune,
        period=month,
        step=step,
        draft=draft,
        form=form,
        needs_why=RULES[step].needs_why,
        waiting=waiting,
        chosen=request.form.getlist("late") if request.method == "POST" else None,
        back=_report_url(commune.id or 0, month),
    )


def _report_url(commune_id: int, month: Period) -> str:
    return url_for("reports.show", commune_id=commune_id, period=month.code)


def late_of(commune: Place, month: Period) -> Waiting:
    """What came after the seal of a commune's month."""
    villages = seal_report.villages_of(session(), commune.id or 0, month)
    found = places.list_inside(session(), commune.id or 0, Level.VILLAGE, month.last_day, ended=True)
    return Waiting(
        late.list_late(session(), villages, month),
        late.list_changed(session(), villages, month),
        {place.id or 0: place.label for place in found},
    )


@pages.get("/late")
def waiting(commune_id: int, period: str) -> Any:
    """Records that came late and figures that were changed since the seal."""
    commune, month = commune_and_month(commune_id, period)
    draft = papers.read_draft(session(), commune_id, month.code)
    return render_template(
        "reports/late.html",
        commune=commune,
        period=month,
        draft=draft,
        waiting=late_of(commune, month),
        steps=open_steps(session(), commune, month, draft),
    )


@pages.get("/history")
def history(commune_id: int, period: str) -> Any:
    """Every step and wording of a report, and every seal with its papers."""
    commune, month = commune_and_month(commune_id, period)
    draft = papers.read_draft(session(), commune_id, month.code)
    return render_template(
        "reports/history.html",
        commune=commune,
        period=month,
        draft=draft,
        steps=report_steps.list_step_lines(session(), draft.report_id) if draft.report_id else [],
        wordings=report_steps.list_wording_lines(session(), draft.report_id) if draft.report_id else [],
        seals=sealings.list_sealings(session(), commune_id, month.code),
        paper_settings=may(Power.WRITE_REPORT),
    )


@pages.get("/seals/<int:version>/<ending>")
def paper(commune_id: int, period: str, version: int, ending: str) -> Response:
    """The paper of one seal: its stored bytes where it was issued, else drawn with the words as they stand."""
    commune, month = commune_and_month(commune_id, period)
    row: Sealing | None = sealings.find_version(session(), commune_id, month.code, version)
    if row is None:
        raise NotFound
    made = report_life.draw_sealed(session(), commune, row, ending)
    return send_file(made.body, made.file_name, inline=ending == "pdf")


@pages.route("/settings", methods=["GET", "POST"])
def setting(commune_id: int, period: str) -> Any:
    """How this one report reads, where it differs from the commune's settings."""
    commune, month = commune_and_month(commune_id, period)
    draft = papers.read_draft(session(), commune_id, month.code)
    if draft.stage is Stage.ISSUED:
        raise Closed("issued")
    before = draft.settings or draft_report.settings_of(session(), commune)[0]
    form = SettingsForm() if request.method == "POST" else SettingsForm.of(before, draft.version)
    if request.method == "POST" and form.validate():
        typed = form.settings(before)
        try:
            if flaws := judge_settings(typed):
                raise Refused(flaws)
            keep_report_words.keep_report_settings(session(), commune, month, typed, version_of(form))
        except Refused as refused:
            form.put(refused.flaws)
        except Conflict:
            form.form_errors.append(_("Somebody else wrote here meanwhile. Look at the report again."))
        else:
            flash(_("The settings of this report are saved."), "ok")
            return redirect(_report_url(commune_id, month))
    return render_template("reports/settings.html", commune=commune, form=form, month=month), form.status
