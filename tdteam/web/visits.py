"""Visits at the desk: list, record, look, correct, void. Typed and sent visits meet the same judge."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import record_visit as verbs
from tdteam.domain.errors import NotFound
from tdteam.domain.ids import new_id
from tdteam.domain.periods import period_of, today
from tdteam.domain.roles import Power
from tdteam.domain.visits import draft_from_json
from tdteam.domain.vocabulary import RecordState
from tdteam.store import organisation, pickers, visit_lists
from tdteam.web import choices
from tdteam.web.exports import Kind, ListColumn, export
from tdteam.web.forms.base import blank_row
from tdteam.web.forms.fields import options, read_number
from tdteam.web.forms.visits import (
    CONTACTS,
    OUTSIDE,
    PLACES,
    AssistForm,
    VisitFilter,
    VisitForm,
    WhyForm,
    chosen_household,
)
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
    record_photos,
    take_out,
    version_of,
    without_names,
)

pages = Blueprint("visits", __name__, url_prefix="/visits")


def _filter() -> VisitFilter:
    form = without_names(VisitFilter())
    offer_places(form)
    form.team_id.choices = options(choices.team_choices(), _("All"))
    form.kind.choices = choices.kinds(_("All"))
    form.outcome.choices = options(choices.outcomes(), _("All"))
    form.period.choices = options(choices.periods(), _("All"))
    return form


NUMBERS, DAYS = ("area_id", "commune_id", "village_id", "team_id", "member_id"), ("since", "until")


@pages.get("/")
def index() -> Any:
    form = _filter()
    page = visit_lists.list_visits(
        session(),
        after=request.args.get("after"),
        before=request.args.get("before"),
        limit=page_size(),
        **filters_of(form, NUMBERS, DAYS),
    )
    if session().scope.names and page.rows:
        saw_names("visits")
    newer, older = cursor_links(page)
    return render_template(
        "visits/index.html",
        form=form,
        page=page,
        newer=newer,
        older=older,
        size=page_size(),
        names=session().scope.names,
        kind_names=cache(_kind_names),
        may_record=may(Power.RECORD),
        exports=export_links("visits.export"),
    )


def _kind_names(codes: tuple[str, ...]) -> str:
    known = choices.read_catalogue()
    return ", ".join(known.kind_name(code) for code in codes)


@pages.get("/export.<ending>")
def export_list(ending: str) -> Any:
    """The filtered list as a workbook or CSV."""
    form = _filter()
    columns = [
        ListColumn(_("Day"), Kind.DATE),
        ListColumn(_("Village")),
        ListColumn(_("Team")),
        ListColumn(_("Household")),
        ListColumn(_("Contact")),
        ListColumn(_("Helped with")),
        ListColumn(_("People"), Kind.INT),
        ListColumn(_("Come back on"), Kind.DATE),
        ListColumn(_("Minutes"), Kind.INT),
    ]
    contacts = dict(CONTACTS)
    rows = (
        (
            line.visited_on,
            line.village,
            line.team,
            line.household,
            str(contacts.get(line.contact, line.contact)),
            _kind_names(line.kinds),
            line.people,
            line.return_on,
            line.minutes,
        )
        for line in visit_lists.iterate_visits(session(), **filters_of(form, NUMBERS, DAYS))
    )
    return export(ending, "visits", _("Visits"), columns, rows)


def _offer(form: VisitForm, village_id: int, household_id: str | None) -> None:
    """Fill the form's selects for a village."""
    households = pickers.list_heads(session(), village_id)
    heads = [(row.id, f"{row.head} ({row.birth_year})" if row.birth_year else row.head) for row in households]
    form.household_id.choices = options([(OUTSIDE, _("Somebody outside the list")), *heads], _("Choose…"))
    teams = choices.team_choices(village_id)
    form.team_id.choices = options(teams)
    team_id = read_number(form.team_id.data or (teams[0][0] if teams else 0)) or 0
    form.member_ids.choices = options(
        organisation.member_names(session(), team_id, form.visited_on.data or today())
    )
    people = pickers.list_people(session(), household_id) if household_id else []
    for row in [entry.form for entry in form.assists]:
        _offer_row(row, people)


def _offer_row(row: AssistForm, people: list[tuple[str, str]]) -> None:
    row.kind.choices = choices.kinds(_("Choose…"))
    row.outcome.choices = options(choices.outcomes(), _("Choose…"))
    row.cause.choices = options(choices.causes(), _("Choose…"))
    row.resident_id.choices = options(people, _("Somebody outside the list"))
    row.filing.form.procedure.choices = options(choices.procedures(), _("Choose…"))


def _page(form: VisitForm, village: Any, visit: Any = None) -> Any:
    household_id = chosen_household(form.household_id.data)
    _offer(form, village.id, household_id)
    blank = blank_row(form.assists)
    _offer_row(blank, pickers.list_people(session(), household_id) if household_id else [])
    saw_names("households", village.id)
    answer = render_template(
        "visits/edit.html",
        form=form,
        blank=blank,
        village=village,
        villages=choices.villages(),
        visit=visit,
        rules=choices.kind_rules(),
        back=url_for("visits.show", visit_id=visit.id) if visit else url_for("visits.index"),
    )
    return answer, form.status if request.method == "POST" else 200


@pages.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """Record a visit; `village_id` and `household_id` may come along in the address."""
    form = VisitForm()
    village = pick_village(form.village_id.data if request.method == "POST" else None)
    if village is None:
        return render_template("visits/no_village.html")
    if request.method == "GET":
        form.id.data = new_id()
        form.village_id.data = str(village.id)
        form.household_id.data = request.args.get("household_id", "")
        form.visited_on.data = today()
        return _page(form, village)
    visit = put_down(form, draft_from_json, lambda draft: verbs.record_visit(session(), draft, actor()))
    if visit is None:
        return _page(form, village)
    flash(_("The visit is saved."), "ok")
    if "again" in request.form:
        return redirect(url_for("visits.new", village_id=village.id))
    return redirect(url_for("visits.show", visit_id=visit.id))


@pages.get("/<visit_id>")
def show(visit_id: str) -> Any:
    view = visit_lists.get_visit(session(), demand_id(visit_id))
    if session().scope.names and view.line.household_id:
        saw_names("visits", view.visit.village_id)
    is_current = view.visit.state == RecordState.CURRENT
    return render_template(
        "visits/show.html",
        view=view,
        visit=view.visit,
        line=view.line,
        catalogue=choices.read_catalogue(),
        places=dict(PLACES),
        may_change=may(Power.RECORD) and is_current,
        names=session().scope.names,
        photos=record_photos([one.id for one in view.versions]),
        may_record=may(Power.RECORD),
        own_period=period_of(view.line.visited_on, choices.start_day()).code,
    )


def _current(visit_id: str) -> visit_lists.VisitView:
    view = visit_lists.get_visit(session(), demand_id(visit_id))
    if view.visit.state != RecordState.CURRENT:
        raise NotFound
    return view


@pages.route("/<visit_id>/correct", methods=["GET", "POST"])
def correct(visit_id: str) -> Any:
    """A new version; the old one stays to be read."""
    view = _current(visit_id)
    village = pick_village(str(view.visit.village_id))
    if village is None:
        raise NotFound
    if request.method == "GET":
        return _page(_form_of(view), village, view.visit)
    form = VisitForm()
    made = put_down(
        form,
        draft_from_json,
        lambda draft: verbs.correct_visit(session(), visit_id, draft, version_of(form), actor()),
        overtaken=_("Somebody else corrected this visit meanwhile. Look at it again."),
    )
    if made is None:
        return _page(form, village, view.visit)
    flash(_("The correction is saved."), "ok")
    return redirect(url_for("visits.show", visit_id=made.id))


def _form_of(view: visit_lists.VisitView) -> VisitForm:
    """The form as a visit stands; the correction gets an id of its own."""
    visit = view.visit
    return VisitForm(
        formdata=None,
        id=new_id(),
        base_version=str(visit.version),
        village_id=str(visit.village_id),
        household_id=visit.household_id or OUTSIDE,
        team_id=str(visit.team_id),
        visited_on=visit.visited_on,
        place=visit.place,
        contact=visit.contact,
        minutes=visit.minutes,
        return_on=visit.return_on,
        note=visit.note,
        member_ids=[str(member_id) for member_id, _name in view.members],
        assists=[
            {
                "kind": one.kind,
                "outcome": one.outcome,
                "cause": one.cause or "",
                "people": one.people,
                "resident_id": one.resident_id or "",
                "filing": {"code": one.filing_code or "", "procedure": one.procedure or ""},
            }
            for one in view.assists
        ],
    )


@pages.route("/<visit_id>/void", methods=["GET", "POST"])
def void(visit_id: str) -> Any:
    """Take a visit out of the figures, with a reason; it stays to be read."""
    view = _current(visit_id)
    form = WhyForm()
    if take_out(form, lambda why: verbs.void_visit(session(), visit_id, why, actor())):
        flash(_("The visit is voided. It no longer counts."), "ok")
        return redirect(url_for("visits.show", visit_id=visit_id))
    answer = render_template("visits/void.html", form=form, view=view, line=view.line)
    return answer, form.status if request.method == "POST" else 200
