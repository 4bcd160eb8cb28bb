"""The catalogue, kept by the administrator: kinds of help, causes, procedures, indicators. Entries are retired, never deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import keep_catalogue as verbs
from tdteam.domain.errors import Flaw, NotFound, Refused
from tdteam.domain.vocabulary import Source
from tdteam.store import catalogue, indicators
from tdteam.web.choices import PILLARS
from tdteam.web.forms.catalogue import (
    NATURES,
    SECTION_CHOICES,
    CauseForm,
    EntryForm,
    IndicatorForm,
    KindForm,
    ProcedureForm,
)
from tdteam.web.forms.fields import options
from tdteam.web.gate import actor, session
from tdteam.web.states import N_

pages = Blueprint("catalogue", __name__, url_prefix="/catalogue")
NEW = "new"
PARTS = {
    "kinds": N_("Kinds of help"),
    "causes": N_("Causes"),
    "procedures": N_("Procedures"),
    "indicators": N_("Indicators"),
}


@pages.get("/")
def index() -> str:
    """One part of the catalogue as a list."""
    part = request.args.get("part", "kinds")
    if part not in PARTS:
        raise NotFound
    return render_template(
        f"catalogue/{part}.html",
        part=part,
        parts=PARTS,
        known=catalogue.read_catalogue(session()),
        indicators=indicators.list_indicators(session(), active=False) if part == "indicators" else [],
        sections=dict(SECTION_CHOICES),
        pillars=PILLARS,
        sorts=catalogue.sorts_of(session()),
    )


def _entry(form: EntryForm, part: str, code: str, keep: Callable[[str | None], None], **more: Any) -> Any:
    """The form of one entry, or of a new one (`code` new); a POST keeps it."""
    is_new = code == NEW
    if request.method == "POST" and form.validate():
        try:
            keep(None if is_new else code)
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("The catalogue is saved."), "ok")
            return redirect(url_for("catalogue.index", part=part))
    answer = render_template(
        "catalogue/entry.html",
        form=form,
        part=part,
        part_name=PARTS[part],
        code=None if is_new else code,
        back=url_for("catalogue.index", part=part),
        natures=dict(NATURES),
        **more,
    )
    return answer, form.status if request.method == "POST" else 200


@pages.route("/kinds/<code>", methods=["GET", "POST"])
def kind(code: str) -> Any:
    """A kind of help."""
    known = catalogue.read_catalogue(session()).kinds
    if code != NEW and code not in known:
        raise NotFound
    form = (
        KindForm()
        if request.method == "POST" or code == NEW
        else KindForm.of(known[code], _sort("kind", code))
    )

    def keep(own: str | None) -> None:
        verbs.keep_kind(session(), form.kind(own), form.sort.data, actor(), is_new=own is None)

    return _entry(form, "kinds", code, keep)


@pages.route("/causes/<code>", methods=["GET", "POST"])
def cause(code: str) -> Any:
    """Why an assist was not done."""
    known = catalogue.read_catalogue(session()).causes
    if code != NEW and code not in known:
        raise NotFound
    form = (
        CauseForm()
        if request.method == "POST" or code == NEW
        else CauseForm.of(known[code], _sort("cause", code))
    )

    def keep(own: str | None) -> None:
        verbs.keep_cause(session(), form.cause(own), form.sort.data, actor(), is_new=own is None)

    return _entry(form, "causes", code, keep)


@pages.route("/procedures/<code>", methods=["GET", "POST"])
def procedure(code: str) -> Any:
    """A public-service procedure."""
    known = catalogue.read_catalogue(session()).procedures
    if code != NEW and code not in known:
        raise NotFound
    is_fresh = request.method == "POST" or code == NEW
    form = ProcedureForm() if is_fresh else ProcedureForm.of(known[code], _sort("procedure", code))

    def keep(own: str | None) -> None:
        verbs.keep_procedure(session(), form.procedure(own), form.sort.data, actor(), is_new=own is None)

    return _entry(form, "procedures", code, keep)


@pages.route("/indicators/<code>", methods=["GET", "POST"])
def indicator(code: str) -> Any:
    """An indicator: a declared one is made here; of a counted one the words, the order and where it shows change."""
    known = {one.code: one for one in indicators.list_indicators(session(), active=False)}
    before = known.get(code)
    if code != NEW and before is None:
        raise NotFound
    form = IndicatorForm() if request.method == "POST" or before is None else IndicatorForm.of(before)
    counted = [(one.code, one.name) for one in known.values() if one.source is Source.COUNTED]
    form.beside.choices = options(counted, _("No other"))

    def keep(own: str | None) -> None:
        if own is None and not form.nature.data:
            raise Refused([Flaw("nature", "required")])
        verbs.keep_indicator(
            session(), form.indicator(before, own), form.sort.data, actor(), is_new=own is None
        )

    return _entry(
        form,
        "indicators",
        code,
        keep,
        before=before,
        is_counted=before is not None and before.source is Source.COUNTED,
    )


def _sort(noun: str, code: str) -> int:
    return catalogue.sorts_of(session())[noun][code]
