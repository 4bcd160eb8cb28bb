"""Imports of rosters: upload, look at the columns, dry run, confirm, undo. Nothing is written before the confirmation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import import_roster as verbs
from tdteam.actions.check_roster import read_layouts
from tdteam.domain.errors import Flaw, NotFound, Refused
from tdteam.domain.places import Level
from tdteam.domain.rosters.layout import SheetLayout, judge_layout, layout_from_data
from tdteam.domain.rosters.words import MEANINGS, Meaning, RosterKind
from tdteam.store import places, uploads
from tdteam.store.tables import Upload
from tdteam.web.forms.fields import options
from tdteam.web.forms.imports import PlainForm, UploadForm
from tdteam.web.gate import session
from tdteam.web.words import say_flaw

pages = Blueprint("imports", __name__, url_prefix="/imports")
SHOWN_BAD = 200


def _form() -> UploadForm:
    form = UploadForm()
    communes = places.list_reached(session(), Level.COMMUNE)
    own = [(c.id, c.name) for c in communes if c.id and session().permits(c.id)]
    form.place_id.choices = options(own)
    return form


@pages.route("/", methods=["GET", "POST"])
def index() -> Any:
    """The imports so far, and the form for the next."""
    form = _form()
    if request.method == "POST" and form.validate():
        try:
            upload = _take(form)
        except Refused as refused:
            form.put([Flaw("file", flaw.code, flaw.params) for flaw in refused.flaws])
        else:
            return redirect(url_for("imports.columns", upload_id=upload.id))
    lines = uploads.list_uploads(session())
    answer = render_template("imports/index.html", form=form, lines=lines)
    return answer, form.status if request.method == "POST" else 200


def _take(form: UploadForm) -> Upload:
    """Keep the file once it is known to be readable."""
    body = form.file.data.read()
    name = form.file.data.filename or "roster"
    place = str(form.place_id.data)
    if not place.isdecimal():
        raise NotFound
    layouts = read_layouts(body, name)
    return verbs.keep_upload(session(), int(place), name, body, layouts)


def _layouts(upload: Upload) -> list[SheetLayout]:
    return [layout_from_data(data) for data in (upload.layout or {}).get("sheets", [])]


def _body(upload: Upload) -> bytes:
    body = uploads.find_body(session(), upload.id or 0)
    if body is None:
        raise NotFound
    return body


@pages.route("/<int:upload_id>/columns", methods=["GET", "POST"])
def columns(upload_id: int) -> Any:
    """What each column was taken for, to be corrected."""
    upload = uploads.get_upload(session(), upload_id)
    if upload.state not in ("uploaded", "checked"):
        return redirect(url_for("imports.show", upload_id=upload_id))
    layouts = _layouts(upload)
    form, wrong = PlainForm(), []
    if request.method == "POST" and form.validate():
        layouts = [_corrected(layout, place) for place, layout in enumerate(layouts)]
        wrong = [(layout.sheet, say_flaw(flaw)) for layout in layouts for flaw in judge_layout(layout)]
        if not any(layout.kind for layout in layouts):
            wrong.append(("", _("Choose at least one sheet to read.")))
        upload.layout = {"sheets": [layout.to_data() for layout in layouts]}
        session().add(upload)
        if not wrong:
            return redirect(url_for("imports.show", upload_id=upload_id))
    samples = read_layouts(_body(upload), upload.file_name)
    answer = render_template(
        "imports/columns.html",
        upload=upload,
        layouts=list(zip(layouts, [one.samples for one in samples], strict=True)),
        meanings={kind: [one for one in Meaning if one in known] for kind, known in MEANINGS.items()},
        wrong=wrong,
    )
    return answer, 422 if wrong else 200


def _corrected(layout: SheetLayout, place: int) -> SheetLayout:
    """A sheet's layout as the page says it; what the page does not say stays."""
    kind = request.form.get(f"kind-{place}", "")
    layout.kind = RosterKind(kind) if kind in set(RosterKind) else None
    layout.commune = request.form.get(f"commune-{place}", layout.commune)[:200]
    known = MEANINGS.get(layout.kind, ()) if layout.kind else ()
    for column in list(layout.columns):
        asked = request.form.get(f"column-{place}-{column}", "")
        match = next((meaning for meaning in known if str(meaning) == asked), None)
        if match is not None:
            layout.columns[column] = match
    return layout


@pages.get("/<int:upload_id>")
def show(upload_id: int) -> Any:
    """The dry run: what the file would add, change and leave, and what is wrong with it. Or what it did."""
    upload = uploads.get_upload(session(), upload_id)
    if upload.state in ("done", "undone"):
        return render_template("imports/done.html", upload=upload, counts=upload.outcome or {})
    checked = _check(upload)
    return render_template(
        "imports/check.html",
        upload=upload,
        counts=checked.counts,
        bad=[
            (cell, say_flaw(Flaw(cell.field, cell.code, dict(cell.params))))
            for cell in checked.bad[:SHOWN_BAD]
        ],
        warnings=[
            (cell, say_flaw(Flaw(cell.field, cell.code, dict(cell.params))))
            for cell in checked.warnings[:SHOWN_BAD]
        ],
        left_out=[layout for layout in checked.layouts if layout.kind is None],
        earlier=uploads.find_done_before(session(), upload),
    )


def _check(upload: Upload) -> Any:
    return verbs.check_upload(session(), upload)


@pages.post("/<int:upload_id>/confirm")
def confirm(upload_id: int) -> Any:
    """Read and plan once more, in the transaction that writes, and do it."""
    verbs.do_upload(session(), upload_id)
    flash(_("The roster is imported."), "ok")
    return redirect(url_for("imports.show", upload_id=upload_id))


@pages.post("/<int:upload_id>/undo")
def undo(upload_id: int) -> Any:
    """Take the import back."""
    verbs.undo_upload(session(), upload_id)
    flash(_("The import is undone."), "ok")
    return redirect(url_for("imports.show", upload_id=upload_id))
