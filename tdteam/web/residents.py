"""Residents of a household: adding, correcting, what each has attained, leaving."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import keep_resident
from tdteam.domain.errors import Conflict, Flaw, Refused
from tdteam.domain.households import short_id
from tdteam.store import households, residents
from tdteam.store.tables import Resident
from tdteam.web.forms.clashes import clashes_of, settle
from tdteam.web.forms.households import ResidentEndForm, ResidentForm
from tdteam.web.gate import saw_names, session
from tdteam.web.records import demand_id, version_of
from tdteam.web.toasts import toast

pages = Blueprint("residents", __name__, url_prefix="/households")


@pages.app_template_global()
def resident_name(resident_id: str, name: str | None) -> str:
    """A resident's name for this reader, or a label that tells nobody's name."""
    return name or _("Resident %(id)s", id=short_id(resident_id))


def _rows(attained: dict[str, residents.Attained] | None = None) -> list[dict[str, Any]]:
    """A row for each thing a person can attain, filled with what is kept."""
    kept = attained or {}
    rows = []
    for code in residents.attainable(session()):
        one = kept.get(code)
        rows.append(
            {
                "indicator": code,
                "has": "yes" if one else ("no" if attained is not None else None),
                "on": one.on if one else None,
                "source": one.source if one else "",
            }
        )
    return rows


def _named(form: ResidentForm) -> ResidentForm:
    """Each row of what can be attained bears its words."""
    words = residents.attainable(session())
    for row in form.attained:
        row.form.has.label.text = words.get(row.form.indicator.data or "", row.form.indicator.data)
    return form


def _put(form: ResidentForm, flaws: tuple[Flaw, ...]) -> None:
    """Flaws of what was attained, moved to their rows on screen: only rows that say yes were sent."""
    rows = form.rows_said()
    moved = []
    for flaw in flaws:
        part = flaw.field.split(".")
        if part[0] == "attained" and len(part) == 3 and int(part[1]) < len(rows):
            flaw = replace(flaw, field=f"attained.{rows[int(part[1])]}.{part[2]}")
        moved.append(flaw)
    form.put(moved)


def _page(form: ResidentForm, household_id: str, row: Resident | None, **more: Any) -> Any:
    household = households.get_household(session(), household_id)
    clashes = more.get("clashes", [])
    return render_template(
        "households/resident.html",
        form=form,
        household=household,
        row=row,
        clashes=clashes,
    ), (409 if clashes else form.status)


@pages.route("/<household_id>/residents/new", methods=["GET", "POST"])
def new(household_id: str) -> Any:
    household = households.get_household(session(), demand_id(household_id))
    form = _named(ResidentForm(data={"attained": _rows()}))
    if form.validate_on_submit():
        try:
            keep_resident.create(session(), household.id, form.draft())
        except Refused as refused:
            _put(form, refused.flaws)
        else:
            flash(_("The resident is added."), "ok")
            if "more" in request.form:
                return redirect(url_for("residents.new", household_id=household.id))
            return redirect(url_for("households.show", household_id=household.id))
    return _page(form, household.id, None)


@pages.route("/<household_id>/residents/<resident_id>", methods=["GET", "POST"])
def edit(household_id: str, resident_id: str) -> Any:
    row = residents.get_resident(session(), demand_id(household_id), demand_id(resident_id))
    saw_names("households")
    kept = {one.indicator: one for one in residents.attained_by(session(), [row.id])[row.id]}
    values = {
        "base_version": row.version,
        "name": row.name,
        "birth_year": row.birth_year,
        "sex": row.sex,
        "attained": _rows(kept),
    }
    form, stored = _named(ResidentForm(data=values)), _named(ResidentForm(formdata=None, data=values))
    clashes: Any = []
    if form.validate_on_submit():
        settle(form, stored)
        try:
            keep_resident.change(session(), household_id, row.id, form.draft(), version_of(form))
        except Refused as refused:
            _put(form, refused.flaws)
        except Conflict:
            clashes = clashes_of(form, stored)
            form.base_version.data = row.version
        else:
            flash(_("The resident is saved."), "ok")
            return redirect(url_for("households.show", household_id=household_id))
    return _page(form, household_id, row, clashes=clashes)


@pages.route("/<household_id>/residents/<resident_id>/end", methods=["GET", "POST"])
def end(household_id: str, resident_id: str) -> Any:
    row = residents.get_resident(session(), demand_id(household_id), demand_id(resident_id))
    form = ResidentEndForm()
    if form.validate_on_submit():
        try:
            keep_resident.end(session(), household_id, row.id, form.why.data, form.ended_on.data)
        except Refused as refused:
            form.put(refused.flaws)
        else:
            undo = url_for("residents.reopen", household_id=household_id, resident_id=row.id)
            toast(_("The resident is no longer of this household."), undo)
            return redirect(url_for("households.show", household_id=household_id))
    return render_template("households/resident_end.html", form=form, row=row), form.status


@pages.post("/<household_id>/residents/<resident_id>/reopen")
def reopen(household_id: str, resident_id: str) -> Any:
    keep_resident.reopen(session(), demand_id(household_id), demand_id(resident_id))
    flash(_("The resident is of this household again."), "ok")
    return redirect(url_for("households.show", household_id=household_id))
