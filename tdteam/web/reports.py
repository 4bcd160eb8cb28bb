"""The monthly report: its figures, the words an official writes, the very PDF beside them, and the paper settings."""

from __future__ import annotations

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

from tdteam.actions import draft_report, keep_report_words, report_life, report_proposals
from tdteam.domain.errors import NotAllowed, NotFound
from tdteam.domain.periods import Period, today
from tdteam.domain.places import Level
from tdteam.domain.report import Report
from tdteam.domain.report_blocks import Block, FigureTable, Sentence, Words
from tdteam.domain.report_facts import FigureLine
from tdteam.domain.report_life import Stage
from tdteam.domain.report_spans import month_span
from tdteam.domain.roles import Power
from tdteam.domain.vocabulary import Source
from tdteam.store import papers, places, proposals, sealings
from tdteam.store.tables import Place
from tdteam.web import choices
from tdteam.web.asked_reports import Asked
from tdteam.web.formats import day as full_day
from tdteam.web.forms.reports import HandsForm, WordsForm
from tdteam.web.gate import may, session, wants_json
from tdteam.web.records import demand_period, version_of
from tdteam.web.report_steps import life_of
from tdteam.web.report_words import keep_form, settings_page, take_up, words_form
from tdteam.web.sending import send_file
from tdteam.web.signed_copies import copies_of

pages = Blueprint("reports", __name__, url_prefix="/reports")
SHOWN_PERIODS = 6


def _commune(commune_id: int) -> Place:
    place = places.get_place(session(), commune_id)
    if place.level != Level.COMMUNE:
        raise NotFound
    return place


def _demand_writing(commune_id: int) -> None:
    """Reading the page asks for less than writing on it."""
    if not may(Power.WRITE_REPORT):
        raise NotAllowed
    session().demand(commune_id)


def _is_own(commune_id: int) -> bool:
    """Whether the whole commune lies inside the scope (an area's reviewer only touches it)."""
    return session().permits(commune_id)


@pages.get("/")
def index() -> Any:
    """Communes in rows, periods in columns. A single commune goes straight to its list of periods."""
    periods = list(reversed(choices.this_period().back(SHOWN_PERIODS)))
    communes = places.list_reached(session(), Level.COMMUNE)
    drafts = papers.list_drafts(session(), [c.id for c in communes if c.id], [p.code for p in periods])
    return render_template(
        "reports/index.html",
        communes=communes,
        periods=periods,
        drafts=drafts,
        may_write=may(Power.WRITE_REPORT),
        may_keep=may(Power.KEEP_ACCOUNTS),
        may_handle=may(Power.HANDLE_REPORT),
        last_ended=choices.this_period().plus(-1),
    )


@pages.route("/<int:commune_id>/<period>", methods=["GET", "POST"])
def show(commune_id: int, period: str) -> Any:
    """The editor: figures left, words below, the paper right. A POST keeps the words."""
    commune, month = _commune(commune_id), demand_period(period)
    asked = Asked(commune, month_span(month), month.start_day)
    if request.method == "POST":
        _demand_writing(commune_id)
    draft = papers.read_draft(session(), commune_id, month.code)
    is_own = _is_own(commune_id)
    may_write = may(Power.WRITE_REPORT) and is_own and draft.stage is not Stage.ISSUED
    form = words_form(draft, asked.span)
    sealed = sealings.get_sealing(session(), draft.sealing_id) if draft.sealing_id else None
    if sealed:
        report = report_life.sealed_report(session(), commune, sealed)
    else:
        report = draft_report.compose_draft(session(), commune, month, demo=_is_demo())
    forwarded = proposals.list_forwarded(session(), commune_id, asked.span) if may_write else []
    took_up = request.method == "POST" and take_up(form, report, forwarded)
    theirs = None
    if request.method == "POST" and form.validate():
        kept, theirs = keep_form(form, draft, lambda form: _keep(commune, month, form))
        if kept and wants_json():
            return jsonify(version=kept.version)
        if kept:
            flash(_("The words are saved."), "ok")
            place = "proposals" if took_up else None
            return redirect(url_for("reports.show", commune_id=commune_id, period=month.code, _anchor=place))
    answer = render_template(
        "reports/show.html",
        commune=commune,
        period=month,
        asked=asked,
        before=month.plus(-1),
        after=month.plus(1) if month < choices.this_period() else None,
        groups=_groups(report),
        group_name=draft_report.group_name,
        year_since=report.span.year_since,
        rows_url=lambda line: _rows_url(line, commune, month),
        url_of=lambda code: url_for("reports.show", commune_id=commune_id, period=code),
        todo=list(_todo(commune, month, report)) if sealed is None else [],
        draft=draft,
        sealed=sealed,
        life=life_of(asked, draft) if is_own else None,
        theirs=theirs,
        copies=copies_of(commune_id, month.code, draft.stage) if is_own else None,
        form=form,
        causes=report_proposals.causes_left(form.difficulties.data or "", report) if may_write else [],
        forwarded=report_proposals.proposals_left(form.proposals.data or "", forwarded),
        may_write=may_write,
        is_own=is_own,
    )
    return answer, form.status if request.method == "POST" else 200


def _blocks(report: Report, chapter: str) -> list[Block]:
    return [block for one in report.chapters if one.code == chapter for block in one.blocks]


def _groups(report: Report) -> list[Any]:
    tables = [block for block in _blocks(report, "results") if isinstance(block, FigureTable)]
    return [group for table in tables for group in table.groups]


# Where the rows behind a figure are listed: indicator -> endpoint and its filter.
_ROWS: dict[str, tuple[str, dict[str, Any]]] = {
    "GATHERINGS": ("gatherings.index", {}),
    "ATTENDED": ("gatherings.index", {}),
    "HOUSEHOLDS_REACHED": ("visits.index", {"contact": "met"}),
    "VISITS": ("visits.index", {}),
    "NOT_DONE_SHARE": ("visits.index", {"outcome": "not_done"}),
    "FILINGS": ("filings.index", {}),
    "EID2_ACTIVATED": ("visits.index", {"kind": "EID2_ACTIVATE", "outcome": "done"}),
    "EID2_REFERRED": ("visits.index", {"kind": "EID2_REFER"}),
    "PAY_ACCOUNTS": ("visits.index", {"kind": "PAY_ACCOUNT", "outcome": "done"}),
    "SIGNATURES": ("visits.index", {"kind": "SIGNATURE", "outcome": "done"}),
}


def _rows_url(line: FigureLine, commune: Place, month: Period) -> str | None:
    if line.source is Source.DECLARED or line.code not in _ROWS or not may(Power.SEE_VISITS):
        return None
    endpoint, filters = _ROWS[line.code]
    return url_for(endpoint, commune_id=commune.id, period=month.code, **filters)


def _todo(commune: Place, month: Period, report: Report) -> Any:
    """What is still open before the figures can be final: each with a link for who can do something about it."""
    mends = may(Power.WRITE_REPORT) and _is_own(commune.id or 0)
    if month.until > today():
        yield None, _("the period runs to %(day)s", day=full_day(month.last_day))
    for block in _blocks(report, "organisation"):
        if isinstance(block, Sentence) and block.code == "silent_teams":
            names: Any = block.params["names"]
            words = _("%(num)s teams have sent nothing", num=len(names))
            yield _silent_url(commune, month, mends), words
    if not report.settings.signer_name:
        yield url_for("reports.setting", commune_id=commune.id) if mends else None, _("no signer is named")
    if not any(isinstance(block, Words) for block in _blocks(report, "next_steps")):
        yield "#next_steps" if mends else None, _("part IV is empty")


def _silent_url(commune: Place, month: Period, mends: bool) -> str | None:
    """Those teams: on the commune's first page, or among the villages of a reviewer's board."""
    if mends:
        return url_for("home.index", period=month.code, state="silent")
    if not may(Power.SEE_FIGURES):
        return None
    return url_for("coverage.index", open=commune.id, period=month.code, order="state")


def _keep(commune: Place, month: Period, form: WordsForm) -> papers.Draft:
    return keep_report_words.keep_words(
        session(), commune, month, form.narrative(), form.number.data or "", form.day(), version_of(form)
    )


def _is_demo() -> bool:
    return bool(current_app.config["TDTEAM"].is_demo)


def _paper(commune_id: int, period: str, ending: str) -> Response:
    commune, month = _commune(commune_id), demand_period(period)
    session().demand(commune_id)
    made = report_life.draw_report(session(), commune, month, ending, demo=_is_demo())
    return send_file(made.body, made.file_name, inline=ending == "pdf")


@pages.get("/<int:commune_id>/<period>/pdf")
def pdf(commune_id: int, period: str) -> Response:
    return _paper(commune_id, period, "pdf")


@pages.get("/<int:commune_id>/<period>/docx")
def docx(commune_id: int, period: str) -> Response:
    return _paper(commune_id, period, "docx")


@pages.get("/<int:commune_id>/<period>/xlsx")
def xlsx(commune_id: int, period: str) -> Response:
    return _paper(commune_id, period, "xlsx")


@pages.route("/<int:commune_id>/settings", methods=["GET", "POST"])
def setting(commune_id: int) -> Any:
    """How the commune's papers read."""
    commune = _commune(commune_id)
    session().demand(commune_id)
    before, version = draft_report.settings_of(session(), commune)
    return settings_page(
        before,
        version,
        lambda typed, since: keep_report_words.keep_paper_settings(session(), commune, typed, since),
        saved=_("The paper settings are saved."),
        back=url_for("reports.index"),
        title=_("Paper settings"),
        small=commune.name,
        trail=[(url_for("reports.index"), _("Reports"))],
    )


@pages.route("/<int:commune_id>/hands", methods=["GET", "POST"])
def hands(commune_id: int) -> Any:
    """Whether one person both submits and signs here: the administrator's word, noted in the audit."""
    commune = _commune(commune_id)
    session().demand(commune_id)
    form = (
        HandsForm()
        if request.method == "POST"
        else HandsForm(is_alone=papers.is_alone(session(), commune_id))
    )
    if request.method == "POST" and form.validate():
        keep_report_words.set_alone(session(), commune, bool(form.is_alone.data))
        flash(_("Saved."), "ok")
        return redirect(url_for("reports.index"))
    return render_template("reports/hands.html", commune=commune, form=form), form.status
