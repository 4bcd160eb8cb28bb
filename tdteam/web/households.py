"""Households: the list, a household with its people and visits, adding, correcting, consent, ending."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import keep_household
from tdteam.domain.errors import Conflict, Refused
from tdteam.domain.households import short_id
from tdteam.domain.periods import today
from tdteam.domain.roles import Power
from tdteam.store import household_list, households, residents, village_names, visit_lists
from tdteam.store.history import find_account_name
from tdteam.store.household_list import HouseholdLine
from tdteam.store.tables import Household
from tdteam.web import choices
from tdteam.web.exports import Kind, ListColumn, export
from tdteam.web.forms.clashes import clashes_of, settle
from tdteam.web.forms.fields import options
from tdteam.web.forms.households import ConsentForm, EndForm, HouseholdFilter, HouseholdForm
from tdteam.web.gate import may, saw_names, session
from tdteam.web.history import acts_on
from tdteam.web.people import word_of
from tdteam.web.records import cursor_links, demand_id, export_links, page_size, version_of
from tdteam.web.teams import offer_places
from tdteam.web.toasts import toast

pages = Blueprint("households", __name__, url_prefix="/households")
VISITS_SHOWN = 20


@pages.app_template_global()
def household_name(household_id: str, head: str | None) -> str:
    """A household's name for this reader: its head, or a label that tells nobody's name."""
    return head or _("Household %(id)s", id=short_id(household_id))


def _filter() -> HouseholdFilter:
    form = HouseholdFilter()
    offer_places(form)
    return form


def _villages(form: HouseholdFilter) -> list[village_names.VillageName]:
    return village_names.list_village_names(session(), form.wanted().commune_id)


@pages.get("/")
def index() -> Any:
    form = _filter()
    wanted, villages = form.wanted(), _villages(form)
    can_sort = len(villages) <= household_list.BY_NAME_MOST
    order = "name" if form.order.data == "name" and can_sort else "village"
    page = household_list.list_households(
        session(),
        wanted,
        villages=villages,
        order=order,
        after=request.args.get("after"),
        before=request.args.get("before"),
        size=page_size(),
    )
    if session().scope.names and page.rows:
        saw_names("households")
    before, after = cursor_links(page)
    return render_template(
        "households/index.html",
        form=form,
        page=page,
        groups=_groups(page.rows) if order == "village" else [page.rows],
        order=order,
        can_sort=can_sort,
        count=household_list.count_households(session(), wanted, villages),
        most=household_list.COUNT_MOST,
        several=len({village.commune_id for village in villages}) > 1,
        newer=before,
        older=after,
        size=page_size(),
        may_keep=may(Power.KEEP_HOUSEHOLDS),
        may_import=may(Power.IMPORT),
        exports=export_links("households.export"),
    )


def _groups(rows: Sequence[HouseholdLine]) -> list[list[HouseholdLine]]:
    """Rows that follow each other in one village."""
    return [list(group) for _village, group in groupby(rows, key=lambda row: row.village_id)]


@pages.get("/export.<ending>")
def export_list(ending: str) -> Any:
    """The filtered list as a workbook or CSV; without names and phones for those who may not see them."""
    form = _filter()
    names = session().scope.names
    columns = [
        ListColumn(_("Commune"), wide=20),
        ListColumn(_("Village"), wide=20),
        ListColumn(_("Household"), wide=28),
        ListColumn(_("Kind"), wide=16),
        *([ListColumn(_("Birth year"), wide=10), ListColumn(_("Phone"), wide=14)] if names else []),
        ListColumn(_("People"), Kind.INT),
        ListColumn(_("of these, 14 and over"), Kind.INT),
        ListColumn(_("of these, with level 2"), Kind.INT),
        ListColumn(_("Poverty"), wide=14),
        ListColumn(_("Smartphone"), wide=12),
        ListColumn(_("Consent"), wide=14),
        ListColumn(_("Last visit"), Kind.DATE),
        ListColumn(_("No longer counted since"), Kind.DATE),
    ]
    lines = household_list.every_line(session(), form.wanted(), _villages(form))
    return export(ending, "households", _("Households"), columns, _rows(lines, names))


def _rows(lines: Iterator[HouseholdLine], names: bool) -> Iterator[tuple[object, ...]]:
    for line in lines:
        yield (
            line.commune,
            line.village,
            household_name(line.id, line.head),
            word_of("subject", line.kind),
            *((str(line.birth_year or ""), line.phone) if names else ()),
            line.people,
            line.adults,
            line.eid2,
            word_of("poverty", line.poverty),
            _said(line.smartphone, _("Has"), _("Has not")),
            _said(line.consent, _("Agrees"), _("Does not agree")),
            line.visited_on,
            line.ended_on,
        )


def _said(value: bool | None, yes: str, no: str) -> str:
    return "" if value is None else yes if value else no


@pages.get("/<household_id>")
def show(household_id: str) -> Any:
    row = households.get_household(session(), demand_id(household_id))
    if session().scope.names:
        saw_names("households")
    people = residents.list_residents(session(), row.id, today(), ended=True)
    visits = visit_lists.list_visits(session(), household_id=row.id, limit=VISITS_SHOWN)
    return render_template(
        "households/show.html",
        row=row,
        line=households.line_of(session(), row),
        names=session().scope.names,
        people=[one for one in people if one.ended_on is None],
        gone=[one for one in people if one.ended_on is not None],
        attainable=residents.attainable(session()),
        visits=visits if may(Power.SEE_VISITS) else None,
        catalogue=choices.read_catalogue(),
        consent_by=find_account_name(session(), row.consent_by),
        acts=acts_on(("household", row.id), *(("resident", one.id) for one in people)),
        may_keep=may(Power.KEEP_HOUSEHOLDS),
        may_record=may(Power.RECORD),
    )


def _offer(form: HouseholdForm, row: Household | None = None) -> HouseholdForm:
    offered = choices.village_choices()
    if row and str(row.village_id) not in {code for code, _label in offered}:
        offered = [(str(row.village_id), households.line_of(session(), row).village), *offered]
    form.village_id.choices = options(offered, _("Choose a village") if len(offered) > 1 else None)
    return form


@pages.route("/new", methods=["GET", "POST"])
def new() -> Any:
    form = _offer(HouseholdForm(data={"village_id": request.args.get("village_id"), "kind": "household"}))
    twins: list[HouseholdLine] = []
    if form.validate_on_submit():
        draft = form.draft().tidy()
        if draft.village_id and not form.is_other.data:
            session().demand(draft.village_id)
            twins = households.find_twins(session(), draft.village_id, draft.head, draft.birth_year)
        if not twins:
            try:
                consent = form.consent_draft() if form.was_asked() else None
                row = keep_household.create(session(), form.draft(), consent)
            except Refused as refused:
                form.put(refused.flaws)
            else:
                flash(_("The household is entered."), "ok")
                if "more" in request.form:
                    return redirect(url_for("households.new", village_id=row.village_id))
                return redirect(url_for("households.show", household_id=row.id))
    return _edited("households/edit.html", form, row=None, twins=twins)


def _edited(template: str, form: HouseholdForm, **more: Any) -> Any:
    values = {"twins": [], "clashes": [], **more}
    if values["twins"]:
        saw_names("households")
    status = 409 if values["clashes"] else 422 if values["twins"] else form.status
    return render_template(template, form=form, **values), status


def _values(row: Household) -> dict[str, Any]:
    return {
        "base_version": row.version,
        "village_id": str(row.village_id),
        "kind": row.kind,
        "head": row.head,
        "birth_year": row.birth_year,
        "phone": row.phone,
        "people": row.people,
        "adults": row.adults,
        "eid2": row.eid2,
        "poverty": row.poverty,
        "smartphone": {True: "yes", False: "no"}.get(row.smartphone) if row.smartphone is not None else None,
        "note": row.note,
    }


@pages.route("/<household_id>/edit", methods=["GET", "POST"])
def edit(household_id: str) -> Any:
    row = households.get_household(session(), demand_id(household_id))
    saw_names("households")
    values = _values(row)
    form = _offer(HouseholdForm(data=values), row)
    stored = _offer(HouseholdForm(formdata=None, data=values), row)
    twins: list[HouseholdLine] = []
    clashes: Any = []
    if form.validate_on_submit():
        settle(form, stored)
        draft = form.draft().tidy()
        is_renamed = (draft.village_id, draft.head, draft.birth_year) != (
            row.village_id,
            row.head,
            row.birth_year,
        )
        if is_renamed and draft.village_id and not form.is_other.data:
            session().demand(draft.village_id)
            twins = households.find_twins(
                session(), draft.village_id, draft.head, draft.birth_year, but=row.id
            )
        if not twins:
            try:
                keep_household.change(session(), row.id, form.draft(), version_of(form))
            except Refused as refused:
                form.put(refused.flaws)
            except Conflict:
                clashes = clashes_of(form, stored)
                form.base_version.data = row.version
            else:
                flash(_("The household is saved."), "ok")
                return redirect(url_for("households.show", household_id=row.id))
    has_list = bool(residents.list_residents(session(), row.id, today()))
    return _edited("households/edit.html", form, row=row, twins=twins, clashes=clashes, has_list=has_list)


@pages.route("/<household_id>/consent", methods=["GET", "POST"])
def consent(household_id: str) -> Any:
    """The household's word on its data; withdrawing is as easy as giving."""
    row = households.get_household(session(), demand_id(household_id))
    form = ConsentForm()
    if form.validate_on_submit():
        try:
            keep_household.give_consent(session(), row.id, form.consent_draft())
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("The household's word is noted."), "ok")
            return redirect(url_for("households.show", household_id=row.id))
    return render_template("households/consent.html", form=form, row=row), form.status


@pages.route("/<household_id>/end", methods=["GET", "POST"])
def end(household_id: str) -> Any:
    row = households.get_household(session(), demand_id(household_id))
    form = EndForm()
    if form.validate_on_submit():
        try:
            keep_household.end(session(), row.id, form.why.data, form.ended_on.data)
        except Refused as refused:
            form.put(refused.flaws)
        else:
            toast(_("The household is no longer counted."), url_for("households.reopen", household_id=row.id))
            return redirect(url_for("households.show", household_id=row.id))
    return render_template("households/end.html", form=form, row=row), form.status


@pages.post("/<household_id>/reopen")
def reopen(household_id: str) -> Any:
    keep_household.reopen(session(), demand_id(household_id))
    flash(_("The household is counted again."), "ok")
    return redirect(url_for("households.show", household_id=household_id))
