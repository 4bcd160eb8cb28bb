"""Places: the tree of units on a day, and a unit with its decree, predecessors, villages and teams. Read only here, but
for other spellings of names."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from tdteam.actions import keep_spelling
from tdteam.domain.errors import Refused
from tdteam.domain.periods import today
from tdteam.domain.places import ALWAYS, REFORM, Level
from tdteam.domain.roles import Power
from tdteam.store import place_tree, places
from tdteam.store.tables import Place
from tdteam.web.forms.places import AliasForm, TreeFilter
from tdteam.web.gate import may, session
from tdteam.web.history import acts_on
from tdteam.web.states import N_
from tdteam.web.village_view import village_part

pages = Blueprint("places", __name__, url_prefix="/places")
KINDS = {
    "province": N_("Province"),
    "district": N_("District"),
    "town": N_("Town"),
    "city": N_("City"),
    "area": N_("Area"),
    "commune": N_("Commune (xa)"),
    "ward": N_("Ward"),
    "township": N_("Township"),
    "thon": N_("Village (thon)"),
    "ban": N_("Village (ban)"),
    "tdp": N_("Neighbourhood"),
}


@pages.app_template_global()
def kind_of_place(code: str) -> str:
    """A kind of unit in words."""
    return str(_(KINDS[code]))


@pages.get("/")
def index() -> Any:
    """The units as they are, or as they were on a day."""
    form = TreeFilter(on=today())
    form.validate()
    day = form.on.data or today()
    tree = place_tree.read_tree(session(), day)
    return render_template("places/index.html", form=form, day=day, tree=tree, today=today(), reform=REFORM)


@pages.get("/<int:place_id>")
def show(place_id: int) -> Any:
    return _page(places.get_place(session(), place_id), AliasForm(formdata=None))


@pages.post("/<int:place_id>/aliases")
def add_alias(place_id: int) -> Any:
    """Add another spelling of a unit's name."""
    place = places.get_place(session(), place_id)
    form = AliasForm()
    if form.validate():
        try:
            keep_spelling.add(session(), place_id, form.name.data or "")
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("The spelling is added."), "ok")
            return redirect(url_for("places.show", place_id=place_id))
    return _page(place, form), 422


def _page(place: Place, form: AliasForm) -> str:
    return render_template(
        "places/show.html",
        form=form,
        place=place,
        view=place_tree.read_place(session(), place, today()),
        always=ALWAYS,
        is_village=place.level == Level.VILLAGE,
        part=village_part(place) if place.level == Level.VILLAGE else None,
        may_models=may(Power.KEEP_MODELS) and session().permits(place.id or 0),
        may_keep=may(Power.KEEP_PLACES),
        may_see_teams=may(Power.SEE_TEAMS),
        may_see_households=may(Power.SEE_HOUSEHOLDS),
        acts=acts_on(("place", place.id)) if may(Power.KEEP_PLACES) else [],
    )


@pages.post("/<int:place_id>/aliases/<int:alias_id>/drop")
def drop_alias(place_id: int, alias_id: int) -> Any:
    keep_spelling.drop(session(), place_id, alias_id)
    flash(_("The spelling is taken off."), "ok")
    return redirect(url_for("places.show", place_id=place_id))
