"""What villages have (culture house, public wifi, signal, fibre): one grid for all villages of a commune, or one line."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions.keep_sponsor import save_grounds
from tdteam.domain.errors import NotFound, Refused
from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.store import places, village_ground
from tdteam.store.places import VillageLine
from tdteam.store.tables import Place
from tdteam.web import choices
from tdteam.web.formats import day
from tdteam.web.forms.village_models import SIGNALS, YES_NO, GroundForm
from tdteam.web.gate import session

pages = Blueprint("village_ground", __name__, url_prefix="/village-ground")


def _lines(place: Place) -> list[VillageLine]:
    """The villages of a commune, or the village itself. NotFound for anything larger."""
    if place.level not in (Level.COMMUNE, Level.VILLAGE):
        raise NotFound
    session().demand(place.id or 0)
    return choices.villages(place.id)


@pages.route("/<int:place_id>", methods=["GET", "POST"])
def edit(place_id: int) -> Any:
    """The grid; all lines are saved at once, those that changed with the source and day of the form."""
    place = places.get_place(session(), place_id)
    lines = _lines(place)
    ids = [line.id for line in lines]
    if request.method == "GET":
        rows = village_ground.read_grounds(session(), ids)
        newest = max(rows.values(), key=lambda row: row.changed_at, default=None)
        return _page(place, lines, GroundForm.of(ids, rows, newest.source if newest else "", day(today())))
    form = GroundForm.posted(ids)
    if form.errors:
        return _page(place, lines, form), 422
    try:
        count = save_grounds(session(), place_id, form.drafts(), form.typed.get("source", ""), form.as_of)
    except Refused as refused:
        form.put(refused.flaws)
        return _page(place, lines, form), 422
    flash(_("Villages saved: %(num)s", num=count) if count else _("Nothing had changed."), "ok")
    return redirect(url_for("places.show", place_id=place_id))


def _page(place: Place, lines: list[VillageLine], form: GroundForm) -> str:
    return render_template(
        "village_ground/edit.html", place=place, lines=lines, form=form, yes_no=YES_NO, signals=SIGNALS
    )
