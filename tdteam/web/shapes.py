"""Where places lie: points and boundaries imported as GeoJSON with a dry run and an undo, or a point typed by hand."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import import_shapes as verbs
from tdteam.domain.errors import Flaw, NotFound, Refused
from tdteam.domain.maps import parse_point
from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.domain.roles import Power
from tdteam.store import places, shapes, uploads
from tdteam.store.tables import Upload
from tdteam.web import coverage_asked
from tdteam.web.forms.imports import PlainForm
from tdteam.web.forms.shapes import PointForm, ShapeFileForm
from tdteam.web.gate import may, session
from tdteam.web.toasts import toast
from tdteam.web.words import say_flaw

pages = Blueprint("shapes", __name__, url_prefix="/shapes")


@pages.get("/")
def index() -> Any:
    """The communes of a place, or a commune's villages, with where they lie."""
    return _page(ShapeFileForm()), 200


def _page(form: ShapeFileForm) -> str:
    place, grounds, _asked = coverage_asked.chosen()
    level = Level.VILLAGE if place.level in (Level.COMMUNE, Level.VILLAGE) else Level.COMMUNE
    may_import = may(Power.KEEP_PLACES)
    return render_template(
        "shapes/index.html",
        place=place,
        grounds=grounds,
        lines=shapes.list_shapes(session(), place.id or 0, level, today()),
        is_village=level is Level.VILLAGE,
        writable=session().permits,
        form=form if may_import else None,
        uploads=uploads.list_uploads(session(), kinds=(verbs.KIND,)) if may_import else [],
    )


@pages.post("/file")
def send() -> Any:
    """Keep a file for its dry run."""
    form = ShapeFileForm()
    place, _grounds, _asked = coverage_asked.chosen()
    if form.validate():
        try:
            body, name = form.file.data.read(), form.file.data.filename or "x.geojson"
            upload = verbs.keep_file(session(), place.id or 0, body, name)
        except Refused as refused:
            form.put([Flaw("file", flaw.code, flaw.params) for flaw in refused.flaws])
        else:
            return redirect(url_for("shapes.show", upload_id=upload.id))
    return _page(form), form.status


def _upload(upload_id: int) -> Upload:
    upload = uploads.get_upload(session(), upload_id)
    if upload.kind != verbs.KIND:
        raise NotFound
    return upload


@pages.get("/<int:upload_id>")
def show(upload_id: int) -> Any:
    """The dry run: what would be stored of which place, a look at it, and what is wrong. Or what it did."""
    upload = _upload(upload_id)
    rows = verbs.read_kept(session(), upload)
    good = [row for row in rows if row.outline]
    return render_template(
        "shapes/show.html",
        upload=upload,
        good=good,
        bad=[(row, say_flaw(Flaw("", row.flaw))) for row in rows if row.flaw],
        svg=verbs.preview_svg(rows, _("The places of this file")),
        form=PlainForm(),
    )


@pages.post("/<int:upload_id>/confirm")
def confirm(upload_id: int) -> Any:
    """Store what the dry run showed."""
    _upload(upload_id)
    count = verbs.store_file(session(), upload_id)
    toast(
        _("%(count)s places now have a position.", count=count), url_for("shapes.undo", upload_id=upload_id)
    )
    return redirect(url_for("shapes.show", upload_id=upload_id))


@pages.post("/<int:upload_id>/undo")
def undo(upload_id: int) -> Any:
    """Put back what stood there before."""
    count = verbs.undo_file(session(), upload_id)
    flash(_("%(count)s places lie where they did before.", count=count), "ok")
    return redirect(url_for("shapes.show", upload_id=upload_id))


@pages.route("/places/<int:place_id>", methods=["GET", "POST"])
def point(place_id: int) -> Any:
    """A place's point, typed or pasted."""
    session().demand(place_id)
    place = places.get_place(session(), place_id)
    shape = shapes.find_shapes(session(), [place_id]).get(place_id)
    form = PointForm()
    if request.method == "POST" and form.validate():
        found = parse_point(form.at.data or "", "at")
        if isinstance(found, Flaw):
            form.put([found])
        else:
            verbs.set_point(session(), place_id, found)
            flash(_("The position is kept."), "ok")
            above = places.find_above(session(), place_id, Level.COMMUNE) or place
            shown = above if place.level == Level.VILLAGE else None
            return redirect(url_for("shapes.index", place=shown.id if shown else None))
    elif shape:
        form.at.data = f"{shape.latitude:.5f}, {shape.longitude:.5f}"
    answer = render_template("shapes/point.html", place=place, shape=shape, form=form)
    return answer, form.status if request.method == "POST" else 200
