"""An area's consolidated report: its words beside the very PDF, issued in one act; replaced where parts were."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import area_sum, consolidate, draft_report, keep_report_words
from tdteam.actions.keep_report_words import Coded
from tdteam.actions.seal_parts import Seen
from tdteam.domain.errors import Conflict, NotAllowed, NotFound, Refused
from tdteam.domain.periods import today
from tdteam.domain.report_facts import AreaScope
from tdteam.domain.report_life import Stage
from tdteam.domain.report_spans import ReportSpan, SpanKind, span_code, stretch_of
from tdteam.domain.roles import Power
from tdteam.domain.snapshots import snapshot_from
from tdteam.store import papers, sealings
from tdteam.store.tables import Place, Sealing
from tdteam.web.area_month import area_of
from tdteam.web.asked_reports import span_asked
from tdteam.web.forms.area_month import ReplaceForm
from tdteam.web.forms.fields import read_number
from tdteam.web.forms.reports import WordsForm
from tdteam.web.gate import actor, may, session, wants_json
from tdteam.web.records import version_of
from tdteam.web.report_words import keep_form, settings_page, words_form
from tdteam.web.sending import send_file
from tdteam.web.verify import span_words

pages = Blueprint("area_report", __name__, url_prefix="/area-months/<int:place_id>/<period>/report")
FORMS = ("pdf", "xlsx", "docx")


def area_and_span(place_id: int, code: str) -> tuple[Place, ReportSpan]:
    """The area of an address, whole inside the scope, and its month, quarter, half or year; NotFound else."""
    place = area_of(place_id)
    span, _start_day = span_asked(code)
    if span.kind is SpanKind.RANGE:
        raise NotFound
    return place, span


def _back(place: Place, span: ReportSpan) -> Any:
    return redirect(url_for("area_report.show", place_id=place.id, period=span_code(span)))


def _why_not(clash: Conflict) -> str:
    """Why nothing was issued, for whoever pressed the button."""
    if clash.code == "period_running":
        return str(_("The period is still running: its report is issued after its last day."))
    if clash.code == "nothing_received":
        return str(_("No commune of the area has issued its report yet: there is nothing to add up."))
    if clash.code == "address_missing":
        return str(_("The address printed in codes is not set (TDTEAM_PUBLIC_URL). Ask the administrator."))
    return str(_("Somebody else took a step meanwhile. Look at the report as it stands now."))


@pages.route("", methods=["GET", "POST"])
def show(place_id: int, period: str) -> Any:
    """Words left, the paper right. A POST keeps the words."""
    if request.method == "POST" and not may(Power.REVIEW_REPORT):
        raise NotAllowed
    place, span = area_and_span(place_id, period)
    draft = papers.read_draft(session(), place_id, span_code(span))
    form = words_form(draft, span)
    theirs = None
    if request.method == "POST" and form.validate():
        kept, theirs = keep_form(form, draft, lambda form: _keep(place, span, form))
        if kept and wants_json():
            return {"version": kept.version}
        if kept:
            flash(_("The words are saved."), "ok")
            return _back(place, span)
    sealed = sealings.get_sealing(session(), draft.sealing_id) if draft.sealing_id else None
    communes = area_sum.communes_of(session(), place, span)
    page = render_template(
        "area_month/report.html",
        place=place,
        **_page_of(span),
        draft=draft,
        sealed=sealed,
        summed=_scope(sealed),
        received=sum(line.received is not None for line in communes),
        communes=communes,
        missing=[line.name for line in communes if line.received is None],
        moved=area_sum.list_moved(communes, sealed) if sealed else ([], []),
        form=form,
        theirs=theirs,
        may_write=may(Power.REVIEW_REPORT) and draft.stage is not Stage.ISSUED,
        may_review=may(Power.REVIEW_REPORT),
        is_running=span.last_day >= today(),
    )
    return page, form.status if request.method == "POST" else 200


def _scope(sealed: Sealing | None) -> AreaScope | None:
    return snapshot_from(sealed.snapshot).facts.area if sealed else None


def _page_of(span: ReportSpan) -> dict[str, Any]:
    """What the templates call the span: its code, its name, its last day and the month it ends with."""
    months = stretch_of(span, span.year_since.day).periods
    return {"code": span_code(span), "name": span_words(span), "span": span, "last_month": months[-1]}


def _keep(place: Place, span: ReportSpan, form: WordsForm) -> papers.Draft:
    consolidate.demand_reviewer(session(), place, actor())
    return keep_report_words.keep_words(
        session(),
        place,
        Coded(span_code(span)),
        form.narrative(),
        form.number.data or "",
        form.day(),
        version_of(form),
    )


def _seen() -> Seen:
    """The stage and seal the page showed; nonsense is another one, and so a Conflict."""
    stage = request.form.get("stage", "")
    known = Stage(stage) if stage in set(Stage) else Stage.SUBMITTED
    return Seen(known, read_number(request.form.get("seen", "")))


@pages.post("/issue")
def issue(place_id: int, period: str) -> Any:
    """Seal and issue, as the page showed it."""
    place, span = area_and_span(place_id, period)
    config = current_app.config["TDTEAM"]
    try:
        consolidate.issue_consolidated(
            session(), place, span, actor(), address=config.address, demo=config.is_demo, seen=_seen()
        )
    except Conflict as clash:
        session().rollback()
        flash(_why_not(clash), "bad")
    else:
        flash(_("The consolidated report is issued; its papers are kept as they are."), "ok")
    return _back(place, span)


@pages.route("/replace", methods=["GET", "POST"])
def replace(place_id: int, period: str) -> Any:
    """Says what a replacing report would hold; a POST seals its figures."""
    place, span = area_and_span(place_id, period)
    draft = papers.read_draft(session(), place_id, span_code(span))
    form = ReplaceForm() if request.method == "POST" else ReplaceForm(seen=str(draft.sealing_id or ""))
    if request.method == "POST" and form.validate():
        config = current_app.config["TDTEAM"]
        seen = Seen(Stage.ISSUED, read_number(form.seen.data))
        try:
            consolidate.replace_consolidated(
                session(),
                place,
                span,
                actor(),
                form.why.data or "",
                address=config.address,
                demo=config.is_demo,
                seen=seen,
            )
        except Refused as refused:
            form.put(refused.flaws)
        except Conflict as clash:
            session().rollback()
            flash(_why_not(clash), "bad")
            return _back(place, span)
        else:
            flash(_("The new figures are sealed. The issued paper stands until this one is issued."), "ok")
            return _back(place, span)
    sealed = sealings.get_sealing(session(), draft.sealing_id) if draft.sealing_id else None
    communes = area_sum.communes_of(session(), place, span)
    moved = area_sum.list_moved(communes, sealed) if sealed else ([], [])
    page = render_template("area_month/replace.html", place=place, **_page_of(span), form=form, moved=moved)
    return page, form.status if request.method == "POST" else 200


@pages.get("/paper.<ending>")
def paper(place_id: int, period: str, ending: str) -> Response:
    """The consolidated paper: drawn as it stands, or the kept bytes."""
    if ending not in FORMS:
        raise NotFound
    place, span = area_and_span(place_id, period)
    made = area_sum.draw_area(session(), place, span, ending, demo=current_app.config["TDTEAM"].is_demo)
    return send_file(made.body, made.file_name, inline=ending == "pdf")


@pages.route("/settings", methods=["GET", "POST"])
def setting(place_id: int, period: str) -> Any:
    """How the area's papers read."""
    place, span = area_and_span(place_id, period)
    before, version = draft_report.settings_of(session(), place)
    back = url_for("area_report.show", place_id=place_id, period=span_code(span))
    return settings_page(
        before,
        version,
        lambda typed, since: keep_report_words.keep_paper_settings(session(), place, typed, since),
        saved=_("The paper settings are saved."),
        back=back,
        title=_("Paper settings"),
        small=place.name,
        trail=[
            (url_for("area_month.index"), _("Reports of the area")),
            (back, _("Consolidated report")),
        ],
    )
