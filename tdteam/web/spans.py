"""Reports over a quarter, half-year, year or any days: chosen, written, sealed and issued like a month's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request
from flask_babel import gettext as _

from tdteam.actions import draft_report, keep_report_words, report_life, report_proposals, span_report
from tdteam.domain.errors import NotAllowed, NotFound, Refused
from tdteam.domain.periods import today
from tdteam.domain.report import Report
from tdteam.domain.report_blocks import FigureTable
from tdteam.domain.report_life import Stage
from tdteam.domain.report_spans import SpanKind, span_named
from tdteam.domain.roles import Power
from tdteam.store import papers, proposals, sealings, settings, span_sums
from tdteam.store.tables import Sealing
from tdteam.web import choices
from tdteam.web.asked_reports import Asked, asked_report, whole_commune
from tdteam.web.forms.reports import WordsForm
from tdteam.web.forms.spans import SpanForm
from tdteam.web.gate import may, session, wants_json
from tdteam.web.records import version_of
from tdteam.web.report_steps import life_of, take_step
from tdteam.web.report_words import keep_form, take_up, words_form
from tdteam.web.sending import send_file

pages = Blueprint("spans", __name__, url_prefix="/reports/<int:commune_id>")
SHOWN = 12


@pages.route("/spans", methods=["GET", "POST"])
def index(commune_id: int) -> Any:
    """Choose a span; the reports that were begun."""
    commune = whole_commune(commune_id)
    start_day = settings.period_start_day(session())
    if request.method == "POST":
        form = SpanForm()
    else:
        form = SpanForm(kind=f"{SpanKind.QUARTER}-4", year=choices.this_period().year)
    if request.method == "POST" and form.validate():
        try:
            return redirect(Asked(commune, form.span(start_day), start_day).url())
        except Refused as refused:
            form.put(refused.flaws)
    begun = [
        (Asked(commune, span_named(row.period, start_day), start_day), row)
        for row in span_sums.list_span_reports(session(), commune_id, SHOWN)
    ]
    answer = render_template("spans/index.html", commune=commune, form=form, begun=begun)
    return answer, form.status if request.method == "POST" else 200


@pages.route("/span/<code>", methods=["GET", "POST"])
def show(commune_id: int, code: str) -> Any:
    """Figures and words left, the paper right. A POST keeps the words."""
    if request.method == "POST" and not may(Power.WRITE_REPORT):
        raise NotAllowed
    asked = asked_report(commune_id, code)
    if asked.month:
        return redirect(asked.url())
    draft = papers.read_draft(session(), commune_id, asked.code)
    form = words_form(draft, asked.span)
    found = _compose(asked, draft)
    forwarded = proposals.list_forwarded(session(), commune_id, asked.span)
    if request.method == "POST":
        take_up(form, found.report, forwarded)
    theirs = None
    if request.method == "POST" and form.validate():
        kept, theirs = keep_form(form, draft, lambda form: _keep(asked, form))
        if kept and wants_json():
            return {"version": kept.version}
        if kept:
            flash(_("The words are saved."), "ok")
            return redirect(asked.url())
    return _page(
        asked, draft, form, found, forwarded, theirs
    ), form.status if request.method == "POST" else 200


def _keep(asked: Asked, form: WordsForm) -> papers.Draft:
    return keep_report_words.keep_words(
        session(),
        asked.commune,
        asked,
        form.narrative(),
        form.number.data or "",
        form.day(),
        version_of(form),
    )


@dataclass(frozen=True)
class Found:
    """A span's report as it stands, and the seal it stands on."""

    report: Report
    sealed: Sealing | None


def _compose(asked: Asked, draft: papers.Draft) -> Found:
    if draft.sealing_id:
        row = sealings.get_sealing(session(), draft.sealing_id)
        return Found(report_life.sealed_report(session(), asked.commune, row), row)
    made = span_report.compose_span_draft(session(), asked.commune, asked.span, demo=_is_demo())
    return Found(made, None)


def _page(
    asked: Asked,
    draft: papers.Draft,
    form: WordsForm,
    found: Found,
    forwarded: Sequence[proposals.ProposalLine],
    theirs: papers.Draft | None,
) -> str:
    report = found.report
    may_write = may(Power.WRITE_REPORT) and draft.stage is not Stage.ISSUED
    blocks = [block for one in report.chapters if one.code == "results" for block in one.blocks]
    return render_template(
        "spans/show.html",
        commune=asked.commune,
        asked=asked,
        groups=[group for block in blocks if isinstance(block, FigureTable) for group in block.groups],
        group_name=draft_report.group_name,
        notes=span_report.notes_of(report),
        draft=draft,
        sealed=found.sealed,
        life=life_of(asked, draft),
        is_running=asked.span.last_day >= today(),
        theirs=theirs,
        form=form,
        causes=report_proposals.causes_left(form.difficulties.data or "", report) if may_write else [],
        forwarded=report_proposals.proposals_left(form.proposals.data or "", forwarded) if may_write else [],
        may_write=may_write,
    )


def _is_demo() -> bool:
    return bool(current_app.config["TDTEAM"].is_demo)


@pages.get("/span/<code>/<ending>")
def paper(commune_id: int, code: str, ending: str) -> Response:
    """The report as a file: pdf, docx or xlsx."""
    asked = asked_report(commune_id, code)
    made = span_report.draw_span(session(), asked.commune, asked.span, ending, demo=_is_demo())
    return send_file(made.body, made.file_name, inline=ending == "pdf")


@pages.route("/span/<code>/step/<step>", methods=["GET", "POST"])
def take(commune_id: int, code: str, step: str) -> Any:
    """The page before a step, and the step itself."""
    asked = asked_report(commune_id, code)
    if asked.month:
        raise NotFound
    return take_step(asked, step)
