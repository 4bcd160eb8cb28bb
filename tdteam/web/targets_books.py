"""The grid of targets as a workbook: template, upload, dry run, confirm, undo."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import import_targets as verbs
from tdteam.actions.import_targets import TargetWords
from tdteam.domain.errors import Flaw, NotFound, Refused
from tdteam.store import uploads
from tdteam.store.tables import Upload
from tdteam.web.forms.declared import BookForm
from tdteam.web.gate import actor, session
from tdteam.web.sending import send_file
from tdteam.web.targets import span_words, the_place, the_span, written
from tdteam.web.toasts import toast
from tdteam.web.words import say_flaw

pages = Blueprint("targets_books", __name__, url_prefix="/targets/books")


@pages.get("/template.xlsx")
def template() -> Response:
    """The grid of a place and span as a workbook to fill in."""
    place, _grounds = the_place()
    span = the_span()
    grid = verbs.read_whole(session(), place, span, everything=request.args.get("columns") == "all")
    words = TargetWords(
        title=_("Targets, %(span)s, %(place)s", span=span_words(span), place=place.name),
        how=_(
            "Percents as 82,5; counts as whole numbers. An empty cell leaves the target as it stands, a dash (-) takes it away."
        ),
        place=_("Place"),
        count=_("count"),
    )
    book = verbs.draw_template(grid, words)
    return send_file(book.body, book.file_name)


@pages.route("/", methods=["GET", "POST"])
def index() -> Any:
    """The form to send a filled template, and those sent so far."""
    form = BookForm()
    if request.method == "POST" and form.validate():
        try:
            upload = verbs.keep_template(
                session(), form.file.data.read(), form.file.data.filename or "x.xlsx"
            )
        except Refused as refused:
            form.put([Flaw("file", flaw.code, flaw.params) for flaw in refused.flaws])
        else:
            return redirect(url_for("targets_books.show", upload_id=upload.id))
    place, _grounds = the_place()
    span = the_span()
    answer = render_template(
        "targets/books.html",
        form=form,
        place=place,
        span=span,
        span_words=span_words(span),
        lines=uploads.list_uploads(session(), kinds=(verbs.KIND,)),
    )
    return answer, form.status if request.method == "POST" else 200


@pages.get("/<int:upload_id>")
def show(upload_id: int) -> Any:
    """The dry run: each target that would change, and what is wrong with which cell. Or what it did."""
    upload = _upload(upload_id)
    if upload.state != "uploaded":
        return render_template("targets/book_done.html", upload=upload, told=upload.outcome or {})
    grid, reading = verbs.check_template(session(), upload)
    return render_template(
        "targets/book_check.html",
        upload=upload,
        grid=grid,
        span_words=span_words(grid.span),
        changes=reading.changes,
        flaws=[(cell, place, say_flaw(flaw)) for cell, place, flaw in reading.flaws],
        written=written,
    )


def _upload(upload_id: int) -> Upload:
    upload = uploads.get_upload(session(), upload_id)
    if upload.kind != verbs.KIND:
        raise NotFound
    return upload


@pages.post("/<int:upload_id>/confirm")
def confirm(upload_id: int) -> Any:
    """Read once more, in the transaction that writes, and set what the good cells say."""
    count = verbs.store_template(session(), _upload(upload_id), actor())
    toast(
        _("%(count)s targets changed by the file.", count=count),
        url_for("targets_books.undo", upload_id=upload_id),
    )
    return redirect(url_for("targets_books.show", upload_id=upload_id))


@pages.post("/<int:upload_id>/undo")
def undo(upload_id: int) -> Any:
    """Put back what stood before the file."""
    count = verbs.undo_template(session(), _upload(upload_id), actor())
    flash(_("%(count)s targets are as they were.", count=count), "ok")
    return redirect(url_for("targets_books.show", upload_id=upload_id))
