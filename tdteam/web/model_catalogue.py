"""Models of villages and their criteria, kept by the administrator; what ships with the program is a proposal to be edited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import keep_village_model as verbs
from tdteam.domain.errors import Flaw, NotFound, Refused
from tdteam.domain.village_models import Item
from tdteam.store import indicators, village_models
from tdteam.web.forms.fields import options
from tdteam.web.forms.village_models import ItemForm, ModelForm
from tdteam.web.gate import session

pages = Blueprint("model_catalogue", __name__, url_prefix="/catalogue/models")
NEW = "new"


def _shares() -> set[str]:
    return {one.code for one in indicators.list_indicators(session(), active=False) if one.unit == "%"}


@pages.get("/")
def index() -> Any:
    """The models with their criteria by group."""
    items = village_models.list_items(session(), active=False)
    return render_template(
        "village_models/catalogue.html",
        models=village_models.list_models(session(), active=False),
        items_of=lambda code: [one for one in items if one.model == code],
        indicator_names={
            one.code: one.short_name or one.name
            for one in indicators.list_indicators(session(), active=False)
        },
        shares=_shares(),
    )


def _entry(form: Any, code: str, keep: Callable[[str | None], None], **more: Any) -> Any:
    if request.method == "POST" and form.validate():
        try:
            keep(None if code == NEW else code)
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("The catalogue is saved."), "ok")
            return redirect(url_for("model_catalogue.index"))
    answer = render_template(
        "village_models/entry.html", form=form, code=None if code == NEW else code, **more
    )
    return answer, form.status if request.method == "POST" else 200


@pages.route("/<code>", methods=["GET", "POST"])
def model(code: str) -> Any:
    """A model."""
    known = {one.code: one for one in village_models.list_models(session(), active=False)}
    if code != NEW and code not in known:
        raise NotFound
    is_fresh = request.method == "POST" or code == NEW
    form = ModelForm() if is_fresh else ModelForm(obj=known[code])

    def keep(own: str | None) -> None:
        verbs.keep_model(session(), form.model(own), is_new=own is None)

    return _entry(form, code, keep, is_item=False)


@pages.route("/items/<code>", methods=["GET", "POST"])
def item(code: str) -> Any:
    """A criterion; a new one names its model in the address (`model`)."""
    known = {one.code: one for one in village_models.list_items(session(), active=False)}
    models = {one.code: one for one in village_models.list_models(session(), active=False)}
    of = known[code].model if code in known else request.args.get("model", "")
    if of not in models:
        raise NotFound
    is_fresh = request.method == "POST" or code == NEW
    form = ItemForm() if is_fresh else _filled(known[code])
    form.indicator.choices = options(
        [(one.code, one.name) for one in indicators.list_indicators(session())], _("None: people tick it")
    )

    def keep(own: str | None) -> None:
        try:
            made = form.item(own, of, _shares())
        except (ValueError, OverflowError) as odd:
            raise Refused([Flaw("at_least", "at_least_form")]) from odd
        verbs.keep_item(session(), made, is_new=own is None)

    return _entry(form, code, keep, is_item=True, model=models[of])


def _filled(one: Item) -> ItemForm:
    form = ItemForm(formdata=None, obj=one)
    form.indicator.data = one.indicator or ""
    form.at_least.data = bound_words(one, _shares())
    return form


def bound_words(one: Item, shares: set[str]) -> str:
    """What a criterion asks for as it is typed: per cent of a share, else a count."""
    if one.at_least is None:
        return ""
    if one.indicator not in shares:
        return str(one.at_least)
    return f"{one.at_least / 100:g}".replace(".", ",")


pages.add_app_template_global(bound_words)
