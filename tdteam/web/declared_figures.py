"""Figures that agencies counted for a commune or a village: police, portal, health station. Each with source and day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import declare
from tdteam.domain.declared import DeclaredDraft
from tdteam.domain.errors import NotFound, Refused
from tdteam.domain.indicators import Indicator, pair
from tdteam.domain.periods import Period, today
from tdteam.domain.places import Level
from tdteam.domain.report_facts import SECTIONS
from tdteam.domain.shares import Value
from tdteam.domain.vocabulary import Nature
from tdteam.store import declared, indicators, places
from tdteam.store.tables import Declared, Place
from tdteam.web import choices
from tdteam.web.declared import keep, the_period, the_place
from tdteam.web.formats import as_period
from tdteam.web.forms.declared import FigureForm
from tdteam.web.forms.fields import options
from tdteam.web.forms.imports import PlainForm
from tdteam.web.frame import here
from tdteam.web.gate import actor, session
from tdteam.web.states import N_

pages = Blueprint("declared_figures", __name__, url_prefix="/declared/figures")
SECTION_NAMES = {
    "outreach": N_("Outreach"),
    "government": N_("Digital government"),
    "economy": N_("Digital economy"),
    "society": N_("Digital society"),
}


@dataclass(frozen=True)
class Told:
    """A declared figure as the page shows it."""

    row: Declared
    value: Value
    place: str


@dataclass(frozen=True)
class Line:
    """An indicator with what is declared of the place itself, and how many villages have figures of their own."""

    indicator: Indicator
    told: tuple[Told, ...]
    villages: int


def _indicators() -> list[Indicator]:
    return [one for one in indicators.list_indicators(session()) if one.is_places]


def _indicator(code: str) -> Indicator:
    found = next((one for one in _indicators() if one.code == code), None)
    if found is None:
        raise NotFound
    return found


@pages.get("/")
def index() -> str:
    """Every indicator that places may declare, with the newest word on it up to the end of a period."""
    place, grounds = the_place()
    period = the_period()
    rows = declared.list_of_places(session(), place.id or 0, period, today())
    groups: dict[str, list[Line]] = {section: [] for section in SECTIONS}
    for one in _indicators():
        groups.setdefault(one.section, []).append(_line(one, place, rows))
    return render_template(
        "declared/figures.html",
        place=place,
        grounds=grounds,
        groups={section: lines for section, lines in groups.items() if lines},
        section_names=SECTION_NAMES,
        period=period,
        before=period.plus(-1),
        after=period.plus(1) if period < choices.this_period() else None,
        period_url=lambda code: here(period=code),
    )


def _line(one: Indicator, place: Place, rows: Sequence[Declared]) -> Line:
    own = [row for row in rows if row.indicator == one.code]
    told = tuple(
        Told(row, pair(one, row.part, row.whole), place.name) for row in own if row.place_id == place.id
    )
    return Line(one, told, len({row.place_id for row in own} - {place.id}))


@pages.route("/<code>/new", methods=["GET", "POST"])
def new(code: str) -> Any:
    """Declare a figure of one indicator; a second word of the same source supersedes the first."""
    one = _indicator(code)
    place, _grounds = the_place()
    form = FigureForm()
    _offer(form, place)
    if request.method == "GET":
        form.place_id.data = str(place.id)
        form.period.data = the_period().code
        form.received_on.data = today()
    elif form.validate():
        try:
            declare.declare(session(), _draft(form, one), actor())
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("The figure is noted."), "ok")
            return redirect(url_for("declared_figures.index", place=place.id, period=the_period().code))
    answer = render_template(
        "declared/figure.html",
        form=form,
        one=one,
        place=place,
        is_stock=one.nature is Nature.STOCK,
        sources=declared.list_sources(session(), place.id or 0),
        back=url_for("declared_figures.index", place=place.id, period=the_period().code),
    )
    return answer, form.status if request.method == "POST" else 200


def _offer(form: FigureForm, place: Place) -> None:
    villages = places.list_inside(session(), place.id or 0, Level.VILLAGE, today())
    form.place_id.choices = options(
        [(place.id, place.name), *((v.id, v.label) for v in villages if v.id != place.id)]
    )
    form.period.choices = options(choices.periods())


def _draft(form: FigureForm, one: Indicator) -> DeclaredDraft:
    """What was typed. A foreign place is not found; a scan is kept at once, and only named here."""
    is_stock = one.nature is Nature.STOCK
    place_id = str(form.place_id.data or "")
    if not place_id.isdecimal() or len(place_id) > 9:
        raise NotFound
    scan = form.scan.data
    name, sha256 = keep(scan.read(), scan.filename) if scan and scan.filename else ("", None)
    return DeclaredDraft(
        place_id=int(place_id),
        indicator=one.code,
        part=form.part.data,
        whole=form.whole.data if one.has_whole else None,
        period=None if is_stock else form.period.data or None,
        as_of=form.as_of.data if is_stock else None,
        source=form.source.data or "",
        sender=form.sender.data or "",
        received_on=form.received_on.data,
        note=form.note.data or "",
        scan_name=name,
        scan_sha256=sha256,
    )


@pages.get("/<code>")
def show(code: str) -> str:
    """The history of an indicator: every word on it, those in force and those superseded."""
    one = _indicator(code)
    place, _grounds = the_place()
    versions = declared.list_history(session(), place.id or 0, code, today())
    return render_template(
        "declared/figure_history.html",
        one=one,
        place=place,
        versions=[(version, pair(one, version.row.part, version.row.whole)) for version in versions],
        period_of=_period_words,
        form=PlainForm(),
        back=url_for("declared_figures.index", place=place.id),
    )


def _period_words(row: Declared) -> Period | None:
    return as_period(row.period, choices.start_day()) if row.period else None


@pages.post("/withdraw/<int:declared_id>")
def withdraw(declared_id: int) -> Any:
    """Take a figure back; it stays in the history."""
    row = declared.get_declared(session(), declared_id)
    if row.team_id is not None:
        raise NotFound
    declare.withdraw(session(), row, actor())
    flash(_("The figure is withdrawn. It stays in the history."), "ok")
    return redirect(url_for("declared_figures.show", code=row.indicator))
