"""The grid of declared figures as a workbook: template, upload, dry run, confirm, undo."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import import_grid as verbs
from tdteam.actions.import_grid import GridWords
from tdteam.domain.declared_grid import column_name
from tdteam.domain.errors import Flaw, NotFound, Refused
from tdteam.domain.periods import Period, today
from tdteam.store import uploads
from tdteam.store.declared_grid import read_grid
from tdteam.store.tables import Place, Upload
from tdteam.web.declared import source_of, the_period, the_place
from tdteam.web.formats import day, month_year
from tdteam.web.forms.declared import BookForm
from tdteam.web.forms.imports import PlainForm
from tdteam.web.gate import actor, session
from tdteam.web.sending import send_file
from tdteam.web.toasts import toast
from tdteam.web.words import say_flaw

pages = Blueprint("declared_books", __name__, url_prefix="/declared/books")


def _words(place: Place, period: Period) -> GridWords:
    return GridWords(
        title=_("Figures of teams, month %(month)s, %(place)s", month=month_year(period), place=place.name),
        how=_(
            "From %(since)s to %(until)s. Fill the open cells with whole numbers; leave empty what was not told. 0 means none.",
            since=day(period.since),
            until=day(period.last_day),
        ),
        team=_("Team"),
        villages=_("Villages"),
        sender=_("Sender"),
        received=_("Received on (dd/mm/yyyy)"),
        note=_("Note"),
        wrong=_("Write a whole number, 0 or more."),
    )


@pages.get("/template.xlsx")
def template() -> Response:
    """The grid of a period as a workbook to fill in."""
    place, _grounds = the_place()
    period = the_period()
    grid = read_grid(session(), place, period, today(), everybody=request.args.get("teams") == "all")
    book = verbs.draw_template(grid, _words(place, period))
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
            return redirect(url_for("declared_books.show", upload_id=upload.id))
    answer = render_template(
        "declared/books.html",
        form=form,
        lines=uploads.list_uploads(session(), kinds=(verbs.KIND,)),
        period=the_period(),
    )
    return answer, form.status if request.method == "POST" else 200


@pages.get("/<int:upload_id>")
def show(upload_id: int) -> Any:
    """The dry run: each figure that would come in, and what is wrong with which cell. Or what it did."""
    upload = _upload(upload_id)
    if upload.state != "uploaded":
        return render_template("declared/book_done.html", upload=upload, told=upload.outcome or {})
    grid, reading = verbs.check_template(session(), upload)
    return render_template(
        "declared/book_check.html",
        upload=upload,
        grid=grid,
        reading=reading,
        flaws=[(cell, team, say_flaw(flaw)) for cell, team, flaw in reading.flaws],
        names={column.code: column_name(column) for column in grid.columns},
        form=PlainForm(),
    )


def _upload(upload_id: int) -> Upload:
    upload = uploads.get_upload(session(), upload_id)
    if upload.kind != verbs.KIND:
        raise NotFound
    return upload


@pages.post("/<int:upload_id>/confirm")
def confirm(upload_id: int) -> Any:
    """Read once more, in the transaction that writes, and store the good cells."""
    upload = _upload(upload_id)
    count = verbs.store_template(session(), upload, source_of, actor())
    toast(
        _("%(count)s figures came in from the file.", count=count),
        url_for("declared_books.undo", upload_id=upload_id),
    )
    return redirect(url_for("declared_books.show", upload_id=upload_id))


@pages.post("/<int:upload_id>/undo")
def undo(upload_id: int) -> Any:
    """Take back what the file brought."""
    count = verbs.undo_template(session(), _upload(upload_id), actor())
    flash(_("%(count)s figures are taken back.", count=count), "ok")
    return redirect(url_for("declared_books.show", upload_id=upload_id))
