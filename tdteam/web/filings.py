"""Filings at the desk: list, record, look, change as they move on, void."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import record_filing as verbs
from tdteam.domain.errors import NotFound
from tdteam.domain.filings import code_looks_right, draft_from_json
from tdteam.domain.ids import new_id
from tdteam.domain.periods import today
from tdteam.domain.roles import Power
from tdteam.store import filing_lists, pickers
from tdteam.web import choices
from tdteam.web.exports import Kind, ListColumn, export
from tdteam.web.forms.fields import options
from tdteam.web.forms.filings import STATES, FilingFilter, FilingForm, said
from tdteam.web.forms.visits import WhyForm
from tdteam.web.gate import actor, may, saw_names, session
from tdteam.web.records import (
    cursor_links,
    demand_id,
    export_links,
    filters_of,
    offer_places,
    page_size,
    pick_village,
    put_down,
    take_out,
    version_of,
    without_names,
)

pages = Blueprint("filings", __name__, url_prefix="/filings")
NUMBERS = ("area_id", "commune_id", "village_id", "team_id")


def _filter() -> FilingFilter:
    form = without_names(FilingFilter())
    offer_places(form)
    form.team_id.choices = options(choices.team_choices(), _("All"))
    form.procedure.choices = options(choices.procedures(), _("All"))
    form.period.choices = options(choices.periods(), _("All"))
    return form


@pages.get("/")
def index() -> Any:
    form = _filter()
    page = filing_lists.list_filings(
        session(),
        after=request.args.get("after"),
        before=request.args.get("before"),
        limit=page_size(),
        **filters_of(form, NUMBERS),
    )
    if session().scope.names and page.rows:
        saw_names("filings")
    newer, older = cursor_links(page)
    return render_template(
        "filings/index.html",
        form=form,
        page=page,
        newer=newer,
        older=older,
        size=page_size(),
        names=session().scope.names,
        today=today(),
        may_record=may(Power.RECORD),
        exports=export_links("filings.export"),
    )


@pages.get("/export.<ending>")
def export_list(ending: str) -> Any:
    """The filtered list as a workbook or CSV."""
    states = dict(STATES)
    columns = [
        ListColumn(_("Filing code"), wide=30),
        ListColumn(_("Procedure"), wide=40),
        ListColumn(_("Village")),
        ListColumn(_("Team")),
        ListColumn(_("Household")),
        ListColumn(_("Submitted on"), Kind.DATE),
        ListColumn(_("Result promised for"), Kind.DATE),
        ListColumn(_("Result on"), Kind.DATE),
        ListColumn(_("Days"), Kind.INT),
        ListColumn(_("State")),
    ]
    rows = (
        (
            f.code,
            f.procedure,
            f.village,
            f.team,
            f.household,
            f.submitted_on,
            f.due_on,
            f.result_on,
            f.days,
            str(states.get(f.state, f.state)),
        )
        for f in filing_lists.iterate_filings(session(), **filters_of(_filter(), NUMBERS))
    )
    return export(ending, "filings", _("Filings"), columns, rows)


def _page(form: FilingForm, village: Any, filing: Any = None) -> Any:
    heads = pickers.list_heads(session(), village.id)
    form.household_id.choices = options([(h.id, h.head) for h in heads], _("Somebody outside the list"))
    form.team_id.choices = options(choices.team_choices(village.id))
    form.procedure.choices = options(choices.procedures(), _("Choose…"))
    if heads:
        saw_names("households", village.id)
    answer = render_template(
        "filings/edit.html",
        form=form,
        village=village,
        villages=choices.villages(),
        filing=filing,
        back=url_for("filings.show", filing_id=filing.id) if filing else url_for("filings.index"),
    )
    return answer, form.status if request.method == "POST" else 200


def _saved(form: FilingForm, words: str) -> None:
    flash(words, "ok")
    code = (form.code.data or "").strip()
    if code and not code_looks_right(code.upper()):
        flash(_("The code does not look like a filing code. Please compare it with the receipt."), "wait")


@pages.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """Record a filing; `village_id` and `household_id` may come along in the address."""
    form = FilingForm()
    village = pick_village(form.village_id.data if request.method == "POST" else None)
    if village is None:
        return render_template("visits/no_village.html")
    if request.method == "GET":
        form.id.data, form.village_id.data, form.submitted_on.data = new_id(), str(village.id), today()
        form.household_id.data = request.args.get("household_id", "")
        return _page(form, village)
    made = put_down(form, draft_from_json, lambda draft: verbs.record_filing(session(), draft, actor()))
    if made is None:
        return _page(form, village)
    _saved(form, _("The filing is saved."))
    return redirect(url_for("filings.show", filing_id=made.id))


@pages.get("/<filing_id>")
def show(filing_id: str) -> Any:
    view = filing_lists.get_filing(session(), demand_id(filing_id))
    if session().scope.names and view.line.household_id:
        saw_names("filings", view.filing.village_id)
    return render_template(
        "filings/show.html",
        view=view,
        filing=view.filing,
        line=view.line,
        states=dict(STATES),
        today=today(),
        may_change=may(Power.RECORD) and view.filing.voided_at is None,
        names=session().scope.names,
    )


def _alive(filing_id: str) -> filing_lists.FilingView:
    view = filing_lists.get_filing(session(), demand_id(filing_id))
    if view.filing.voided_at is not None:
        raise NotFound
    return view


@pages.route("/<filing_id>/change", methods=["GET", "POST"])
def change(filing_id: str) -> Any:
    """The filing as it moves on; what it said before is kept."""
    view = _alive(filing_id)
    village = pick_village(str(view.filing.village_id))
    if village is None:
        raise NotFound
    if request.method == "GET":
        return _page(_form_of(view), village, view.filing)
    form = FilingForm()
    changed = put_down(
        form,
        draft_from_json,
        lambda draft: verbs.change_filing(session(), filing_id, draft, version_of(form), actor()),
        overtaken=_("Somebody else changed this filing meanwhile. Look at it again."),
    )
    if changed is None:
        return _page(form, village, view.filing)
    _saved(form, _("The change is saved."))
    return redirect(url_for("filings.show", filing_id=filing_id))


def _form_of(view: filing_lists.FilingView) -> FilingForm:
    told = view.filing
    return FilingForm(
        formdata=None,
        id=told.id,
        base_version=str(told.version),
        village_id=str(told.village_id),
        household_id=told.household_id or "",
        team_id=str(told.team_id),
        code=told.code or "",
        procedure=told.procedure or "",
        submitted_on=told.submitted_on,
        mode=told.mode,
        fee_due=said(told.fee_due),
        paid_online=said(told.paid_online),
        due_on=told.due_on,
        state=told.state,
        result_on=told.result_on,
        electronic_result=said(told.electronic_result),
        note=told.note,
    )


@pages.route("/<filing_id>/void", methods=["GET", "POST"])
def void(filing_id: str) -> Any:
    """Take a filing out of the figures, with a reason."""
    view = _alive(filing_id)
    form = WhyForm()
    if take_out(form, lambda why: verbs.void_filing(session(), filing_id, why, actor())):
        flash(_("The filing is voided. It no longer counts."), "ok")
        return redirect(url_for("filings.show", filing_id=filing_id))
    answer = render_template("filings/void.html", form=form, line=view.line)
    return answer, form.status if request.method == "POST" else 200
