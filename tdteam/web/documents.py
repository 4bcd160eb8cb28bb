"""The register of evidence documents: listed, added, changed, withdrawn; files given back as downloads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import keep_document as verbs
from tdteam.actions.document_files import LARGEST, CheckedFile, check_file
from tdteam.domain.documents import NAMED, Tie
from tdteam.domain.errors import Conflict, Refused
from tdteam.domain.roles import Power
from tdteam.store import document_ties, documents, indicators
from tdteam.store.tables import Document
from tdteam.web.document_form import first_place, form_of, offer
from tdteam.web.document_parts import evidence_of, register_places, tie_name, tie_url
from tdteam.web.exports import Kind, ListColumn, export
from tdteam.web.forms.clashes import clashes_of, settle
from tdteam.web.forms.documents import LACKS, DocumentFilter, DocumentForm, read_tie, word_of_kind
from tdteam.web.forms.fields import options
from tdteam.web.forms.visits import WhyForm
from tdteam.web.gate import actor, may, session
from tdteam.web.history import acts_on
from tdteam.web.records import cursor_links, export_links, page_size, version_of
from tdteam.web.sending import send_file

pages = Blueprint("documents", __name__, url_prefix="/documents")
pages.add_app_template_global(word_of_kind, "document_kind")
pages.add_app_template_global(evidence_of)


def instance() -> Path:
    """The folder files are kept in."""
    return Path(current_app.config["TDTEAM"].instance)


def _filter() -> DocumentFilter:
    form = DocumentFilter()
    form.place_id.choices = options(register_places(wide=True), _("All"))
    form.indicator.choices = options(
        [(one.code, one.short_name or one.name) for one in indicators.list_indicators(session())], _("All")
    )
    form.validate()
    return form


@pages.get("/")
def index() -> Any:
    """The register, last added first."""
    form = _filter()
    wanted = form.wanted()
    page = documents.list_documents(
        session(),
        wanted,
        after=request.args.get("after"),
        before=request.args.get("before"),
        limit=page_size(),
    )
    newer, older = cursor_links(page)
    return render_template(
        "documents/index.html",
        form=form,
        page=page,
        count=documents.count_documents(session(), wanted),
        tied=_tied(wanted.tie),
        tie=form.tie.data,
        newer=newer,
        older=older,
        size=page_size(),
        **_words(),
        may_keep=may(Power.KEEP_EVIDENCE),
        exports=export_links("documents.export"),
    )


def _tied(tie: Tie | None) -> str | None:
    """What a list is narrowed to, in words."""
    found = document_ties.find_ties(session(), [tie]) if tie else {}
    return tie_name(found[tie]) if tie and tie in found else None


def _words() -> dict[str, Any]:
    names = {
        one.code: one.short_name or one.name for one in indicators.list_indicators(session(), active=False)
    }
    return {"lack_words": dict(LACKS), "indicator_names": names}


@pages.get("/export.<ending>")
def export_list(ending: str) -> Response:
    """The filtered register as a workbook or CSV."""
    words = _words()
    lines = documents.every_document(session(), _filter().wanted())
    found = document_ties.find_ties(session(), {tie for line in lines for tie in line.ties})
    columns = [
        ListColumn(_("Kind of document"), wide=16),
        ListColumn(_("Number and symbol"), wide=18),
        ListColumn(_("Date of the document"), Kind.DATE),
        ListColumn(_("Issuing body"), wide=26),
        ListColumn(_("Abstract"), wide=60),
        ListColumn(_("Place"), wide=22),
        ListColumn(_("Indicators it proves"), wide=36),
        ListColumn(_("Belongs to"), wide=30),
        ListColumn(_("Still missing"), wide=24),
        ListColumn("SHA-256", wide=66),
    ]
    rows = (
        (
            str(word_of_kind(line.row.kind)),
            line.row.number,
            line.row.dated,
            line.row.issuer,
            line.row.abstract,
            line.place,
            ", ".join(words["indicator_names"].get(code, code) for code in line.indicators),
            ", ".join(tie_name(found[tie]) for tie in line.ties if tie in found),
            ", ".join(str(words["lack_words"][lack]) for lack in line.lacks),
            line.row.sha256,
        )
        for line in lines
    )
    return export(ending, "documents", _("List of evidence documents"), columns, rows)


@pages.get("/<int:document_id>")
def show(document_id: int) -> Any:
    """A document, what it proves and belongs to, and what was done to it."""
    line = documents.get_line(session(), document_id)
    row = line.row
    found = document_ties.find_ties(session(), line.ties)
    return render_template(
        "documents/show.html",
        line=line,
        row=row,
        ties=[(tie_name(one), tie_url(one)) for one in found.values()],
        may_open=verbs.may_open(session(), row),
        same=documents.count_same_file(session(), row.sha256, row.id) if row.sha256 else 0,
        may_keep=may(Power.KEEP_EVIDENCE) and session().permits(row.place_id),
        acts=acts_on(("document", document_id)) if session().permits(row.place_id) else [],
        **_words(),
    )


@pages.get("/<int:document_id>/file")
def file(document_id: int) -> Response:
    """A document's very bytes, always as a download."""
    body, name = verbs.read_file(session(), document_id, instance())
    return send_file(body, name)


@pages.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """Add a document; `tie` in the address says what it belongs to."""
    form = DocumentForm()
    asked = read_tie(request.args.get("tie"))
    found = document_ties.find_ties(session(), [asked]) if asked else {}
    if request.method == "GET":
        first = next(iter(found.values()), None)
        form.ties.data = [request.args.get("tie")] if first else []
        form.indicators.data = request.args.getlist("indicator")
        form.place_id.data = str(first_place(first) or "")
    offer(form, list(found.values()))
    if request.method == "POST" and form.validate():
        try:
            row = verbs.add_document(session(), form.draft(), _sent(form), actor(), instance())
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("The document is in the register."), "ok")
            return redirect(url_for("documents.show", document_id=row.id))
    return _page(form)


def _sent(form: DocumentForm) -> CheckedFile | None:
    """The file that came, looked at; None where none came. Raises Refused."""
    sent = form.file.data
    if not sent or not getattr(sent, "filename", ""):
        return None
    return check_file(sent.read(LARGEST + 1), sent.filename)


def _page(form: DocumentForm, row: Document | None = None, clashes: Any = ()) -> Any:
    answer = render_template(
        "documents/edit.html",
        form=form,
        row=row,
        clashes=clashes,
        megabytes=LARGEST >> 20,
        named=sorted(NAMED),
    )
    return answer, form.status if request.method == "POST" and not clashes else 409 if clashes else 200


@pages.route("/<int:document_id>/edit", methods=["GET", "POST"])
def edit(document_id: int) -> Any:
    """Change a document; what somebody else saved meanwhile is shown beside, to choose from."""
    row = documents.get_own(session(), document_id)
    if row.withdrawn_at:
        flash(_("This document was withdrawn: %(why)s", why=row.withdrawn_why), "info")
        return redirect(url_for("documents.show", document_id=document_id))
    stored = form_of(documents.get_line(session(), document_id))
    if request.method == "GET":
        return _page(stored, row)
    form = DocumentForm()
    settle(form, stored)
    offer(form, [])
    if not form.validate():
        return _page(form, row)
    try:
        verbs.change_document(session(), document_id, form.draft(), _sent(form), version_of(form), instance())
    except Refused as refused:
        form.put(refused.flaws)
        return _page(form, row)
    except Conflict:
        form.base_version.data = str(row.version)
        return _page(form, row, clashes_of(form, stored))
    flash(_("The document is saved."), "ok")
    return redirect(url_for("documents.show", document_id=document_id))


@pages.route("/<int:document_id>/withdraw", methods=["GET", "POST"])
def withdraw(document_id: int) -> Any:
    """Withdraw a document, with the reason."""
    row = documents.get_own(session(), document_id)
    form = WhyForm()
    if request.method == "POST" and form.validate():
        try:
            verbs.withdraw_document(session(), document_id, form.why.data or "")
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("The document is withdrawn. It proves nothing any more, and stays to be read."), "ok")
            return redirect(url_for("documents.show", document_id=document_id))
    answer = render_template("documents/withdraw.html", form=form, row=row)
    return answer, form.status if request.method == "POST" else 200
