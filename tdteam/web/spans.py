"""Reports over a quarter, half-year, year or any days: chosen, written, sealed and issued like a month's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import draft_report, keep_report_words, report_life, seal_span, span_report
from tdteam.domain.errors import Conflict, NotAllowed, NotFound, Refused
from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.domain.report_blocks import FigureTable
from tdteam.domain.report_life import RULES, Stage, Step, steps_open
from tdteam.domain.report_spans import ReportSpan, SpanKind, span_code, span_named
from tdteam.domain.roles import Power
from tdteam.store import papers, places, report_steps, sealings, settings, span_sums
from tdteam.store.tables import Place
from tdteam.web import choices
from tdteam.web.forms.report_steps import StepForm
from tdteam.web.forms.reports import WordsForm
from tdteam.web.forms.spans import SpanForm
from tdteam.web.gate import actor, may, session, wants_json
from tdteam.web.records import version_of
from tdteam.web.report_steps import DONE
from tdteam.web.sending import send_file
from tdteam.web.verify import span_words

pages = Blueprint("spans", __name__, url_prefix="/reports/<int:commune_id>")
SHOWN = 12


@dataclass(frozen=True)
class Asked:
    """A commune and a span, as an address names them."""

    commune: Place
    span: ReportSpan

    @property
    def code(self) -> str:
        return span_code(self.span)

    @property
    def name(self) -> str:
        """What the page calls it."""
        return span_words(self.span)

    def url(self) -> str:
        return url_for("spans.show", commune_id=self.commune.id, code=self.code)

    def paper_url(self, ending: str) -> str:
        return url_for("spans.paper", commune_id=self.commune.id, code=self.code, ending=ending)


def _commune(commune_id: int) -> Place:
    place = places.get_place(session(), commune_id)
    if place.level != Level.COMMUNE:
        raise NotFound
    session().demand(commune_id)
    return place


def _asked(commune_id: int, code: str) -> Asked:
    """NotFound for another place or no span."""
    try:
        span = span_named(code, settings.period_start_day(session()))
    except Refused:
        raise NotFound from None
    return Asked(_commune(commune_id), span)


@pages.route("/spans", methods=["GET", "POST"])
def index(commune_id: int) -> Any:
    """Choose a span; the reports that were begun."""
    commune = _commune(commune_id)
    start_day = settings.period_start_day(session())
    if request.method == "POST":
        form = SpanForm()
    else:
        form = SpanForm(kind=f"{SpanKind.QUARTER}-4", year=choices.this_period().year)
    if request.method == "POST" and form.validate():
        try:
            return redirect(Asked(commune, form.span(start_day)).url())
        except Refused as refused:
            form.put(refused.flaws)
    begun = [
        (Asked(commune, span_named(row.period, start_day)), row)
        for row in span_sums.list_span_reports(session(), commune_id, SHOWN)
    ]
    answer = render_template("spans/index.html", commune=commune, form=form, begun=begun)
    return answer, form.status if request.method == "POST" else 200


@pages.route("/span/<code>", methods=["GET", "POST"])
def show(commune_id: int, code: str) -> Any:
    """Figures and words left, the paper right. A POST keeps the words."""
    if request.method == "POST" and not may(Power.WRITE_REPORT):
        raise NotAllowed
    asked = _asked(commune_id, code)
    if asked.span.kind is SpanKind.MONTH:
        return redirect(url_for("reports.show", commune_id=commune_id, period=asked.code))
    draft = papers.read_draft(session(), commune_id, asked.code)
    form = WordsForm() if request.method == "POST" else WordsForm.of(draft)
    theirs = None
    if request.method == "POST" and form.validate():
        try:
            kept = keep_report_words.keep_words(
                session(),
                asked.commune,
                asked,
                form.narrative(),
                form.number.data or "",
                form.day(),
                version_of(form),
            )
        except Refused as refused:
            form.put(refused.flaws)
        except Conflict:
            if wants_json():
                raise
            form.base_version.data = str(draft.version)  # told so, the next save goes over theirs
            form.form_errors.append(_("Somebody else wrote here meanwhile. Their words stand below yours."))
            theirs = draft
        else:
            if wants_json():
                return {"version": kept.version}
            flash(_("The words are saved."), "ok")
            return redirect(asked.url())
    return _page(asked, draft, form, theirs), form.status if request.method == "POST" else 200


def _page(asked: Asked, draft: papers.Draft, form: WordsForm, theirs: papers.Draft | None) -> str:
    sealed = sealings.get_sealing(session(), draft.sealing_id) if draft.sealing_id else None
    if sealed:
        report = report_life.sealed_report(session(), asked.commune, sealed)
    else:
        report = span_report.compose_span_draft(session(), asked.commune, asked.span, demo=_is_demo())
    blocks = [block for one in report.chapters if one.code == "results" for block in one.blocks]
    lines = report_steps.list_step_lines(session(), draft.report_id) if draft.report_id else []
    return render_template(
        "spans/show.html",
        commune=asked.commune,
        asked=asked,
        groups=[group for block in blocks if isinstance(block, FigureTable) for group in block.groups],
        group_name=draft_report.group_name,
        notes=span_report.notes_of(report),
        draft=draft,
        sealed=sealed,
        last=lines[-1] if lines else None,
        steps=_steps(asked, draft) if may(Power.HANDLE_REPORT) else (),
        is_running=asked.span.last_day >= today(),
        theirs=theirs,
        form=form,
        may_write=may(Power.WRITE_REPORT) and draft.stage is not Stage.ISSUED,
    )


def _is_demo() -> bool:
    return bool(current_app.config["TDTEAM"].is_demo)


@pages.get("/span/<code>/<ending>")
def paper(commune_id: int, code: str, ending: str) -> Response:
    """The report as a file: pdf, docx or xlsx."""
    asked = _asked(commune_id, code)
    made = span_report.draw_span(session(), asked.commune, asked.span, ending, demo=_is_demo())
    return send_file(made.body, made.file_name, inline=ending == "pdf")


def _steps(asked: Asked, draft: papers.Draft) -> tuple[Step, ...]:
    """The steps the visitor may take now; sealing only once the span is over."""
    report = sealings.find_report(session(), asked.commune.id or 0, asked.code)
    submitter = report_steps.submitted_by(session(), report) if report else None
    alone = papers.is_alone(session(), asked.commune.id or 0)
    sealed = sealings.get_sealing(session(), draft.sealing_id) if draft.sealing_id else None
    return tuple(
        step
        for step in steps_open(draft.stage, actor(), submitted_by=submitter, is_alone=alone)
        if not (step is Step.SEAL and not seal_span.seals_span(asked.commune, asked.span))
        and not (step is Step.UNSEAL and sealed and sealed.replaces_id)
    )


@pages.route("/span/<code>/step/<step>", methods=["GET", "POST"])
def take(commune_id: int, code: str, step: str) -> Any:
    """The page before a step, and the step itself."""
    asked = _asked(commune_id, code)
    if step not in set(Step) or asked.span.kind is SpanKind.MONTH:
        raise NotFound
    wanted = Step(step)
    draft = papers.read_draft(session(), commune_id, asked.code)
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
            flash(_clash_words(clash), "wait")
            return redirect(asked.url())
        flash(_(DONE[wanted]), "ok")
        return redirect(asked.url())
    if wanted not in _steps(asked, draft):
        if draft.stage in RULES[wanted].since:
            raise NotAllowed
        flash(_clash_words(Conflict("stage")), "wait")
        return redirect(asked.url())
    return _before(asked, wanted, draft, form)


def _do(asked: Asked, step: Step, form: StepForm) -> None:
    db, seen, why = session(), form.seen(), form.why.data or ""
    config = current_app.config["TDTEAM"]
    address, demo = config.address, config.is_demo
    if step is Step.SEAL:
        seal_span.seal_span(db, asked.commune, asked.span, actor(), address=address, demo=demo, seen=seen)
    elif step is Step.UNSEAL:
        seal_span.unseal_span(db, asked.commune, asked.span, actor(), why, seen=seen)
    elif step is Step.REPLACE:
        seal_span.replace_span(
            db, asked.commune, asked.span, actor(), why, address=address, demo=demo, seen=seen
        )
    else:
        report_life.take_step(db, asked.commune, asked.code, step, actor(), why=why, seen=seen)


def _clash_words(clash: Conflict) -> str:
    if clash.code == "address_missing":
        return str(_("The public address (TDTEAM_PUBLIC_URL) is not set, so nothing can be sealed yet."))
    if clash.code == "period_running":
        return str(_("These days are not over yet; their figures can be sealed the day after."))
    if clash.code == "place_ended":
        return str(_("This commune was merged before the period ended; the commune it became reports it."))
    if clash.code == "replaces_issued":
        return str(_("A replacing report is not opened again: seal another one where its figures are wrong."))
    return str(_("The report is at another step by now. Look at it as it stands."))


def _before(asked: Asked, step: Step, draft: papers.Draft, form: StepForm) -> str:
    return render_template(
        "spans/step.html",
        asked=asked,
        commune=asked.commune,
        step=step,
        draft=draft,
        form=form,
        needs_why=RULES[step].needs_why,
    )
