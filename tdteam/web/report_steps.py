"""A report's steps: one page before each says what will happen, then it happens once. Late records, history, own settings."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import (
    draft_report,
    keep_report_words,
    report_life,
    seal_report,
    seal_span,
    span_since,
)
from tdteam.domain.errors import Closed, Conflict, NotAllowed, NotFound, Refused
from tdteam.domain.periods import Period
from tdteam.domain.places import Level
from tdteam.domain.report_life import RULES, Stage, Step, steps_open
from tdteam.domain.report_spans import month_span
from tdteam.domain.roles import Power
from tdteam.store import late, papers, places, report_steps, reviews, sealings
from tdteam.store.tables import Place, Sealing
from tdteam.web.asked_reports import Asked, asked_report, whole_commune
from tdteam.web.forms.report_steps import StepForm
from tdteam.web.gate import actor, may, session
from tdteam.web.late_words import Waiting
from tdteam.web.records import demand_period
from tdteam.web.report_words import settings_page
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
    return whole_commune(commune_id), demand_period(period)


def open_steps(asked: Asked, draft: papers.Draft) -> tuple[Step, ...]:
    """The steps the visitor may take now; sealing only once the days are over."""
    commune_id = asked.commune.id or 0
    report = sealings.find_report(session(), commune_id, asked.code)
    submitter = report_steps.submitted_by(session(), report) if report else None
    alone = papers.is_alone(session(), commune_id)
    found = steps_open(draft.stage, actor(), submitted_by=submitter, is_alone=alone)
    sealed = sealings.get_sealing(session(), draft.sealing_id) if draft.sealing_id else None
    return tuple(
        step
        for step in found
        if not (step is Step.SEAL and not seal_span.seals_span(asked.commune, asked.span))
        and not (step is Step.UNSEAL and sealed and sealed.replaces_id)
    )


def life_of(asked: Asked, draft: papers.Draft) -> dict[str, Any]:
    """Where a report stands and what may come next, for those whose it is (`templates/reports/life.html`)."""
    lines = report_steps.list_step_lines(session(), draft.report_id) if draft.report_id else []
    signed = next((line for line in reversed(lines) if line.step is Step.SIGN), None)
    may_handle = may(Power.HANDLE_REPORT)
    return {
        "steps": open_steps(asked, draft) if may_handle else (),
        "last": lines[-1] if lines else None,
        "review": reviews.newest(session(), draft.sealing_id) if draft.sealing_id else None,
        "waiting": _count_waiting(asked, draft) if draft.sealing_id and may_handle else 0,
        "reworded": signed is not None and draft.stage is Stage.SIGNED and signed.wording != draft.version,
    }


def _count_waiting(asked: Asked, draft: papers.Draft) -> int:
    if asked.month:
        return len(late_of(asked.commune, asked.month))
    row = sealings.get_sealing(session(), draft.sealing_id or 0)
    return len(span_since.list_since(session(), asked.commune, asked.span, row))


@pages.route("/step/<step>", methods=["GET", "POST"])
def take(commune_id: int, period: str, step: str) -> Any:
    """The page before a step, and the step itself."""
    commune, month = commune_and_month(commune_id, period)
    return take_step(Asked(commune, month_span(month), month.start_day), step)


def take_step(asked: Asked, step: str) -> Any:
    """The page before a step of any report, and the step itself."""
    if step not in set(Step):
        raise NotFound
    wanted = Step(step)
    draft = papers.read_draft(session(), asked.commune.id or 0, asked.code)
    form = StepForm() if request.method == "POST" else StepForm.of(draft)
    if request.method == "POST":
        if not form.validate():
            return _before(asked, wanted, draft, form), form.status
        try:
            _do(asked, wanted, form)
        except Refused as refused:
            form.put(refused.flaws)
            return _before(asked, wanted, draft, form), form.status
        except Conflict as clash:
            flash(_clash_words(clash, draft), "wait")
            return redirect(asked.url())
        flash(_(DONE[wanted]), "ok")
        return redirect(asked.url())
    if wanted not in open_steps(asked, draft):
        if draft.stage in RULES[wanted].since:
            raise NotAllowed
        flash(_clash_words(Conflict("stage"), draft), "wait")
        return redirect(asked.url())
    return _before(asked, wanted, draft, form)


def _do(asked: Asked, step: Step, form: StepForm) -> None:
    db, place, seen, why = session(), asked.commune, form.seen(), form.why.data or ""
    config = current_app.config["TDTEAM"]
    to: dict[str, Any] = {"address": config.address, "demo": config.is_demo, "seen": seen}
    match step, asked.month:
        case Step.SEAL, None:
            seal_span.seal_span(db, place, asked.span, actor(), **to)
        case Step.SEAL, Period() as month:
            seal_report.seal_figures(db, place, month, actor(), **to)
        case Step.UNSEAL, None:
            seal_span.unseal_span(db, place, asked.span, actor(), why, seen=seen)
        case Step.UNSEAL, Period() as month:
            seal_report.unseal(db, place, month, actor(), why, seen=seen)
        case Step.REPLACE, None:
            seal_span.replace_span(db, place, asked.span, actor(), why, **to)
        case Step.REPLACE, Period() as month:
            keys = request.form.getlist("late")
            seal_report.replace_figures(db, place, month, actor(), why, keys=keys, **to)
        case _:
            report_life.take_step(db, place, asked.code, step, actor(), why=why, seen=seen)


CLASHES = {
    "address_missing": N_("The public address (TDTEAM_PUBLIC_URL) is not set, so nothing can be sealed yet."),
    "period_running": N_("These days are not over yet; their figures can be sealed the day after."),
    "place_ended": N_("This commune was merged before the period ended; the commune it became reports it."),
    "replaces_issued": N_(
        "A replacing report is not opened again: seal another one where its figures are wrong."
    ),
}


def _clash_words(clash: Conflict, draft: papers.Draft) -> str:
    if clash.code in CLASHES:
        return str(_(CLASHES[clash.code]))
    lines = report_steps.list_step_lines(session(), draft.report_id) if draft.report_id else []
    if lines:
        return str(_("Somebody was faster: %(who)s. Look at the report as it stands now.", who=lines[-1].who))
    return str(_("The report is at another step by now. Look at it as it stands."))


def _before(asked: Asked, step: Step, draft: papers.Draft, form: StepForm) -> str:
    moves = step in (Step.REPLACE, Step.UNSEAL)
    return render_template(
        "reports/step.html",
        asked=asked,
        step=step,
        draft=draft,
        form=form,
        needs_why=RULES[step].needs_why,
        waiting=late_of(asked.commune, asked.month) if moves and asked.month else None,
        since=_since(asked, draft) if moves and not asked.month else None,
        chosen=request.form.getlist("late") if request.method == "POST" else None,
    )


def late_of(commune: Place, month: Period) -> Waiting:
    """What came after the seal of a commune's month."""
    villages = seal_report.villages_of(session(), commune.id or 0, month)
    found = places.list_inside(session(), commune.id or 0, Level.VILLAGE, month.last_day, ended=True)
    return Waiting(
        late.list_late(session(), villages, month),
        late.list_changed(session(), villages, month),
        {place.id or 0: place.label for place in found},
    )


def _since(asked: Asked, draft: papers.Draft) -> span_since.Since | None:
    """What came or was corrected after the seal of another span; None while it has none."""
    if draft.sealing_id is None:
        return None
    row = sealings.get_sealing(session(), draft.sealing_id)
    return span_since.read_since(session(), asked.commune, asked.span, row)


@pages.get("/late")
def waiting(commune_id: int, period: str) -> Any:
    """Records that came late and figures that were changed since the seal."""
    asked = asked_report(commune_id, period)
    draft = papers.read_draft(session(), commune_id, asked.code)
    return render_template(
        "reports/late.html",
        asked=asked,
        draft=draft,
        waiting=late_of(asked.commune, asked.month) if asked.month else Waiting([], [], {}),
        since=None if asked.month else _since(asked, draft) or span_since.NOTHING,
        steps=open_steps(asked, draft),
    )


@pages.get("/history")
def history(commune_id: int, period: str) -> Any:
    """Every step and wording of a report, and every seal with its papers."""
    asked = asked_report(commune_id, period)
    draft = papers.read_draft(session(), commune_id, asked.code)
    return render_template(
        "reports/history.html",
        asked=asked,
        steps=report_steps.list_step_lines(session(), draft.report_id) if draft.report_id else [],
        wordings=report_steps.list_wording_lines(session(), draft.report_id) if draft.report_id else [],
        seals=sealings.list_sealings(session(), commune_id, asked.code),
    )


@pages.get("/seals/<int:version>/<ending>")
def paper(commune_id: int, period: str, version: int, ending: str) -> Response:
    """The paper of one seal: its stored bytes where it was issued, else drawn with the words as they stand."""
    asked = asked_report(commune_id, period)
    row: Sealing | None = sealings.find_version(session(), commune_id, asked.code, version)
    if row is None:
        raise NotFound
    made = report_life.draw_sealed(session(), asked.commune, row, ending)
    return send_file(made.body, made.file_name, inline=ending == "pdf")


@pages.route("/settings", methods=["GET", "POST"])
def setting(commune_id: int, period: str) -> Any:
    """How this one report reads, where it differs from the commune's settings."""
    asked = asked_report(commune_id, period)
    draft = papers.read_draft(session(), commune_id, asked.code)
    if draft.stage is Stage.ISSUED:
        raise Closed("issued")
    return settings_page(
        draft.settings or draft_report.settings_of(session(), asked.commune)[0],
        draft.version,
        lambda typed, version: keep_report_words.keep_report_settings(
            session(), asked.commune, asked, typed, version
        ),
        saved=_("The settings of this report are saved."),
        back=asked.url(),
        title=_("Settings of this report"),
        small=f"{asked.commune.name}, {asked.name}",
        trail=[(url_for("reports.index"), _("Reports")), (asked.url(), asked.name)],
    )
